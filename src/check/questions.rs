//! Open questions that do not say how sure their answer is, or what would settle them.

use crate::book::{Book, Entry, questions};
use crate::report::{Diagnostic, rules};

/// Findings for questions that lack a part. Nothing is said in a wiki that goes by the built-in grammar: it keeps its
/// questions in its own way.
pub(super) fn check(book: &Book, entry: &Entry) -> Vec<Diagnostic> {
    if book.foreign {
        return Vec::new();
    }
    let lacking = questions(&entry.page).into_iter().filter_map(|question| {
        let (text, help) = if question.status.is_none() {
            let help = "add a nested item `Status:` and one of `observed`, `draft`, `described`, `client`, `server`, \
                        `assumed`, `unknown`";
            ("this question does not say how sure its answer is", help)
        } else if question.help.is_none() {
            let help = "add a nested item `Help:` that names what is wanted";
            ("this question does not say what would settle it", help)
        } else {
            return None;
        };
        let path = &entry.page.path;
        Some(Diagnostic::new(&rules::OPEN_QUESTION, path, question.span, text).with_help(help))
    });
    lacking.collect()
}
