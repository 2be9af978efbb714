//! Content types of messages: what their headers and bodies hold.
//!
//! In a grammar fence a type is a line `content-type NAME`, and what belongs to it the indented lines below: `header
//! Name:kind`, `body Name:kind` for a line of the same shape in the body, `body kind` for a body as a whole. Brackets make a
//! line one that may be left out, and words may stand for a kind, as in `body ID:(1|2)`. What `content-type *` asks for holds for all.

use super::pieces::parse_pieces;
use super::{Parameter, Piece};

/// A content type and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentType {
    /// The type in lower case, without parameters; `*` for all of them.
    pub name: String,
    /// Headers, in the order they are declared.
    pub headers: Vec<Field>,
    /// Lines of the body with a name in front.
    pub fields: Vec<Field>,
    /// Kind of the whole body.
    pub body: Option<Parameter>,
    /// Path of the page that declares it first.
    pub path: String,
}

/// A header, or a line of a body with a name in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name, as it is usually written; upper and lower case are the same.
    pub name: String,
    /// What its value is: one parameter or choice.
    pub value: Piece,
    /// True if it cannot be left out.
    pub required: bool,
}

impl ContentType {
    /// A type of which nothing is known yet.
    pub(super) fn new(name: &str, path: &str) -> Self {
        let (headers, fields) = (Vec::new(), Vec::new());
        Self { name: name.to_ascii_lowercase(), headers, fields, body: None, path: path.to_owned() }
    }

    /// Reads an indented line, which begins at byte `offset` of its file. An error says what is wrong, and how to mend it.
    pub(super) fn add(&mut self, line: &str, offset: usize) -> Result<(), (String, String)> {
        let (place, rest) = line.split_once(' ').unwrap_or((line, ""));
        let start = offset + line.len() - rest.len();
        match place {
            "header" => self.headers.push(field(rest, start)?),
            "body" if rest.contains(':') => self.fields.push(field(rest, start)?),
            "body" => match value(rest, start) {
                Some(Piece::Parameter(parameter)) => self.body = Some(parameter),
                _ => return Err(wrong(rest)),
            },
            _ => return Err(wrong(line)),
        }
        Ok(())
    }

    /// Takes over what another page says of the same type.
    pub(super) fn extend(&mut self, other: Self) {
        self.headers.extend(other.headers);
        self.fields.extend(other.fields);
        self.body = other.body.or(self.body.take());
    }

    /// The parameters in it, for a look at their kinds.
    pub fn parameters(&self) -> Vec<&Parameter> {
        let values = self.headers.iter().chain(&self.fields).map(|field| &field.value);
        let parameters = values.filter_map(|value| match value {
            Piece::Parameter(parameter) => Some(parameter),
            _ => None,
        });
        parameters.collect()
    }
}

fn wrong(text: &str) -> (String, String) {
    let help = "write `header Name:kind`, `body Name:kind` or `body kind`, in brackets what may be left out";
    (format!("`{text}` says nothing of a content type"), help.to_owned())
}

fn field(text: &str, offset: usize) -> Result<Field, (String, String)> {
    let trimmed = text.trim();
    let inner = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let bare = inner.unwrap_or(trimmed);
    let (name, kind) = bare.split_once(':').ok_or_else(|| wrong(text))?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let named = !name.is_empty() && name.bytes().all(plain);
    let start = offset + text.find(bare).unwrap_or_default() + name.len() + 1;
    let value = value(kind, start).filter(|_| named).ok_or_else(|| wrong(text))?;
    Ok(Field { name: name.to_owned(), value, required: inner.is_none() })
}

/// A kind, words to choose from, or a text in quotes.
fn value(text: &str, offset: usize) -> Option<Piece> {
    let mut parsed = parse_pieces(text, offset);
    let piece = parsed.pieces.pop()?;
    let one = parsed.pieces.is_empty() && parsed.problems.is_empty();
    match &piece {
        Piece::Parameter(parameter) if parameter.repeated || !parameter.prefix.is_empty() => None,
        Piece::Optional(_) => None,
        _ => one.then_some(piece),
    }
}
