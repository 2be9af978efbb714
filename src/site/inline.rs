//! Running text into HTML: emphasis, links, code that names something.

use super::block::{DEEPEST, Writer};
use super::href;
use super::html::Html;
use crate::book::{Reference, Target, resolve};
use crate::markdown::{Inline, Link};

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

    /// Names in running text lead to what they name.
    fn text(&mut self, text: &str) {
        let mut at = 0;
        for (place, name) in self.shared.book.names.in_text(text) {
            if let Some(href) = self.name_link(name) {
                self.html.text(text.get(at..place.start).unwrap_or_default());
                self.anchor(&href, name);
                at = place.end;
            }
        }
        self.html.text(text.get(at..).unwrap_or_default());
    }

    /// Code that is a known name, or a line that begins with one, leads to what it names.
    fn code(&mut self, code: &str) {
        self.html.open("code", &[]);
        let word = code.split(' ').next().unwrap_or_default();
        match self.name_link(code).map(|href| (code, href)) {
            Some((name, href)) => self.anchor(&href, name),
            None => match self.name_link(word).filter(|_| is_command_word(word)) {
                Some(href) => {
                    self.anchor(&href, word);
                    self.html.text(code.get(word.len()..).unwrap_or_default());
                }
                None => self.html.text(code),
            },
        }
        self.html.close("code");
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
        match resolve(self.shared.book, &from.page.path, &link.destination) {
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
