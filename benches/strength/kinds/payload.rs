//! Payloads that lost something, are another's, or are not well-formed. Where the length is mended with them, only the content
//! is wrong.

use wirebook::text::Span;

use super::bytes::counted;
use super::{Case, Mutant, replace};
use crate::exchange::{Message, Word};
use crate::law::{lengths, plain_length};
use crate::random::Random;

/// Always wrong: the lines that are left make no payload of the length that is stated.
pub(super) fn line_dropped(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (message, _, number, lines) in counted(case) {
        for (at, span) in message.payload.iter().enumerate() {
            let mut rest = lines.clone();
            rest.remove(at);
            let alone = span.is_empty() || rest.is_empty();
            if !alone && !lengths(&rest).contains(&number) {
                out.push(vec![replace(Span { end: span.end + 1, ..*span }, "")]);
            }
        }
    }
    out
}

/// Always wrong: what a server relays or sends with `MSG` says its MIME version and its type; the length is right.
pub(super) fn header_lost(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (message, word, number, lines) in counted(case) {
        if message.name() != "MSG" {
            continue;
        }
        let headers = lines.iter().zip(&message.payload).take_while(|(line, _)| !line.is_empty());
        for (line, span) in headers {
            let name = line.split(':').next().unwrap_or_default();
            if matches!(name, "MIME-Version" | "Content-Type") {
                let number = number - line.len() - 2;
                let line = replace(Span { end: span.end + 1, ..*span }, "");
                out.push(vec![replace(word.span, number.to_string()), line]);
            }
        }
    }
    out
}

/// Always wrong: the payload has another length than is stated; or that is mended, and it is of another kind.
pub(super) fn of_another(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (message, word, number, lines) in counted(case) {
        let (Some(first), Some(last)) = (message.payload.first(), message.payload.last()) else {
            continue;
        };
        let Some(kind) = case.law.payload_kind(message) else { continue };
        let Some((other_kind, text)) = random.pick(&case.law.payloads) else { continue };
        let other: Vec<&str> = text.split('\n').collect();
        let edit = replace(first.to(*last), text.clone());
        if other != lines && !lengths(&other).contains(&number) {
            out.push(vec![edit.clone()]);
        }
        let strict = ["mime", "xml", "challenge-answer"];
        let apart =
            kind != *other_kind && [&kind, other_kind].iter().all(|k| strict.contains(&k.as_str()));
        if apart {
            out.push(vec![replace(word.span, plain_length(&other).to_string()), edit]);
        }
    }
    out
}

/// Always wrong: a raw `&`, or an element without its end, is no XML; the length is right. Not made where nobody knows whether
/// a payload is XML: its kind is `any`, and no header says so.
pub(super) fn xml_broken(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (message, word, number, lines) in counted(case) {
        let text = lines.join("\n");
        if case.law.payload_kind(message).as_deref() == Some("any") && !text.contains("+xml") {
            continue;
        }
        let Some(start) = xml_start(&text) else { continue };
        let Some(first) = message.payload.first() else { continue };
        let Some(xml) = text.get(start..) else { continue };
        let base = first.start as usize + start;
        for (at, found) in xml.match_indices("&amp; ").chain(xml.match_indices("&lt;")) {
            out.push(edited(
                word,
                number,
                base + at..base + at + found.len(),
                if found.len() == 6 { "& " } else { "<" },
            ));
        }
        for (at, _) in xml.match_indices("</") {
            let length = xml.get(at..).and_then(|rest| rest.find('>')).map_or(0, |end| end + 1);
            out.push(edited(word, number, base + at..base + at + length, ""));
            // Where text stands before the end of an element.
            let before = xml.get(..at).and_then(|before| before.chars().next_back());
            if before.is_some_and(char::is_alphanumeric) {
                out.push(edited(word, number, base + at..base + at, " & more"));
            }
        }
    }
    out
}

/// Where a payload's XML begins: at its start, or behind its headers, or as the value of one.
fn xml_start(text: &str) -> Option<usize> {
    if text.starts_with('<') {
        return Some(0);
    }
    let body = text.find("\n\n<").map(|at| at + 2);
    body.or_else(|| text.find("Mail-Data: <").map(|at| at + "Mail-Data: ".len()))
}

fn edited(word: &Word, number: usize, range: std::ops::Range<usize>, text: &str) -> Mutant {
    let span = Span::from(range);
    let number = number + text.len() - span.len();
    vec![replace(word.span, number.to_string()), replace(span, text)]
}

/// The payload of a message, as it stands on its page.
pub(crate) fn text(x: &crate::exchange::Exchange<'_>, message: &Message) -> Option<String> {
    let (first, last) = (message.payload.first()?, message.payload.last()?);
    Some(x.text(first.to(*last)).to_owned()).filter(|text| !text.trim().is_empty())
}
