//! Colours for code that is no wire text: languages that syntect knows, and HTTP messages.
//!
//! Scopes are folded into a few classes of one letter, which the stylesheet colours for light and dark; code of an
//! unknown language stays plain.

use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::html::Html;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Scopes and the class they get; the first that fits the innermost scope wins.
const CLASSES: [(&str, &str); 14] = [
    ("comment", "c"),
    ("string", "s"),
    ("constant.numeric", "n"),
    ("constant.character.escape", "o"),
    ("constant", "n"),
    ("keyword.operator", "o"),
    ("keyword", "k"),
    ("storage", "k"),
    ("entity.name.tag", "t"),
    ("entity.other.attribute-name", "a"),
    ("entity.name", "f"),
    ("support.function", "f"),
    ("support.type", "t"),
    ("variable.parameter", "a"),
];

/// The same, read once: to compare scopes is to compare numbers.
static SCOPES: LazyLock<Vec<(Scope, &str)>> = LazyLock::new(|| {
    let read = |(name, class): &(&str, &'static str)| Some((Scope::new(name).ok()?, *class));
    CLASSES.iter().filter_map(read).collect()
});

/// Longer code stays plain: colours are not worth the wait.
const LONGEST: usize = 200_000;

/// Writes `lines`, joined by line ends, as the inside of a `code` element.
pub(super) fn write(html: &mut Html, language: &str, lines: &[&str]) {
    let size: usize = lines.iter().map(|line| line.len()).sum();
    if size > LONGEST {
        return plain(html, lines);
    }
    match language.to_ascii_lowercase().as_str() {
        "http" | "https" => http(html, lines),
        "" | "text" | "txt" | "plain" | "msnp" | "console" => plain(html, lines),
        other => match syntax(other) {
            Some(syntax) => coloured(html, syntax, lines),
            None => plain(html, lines),
        },
    }
}

fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let token = match language {
        "shell" | "bash" => "sh",
        "csharp" | "c#" => "cs",
        "javascript" | "json5" | "jsonc" => "js",
        "soap" | "xsd" | "wsdl" | "svg" => "xml",
        other => other,
    };
    SYNTAXES.find_syntax_by_token(token).filter(|syntax| syntax.name != "Plain Text")
}

fn plain(html: &mut Html, lines: &[&str]) {
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            html.raw("\n");
        }
        html.text(line);
    }
}

fn coloured(html: &mut Html, syntax: &SyntaxReference, lines: &[&str]) {
    let mut state = ParseState::new(syntax);
    let mut scopes = ScopeStack::new();
    let mut run = Run::default();
    for (index, line) in lines.iter().enumerate() {
        let whole = format!("{line}\n");
        // A syntax that fails on a line leaves it plain.
        let changes = state.parse_line(&whole, &SYNTAXES).unwrap_or_default();
        let mut from = 0;
        for (at, change) in changes {
            run.add(html, class(&scopes), whole.get(from..at).unwrap_or_default());
            from = from.max(at);
            if scopes.apply(&change).is_err() {
                scopes = ScopeStack::new();
            }
        }
        let last = index + 1 == lines.len();
        let rest = whole.get(from..).unwrap_or_default();
        run.add(html, class(&scopes), if last { rest.trim_end_matches('\n') } else { rest });
    }
    run.end(html);
}

/// The class of the innermost scope that has one; punctuation inside takes that of what it surrounds.
fn class(scopes: &ScopeStack) -> &'static str {
    for scope in scopes.as_slice().iter().rev() {
        let found = SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope));
        if let Some((_, class)) = found {
            return class;
        }
    }
    ""
}

/// Neighbouring text of one class, so that it becomes one element.
#[derive(Default)]
struct Run {
    class: &'static str,
    text: String,
}

impl Run {
    fn add(&mut self, html: &mut Html, class: &'static str, text: &str) {
        if text.is_empty() {
            return;
        }
        // Blanks have no colour of their own.
        if class != self.class && !text.trim().is_empty() {
            self.end(html);
            self.class = class;
        }
        self.text.push_str(text);
    }

    fn end(&mut self, html: &mut Html) {
        let text = std::mem::take(&mut self.text);
        if self.class.is_empty() || text.trim().is_empty() {
            return html.text(&text);
        }
        let body = text.trim_end();
        html.element("span", &[("class", self.class)], body);
        html.text(text.get(body.len()..).unwrap_or_default());
    }
}

/// A start line, headers, and a body that may be XML.
fn http(html: &mut Html, lines: &[&str]) {
    let mut header = true;
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            html.raw("\n");
        }
        if header && line.is_empty() {
            header = false;
            let body = lines.get(index + 1..).unwrap_or_default();
            if body.iter().any(|line| line.trim_start().starts_with('<')) {
                html.raw("\n");
                write(html, "xml", body);
                return;
            }
            continue;
        }
        match line.split_once(':').filter(|(name, _)| header && is_header(name)) {
            Some((name, value)) => {
                html.element("span", &[("class", "a")], name);
                html.text(":");
                html.text(value);
            }
            None if index == 0 => html.element("span", &[("class", "k")], line),
            None => html.text(line),
        }
    }
}

fn is_header(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: &str, lines: &[&str]) -> String {
        let mut html = Html::new();
        write(&mut html, language, lines);
        html.into_string()
    }

    #[test]
    fn xml_gets_classes_and_keeps_its_text() {
        let html = shown("xml", &["<a b=\"c\">", "  x &amp; y</a>"]);
        assert!(html.contains("class=\"t\">a</span>"), "{html}");
        assert!(html.contains("class=\"a\">b</span>"), "{html}");
        let mut text = String::new();
        let mut tag = false;
        for character in html.chars() {
            match character {
                '<' => tag = true,
                '>' => tag = false,
                other if !tag => text.push(other),
                _ => {}
            }
        }
        assert_eq!(text, "&lt;a b=&quot;c&quot;&gt;\n  x &amp;amp; y&lt;/a&gt;");
    }

    #[test]
    fn unknown_languages_are_plain_and_escaped() {
        assert_eq!(shown("klingon", &["a < b", "c"]), "a &lt; b\nc");
    }

    #[test]
    fn http_headers_are_marked_and_an_xml_body_is_xml() {
        let html = shown("http", &["POST / HTTP/1.1", "Host: a:b", "", "<x/>"]);
        assert!(html.starts_with("<span class=\"k\">POST / HTTP/1.1</span>\n"), "{html}");
        assert!(html.contains("<span class=\"a\">Host</span>: a:b\n\n"), "{html}");
        assert!(html.contains("class=\"t\">x</span>"), "{html}");
    }
}
