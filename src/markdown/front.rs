//! Front matter: optional YAML at the head of a page.

use serde::Deserialize;

/// What a page's front matter says; every key overrides what wirebook derives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FrontMatter {
    /// The page's title.
    pub title: Option<String>,
    /// `command`, `version`, `service`, `file` or `page`.
    pub kind: Option<String>,
    /// Versions the page is about, as in a `version=` attribute.
    pub versions: Option<String>,
    /// Servers the page is about, as in a `server=` attribute.
    pub server: Option<String>,
    /// One sentence for lists, search results and link previews.
    pub summary: Option<String>,
}
