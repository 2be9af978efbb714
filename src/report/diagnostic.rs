//! One finding, and all of them.

use std::sync::Arc;

use super::{Rule, Severity};
use crate::text::{Fix, Span};

/// A second place that helps to understand a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where, in the finding's file.
    pub span: Span,
    /// What is there, as a short clause.
    pub text: String,
}

/// One finding about one place of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// Path of the file, relative to the book's source folder.
    pub path: String,
    /// Where in the file.
    pub span: Span,
    /// What is wrong, as a clause; code in backticks.
    pub message: String,
    /// What to say at the span itself; empty for nothing.
    pub here: String,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// How to mend it, a sentence each.
    pub help: Vec<String>,
    /// Edits that mend it.
    pub fix: Option<Fix>,
    /// Headings above the example the finding is about, joined by ` > `; `None` outside examples.
    pub example: Option<String>,
    /// Names of the protocol versions concerned, in order; empty where versions play no part.
    pub versions: Vec<String>,
}

impl Diagnostic {
    /// A finding with nothing but its place and message.
    pub fn new(
        rule: &'static Rule,
        path: impl Into<String>,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            path: path.into(),
            span,
            message: message.into(),
            here: String::new(),
            labels: Vec::new(),
            help: Vec::new(),
            fix: None,
            example: None,
            versions: Vec::new(),
        }
    }

    /// Adds a sentence on how to mend it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds what to say at the span.
    #[must_use]
    pub fn with_here(mut self, here: impl Into<String>) -> Self {
        self.here = here.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn with_label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds edits that mend it.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

/// All findings of a run, in the order of paths and places. Invariant: sorted, no two alike.
#[derive(Debug, Clone, Default)]
pub struct Report {
    diagnostics: Arc<[Diagnostic]>,
}

impl Report {
    /// Sorts the findings and drops repetitions.
    pub fn new(mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by(|a, b| {
            let one = (&a.path, a.span, a.rule.name, &a.message);
            one.cmp(&(&b.path, b.span, b.rule.name, &b.message))
        });
        diagnostics.dedup_by(|a, b| {
            a.path == b.path
                && a.span == b.span
                && a.rule.name == b.rule.name
                && a.message == b.message
        });
        Self { diagnostics: diagnostics.into() }
    }

    /// The same report without the findings of the rules named.
    #[must_use]
    pub fn without(&self, rules: &[String]) -> Self {
        if rules.is_empty() {
            return self.clone();
        }
        let off = |d: &&Diagnostic| !rules.iter().any(|name| name == d.rule.name);
        Self { diagnostics: self.diagnostics.iter().filter(off).cloned().collect() }
    }

    /// The findings in order.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|d| d.rule.severity == severity).count()
    }

    /// The highest severity there is; `None` for an empty report.
    pub fn worst(&self) -> Option<Severity> {
        self.diagnostics.iter().map(|d| d.rule.severity).max()
    }
}
