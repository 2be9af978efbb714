//! Wire lines that prose quotes in code spans: `CHG 5 NLN`.
//!
//! Only their command word is looked at; a line in prose is often cut short.

use crate::book::{Book, Entry};
use crate::markdown::{Block, Inline};
use crate::report::{Diagnostic, rules};
use crate::text::Span;

/// Findings for quoted lines whose command does not exist. Nothing is said in a wiki that goes by the built-in grammar: it
/// may know more commands.
pub(super) fn check(book: &Book, entry: &Entry) -> Vec<Diagnostic> {
    if book.foreign {
        return Vec::new();
    }
    let mut quoted = Vec::new();
    blocks(&entry.page.blocks, 0, &mut quoted);
    quoted.retain(|(word, _)| book.grammar.command(word).is_none());
    let findings = quoted.into_iter().map(|(word, span)| {
        let text = format!("there is no command `{word}`");
        let declare = || format!("declare `{word}` in a grammar fence");
        let help = book.grammar.did_you_mean(&word).unwrap_or_else(declare);
        Diagnostic::new(&rules::UNKNOWN_MENTION, &entry.page.path, span, text).with_help(help)
    });
    findings.collect()
}

/// Blocks nested deeper than this are not read.
const DEEPEST: usize = 64;

fn blocks(all: &[Block], depth: usize, quoted: &mut Vec<(String, Span)>) {
    if depth > DEEPEST {
        return;
    }
    for block in all {
        match block {
            Block::Paragraph(text, _) => inlines(text, depth, quoted),
            Block::Quote(_, inner, _) | Block::Footnote(_, inner, _) => {
                blocks(inner, depth + 1, quoted);
            }
            Block::List { items, .. } => {
                for item in items {
                    blocks(&item.blocks, depth + 1, quoted);
                }
            }
            Block::Definitions(definitions, _) => {
                for inner in definitions.iter().flat_map(|definition| &definition.definitions) {
                    blocks(inner, depth + 1, quoted);
                }
            }
            Block::Table { rows, .. } => {
                for cell in rows.iter().flatten() {
                    inlines(cell, depth, quoted);
                }
            }
            Block::Heading(_)
            | Block::Fence(_)
            | Block::Directive(..)
            | Block::Html(..)
            | Block::Rule(_) => {}
        }
    }
}

fn inlines(all: &[Inline], depth: usize, quoted: &mut Vec<(String, Span)>) {
    if depth > DEEPEST {
        return;
    }
    for inline in all {
        match inline {
            Inline::Code(code, span) => {
                quoted.extend(command_word(code).map(|word| (word.to_owned(), *span)));
            }
            Inline::Emphasis(inner)
            | Inline::Strong(inner)
            | Inline::Strikethrough(inner)
            | Inline::Link(_, inner) => inlines(inner, depth + 1, quoted),
            _ => {}
        }
    }
}

/// The command word of a wire line: three capitals, then a transaction id.
fn command_word(code: &str) -> Option<&str> {
    let mut words = code.split(' ');
    let (word, trid) = (words.next()?, words.next()?);
    let line = word.len() == 3
        && word.bytes().all(|byte| byte.is_ascii_uppercase())
        && !trid.is_empty()
        && trid.bytes().all(|byte| byte.is_ascii_digit());
    line.then_some(word)
}
