//! A form: one way a command can be written, for some versions, in one direction.

use super::{Status, VersionSet};
use crate::text::Span;

/// Who sends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The client.
    Client,
    /// The server.
    Server,
}

impl Direction {
    /// `client` or `server`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }

    /// What a line of it begins with, in grammar and examples: `C:` or `S:`.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Client => "C:",
            Self::Server => "S:",
        }
    }
}

/// A kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Server {
    /// Tells a client which notification server to use.
    Dispatch,
    /// Login, lists, presence.
    Notification,
    /// One conversation.
    Switchboard,
}

impl Server {
    /// All of them, in the order a client meets them.
    pub const ALL: [Self; 3] = [Self::Dispatch, Self::Notification, Self::Switchboard];

    /// Reads `ds`, `ns` or `sb`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|server| server.code().eq_ignore_ascii_case(text))
    }

    /// `DS`, `NS` or `SB`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Dispatch => "DS",
            Self::Notification => "NS",
            Self::Switchboard => "SB",
        }
    }

    /// The name in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dispatch => "dispatch server",
            Self::Notification => "notification server",
            Self::Switchboard => "switchboard",
        }
    }
}

/// A set of kinds of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ServerSet(u8);

impl ServerSet {
    /// No server.
    pub const EMPTY: Self = Self(0);

    /// All three.
    pub fn all() -> Self {
        Server::ALL.into_iter().collect()
    }

    /// Reads a `server=` value: `ns`, `ds|ns`. An error names the part that cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let server = |part: &str| {
            Server::parse(part.trim())
                .ok_or_else(|| format!("`{part}` is not a server: `ds`, `ns` or `sb`"))
        };
        text.split('|').map(server).collect()
    }

    /// True if it holds none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True if it holds `server`.
    pub fn contains(self, server: Server) -> bool {
        self.0 & (1 << server as u8) != 0
    }

    /// The servers in both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The servers in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The servers in order.
    pub fn iter(self) -> impl Iterator<Item = Server> {
        Server::ALL.into_iter().filter(move |server| self.contains(*server))
    }
}

impl FromIterator<Server> for ServerSet {
    fn from_iter<I: IntoIterator<Item = Server>>(servers: I) -> Self {
        Self(servers.into_iter().fold(0, |bits, server| bits | (1 << server as u8)))
    }
}

/// A value in a form: its name, its kind, and what may surround it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// What the page explains it as.
    pub name: String,
    /// Name of its kind of value.
    pub kind: String,
    /// Literal text glued to the front, such as `N=`; mostly empty.
    pub prefix: String,
    /// True if it is a comma list of values of the kind.
    pub list: bool,
    /// True if it stands for one or more parameters, all of the kind; only in last place.
    pub repeated: bool,
    /// Where the form names it.
    pub span: Span,
}

/// What a form is made of, in the order of the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A parameter that is always these characters.
    Literal(String),
    /// A parameter that is one of these words; the name is what the page explains it as.
    Choice {
        /// Name of the parameter; empty for none.
        name: String,
        /// The words.
        words: Vec<String>,
    },
    /// A parameter with a value.
    Parameter(Parameter),
    /// Parameters that may be left out, all together.
    Optional(Vec<Self>),
}

impl Piece {
    /// Name and kind of the value it stands for; the kind of a choice is empty. `None` for literals, choices without a name,
    /// and groups.
    pub fn named(&self) -> Option<(&str, &str)> {
        match self {
            Self::Parameter(parameter) => Some((&parameter.name, &parameter.kind)),
            Self::Choice { name, .. } if !name.is_empty() => Some((name, "")),
            Self::Choice { .. } | Self::Literal(_) | Self::Optional(_) => None,
        }
    }
}

/// What is known of a payload in XML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Xml {
    /// Names that its outermost element can have; empty for any.
    pub roots: Vec<String>,
    /// Elements whose text can be another document, entity-encoded.
    pub inner: Vec<String>,
}

impl Xml {
    /// Reads what follows `payload xml`: `A|B` for the roots, `inner=C|D`; `None` where it cannot be read.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':');
        let mut xml = Self::default();
        for word in text.split_whitespace() {
            let (inner, names) = match word.strip_prefix("inner=") {
                Some(names) => (true, names),
                None => (false, word),
            };
            let names: Vec<String> = names.split('|').map(str::to_owned).collect();
            if names.iter().any(|name| name.is_empty() || !name.bytes().all(plain)) {
                return None;
            }
            let known = if inner { &mut xml.inner } else { &mut xml.roots };
            known.extend(names);
        }
        Some(xml)
    }
}

/// A request that a form answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its command word.
    pub command: String,
    /// Words of which the request has one; empty for any request of that name.
    pub words: Vec<String>,
}

/// Where on a connection a form can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In front: a connection begins with it.
    First,
    /// Anywhere, but not twice.
    Once,
}

/// What a form has to do with a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// It may come before the login is done.
    Before,
    /// With it the login is done.
    Done,
}

/// One line of a grammar fence.
#[derive(Debug, Clone)]
pub struct Form {
    /// Command word, or the three digits of an error.
    pub name: String,
    /// Who sends it.
    pub direction: Direction,
    /// On which servers.
    pub servers: ServerSet,
    /// In which versions.
    pub versions: VersionSet,
    /// What follows the name.
    pub pieces: Vec<Piece>,
    /// Every way to write the pieces, optional ones taken or left, longest first; none is [`Piece::Optional`].
    pub shapes: Vec<Vec<Piece>>,
    /// Kind of the payload; `None` for a line without one. The line's last parameter is then its length.
    pub payload: Option<String>,
    /// What is known of the payload where it is XML.
    pub xml: Xml,
    /// True if a server may send it unasked, with transaction id 0.
    pub asynchronous: bool,
    /// The requests it answers; empty for the one of its own name.
    pub answers: Vec<Request>,
    /// The command whose answer it is a row of.
    pub inside: Option<String>,
    /// Name of that answer's parameter that says how many such rows there are.
    pub counted: Option<String>,
    /// Where it can stand on a connection; `None` for anywhere.
    pub place: Option<Place>,
    /// What the server must have said before it on the connection.
    pub follows: Option<Request>,
    /// What it has to do with a login.
    pub login: Option<Login>,
    /// True if the connection ends after it.
    pub closes: bool,
    /// Who writes it so, where the protocol asks for something else.
    pub variant: Option<String>,
    /// How sure it is.
    pub status: Option<Status>,
    /// Path of the page that declares it.
    pub path: String,
    /// Where on that page.
    pub span: Span,
    /// The form as written, without direction and attributes.
    pub text: String,
}

impl Form {
    /// Its pieces in the order of the wire, also those that may be left out; none is [`Piece::Optional`].
    pub fn leaves(&self) -> Vec<&Piece> {
        let mut leaves = Vec::new();
        let mut rest: Vec<&Piece> = self.pieces.iter().rev().collect();
        while let Some(piece) = rest.pop() {
            match piece {
                Piece::Optional(inner) => rest.extend(inner.iter().rev()),
                leaf => leaves.push(leaf),
            }
        }
        leaves
    }
}
