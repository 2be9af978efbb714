//! What an exchange is held against.

use super::payload::Convention;
use super::state::State;
use crate::grammar::{Grammar, Server, Version, VersionSet};

/// What an exchange is held against.
#[derive(Debug, Clone, Copy)]
pub struct Context<'g> {
    /// The forms.
    pub grammar: &'g Grammar,
    /// True if commands without a grammar are only noted.
    pub foreign: bool,
    /// The versions that the author states.
    pub claim: Option<Claim>,
    /// The command that the page is about; a stated range is strict for its lines only.
    pub subject: Option<&'g str>,
    /// The kind of server that the author states.
    pub server: Option<Server>,
    /// What the session has reached before the first line; `None` where nothing is said. Only the first connection of the
    /// exchange is in this state.
    pub after: Option<State>,
    /// How the author says that payload lines are joined.
    pub convention: Option<Convention>,
    /// The password that logins by MD5 use.
    pub password: Option<&'g str>,
    /// The binary secret that logins by SSO use, in base64.
    pub binary_secret: Option<&'g str>,
}

/// Versions that an author states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The versions.
    pub versions: VersionSet,
    /// For "since X" and "until X" the version X: such words say when something came or went, not that it was always the
    /// same. `None` where every version is meant.
    pub anchor: Option<Version>,
    /// True if the fence itself says so, and not the words around it.
    pub strict: bool,
}
