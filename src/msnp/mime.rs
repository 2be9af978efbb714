//! Messages against their content types: headers, and bodies made of lines with a name in front.
//!
//! Which type has which headers the grammar says ([`ContentType`]); nothing here knows one by name but `Content-Type`,
//! those of messages in parts, and `P2P-Dest` and `P2P-Src`, which tell the version of a body between two clients. Upper
//! and lower case in names are the same, order plays no part, headers that the grammar does not know are let through, and
//! a value may be missing where the whole header may.

use super::p2p;
use super::problem::Problem;
use super::transcript::{Payload, Transcript};
use super::value;
use super::wildcard;
use crate::grammar::{ContentType, Field, Grammar, Piece};
use crate::report::{Rule, rules};
use crate::text::{Span, did_you_mean};

/// Kinds of a whole body that exist.
pub const BODIES: [&str; 2] = ["emoticons", "p2p"];

/// A line `Name: value`, and where its parts stand.
struct Line {
    name: String,
    name_span: Span,
    /// The value, with what follows in indented lines.
    value: String,
    span: Span,
}

/// Holds the payload of a message against its content type. Headers with a wildcard among them, and bodies with one other
/// than those between two clients, are not looked into.
pub(super) fn hold(transcript: &Transcript, payload: &Payload, grammar: &Grammar) -> Vec<Problem> {
    let lines = lines(transcript, payload);
    let end = lines.iter().position(|line| line.is_empty()).unwrap_or(lines.len());
    let (head, rest) = lines.split_at_checked(end).unwrap_or((&lines, &[]));
    let wild = |lines: &[Span]| {
        let written = matches!(payload, Payload::Lines(_));
        written && lines.iter().any(|line| !wildcard::find(transcript.bytes(*line)).is_empty())
    };
    if wild(head) {
        return Vec::new();
    }
    let headers = named(transcript, head);
    // Where a line is no header, that is a finding of its own.
    let Some(first) =
        headers.first().filter(|_| super::payload::mime(&joined(transcript, head)).is_ok())
    else {
        return Vec::new();
    };
    let has = |name: &str| headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
    // The parts of a message behind the first need no type: their text is put behind that of the first (Miranda's MSN
    // plugin, by `Message-ID`; that they have a `Chunk` is from memory of client code).
    if has("Chunk").is_some() {
        return Vec::new();
    }
    let (given, place) = match has("Content-Type") {
        Some(header) => (header.value.split(';').next().unwrap_or_default().trim(), header.span),
        None => ("", first.name_span),
    };
    let name = given.to_ascii_lowercase();
    let all = grammar.content_types.get("*");
    let known = grammar.content_types.get(&name);
    let types: Vec<&ContentType> = all.into_iter().chain(known).collect();
    let mut problems = Vec::new();
    for content in &types {
        let wanted = Wanted { rule: &rules::MIME_HEADER, what: "header", content_type: given };
        problems.extend(wanted.fields(&content.headers, &headers, first.name_span));
    }
    if known.is_none() && all.is_some() && !given.is_empty() {
        problems.push(unknown(given, place, grammar));
    }
    if let Some(content) = known.filter(|_| has("Chunks").is_none()) {
        let body = rest.get(1..).unwrap_or_default();
        if !wild(body) {
            problems.extend(hold_body(transcript, content, body, place));
        }
        // Computers are named where the second version of the header is spoken, which is not read (Miranda's MSN plugin).
        let names_computer =
            |name: &str| has(name).is_some_and(|header| header.value.contains(';'));
        let second = names_computer("P2P-Dest") || names_computer("P2P-Src");
        let is_p2p = content.body.as_ref().is_some_and(|body| body.kind == "p2p");
        if is_p2p && !second {
            problems.extend(p2p::hold(transcript, payload, body));
        }
    }
    problems
}

fn unknown(given: &str, place: Span, grammar: &Grammar) -> Problem {
    let text = format!("the grammar does not know the content type `{given}`");
    let names = grammar.content_types.keys().map(String::as_str);
    let otherwise = || format!("declare it with `content-type {given}` in a grammar fence");
    let help = did_you_mean(given, names).unwrap_or_else(otherwise);
    Problem::new(&rules::UNKNOWN_CONTENT_TYPE, place, text).help(help)
}

fn hold_body(
    transcript: &Transcript,
    content: &ContentType,
    body: &[Span],
    place: Span,
) -> Vec<Problem> {
    let lines = named(transcript, body);
    let place = body.iter().find(|line| !line.is_empty()).copied().unwrap_or(place);
    let wanted = Wanted { rule: &rules::MIME_BODY, what: "line", content_type: &content.name };
    let mut problems = wanted.fields(&content.fields, &lines, place);
    if content.body.as_ref().is_some_and(|body| body.kind == "emoticons") {
        let text = String::from_utf8_lossy(&joined(transcript, body)).into_owned();
        if let Err(why) = emoticons(&text) {
            problems.push(Problem::new(&rules::MIME_BODY, place, why));
        }
    }
    problems
}

/// Shortcuts and objects in turn, with tabs between them.
fn emoticons(body: &str) -> Result<(), &'static str> {
    let words: Vec<&str> = body.trim_end_matches(['\r', '\n', '\t', '\0']).split('\t').collect();
    if words.len() % 2 == 1 {
        return Err("a body of emoticons is pairs of a shortcut and an object, parted by tabs");
    }
    let objects = words.iter().skip(1).step_by(2);
    if objects.into_iter().all(|object| object.starts_with("<msnobj")) {
        return Ok(());
    }
    Err("in a body of emoticons every second word is an object")
}

/// What is asked of a part of a message.
struct Wanted<'a> {
    rule: &'static Rule,
    what: &'a str,
    content_type: &'a str,
}

impl Wanted<'_> {
    /// Problems of the lines that have a name the grammar knows, and of those that are missing.
    fn fields(&self, fields: &[Field], lines: &[Line], place: Span) -> Vec<Problem> {
        let mut problems = Vec::new();
        for field in fields {
            let mut found = lines.iter().filter(|l| l.name.eq_ignore_ascii_case(&field.name));
            let Some(line) = found.next() else {
                problems.extend(field.required.then(|| self.missing(&field.name, place)));
                continue;
            };
            let left_out = line.value.is_empty() && !field.required;
            if let (false, Err(why)) = (left_out, fits(&field.value, &line.value)) {
                let text = format!("the value of `{}` {why}", field.name);
                let at = if line.span.is_empty() { line.name_span } else { line.span };
                let help = "correct the value, or the grammar where it is wrong";
                problems.push(Problem::new(self.rule, at, text).help(help));
            }
        }
        problems
    }

    fn missing(&self, name: &str, place: Span) -> Problem {
        let of = if self.content_type.is_empty() {
            String::new()
        } else {
            format!(" of type `{}`", self.content_type)
        };
        let text = format!("a message{of} has a {} `{name}`, but this one has none", self.what);
        Problem::new(self.rule, place, text).help(format!("add `{name}: `, its value behind it"))
    }
}

fn fits(wanted: &Piece, text: &str) -> Result<(), String> {
    match wanted {
        Piece::Literal(literal) if literal != text => Err(format!("is not `{literal}`")),
        Piece::Choice { words, .. } if !words.iter().any(|word| word == text) => {
            Err(format!("is none of `{}`", words.join("`, `")))
        }
        Piece::Parameter(parameter) => match value::find(&parameter.kind) {
            Some(kind) => kind.check(text).map_err(str::to_owned),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// The lines of a payload, their endings left out.
fn lines(transcript: &Transcript, payload: &Payload) -> Vec<Span> {
    let whole = match payload {
        Payload::Lines(lines) => return lines.clone(),
        Payload::Bytes(span) => *span,
    };
    let mut start = whole.start as usize;
    let pieces = transcript.bytes(whole).split(|byte| *byte == b'\n');
    let spans = pieces.map(|piece| {
        let bare = piece.strip_suffix(b"\r").unwrap_or(piece).len();
        let span = Span::new(start, start + bare);
        start += piece.len() + 1;
        span
    });
    spans.collect()
}

fn joined(transcript: &Transcript, lines: &[Span]) -> Vec<u8> {
    let lines: Vec<&[u8]> = lines.iter().map(|line| transcript.bytes(*line)).collect();
    lines.join(&b"\r\n"[..])
}

/// The lines with a name in front. What begins with a blank or a tag goes on with the line above.
fn named(transcript: &Transcript, lines: &[Span]) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    for span in lines {
        let bytes = transcript.bytes(*span);
        let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let colon = bytes.iter().position(|byte| *byte == b':');
        let name = colon.and_then(|at| bytes.get(..at)).unwrap_or_default();
        if name.is_empty() || !name.iter().all(plain) {
            if let Some(last) = found.last_mut().filter(|_| {
                bytes.starts_with(b" ") || bytes.starts_with(b"\t") || bytes.starts_with(b"<")
            }) {
                last.value.push_str(String::from_utf8_lossy(bytes.trim_ascii()).as_ref());
            }
            continue;
        }
        let after = bytes.get(name.len() + 1..).unwrap_or_default();
        let blanks = after.len() - after.trim_ascii_start().len();
        let value = after.trim_ascii();
        let start = span.start as usize;
        let at = start + name.len() + 1 + blanks;
        found.push(Line {
            name: String::from_utf8_lossy(name).into_owned(),
            name_span: Span::new(start, start + name.len()),
            value: String::from_utf8_lossy(value).into_owned(),
            span: Span::new(at, at + value.len()),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoticons_come_in_pairs() {
        assert_eq!(emoticons(":)\t<msnobj/>\t"), Ok(()));
        assert_eq!(emoticons(":)\t<msnobj/>\t:(\t<msnobj/>"), Ok(()));
        assert!(emoticons(":)").is_err());
        assert!(emoticons(":)\tx\t").is_err());
    }

    #[test]
    fn bytes_have_lines_too() {
        let transcript = Transcript { wire: b"A: 1\r\nB:\n\nx: \xff".to_vec(), steps: Vec::new() };
        let spans = lines(&transcript, &Payload::Bytes(Span::new(0, 14)));
        let found: Vec<(String, String)> =
            named(&transcript, &spans).into_iter().map(|line| (line.name, line.value)).collect();
        let wanted = [("A", "1"), ("B", ""), ("x", "\u{fffd}")];
        assert_eq!(found, wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
