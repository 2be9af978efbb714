//! Open questions: the list items of a section called "Open questions".
//!
//! ```markdown
//! ## Open questions
//!
//! * What does the digit say?
//!   * Status: unknown
//!   * So far: it is `0` in every recording.
//!   * Help: a recording in which it is not.
//! ```
//!
//! In: a page. Out: its [`Question`]s, parts of the page's own text.

use crate::grammar::Status;
use crate::markdown::{Block, Inline, Item, Page, inline_text, slug};
use crate::text::Span;

/// Title of the section that holds a page's questions; letter case does not count.
const SECTION: &str = "Open questions";

/// What somebody could find out.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The question itself.
    pub text: &'a [Inline],
    /// The question in the file.
    pub span: Span,
    /// How sure the best answer of today is.
    pub status: Option<Status>,
    /// What is known already.
    pub so_far: Option<Note<'a>>,
    /// What would settle it.
    pub help: Option<Note<'a>>,
}

/// Running text behind a label.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    /// What stands behind the label in the same piece of text.
    pub first: &'a str,
    /// The rest.
    pub rest: &'a [Inline],
}

impl Question<'_> {
    /// Its id on its page, made of its first words.
    pub fn id(&self) -> String {
        let words = slug(&inline_text(self.text));
        let short: Vec<&str> = words.split('-').take(8).collect();
        format!("question.{}", short.join("-"))
    }
}

/// The questions of a page, in order.
pub fn questions(page: &Page) -> Vec<Question<'_>> {
    let mut questions = Vec::new();
    let mut within = None;
    for block in &page.blocks {
        match block {
            Block::Heading(index) => {
                let Some(heading) = page.headings.get(*index) else { continue };
                if heading.text.trim().eq_ignore_ascii_case(SECTION) {
                    within = Some(heading.level);
                } else if within.is_some_and(|level| heading.level <= level) {
                    within = None;
                }
            }
            Block::List { items, .. } if within.is_some() => {
                questions.extend(items.iter().filter_map(question));
            }
            _ => {}
        }
    }
    questions
}

/// The question that an item of a list asks, if it begins with running text.
fn question(item: &Item) -> Option<Question<'_>> {
    let (Block::Paragraph(text, span), rest) = item.blocks.split_first()? else { return None };
    let mut question = Question { text, span: *span, status: None, so_far: None, help: None };
    let items = rest.iter().filter_map(|block| match block {
        Block::List { items, .. } => Some(items),
        _ => None,
    });
    for item in items.flatten() {
        let Some(Block::Paragraph(inlines, _)) = item.blocks.first() else { continue };
        let Some((Inline::Text(first, _), rest)) = inlines.split_first() else { continue };
        let Some((label, first)) = first.split_once(':') else { continue };
        let note = Some(Note { first: first.trim_start(), rest });
        match label.trim().to_lowercase().as_str() {
            "status" => question.status = Status::parse(first.trim()),
            "so far" => question.so_far = note,
            "help" => question.help = note,
            _ => {}
        }
    }
    Some(question)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;
    use crate::text::Source;

    #[test]
    fn the_items_of_the_section_are_questions() {
        let text = "# XFR\n\n* no\n\n## Open questions\n\n* What is `0` *now*?\n  * Status: assumed\n  * So \
                    far: the `0` is a zero.\n  * Help: a look.\n* And this?\n\n### More\n\n* Third?\n\n## Sources\n\n* no\n";
        let page = parse(&Source::new("a.md", text));
        let questions = questions(&page);
        let texts: Vec<String> = questions.iter().map(|q| inline_text(q.text)).collect();
        assert_eq!(texts, ["What is 0 now?", "And this?", "Third?"]);
        let first = questions[0];
        assert_eq!(first.id(), "question.what-is-0-now");
        assert_eq!(first.status, Some(Status::Assumed));
        let so_far = first.so_far.unwrap();
        assert_eq!((so_far.first, inline_text(so_far.rest).as_str()), ("the ", "0 is a zero."));
        assert_eq!(first.help.unwrap().first, "a look.");
        assert!(questions[1].status.is_none() && questions[1].help.is_none());
    }
}
