//! Replies that repeat what was asked.
//!
//! Where a command's request and reply have a parameter of the same name, the reply's is the request's. A page that gives
//! them different names says that they differ.

use super::problem::Problem;
use super::said::{Said, Spoken, Value};
use crate::grammar::{Form, Piece};
use crate::report::rules;
use crate::text::FixLevel;

/// A problem where `reply` does not repeat what `request` says, or what requests of its command before it said; the
/// latest comes last.
pub(super) fn hold(reply: &Said<'_>, request: &Said<'_>, before: &[&Said<'_>]) -> Option<Problem> {
    if reply.name != request.name {
        return None;
    }
    let mut first = None;
    for spoken in &reply.readings {
        let problem = differs(spoken, request, before)
            .or_else(|| lacks(spoken, reply, request))
            .or_else(|| adds(spoken, request))?;
        first.get_or_insert(problem);
    }
    first
}

fn differs(reply: &Spoken<'_>, request: &Said<'_>, before: &[&Said<'_>]) -> Option<Problem> {
    reply.values.iter().filter(|value| is_repeated(value)).find_map(|value| {
        let requests = std::iter::once(request).chain(before.iter().rev().copied());
        let mut asked = requests.map(|said| said.named(value.name).collect::<Vec<_>>());
        let mut asked = asked.find(|asked| !asked.is_empty())?;
        asked.sort_by_key(|asked| asked.span);
        asked.dedup_by_key(|asked| asked.span);
        if asked.iter().any(|asked| asked.same(value)) {
            return None;
        }
        Some(different(reply.form, value, &asked))
    })
}

fn different(form: &Form, value: &Value<'_>, asked: &[&Value<'_>]) -> Problem {
    let name = &form.name;
    let mut texts: Vec<String> = asked.iter().map(|asked| format!("`{}`", asked.text)).collect();
    texts.dedup();
    let text = format!(
        "`{name}` repeats the `{}` of its request, which is {}, not `{}`",
        value.name,
        texts.join(" or "),
        value.text
    );
    let mut problem = Problem::new(&rules::ECHO_MISMATCH, value.span, text)
        .here(format!("should be {}", texts.join(" or ")))
        .help("repeat what was asked, or ask for what is answered");
    if let Some(first) = asked.first() {
        problem = problem.label(first.span, "asked here");
    }
    match asked {
        [one] => problem.fix(FixLevel::Unsafe, value.span, one.text.clone()),
        _ => problem,
    }
}

/// A problem where the reply leaves out what the request has and its form could repeat.
fn lacks(reply: &Spoken<'_>, said: &Said<'_>, request: &Said<'_>) -> Option<Problem> {
    let spoken = request.readings.first()?;
    let asked = spoken.values.iter().find(|value| {
        is_repeated(value)
            && can_have(reply.form, value.name)
            && reply.named(value.name).next().is_none()
    })?;
    let name = &reply.form.name;
    let text = format!("`{name}` leaves out the `{}` of its request", asked.name);
    let problem = Problem::new(&rules::ECHO_MISMATCH, said.line, text);
    Some(problem.label(asked.span, "asked here").help("repeat what was asked"))
}

/// A problem where the reply has what the request leaves out, though its form could have it.
fn adds(reply: &Spoken<'_>, request: &Said<'_>) -> Option<Problem> {
    let added = reply.values.iter().find(|value| {
        is_repeated(value)
            && request.forms().all(|form| can_have(form, value.name))
            && request.named(value.name).next().is_none()
    })?;
    let name = &reply.form.name;
    let text = format!("`{name}` has a `{}` that its request leaves out", added.name);
    let problem = Problem::new(&rules::ECHO_MISMATCH, added.span, text);
    Some(problem.label(request.line, "the request").help("ask for what is answered"))
}

fn is_repeated(value: &Value<'_>) -> bool {
    !value.name.is_empty() && !matches!(value.kind, "trid" | "length")
}

fn can_have(form: &Form, wanted: &str) -> bool {
    form.shapes.iter().flatten().any(|piece| match piece {
        Piece::Parameter(parameter) => parameter.name == wanted,
        Piece::Choice { name, .. } => name == wanted,
        Piece::Literal(_) | Piece::Optional(_) => false,
    })
}
