//! The review as a mail to send back: 72 columns, the lines in question quoted, in the thread of the patch.

use std::fmt::Write as _;

use super::full::summary;
use super::{Failure, Hunk, Mail, PatchReview, Person, Review, decode};
use crate::report::Severity;
use crate::text::{header, header_person, neutralise};

/// How long a line of the reply is at most, but for quoted ones.
const COLUMNS: usize = 72;

/// The reply to a series. `from` is who sends it; without one the header is left to the mail program.
pub fn reply(review: &Review, from: Option<&Person>) -> String {
    let mut out = String::new();
    let Some(first) = review.patches.first() else { return out };
    let mail = review.cover.as_ref().map_or(&first.patch.mail, |(_, mail)| mail);
    headers(mail, from, &mut out);
    let thanks =
        "Thank you for the patch. A program has looked at what it does; a person still will.";
    out.push_str(&wrapped(thanks, ""));
    let count = review.patches.len();
    for (index, one) in review.patches.iter().enumerate() {
        if count > 1 {
            let title = format!("{}/{count}: {}", index + 1, neutralise(&one.patch.title));
            let _ = write!(out, "\n{}", wrapped(&title, ""));
        }
        findings(one, &review.book.root, &mut out);
    }
    for remark in review.remarks.iter().filter(|remark| remark.severity > Severity::Note) {
        let text = format!("{}. {}", neutralise(&remark.message), remark.help);
        let _ = write!(out, "\n{}", wrapped(text.trim_end(), ""));
    }
    if !review.total.fixed.is_empty() {
        out.push_str("\nIt fixes:\n\n");
        for found in &review.total.fixed {
            out.push_str(&wrapped(
                &format!("- {}: {}", neutralise(&found.path), neutralise(&found.message)),
                "  ",
            ));
        }
    }
    if !review.total.grammar.is_empty() {
        out.push_str("\nIn the protocol it changes:\n\n");
        for change in &review.total.grammar {
            out.push_str(&wrapped(&format!("- {}", neutralise(change)), "  "));
        }
    }
    let _ = write!(out, "\n{}", wrapped(&format!("In all: {}.", summary(review)), ""));
    let _ = write!(out, "\n-- \nwirebook {}\n", env!("CARGO_PKG_VERSION"));
    out
}

/// The headers of an answer to `mail`.
fn headers(mail: &Mail, from: Option<&Person>, out: &mut String) {
    let person = |person: &Person| header_person(&person.name, &person.address);
    if let Some(from) = from {
        let _ = writeln!(out, "From: {}", person(from));
    }
    let _ = writeln!(out, "To: {}", person(&mail.from));
    let again = mail.subject.trim().to_ascii_lowercase().starts_with("re:");
    let begin = if again { "" } else { "Re: " };
    let _ = writeln!(out, "Subject: {begin}{}", header(mail.subject.trim()));
    if !mail.id.is_empty() {
        let _ = writeln!(out, "In-Reply-To: <{}>", header(&mail.id));
        let ids = mail.references.iter().chain([&mail.id]).map(|id| format!("<{}>", header(id)));
        let _ = writeln!(out, "References: {}", ids.collect::<Vec<_>>().join("\n "));
    }
    let _ = writeln!(
        out,
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
    );
}

fn findings(one: &PatchReview, root: &str, out: &mut String) {
    for (found, (path, line)) in one.delta.introduced.iter().zip(&one.places) {
        out.push('\n');
        let in_tree = format!("{root}{path}");
        match hunk(one, &in_tree, *line) {
            Some((hunk, at)) => {
                let _ = writeln!(out, "> {}", neutralise(&format!("+++ b/{in_tree}")));
                let _ = writeln!(out, "> {}", neutralise(&hunk.head));
                for quoted in hunk.lines.get(at.saturating_sub(3)..=at).unwrap_or_default() {
                    let _ = writeln!(out, "> {}", neutralise(quoted));
                }
            }
            None => {
                let _ = writeln!(out, "{path}, line {line}:");
            }
        }
        let severity = found.rule.severity.name();
        let text = format!("{severity}: {} [{}]", neutralise(&found.message), found.rule.name);
        let _ = write!(out, "\n{}", wrapped(&text, ""));
        for help in &found.help {
            out.push_str(&wrapped(&neutralise(help), ""));
        }
    }
}

/// The hunk that holds a line of the new file, and the index of that line in it.
fn hunk<'a>(one: &'a PatchReview, path: &str, line: usize) -> Option<(&'a Hunk, usize)> {
    let file = one.patch.diff.files.iter().find(|file| file.new == path)?;
    let hunk =
        file.hunks.iter().find(|hunk| (hunk.start..hunk.start + hunk.length).contains(&line))?;
    let mut number = hunk.start;
    for (index, text) in hunk.lines.iter().enumerate() {
        if text.starts_with(['-', '\\']) {
            continue;
        }
        if number == line {
            return Some((hunk, index));
        }
        number += 1;
    }
    None
}

/// The text in lines of at most 72 characters, those after the first with `indent` in front. A long word keeps a line of its own.
fn wrapped(text: &str, indent: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > COLUMNS {
            let _ = write!(out, "\n{indent}");
            width = indent.len();
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
    }
    out.push('\n');
    out
}

/// What to write back where a series goes no further; `mails` are those that came.
pub fn reply_to_failure(failure: &Failure, mails: &[Vec<u8>], from: Option<&Person>) -> String {
    let mut out = String::new();
    // The mail in question, or the first, where that can be read.
    let number = match failure {
        Failure::Refused(refusals) => refusals.iter().map(|one| one.mail).find(|mail| *mail > 0),
        Failure::Conflict { mail, .. } => Some(*mail).filter(|mail| *mail > 0),
        Failure::Unusable { .. } => None,
    };
    let number = number.unwrap_or(1);
    if let Some(mail) = mails.get(number - 1).and_then(|bytes| decode(number, bytes).ok()) {
        headers(&mail, from, &mut out);
    }
    out.push_str(&wrapped("Thank you for the patch. It could not be taken in:", ""));
    for (message, help) in failure.told() {
        let _ = write!(out, "\n{}", wrapped(&neutralise(&message), ""));
        if !help.is_empty() {
            out.push_str(&wrapped(&neutralise(&help), ""));
        }
    }
    let _ = write!(out, "\n-- \nwirebook {}\n", env!("CARGO_PKG_VERSION"));
    out
}
