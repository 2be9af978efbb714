//! Attributes in an info string, a grammar line, or a comment: `{key=value key="v w" key}`.

use crate::text::Span;

/// One attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The key.
    pub key: String,
    /// The value without quotes; empty for a bare key.
    pub value: String,
    /// The key in the file.
    pub key_span: Span,
    /// The value in the file without quotes; the key's span for a bare key.
    pub value_span: Span,
}

/// Attributes in the order they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// The attributes; keys may repeat, which is the user's mistake to report.
    pub list: Vec<Attribute>,
}

impl Attributes {
    /// Reads `key=value`, `key="a value"` and bare keys, parted by blanks or commas, from `text`, which begins at
    /// byte `offset` of its file. Total: what is no attribute becomes a bare key, for the user to refuse.
    /// A quoted value ends at the next quote; a missing one ends the value at the end of `text`.
    /// A comma inside an unquoted value belongs to it unless `key=` follows (`answers=CHG,ADD`).
    pub fn parse(text: &str, offset: usize) -> Self {
        let mut list = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..) {
            let skipped = rest.len() - rest.trim_start_matches([' ', '\t', ',']).len();
            at += skipped;
            let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) else { break };
            let key_end = rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len());
            let key = rest.get(..key_end).unwrap_or_default();
            let key_span = Span::new(offset + at, offset + at + key_end);
            at += key_end;
            let Some(after) = rest.get(key_end..).and_then(|rest| rest.strip_prefix('=')) else {
                let (key, value) = (key.to_owned(), String::new());
                list.push(Attribute { key, value, key_span, value_span: key_span });
                continue;
            };
            at += 1;
            let (value, start, length) = value(after);
            let value_span = Span::new(offset + at + start, offset + at + start + value.len());
            at += length;
            list.push(Attribute {
                key: key.to_owned(),
                value: value.to_owned(),
                key_span,
                value_span,
            });
        }
        Self { list }
    }

    /// The last value of a key.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.find(key).map(|attribute| attribute.value.as_str())
    }

    /// The last attribute of this key.
    pub fn find(&self, key: &str) -> Option<&Attribute> {
        self.list.iter().rev().find(|attribute| attribute.key == key)
    }
}

/// The value at the front of `text`, where it starts, and how many bytes it takes with its quotes.
fn value(text: &str) -> (&str, usize, usize) {
    if let Some(quoted) = text.strip_prefix('"') {
        let end = quoted.find('"').unwrap_or(quoted.len());
        return (quoted.get(..end).unwrap_or_default(), 1, (end + 2).min(text.len()));
    }
    let blank = text.find([' ', '\t']).unwrap_or(text.len());
    let word = text.get(..blank).unwrap_or_default();
    let end = match word.find('=') {
        Some(equals) => word.get(..equals).and_then(|before| before.rfind(',')).unwrap_or(blank),
        None => word.trim_end_matches(',').len(),
    };
    (word.get(..end).unwrap_or_default(), 0, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        let attributes = Attributes::parse(text, 0);
        attributes.list.into_iter().map(|a| (a.key, a.value)).collect()
    }

    #[test]
    fn values_quotes_lists_and_bare_keys_are_read() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            pairs("version=8..9 answers=CHG,ADD once variant=\"a b\""),
            [
                pair("version", "8..9"),
                pair("answers", "CHG,ADD"),
                pair("once", ""),
                pair("variant", "a b")
            ]
        );
        assert_eq!(pairs("version=8,server=ns"), [pair("version", "8"), pair("server", "ns")]);
        assert_eq!(pairs("variant=\"open"), [pair("variant", "open")]);
        assert_eq!(pairs(" , "), []);
    }

    #[test]
    fn spans_point_into_the_file() {
        let text = "xx version=8 variant=\"a b\"";
        let attributes = Attributes::parse(text.get(3..).unwrap(), 3);
        assert_eq!(attributes.find("version").unwrap().value_span.of(text), "8");
        assert_eq!(attributes.find("variant").unwrap().value_span.of(text), "a b");
        assert_eq!(attributes.find("variant").unwrap().key_span.of(text), "variant");
    }
}
