//! Code blocks: the language, the attributes, and one span a line.
//!
//! In: the raw source of a code block and the text events of the Markdown parser. Out: a [`Fence`], whose lines are
//! places in the file. Text events are verbatim pieces of the file, whatever list or quotation the block stands in,
//! with one exception: where a tab straddles the indentation, the parser invents one to three blanks. Then nobody can
//! say which bytes the author meant, and the line is a finding.

use super::Attributes;
use crate::report::{Diagnostic, rules};
use crate::text::{Source, Span};

/// A code block. Its text is never joined again: each line is a place in the file.
#[derive(Debug, Clone, Default)]
pub struct Fence {
    /// First word of the info string, as written; empty for none and for indented blocks.
    pub language: String,
    /// The info string's span in the file; empty and at the opening fence where there is none.
    pub info_span: Span,
    /// Attributes from a comment right above the fence, then those of the info string.
    pub attributes: Attributes,
    /// The code's lines in the file, line endings left out. Invariant: they ascend.
    pub lines: Vec<Span>,
    /// The whole block.
    pub span: Span,
    /// True for a fenced block, false for an indented one.
    pub fenced: bool,
}

/// A fence while its text arrives.
#[derive(Debug)]
pub(super) struct FenceBuilder {
    fence: Fence,
    /// The line that has begun and not ended.
    current: Option<Span>,
}

impl FenceBuilder {
    /// Begins a code block that covers `span`.
    pub(super) fn new(source: &Source, span: Span, fenced: bool) -> Self {
        let mut fence = Fence {
            span,
            fenced,
            info_span: Span::new(start(span), start(span)),
            ..Fence::default()
        };
        if fenced {
            read_info(source, &mut fence);
        }
        Self { fence, current: None }
    }

    /// Adds the text of one event. A finding if the text is not what stands in the file.
    pub(super) fn push(&mut self, source: &Source, text: &str, span: Span) -> Option<Diagnostic> {
        if source.slice(span) != text {
            return Some(straddling(source, span));
        }
        let mut at = start(span);
        for piece in text.split_inclusive('\n') {
            let bare = piece.trim_end_matches('\n').len();
            if bare > 0 {
                let line = Span::new(at, at + bare);
                self.current = Some(self.current.map_or(line, |begun| begun.to(line)));
            }
            if bare < piece.len() {
                self.end_line(source, at + bare);
            }
            at += piece.len();
        }
        None
    }

    /// The code block with its last line.
    pub(super) fn finish(mut self, source: &Source) -> Fence {
        if let Some(line) = self.current {
            self.end_line(source, line.end as usize);
        }
        self.fence
    }

    /// Ends the line whose line feed stands at `feed`.
    fn end_line(&mut self, source: &Source, feed: usize) {
        let text = source.text.get(..feed).unwrap_or_default();
        let empty = feed - usize::from(text.ends_with('\r'));
        let line = self.current.take().unwrap_or_else(|| Span::new(empty, empty));
        let bare = source.slice(line).trim_end_matches('\r').len();
        self.fence.lines.push(Span::new(start(line), start(line) + bare));
    }
}

/// Takes language and attributes from the raw opening line, for the parser's info string is unescaped and has no place.
fn read_info(source: &Source, fence: &mut Fence) {
    let line = source.line_span(fence.span.start);
    let opening = Span { start: fence.span.start, end: line.end.max(fence.span.start) };
    let raw = source.slice(opening);
    let unmarked = raw.trim_start_matches(' ');
    let mark = if unmarked.starts_with('~') { '~' } else { '`' };
    let info = unmarked.trim_start_matches(mark).trim_start();
    let at = start(opening) + raw.len() - info.len();
    let info = info.trim_end();
    fence.info_span = Span::new(at, at + info.len());
    let language = info.find([' ', '\t', ',', '{']).unwrap_or(info.len());
    info.get(..language).unwrap_or_default().clone_into(&mut fence.language);
    let rest = info.get(language..).unwrap_or_default();
    fence.attributes = read_attributes(rest, at + language);
}

/// Reads `{key=value}`, `,key=value` or ` key=value`; `text` begins at byte `offset` of the file.
pub(super) fn read_attributes(text: &str, offset: usize) -> Attributes {
    let Some(open) = unquoted(text, '{') else {
        return Attributes::parse(text, offset);
    };
    let (before, braced) = text.split_at_checked(open).unwrap_or((text, ""));
    let inner = braced.strip_prefix('{').unwrap_or(braced);
    let close = unquoted(inner, '}').unwrap_or(inner.trim_end_matches('}').len());
    let (inside, behind) = inner.split_at_checked(close).unwrap_or((inner, ""));
    let behind = behind.strip_prefix('}').unwrap_or(behind);
    let mut attributes = Attributes::parse(before, offset);
    attributes.list.extend(Attributes::parse(inside, offset + open + 1).list);
    let behind_at = offset + text.len() - behind.len();
    attributes.list.extend(Attributes::parse(behind, behind_at).list);
    attributes
}

/// Offset of the first `wanted` outside double quotes.
fn unquoted(text: &str, wanted: char) -> Option<usize> {
    let mut quoted = false;
    let mut found = text.char_indices().filter(|(_, character)| {
        quoted ^= *character == '"';
        !quoted && *character == wanted
    });
    found.next().map(|(at, _)| at)
}

fn straddling(source: &Source, span: Span) -> Diagnostic {
    let line = source.line_span(span.start);
    let message = "a tab reaches over the indentation of this line into its text";
    Diagnostic::new(&rules::TAB_INDENT, &source.path, line, message)
        .with_help("indent the line with blanks, or begin its text with a tab of its own")
}

fn start(span: Span) -> usize {
    span.start as usize
}

#[cfg(test)]
mod tests {
    use crate::markdown::parse;
    use crate::text::Source;

    fn lines(text: &str) -> Vec<String> {
        let page = parse(&Source::new("a.md", text));
        let fences = page.fences.iter().flat_map(|fence| &fence.lines);
        fences.map(|line| line.of(text).to_owned()).collect()
    }

    #[test]
    fn each_line_is_its_exact_text_in_the_file() {
        assert_eq!(lines("```\nPostalCode: \n\tx\n\n```\n"), ["PostalCode: ", "\tx", ""]);
        assert_eq!(lines("> ```\n> a\n>\n>  b\n> ```\n"), ["a", "", " b"]);
        assert_eq!(lines("1. a\n\n   ```\n   b\n     c\n\n   d\n   ```\n"), ["b", "  c", "", "d"]);
        assert_eq!(lines("- > ~~~\n  > é \\& &amp;\n  > ~~~\n"), ["é \\& &amp;"]);
        assert_eq!(lines("  ```\n  a\n b\n   c\n  ```\n"), ["a", "b", " c"]);
        assert_eq!(lines("    a\n\n      b\n"), ["a", "", "  b"]);
        assert_eq!(lines("```\nopen"), ["open"]);
        assert_eq!(lines("```\n```\n"), Vec::<String>::new());
    }

    #[test]
    fn carriage_returns_belong_to_no_line() {
        assert_eq!(lines("```\r\na \r\n\r\nb\r\n```\r\n"), ["a ", "", "b"]);
        assert_eq!(lines("> ```\r\n> a\r\n>\r\n> b\r\n"), ["a", "", "b"]);
        let text = "```\r\n\r\n```";
        let page = parse(&Source::new("a.md", text));
        assert_eq!(page.fences[0].lines[0].range(), 5..5);
    }

    #[test]
    fn a_tab_over_the_indentation_is_found_and_the_line_kept() {
        let text = "-  ```\n\tC: VER\n   ```\n";
        let page = parse(&Source::new("a.md", text));
        assert_eq!(page.diagnostics[0].rule.name, "tab-indent");
        assert_eq!(page.diagnostics[0].span.of(text), "\tC: VER");
        assert_eq!(lines(text), ["C: VER"]);
        assert!(parse(&Source::new("a.md", "- a\n\n\t```\n\tb\n\t```\n")).diagnostics.is_empty());
    }

    #[test]
    fn the_info_string_is_read_in_all_its_ways() {
        let read = |info: &str| {
            let text = format!("> ~~~ {info} \n> x\n");
            let page = parse(&Source::new("a.md", text.as_str()));
            let fence = &page.fences[0];
            assert_eq!(fence.info_span.of(&text), info);
            let attributes = fence.attributes.list.iter();
            let attributes: Vec<_> = attributes
                .map(|a| format!("{}={}", a.key_span.of(&text), a.value_span.of(&text)))
                .collect();
            format!("{}: {}", fence.language, attributes.join(" "))
        };
        assert_eq!(read("msnp"), "msnp: ");
        assert_eq!(read("msnp {version=8 server=ns}"), "msnp: version=8 server=ns");
        assert_eq!(read("msnp{version=8}"), "msnp: version=8");
        assert_eq!(read("msnp,version=8"), "msnp: version=8");
        assert_eq!(read("msnp version=8 once"), "msnp: version=8 once=once");
        assert_eq!(read("msnp {ignore=\"a } b\" x}"), "msnp: ignore=a } b x=x");
        assert_eq!(read("msnp {ignore=\"a } b\" x"), "msnp: ignore=a } b x=x");
        assert_eq!(read("msnp {ignore=\"a}"), "msnp: ignore=a");
        assert_eq!(read("msnp ignore=\"{ b\""), "msnp: ignore={ b");
        assert_eq!(read("{version=8} y"), ": version=8 y=y");
        assert_eq!(read("a\\&b"), "a\\&b: ");
    }
}
