//! What the targets share: a book of one page, run, and what must hold for it whatever the page.

use wirebook::check::Checked;
use wirebook::config::Config;
use wirebook::pipeline::{self, Memo};
use wirebook::report::Diagnostic;
use wirebook::text::{Sources, Span};

/// Path of the page: that of a command, so that hints and headings mean most.
pub const PAGE: &str = "commands/chg.md";

/// The bytes as the pages of a book.
pub fn book(bytes: &[u8]) -> Sources {
    Sources::from_pages([(PAGE, String::from_utf8_lossy(bytes))])
}

/// Checks the book, and that everything said of it has a place in it.
pub fn checked(sources: &Sources) -> Checked {
    let checked =
        pipeline::checked(&Config::default(), sources, Vec::new(), &mut Memo::default());
    for diagnostic in checked.report.diagnostics() {
        hold_places(sources, diagnostic);
    }
    let entry = &checked.book.entries[PAGE];
    for example in checked.examples.values() {
        for line in &example.lines {
            assert!(entry.source.text.get(line.span.range()).is_some(), "a line is a place");
            let mut last = line.wire.start;
            for token in &line.tokens {
                let Span { start, end } = token.span;
                assert!(last <= start && start <= end && end <= line.wire.end, "tokens ascend");
                assert!(entry.source.text.get(token.span.range()).is_some(), "a token is a place");
                last = end;
            }
        }
    }
    checked
}

fn hold_places(sources: &Sources, diagnostic: &Diagnostic) {
    let source = &sources.pages[&diagnostic.path];
    let labels = diagnostic.labels.iter().map(|label| label.span);
    let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    for span in labels.chain(edits).chain([diagnostic.span]) {
        let (rule, message) = (diagnostic.rule.name, &diagnostic.message);
        assert!(source.text.get(span.range()).is_some(), "{rule} has no place: {message}");
    }
}
