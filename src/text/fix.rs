//! Changes to a text that a finding can offer.

use super::Span;

/// One replacement in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
}

/// Edits that together mend one finding. Invariant: the edits' spans ascend and do not overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// How far the fix can be trusted.
    pub level: FixLevel,
    /// The edits, all in the finding's file.
    pub edits: Vec<Edit>,
}

/// How far a fix can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FixLevel {
    /// Says what the author meant beyond doubt.
    Safe,
    /// Probably what the author meant; applied only on request.
    Unsafe,
    /// Shown, never applied.
    Displayed,
}

impl FixLevel {
    /// The word for it in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::Displayed => "displayed",
        }
    }
}
