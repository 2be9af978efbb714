//! What was found: rules, diagnostics, the report, and its renderers (one a file).
//!
//! A finding is data until the last moment; only a renderer turns it into text, and only neutralised
//! text. Renderers return strings: printing is the business of `cli`.

mod concise;
mod diagnostic;
mod example;
mod files;
mod fingerprint;
mod format;
mod full;
mod github;
mod gitlab;
mod json;
mod junit;
pub mod rules;
mod sarif;

pub use diagnostic::{Diagnostic, Label, Report};
pub use example::ExampleOutcome;
pub use files::{File, Files};
pub use fingerprint::fingerprints;
pub use format::{Format, Style, render};
pub use json::pretty;
pub use rules::{Rule, Severity};
