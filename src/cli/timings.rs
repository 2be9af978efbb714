//! How long each stage of a run takes, as a table.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::progress::Stage;

/// The time that stages took, and the stage that is going on.
#[derive(Debug, Clone, Default)]
pub(super) struct Timings {
    spent: BTreeMap<Stage, Duration>,
    current: Option<(Stage, Instant)>,
}

impl Timings {
    /// A stage begins; the one before it is over.
    pub(super) fn begin(&mut self, stage: Stage, now: Instant) {
        self.end(now);
        self.current = Some((stage, now));
    }

    /// The stage that is going on is over.
    pub(super) fn end(&mut self, now: Instant) {
        if let Some((stage, began)) = self.current.take() {
            *self.spent.entry(stage).or_default() += now.saturating_duration_since(began);
        }
    }

    /// The stage that is going on, and when it began.
    pub(super) fn current(&self) -> Option<(Stage, Instant)> {
        self.current
    }

    /// A line for each stage that was, in order, and one for all of them: milliseconds, and the share of the whole.
    pub(super) fn table(&self) -> Vec<String> {
        let total: Duration = self.spent.values().sum();
        let rows = self.spent.iter().map(|(stage, spent)| (stage.name(), *spent));
        let rows = rows.chain([("total", total)]);
        let whole = total.as_secs_f64().max(f64::MIN_POSITIVE);
        let row = |(name, spent): (&str, Duration)| {
            let (milliseconds, share) = (spent.as_secs_f64() * 1e3, spent.as_secs_f64() / whole);
            format!("{name:<14} {milliseconds:>9.1} ms {:>5.1} %", share * 100.0)
        };
        rows.map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_stand_once_each_and_add_up() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let mut timings = Timings::default();
        timings.begin(Stage::Examples, at(0));
        timings.begin(Stage::Examples, at(100));
        timings.begin(Stage::Write, at(1500));
        assert_eq!(timings.current(), Some((Stage::Write, at(1500))));
        timings.end(at(2000));
        timings.end(at(9000));
        let rows = [
            "check examples    1500.0 ms  75.0 %",
            "make and write     500.0 ms  25.0 %",
            "total             2000.0 ms 100.0 %",
        ];
        assert_eq!(timings.table(), rows);
        assert_eq!(Timings::default().table(), ["total                0.0 ms   0.0 %"]);
    }
}
