//! Lengths of payloads, counted as people count them.

use super::{Case, Mutant, replace};
use crate::exchange::{Message, Word};
use crate::law::{lengths, plain_length};
use crate::random::Random;

/// Messages with a payload: the word with its length, the number, and the lines.
pub(super) fn counted<'a>(
    case: &'a Case<'_>,
) -> impl Iterator<Item = (&'a Message, &'a Word, usize, Vec<&'a str>)> {
    let x = case.exchange;
    x.sound().filter_map(|(_, message)| {
        let (_, word) = message.of_kind("length")?;
        let number = word.text.parse().ok()?;
        let lines: Vec<&str> = message.payload.iter().map(|span| x.text(*span)).collect();
        Some((message, word, number, lines)).filter(|(.., lines)| number > 0 && !lines.is_empty())
    })
}

/// Always wrong: the lines make no payload of this length, however they are joined.
pub(super) fn off_by_one(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (_, word, number, lines) in counted(case) {
        let others = [number - 1, number + 1];
        let wrong = others.into_iter().filter(|other| !lengths(&lines).contains(other));
        out.extend(wrong.map(|other| vec![replace(word.span, other.to_string())]));
    }
    out
}

/// Always wrong: headers and what follows them have CRLF on the wire. In other payloads LF may be what was sent.
pub(super) fn of_lf(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (message, word, number, lines) in counted(case) {
        if lines.len() < 2 || case.law.payload_kind(message).as_deref() != Some("mime") {
            continue;
        }
        let breaks = number.saturating_sub(lines.iter().map(|line| line.len()).sum()) / 2;
        out.push(vec![replace(word.span, (number - breaks).to_string())]);
    }
    out
}

/// Always wrong: blanks at the end of a line are bytes, and a line end that is not there is none. Where the payload ends with
/// an empty line the text stands for both lengths, so these are not made.
pub(super) fn of_stripped(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (_, word, number, lines) in counted(case) {
        let stripped: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
        let lost = plain_length(&lines) - plain_length(&stripped);
        let others = [number + 2, number.saturating_sub(2), number.saturating_sub(lost)];
        let wrong = others.into_iter().filter(|other| !lengths(&lines).contains(other));
        out.extend(wrong.map(|other| vec![replace(word.span, other.to_string())]));
    }
    out
}
