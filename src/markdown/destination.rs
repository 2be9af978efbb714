//! Where a link's destination stands in the file, and whether it may be followed.

use pulldown_cmark::LinkType;

use super::Link;
use crate::text::{Source, Span};

/// The destination of a link in the file; the whole link where it stands elsewhere or cannot be found.
///
/// `inner` is the offset behind the link's text.
pub(super) fn locate(source: &Source, kind: LinkType, link: &Link, inner: u32) -> Span {
    let span = link.span;
    let found = match kind {
        LinkType::Inline => inline(source, span, inner),
        LinkType::Autolink | LinkType::Email if span.len() > 2 => {
            Some(Span { start: span.start + 1, end: span.end - 1 })
        }
        _ => None,
    };
    // In a quotation a `>` can stand between the parenthesis and the destination.
    let is_it = |found: &Span| {
        let raw = source.slice(*found);
        raw.contains(['\\', '&']) || link.destination.ends_with(raw)
    };
    found.filter(is_it).unwrap_or(span)
}

/// Finds the destination in `[text](destination "title")`.
fn inline(source: &Source, span: Span, inner: u32) -> Option<Span> {
    let from = inner.clamp(span.start, span.end) as usize;
    let rest = source.text.get(from..span.end as usize)?;
    let open = from + rest.find("](")? + 2;
    let rest = source.text.get(open..span.end as usize)?;
    let start = open + rest.len() - rest.trim_start().len();
    let rest = source.text.get(start..span.end as usize)?;
    let (skip, length) = match rest.strip_prefix('<') {
        Some(pointed) => (1, end_of_pointed(pointed)?),
        None => (0, end_of_bare(rest)?),
    };
    Some(Span::new(start + skip, start + skip + length))
}

/// Length of a destination in angle brackets, up to the `>` that is not escaped.
fn end_of_pointed(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            '>' if !escaped => return Some(at),
            _ => escaped = character == '\\' && !escaped,
        }
    }
    None
}

/// Length of a destination without brackets: up to a blank or the closing parenthesis.
fn end_of_bare(text: &str) -> Option<usize> {
    let (mut escaped, mut depth) = (false, 0_u32);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => {}
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            ' ' | '\t' | '\n' | '\r' => return Some(at),
            _ => {}
        }
        escaped = character == '\\' && !escaped;
    }
    None
}

/// The scheme that a browser sees in a destination, in lower case; `None` for a path.
///
/// Browsers skip controls and blanks in front, and tabs and line ends inside.
pub(super) fn scheme(destination: &str) -> Option<String> {
    let seen = destination.chars().filter(|character| *character > ' ');
    let until: String = seen.take_while(|character| !"/?#".contains(*character)).collect();
    let (scheme, _) = until.split_once(':')?;
    let valid = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
    valid.then(|| scheme.to_ascii_lowercase())
}

/// True for a destination that a browser would run instead of following it.
pub(super) fn is_active(destination: &str) -> bool {
    scheme(destination).is_some_and(|scheme| ACTIVE.contains(&scheme.as_str()))
}

/// True if `<destination>` is meant as a link, and not as an XML element with a prefix, such as `<wsse:Security>`.
pub(super) fn is_address(destination: &str) -> bool {
    let known = scheme(destination).is_some_and(|scheme| KNOWN.contains(&scheme.as_str()));
    known || destination.contains("//")
}

const ACTIVE: [&str; 3] = ["data", "javascript", "vbscript"];

const KNOWN: [&str; 12] =
    ["ftp", "git", "http", "https", "irc", "ircs", "mailto", "news", "nntp", "ssh", "tel", "urn"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_would_run_is_seen_through_disguises() {
        assert!(is_active("javascript:alert(1)"));
        assert!(is_active(" \u{1}Java\tScript\n:alert(1)"));
        assert!(is_active("data:text/html,x"));
        assert!(!is_active("javascript.md"));
        assert!(!is_active("a/javascript:b"));
        assert!(!is_active("https://example.com/javascript:x"));
    }

    #[test]
    fn elements_with_a_prefix_are_no_addresses() {
        assert!(!is_address("wsse:BinarySecurityToken"));
        assert!(is_address("https://example.com"));
        assert!(is_address("msnim://chat"));
    }
}
