//! Headings and their ids.

use super::Inline;
use crate::text::Span;

/// A heading.
#[derive(Debug, Clone)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text, with markup.
    pub inlines: Vec<Inline>,
    /// Its text, without markup.
    pub text: String,
    /// The id that links use, unique in the page.
    pub id: String,
    /// Other ids that lead here: the plain slug where `id` carries the parent's, and so on.
    pub aliases: Vec<String>,
    /// The whole heading in the file.
    pub span: Span,
}
