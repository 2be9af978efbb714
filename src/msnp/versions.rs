//! Versions of an exchange: what each message allows, what the server chooses, what the author states.

use super::context::Claim;
use super::message::{self, Word};
use super::problem::Problem;
use super::wording;
use crate::grammar::{Command, Direction, ServerSet, Version, VersionSet};
use crate::report::rules;
use crate::text::Span;

/// A message that counts for the versions of its exchange.
pub(super) struct Legal<'g, 't> {
    /// Its command.
    pub(super) command: &'g Command,
    /// Who sent it.
    pub(super) direction: Direction,
    /// Servers of the forms it fits.
    pub(super) servers: ServerSet,
    /// Versions in which it is legal.
    pub(super) versions: VersionSet,
    /// Where it stands.
    pub(super) line: Span,
    /// Its words.
    pub(super) words: Vec<Word<'t>>,
}

/// The versions of an exchange so far.
pub(super) struct Agreement<'g, 't> {
    /// Versions that the author states.
    claim: Option<Claim>,
    /// The command that the page is about.
    subject: Option<&'g str>,
    /// Versions in which every message so far is legal.
    agreed: VersionSet,
    /// The version that the server chose, and where.
    chosen: Option<(Version, Span)>,
    legal: Vec<Legal<'g, 't>>,
}

impl<'g, 't> Agreement<'g, 't> {
    /// Nothing said yet.
    pub(super) fn new(claim: Option<Claim>, subject: Option<&'g str>) -> Self {
        Self { claim, subject, agreed: VersionSet::all(), chosen: None, legal: Vec::new() }
    }

    /// Versions in which every message so far is legal.
    pub(super) fn versions(&self) -> VersionSet {
        self.agreed
    }

    /// Versions that the example is about, if anything says so.
    pub(super) fn stated(&self) -> Option<VersionSet> {
        let chosen = self.chosen.map(|(version, _)| VersionSet::only(version));
        chosen.or(self.claim.map(|claim| claim.versions))
    }

    fn claimed(&self) -> VersionSet {
        self.claim.map_or(VersionSet::all(), |claim| claim.versions)
    }

    /// Versions in which a form has to hold for a message to be right where it stands.
    pub(super) fn scope(&self) -> VersionSet {
        self.chosen.map_or(self.claimed(), |(version, _)| VersionSet::only(version))
    }

    /// Takes a message in; a problem where it is legal only in other versions.
    pub(super) fn add(&mut self, legal: Legal<'g, 't>) -> Option<Problem> {
        let scope = self.scope();
        if legal.versions.intersection(scope).is_empty() {
            return Some(self.out_of_scope(&legal, scope));
        }
        let together = self.agreed.intersection(legal.versions);
        if together.is_empty() {
            return Some(self.never_together(&legal));
        }
        self.agreed = together;
        self.legal.push(legal);
        None
    }

    fn out_of_scope(&self, legal: &Legal<'_, '_>, scope: VersionSet) -> Problem {
        let why = legal.why_not(scope.first().unwrap_or(Version::FIRST));
        let name = &legal.command.name;
        let text = format!(
            "this `{name}` is legal in {}, but the example is about {scope}",
            legal.versions
        );
        let mut problem = Problem::new(&rules::WRONG_VERSION, wording::line(&legal.words), text)
            .here(format!("legal in {}", legal.versions))
            .help(why);
        problem.versions = names(scope);
        problem.about_claim = self.chosen.is_none();
        if let Some((version, span)) = self.chosen {
            problem = problem.label(span, format!("the server chooses {version} here"));
        }
        problem
    }

    fn never_together(&self, legal: &Legal<'_, '_>) -> Problem {
        let text = format!(
            "this `{}` is legal in {}, the lines before it in {}: never all together",
            legal.command.name, legal.versions, self.agreed
        );
        let problem = Problem::new(&rules::NO_COMMON_VERSION, legal.line, text)
            .help("write lines of one version, or two examples");
        let apart = |other: &&Legal<'_, '_>| other.versions.intersection(legal.versions).is_empty();
        match self.legal.iter().rev().find(apart) {
            Some(other) => problem.label(other.line, format!("legal in {}", other.versions)),
            None => problem,
        }
    }

    /// The server has chosen a version; a problem where the author states others.
    pub(super) fn choose(&mut self, version: Version, span: Span) -> Option<Problem> {
        let only = VersionSet::only(version);
        let claimed = self.claimed();
        if claimed.intersection(only).is_empty() {
            let text = format!("the server chooses {version}, but the example is about {claimed}");
            let mut problem = Problem::new(&rules::CLAIMS_DISAGREE, span, text)
                .help("offer and choose the version the example is about, or state another one");
            problem.about_claim = true;
            return Some(problem);
        }
        self.chosen = Some((version, span));
        let together = self.agreed.intersection(only);
        if together.is_empty() {
            // Another connection, of another version.
            self.legal.clear();
        }
        self.agreed = if together.is_empty() { only } else { together };
        None
    }

    /// The versions that the author states must be versions in which every message is legal; the problem names the
    /// first that is not.
    pub(super) fn hold_claim(&self) -> Option<Problem> {
        // A login shows one version of those that a hint names; versions stated of the example itself hold for each line.
        let claim = self.claim.filter(|claim| claim.strict || self.chosen.is_none())?;
        let broken = |legal: &Legal<'_, '_>| {
            let beyond = claim.versions.difference(legal.versions);
            // Whoever writes "since" does not say that the command never went, nor with "until" that it was always there.
            let lives = legal.command.sent_by(legal.direction);
            match claim.anchor {
                Some(anchor) if legal.versions.contains(anchor) => {
                    beyond.intersection(lives).first()
                }
                _ => beyond.first(),
            }
        };
        let first = self.legal.iter().filter_map(|legal| Some((broken(legal)?, legal)));
        let passing = |legal: &Legal<'_, '_>| {
            !claim.strict && self.subject.is_some_and(|subject| subject != legal.command.name)
        };
        let (version, legal) =
            first.min_by_key(|(version, legal)| (passing(legal), *version, legal.line.start))?;
        let anchored = claim.anchor.is_some_and(|anchor| legal.versions.contains(anchor));
        // A line that another command's page shows in passing may be of one version only.
        let rule =
            if anchored || passing(legal) { &rules::OPEN_CLAIM } else { &rules::VERSION_CLAIM };
        let text = format!(
            "this `{}` is legal in {}, but {} is stated: it breaks in {version}",
            legal.command.name, legal.versions, claim.versions
        );
        let mut problem = Problem::new(rule, legal.line, text)
            .here(format!("legal in {}", legal.versions))
            .help(legal.why_not(version))
            .help(format!("all lines of the example are legal in {}", self.agreed));
        problem.about_claim = true;
        problem.versions = names(claim.versions.difference(legal.versions));
        Some(problem)
    }
}

impl Legal<'_, '_> {
    /// Why the message is not legal in `version`, as a clause.
    fn why_not(&self, version: Version) -> String {
        let forms = self.command.forms.iter().filter(|form| {
            form.direction == self.direction
                && form.versions.contains(version)
                && form.variant.is_none()
                && !form.servers.intersection(self.servers).is_empty()
        });
        let nearest = forms
            .filter_map(|form| message::hold_form(form, &self.words).err())
            .min_by_key(|m| (std::cmp::Reverse(m.fitted), m.distance));
        wording::why_not(self.command, self.direction, version, nearest.as_ref(), &self.words)
    }
}

fn names(versions: VersionSet) -> Vec<String> {
    versions.iter().map(|version| version.to_string()).collect()
}
