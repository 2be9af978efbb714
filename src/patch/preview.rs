//! The site of the patched wiki: changed pages say so, and one page shows each before and after.
//!
//! The page is Markdown like any other, so that what a stranger wrote is shown by the renderer that all pages go through. Words
//! that come or go are marked with signs, not with colour alone.

use std::fmt::Write as _;
use std::sync::Arc;

use similar::{ChangeTag, TextDiff};

use super::Review;
use super::full::summary;
use crate::check::State;
use crate::pipeline::{self, Memo, Outcome};
use crate::text::{Source, neutralise};

/// Path of the page in the wiki; no path of a patch begins like this one.
const PAGE: &str = "_patch_review.md";

/// The site, and what was found in it. The address of the page is [`ADDRESS`].
pub fn preview(review: &Review) -> Outcome {
    let mut loaded = review.after.clone();
    let (before, after) = (&review.before.sources.pages, &review.after.sources.pages);
    let mut page = format!("# The patch under review\n\n{}.\n", escaped(&summary(review)));
    for one in &review.patches {
        let _ = write!(
            page,
            "\n- {} ({})",
            escaped(&one.patch.title),
            escaped(&one.patch.author.full())
        );
    }
    page.push('\n');
    findings(review, &mut page);
    for change in &review.total.grammar {
        let _ = writeln!(page, "- In the protocol: {}", said(change));
    }
    for (path, source) in after {
        let old = before.get(path).map_or("", |old| old.text.as_str());
        if before.contains_key(path) && old == source.text {
            continue;
        }
        section(review, path, old, &source.text, &mut page);
        let up = "../".repeat(path.matches('/').count());
        let note =
            format!("> **Changed by the patch under review.** [Before and after]({up}{PAGE}).\n\n");
        loaded
            .sources
            .pages
            .insert(path.clone(), Arc::new(Source::new(path, marked(&source.text, &note))));
    }
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        let _ = write!(page, "\n## {}\n\nThe page is gone.\n", escaped(path));
    }
    loaded.sources.pages.insert(PAGE.to_owned(), Arc::new(Source::new(PAGE, page)));
    pipeline::live(&loaded.config, &loaded.sources, Vec::new(), &mut Memo::default())
}

/// Address of the page in the site.
pub const ADDRESS: &str = "_patch_review.html";

/// The page's text with a note below its title, so that the title stays the first thing.
fn marked(text: &str, note: &str) -> String {
    let title = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    let title = title.into_iter().find(|(_, line)| line.starts_with("# "));
    let at = title.map_or(0, |(start, line)| start + line.len());
    let in_front = at == 0 && text.starts_with("---");
    if in_front {
        return text.to_owned();
    }
    let (above, below) = text.split_at_checked(at).unwrap_or(("", text));
    format!("{above}\n{note}{below}")
}

/// What the series introduces, with where it stands now, and what it fixes.
fn findings(review: &Review, page: &mut String) {
    let files = review.after.files();
    for found in &review.total.introduced {
        let line = files.find(&found.path).positions(found.span).0.line;
        let severity = found.rule.severity.name();
        let (path, message) = (escaped(&found.path), said(&found.message));
        let _ = writeln!(page, "- New {severity} in {path}, line {line}: {message}");
    }
    for found in &review.total.fixed {
        let (path, message) = (escaped(&found.path), said(&found.message));
        let _ = writeln!(page, "- Fixed in {path}: {message}");
    }
}

fn section(review: &Review, path: &str, old: &str, new: &str, page: &mut String) {
    let _ = write!(page, "\n## {}\n\n[The page]({path}) with the patch.\n", escaped(path));
    let diff = TextDiff::from_lines(old, new);
    for group in diff.grouped_ops(1) {
        page.push('\n');
        for op in group {
            let changes: Vec<_> = diff.iter_inline_changes(&op).collect();
            // Lines that have little in common are marked as a whole.
            let whole =
                !changes.iter().any(|change| change.iter_strings_lossy().any(|part| part.0));
            for change in changes {
                let sign = match change.tag() {
                    ChangeTag::Equal => "\u{a0}",
                    ChangeTag::Insert => "+",
                    ChangeTag::Delete => "−",
                };
                let parts = change.iter_strings_lossy().map(|(strong, text)| {
                    let text = text.trim_end_matches(['\n', '\r']);
                    if strong || whole { emphasised(text, change.tag()) } else { escaped(text) }
                });
                let line: String = parts.collect();
                let _ = writeln!(page, "{} {line}  ", escaped(sign));
            }
        }
        page.push('\n');
    }
    let checked = &review.checked.1;
    for ((of, index), example) in checked.examples.iter().filter(|((of, _), _)| of == path) {
        let verdict = match &example.state {
            State::Checked => "right",
            State::ExpectedMistakes => "wrong as it says",
            State::Partly => "right as far as it was checked",
            State::Unchecked => "not checked",
            State::Ignored(_) => "left out by its author",
            State::Wrong => "wrong",
        };
        let fence = checked
            .book
            .entries
            .get(of)
            .and_then(|entry| entry.page.fences.get(*index).zip(Some(entry)));
        let line = fence.map_or(0, |(fence, entry)| entry.source.position(fence.span.start).line);
        let _ = writeln!(page, "- The example in line {line} is {verdict}.");
    }
}

/// Words that come in bold, words that go struck out. Blanks at their ends stay outside, where Markdown wants them.
fn emphasised(text: &str, tag: ChangeTag) -> String {
    let words = text.trim();
    let mark = match tag {
        ChangeTag::Insert if !words.is_empty() => "**",
        ChangeTag::Delete if !words.is_empty() => "~~",
        _ => return escaped(text),
    };
    let blank = |count: usize| "\u{a0}".repeat(count);
    let (before, after) =
        (text.len() - text.trim_start().len(), text.len() - text.trim_end().len());
    format!("{}{mark}{}{mark}{}", blank(before), escaped(words), blank(after))
}

/// A message: what stands between backticks as code, everything else as [`escaped`].
fn said(message: &str) -> String {
    let parts: Vec<&str> = message.split('`').collect();
    let is_code = |index: usize| index % 2 == 1 && index + 1 < parts.len();
    let part = |(index, text): (usize, &&str)| match text.trim() {
        code if is_code(index) && !code.is_empty() => format!("`{}`", neutralise(code)),
        _ if is_code(index) => String::new(),
        _ => escaped(text),
    };
    parts.iter().enumerate().map(part).collect()
}

/// The text with everything that Markdown could take for a sign taken for itself.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in neutralise(text).chars() {
        match character {
            // Markdown drops blanks at the front of a line, and joins several.
            ' ' if out.is_empty() || out.ends_with(' ') => out.push('\u{a0}'),
            c if c.is_ascii_punctuation() => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}
