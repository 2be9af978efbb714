//! What stands inside the values and the payload of a message: objects and their digests,
//! messages of known content types, documents in XML and the checksums of policies in them.
//!
//! In: a message that fits a form and is not refused. Out: problems. Each kind of content has a file of its own; this one
//! only hands it the text and its place. A payload that stands for something else is not looked into.

use super::context::Context;
use super::mime;
use super::object;
use super::policy;
use super::problem::Problem;
use super::seen::Seen;
use super::template::is_payload_template;
use super::transcript::Payload;
use super::wildcard;
use super::xml;
use crate::grammar::Form;
use crate::text::Span;

/// Looks into the values and the payload of a message. `bytes` are the payload as it goes over the wire; `None` where its
/// length is wrong, or some of it is not shown.
pub(super) fn hold(
    seen: &Seen<'_, '_>,
    bytes: Option<&[u8]>,
    context: &Context<'_>,
) -> Vec<Problem> {
    let mut problems = values(seen);
    let Some((form, span)) = payload(seen) else { return problems };
    if form.payload.as_deref() == Some("mime") {
        problems.extend(mime::hold(seen.transcript, &seen.message.payload, context.grammar));
    }
    if is_wild(seen) {
        return problems;
    }
    let text = seen.transcript.text(span);
    problems.extend(object::hold_payload(&text, span));
    if form.payload.as_deref() == Some("xml") {
        let Some(bytes) = bytes else { return problems };
        let document = String::from_utf8_lossy(bytes);
        problems.extend(xml::hold(&document, form, span));
        problems.extend(policy::hold(&document, &text, span));
    }
    problems
}

fn values(seen: &Seen<'_, '_>) -> Vec<Problem> {
    let found = seen.matches.iter().find_map(|m| m.word_of_kind("msnobj", seen.words));
    // Of what is not shown nothing can be said.
    let found = found.filter(|word| word.wild.is_none());
    found.and_then(|word| object::hold_value(&word.text, word.span)).into_iter().collect()
}

/// The form of the message and where its payload stands, if it is there to be looked into.
fn payload<'m>(seen: &Seen<'_, 'm>) -> Option<(&'m Form, Span)> {
    let form = seen.matches.iter().map(|m| m.form).find(|form| form.payload.is_some())?;
    let payload = &seen.message.payload;
    if let Payload::Lines(lines) = payload {
        let stands_for = |span: &Span| {
            wildcard::find(seen.transcript.bytes(*span)).is_empty()
                && is_payload_template(&seen.transcript.text(*span))
        };
        if lines.iter().any(stands_for) {
            return None;
        }
    }
    payload.span().filter(|span| !span.is_empty()).map(|span| (form, span))
}

/// True if a line of the payload has a wildcard.
fn is_wild(seen: &Seen<'_, '_>) -> bool {
    let Payload::Lines(lines) = &seen.message.payload else { return false };
    lines.iter().any(|line| !wildcard::find(seen.transcript.bytes(*line)).is_empty())
}
