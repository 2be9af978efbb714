//! The open questions of all pages, for the directive `open-questions`.

use serde::Serialize;

use super::block::Writer;
use super::href;
use super::shared::Anchor;
use crate::book::{Note, Question, questions};

/// Values of `questions.html`.
#[derive(Debug, Serialize)]
pub(super) struct Questions {
    /// How many there are.
    total: usize,
    /// Pages that have some, in reading order.
    pages: Vec<PageQuestions>,
}

#[derive(Debug, Serialize)]
struct PageQuestions {
    page: Anchor,
    questions: Vec<QuestionValues>,
}

#[derive(Debug, Serialize)]
struct QuestionValues {
    /// Where it stands.
    href: String,
    /// HTML.
    text: String,
    /// Word for how sure the present answer is; empty for none.
    status: &'static str,
    phrase: &'static str,
    /// HTML; empty for nothing.
    so_far: String,
    /// HTML; empty for nothing.
    help: String,
}

impl<'a> Writer<'a> {
    pub(super) fn questions(&mut self) -> Questions {
        let book = &self.shared.book;
        let mut pages = Vec::new();
        for path in &self.shared.order {
            let Some(entry) = book.entries.get(path) else { continue };
            let to = href::relative(&self.entry.url, &entry.url);
            let found = questions(&entry.page).into_iter();
            let questions: Vec<_> = found.map(|q| self.question_values(&q, &to)).collect();
            if !questions.is_empty() {
                pages.push(PageQuestions {
                    page: Anchor { title: entry.title.clone(), href: to },
                    questions,
                });
            }
        }
        Questions { total: pages.iter().map(|page| page.questions.len()).sum(), pages }
    }

    fn question_values(&mut self, question: &Question<'a>, page: &str) -> QuestionValues {
        QuestionValues {
            href: href::with_fragment(page.to_owned(), &question.id()),
            text: self.apart(|writer| writer.quoted(question.text)),
            status: question.status.map_or("", |status| status.word()),
            phrase: question.status.map_or("", |status| status.phrase()),
            so_far: self.note(question.so_far),
            help: self.note(question.help),
        }
    }

    fn note(&mut self, note: Option<Note<'a>>) -> String {
        let Some(note) = note else { return String::new() };
        self.apart(|writer| {
            writer.text(note.first);
            writer.quoted(note.rest);
        })
    }

    /// What `write` writes, as a piece of its own.
    fn apart(&mut self, write: impl FnOnce(&mut Self)) -> String {
        let outer = std::mem::take(&mut self.html);
        write(self);
        std::mem::replace(&mut self.html, outer).into_string()
    }
}
