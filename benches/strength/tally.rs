//! Counting what was caught, and showing it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::kinds::Kind;

/// What became of a mutant.
pub(crate) struct Outcome {
    pub(crate) kind: &'static str,
    /// A rule that found it.
    pub(crate) caught: Option<String>,
    /// Page and line.
    pub(crate) place: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// All outcomes.
pub(crate) struct Tally {
    kinds: Vec<&'static str>,
    outcomes: Vec<Outcome>,
}

/// Least share of all mutants that must be caught, in percent.
const LEAST: usize = 97;
/// Least share of each kind.
const LEAST_OF_KIND: usize = 90;
/// Fewer mutants in all are no measure.
const FEWEST: usize = 5000;

impl Tally {
    pub(crate) fn new(kinds: &[&Kind], outcomes: Vec<Outcome>) -> Self {
        Self { kinds: kinds.iter().map(|kind| kind.name).collect(), outcomes }
    }

    /// How many were caught, and how many there are, of a kind or of all.
    fn share(&self, kind: Option<&str>) -> (usize, usize) {
        let chosen = self.outcomes.iter().filter(|o| kind.is_none_or(|kind| o.kind == kind));
        chosen.fold((0, 0), |(caught, all), o| (caught + usize::from(o.caught.is_some()), all + 1))
    }

    /// True if enough was caught; `whole` if all kinds were tried, so that there must be enough mutants too.
    pub(crate) fn is_enough(&self, whole: bool) -> bool {
        let enough = |(caught, all): (usize, usize), least| caught * 100 >= all * least;
        let kinds = self.kinds.iter().map(|kind| self.share(Some(kind)));
        let each = kinds.into_iter().all(|share| share.1 > 0 && enough(share, LEAST_OF_KIND));
        let all = self.share(None);
        each && enough(all, LEAST) && (!whole || all.1 >= FEWEST)
    }

    /// The shares by kind, with the rules that caught most.
    pub(crate) fn table(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{:<24} {:>7} {:>7} {:>7}  found as",
            "kind", "mutants", "caught", "share"
        );
        for kind in &self.kinds {
            let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
            for outcome in self.outcomes.iter().filter(|outcome| outcome.kind == *kind) {
                *rules.entry(outcome.caught.as_deref().unwrap_or_default()).or_default() += 1;
            }
            rules.remove("");
            let mut rules: Vec<(&str, usize)> = rules.into_iter().collect();
            rules.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
            let names: Vec<&str> = rules.into_iter().take(3).map(|(name, _)| name).collect();
            self.row(&mut out, kind, Some(kind), &names.join(", "));
        }
        self.row(&mut out, "all", None, "");
        out
    }

    fn row(&self, out: &mut String, title: &str, kind: Option<&str>, rules: &str) {
        let (caught, all) = self.share(kind);
        let tenths = caught * 1000 / all.max(1);
        let share = format!("{}.{} %", tenths / 10, tenths % 10);
        let line = format!("{title:<24} {all:>7} {caught:>7} {share:>7}  {rules}");
        let _ = writeln!(out, "{}", line.trim_end());
    }

    /// What was not caught, a line each: kind, place, before and after.
    pub(crate) fn survivors(&self) -> String {
        let mut lines: Vec<String> = (self.outcomes.iter().filter(|o| o.caught.is_none()))
            .map(|o| format!("{}  {}\n    {}\n -> {}\n", o.kind, o.place, o.before, o.after))
            .collect();
        lines.sort();
        lines.concat()
    }
}
