//! Changes of pages as a mail like those of `git format-patch`, for `git am`.
//!
//! There is no clock here: who wrote the mail, and when, is said by whoever asks for it.

use std::fmt::Write as _;

use super::{Change, diff, unified};
use crate::report::Files;
use crate::text::header;

/// What a mail says besides the diff. Line breaks and other control characters in it become blanks.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// `Name <address>`.
    pub from: &'a str,
    /// The date, as mails write it.
    pub date: &'a str,
    /// The first line of the commit's message.
    pub subject: &'a str,
    /// How many findings the changes mend.
    pub count: usize,
}

impl Default for Letter<'_> {
    fn default() -> Self {
        Self {
            from: "wirebook <wirebook@localhost>",
            date: "Mon, 17 Sep 2001 00:00:00 +0000",
            subject: "Mend what wirebook check finds",
            count: 0,
        }
    }
}

/// The changes as a mail; empty where there are none.
pub fn mail(changes: &[Change], files: Files<'_>, letter: &Letter<'_>) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let (name, address) = match letter.from.rsplit_once('<') {
        Some((name, address)) => (name.trim(), format!("<{address}")),
        None => ("", letter.from.to_owned()),
    };
    let from = match header(name) {
        name if name.is_empty() => plain(&address),
        name => format!("{name} {}", plain(&address)),
    };
    let counted = |count: usize, noun: &str| match (count, noun) {
        (1, noun) => format!("1 {noun}"),
        (count, "fix") => format!("{count} fixes"),
        (count, noun) => format!("{count} {noun}s"),
    };
    let (added, removed) = diff::count(changes);
    let mut out = String::new();
    // Writing to a string cannot fail. This date is how `git am` knows a patch of its own kind.
    let _ = write!(
        out,
        "From {zeros} Mon Sep 17 00:00:00 2001\n\
         From: {from}\n\
         Date: {date}\n\
         Subject: {subject}\n\
         MIME-Version: 1.0\n\
         Content-Type: text/plain; charset=UTF-8\n\
         Content-Transfer-Encoding: 8bit\n\
         \n\
         {fixes} by `wirebook check --fix`.\n\
         ---\n\
         {files}, {added} added, {removed} removed\n\
         \n",
        zeros = "0".repeat(40),
        date = plain(letter.date),
        subject = header(&format!("[PATCH] {}", letter.subject)),
        fixes = counted(letter.count, "fix"),
        files = counted(changes.len(), "file"),
        added = counted(added, "line"),
        removed = counted(removed, "line"),
    );
    out.push_str(&unified(changes, files));
    let _ = write!(out, "-- \nwirebook {}\n\n", env!("CARGO_PKG_VERSION"));
    out
}

fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
