//! Values that a server hands out and a client gives back: the cookie and the name of a switchboard's conversation.
//!
//! What a client gives back together was handed out together: `ANS` repeats both values of a `RNG`, the login on a
//! switchboard the cookie of an `XFR`.

use super::problem::Problem;
use super::said::{Said, Spoken, Value};
use super::value;
use crate::grammar::Direction;
use crate::report::rules;
use crate::text::{FixLevel, Span};

/// What servers handed out in an exchange, in order.
#[derive(Debug, Default)]
pub(super) struct Issued {
    handed_out: Vec<Vec<Given>>,
}

/// Kind, text and place.
type Given = (String, String, Span);

impl Issued {
    /// Notes what a server hands out; a problem where a client gives back something else.
    pub(super) fn hold(&mut self, said: &Said<'_>) -> Option<Problem> {
        let values = said.readings.first().map(issued).unwrap_or_default();
        if values.is_empty() {
            return None;
        }
        if said.direction == Direction::Server {
            let own =
                |value: &&Value<'_>| (value.kind.to_owned(), value.text.to_string(), value.span);
            self.handed_out.push(values.iter().map(own).collect());
            return None;
        }
        let kinds = |given: &&Vec<Given>| {
            given.len() == values.len()
                && values.iter().all(|v| given.iter().any(|(kind, ..)| kind == v.kind))
        };
        let given: Vec<&Vec<Given>> = self.handed_out.iter().filter(kinds).collect();
        let differs = |given: &[Given]| {
            let other = |v: &&&Value<'_>| !given.iter().any(|(k, t, _)| k == v.kind && fits(t, v));
            values.iter().find(other).copied().cloned()
        };
        if given.iter().any(|given| differs(given).is_none()) {
            return None;
        }
        let last = given.last()?;
        // Another cookie and another name are another conversation.
        let same = |v: &&&Value<'_>| last.iter().any(|(k, t, _)| k == v.kind && *t == v.text);
        if values.len() > 1 && !values.iter().any(|value| same(&value)) {
            return None;
        }
        let wrong = differs(last)?;
        let (_, right, span) = last.iter().find(|(kind, ..)| kind == wrong.kind)?;
        let text =
            format!("the server handed out `{right}`, but the client gives back `{}`", wrong.text);
        let problem = Problem::new(&rules::ISSUED_VALUE, wrong.span, text)
            .here(format!("should be `{right}`"))
            .label(*span, "handed out here")
            .help("a client gives back exactly what it was given");
        Some(problem.fix(FixLevel::Unsafe, wrong.span, right.clone()))
    }
}

/// True if what was handed out can be what is given back; of what is not shown nothing can be said.
fn fits(given: &str, back: &Value<'_>) -> bool {
    given == back.text
        || given.contains("[..")
        || back.wild.as_ref().is_some_and(|pattern| pattern.could_be_text(given))
}

fn issued<'s, 'a>(spoken: &'s Spoken<'a>) -> Vec<&'s Value<'a>> {
    spoken.values.iter().filter(|value| value::is_issued(value.kind)).collect()
}
