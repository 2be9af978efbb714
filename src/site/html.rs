//! The one place that turns text into HTML.
//!
//! [`Html`] is a growing piece of HTML. Text and attribute values get into it only through [`Html::text`] and
//! [`Html::open`], which escape; [`Html::raw`] takes what is HTML already. Templates escape with [`escape_to`].

use std::borrow::Cow;
use std::io::{self, Write};

/// A piece of HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Html {
    out: String,
}

impl Html {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        self.out.push_str(&escape(text));
    }

    /// Adds what is HTML already.
    pub(super) fn raw(&mut self, html: &str) {
        self.out.push_str(html);
    }

    /// Adds another piece.
    pub(super) fn push(&mut self, other: &Self) {
        self.out.push_str(&other.out);
    }

    /// Adds a start tag. An attribute with an empty value is left out; `alt` stays, for an empty one says that a
    /// picture is decoration.
    pub(super) fn open(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            if value.is_empty() && *name != "alt" {
                continue;
            }
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.out.push_str(&escape(value));
            self.out.push('"');
        }
        self.out.push('>');
    }

    /// Adds an end tag.
    pub(super) fn close(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    /// Adds an element that holds only text.
    pub(super) fn element(&mut self, tag: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(tag, attributes);
        self.text(text);
        self.close(tag);
    }

    /// The HTML.
    pub(super) fn into_string(self) -> String {
        self.out
    }
}

/// Escapes text for an element or a quoted attribute. NUL, which HTML forbids, becomes U+FFFD.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    let special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'' | 0);
    if !text.bytes().any(special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\0' => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// [`escape`], in the shape that templates ask for.
pub(super) fn escape_to(text: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(escape(text).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_escaped_and_empty_attributes_left_out() {
        let mut html = Html::new();
        html.open("a", &[("href", "?a=1&b=\"2\""), ("class", "")]);
        html.text("<b> & 'c'\0");
        html.close("a");
        html.open("img", &[("alt", "")]);
        assert_eq!(
            html.into_string(),
            "<a href=\"?a=1&amp;b=&quot;2&quot;\">&lt;b&gt; &amp; &#39;c&#39;\u{FFFD}</a><img alt=\"\">"
        );
    }
}
