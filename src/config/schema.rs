//! Which keys `book.toml` may hold, and what each may be.
//!
//! The table is mdBook's, with `[preprocessor.wirebook]` added. It holds every key mdBook knows, also those without a
//! meaning here, so that a book of mdBook is read without a finding.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::report::{Diagnostic, rules};
use crate::text::{Source, Span, did_you_mean};

/// What a key may hold.
pub(super) enum Shape {
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number,
    /// A list of strings.
    Texts,
    /// A table whose values are strings.
    TextMap,
    /// Anything; somebody else reads it.
    Any,
    /// A table with these keys only.
    Closed(&'static [Key]),
    /// A table with these keys and others, which somebody else reads.
    Open(&'static [Key]),
}

/// One key and what it may hold.
pub(super) struct Key {
    name: &'static str,
    shape: Shape,
}

const fn key(name: &'static str, shape: Shape) -> Key {
    Key { name, shape }
}

/// The keys at the top of the file.
pub(super) const TOP: &[Key] = &[
    key("book", Shape::Closed(BOOK)),
    key("build", Shape::Closed(BUILD)),
    key("rust", Shape::Closed(&[key("edition", Shape::Text)])),
    key("output", Shape::Open(&[key("html", Shape::Closed(HTML))])),
    key("preprocessor", Shape::Open(&[key("wirebook", Shape::Closed(WIREBOOK))])),
];

const BOOK: &[Key] = &[
    key("title", Shape::Text),
    key("authors", Shape::Texts),
    key("description", Shape::Text),
    key("src", Shape::Text),
    key("language", Shape::Text),
    key("text-direction", Shape::Text),
    key("multilingual", Shape::Flag),
];

const BUILD: &[Key] = &[
    key("build-dir", Shape::Text),
    key("create-missing", Shape::Flag),
    key("extra-watch-dirs", Shape::Texts),
    key("use-default-preprocessors", Shape::Flag),
];

const HTML: &[Key] = &[
    key("theme", Shape::Text),
    key("default-theme", Shape::Text),
    key("preferred-dark-theme", Shape::Text),
    key("smart-punctuation", Shape::Flag),
    key("definition-lists", Shape::Flag),
    key("admonitions", Shape::Flag),
    key("mathjax-support", Shape::Flag),
    key("additional-css", Shape::Texts),
    key("additional-js", Shape::Texts),
    key("no-section-label", Shape::Flag),
    key("git-repository-url", Shape::Text),
    key("git-repository-icon", Shape::Text),
    key("edit-url-template", Shape::Text),
    key("site-url", Shape::Text),
    key("cname", Shape::Text),
    key("input-404", Shape::Text),
    key("hash-files", Shape::Flag),
    key("sidebar-header-nav", Shape::Flag),
    key("print", Shape::Closed(&[key("enable", Shape::Flag), key("page-break", Shape::Flag)])),
    key("fold", Shape::Closed(&[key("enable", Shape::Flag), key("level", Shape::Number)])),
    key("code", Shape::Closed(&[key("hidelines", Shape::TextMap)])),
    key("search", Shape::Closed(SEARCH)),
    key("redirect", Shape::TextMap),
    key("playground", Shape::Closed(PLAYGROUND)),
];

const SEARCH: &[Key] = &[
    key("enable", Shape::Flag),
    key("limit-results", Shape::Number),
    key("teaser-word-count", Shape::Number),
    key("use-boolean-and", Shape::Flag),
    key("boost-title", Shape::Number),
    key("boost-hierarchy", Shape::Number),
    key("boost-paragraph", Shape::Number),
    key("expand", Shape::Flag),
    key("heading-split-level", Shape::Number),
    key("copy-js", Shape::Flag),
    key("chapter", Shape::Any),
];

const PLAYGROUND: &[Key] = &[
    key("editable", Shape::Flag),
    key("copyable", Shape::Flag),
    key("copy-js", Shape::Flag),
    key("line-numbers", Shape::Flag),
    key("runnable", Shape::Flag),
];

/// Our own keys, and those that mdBook asks of every preprocessor.
const WIREBOOK: &[Key] = &[
    key("licence-note", Shape::Text),
    key("history", Shape::Flag),
    key("glossary-except", Shape::Texts),
    key("off", Shape::TextMap),
    key("command-sections", Shape::Texts),
    key("required-sections", Shape::Texts),
    key("optional", Shape::Flag),
    key("command", Shape::Text),
    key("renderer", Shape::Texts),
    key("renderers", Shape::Texts),
    key("before", Shape::Texts),
    key("after", Shape::Texts),
];

/// Compares a table with the keys it may hold. `section` is its name, as in `output.html`; empty at the top.
pub(super) fn check(
    source: &Source,
    table: &DeTable<'_>,
    section: &str,
    shape: &Shape,
) -> Vec<Diagnostic> {
    let (keys, open) = match shape {
        Shape::Closed(keys) => (*keys, false),
        Shape::Open(keys) => (*keys, true),
        _ => return Vec::new(),
    };
    let mut diagnostics = Vec::new();
    for (name, value) in table {
        let word: &str = name.get_ref();
        match keys.iter().find(|key| key.name == word) {
            Some(key) => diagnostics.extend(check_value(source, value, section, key)),
            None if open => {}
            None => diagnostics.push(unknown(source, word, name.span().into(), section, keys)),
        }
    }
    diagnostics
}

fn check_value(
    source: &Source,
    value: &Spanned<DeValue<'_>>,
    section: &str,
    key: &Key,
) -> Vec<Diagnostic> {
    let name = joined(section, key.name);
    let wrong = |expected: &str, value: &Spanned<DeValue<'_>>| {
        let found = found(value.get_ref());
        let message = format!("`{name}` must be {expected}, not {found}");
        Diagnostic::new(&rules::CONFIG, &source.path, value.span().into(), message)
    };
    let here = value.get_ref();
    match &key.shape {
        Shape::Any => Vec::new(),
        Shape::Text if here.is_str() => Vec::new(),
        Shape::Text => vec![wrong("a string", value)],
        Shape::Flag if here.is_bool() => Vec::new(),
        Shape::Flag => vec![wrong("`true` or `false`", value)],
        Shape::Number if here.is_integer() => Vec::new(),
        Shape::Number => vec![wrong("a whole number", value)],
        Shape::Texts => match here.as_array() {
            None => vec![wrong("a list of strings", value)],
            Some(items) => {
                let others = items.iter().filter(|item| !item.get_ref().is_str());
                others.map(|item| wrong("a list of strings only", item)).collect()
            }
        },
        Shape::TextMap => match here.as_table() {
            None => vec![wrong("a table of strings", value)],
            Some(items) => {
                let others = items.values().filter(|item| !item.get_ref().is_str());
                others.map(|item| wrong("a table of strings only", item)).collect()
            }
        },
        Shape::Closed(_) | Shape::Open(_) => match here.as_table() {
            None => vec![wrong("a table", value)],
            Some(table) => check(source, table, &name, &key.shape),
        },
    }
}

fn unknown(source: &Source, word: &str, span: Span, section: &str, keys: &[Key]) -> Diagnostic {
    let place = if section.is_empty() { "at the top".into() } else { format!("in `[{section}]`") };
    let message = format!("`{word}` is not a key {place} of `book.toml`");
    let diagnostic = Diagnostic::new(&rules::CONFIG, &source.path, span, message);
    if let Some(help) = did_you_mean(word, keys.iter().map(|key| key.name)) {
        return diagnostic.with_help(help);
    }
    if section.is_empty() && word == "wirebook" {
        return diagnostic.with_help("wirebook's own keys stand in `[preprocessor.wirebook]`");
    }
    if let Some(home) = home(word, "", TOP) {
        return diagnostic.with_help(format!("`{word}` belongs in `[{home}]`"));
    }
    let names: Vec<String> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
    diagnostic.with_help(format!("the keys here are {}", names.join(", ")))
}

/// The first section in which `word` is a key that somebody could mean.
fn home(word: &str, section: &str, keys: &[Key]) -> Option<String> {
    if !section.is_empty() && keys.iter().any(|key| key.name == word) {
        return Some(section.to_owned());
    }
    keys.iter().find_map(|key| match &key.shape {
        Shape::Closed(inner) | Shape::Open(inner) => home(word, &joined(section, key.name), inner),
        _ => None,
    })
}

fn joined(section: &str, name: &str) -> String {
    if section.is_empty() { name.to_owned() } else { format!("{section}.{name}") }
}

fn found(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a flag",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
