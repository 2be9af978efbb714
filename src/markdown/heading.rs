//! Headings, and the slugs that links to them use.

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

/// The id that a text gives: lower case, letters, digits, `_` and `-` kept, blanks as `-`; `section` for nothing.
pub fn slug(text: &str) -> String {
    let kept = text.trim().chars().filter_map(|character| match character {
        ' ' | '\t' | '\n' => Some('-'),
        '-' | '_' => Some(character),
        _ => character.is_alphanumeric().then_some(character),
    });
    let slug: String = kept.flat_map(char::to_lowercase).collect();
    if slug.is_empty() { "section".to_owned() } else { slug }
}

/// True for an id that can stand in HTML, a URL and a log as it is.
pub(super) fn is_plain_id(id: &str) -> bool {
    let plain = |character: char| character.is_alphanumeric() || "-_.:".contains(character);
    !id.is_empty() && id.chars().all(plain)
}
