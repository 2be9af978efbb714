//! Sections of commands' pages against the skeleton that `book.toml` states.

use crate::book::{Entry, PageKind};
use crate::config::Config;
use crate::markdown::Heading;
use crate::report::{Diagnostic, rules};
use crate::text::Span;

/// Findings for sections that are missing or out of order.
pub(super) fn check(entry: &Entry, config: &Config) -> Vec<Diagnostic> {
    if entry.kind != PageKind::Command {
        return Vec::new();
    }
    let order = |heading: &Heading| {
        config.command_sections.iter().position(|name| name.eq_ignore_ascii_case(&heading.text))
    };
    let sections = entry.page.headings.iter().filter(|heading| heading.level == 2);
    let known: Vec<(usize, &Heading)> =
        sections.filter_map(|heading| Some((order(heading)?, heading))).collect();
    let path = &entry.page.path;
    let mut diagnostics = Vec::new();
    for pair in known.windows(2) {
        let [(before, above), (at, heading)] = pair else { continue };
        if before > at {
            let text = format!("\"{}\" stands after \"{}\"", heading.text, above.text);
            let help = format!("the order is: {}", config.command_sections.join(", "));
            diagnostics.push(
                Diagnostic::new(&rules::PAGE_SECTIONS, path, heading.span, text)
                    .with_label(above.span, "this section comes later")
                    .with_help(help),
            );
        }
    }
    let has = |name: &&String| known.iter().any(|(_, h)| h.text.eq_ignore_ascii_case(name));
    let title = entry.page.headings.first().map_or(Span::new(0, 0), |heading| heading.span);
    let missing = config.required_sections.iter().filter(|name| !has(name));
    diagnostics.extend(missing.map(|name| {
        let text = format!("this page has no section \"{name}\"");
        let help = "every page of a command has one; `book.toml` says so in `required-sections`";
        Diagnostic::new(&rules::PAGE_SECTIONS, path, title, text).with_help(help)
    }));
    diagnostics
}
