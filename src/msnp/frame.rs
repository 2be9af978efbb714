//! Recorded bytes into messages.
//!
//! A line ends in CRLF. Whether a payload follows, and how long it is, only the grammar tells: by command, direction
//! and version, never by whether the last parameter looks like a number (`LSG 1 Friends 0`).

use super::message::{Word, accept};
use super::transcript::{Message, Payload};
use crate::grammar::{Direction, Grammar, VersionSet};
use crate::text::Span;

/// Cuts `bytes`, sent in one direction under one of `versions`, into messages.
///
/// Gives the messages, with spans in `bytes`, and how many bytes they take; what is left is the beginning of a message
/// whose rest has not come yet.
pub fn cut(
    bytes: &[u8],
    direction: Direction,
    versions: VersionSet,
    grammar: &Grammar,
) -> (Vec<Message>, usize) {
    let mut messages = Vec::new();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..) {
        let Some(newline) = rest.iter().position(|byte| *byte == b'\n') else { break };
        let line = rest.get(..newline).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let start = at + newline + 1;
        let length = payload_length(line, direction, versions, grammar).unwrap_or(0);
        let Some(end) = start.checked_add(length).filter(|end| *end <= bytes.len()) else { break };
        let span = Span::new(at, at + line.len());
        let payload = Payload::Bytes(Span::new(start, end));
        messages.push(Message { payload, ..Message::line(direction, span) });
        at = end;
    }
    (messages, at)
}

/// Length of the payload that the line announces; `None` where it has none. `Some` also where the number may mean
/// something else by another form.
///
/// A line that fits no form has one if every form of its command has.
pub fn payload_length(
    line: &[u8],
    direction: Direction,
    versions: VersionSet,
    grammar: &Grammar,
) -> Option<usize> {
    let words: Vec<Word<'_>> = line
        .split(|byte| *byte == b' ')
        .map(|word| Word::new(String::from_utf8_lossy(word), Span::default()))
        .collect();
    let command = grammar.command(&words.first()?.text)?;
    let in_scope = |form: &&crate::grammar::Form| {
        form.direction == direction && !form.versions.intersection(versions).is_empty()
    };
    let forms: Vec<_> = command.forms.iter().filter(in_scope).collect();
    let matches = forms.iter().filter_map(|form| accept(form, &words).map(|slots| (form, slots)));
    let mut fitted = false;
    for (form, slots) in matches {
        fitted = true;
        let at = slots.iter().position(|slot| slot.kind() == "length");
        if let Some(at) = at.filter(|_| form.payload.is_some()) {
            return words.get(at + 1)?.text.parse().ok();
        }
    }
    let always = !forms.is_empty() && forms.iter().all(|form| form.payload.is_some());
    (!fitted && always).then(|| words.last()?.text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Fence;
    use crate::text::Source;

    fn grammar() -> Grammar {
        let text = "S: MSG account nickname length\nS: LSG group-id group-name 0";
        let lines = vec![Span::new(0, 30), Span::new(31, text.len())];
        let fence = Fence { lines, ..Fence::default() };
        Grammar::assemble([crate::grammar::parse(&Source::new("a.md", text), &fence)]).0
    }

    #[test]
    fn a_stream_is_cut_where_the_grammar_says() {
        let bytes =
            b"LSG 1 Friends 0\r\nMSG bob@example.com Bob 4\r\na\r\nbLSG 2 Work 0\r\nMSG bob";
        let (messages, taken) = cut(bytes, Direction::Server, VersionSet::msnp(), &grammar());
        assert_eq!(messages.len(), 3);
        assert_eq!(messages[1].payload, Payload::Bytes(Span::new(44, 48)));
        assert_eq!(&bytes[taken..], b"MSG bob");
    }
}
