//! Checked examples as figures: who sends which line, what each token is, what the check said.
//!
//! ```html
//! <figure class="wire" id="example.3" data-v="8-21">
//! <figcaption><a class="mark ok" href="…">✓ checked for MSNP8 and later</a></figcaption>
//! <ol class="lanes"><li class="c"><b>Client</b><code>…</code></li>…</ol>
//! <details><summary>3 fields</summary><ol class="fields"><li>trid, byte 4: 1⏎…</li>…</ol></details>
//! </figure>
//! ```
//!
//! The list of fields has one line of text a token, in the order of the tokens above: readers without a script read it,
//! and `example.js` takes from it what it tells of the token pointed at. So each token is one element, not five.

use super::block::Writer;
use super::export::Downloads;
use super::href;
use super::lens;
use crate::check::{Example, ExampleLine, Role, State, Token, TokenClass};
use crate::markdown::Fence;
use crate::report::Severity;
use crate::text::Span;

/// Page and heading that say what is checked.
const CHECKS: (&str, &str) = ("manual/check.md", "what-is-checked");

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
        let told = lens::applies(self.entry);
        let versions = if told { lens::data(example.versions) } else { String::new() };
        let attributes = [("class", "wire"), ("id", id.as_str()), ("data-v", &versions)];
        self.html.open("figure", &attributes);
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
            self.fields(&groups, index, example);
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
    fn downloads(&mut self, files: &Downloads) {
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
        let versions = example.versions;
        let (class, mark) = match &example.state {
            State::Checked if versions.is_empty() => ("mark ok", "✓ checked".to_owned()),
            State::Checked => ("mark ok", format!("✓ checked for {versions}")),
            State::ExpectedMistakes => ("mark note", "mistakes on purpose".to_owned()),
            State::Partly => ("mark", "partly checked".to_owned()),
            State::Unchecked => ("mark", "not checked".to_owned()),
            State::Ignored(reason) if reason.is_empty() => ("mark", "not checked".to_owned()),
            State::Ignored(reason) => ("mark", format!("not checked: {reason}")),
            State::Wrong => ("mark bad", "⚠ has findings".to_owned()),
        };
        self.html.raw("<figcaption>");
        if example.state != State::Checked && !versions.is_empty() {
            self.html.element("span", &[], &capitalised(&versions.to_string()));
            self.html.raw(" ");
        }
        match self.shared.link(self.entry, CHECKS.0, CHECKS.1).filter(|_| !self.in_link) {
            Some(href) => {
                self.links += 1;
                self.html.element("a", &[("class", class), ("href", &href)], &mark);
            }
            None => self.html.element("span", &[("class", class)], &mark),
        }
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
        self.wire(("code", ""), &group.lines);
        if !group.payload.is_empty() {
            let count = group.lines.first().and_then(|line| line.payload);
            let told = count.map(|count| format!("payload, {}", counted(count, "byte")));
            self.wire(("pre", told.as_deref().unwrap_or("payload")), &group.payload);
        }
        self.html.close("li");
    }

    /// Writes lines into an element; what it holds is told in front by the stylesheet, so that it is not copied.
    fn wire(&mut self, (tag, told): (&str, &str), lines: &[&'a ExampleLine]) {
        self.html.open(tag, &[("data-told", told)]);
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
        for token in shown(wire, tokens) {
            self.html.text(source.slice(Span { start: at, end: token.span.start }));
            self.token(token);
            at = token.span.end;
        }
        self.html.text(source.slice(Span { start: at, end: wire.end }));
    }

    fn token(&mut self, token: &Token) {
        let text = self.entry.source.slice(token.span);
        let class = class(token.class);
        let link = match token.class {
            TokenClass::Command => self.name_link(text),
            _ => None,
        };
        match link {
            Some(href) => {
                self.links += 1;
                self.html.element("a", &[("class", class), ("href", &href)], text);
            }
            None => self.html.element("span", &[("class", class)], text),
        }
    }

    /// What each token is, as a list with an item a command, and links to the bytes.
    fn fields(&mut self, groups: &[Group<'a>], index: usize, example: &Example) {
        let mut count = 0;
        let mut items = Vec::new();
        for group in groups {
            let lines = group.lines.iter().chain(&group.payload);
            let tokens: Vec<&'a Token> =
                lines.flat_map(|line| shown(line.wire, &line.tokens)).collect();
            count += tokens.len();
            if !tokens.is_empty() {
                items.push(tokens);
            }
        }
        let files = Downloads::of(self.entry, index, example);
        if count == 0 && files.is_none() {
            return;
        }
        self.html.raw("<details>");
        let bytes: usize = example.wire.iter().map(|message| message.bytes.len()).sum();
        let all = if bytes > 0 { format!(", {}", counted(bytes, "byte")) } else { String::new() };
        self.html.element("summary", &[], &format!("{}{all}", counted(count, "field")));
        self.html.raw("<ol class=\"fields\">");
        for tokens in items {
            let said: Vec<String> = tokens.iter().map(|token| self.said(token)).collect();
            self.html.element("li", &[], &said.join("\n"));
        }
        self.html.raw("</ol>");
        if let Some(files) = files {
            self.downloads(&files);
        }
        self.html.raw("</details>");
    }

    /// `digest (md5-digest), bytes 12 to 43: 0560757b…`.
    fn said(&self, token: &Token) -> String {
        let kind = match token.class {
            TokenClass::Command => "command",
            _ if token.name.is_empty() && token.kind.is_empty() => "word",
            _ => &token.kind,
        };
        let what = match (token.name.as_str(), kind) {
            ("", kind) => kind.to_owned(),
            (name, kind) if name == kind || kind.is_empty() => name.to_owned(),
            (name, kind) => format!("{name} ({kind})"),
        };
        let place = match &token.bytes {
            None => String::new(),
            Some(bytes) if bytes.len() == 1 => format!(", byte {}", bytes.start),
            Some(bytes) => format!(", bytes {} to {}", bytes.start, bytes.end.saturating_sub(1)),
        };
        // A line end in it would part it in two.
        let text = self.entry.source.slice(token.span).replace('\n', " ");
        format!("{what}{place}: {text}")
    }
}

/// The tokens of a line that are shown: those that do not overlap the one before.
fn shown(wire: Span, tokens: &[Token]) -> impl Iterator<Item = &Token> {
    let mut at = wire.start;
    tokens.iter().filter(move |token| {
        let fits = at <= token.span.start && token.span.end <= wire.end;
        if fits {
            at = token.span.end;
        }
        fits
    })
}

/// `1 byte`, `2 bytes`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
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

/// The text with its first letter in upper case.
pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
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
