//! `reply=`: what the server answers to the last client line of a fence, where the fence does not show it.

use crate::grammar::Direction;
use crate::msnp::{Message, Step, Transcript};
use crate::text::Span;

/// What an author says that the server answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// Some error.
    Error,
    /// Nothing: it closes the connection.
    Close,
    /// The error of this code.
    Code(String),
}

impl Reply {
    /// Reads a `reply=` value.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "error" => Some(Self::Error),
            "close" => Some(Self::Close),
            code if is_code(code) => Some(Self::Code(code.to_owned())),
            _ => None,
        }
    }
}

/// What becomes of a `reply=`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The fence shows it.
    Shown,
    /// It is a step without a line.
    Step(Step),
    /// It is this line of the server.
    Line(String),
    /// The fence shows another reply, in the wire text at this place.
    Other(Span),
    /// No client line is there to be answered.
    Nothing,
}

/// Holds a reply against the steps of its fence, which are those from number `first` on.
pub(super) fn answer(transcript: &Transcript, first: usize, reply: &Reply) -> Answer {
    let steps = transcript.steps.get(first..).unwrap_or_default();
    let messages: Vec<&Message> = steps.iter().filter_map(message).collect();
    let Some(asked) = messages.iter().rposition(|m| m.direction == Direction::Client) else {
        return Answer::Nothing;
    };
    let words = |message: &Message| {
        let line = transcript.text(message.span()).into_owned();
        let mut words = line.split(' ').map(str::to_owned);
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    };
    let id = messages.get(asked).map(|message| words(message).1).unwrap_or_default();
    let numbered = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let behind = messages.get(asked + 1..).unwrap_or_default();
    let shown = behind.iter().find(|message| numbered && words(message).1 == id);
    if let Some(shown) = shown {
        let code = words(shown).0;
        let same = match reply {
            Reply::Code(wanted) => *wanted == code,
            // A server may send an error before it closes.
            Reply::Error | Reply::Close => is_code(&code),
        };
        if !same {
            return Answer::Other(shown.span());
        }
        if *reply != Reply::Close {
            return Answer::Shown;
        }
    }
    match reply {
        Reply::Close => Answer::Step(Step::Closed(Direction::Server)),
        Reply::Code(code) if numbered => Answer::Line(format!("{code} {id}")),
        Reply::Code(_) | Reply::Error => Answer::Step(Step::Refused),
    }
}

fn message(step: &Step) -> Option<&Message> {
    match step {
        Step::Message(message) => Some(message),
        _ => None,
    }
}

fn is_code(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit())
}
