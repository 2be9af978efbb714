//! What a series does to the wiki: the findings it introduces and fixes, and what it changes in the protocol, by patch and in all.
//!
//! The wiki before and after each patch goes through the same pipeline. Settings, and so the rules that are switched off, are those of
//! the tree before, whatever the patch says of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::diff::Kind;
use super::quarantine::Quarantine;
use super::repository::{self, Repository};
use super::tree::{self, Blobs, Changed, Listing};
use super::{
    Allowed, Book, Failure, Mail, Patch, Refusal, Remark, Scratch, Series, changes, policy,
};
use crate::check::Checked;
use crate::load::Loaded;
use crate::pipeline::{self, Memo};
use crate::report::{Diagnostic, Report, Severity, fingerprints};

/// Where the review takes place.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// A folder of the repository: the wiki's, or the one it lies in.
    pub folder: &'a Path,
    /// Name of the commit that the series is held against.
    pub base: &'a str,
    /// A temporary folder.
    pub scratch: &'a Scratch,
}

/// What changes from one tree to another.
#[derive(Debug, Clone, Default)]
pub struct Delta {
    /// Findings that are new, placed in the wiki after.
    pub introduced: Vec<Diagnostic>,
    /// Findings that are gone, placed in the wiki before.
    pub fixed: Vec<Diagnostic>,
    /// What changes in the protocol, a clause each.
    pub grammar: Vec<String>,
}

/// One patch of the series.
#[derive(Debug, Clone)]
pub struct PatchReview {
    /// The patch.
    pub patch: Patch,
    /// What it does.
    pub delta: Delta,
    /// Where its new findings stand, in the order of [`Delta::introduced`]: path, line.
    pub places: Vec<(String, usize)>,
    /// The tree that it makes.
    pub tree: String,
}

/// A series, held against a wiki.
#[derive(Debug, Clone)]
pub struct Review {
    /// The commit it was held against.
    pub base: String,
    /// Where the wiki lies.
    pub book: Book,
    /// Each patch.
    pub patches: Vec<PatchReview>,
    /// Title of the cover letter, and its mail; `None` for none.
    pub cover: Option<(String, Mail)>,
    /// The whole series.
    pub total: Delta,
    /// What a reader should know of the mails.
    pub remarks: Vec<Remark>,
    /// The wiki before.
    pub before: Loaded,
    /// The wiki after.
    pub after: Loaded,
    /// What is known of its examples, before and after.
    pub checked: (Arc<Checked>, Arc<Checked>),
}

impl Review {
    /// True if the series adds findings, or its mails are such, at or above a severity.
    pub fn fails(&self, least: Severity) -> bool {
        let introduced = self.total.introduced.iter().any(|found| found.rule.severity >= least);
        introduced || self.remarks.iter().any(|remark| remark.severity >= least)
    }

    /// The new findings as a report.
    pub fn introduced(&self) -> Report {
        Report::new(self.total.introduced.clone())
    }
}

/// The trees of a series, and the wikis in them.
struct Walk<'a> {
    quarantine: &'a Quarantine,
    blobs: Blobs,
    book: Book,
    listing: Listing,
    memo: Memo,
}

/// A wiki and what was found in it.
struct State {
    loaded: Loaded,
    checked: Arc<Checked>,
}

/// Holds a series against the wiki.
pub fn review(series: &Series, place: Place<'_>, allowed: &Allowed) -> Result<Review, Failure> {
    let home = place.scratch.home();
    let repository = repository::find(place.folder, &home)?;
    let base = repository.commit(place.base, &home)?;
    let quarantine = Quarantine::new(place.scratch, &repository)?;
    let listing = tree::list(&quarantine.git, &base)?;
    let mut blobs = Blobs::new(quarantine.git.clone());
    let book = repository::book(&repository.prefix, &listing, &mut blobs)?;
    said_policy(series, &book, allowed)?;
    let mut walk = Walk { quarantine: &quarantine, blobs, book, listing, memo: Memo::default() };
    let first = Rc::new(walk.state(None)?);
    let mut remarks = series.remarks.clone();
    remarks.extend(bases(series, &repository, &base, place.scratch)?);
    let trees = walk
        .trees(series, &base)
        .map_err(|failure| on_its_own_base(failure, series, &repository, &base, place.scratch))?;
    let (patches, last) = walk.compare(series, &first, &trees)?;
    let total = delta(&first, &last);
    remarks.extend(let_stand(&total));
    Ok(Review {
        base,
        book: walk.book,
        patches,
        cover: series.cover.clone(),
        total,
        remarks,
        before: first.loaded.clone(),
        after: last.loaded.clone(),
        checked: (first.checked.clone(), last.checked.clone()),
    })
}

/// The policy's look at what the diffs say.
fn said_policy(series: &Series, book: &Book, allowed: &Allowed) -> Result<(), Failure> {
    let diffs: Vec<_> = series.patches.iter().map(|patch| &patch.diff).collect();
    let mut refusals: Vec<Refusal> = series
        .patches
        .iter()
        .flat_map(|patch| policy::of_diff(patch.mail.number, &patch.diff, book, allowed))
        .collect();
    refusals.extend(policy::of_series(&diffs, book, allowed));
    if refusals.is_empty() { Ok(()) } else { Err(Failure::Refused(refusals)) }
}

impl Walk<'_> {
    fn state(&mut self, before: Option<&Loaded>) -> Result<State, Failure> {
        let loaded = tree::read(&self.listing, &self.book, &mut self.blobs, before)?;
        let found = loaded.diagnostics.clone();
        let checked = pipeline::checked(&loaded.config, &loaded.sources, found, &mut self.memo);
        Ok(State { loaded, checked })
    }

    /// Applies every patch, and lets the policy look at each tree: the trees, with what differs from the one before.
    fn trees(
        &mut self,
        series: &Series,
        base: &str,
    ) -> Result<Vec<(String, Vec<Changed>)>, Failure> {
        let git = &self.quarantine.git;
        let mut before = self.quarantine.begin(base)?;
        let mut listing = self.listing.clone();
        let mut trees = Vec::new();
        for patch in &series.patches {
            let number = patch.mail.number;
            let after = match self.quarantine.apply(number, &patch.diff)? {
                Ok(tree) => tree,
                Err(said) => {
                    let message = format!("`{}` does not apply", patch.title);
                    let help = "ask for a patch made on the newest commit of the wiki".to_owned();
                    return Err(Failure::Conflict { mail: number, message, said, help });
                }
            };
            let changed = tree::changed(git, &before, &after)?;
            let old = listing.clone();
            tree::apply(&mut listing, &changed);
            let mut refusals = policy::of_tree(number, &patch.diff, &changed, &listing);
            if refusals.is_empty() {
                refusals = self.of_texts(patch, &changed, &old, &listing)?;
            }
            if !refusals.is_empty() {
                return Err(Failure::Refused(refusals));
            }
            trees.push((after.clone(), changed));
            before = after;
        }
        Ok(trees)
    }

    /// The policy's look at the texts that one patch makes.
    fn of_texts(
        &mut self,
        patch: &Patch,
        changed: &[Changed],
        old: &Listing,
        new: &Listing,
    ) -> Result<Vec<Refusal>, Failure> {
        let number = patch.mail.number;
        let both = changed.iter().flat_map(|(_, old, new)| old.iter().chain(new));
        self.blobs.fetch(&both.map(|entry| entry.id.as_str()).collect::<Vec<_>>())?;
        let mut refusals = Vec::new();
        for (path, _, entry) in changed {
            let Some(entry) = entry else { continue };
            refusals.extend(policy::of_file(number, path, &self.blobs.get(&entry.id)?));
        }
        for file in &patch.diff.files {
            let mut text = |listing: &Listing, path: &str, is: bool| {
                let entry = listing.get(path).filter(|_| is);
                entry.map_or_else(|| Ok(Arc::from([])), |entry| self.blobs.get(&entry.id))
            };
            let before = text(old, &file.old, file.kind != Kind::Added)?;
            let after = text(new, &file.new, file.kind != Kind::Deleted)?;
            refusals.extend(policy::of_lines(number, file, &before, &after));
        }
        Ok(refusals)
    }

    /// Runs the wiki of every tree: what each patch does, and the wiki after the last.
    fn compare(
        &mut self,
        series: &Series,
        first: &Rc<State>,
        trees: &[(String, Vec<Changed>)],
    ) -> Result<(Vec<PatchReview>, Rc<State>), Failure> {
        let mut reviews = Vec::new();
        let mut before = Rc::clone(first);
        for (patch, (tree, changed)) in series.patches.iter().zip(trees) {
            tree::apply(&mut self.listing, changed);
            let after = Rc::new(self.state(Some(&before.loaded))?);
            let delta = delta(&before, &after);
            let places = after.places(&delta);
            reviews.push(PatchReview { patch: patch.clone(), delta, places, tree: tree.clone() });
            before = after;
        }
        Ok((reviews, before))
    }
}

impl State {
    /// Path and line of the findings that are new in it.
    fn places(&self, delta: &Delta) -> Vec<(String, usize)> {
        let files = self.loaded.files();
        let place = |found: &Diagnostic| {
            let file = files.find(&found.path);
            (file.shown_path(), file.positions(found.span).0.line)
        };
        delta.introduced.iter().map(place).collect()
    }

    /// Its findings by file.
    fn found(&self) -> BTreeMap<&str, &[Diagnostic]> {
        let runs = self.checked.report.diagnostics().chunk_by(|one, next| one.path == next.path);
        runs.filter_map(|run| Some((run.first()?.path.as_str(), run))).collect()
    }

    /// Findings about one file by fingerprint.
    fn printed(&self, found: &[Diagnostic]) -> BTreeMap<String, Diagnostic> {
        let report = Report::new(found.to_vec());
        let prints = fingerprints(&report, self.loaded.files());
        prints.into_iter().zip(report.diagnostics().iter().cloned()).collect()
    }
}

/// What differs between two wikis. Findings are the same where their fingerprints are, or where file, rule and words are.
fn delta(before: &State, after: &State) -> Delta {
    let (found_before, found_after) = (before.found(), after.found());
    let paths: BTreeSet<&str> = found_before.keys().chain(found_after.keys()).copied().collect();
    let (mut fixed, mut introduced) = (Vec::new(), Vec::new());
    for path in paths {
        let old = found_before.get(path).copied().unwrap_or_default();
        let new = found_after.get(path).copied().unwrap_or_default();
        let files = (before.loaded.files(), after.loaded.files());
        if old == new && files.0.find(path).text() == files.1.find(path).text() {
            continue;
        }
        let (old, new) = (before.printed(old), after.printed(new));
        let only = |some: &BTreeMap<String, Diagnostic>, others: &BTreeMap<String, Diagnostic>| {
            let some = some.iter().filter(|(print, _)| !others.contains_key(*print));
            some.map(|(_, found)| found.clone()).collect::<Vec<_>>()
        };
        fixed.extend(only(&old, &new));
        introduced.extend(only(&new, &old));
    }
    introduced.retain(|found| {
        let same = |other: &Diagnostic| {
            other.rule.name == found.rule.name
                && other.path == found.path
                && other.message == found.message
        };
        match fixed.iter().position(same) {
            Some(at) => {
                fixed.remove(at);
                false
            }
            None => true,
        }
    });
    Delta {
        introduced: Report::new(introduced).diagnostics().to_vec(),
        fixed: Report::new(fixed).diagnostics().to_vec(),
        grammar: changes::between(&before.checked, &after.checked),
    }
}

/// Says where the series asks for findings to be let stand: that hides what it breaks.
fn let_stand(total: &Delta) -> Option<Remark> {
    let rules: BTreeSet<&str> = total.introduced.iter().map(|found| found.rule.name).collect();
    rules.contains("allowed").then(|| Remark {
        mail: 0,
        name: "lets-stand",
        severity: Severity::Warning,
        message: "the series asks for findings to be let stand".to_owned(),
        help: "read the reasons that it gives: such findings are not counted",
    })
}

/// Says where a patch was made on a commit that is not the one at hand.
fn bases(
    series: &Series,
    repository: &Repository,
    head: &str,
    scratch: &Scratch,
) -> Result<Vec<Remark>, Failure> {
    let mut remarks = Vec::new();
    for patch in series.patches.iter().filter(|patch| !patch.diff.base.is_empty()) {
        let base = patch.diff.base.as_str();
        if base == head {
            continue;
        }
        let known = repository.is_ancestor(base, head, &scratch.home())?;
        let shown: String = base.chars().take(12).collect();
        let message = if known {
            format!("it was made on the older commit `{shown}`, and is held against the newest")
        } else if repository.shallow {
            format!("the commit `{shown}` that it was made on is not in this shallow clone")
        } else {
            format!("what it calls the commit it was made on, `{shown}`, is none of this branch")
        };
        let (mail, help) = (patch.mail.number, "");
        remarks.push(Remark { mail, name: "base", severity: Severity::Note, message, help });
    }
    Ok(remarks)
}

/// Adds to a conflict whether the series applies to the commit that it was made on.
fn on_its_own_base(
    failure: Failure,
    series: &Series,
    repository: &Repository,
    head: &str,
    scratch: &Scratch,
) -> Failure {
    let Failure::Conflict { mail, message, said, help } = failure else { return failure };
    let base =
        series.patches.iter().map(|patch| patch.diff.base.as_str()).find(|base| !base.is_empty());
    let known = base.filter(|base| {
        *base != head && repository.is_ancestor(base, head, &scratch.home()).unwrap_or(false)
    });
    let help = match known {
        Some(base) => {
            let shown: String = base.chars().take(12).collect();
            format!(
                "it was made on `{shown}`, which is older: ask for it anew, or look at it with `--base {shown}`"
            )
        }
        None => help,
    };
    Failure::Conflict { mail, message, said, help }
}
