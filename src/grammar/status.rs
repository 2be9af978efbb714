//! How a fact is known: said of forms, of open questions and of statements in prose.

/// How a fact is known, from the surest down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Seen in bytes that official clients or Microsoft's servers sent.
    Observed,
    /// In the Internet-Draft of 1999.
    Draft,
    /// Told by people who watched the protocol; their bytes are not at hand.
    Described,
    /// What a client's code does.
    Client,
    /// What the code of a server does that others wrote.
    Server,
    /// Nobody has shown it, but it is likely.
    Assumed,
    /// Nobody knows.
    Unknown,
}

impl Status {
    /// All of them, the surest first.
    pub const ALL: [Self; 7] = [
        Self::Observed,
        Self::Draft,
        Self::Described,
        Self::Client,
        Self::Server,
        Self::Assumed,
        Self::Unknown,
    ];

    /// The word for it in a wiki: `observed`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Draft => "draft",
            Self::Described => "described",
            Self::Client => "client",
            Self::Server => "server",
            Self::Assumed => "assumed",
            Self::Unknown => "unknown",
        }
    }

    /// The phrase for it: `observed in recorded sessions`.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Observed => "observed in recorded sessions",
            Self::Draft => "from the draft of 1999",
            Self::Described => "described by observers",
            Self::Client => "from a client's code",
            Self::Server => "from a server's code",
            Self::Assumed => "assumed",
            Self::Unknown => "unconfirmed",
        }
    }

    /// The status that a word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}
