//! What a patch may touch: text files of the wiki, with plain names, and nothing else.
//!
//! Two looks: at what the diff says before git sees it ([`of_diff`]), and at what came out in the tree ([`of_tree`]), so that no
//! difference between this program's reading and git's can let anything through.

use std::collections::{BTreeMap, BTreeSet};

use super::Refusal;
use super::diff::{Diff, FileChange, Kind};
use super::repository::Book;
use super::tree::{Entry, Listing};

/// Something that a maintainer can let pass that is refused otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exception {
    /// An author that is not the sender.
    Author,
    /// `book.toml`.
    Settings,
    /// Many deletions, and those of front pages.
    Deletions,
    /// A series with gaps.
    Incomplete,
    /// A series by several senders.
    Senders,
}

/// What a maintainer lets pass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed(BTreeSet<Exception>);

impl Allowed {
    /// True if this is let pass.
    pub(super) fn has(&self, exception: Exception) -> bool {
        self.0.contains(&exception)
    }
}

impl FromIterator<Exception> for Allowed {
    fn from_iter<I: IntoIterator<Item = Exception>>(exceptions: I) -> Self {
        Self(exceptions.into_iter().collect())
    }
}

/// How many files one series can change.
const MOST_FILES: usize = 100;

/// How long a file can become, in bytes.
const LONGEST_FILE: usize = 1 << 20;

/// How long a path can be, in bytes.
const LONGEST_PATH: usize = 200;

/// How many pages can go without a question.
const MOST_DELETED: usize = 5;

/// The files that a wiki has besides images, which come by another way.
const ENDINGS: [&str; 6] = ["csv", "json", "md", "toml", "txt", "xml"];

const REGULAR: &str = "100644";

/// What is against the policy in a diff, as it stands in the mail.
pub(super) fn of_diff(mail: usize, diff: &Diff, book: &Book, allowed: &Allowed) -> Vec<Refusal> {
    let mut found = Vec::new();
    for file in &diff.files {
        found.extend(modes(mail, file));
        for path in BTreeSet::from([&file.old, &file.new]) {
            found.extend(place(mail, path, book, allowed));
        }
    }
    found
}

fn modes(mail: usize, file: &FileChange) -> Option<Refusal> {
    file.modes.iter().find_map(|mode| mode_refused(mail, mode, &file.new))
}

fn mode_refused(mail: usize, mode: &str, path: &str) -> Option<Refusal> {
    let (reason, what) = match mode {
        REGULAR | "" => return None,
        "120000" => ("symbolic-link", "is a symbolic link"),
        "160000" => ("submodule", "is another repository"),
        "100755" => ("executable", "is a program"),
        _ => ("file-mode", "is no plain file"),
    };
    let said = format!("`{path}` {what}");
    Some(Refusal::new(mail, reason, said, "a wiki is made of plain files"))
}

/// What is wrong with a path, if anything is.
fn place(mail: usize, path: &str, book: &Book, allowed: &Allowed) -> Option<Refusal> {
    let refuse = |reason, said: String, help| Some(Refusal::new(mail, reason, said, help));
    let segments: Vec<&str> = path.split('/').collect();
    let plain = |segment: &&str| {
        let mut bytes = segment.bytes();
        let first = bytes.next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
        first && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
    };
    if path.len() > LONGEST_PATH
        || !segments.iter().all(plain)
        || segments.iter().any(|s| s.ends_with('.'))
    {
        let help = "names of files hold letters, digits, `.`, `_` and `-`, and begin with a letter, a digit or `_`";
        return refuse("path", format!("`{path}` is no path of a wiki"), help);
    }
    if let Some(segment) = segments.iter().find(|segment| is_reserved(segment)) {
        let help = "choose another name";
        return refuse(
            "reserved-name",
            format!("`{segment}` is no file's name on some systems"),
            help,
        );
    }
    if path == book.settings_path() {
        let help =
            "the wiki's settings are changed by its maintainers; `--allow settings` lets it pass";
        return (!allowed.has(Exception::Settings))
            .then(|| refuse("settings", format!("`{path}` says how the wiki is checked"), help))?;
    }
    if !path.starts_with(&book.pages) {
        let said = format!("`{path}` is not in the wiki's folder `{}`", book.pages);
        return refuse("outside", said, "send changes of other files apart");
    }
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    if !ENDINGS.contains(&ending) {
        let help =
            "patches change pages and other texts: `.md`, `.txt`, `.csv`, `.json`, `.xml`, `.toml`";
        return refuse("ending", format!("`{path}` is no page and no other text"), help);
    }
    None
}

/// Names that Windows gives to devices, and short names that it makes up.
fn is_reserved(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |name: &str| {
        let digit = stem.strip_prefix(name);
        digit.is_some_and(|digit| digit.len() == 1 && digit.bytes().all(|b| b.is_ascii_digit()))
    };
    ["con", "prn", "aux", "nul"].contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

/// What is against the policy in the tree that came out of one patch. `changed` is what git says differs.
pub(super) fn of_tree(
    mail: usize,
    diff: &Diff,
    changed: &[(String, Option<Entry>, Option<Entry>)],
    after: &Listing,
) -> Vec<Refusal> {
    let mut found = Vec::new();
    let said: BTreeSet<&str> = diff
        .files
        .iter()
        .flat_map(|file| {
            let gone = (file.kind != Kind::Copied).then_some(file.old.as_str());
            gone.into_iter().chain([file.new.as_str()])
        })
        .collect();
    for (path, old, new) in changed {
        if !said.contains(path.as_str()) {
            let help = "nobody should trust this mail";
            let message = format!("git changes `{path}`, which the diff does not name");
            found.push(Refusal::new(mail, "paths-disagree", message, help));
        }
        let sides = [old, new].into_iter().flatten();
        found.extend(sides.filter_map(|entry| mode_refused(mail, &entry.mode, path)));
    }
    found.extend(alike(mail, changed, after));
    found.dedup();
    found
}

/// New names that differ from others in nothing but the size of their letters.
fn alike(
    mail: usize,
    changed: &[(String, Option<Entry>, Option<Entry>)],
    after: &Listing,
) -> Vec<Refusal> {
    let new: BTreeMap<String, &str> = changed
        .iter()
        .filter(|(_, old, new)| old.is_none() && new.is_some())
        .flat_map(|(path, ..)| folders(path).map(|part| (part.to_lowercase(), part)))
        .collect();
    if new.is_empty() {
        return Vec::new();
    }
    let mut refusals = BTreeSet::new();
    for path in after.keys() {
        for part in folders(path) {
            if let Some(other) = new.get(&part.to_lowercase()).filter(|other| **other != part) {
                let said = format!("`{other}` and `{part}` are one name on some systems");
                refusals.insert(Refusal::new(mail, "same-name", said, "choose another name"));
            }
        }
    }
    refusals.into_iter().collect()
}

/// A path and the folders it lies in.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.filter_map(move |end| path.get(..end))
}

/// What is against the policy in a series as a whole.
pub(super) fn of_series(diffs: &[&Diff], book: &Book, allowed: &Allowed) -> Vec<Refusal> {
    let files = || diffs.iter().flat_map(|diff| &diff.files);
    let paths: BTreeSet<&str> = files().map(|file| file.new.as_str()).collect();
    let mut found = Vec::new();
    if paths.len() > MOST_FILES {
        let said = format!("the series changes more than {MOST_FILES} files");
        found.push(Refusal::new(0, "too-many-files", said, "send it in smaller series"));
    }
    let gone: BTreeSet<&str> =
        files().filter(|file| file.kind == Kind::Deleted).map(|file| file.old.as_str()).collect();
    let moved = files().filter(|file| file.kind == Kind::Renamed).map(|file| file.old.as_str());
    let front = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        ["index.md", "README.md", "SUMMARY.md"].contains(&name) && path.starts_with(&book.pages)
    };
    let help = "if that is meant, add `--allow deletions`";
    if let Some(path) =
        gone.iter().copied().chain(moved).find(front).filter(|_| !allowed.has(Exception::Deletions))
    {
        let said = format!("the series takes `{path}` away, which others lead to");
        found.push(Refusal::new(0, "deletions", said, help));
    } else if gone.len() > MOST_DELETED && !allowed.has(Exception::Deletions) {
        let said = format!("the series deletes {} files", gone.len());
        found.push(Refusal::new(0, "deletions", said, help));
    }
    found
}

/// Refuses a file that has become too long or is no text.
pub(super) fn of_file(mail: usize, path: &str, bytes: &[u8]) -> Option<Refusal> {
    if bytes.len() > LONGEST_FILE {
        let said = format!("`{path}` becomes longer than {LONGEST_FILE} bytes");
        return Some(Refusal::new(mail, "too-long", said, "split the page"));
    }
    let text = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    (!text)
        .then(|| Refusal::new(mail, "binary", format!("`{path}` is no text"), "save it as UTF-8"))
}

/// Refuses a file in which git has changed other lines than the diff shows. `old` and `new` are its whole text.
pub(super) fn of_lines(mail: usize, file: &FileChange, old: &[u8], new: &[u8]) -> Option<Refusal> {
    let mut balance: BTreeMap<&[u8], i64> = BTreeMap::new();
    for (line, by) in lines(old).map(|line| (line, 1)).chain(lines(new).map(|line| (line, -1))) {
        *balance.entry(line).or_default() += by;
    }
    for line in file.hunks.iter().flat_map(|hunk| &hunk.lines) {
        let by = match line.as_bytes().first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => continue,
        };
        let line = line.as_bytes().get(1..).unwrap_or_default();
        *balance.entry(line).or_default() += by;
    }
    balance.values().any(|count| *count != 0).then(|| {
        let said = format!("git changes other lines of `{}` than the diff shows", file.new);
        Refusal::new(mail, "lines-disagree", said, "nobody should trust this mail")
    })
}

/// The lines of a text without their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patch::diff;

    #[test]
    fn what_git_makes_is_what_the_diff_shows() {
        let text =
            "diff --git a/a.md b/a.md\n--- a/a.md\n+++ b/a.md\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n";
        let file = &diff::read(1, text).unwrap().files[0];
        assert_eq!(of_lines(1, file, b"x\na\nb\n", b"x\na\nc\n"), None);
        for other in ["x\na\nc\nd\n", "x\na\nb\n", "a\nc\n"] {
            let refusal = of_lines(1, file, b"x\na\nb\n", other.as_bytes());
            assert_eq!(refusal.map(|refusal| refusal.reason), Some("lines-disagree"), "{other}");
        }
    }

    #[test]
    fn only_plain_paths_of_the_wiki_pass() {
        let book = Book { root: "b/".to_owned(), pages: "b/wiki/".to_owned() };
        let reason =
            |path: &str| place(1, path, &book, &Allowed::default()).map_or("", |r| r.reason);
        for path in ["b/wiki/a.md", "b/wiki/_x/a-b.1.md"] {
            assert_eq!(reason(path), "", "{path}");
        }
        for path in [
            "../a.md",
            "/a.md",
            "b/wiki/../a.md",
            "b/wiki/.git/a.md",
            "b/wiki/git~1/a.md",
            "b/wiki/-a.md",
            "b/wiki/a\u{1b}.md",
            "b/wiki/a\\b.md",
            "b/wiki/é.md",
            "b//wiki/a.md",
            "b/wiki/a..",
            "",
        ] {
            assert_eq!(reason(path), "path", "{path}");
        }
        assert_eq!(reason("b/wiki/CON.md"), "reserved-name");
        assert_eq!(reason("b/wiki/com1.x.md"), "reserved-name");
        assert_eq!(reason("b/book.toml"), "settings");
        assert_eq!(reason("a.md"), "outside");
        assert_eq!(reason("b/wiki/a.svg"), "ending");
        assert_eq!(reason(&format!("b/wiki/{}.md", "a".repeat(200))), "path");
    }
}
