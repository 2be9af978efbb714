//! Why a patch goes no further: it is refused, does not apply, or the machine cannot do it. And what is worth saying otherwise.

use std::fmt;

use crate::report::Severity;

/// Something in a mail that is against the policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// Number of the mail as it came, from 1; 0 for all of them together.
    pub mail: usize,
    /// The policy's name for it, in kebab case.
    pub reason: &'static str,
    /// What is in the mail, as a clause.
    pub message: String,
    /// What its sender, or its reader, can do.
    pub help: &'static str,
}

/// Something that its reader should know of a mail, besides what its change does to the wiki.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Number of the mail as it came, from 1; 0 for all of them together.
    pub mail: usize,
    /// A name in kebab case.
    pub name: &'static str,
    /// An error counts like a finding that the series introduces.
    pub severity: Severity,
    /// What it is, as a clause.
    pub message: String,
    /// What to do about it; empty where that is plain.
    pub help: &'static str,
}

/// Why there is no review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The policy forbids it.
    Refused(Vec<Refusal>),
    /// It does not apply to the tree: which mail, what git says, and what is known about it.
    Conflict {
        /// Number of the mail as it came, from 1; 0 where there is no patch at all.
        mail: usize,
        /// What is wrong, as a clause.
        message: String,
        /// What git says, a line each.
        said: Vec<String>,
        /// What to do about it.
        help: String,
    },
    /// The machine, the repository or git cannot do what was asked.
    Unusable {
        /// What is wrong, as a clause.
        message: String,
        /// What to do about it; empty where that is plain.
        help: String,
    },
}

impl Refusal {
    /// A refusal of mail `mail`.
    pub(super) fn new(
        mail: usize,
        reason: &'static str,
        message: impl Into<String>,
        help: &'static str,
    ) -> Self {
        Self { mail, reason, message: message.into(), help }
    }
}

impl Failure {
    /// The machine's fault.
    pub(super) fn unusable(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Unusable { message: message.into(), help: help.into() }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusals) => {
                let messages: Vec<&str> = refusals.iter().map(|r| r.message.as_str()).collect();
                out.write_str(&messages.join("; "))
            }
            Self::Conflict { message, .. } | Self::Unusable { message, .. } => {
                out.write_str(message)
            }
        }
    }
}

impl std::error::Error for Failure {}
