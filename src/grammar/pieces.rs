//! The pieces of a form: what stands behind the command word.

use super::parse::is_name;
use super::{Parameter, Piece};
use crate::text::Span;

/// Pieces, and what is wrong among them: where, what, and how to mend it.
pub(super) struct Parsed {
    pub(super) pieces: Vec<Piece>,
    pub(super) problems: Vec<(Span, String, String)>,
}

/// Brackets deeper than this are refused.
const DEEPEST: usize = 8;
/// A form with more ways to leave parameters out than this keeps only the first ones.
const MOST_SHAPES: usize = 64;

/// Reads pieces from `text`, which begins at byte `offset` of its file.
pub(super) fn parse_pieces(text: &str, offset: usize) -> Parsed {
    let mut reader = Reader { text, offset, at: 0, problems: Vec::new() };
    let mut pieces = reader.group(0);
    while reader.peek() == Some(']') {
        let span = reader.span(reader.at, reader.at + 1);
        reader.wrong(span, "this bracket closes nothing", "remove it, or open it with `[`");
        reader.at += 1;
        pieces.extend(reader.group(0));
    }
    reader.check_repeated(&pieces);
    Parsed { pieces, problems: reader.problems }
}

/// Every way to write the pieces: with and without each optional group, longest first.
pub(super) fn shapes(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut shapes = vec![Vec::new()];
    for piece in pieces {
        let Piece::Optional(inner) = piece else {
            for shape in &mut shapes {
                shape.push(piece.clone());
            }
            continue;
        };
        let with = self::shapes(inner);
        let without = shapes.clone();
        let longer = with.iter().flat_map(|tail| {
            without.iter().map(move |head| head.iter().chain(tail).cloned().collect::<Vec<_>>())
        });
        shapes = longer.collect();
        shapes.extend(without);
        shapes.truncate(MOST_SHAPES);
    }
    shapes.sort_by_key(|shape| std::cmp::Reverse(shape.len()));
    shapes
}

struct Reader<'a> {
    text: &'a str,
    offset: usize,
    at: usize,
    problems: Vec<(Span, String, String)>,
}

impl<'a> Reader<'a> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.offset + start, self.offset + end)
    }

    fn wrong(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push((span, message.into(), help.into()));
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.rest().chars().next()
    }

    fn group(&mut self, depth: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        while let Some(next) = self.peek() {
            match next {
                ']' => break,
                '[' => pieces.extend(self.optional(depth)),
                _ => pieces.extend(self.piece()),
            }
        }
        pieces
    }

    fn optional(&mut self, depth: usize) -> Option<Piece> {
        let start = self.at;
        self.at += 1;
        if depth >= DEEPEST {
            let span = self.span(start, self.text.len());
            self.wrong(span, "brackets are nested too deeply", "split the form into several");
            self.at = self.text.len();
            return None;
        }
        let inner = self.group(depth + 1);
        if self.peek() == Some(']') {
            self.at += 1;
            return Some(Piece::Optional(inner));
        }
        let span = self.span(start, self.text.trim_end().len());
        self.wrong(span, "this bracket is never closed", "close it with `]`");
        None
    }

    fn piece(&mut self) -> Option<Piece> {
        let start = self.at;
        if self.rest().starts_with('"') {
            return self.quoted(start);
        }
        let rest = self.rest();
        let end = match rest.find('(') {
            Some(open) if !rest.get(..open).unwrap_or_default().contains([' ', '[', ']']) => {
                rest.find(')').map_or(rest.len(), |close| close + 1)
            }
            _ => rest.find([' ', '\t', '[', ']']).unwrap_or(rest.len()),
        };
        let word = rest.get(..end).unwrap_or_default();
        self.at += end;
        let span = self.span(start, start + end);
        match word.find('(') {
            Some(open) => self.choice(word, open, span),
            None => self.word(word, span),
        }
    }

    fn quoted(&mut self, start: usize) -> Option<Piece> {
        let inside = self.rest().get(1..).unwrap_or_default();
        let Some(end) = inside.find('"') else {
            let span = self.span(start, self.text.trim_end().len());
            self.at = self.text.len();
            self.wrong(span, "this quote is never closed", "close it with `\"`");
            return None;
        };
        self.at += end + 2;
        Some(Piece::Literal(inside.get(..end).unwrap_or_default().to_owned()))
    }

    fn choice(&mut self, word: &str, open: usize, span: Span) -> Option<Piece> {
        let (name, choices) = word.split_at_checked(open)?;
        let name = name.strip_suffix(':').unwrap_or(name);
        let inner = choices.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let words: Vec<String> =
            inner.unwrap_or_default().split('|').map(|w| w.trim().to_owned()).collect();
        if words.iter().any(String::is_empty) || !(name.is_empty() || is_name(name)) {
            let help = "write `name:(A|B)`";
            self.wrong(span, format!("`{word}` is not a choice of words"), help);
            return None;
        }
        Some(Piece::Choice { name: name.to_owned(), words })
    }

    fn word(&mut self, word: &str, span: Span) -> Option<Piece> {
        if !word.contains(|character: char| character.is_ascii_lowercase()) {
            return Some(Piece::Literal(word.to_owned()));
        }
        let (prefix, value) = match word.split_once('=') {
            Some((before, value)) => (format!("{before}="), value),
            None => (String::new(), word),
        };
        let (value, list) =
            value.strip_suffix(",...").map_or((value, false), |value| (value, true));
        let (value, repeated) =
            value.strip_suffix("...").map_or((value, false), |value| (value, true));
        let (name, kind) = value.split_once(':').unwrap_or((value, value));
        if !is_name(name) || !is_name(kind) {
            let help = "write `name:kind` in lower case, a literal in capitals, or in quotes";
            self.wrong(span, format!("`{word}` is neither a parameter nor a literal"), help);
            return None;
        }
        let (name, kind) = (name.to_owned(), kind.to_owned());
        Some(Piece::Parameter(Parameter { name, kind, prefix, list, repeated, span }))
    }

    /// A repeated parameter anywhere but in last place would leave nothing for what follows.
    fn check_repeated(&mut self, pieces: &[Piece]) {
        let before_last = pieces.split_last().map_or(&[][..], |(_, before)| before);
        for piece in before_last {
            if let Piece::Parameter(parameter) = piece
                && parameter.repeated
            {
                let help = "only the last parameter can be repeated";
                self.wrong(parameter.span, "something follows a repeated parameter", help);
            }
        }
    }
}
