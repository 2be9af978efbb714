//! Front matter: optional YAML at the head of a page.
//!
//! In: a source. Out: what the YAML says, and the offset where the Markdown begins. The YAML is cut off here and not by
//! the Markdown parser, so that a byte order mark in front of it does no harm. A value may be written without quotes
//! even where YAML takes it for a number (`versions: 8`): its text in the file counts. A key that cannot be used is a
//! finding; the others still count.

use serde_yaml::{Mapping, Value};

use crate::report::{Diagnostic, rules};
use crate::text::{Source, Span, did_you_mean};

/// What a page's front matter says; every key overrides what wirebook derives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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

impl FrontMatter {
    /// The line of `source` that gives `key`, for findings about its value; the first line where there is none.
    pub fn line(source: &Source, key: &str) -> Span {
        let yaml = locate(&source.text).map(|parts| parts.yaml).unwrap_or_default();
        line_of(source, yaml, key).unwrap_or_else(|| source.line_span(0))
    }

    fn slot(&mut self, key: &str) -> Option<&mut Option<String>> {
        match key {
            "title" => Some(&mut self.title),
            "kind" => Some(&mut self.kind),
            "versions" => Some(&mut self.versions),
            "server" => Some(&mut self.server),
            "summary" => Some(&mut self.summary),
            _ => None,
        }
    }
}

/// Reads the front matter of `source`; the number is the offset of the first byte behind it.
pub(super) fn cut(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> (FrontMatter, usize) {
    let Some(parts) = locate(&source.text) else {
        return (FrontMatter::default(), mark_length(&source.text));
    };
    let mut front = FrontMatter::default();
    if parts.yaml.len() > LONGEST {
        let span = source.line_span(parts.yaml.start);
        let message = format!("the front matter is longer than {LONGEST} bytes, so it is not read");
        diagnostics.push(finding(source, span, message).with_help(KEYS_HELP));
        return (front, parts.body);
    }
    match serde_yaml::from_str::<Value>(parts.yaml.of(&source.text)) {
        Ok(Value::Null) => {}
        Ok(Value::Mapping(mapping)) => {
            for (key, value) in &mapping {
                diagnostics.extend(read_key(source, parts.yaml, &mut front, key, value));
            }
        }
        Ok(_) => {
            let span = source.line_span(parts.yaml.start);
            let message = "the front matter is not a list of `key: value` lines";
            diagnostics.push(finding(source, span, message).with_help(KEYS_HELP));
        }
        Err(error) => diagnostics.push(unreadable(source, parts.yaml, &error)),
    }
    (front, parts.body)
}

/// Where the YAML stands, and where the Markdown begins.
struct Parts {
    yaml: Span,
    body: usize,
}

/// Finds `---`, some lines, `---` or `...`, at the very front; without the closing line it is no front matter.
fn locate(text: &str) -> Option<Parts> {
    let start = mark_length(text);
    let mut lines = text.get(start..)?.split_inclusive('\n');
    let opening = lines.next()?;
    if opening.trim_end() != "---" {
        return None;
    }
    let yaml = start + opening.len();
    let mut at = yaml;
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            return Some(Parts { yaml: Span::new(yaml, at), body: at + line.len() });
        }
        at += line.len();
    }
    None
}

/// Length of the byte order mark at the front, 0 where there is none.
fn mark_length(text: &str) -> usize {
    text.len() - text.strip_prefix('\u{FEFF}').unwrap_or(text).len()
}

fn read_key(
    source: &Source,
    yaml: Span,
    front: &mut FrontMatter,
    key: &Value,
    value: &Value,
) -> Option<Diagnostic> {
    let written = key.as_str().unwrap_or_default();
    let line = line_of(source, yaml, written);
    let span = line.unwrap_or_else(|| source.line_span(yaml.start));
    let Some(slot) = front.slot(written) else {
        let unknown = match key {
            Value::String(key) => format!("`{key}` is not a key of the front matter"),
            _ => "a key of the front matter is not text".to_owned(),
        };
        let help = did_you_mean(written, KEYS).unwrap_or_else(|| KEYS_HELP.to_owned());
        return Some(finding(source, span, unknown).with_help(help));
    };
    match value {
        Value::Null => {}
        Value::String(text) => *slot = Some(text.trim().to_owned()),
        Value::Number(_) | Value::Bool(_) => *slot = Some(raw_value(source.slice(span))),
        Value::Sequence(_) | Value::Mapping(Mapping { .. }) | Value::Tagged(_) => {
            let message = format!("the value of `{written}` is not text");
            let help = format!("write it on one line: `{written}: ...`");
            return Some(finding(source, span, message).with_help(help));
        }
    }
    None
}

/// The value as the author wrote it, without a comment.
fn raw_value(line: &str) -> String {
    let value = line.split_once(':').map_or("", |(_, value)| value);
    value.split(" #").next().unwrap_or_default().trim().to_owned()
}

/// The line of the front matter that begins with `key:`.
fn line_of(source: &Source, yaml: Span, key: &str) -> Option<Span> {
    let mut at = yaml.start;
    for line in yaml.of(&source.text).split_inclusive('\n') {
        let bare = line.trim_start_matches(['"', '\'']).strip_prefix(key);
        let rest = bare.map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
        if !key.is_empty() && rest.is_some_and(|rest| rest.starts_with(':')) {
            return Some(source.line_span(at));
        }
        at = at.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
    }
    None
}

fn unreadable(source: &Source, yaml: Span, error: &serde_yaml::Error) -> Diagnostic {
    let index = error.location().map_or(0, |location| location.index());
    let at = index.min(yaml.len().saturating_sub(1)) + yaml.start as usize;
    let span = source.line_span(u32::try_from(at).unwrap_or(u32::MAX));
    finding(source, span, format!("the front matter is not YAML: {error}"))
        .with_help("put values that hold `: `, `#` or quotes into double quotes")
}

fn finding(source: &Source, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&rules::FRONT_MATTER, &source.path, span, message)
}

/// Longest front matter in bytes. The parser takes time by the square of the depth, so a page could stop a build.
const LONGEST: usize = 4096;

const KEYS: [&str; 5] = ["title", "kind", "versions", "server", "summary"];

const KEYS_HELP: &str = "the keys are `title`, `kind`, `versions`, `server` and `summary`";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (FrontMatter, usize, Vec<(String, String)>) {
        let source = Source::new("a.md", text);
        let mut diagnostics = Vec::new();
        let (front, body) = cut(&source, &mut diagnostics);
        let found = diagnostics.into_iter();
        let found = found.map(|d| (source.slice(d.span).to_owned(), d.message)).collect();
        (front, body, found)
    }

    #[test]
    fn values_are_text_as_written_and_the_body_begins_behind_them() {
        let text =
            "---\r\ntitle: \"CHG: presence\"\r\nversions: 8 # no more\r\nserver:\r\n---\r\n# A";
        let (front, body, found) = read(text);
        assert_eq!(front.title.as_deref(), Some("CHG: presence"));
        assert_eq!(front.versions.as_deref(), Some("8"));
        assert_eq!(front.server, None);
        assert_eq!(text.get(body..), Some("# A"));
        assert_eq!(found, []);
    }

    #[test]
    fn a_byte_order_mark_and_an_empty_front_matter_do_no_harm() {
        assert_eq!(read("\u{FEFF}# A").1, 3);
        assert_eq!(read("\u{FEFF}---\n---\nx").1, 11);
        assert_eq!(read("---\nno end").1, 0);
        assert_eq!(read("").1, 0);
        assert_eq!(read("----\n---\n").1, 0);
    }

    #[test]
    fn an_unknown_key_is_found_at_its_line_and_the_others_count() {
        let (front, _, found) = read("---\nkind: file\ntitel: A\nsummary: [a]\n---\n");
        assert_eq!(front.kind.as_deref(), Some("file"));
        let titel = "`titel` is not a key of the front matter".to_owned();
        let summary = "the value of `summary` is not text".to_owned();
        assert_eq!(found, [("titel: A".into(), titel), ("summary: [a]".into(), summary)]);
    }

    #[test]
    fn what_is_no_yaml_is_found_inside_the_front_matter() {
        let (front, body, found) = read("---\ntitle: A\nkind: \"open\n---\n# A");
        assert_eq!(front, FrontMatter::default());
        assert_eq!(body, 29);
        assert!(found[0].1.starts_with("the front matter is not YAML"), "{}", found[0].1);
        assert!(read("---\ntitle: a: b\n---\n").2[0].0.contains("title: a: b"));
        assert_eq!(read("---\njust words\n---\n").2[0].0, "just words");
        assert_eq!(read("---\ntitle: a\ntitle: b\n---\n").2.len(), 1);
    }

    #[test]
    fn a_front_matter_without_end_in_sight_is_not_read() {
        let text = format!("---\ntitle: {}\n---\n# A", "[".repeat(LONGEST));
        let (front, body, found) = read(&text);
        assert_eq!((front, body), (FrontMatter::default(), text.len() - 3));
        assert_eq!(found[0].1, "the front matter is longer than 4096 bytes, so it is not read");
    }

    #[test]
    fn a_key_leads_to_its_line() {
        let source = Source::new("a.md", "---\ntitle: A\nversions: 99\n---\n");
        assert_eq!(source.slice(FrontMatter::line(&source, "versions")), "versions: 99");
        assert_eq!(source.slice(FrontMatter::line(&source, "kind")), "---");
    }
}
