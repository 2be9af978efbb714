//! Mends what findings offer to mend: from a book to the same book with fewer findings.
//!
//! In: [`Sources`], and how far fixes are trusted. Out: [`Mended`], the pages that change. Nothing is written but by
//! [`write`](fn@write), which puts the pages on disk; [`unified`] and [`mail`](fn@mail) show them instead.
//!
//! 1. A pass takes, of each example, the fixes of the first kind that it has (`order`): a length is counted
//!    only when the payload's bytes are right. Fixes that touch each other wait for the next pass.
//! 2. The book is checked again. What gave an example more errors, or left the finding that it should mend, is taken
//!    back. Of several fixes to one example it is then tried which of them can stay.
//! 3. That goes on until nothing is left to mend, ten times at most.

mod diff;
mod mail;
mod write;

pub use diff::unified;
pub use mail::{Letter, mail};
pub use write::{WriteError, write};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::Config;
use crate::pipeline::{self, Memo};
use crate::report::{Diagnostic, Report, Rule, Severity, rules};
use crate::text::{Edit, Fix, FixLevel, Source, Sources, Span, edited};

/// Passes after which mending ends, whatever is left.
const PASSES: usize = 10;

/// A book, mended.
#[derive(Debug, Clone)]
pub struct Mended {
    /// The book as it is now.
    pub sources: Sources,
    /// The pages that changed, in the order of their paths.
    pub changes: Vec<Change>,
    /// How many fixes were made.
    pub count: usize,
}

/// A page before and after.
#[derive(Debug, Clone)]
pub struct Change {
    /// The page as it was loaded.
    pub before: Arc<Source>,
    /// The page as it should be.
    pub after: Arc<Source>,
}

/// Mends a book with the fixes up to `level`. `found` are the findings of whoever made `sources`; a page that is not
/// UTF-8 is left as it is, for its text here is not what is in the file.
pub fn mend(config: &Config, sources: &Sources, found: &[Diagnostic], level: FixLevel) -> Mended {
    let mut run = Run {
        config,
        found,
        level: level.min(FixLevel::Unsafe),
        memo: Memo::default(),
        refused: BTreeSet::new(),
        careful: BTreeSet::new(),
    };
    let mut now = State { sources: sources.clone(), report: run.check(sources) };
    let mut count = 0;
    for _ in 0..PASSES {
        let chosen = run.choose(&now);
        if chosen.is_empty() {
            break;
        }
        let (next, kept) = run.attempt(now, chosen);
        now = next;
        count += kept;
    }
    let pairs = sources.pages.values().zip(now.sources.pages.values());
    let pairs = pairs.filter(|(before, after)| before.text != after.text);
    let changes = pairs
        .map(|(before, after)| Change { before: Arc::clone(before), after: Arc::clone(after) })
        .collect();
    Mended { sources: now.sources, changes, count }
}

/// How many findings offer a fix of exactly this level that [`mend`] would try.
pub fn offered(report: &Report, level: FixLevel) -> usize {
    let unreadable = unreadable(report.diagnostics());
    let mendable = report.diagnostics().iter().filter(|diagnostic| {
        diagnostic.fix.as_ref().is_some_and(|fix| fix.level == level && !fix.edits.is_empty())
            && !unreadable.contains(diagnostic.path.as_str())
    });
    mendable.count()
}

/// An example, or what is on a page outside of examples: path, and headings above.
type Group = (String, Option<String>);

/// The fixes of a pass.
type Chosen = BTreeMap<Group, Vec<Diagnostic>>;

struct State {
    sources: Sources,
    report: Report,
}

struct Run<'a> {
    config: &'a Config,
    found: &'a [Diagnostic],
    level: FixLevel,
    memo: Memo,
    /// What was taken back: group, rule, message.
    refused: BTreeSet<(Group, &'static str, String)>,
    /// Groups of which one fix a pass is tried.
    careful: BTreeSet<Group>,
}

impl Run<'_> {
    fn check(&mut self, sources: &Sources) -> Report {
        pipeline::checked(self.config, sources, self.found.to_vec(), &mut self.memo).report.clone()
    }

    /// The fixes to make next.
    fn choose(&self, now: &State) -> Chosen {
        let unreadable = unreadable(self.found);
        let mut chosen: Chosen = BTreeMap::new();
        for diagnostic in now.report.diagnostics() {
            let page = now.sources.pages.get(&diagnostic.path);
            let fits =
                diagnostic.fix.as_ref().zip(page).is_some_and(|(fix, page)| {
                    fix.level <= self.level && is_sound(fix, &page.text)
                });
            let left = unreadable.contains(diagnostic.path.as_str())
                || self.refused.contains(&key(diagnostic));
            if fits && !left {
                chosen.entry(group(diagnostic)).or_default().push(diagnostic.clone());
            }
        }
        let mut taken: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        for (group, fixes) in &mut chosen {
            let first = fixes.iter().map(order).min().unwrap_or_default();
            fixes.retain(|diagnostic| order(diagnostic) == first);
            if self.careful.contains(group) {
                fixes.truncate(1);
            }
            let taken = taken.entry(group.0.clone()).or_default();
            fixes.retain(|diagnostic| {
                let spans: Vec<Span> = edits(diagnostic).iter().map(|edit| edit.span).collect();
                let free = !spans.iter().any(|span| taken.iter().any(|other| touch(*span, *other)));
                if free {
                    taken.extend(spans);
                }
                free
            });
        }
        chosen.retain(|_, fixes| !fixes.is_empty());
        chosen
    }

    /// Makes the fixes, takes back those that do harm, and tells how many stayed.
    fn attempt(&mut self, now: State, mut chosen: Chosen) -> (State, usize) {
        while !chosen.is_empty() {
            let sources = apply(&now.sources, &chosen);
            let report = self.check(&sources);
            let bad = harmful(&now.report, &report, &chosen);
            if bad.is_empty() {
                let kept = chosen.values().map(Vec::len).sum();
                return (State { sources, report }, kept);
            }
            for group in bad {
                match chosen.remove(&group).as_deref() {
                    Some([only]) => drop(self.refused.insert(key(only))),
                    Some(_) => drop(self.careful.insert(group)),
                    None => {}
                }
            }
        }
        (now, 0)
    }
}

/// The groups whose fixes made something worse, or not better.
fn harmful(before: &Report, after: &Report, chosen: &Chosen) -> BTreeSet<Group> {
    let (old, new) = (errors(before), errors(after));
    let mut bad = BTreeSet::new();
    for (group, count) in &new {
        if *count <= old.get(group).copied().unwrap_or_default() {
            continue;
        }
        if chosen.contains_key(group) {
            bad.insert(group.clone());
        } else {
            bad.extend(chosen.keys().filter(|(path, _)| *path == group.0).cloned());
        }
    }
    for (group, fixes) in chosen {
        let left = |diagnostic: &Diagnostic| {
            let wanted = key(diagnostic);
            let count = |report: &Report| {
                report.diagnostics().iter().filter(|other| key(other) == wanted).count()
            };
            count(after) >= count(before)
        };
        if fixes.iter().any(left) {
            bad.insert(group.clone());
        }
    }
    bad
}

fn errors(report: &Report) -> BTreeMap<Group, usize> {
    let mut errors = BTreeMap::new();
    for diagnostic in report.diagnostics() {
        if diagnostic.rule.severity == Severity::Error {
            *errors.entry(group(diagnostic)).or_default() += 1;
        }
    }
    errors
}

fn apply(sources: &Sources, chosen: &Chosen) -> Sources {
    let mut by_page: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
    for ((path, _), fixes) in chosen {
        let all = fixes.iter().flat_map(edits).cloned();
        by_page.entry(path).or_default().extend(all);
    }
    let mut sources = sources.clone();
    for (path, edits) in by_page {
        if let Some(page) = sources.pages.get_mut(path) {
            *page = Arc::new(Source::new(path, edited(&page.text, edits)));
        }
    }
    sources
}

/// Which fixes go first: blanks and marks of lines, how payloads are joined, lengths, hashes, transaction ids, the rest.
fn order(diagnostic: &Diagnostic) -> u8 {
    let is = |rules: &[&Rule]| rules.iter().any(|rule| rule.name == diagnostic.rule.name);
    let inserts = edits(diagnostic).iter().all(|edit| edit.span.is_empty());
    if is(&[&rules::LINE_PREFIX, &rules::CONTINUATION]) {
        return 0;
    }
    if is(&[&rules::PAYLOAD_LENGTH]) {
        return if inserts { 0 } else { 2 };
    }
    if is(&[&rules::PAYLOAD_CONVENTION]) {
        return 1;
    }
    if is(&[
        &rules::LOGIN_DIGEST,
        &rules::CHALLENGE_RESPONSE,
        &rules::SSO_RESPONSE,
        &rules::OBJECT_DIGEST,
        &rules::POLICY_CHECKSUM,
    ]) {
        return 3;
    }
    if is(&[&rules::TRID_MISMATCH, &rules::TRID_ORDER]) {
        return 4;
    }
    5
}

fn unreadable(found: &[Diagnostic]) -> BTreeSet<&str> {
    let unreadable = found.iter().filter(|found| found.rule.name == rules::ENCODING.name);
    unreadable.map(|found| found.path.as_str()).collect()
}

fn edits(diagnostic: &Diagnostic) -> &[Edit] {
    diagnostic.fix.as_ref().map_or(&[], |fix| fix.edits.as_slice())
}

fn group(diagnostic: &Diagnostic) -> Group {
    (diagnostic.path.clone(), diagnostic.example.clone())
}

fn key(diagnostic: &Diagnostic) -> (Group, &'static str, String) {
    (group(diagnostic), diagnostic.rule.name, diagnostic.message.clone())
}

/// True if the edits lie in the text, one behind the other, and change something.
fn is_sound(fix: &Fix, text: &str) -> bool {
    let ascending = fix.edits.is_sorted_by(|one, other| one.span.end <= other.span.start);
    let inside = fix.edits.iter().all(|edit| text.get(edit.span.range()).is_some());
    let changes = fix.edits.iter().any(|edit| edit.span.of(text) != edit.text);
    ascending && inside && changes
}

/// True for spans with nothing between them.
fn touch(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# A\n\n```msnp {version=8}\nC:  CHG 1 NLN 52\nS: CHG 1 NLN 52\n```\n";

    fn replacing(old: &str, new: &str) -> Diagnostic {
        let at = PAGE.find(old).unwrap();
        let edits = vec![Edit { span: Span::new(at, at + old.len()), text: new.to_owned() }];
        let rule = &rules::LINE_PREFIX;
        let mut diagnostic = Diagnostic::new(rule, "a.md", Span::new(at, at + 1), old);
        diagnostic.example = Some("A".to_owned());
        diagnostic.with_fix(Fix { level: FixLevel::Safe, edits })
    }

    #[test]
    fn a_fix_that_does_harm_is_taken_back_and_the_others_are_made() {
        let sources = Sources::from_pages([("a.md", PAGE)]);
        let config = Config::default();
        let mut run = Run {
            config: &config,
            found: &[],
            level: FixLevel::Safe,
            memo: Memo::default(),
            refused: BTreeSet::new(),
            careful: BTreeSet::new(),
        };
        let report = run.check(&sources);
        let good = report.diagnostics().iter().find(|found| found.fix.is_some()).cloned().unwrap();
        assert_eq!(good.rule.name, "line-prefix");
        let bad = replacing("S: CHG 1 NLN", "S: CHG x ???");
        let now = State { sources: sources.clone(), report };

        let chosen = Chosen::from([(group(&good), vec![good.clone(), bad.clone()])]);
        let (now, kept) = run.attempt(now, chosen);
        assert_eq!((kept, now.sources.pages["a.md"].text.as_str()), (0, PAGE));
        assert!(run.careful.contains(&group(&good)), "they are tried one by one");

        let (now, kept) = run.attempt(now, Chosen::from([(group(&bad), vec![bad.clone()])]));
        assert_eq!((kept, run.refused.contains(&key(&bad))), (0, true));

        let chosen = run.choose(&now);
        let (now, kept) = run.attempt(now, chosen);
        assert_eq!(kept, 1);
        assert_eq!(now.sources.pages["a.md"].text, PAGE.replace("C:  ", "C: "));
    }

    #[test]
    fn what_mends_nothing_is_taken_back() {
        let before = Report::new(vec![replacing("NLN", "AWY")]);
        let chosen =
            Chosen::from([(group(&replacing("NLN", "AWY")), before.diagnostics().to_vec())]);
        assert_eq!(harmful(&before, &before, &chosen).len(), 1);
        assert!(harmful(&before, &Report::default(), &chosen).is_empty());
    }

    #[test]
    fn edits_outside_of_the_text_or_across_each_other_are_unsound() {
        let fix = |spans: &[(usize, usize)]| {
            let edits = spans
                .iter()
                .map(|&(start, end)| Edit { span: Span::new(start, end), text: "x".to_owned() });
            Fix { level: FixLevel::Safe, edits: edits.collect() }
        };
        assert!(is_sound(&fix(&[(0, 1), (1, 2)]), "abé"));
        for wrong in [&[(0, 2), (1, 2)][..], &[(3, 4)], &[(9, 9)], &[]] {
            assert!(!is_sound(&fix(wrong), "abé"));
        }
    }
}
