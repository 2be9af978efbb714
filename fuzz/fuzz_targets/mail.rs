//! Any bytes as a letter and two states of a page, parted by lines `%%`: the mail that wirebook writes has no header that
//! it did not mean, and whoever applies its diff to the page before gets the page after.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use wirebook::fix::{Change, Letter, mail};
use wirebook::report::Files;
use wirebook::text::{Source, Sources};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.splitn(4, "\n%%\n");
    let mut part = || parts.next().unwrap_or_default();
    let (from, subject, before, after) = (part(), part(), part(), part());
    if before == after {
        return;
    }
    let source = |text: &str| Arc::new(Source::new("commands/chg.md", text));
    let changes = [Change { before: source(before), after: source(after) }];
    let sources = Sources::default();
    let files =
        Files { source_folder: "wiki", theme_folder: "theme", sources: &sources, settings: None };
    let letter = Letter { from, subject, ..Letter::default() };
    let mail = mail(&changes, files, &letter);
    let (head, body) = mail.split_once("\n\n").expect("an empty line ends the headers");
    let names: Vec<&str> = head
        .lines()
        .skip(1)
        // A long header goes on behind a blank.
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name)
        .collect();
    let meant =
        ["From", "Date", "Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"];
    assert_eq!(names, meant, "the headers are those that are meant");
    assert!(head.lines().all(|line| !line.contains(['\r', '\0'])), "a header is one line");
    assert_eq!(applied(before, body), after, "the diff leads from one page to the other");
});

/// The page after the first diff in `body` is applied.
fn applied(before: &str, body: &str) -> String {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let mut lines =
        body.split_inclusive('\n').skip_while(|line| !line.starts_with("@@ ")).peekable();
    let (mut out, mut at) = (String::new(), 0);
    while let Some(head) = lines.next_if(|line| line.starts_with("@@ ")) {
        let words: Vec<&str> = head.split(' ').collect();
        let (start, mut removed) = range(words[1]);
        let (_, mut added) = range(words[2]);
        // A hunk that takes nothing stands behind the line it names.
        let start = if removed == 0 { start } else { start - 1 };
        out.extend(old[at..start].iter().copied());
        at = start;
        while removed > 0 || added > 0 {
            let line = lines.next().expect("a hunk is as long as it says");
            let (mark, text) = line.split_at(1);
            let cut = lines.next_if(|line| line.starts_with("\\ No newline")).is_some();
            let text = if cut { text.strip_suffix('\n').unwrap_or(text) } else { text };
            if mark != "+" {
                assert_eq!(old[at], text, "what a hunk takes stands there");
                (at, removed) = (at + 1, removed - 1);
            }
            if mark != "-" {
                out.push_str(text);
                added -= 1;
            }
        }
    }
    out.extend(old[at..].iter().copied());
    out
}

/// First line and number of lines of `-1,3`.
fn range(word: &str) -> (usize, usize) {
    let (start, count) = word[1..].split_once(',').unwrap_or((&word[1..], "1"));
    (start.parse().expect("a number"), count.parse().expect("a number"))
}
