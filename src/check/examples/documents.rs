//! Documents beside the wire: fences of HTTP and of XML.
//!
//! In: the `http` and `xml` fences of a page. Out: findings. A request or an answer has a start line and headers; its body
//! has the length that a header gives, its lines joined by LF without a last one (or in another way that fits); XML is
//! well-formed. People show pieces, too: headers without a start line, the first lines of a document, `...` for what is
//! left out. A piece is not held against what only a whole can have.

use std::collections::BTreeMap;

use super::attributes::{self, Stated};
use super::left::unused_ignore;
use super::scene::{Exchange, Part};
use super::verdict::fulfil;
use crate::book::Entry;
use crate::check::State;
use crate::check::allow::Allowed;
use crate::markdown::Fence;
use crate::msnp::payload::{Convention, candidates, read_xml};
use crate::report::{Diagnostic, Rule, Severity, rules};
use crate::text::{Edit, Fix, FixLevel, Span};

/// Attributes that such a fence can have in common with an example; others are for other programs.
const KEYS: [&str; 4] = ["allow", "expect", "ignore", "template"];

/// Checks every `http` and `xml` fence of a page. Gives what became of each, by its index, and the findings that authors
/// let stand.
pub(super) fn check(
    entry: &Entry,
    diagnostics: &mut Vec<Diagnostic>,
) -> (BTreeMap<usize, State>, Vec<Allowed>) {
    let mut documents = BTreeMap::new();
    let mut allowed = Vec::new();
    for (index, fence) in entry.page.fences.iter().enumerate() {
        let http = fence.language.eq_ignore_ascii_case("http");
        if !http && !fence.language.eq_ignore_ascii_case("xml") {
            continue;
        }
        let ours = fence.attributes.list.iter().any(|a| KEYS.contains(&a.key.as_str()));
        let stated = if ours {
            attributes::read(&entry.page.path, fence, diagnostics)
        } else {
            Stated::default()
        };
        let mut found: Vec<Diagnostic> = Vec::new();
        let document = Document { entry, lines: &fence.lines };
        if http {
            document.http(&mut found);
        } else {
            found.extend(document.xml(&fence.lines));
        }
        if let Some((rule, text)) = left_alone(&stated) {
            let passes = found.iter().all(|finding| finding.rule.severity == Severity::Note);
            found = vec![document.finding(rule, fence.span, text)];
            if passes && stated.ignored.is_some() {
                found.push(unused_ignore(&entry.page.path, fence.span));
            }
        }
        let headings = headings(entry, fence);
        let parts = vec![Part::Fence(index, stated.clone())];
        let exchange = Exchange { headings: headings.clone(), parts, ..Exchange::default() };
        allowed.extend(exchange.allowed());
        fulfil(entry, index, &stated, &exchange, &mut found);
        documents.insert(index, state(&stated, &found));
        for diagnostic in &mut found {
            diagnostic.example.get_or_insert_with(|| headings.clone());
        }
        diagnostics.extend(found);
    }
    (documents, allowed)
}

fn state(stated: &Stated, found: &[Diagnostic]) -> State {
    let serious = found.iter().filter(|finding| finding.rule.severity > Severity::Note);
    let wrong = serious.into_iter().any(|finding| !stated.allows(finding.rule));
    match &stated.ignored {
        Some(reason) => State::Ignored(reason.clone()),
        None if stated.template => State::Unchecked,
        None if wrong => State::Wrong,
        None if stated.shows_mistakes() => State::ExpectedMistakes,
        None => State::Checked,
    }
}

/// The note on a fence that its author asked to leave.
fn left_alone(stated: &Stated) -> Option<(&'static Rule, String)> {
    if let Some(reason) = &stated.ignored {
        return Some((&rules::IGNORED_EXAMPLE, format!("this example is not checked: {reason}")));
    }
    let text = "this example stands for many, so it is not checked";
    stated.template.then(|| (&rules::TEMPLATE, text.to_owned()))
}

/// The headings above a fence, joined by ` > `.
fn headings(entry: &Entry, fence: &Fence) -> String {
    let mut above: Vec<(u8, &str)> = Vec::new();
    for heading in entry.page.headings.iter().filter(|h| h.span.start < fence.span.start) {
        above.retain(|(level, _)| *level < heading.level);
        above.push((heading.level, heading.text.as_str()));
    }
    above.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" > ")
}

struct Document<'a> {
    entry: &'a Entry,
    lines: &'a [Span],
}

/// Stands around pieces of XML while they are read.
const AROUND: &str = "<wirebook>";
const AROUND_END: &str = "</wirebook>";

/// What the headers of a document say of its body.
#[derive(Default)]
struct Head<'a> {
    /// The number of bytes, and where it stands.
    length: Option<(&'a str, Span)>,
    chunked: bool,
    xml: bool,
}

impl<'a> Document<'a> {
    fn text(&self, span: Span) -> &'a str {
        self.entry.source.slice(span)
    }

    fn finding(&self, rule: &'static Rule, span: Span, text: impl Into<String>) -> Diagnostic {
        Diagnostic::new(rule, &self.entry.page.path, span, text)
    }

    fn http(&self, found: &mut Vec<Diagnostic>) {
        let Some(first) = self.lines.first() else { return };
        let head_end = self.lines.iter().position(|line| line.is_empty());
        let head = self.lines.get(..head_end.unwrap_or(self.lines.len())).unwrap_or_default();
        // Without a start line it is a body, or headers that a text talks of.
        let start = self.text(*first);
        let headers = if is_header(start) { head } else { self.start_line(head, found) };
        if start.starts_with('<') {
            return;
        }
        let Some(head) = self.headers(headers, found) else { return };
        let body = head_end.and_then(|end| self.lines.get(end + 1..)).unwrap_or_default();
        if body.iter().all(|line| line.is_empty()) {
            return;
        }
        let broken = head.xml.then(|| self.xml(body)).flatten();
        found.extend(self.length(&head, body, broken.is_some()));
        found.extend(broken);
    }

    /// Reads the start line, which may go on in indented lines. Gives the lines behind it.
    fn start_line(&self, head: &'a [Span], found: &mut Vec<Diagnostic>) -> &'a [Span] {
        let goes_on = |line: &&Span| self.text(**line).starts_with([' ', '\t']);
        let more = head.iter().skip(1).take_while(goes_on).count();
        let (start, rest) = head.split_at_checked(more + 1).unwrap_or((head, &[]));
        let words: Vec<&str> =
            start.iter().flat_map(|line| self.text(*line).split_whitespace()).collect();
        let place = start.first().copied().unwrap_or_default();
        let text = self.text(place);
        let stands_for = is_placeholder(text) || text.starts_with('<');
        let problem = match words.as_slice() {
            _ if stands_for => None,
            [version, code, ..] if version.starts_with("HTTP/") => {
                let fits = is_version(version) && is_status(code);
                (!fits).then_some("this is no status line of HTTP")
            }
            [method, .., version] if is_method(method) && version.starts_with("HTTP/") => {
                (!is_version(version)).then_some("this request names no version of HTTP")
            }
            // A request alone is named, not shown.
            [method, _] if is_method(method) && rest.is_empty() => None,
            [method, ..] if is_method(method) => Some("this request names no version of HTTP"),
            _ => Some("this is no start line of HTTP"),
        };
        if let Some(problem) = problem {
            let help = "write a request such as `GET /path HTTP/1.1`, or an answer such as `HTTP/1.1 200 OK`";
            found.push(self.finding(&rules::HTTP_FORMAT, place, problem).with_help(help));
        }
        rest
    }

    /// Reads the headers; `None` where one of them is none.
    fn headers(&self, lines: &[Span], found: &mut Vec<Diagnostic>) -> Option<Head<'a>> {
        let mut head = Head::default();
        for span in lines {
            let text = self.text(*span);
            if text.starts_with([' ', '\t']) || is_placeholder(text) || text == "..." {
                continue;
            }
            let Some((name, value)) = text.split_once(':').filter(|_| is_header(text)) else {
                let help = "write `Name: value`, and an empty line before the body";
                let text = "this line is no header, and no empty line ends the headers";
                found.push(self.finding(&rules::HTTP_FORMAT, *span, text).with_help(help));
                return None;
            };
            let bare = value.trim();
            let start =
                span.start as usize + name.len() + 1 + value.len() - value.trim_start().len();
            let place = Span::new(start, start + bare.len());
            match name.to_ascii_lowercase().as_str() {
                "content-length" => head.length = Some((bare, place)),
                "transfer-encoding" => head.chunked = true,
                "content-type" => head.xml = bare.to_ascii_lowercase().contains("xml"),
                _ => {}
            }
        }
        Some(head)
    }

    fn length(&self, head: &Head<'_>, body: &[Span], broken: bool) -> Option<Diagnostic> {
        let (written, place) = head.length.filter(|_| !head.chunked)?;
        if is_placeholder(written) || written == "..." {
            return None;
        }
        let Ok(length) = written.parse::<usize>() else {
            let text = format!("`{written}` is no length");
            let help = "write the number of bytes that the body has";
            return Some(self.finding(&rules::HTTP_FORMAT, place, text).with_help(help));
        };
        let lines: Vec<&[u8]> = body.iter().map(|line| self.text(*line).as_bytes()).collect();
        let ways = [Convention::Lf, Convention::Crlf, Convention::Exploded];
        let mut sizes = ways.into_iter().flat_map(|way| candidates(&lines, way)).map(|b| b.len());
        let plain = sizes.next()?;
        let crlf = plain + lines.len() - 1;
        // An editor may have dropped the last line break.
        if [plain, plain + 1, crlf + 2].contains(&length) || sizes.any(|size| size == length) {
            return None;
        }
        let whole = body.first()?.to(*body.last()?);
        if body.iter().any(|line| stands_for(self.text(*line))) {
            let text = "part of the body stands for something else, so its length is not checked";
            return Some(self.finding(&rules::TEMPLATE, whole, text));
        }
        let text = format!("`Content-Length` is {length}, but the body has {plain} bytes");
        // A body that cannot be read is cut off or mistyped: then it is not the number that is wrong.
        let level = if broken { FixLevel::Displayed } else { FixLevel::Safe };
        let edits = vec![Edit { span: place, text: plain.to_string() }];
        let counted =
            format!("{plain} bytes: {} lines joined by LF, without a last one", lines.len());
        let diagnostic = self.finding(&rules::CONTENT_LENGTH, place, text);
        Some(
            diagnostic
                .with_here(format!("should be {plain}"))
                .with_label(whole, counted)
                .with_help(format!("write {plain}, or mend the body"))
                .with_fix(Fix { level, edits }),
        )
    }

    /// A finding where the lines are XML, as far as they go, and not well-formed.
    fn xml(&self, lines: &[Span]) -> Option<Diagnostic> {
        let text = lines.iter().map(|line| self.text(*line)).collect::<Vec<_>>().join("\n");
        let trimmed = text.trim_start();
        // An entity may be declared, and what is no tag in front is no XML.
        if !trimmed.starts_with('<') || text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
            return None;
        }
        let declared = trimmed.starts_with("<?xml");
        let body =
            if declared { trimmed.split_once("?>").map_or("", |(_, rest)| rest) } else { trimmed };
        let before = text.len() - body.len();
        // Several elements, or text among them, are pieces of a document: so they are read inside of another element.
        let (at, why) = match read_xml(&format!("{AROUND}{body}")) {
            Ok((0 | 1, _)) => return None,
            Ok(_) if !declared => return None,
            Ok(_) => (body.len() + AROUND.len(), "an element is never closed".to_owned()),
            Err((_, why)) if why.contains(AROUND_END) && !declared => return None,
            Err((at, why)) if why.contains(AROUND_END) => {
                (at, "an element ends that never began".to_owned())
            }
            Err((at, why)) => (at, why),
        };
        let at = at.saturating_sub(AROUND.len()) + before;
        let left_out = lines.iter().any(|line| stands_for(self.text(*line)));
        if left_out {
            return None;
        }
        let line = line_at(lines, at)?;
        let indent = self.text(line).len() - self.text(line).trim_start().len();
        let place = Span::new(line.start as usize + indent, line.end as usize);
        let why = why.trim_start_matches("ill-formed document: ");
        let text = format!("this is not well-formed XML: {why}");
        let help = "mend it, or say with the attribute `ignore=\"why\"` why it is so";
        Some(self.finding(&rules::XML_FORMAT, place, text).with_help(help))
    }
}

/// The line of byte `at` of the lines, joined by LF; else the last one.
fn line_at(lines: &[Span], at: usize) -> Option<Span> {
    let mut end = 0;
    let found = lines.iter().find(|line| {
        end += line.len() + 1;
        at < end
    });
    found.or(lines.last()).copied()
}

fn is_header(text: &str) -> bool {
    text.split_once(':').is_some_and(|(name, value)| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        !name.is_empty() && name.bytes().all(plain) && !value.starts_with("//")
    })
}

fn is_method(word: &str) -> bool {
    word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_version(word: &str) -> bool {
    let number = word.strip_prefix("HTTP/").unwrap_or_default();
    ["0.9", "1.0", "1.1", "1.x", "2", "2.0", "3"].contains(&number)
}

fn is_status(word: &str) -> bool {
    let number = word.parse::<u16>().is_ok_and(|code| (100..600).contains(&code));
    (word.len() == 3 && number) || is_placeholder(word)
}

/// True if a text says of part of itself that it stands for something else: `{name}`, `<name>` alone, `$name`, `[...]`.
fn is_placeholder(text: &str) -> bool {
    let named = text.split('{').skip(1).any(|rest| {
        rest.split_once('}').is_some_and(|(name, _)| {
            name.bytes().any(|byte| byte.is_ascii_lowercase())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_' | b' ' | b'.'))
        })
    });
    let variable = text.split('$').skip(1).any(|rest| {
        rest.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '(' | '{'))
    });
    let alone = text.starts_with('<') && text.ends_with('>') && !text.contains(['/', '?', '='])
        || text.starts_with('[') && text.ends_with(']')
        || text.starts_with('(') && text.ends_with(')');
    named || variable || alone
}

/// True if a line of a body stands for something else, or for more than itself.
fn stands_for(line: &str) -> bool {
    let line = line.trim();
    let bracketed = line.starts_with(['[', '(']) && line.ends_with([']', ')']);
    let element = line.starts_with('<');
    line.contains("...")
        || line.contains('…')
        || bracketed
        || (!element && is_placeholder(line))
        || (element && is_placeholder(inner_text(line)))
}

/// What stands between the tags of an element on one line.
fn inner_text(line: &str) -> &str {
    let after = line.split_once('>').map_or("", |(_, rest)| rest);
    after.rsplit_once("</").map_or(after, |(text, _)| text)
}
