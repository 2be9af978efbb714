//! Wildcards in the lines of an example, as tokens for readers.

use crate::check::{Token, TokenClass};
use crate::msnp::wildcard;
use crate::text::Span;

/// The tokens of a line with one more for each wildcard in it; `text` is the line's wire text, which stands at `wire`.
pub(super) fn mark(tokens: Vec<Token>, text: &str, wire: Span) -> Vec<Token> {
    let mut marked = tokens;
    for found in wildcard::find(text.as_bytes()) {
        let Ok(wildcard) = found.wildcard else { continue };
        let span = Span::new(found.range.start, found.range.end).shifted(wire.start);
        let meaning = wildcard.describe();
        let around = marked
            .iter()
            .position(|token| token.span.start <= span.start && span.end <= token.span.end);
        let class = TokenClass::Wildcard;
        let Some(at) = around else {
            let at = marked.iter().filter(|token| token.span.start < span.start).count();
            marked
                .insert(at, Token { span, class, name: meaning, kind: String::new(), bytes: None });
            continue;
        };
        let token = marked.remove(at);
        let in_part = format!("{}, in part", token.kind);
        let part = |start, end| {
            let (span, kind) = (Span { start, end }, in_part.clone());
            Token { span, kind, ..token.clone() }
        };
        let kind =
            if token.kind.is_empty() { meaning } else { format!("{}, {meaning}", token.kind) };
        let hole = Token { span, class, name: token.name.clone(), kind, bytes: None };
        let parts = [part(token.span.start, span.start), hole, part(span.end, token.span.end)];
        marked.splice(at..at, parts.into_iter().filter(|part| !part.span.is_empty()));
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_parts_the_token_around_it() {
        let span = Span::new(2, 10);
        let (name, kind) = ("who".to_owned(), "account".to_owned());
        let token = Token { span, class: TokenClass::Name, name, kind, bytes: None };
        let marked = mark(vec![token], "a [..]@b.c [..x:3..]", Span::new(0, 20));
        let shown: Vec<_> =
            marked.iter().map(|t| (t.span.range(), t.class, t.kind.as_str())).collect();
        assert_eq!(
            shown,
            [
                (2..6, TokenClass::Wildcard, "account, any bytes"),
                (6..10, TokenClass::Name, "account, in part"),
                (11..20, TokenClass::Wildcard, ""),
            ]
        );
    }
}
