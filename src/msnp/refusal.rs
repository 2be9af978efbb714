//! Documented failures: which messages the exchange shows to be refused.
//!
//! A client is wrong on purpose, and the server answers with an error or closes the connection. Such a message may break
//! the grammar.

use super::transcript::{Message, Step, Transcript};
use crate::grammar::Direction;

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
pub(super) fn refused(transcript: &Transcript, messages: &[&Message]) -> Vec<Refusal> {
    let mut refused = vec![Refusal::No; messages.len()];
    let second = |message: &Message| {
        let line = transcript.text(message.span());
        line.split(' ').nth(1).map(str::to_owned)
    };
    let is_error = |message: &Message| {
        let line = transcript.text(message.span());
        let code = line.split(' ').next().unwrap_or_default().to_owned();
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
    let mut last_message: Option<usize> = None;
    let mut count = 0;
    for step in &transcript.steps {
        match step {
            Step::Message(message) => {
                last_message = (message.direction == Direction::Client).then_some(count);
                count += 1;
            }
            Step::Closed(Direction::Server) => {
                if let Some(slot) = last_message.take().and_then(|at| refused.get_mut(at)) {
                    *slot = Refusal::Close;
                }
            }
            Step::Closed(Direction::Client) | Step::Opened | Step::Gap => last_message = None,
        }
    }
    refused
}
