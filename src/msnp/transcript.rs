//! What was said on a wire, in order.

use std::borrow::Cow;

use crate::grammar::{Direction, Server};
use crate::text::Span;

/// Bytes of an exchange, and the steps they make. All spans are offsets in `wire`.
#[derive(Debug, Clone, Default)]
pub struct Transcript {
    /// The bytes. Pieces of a continued line stand next to each other; nothing is inserted for their joints.
    pub wire: Vec<u8>,
    /// What happened, in order.
    pub steps: Vec<Step>,
}

impl Transcript {
    /// The text of a span; bytes that are not UTF-8 become U+FFFD.
    pub fn text(&self, span: Span) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(span))
    }

    /// The bytes of a span; none where it does not fit.
    pub fn bytes(&self, span: Span) -> &[u8] {
        self.wire.get(span.range()).unwrap_or_default()
    }

    /// The messages in order.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.steps.iter().filter_map(|step| match step {
            Step::Message(message) => Some(message),
            _ => None,
        })
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Somebody sent a message.
    Message(Message),
    /// Something is left out here.
    Gap,
    /// One side closed the connection.
    Closed(Direction),
    /// The client opened a connection.
    Opened,
    /// What follows stands apart: it may be on another connection.
    Pause,
    /// The server answered the last request with an error that is not shown.
    Refused,
}

/// A command line and its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who sent it.
    pub direction: Direction,
    /// The line, without its ending, in one or more pieces. Never empty.
    pub pieces: Vec<Span>,
    /// How each piece but the first joins the one before; one shorter than `pieces`.
    pub joints: Vec<Joint>,
    /// The payload.
    pub payload: Payload,
    /// The server that it is said to be exchanged with; `None` where nobody says.
    pub server: Option<Server>,
}

impl Message {
    /// A message of one piece without a payload.
    pub fn line(direction: Direction, line: Span) -> Self {
        Self {
            direction,
            pieces: vec![line],
            joints: Vec::new(),
            payload: Payload::Lines(Vec::new()),
            server: None,
        }
    }

    /// From the first byte of the line to its last.
    pub fn span(&self) -> Span {
        let first = self.pieces.first().copied().unwrap_or_default();
        self.pieces.last().map_or(first, |last| first.to(*last))
    }
}

/// How a continued line goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// With one blank.
    Blank,
    /// With nothing.
    Tight,
    /// Either, whichever makes sense.
    Either,
}

/// What follows a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// Lines as an author wrote them, endings left out: how they were joined on the wire is to be found out.
    Lines(Vec<Span>),
    /// The very bytes.
    Bytes(Span),
}

impl Payload {
    /// True if nothing but empty lines is there.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Lines(lines) => lines.iter().all(|line| line.is_empty()),
            Self::Bytes(bytes) => bytes.is_empty(),
        }
    }

    /// From the first byte to the last; `None` where there are no lines.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Lines(lines) => {
                let first = lines.first()?;
                lines.last().map(|last| first.to(*last))
            }
            Self::Bytes(bytes) => Some(*bytes),
        }
    }
}
