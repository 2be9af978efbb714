//! A page with a mistake, checked again.

use std::collections::BTreeMap;
use std::sync::Arc;

use wirebook::book::{Book, Entry};
use wirebook::check::{self, Checked};
use wirebook::config::Config;
use wirebook::markdown;
use wirebook::report::Severity;
use wirebook::text::{Edit, Source, Span};

use crate::tally::Outcome;

/// Rules whose findings say nothing about the mistake: an example that announces a note and shows a mistake instead would be
/// found whatever the mistake is.
const NOT_COUNTED: &str = "unfulfilled-expectation";

/// A page in its book, and what is found on it as it is.
pub(crate) struct Trial {
    /// The book with this page alone, and the grammar of all of it.
    book: Book,
    entry: Entry,
    config: Config,
    before: BTreeMap<(String, String), usize>,
}

impl Trial {
    /// A page of the book.
    pub(crate) fn new(checked: &Checked, entry: &Entry) -> Self {
        let entry = entry.clone();
        let mut book = Book { diagnostics: Vec::new(), ..(*checked.book).clone() };
        book.entries.clear();
        let mut trial = Self { book, entry, config: Config::default(), before: BTreeMap::new() };
        trial.before = trial.findings(trial.text().to_owned());
        trial
    }

    /// The page as it is.
    pub(crate) fn text(&self) -> &str {
        &self.entry.source.text
    }

    /// Checks the page with another text.
    pub(crate) fn run(&self, kind: &'static str, mutant: &[Edit], text: String) -> Outcome {
        let place = mutant.iter().map(|edit| edit.span).min().unwrap_or_default();
        let (before, after) = self.lines(place, mutant, &text);
        let found = self.findings(text);
        let new = found.iter().find(|(finding, count)| {
            self.before.get(*finding).is_none_or(|known| known < *count) && finding.0 != NOT_COUNTED
        });
        Outcome {
            kind,
            caught: new.map(|((rule, _), _)| rule.clone()),
            place: format!(
                "{}:{}",
                self.entry.page.path,
                self.entry.source.position(place.start).line
            ),
            before,
            after,
        }
    }

    /// The lines that the edits touch, before and after.
    fn lines(&self, place: Span, mutant: &[Edit], text: &str) -> (String, String) {
        let source = &self.entry.source;
        let last = mutant.iter().map(|edit| edit.span.end).max().unwrap_or_default();
        let start = source.line_span(place.start).start as usize;
        let end = source.line_span(last).end as usize;
        let grown =
            (start + text.len()).checked_sub(start + source.text.len() - end).unwrap_or(end);
        let shown = |text: &str| text.replace('\n', "\u{21b5} ").chars().take(300).collect();
        let of = |text: &str, end| text.get(start..end).map(shown).unwrap_or_default();
        (of(&source.text, end), of(text, grown))
    }

    /// Errors and warnings of the page with this text, and how often each is there.
    fn findings(&self, text: String) -> BTreeMap<(String, String), usize> {
        let source = Arc::new(Source::new(self.entry.source.path.clone(), text));
        let page = Arc::new(markdown::parse(&source));
        let entry = Entry { page, source, ..self.entry.clone() };
        let entries = BTreeMap::from([(self.entry.page.path.clone(), entry)]);
        let book = Book { entries, ..self.book.clone() };
        let checked =
            check::check(Arc::new(book), Vec::new(), &self.config, &mut check::Memo::default());
        let mut found = BTreeMap::new();
        for diagnostic in checked.report.diagnostics() {
            if diagnostic.rule.severity > Severity::Note {
                let key = (diagnostic.rule.name.to_owned(), diagnostic.message.clone());
                *found.entry(key).or_default() += 1;
            }
        }
        found
    }
}
