//! The report for people: title, place, source lines with marks, help, and the change that mends it.
//!
//! 1. Of each finding's file only the lines from its first to its last mark are taken, and neutralised (`window`).
//! 2. annotate-snippets draws title, lines and marks, then the help, then the fix as a small diff.
//! 3. The first finding of each rule says where the rule is explained.

use std::collections::BTreeSet;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::{Diagnostic, File, Files, Report, Severity, Style};
use crate::text::{Fix, FixLevel, Span, neutralise};

/// The report for people, with an empty line after each finding.
pub(super) fn render(report: &Report, files: Files<'_>, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let mut explained = BTreeSet::new();
    let mut out = String::new();
    for diagnostic in report.diagnostics() {
        let file = files.find(&diagnostic.path);
        let first = explained.insert(diagnostic.rule.name);
        let groups = [Some(finding(diagnostic, &file, first)), fix(diagnostic, &file)];
        let groups: Vec<Group<'_>> = groups.into_iter().flatten().collect();
        out.push_str(&renderer.render(&groups));
        out.push_str("\n\n");
    }
    out
}

fn finding(diagnostic: &Diagnostic, file: &File<'_>, explain: bool) -> Group<'static> {
    let labels = diagnostic.labels.iter().map(|label| label.span);
    let spans: Vec<Span> = std::iter::once(diagnostic.span).chain(labels).collect();
    let window = window(file, &spans);
    let texts = std::iter::once(&diagnostic.here).chain(diagnostic.labels.iter().map(|l| &l.text));
    let marks = window.spans.iter().zip(texts).enumerate().map(|(index, (span, text))| {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let label = (!text.is_empty()).then(|| neutralise(text).into_owned());
        kind.span(span.range()).label(label)
    });
    let level = match diagnostic.rule.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(neutralise(&diagnostic.message).into_owned());
    let snippet = Snippet::source(window.text)
        .line_start(window.first_line)
        .path(file.shown_path())
        .annotations(marks);
    let mut group = title.id(diagnostic.rule.name).element(snippet);
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(neutralise(help).into_owned()));
    }
    if explain {
        let more = format!("`wirebook explain {}` says more about it", diagnostic.rule.name);
        group = group.element(Level::NOTE.message(more));
    }
    group
}

fn fix(diagnostic: &Diagnostic, file: &File<'_>) -> Option<Group<'static>> {
    let fix: &Fix = diagnostic.fix.as_ref().filter(|fix| !fix.edits.is_empty())?;
    let spans: Vec<Span> = fix.edits.iter().map(|edit| edit.span).collect();
    let window = window(file, &spans);
    let patches = window.spans.iter().zip(&fix.edits).map(|(span, edit)| {
        let lines: Vec<_> = edit.text.split('\n').map(neutralise).collect();
        Patch::new(span.range(), lines.join("\n"))
    });
    let title = match fix.level {
        FixLevel::Safe => "this change mends it",
        FixLevel::Unsafe => "this change probably mends it",
        FixLevel::Displayed => "this change would make it agree; check which side is right",
    };
    let snippet = Snippet::source(window.text)
        .line_start(window.first_line)
        .path(file.shown_path())
        .patches(patches);
    Some(Level::HELP.secondary_title(title).element(snippet))
}

/// Some whole lines of a file, harmless to show, and spans in them.
struct Window {
    text: String,
    /// Number of its first line in the file, from 1.
    first_line: usize,
    /// The spans asked for, in the same order.
    spans: Vec<Span>,
}

/// The lines of `file` from the first to the last that a span touches.
fn window(file: &File<'_>, spans: &[Span]) -> Window {
    let all = file.text();
    let spans: Vec<Span> = spans.iter().map(|span| fitted(*span, all)).collect();
    let whole = spans.iter().copied().reduce(Span::to).unwrap_or_default();
    let lines = file.lines(whole);
    let mut text = String::new();
    // Where each byte of the lines lies in the neutralised text, and where it ends.
    let mut moved: Vec<usize> = Vec::new();
    for (index, line) in lines.of(all).split('\n').enumerate() {
        if index > 0 {
            moved.push(text.len());
            text.push('\n');
        }
        for character in line.chars() {
            moved.extend(std::iter::repeat_n(text.len(), character.len_utf8()));
            push_plain(character, &mut text);
        }
    }
    moved.push(text.len());
    let place = |offset: u32| {
        let inside = offset.saturating_sub(lines.start) as usize;
        moved.get(inside).copied().unwrap_or(text.len())
    };
    let spans = spans.iter().map(|span| Span::new(place(span.start), place(span.end))).collect();
    let first_line = file.positions(lines).0.line;
    Window { text, first_line, spans }
}

/// Tabs stay, for their width shows; a carriage return is the visible half of a line ending and goes.
fn push_plain(character: char, text: &mut String) {
    match character {
        '\r' => {}
        '\t' => text.push('\t'),
        other => {
            let mut bytes = [0; 4];
            text.push_str(&neutralise(other.encode_utf8(&mut bytes)));
        }
    }
}

/// The span, cut to the text and to whole characters.
fn fitted(span: Span, text: &str) -> Span {
    let boundary = |offset: u32| {
        let mut at = (offset as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    Span::new(boundary(span.start), boundary(span.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::format::tests::rendered;
    use crate::report::{Format, rules};
    use crate::text::{Edit, Source, Sources};

    #[test]
    fn a_finding_shows_its_lines_help_and_fix() {
        let edits = vec![Edit { span: Span::new(14, 16), text: "11".to_owned() }];
        let text = rendered(Format::Full, "# CHG\n\nMSG ü 12\r\nx\n", "12", |d| {
            d.with_here("11 bytes follow")
                .with_help("count")
                .with_fix(Fix { level: FixLevel::Safe, edits })
        });
        let expected = "\
error[payload-length]: the length is wrong
 --> wiki/commands/chg.md:3:7
  |
3 | MSG ü 12
  |       ^^ 11 bytes follow
  |
  = help: count
  = note: `wirebook explain payload-length` says more about it
help: this change mends it
  |
3 - MSG ü 12
3 + MSG ü 11
  |

";
        assert_eq!(text, expected);
    }

    #[test]
    fn marks_stay_in_place_behind_replaced_characters() {
        let text = rendered(Format::Full, "\u{200b}\u{1b}\u{9b}a 12\n", "12", |d| d);
        assert!(text.contains("1 | \u{FFFD}␛\u{FFFD}a 12\n  |      ^^"), "{text}");
    }

    #[test]
    fn any_span_in_any_text_can_be_shown() {
        for text in ["", "é", "a\n", "\n\n", "a\r\nb\r\n", "\t\u{1b}é\n\u{feff}"] {
            let page = Source::new("a.md", text);
            let mut sources = Sources::default();
            sources.pages.insert("a.md".to_owned(), page.into());
            for start in 0..8 {
                for end in start..9 {
                    let rule = &rules::PAYLOAD_LENGTH;
                    let edit = Edit { span: Span::new(start, end), text: "x\ny".to_owned() };
                    let fix = Fix { level: FixLevel::Unsafe, edits: vec![edit] };
                    let diagnostic = Diagnostic::new(rule, "a.md", Span::new(start, end), "m");
                    let diagnostic = diagnostic.with_label(Span::new(0, start), "l").with_fix(fix);
                    let gone = Diagnostic { path: "gone.md".to_owned(), ..diagnostic.clone() };
                    let report = Report::new(vec![diagnostic, gone]);
                    let out = render(&report, Files::of_wiki(&sources), Style::Coloured);
                    assert!(out.contains("payload-length"));
                }
            }
        }
    }
}
