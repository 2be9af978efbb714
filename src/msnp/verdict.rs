//! What is understood of an exchange.

use super::message::WireToken;
use super::problem::Problem;
use crate::grammar::VersionSet;

/// What is understood of an exchange.
#[derive(Debug, Clone, Default)]
pub struct Verdict<'g> {
    /// Versions in which every message is legal.
    pub versions: VersionSet,
    /// One a message, in order.
    pub messages: Vec<MessageVerdict<'g>>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// What is understood of a message.
#[derive(Debug, Clone, Default)]
pub struct MessageVerdict<'g> {
    /// Its words with their meaning; only the command word where the line fits no form.
    pub tokens: Vec<WireToken<'g>>,
    /// Versions in which it is legal.
    pub versions: VersionSet,
    /// How far it was checked.
    pub state: MessageState,
    /// All its bytes as they are on the wire, payload included; `None` where some are not shown, or the line fits no form.
    pub bytes: Option<Vec<u8>>,
    /// The forms that it fits, by their index among those of its command; empty for none.
    pub forms: Vec<usize>,
}

/// How far a message was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MessageState {
    /// Against the grammar.
    #[default]
    Checked,
    /// Not at all: it stands for many lines.
    Template,
    /// Not at all: its command has no grammar.
    Unknown,
}
