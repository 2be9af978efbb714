//! A diff as `git format-patch` writes it, read strictly: what is shown is what is applied, and there is nothing else.
//!
//! In: the text below a mail's `---`. Out: the files that it changes, with their hunks, and the exact text for `git apply`. Whatever
//! is no header, hunk or signature is refused, for git would skip it and a reader might not.

use super::Refusal;

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It comes.
    Added,
    /// It goes.
    Deleted,
    /// Its text changes.
    Modified,
    /// It gets another path.
    Renamed,
    /// It is copied to another path.
    Copied,
}

/// A run of lines that a patch changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The line with `@@`.
    pub head: String,
    /// Number of its first line in the new file.
    pub start: usize,
    /// How many lines it has in the new file.
    pub length: usize,
    /// Its lines with their marks.
    pub lines: Vec<String>,
}

/// What a patch does to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Path before; the same as `new` where it does not move.
    pub old: String,
    /// Path after.
    pub new: String,
    /// What happens to it.
    pub kind: Kind,
    /// The modes that the patch names.
    pub modes: Vec<String>,
    /// The lines that change.
    pub hunks: Vec<Hunk>,
}

/// A whole diff.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff {
    /// The text for `git apply`.
    pub text: String,
    /// The files that it changes, in its order.
    pub files: Vec<FileChange>,
    /// The commit it was made on, by its own words; empty for none.
    pub base: String,
}

impl FileChange {
    /// Lines added and lines removed.
    pub fn count(&self) -> (usize, usize) {
        let lines = || self.hunks.iter().flat_map(|hunk| &hunk.lines);
        let with = |mark: char| lines().filter(|line| line.starts_with(mark)).count();
        (with('+'), with('-'))
    }
}

/// The longest line of a number in a hunk's head that is believed.
const MOST_LINES: usize = 1 << 20;

const REMADE: &str =
    "make the patch anew with `git format-patch`, and send it with `git send-email` or attached";

struct Reader<'a> {
    mail: usize,
    lines: Vec<&'a str>,
    at: usize,
}

/// Reads a diff. `text` begins at its first line `diff --git`; `mail` is the mail's number.
pub(super) fn read(mail: usize, text: &str) -> Result<Diff, Refusal> {
    let mut reader = Reader { mail, lines: text.split_inclusive('\n').collect(), at: 0 };
    let mut files = Vec::new();
    while reader.line().starts_with("diff --git ") {
        files.push(reader.file()?);
    }
    let diff = reader.lines.get(..reader.at).unwrap_or_default().concat();
    let base = reader.tail()?;
    Ok(Diff { text: diff, files, base })
}

impl<'a> Reader<'a> {
    /// The line at hand, without its end; empty at the end of the text.
    fn line(&self) -> &'a str {
        let line = self.lines.get(self.at).copied().unwrap_or_default();
        line.strip_suffix('\n').unwrap_or(line)
    }

    fn is_done(&self) -> bool {
        self.at >= self.lines.len()
    }

    fn refuse<T>(
        &self,
        reason: &'static str,
        said: &str,
        help: &'static str,
    ) -> Result<T, Refusal> {
        Err(Refusal::new(self.mail, reason, said, help))
    }

    fn file(&mut self) -> Result<FileChange, Refusal> {
        let head = self.line();
        let (old, new) = self.names(head)?;
        self.at += 1;
        let mut file =
            FileChange { old, new, kind: Kind::Modified, modes: Vec::new(), hunks: Vec::new() };
        while !self.is_done() && self.header(&mut file)? {
            self.at += 1;
        }
        if self.line().starts_with("--- ") {
            self.sides(&file)?;
            while self.line().starts_with("@@ ") {
                let hunk = self.hunk()?;
                file.hunks.push(hunk);
            }
            if file.hunks.is_empty() {
                return self.refuse(
                    "broken-diff",
                    "a file of the diff has no lines that change",
                    REMADE,
                );
            }
        }
        let moves = matches!(file.kind, Kind::Renamed | Kind::Copied);
        if !moves && file.old != file.new {
            return self.refuse(
                "paths-disagree",
                "a file of the diff has two paths, and is not renamed",
                REMADE,
            );
        }
        Ok(file)
    }

    /// The two paths of a line `diff --git a/x b/y`.
    fn names(&self, line: &str) -> Result<(String, String), Refusal> {
        let paths = line.strip_prefix("diff --git ").unwrap_or_default();
        let words: Vec<&str> = paths.split(' ').collect();
        let help = "names of files hold letters, digits, `.`, `_` and `-` only";
        let [old, new] = words.as_slice() else {
            let said = format!("the path of a file holds blanks: `{paths}`");
            return self.refuse("path", &said, help);
        };
        if old.starts_with('"') || new.starts_with('"') {
            let said =
                format!("the path of a file holds characters that no path here has: `{paths}`");
            return self.refuse("path", &said, help);
        }
        let pair = old.strip_prefix("a/").zip(new.strip_prefix("b/"));
        if let Some((old, new)) = pair {
            return Ok((old.to_owned(), new.to_owned()));
        }
        let help = "make the patch with `git format-patch --default-prefix`";
        self.refuse("no-prefix", "the diff's paths do not begin with `a/` and `b/`", help)
    }

    /// Takes in a header line of a file; false where the headers end.
    fn header(&self, file: &mut FileChange) -> Result<bool, Refusal> {
        let line = self.line();
        let after = |word: &str| line.strip_prefix(word);
        if after("index ").is_some() {
            file.modes.extend(line.split(' ').nth(2).map(str::to_owned));
        } else if let Some(mode) = after("new file mode ") {
            file.kind = Kind::Added;
            file.modes.push(mode.to_owned());
        } else if let Some(mode) = after("deleted file mode ") {
            file.kind = Kind::Deleted;
            file.modes.push(mode.to_owned());
        } else if let Some(mode) = after("old mode ").or_else(|| after("new mode ")) {
            file.modes.push(mode.to_owned());
        } else if let Some(path) = after("rename from ").or_else(|| after("copy from ")) {
            file.kind = if line.starts_with("copy") { Kind::Copied } else { Kind::Renamed };
            self.same(path, &file.old)?;
        } else if let Some(path) = after("rename to ").or_else(|| after("copy to ")) {
            file.kind = if line.starts_with("copy") { Kind::Copied } else { Kind::Renamed };
            self.same(path, &file.new)?;
        } else if line.starts_with("GIT binary patch") || line.starts_with("Binary files ") {
            let help = "send images and other files by another way";
            return self.refuse("binary", "the patch holds a binary file", help);
        } else {
            return Ok(after("similarity index ")
                .or_else(|| after("dissimilarity index "))
                .is_some());
        }
        Ok(true)
    }

    fn same(&self, path: &str, other: &str) -> Result<(), Refusal> {
        if path == other {
            return Ok(());
        }
        self.refuse("paths-disagree", "a file of the diff has more paths than two", REMADE)
    }

    /// Takes in the lines `---` and `+++`.
    fn sides(&mut self, file: &FileChange) -> Result<(), Refusal> {
        let old = if file.kind == Kind::Added {
            "/dev/null".to_owned()
        } else {
            format!("a/{}", file.old)
        };
        let new = if file.kind == Kind::Deleted {
            "/dev/null".to_owned()
        } else {
            format!("b/{}", file.new)
        };
        for (mark, path) in [("--- ", old), ("+++ ", new)] {
            let said = self.line().strip_prefix(mark).map(str::trim_end);
            if said != Some(path.as_str()) {
                return self.refuse(
                    "paths-disagree",
                    "a file of the diff is not called the same everywhere",
                    REMADE,
                );
            }
            self.at += 1;
        }
        Ok(())
    }

    fn hunk(&mut self) -> Result<Hunk, Refusal> {
        let head = self.line().to_owned();
        let Some((mut old, start, mut new)) = ranges(&head) else {
            return self.refuse("broken-diff", "the head of a hunk cannot be read", REMADE);
        };
        let length = new;
        self.at += 1;
        let mut lines = Vec::new();
        while old > 0 || new > 0 || self.line().starts_with("\\ ") {
            if self.is_done() {
                return self.refuse("cut-short", "the patch ends in the middle of a hunk", REMADE);
            }
            let line = self.line();
            let counts = match line.chars().next() {
                Some(' ') => (1, 1),
                Some('-') => (1, 0),
                Some('+') => (0, 1),
                Some('\\') => (0, 0),
                None => {
                    let help = "the sender's mail program strips blanks at the ends of lines: switch that off, \
                                or send with `git send-email`, or attach the file";
                    return self.refuse(
                        "stripped-blanks",
                        "lines of the patch have lost their last blanks",
                        help,
                    );
                }
                Some(_) => {
                    let help = "the sender's mail program breaks long lines: switch that off, or send with \
                                `git send-email`, or attach the file";
                    return self.refuse("wrapped", "lines of the patch are broken in two", help);
                }
            };
            let Some(left) = old.checked_sub(counts.0).zip(new.checked_sub(counts.1)) else {
                return self.refuse(
                    "broken-diff",
                    "a hunk has other lines than its head says",
                    REMADE,
                );
            };
            (old, new) = left;
            lines.push(line.to_owned());
            self.at += 1;
        }
        Ok(Hunk { head, start, length, lines })
    }

    /// What follows the diff: the commit it was made on, a signature, nothing else.
    fn tail(&mut self) -> Result<String, Refusal> {
        let mut base = String::new();
        let mut signed = false;
        while !self.is_done() {
            let line = self.line();
            self.at += 1;
            let marks = [
                "diff -",
                "Index: ",
                "--- ",
                "+++ ",
                "@@ ",
                "GIT binary patch",
                "rename ",
                "copy ",
            ];
            let hidden = marks.iter().any(|mark| line.starts_with(mark));
            let known = ["prerequisite-patch-id: ", "prerequisite-message-id: ", "change-id: "];
            if let Some(commit) = line.strip_prefix("base-commit: ") {
                commit.clone_into(&mut base);
            } else if line == "-- " || line == "--" {
                signed = true;
            } else if hidden
                || !(signed || line.trim().is_empty() || known.iter().any(|k| line.starts_with(k)))
            {
                let said = "there is text between the files of the diff, or after it";
                return self.refuse("text-in-diff", said, REMADE);
            }
        }
        Ok(base)
    }
}

/// Of `@@ -1,2 +3,4 @@`: how many old lines, the first new line, and how many new ones.
fn ranges(head: &str) -> Option<(usize, usize, usize)> {
    let rest = head.strip_prefix("@@ -")?;
    let (old, rest) = rest.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let range = |text: &str| -> Option<(usize, usize)> {
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        let digits = |text: &str| text.len() < 8 && text.bytes().all(|b| b.is_ascii_digit());
        (digits(start) && digits(count)).then_some(())?;
        Some((start.parse().ok()?, count.parse().ok()?)).filter(|range| range.1 <= MOST_LINES)
    };
    let ((_, old), (start, new)) = (range(old)?, range(new)?);
    Some((old, start, new))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "diff --git a/wiki/a.md b/wiki/a.md\nindex 1..2 100644\n--- a/wiki/a.md\n+++ b/wiki/a.md\n\
                        @@ -1,2 +1,2 @@ head\n a\n--- \n+- b\n";

    fn reason(text: &str) -> &'static str {
        read(1, text).err().map_or("", |refusal| refusal.reason)
    }

    #[test]
    fn counts_tell_a_removed_line_from_a_signature() {
        let text = format!("{GOOD}base-commit: abc\n-- \n2.47.3\n\n");
        let diff = read(1, &text).unwrap();
        assert_eq!((diff.text.as_str(), diff.base.as_str()), (GOOD, "abc"));
        assert_eq!(diff.files[0].count(), (1, 1));
        assert_eq!((diff.files[0].hunks[0].start, diff.files[0].hunks[0].length), (1, 2));
    }

    #[test]
    fn whatever_else_stands_there_is_refused() {
        assert_eq!(reason(&format!("{GOOD}hello\n{GOOD}")), "text-in-diff");
        assert_eq!(reason(&format!("{GOOD}-- \n2\n{GOOD}")), "text-in-diff");
        assert_eq!(reason(&GOOD.replace(" a\n", "\n")), "stripped-blanks");
        assert_eq!(reason(&GOOD.replace(" a\n", "a\n")), "wrapped");
        assert_eq!(reason(&GOOD.replace("+++ b/wiki/a.md", "+++ b/wiki/b.md")), "paths-disagree");
        assert_eq!(
            reason(&GOOD.replace("a/wiki/a.md b/wiki/a.md", "wiki/a.md wiki/a.md")),
            "no-prefix"
        );
        assert_eq!(reason(&GOOD.replace("-1,2", "-1,3")), "cut-short");
        assert_eq!(reason(&GOOD.replace("-1,2", "-1,99999999999999999999")), "broken-diff");
    }
}
