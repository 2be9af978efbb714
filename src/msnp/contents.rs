//! What stands inside the values and the payload of a message: objects and their digests.
//!
//! In: a message that fits a form and is not refused. Out: problems. Each kind of content has a file of its own; this one
//! only hands it the text and its place. A payload that stands for something else is not looked into.

use super::object;
use super::problem::Problem;
use super::template::is_payload_template;
use super::transcript::Payload;
use super::validate::Seen;
use crate::text::Span;

/// Looks into the values and the payload of a message.
pub(super) fn hold(seen: &Seen<'_, '_>) -> Vec<Problem> {
    let mut problems = values(seen);
    if let Some(span) = payload(seen) {
        let text = seen.transcript.text(span);
        problems.extend(object::hold_payload(&text, span));
    }
    problems
}

fn values(seen: &Seen<'_, '_>) -> Vec<Problem> {
    let found = seen.matches.iter().find_map(|m| m.word_of_kind("msnobj", seen.words));
    found.and_then(|word| object::hold_value(&word.text, word.span)).into_iter().collect()
}

/// Where the payload stands, if it is there to be looked into.
fn payload(seen: &Seen<'_, '_>) -> Option<Span> {
    seen.matches.iter().find(|m| m.form.payload.is_some())?;
    let payload = &seen.message.payload;
    if let Payload::Lines(lines) = payload {
        let stands_for = |span: &Span| is_payload_template(&seen.transcript.text(*span));
        if lines.iter().any(stands_for) {
            return None;
        }
    }
    payload.span().filter(|span| !span.is_empty())
}
