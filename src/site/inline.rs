//! Running text into HTML: emphasis, links, code that names something.

use std::ops::Range;

use super::block::{DEEPEST, Writer};
use super::href;
use super::html::Html;
use crate::book::{GLOSSARY, Reference, Target, Term, resolve};
use crate::grammar::Status;
use crate::markdown::{Inline, Link};

/// Something in running text that is more than its letters.
enum Notable<'t> {
    /// A command, a version, an error code.
    Name(&'t str),
    /// A word that the glossary explains.
    Term(&'t Term),
    /// `[observed: 2007]`: how a fact is known; with the words to show.
    Mark(Status, &'t str),
}

/// The longest part of a code, in characters, that the first column of a table on a narrow screen holds in one line.
const UNBROKEN: usize = 16;

impl<'a> Writer<'a> {
    /// Writes inlines.
    pub(super) fn inlines(&mut self, inlines: &'a [Inline]) {
        if self.depth > DEEPEST {
            return;
        }
        self.depth += 1;
        for inline in inlines {
            self.inline(inline);
        }
        self.depth -= 1;
    }

    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Text(text, _) => self.text(text),
            Inline::Code(code, _) => self.code(code),
            Inline::Emphasis(inner) => self.wrapped("em", inner),
            Inline::Strong(inner) => self.wrapped("strong", inner),
            Inline::Strikethrough(inner) => self.wrapped("del", inner),
            Inline::Link(index, inner) => self.link(*index, inner),
            Inline::Image(index) => self.image(*index),
            Inline::FootnoteReference(label) => self.footnote_reference(label),
            Inline::Html(tag) => self.html.raw(tag),
            Inline::SoftBreak => self.html.raw("\n"),
            Inline::HardBreak => self.html.raw("<br>"),
        }
    }

    fn wrapped(&mut self, tag: &str, inner: &'a [Inline]) {
        self.html.open(tag, &[]);
        self.inlines(inner);
        self.html.close(tag);
    }

    /// Names in running text lead to what they name, terms to the glossary; marks of how a fact is known stand out.
    pub(super) fn text(&mut self, text: &'a str) {
        let book = &self.shared.book;
        let mut notable: Vec<(Range<usize>, Notable<'_>)> = marks(text);
        let names = book.names.in_text(text).into_iter();
        notable.extend(names.map(|(place, name)| (place, Notable::Name(name))));
        if self.links_terms() {
            let terms = book.glossary.in_text(text).into_iter();
            notable.extend(terms.map(|(place, term)| (place, Notable::Term(term))));
        }
        notable.sort_by_key(|(place, _)| place.start);
        let mut at = 0;
        for (place, what) in notable {
            let Some(before) = text.get(at..place.start) else { continue };
            let outer = std::mem::take(&mut self.html);
            let written = self.notable(text.get(place.clone()).unwrap_or_default(), &what);
            let piece = std::mem::replace(&mut self.html, outer);
            if written {
                self.html.text(before);
                self.html.push(&piece);
                at = place.end;
            }
        }
        self.html.text(text.get(at..).unwrap_or_default());
    }

    /// Writes what is notable; false if it is nothing here.
    fn notable(&mut self, text: &str, what: &Notable<'a>) -> bool {
        match what {
            Notable::Name(name) => match self.first_link(name) {
                Some(href) => self.anchor(&href, name),
                None => return false,
            },
            Notable::Term(term) => {
                let href = self.shared.link(self.entry, GLOSSARY, &term.id).unwrap_or_default();
                if !self.linked_terms.insert(term.id.clone()) {
                    return false;
                }
                self.links += 1;
                let attributes = [("class", "term"), ("href", &href), ("title", &term.meaning)];
                self.html.element("a", &attributes, text);
            }
            Notable::Mark(status, words) => {
                let class = format!("known {}", status.word());
                let attributes = [("class", class.as_str()), ("title", status.phrase())];
                self.html.element("small", &attributes, words);
            }
        }
        true
    }

    /// True where terms may become links: in running text, on any page but the one that explains them.
    fn links_terms(&self) -> bool {
        let path = &self.entry.page.path;
        let except = &self.shared.config.glossary_except;
        !self.in_link
            && !self.in_title
            && path != GLOSSARY
            && !except.iter().any(|start| path.starts_with(start))
    }

    /// Writes inlines of another page: its own links are mere text here.
    pub(super) fn quoted(&mut self, inlines: &'a [Inline]) {
        for inline in inlines {
            match inline {
                Inline::Link(_, inner) => self.quoted(inner),
                Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strikethrough(inner) => {
                    self.quoted(inner);
                }
                Inline::Image(_) | Inline::FootnoteReference(_) | Inline::Html(_) => {}
                other => self.inline(other),
            }
        }
    }

    /// Code that is a known name, or a line that begins with one, leads to what it names.
    fn code(&mut self, code: &'a str) {
        let long = code.split([' ', '-']).any(|part| part.chars().count() > UNBROKEN);
        self.html.open("code", if long { &[("class", "long")] } else { &[] });
        // A number that begins a line may be a status of any protocol: only on its own it is an error code.
        let names = &self.shared.book.names;
        let begins = names.in_code(code).filter(|word| code.starts_with(word));
        match self.first_link(code).map(|href| (code, href)) {
            Some((name, href)) => self.anchor(&href, name),
            None => match begins.and_then(|word| Some((word, self.first_link(word)?))) {
                Some((word, href)) => {
                    self.anchor(&href, word);
                    self.html.text(code.get(word.len()..).unwrap_or_default());
                }
                None => self.html.text(code),
            },
        }
        self.html.close("code");
    }

    /// Where a name leads, the first time that it stands in a section or a row; after that, and in a heading, which leads to
    /// itself, it is mere text.
    fn first_link(&mut self, name: &'a str) -> Option<String> {
        if self.in_title {
            return None;
        }
        let href = self.name_link(name)?;
        self.linked_names.insert(name).then_some(href)
    }

    /// Where a name in code leads; `None` inside links, for unknown names, and for the section the name stands in.
    pub(super) fn name_link(&self, name: &str) -> Option<String> {
        if self.in_link {
            return None;
        }
        let (path, id) = self.shared.book.names.find(name)?;
        let own = path == self.entry.page.path;
        if own && (id.is_empty() || id == self.section_id()) {
            return None;
        }
        self.shared.link(self.entry, path, id)
    }

    /// Writes a link that holds only text.
    pub(super) fn anchor(&mut self, href: &str, text: &str) {
        self.links += 1;
        self.html.element("a", &[("href", href)], text);
    }

    fn link(&mut self, index: usize, inner: &'a [Inline]) {
        let Some(link) = self.entry.page.links.get(index).filter(|_| !self.in_link) else {
            return self.inlines(inner);
        };
        let (tag, attributes) = match self.destination(link) {
            Ok(href) => ("a", vec![("href", href), ("title", link.title.clone())]),
            Err(why) => ("span", vec![("class", "broken".to_owned()), ("title", why)]),
        };
        let attributes: Vec<(&str, &str)> =
            attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.links += usize::from(tag == "a");
        self.html.open(tag, &attributes);
        self.in_link = true;
        self.inlines(inner);
        self.in_link = false;
        self.html.close(tag);
    }

    /// The `href` for a link of this page, or why it has none.
    fn destination(&self, link: &Link) -> Result<String, String> {
        let from = self.entry;
        match resolve(&self.shared.book, &from.page.path, &link.destination) {
            Reference::To(Target::Page { path, fragment }) => {
                let id = self.canonical(&path, &fragment);
                let missing = || format!("the page `{path}` does not exist");
                self.shared.link(from, &path, id).ok_or_else(missing)
            }
            Reference::To(Target::Asset(path)) => Ok(href::relative(&from.url, &path)),
            Reference::To(Target::Outside) if href::is_harmless(&link.destination) => {
                Ok(link.destination.clone())
            }
            Reference::To(Target::Outside) => Err("links of this kind are not followed".to_owned()),
            Reference::NoFile(path) => Err(format!("the page {path} does not exist")),
            Reference::NoFragment(path, fragment) => {
                Err(format!("{path} has no heading with the id {fragment}"))
            }
        }
    }

    /// The id that `fragment`, perhaps an alias, leads to.
    fn canonical<'f>(&self, path: &str, fragment: &'f str) -> &'f str
    where
        'a: 'f,
    {
        let page = self.shared.book.entries.get(path).map(|entry| &entry.page);
        page.and_then(|page| page.ids.get(fragment)).map_or(fragment, String::as_str)
    }

    fn image(&mut self, index: usize) {
        let Some(link) = self.entry.page.links.get(index) else { return };
        let outside = href_is_outside(&link.destination);
        match self.destination(link) {
            // The page loads nothing from elsewhere; the reader may.
            Ok(href) if outside && !self.in_link => {
                let text = if link.text.is_empty() { &link.destination } else { &link.text };
                self.anchor(&href, text);
            }
            Ok(_) if outside => self.html.text(&link.text),
            Ok(href) => {
                let title = link.title.as_str();
                let attributes = [
                    ("src", href.as_str()),
                    ("alt", &link.text),
                    ("title", title),
                    ("loading", "lazy"),
                ];
                self.html.open("img", &attributes);
            }
            Err(why) => {
                let text = if link.text.is_empty() { "picture" } else { &link.text };
                self.html.element("span", &[("class", "broken"), ("title", &why)], text);
            }
        }
    }
}

/// Statements of how a fact is known: a status in square brackets, with a source if need be.
fn marks(text: &str) -> Vec<(Range<usize>, Notable<'_>)> {
    let mut marks = Vec::new();
    for (start, _) in text.match_indices('[') {
        let Some((words, _)) = text.get(start + 1..).and_then(|rest| rest.split_once(']')) else {
            continue;
        };
        let word = words.split([':', ' ']).next().unwrap_or_default();
        if let Some(status) = Status::parse(word) {
            marks.push((start..start + words.len() + 2, Notable::Mark(status, words)));
        }
    }
    marks
}

fn href_is_outside(destination: &str) -> bool {
    destination.starts_with("//") || destination.contains("://") || destination.starts_with("data:")
}

/// Words that can stand at the front of a wire line: capitals, or an error code.
pub(super) fn is_command_word(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Writes a message, with code between backticks.
pub(super) fn message(html: &mut Html, text: &str) {
    for (index, part) in text.split('`').enumerate() {
        match index % 2 {
            0 => html.text(part),
            _ => html.element("code", &[], part),
        }
    }
}
