//! Checked examples as figures: who sends which line, what each token is, what the check said.
//!
//! ```html
//! <figure class="wire" id="example.3">
//! <figcaption>Since MSNP8 <span class="mark ok">✓ checked</span></figcaption>
//! <ol class="lanes"><li class="c"><b>Client</b><code>…</code></li>…</ol>
//! <details>the table of tokens</details>
//! </figure>
//! ```

use super::block::Writer;
use super::export::Downloads;
use super::href;
use crate::check::{Example, ExampleLine, Role, State, Token, TokenClass};
use crate::grammar::VersionSet;
use crate::markdown::Fence;
use crate::report::Severity;
use crate::text::Span;

/// A command with what belongs to it, or lines that are no command.
struct Group<'a> {
    role: Role,
    lines: Vec<&'a ExampleLine>,
    payload: Vec<&'a ExampleLine>,
}

impl<'a> Writer<'a> {
    /// Writes an example.
    pub(super) fn example(&mut self, index: usize, fence: &'a Fence, example: &'a Example) {
        let id = format!("example.{}", index + 1);
        if example.hidden {
            let count = example.lines.len();
            let lines = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
            self.html.open("details", &[("class", "before")]);
            self.html.element("summary", &[], &format!("{lines} before"));
        }
        self.html.open("figure", &[("class", "wire"), ("id", &id)]);
        self.caption(example);
        if example.lines.is_empty() {
            self.unread(fence);
        } else {
            let groups = groups(example);
            self.html.raw("<ol class=\"lanes\">");
            for group in &groups {
                self.group(group);
            }
            self.html.raw("</ol>");
            self.token_table(&groups);
            self.downloads(index, example);
        }
        self.html.close("figure");
        if example.hidden {
            self.html.close("details");
        }
        let least = match example.state {
            State::Wrong | State::ExpectedMistakes => Severity::Note,
            _ => Severity::Warning,
        };
        let found = self.findings(fence.span, least);
        self.finding_list(&found);
    }

    /// Links to the example's bytes.
    fn downloads(&mut self, index: usize, example: &Example) {
        let Some(files) = Downloads::of(self.entry, index, example) else { return };
        self.html.raw("<p class=\"bytes\">Bytes:");
        for (direction, path, count) in &files.bytes {
            self.download(path, &format!("{} ({count})", direction.name()));
        }
        self.download(&files.json, "both as JSON");
        self.html.raw("</p>");
    }

    fn download(&mut self, path: &str, text: &str) {
        let href = href::relative(&self.entry.url, path);
        let name = path.rsplit('/').next().unwrap_or(path);
        self.links += 1;
        self.html.raw(" ");
        self.html.element("a", &[("href", href.as_str()), ("download", name)], text);
    }

    fn caption(&mut self, example: &Example) {
        let (class, mark) = match &example.state {
            State::Checked => ("mark ok", "✓ checked".to_owned()),
            State::ExpectedMistakes => ("mark note", "mistakes on purpose".to_owned()),
            State::Partly => ("mark", "partly checked".to_owned()),
            State::Unchecked => ("mark", "not checked".to_owned()),
            State::Ignored(reason) if reason.is_empty() => ("mark", "not checked".to_owned()),
            State::Ignored(reason) => ("mark", format!("not checked: {reason}")),
            State::Wrong => ("mark bad", "⚠ has findings".to_owned()),
        };
        self.html.raw("<figcaption>");
        self.html.element("span", &[], &range(example.versions));
        self.html.raw(" ");
        self.html.element("span", &[("class", class)], &mark);
        self.html.raw("</figcaption>");
    }

    /// The lines of an example that nothing is known of.
    fn unread(&mut self, fence: &Fence) {
        self.html.raw("<pre><code>");
        for (index, line) in fence.lines.iter().enumerate() {
            if index > 0 {
                self.html.raw("\n");
            }
            let line = self.entry.source.slice(*line);
            self.syntax_line(line);
        }
        self.html.raw("</code></pre>");
    }

    fn group(&mut self, group: &Group<'a>) {
        let (class, who) = match group.role {
            Role::Client => ("c", "Client"),
            Role::Server => ("s", "Server"),
            Role::Comment => ("r", ""),
            Role::Continuation | Role::Payload | Role::Other => ("o", ""),
        };
        self.html.open("li", &[("class", class)]);
        if group.role == Role::Comment {
            let lines = group.lines.iter().map(|line| self.entry.source.slice(line.span));
            let words: Vec<&str> = lines.map(|line| line.trim_start_matches('#').trim()).collect();
            self.html.element("p", &[], &words.join(" "));
            return self.html.close("li");
        }
        if !who.is_empty() {
            self.html.element("b", &[], who);
        }
        self.wire("code", &group.lines);
        if !group.payload.is_empty() {
            self.wire("pre", &group.payload);
        }
        self.html.close("li");
    }

    fn wire(&mut self, tag: &str, lines: &[&'a ExampleLine]) {
        self.html.open(tag, &[]);
        for (index, line) in lines.iter().enumerate() {
            // HTML drops a line end right after `<pre>`.
            if index > 0 || (tag == "pre" && line.wire.is_empty()) {
                self.html.raw("\n");
            }
            self.tokens(line.wire, &line.tokens);
        }
        self.html.close(tag);
    }

    fn tokens(&mut self, wire: Span, tokens: &'a [Token]) {
        let source = &self.entry.source;
        let mut at = wire.start;
        for token in tokens {
            if token.span.start < at || token.span.end > wire.end {
                continue;
            }
            self.html.text(source.slice(Span { start: at, end: token.span.start }));
            self.token(token);
            at = token.span.end;
        }
        self.html.text(source.slice(Span { start: at, end: wire.end }));
    }

    fn token(&mut self, token: &Token) {
        let text = self.entry.source.slice(token.span);
        let class = class(token.class);
        let title = title(token);
        let link = match token.class {
            TokenClass::Command => self.name_link(text),
            _ => None,
        };
        match link {
            Some(href) => {
                self.links += 1;
                let attributes = [("class", class), ("href", href.as_str()), ("title", &title)];
                self.html.element("a", &attributes, text);
            }
            None => self.html.element("span", &[("class", class), ("title", &title)], text),
        }
    }

    /// The same tokens as a table, for those who cannot point at them.
    fn token_table(&mut self, groups: &[Group<'a>]) {
        let named = |token: &&&Token| !token.name.is_empty() || !token.kind.is_empty();
        let mut count = 0;
        let mut rows = Vec::new();
        let commands =
            groups.iter().filter(|group| matches!(group.role, Role::Client | Role::Server));
        for (number, group) in commands.enumerate() {
            let lines = group.lines.iter().chain(&group.payload);
            let tokens: Vec<&'a Token> = lines.flat_map(|line| &line.tokens).collect();
            let tokens: Vec<&'a Token> = tokens.iter().filter(named).copied().collect();
            count += tokens.len();
            rows.push((number + 1, tokens));
        }
        if count == 0 {
            return;
        }
        self.html.raw("<details><summary>");
        self.html.text(&format!("{count} {}", if count == 1 { "field" } else { "fields" }));
        self.html.raw("</summary><table aria-label=\"Fields of this example\"><thead><tr>");
        for head in ["Line", "Text", "Name", "Kind"] {
            self.html.element("th", &[("scope", "col")], head);
        }
        self.html.raw("</tr></thead>");
        for (number, tokens) in rows {
            self.token_rows(number, &tokens);
        }
        self.html.raw("</table></details>");
    }

    fn token_rows(&mut self, number: usize, tokens: &[&Token]) {
        if tokens.is_empty() {
            return;
        }
        self.html.raw("<tbody>");
        for (index, token) in tokens.iter().enumerate() {
            self.html.raw("<tr>");
            if index == 0 {
                let span = tokens.len().to_string();
                let attributes = [("scope", "rowgroup"), ("rowspan", span.as_str())];
                self.html.element("th", &attributes, &number.to_string());
            }
            self.html.element("td", &[], self.entry.source.slice(token.span));
            self.html.element("td", &[], &token.name);
            self.html.element("td", &[], &token.kind);
            self.html.raw("</tr>");
        }
        self.html.raw("</tbody>");
    }
}

fn groups(example: &Example) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for line in &example.lines {
        let last = groups.last_mut().filter(|group| group.role != Role::Other);
        let last = last.filter(|group| group.role != Role::Comment || line.role == Role::Comment);
        match (line.role, last) {
            (Role::Continuation, Some(group)) => group.lines.push(line),
            (Role::Payload, Some(group)) => group.payload.push(line),
            (Role::Comment, Some(group)) if group.role == Role::Comment => group.lines.push(line),
            (Role::Other, _) if line.span.is_empty() => {}
            (role, _) => {
                let role = match role {
                    Role::Continuation | Role::Payload => Role::Other,
                    other => other,
                };
                groups.push(Group { role, lines: vec![line], payload: Vec::new() });
            }
        }
    }
    groups
}

/// The versions of an example, as the beginning of a caption.
fn range(versions: VersionSet) -> String {
    if versions.is_empty() {
        return "Example".to_owned();
    }
    capitalised(&versions.to_string())
}

/// The text with its first letter in upper case.
pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

fn title(token: &Token) -> String {
    match (token.name.as_str(), token.kind.as_str()) {
        (name, kind) if name == kind || kind.is_empty() => name.to_owned(),
        ("", kind) => kind.to_owned(),
        (name, kind) => format!("{name}: {kind}"),
    }
}

fn class(class: TokenClass) -> &'static str {
    match class {
        TokenClass::Command => "k",
        TokenClass::Trid => "i",
        TokenClass::Keyword => "w",
        TokenClass::Name => "n",
        TokenClass::Number => "d",
        TokenClass::Length => "l",
        TokenClass::Value => "v",
        TokenClass::Header => "h",
        TokenClass::Wildcard => "x",
    }
}
