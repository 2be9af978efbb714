//! What the engine finds, in places of the wire text.

use super::payload::Convention;
use crate::report::Rule;
use crate::text::{FixLevel, Span};

/// A finding about an exchange. Spans are offsets in the transcript's bytes.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// Where.
    pub span: Span,
    /// What is wrong, as a clause.
    pub message: String,
    /// What to say at the span; empty for nothing.
    pub here: String,
    /// Other places, and what is there.
    pub labels: Vec<(Span, String)>,
    /// How to mend it, a sentence each.
    pub help: Vec<String>,
    /// Edits that mend it.
    pub fix: Option<WireFix>,
    /// How the author should say that payload lines are joined.
    pub convention: Option<Convention>,
    /// True if it is about the versions that the author states.
    pub about_claim: bool,
    /// Names of the versions concerned.
    pub versions: Vec<String>,
}

/// Edits to the wire text.
#[derive(Debug, Clone)]
pub struct WireFix {
    /// How far they can be trusted.
    pub level: FixLevel,
    /// Each a place and what stands there instead.
    pub edits: Vec<(Span, String)>,
}

impl Problem {
    /// A problem with nothing but its place and message.
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            span,
            message: message.into(),
            here: String::new(),
            labels: Vec::new(),
            help: Vec::new(),
            fix: None,
            convention: None,
            about_claim: false,
            versions: Vec::new(),
        }
    }

    /// Adds what to say at the span.
    #[must_use]
    pub fn here(mut self, here: impl Into<String>) -> Self {
        self.here = here.into();
        self
    }

    /// Adds a sentence on how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push((span, text.into()));
        self
    }

    /// Adds the one edit that mends it.
    #[must_use]
    pub fn fix(mut self, level: FixLevel, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(WireFix { level, edits: vec![(span, text.into())] });
        self
    }
}
