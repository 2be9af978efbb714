//! What stands inside the values and the payload of a message: objects and their digests,
//! messages of known content types.
//!
//! In: a message that fits a form and is not refused. Out: problems. Each kind of content has a file of its own; this one
//! only hands it the text and its place. A payload that stands for something else is not looked into.

use super::mime;
use super::object;
use super::problem::Problem;
use super::template::is_payload_template;
use super::transcript::Payload;
use super::validate::Seen;
use crate::grammar::Grammar;
use crate::text::Span;

/// Looks into the values and the payload of a message.
pub(super) fn hold(seen: &Seen<'_, '_>, grammar: &Grammar) -> Vec<Problem> {
    let mut problems = values(seen);
    let Some((kind, span)) = payload(seen) else { return problems };
    let text = seen.transcript.text(span);
    problems.extend(object::hold_payload(&text, span));
    if kind == "mime" {
        problems.extend(mime::hold(seen.transcript, &seen.message.payload, grammar));
    }
    problems
}

fn values(seen: &Seen<'_, '_>) -> Vec<Problem> {
    let found = seen.matches.iter().find_map(|m| m.word_of_kind("msnobj", seen.words));
    found.and_then(|word| object::hold_value(&word.text, word.span)).into_iter().collect()
}

/// The kind of the payload and where it stands, if it is there to be looked into.
fn payload<'s>(seen: &Seen<'s, 's>) -> Option<(&'s str, Span)> {
    let kind = seen.matches.iter().find_map(|m| m.form.payload.as_deref())?;
    let payload = &seen.message.payload;
    if let Payload::Lines(lines) = payload {
        let stands_for = |span: &Span| is_payload_template(&seen.transcript.text(*span));
        if lines.iter().any(stands_for) {
            return None;
        }
    }
    payload.span().filter(|span| !span.is_empty()).map(|span| (kind, span))
}
