//! States that a session can be in before the first line of an exchange.

use crate::grammar::{Server, ServerSet};

/// What a session has reached when an exchange begins; what led there is left out, and every request of it answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Connected to a dispatch or notification server; nothing was sent.
    Connected,
    /// Logged in on a notification server: `USR` was answered with `OK`.
    Authenticated,
    /// Logged in, and the lists were fetched.
    Synchronized,
    /// Let in on a switchboard, by `USR` or `ANS`.
    InSwitchboard,
}

impl State {
    /// All of them, in the order a session reaches them.
    pub const ALL: [Self; 4] =
        [Self::Connected, Self::Authenticated, Self::Synchronized, Self::InSwitchboard];

    /// The word for it in an `after=` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Authenticated => "authenticated",
            Self::Synchronized => "synchronized",
            Self::InSwitchboard => "in-switchboard",
        }
    }

    /// Reads an `after=` value.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == text)
    }

    /// The kinds of server that the connection can be to.
    pub fn servers(self) -> ServerSet {
        match self {
            Self::Connected => [Server::Dispatch, Server::Notification].into_iter().collect(),
            Self::Authenticated | Self::Synchronized => {
                std::iter::once(Server::Notification).collect()
            }
            Self::InSwitchboard => std::iter::once(Server::Switchboard).collect(),
        }
    }
}
