//! Documented failures: which messages the exchange shows to be refused.
//!
//! A client is wrong on purpose, and the server answers with an error or closes the connection. Such a message may break
//! the grammar.

use std::borrow::Cow;

use super::transcript::{Message, Step, Transcript};
use crate::grammar::{Direction, Grammar};

/// How a server refuses a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It does not.
    No,
    /// It answers with an error.
    Error,
    /// It closes the connection.
    Close,
}

/// For each message, how the exchange shows that the server refuses it.
pub(super) fn refused(
    transcript: &Transcript,
    messages: &[&Message],
    grammar: &Grammar,
) -> Vec<Refusal> {
    let mut refused = vec![Refusal::No; messages.len()];
    let second = |message: &Message| words(transcript, message).1;
    let is_error = |message: &Message| {
        let code = words(transcript, message).0;
        message.direction == Direction::Server
            && code.len() == 3
            && code.bytes().all(|byte| byte.is_ascii_digit())
    };
    for (index, message) in messages.iter().enumerate() {
        if !is_error(message) {
            continue;
        }
        let trid = second(message);
        let asked =
            |at: &usize| messages.get(*at).is_some_and(|m| m.direction == Direction::Client);
        let mut before = (0..index).rev().filter(asked);
        let same = before.clone().find(|at| messages.get(*at).and_then(|m| second(m)) == trid);
        if let Some(slot) = same.or_else(|| before.next()).and_then(|at| refused.get_mut(at)) {
            *slot = Refusal::Error;
        }
    }
    closed(transcript, messages, grammar, &mut refused);
    refused
}

/// The command word of a message, and its second word if it has one.
fn words<'t>(
    transcript: &'t Transcript,
    message: &Message,
) -> (Cow<'t, str>, Option<Cow<'t, str>>) {
    let mut words = transcript.bytes(message.span()).split(|byte| *byte == b' ');
    let name = words.next().map(String::from_utf8_lossy).unwrap_or_default();
    (name, words.next().map(String::from_utf8_lossy))
}

/// Marks the last request before the server closes, unless it was answered.
fn closed(
    transcript: &Transcript,
    messages: &[&Message],
    grammar: &Grammar,
    refused: &mut [Refusal],
) {
    // True for a command with which a server always ends the connection.
    let ends = |name: &str| {
        let forms = grammar.command(name).into_iter().flat_map(|command| &command.forms);
        let mut sent = forms.filter(|form| form.direction == Direction::Server).peekable();
        sent.peek().is_some() && sent.all(|form| form.closes)
    };
    let words =
        |at: usize| messages.get(at).map(|message| words(transcript, message)).unwrap_or_default();
    let mut open: Option<usize> = None;
    let mut count = 0;
    for step in &transcript.steps {
        let closes = match step {
            Step::Refused => {
                if let Some(slot) = open.take().and_then(|at| refused.get_mut(at)) {
                    *slot = Refusal::Error;
                }
                false
            }
            Step::Message(message) => {
                let (name, trid) = words(count);
                let server = message.direction == Direction::Server;
                if !server {
                    open = Some(count);
                }
                let closes = server && ends(&name);
                let (asked, asked_trid) = open.map(words).unwrap_or_default();
                // Where the request's id is broken, the grammar tells whether the line answers it.
                let broken = asked_trid.is_none_or(|trid| trid.parse::<u32>().is_err());
                let replies = broken && is_reply(grammar, &name, trid.as_deref(), &asked);
                // What answers something else, or nothing, leaves the request open; what has no id may answer it, but
                // not where it only closes.
                let answered = open.is_some_and(|asked| {
                    let (_, asked_trid) = words(asked);
                    asked_trid.as_ref().map_or(!closes, |asked| Some(asked) == trid.as_ref())
                });
                if server && (answered || replies) {
                    open = None;
                }
                count += 1;
                closes
            }
            Step::Pause => false,
            Step::Closed(Direction::Server) => true,
            Step::Closed(Direction::Client) | Step::Opened | Step::Gap => {
                open = None;
                false
            }
        };
        if closes && let Some(slot) = open.take().and_then(|at| refused.get_mut(at)) {
            *slot = Refusal::Close;
        }
    }
}

/// True if a server's line of this name and transaction id answers a command, by what the grammar says.
fn is_reply(grammar: &Grammar, name: &str, trid: Option<&str>, asked: &str) -> bool {
    let forms = grammar.command(name).into_iter().flat_map(|command| &command.forms);
    let mut answers = forms.flat_map(|form| &form.answers);
    let number = trid.and_then(|trid| trid.parse::<u32>().ok());
    number.is_some_and(|id| id != 0) && answers.any(|answer| answer.command == asked)
}
