//! Reads a book that is being written, and believes only what will stay.
//!
//! Editors save in ways that leave a moment in which a file is gone (renamed to a backup, the new one not there yet), empty
//! (cut to nothing, then written) or half of itself. None of that may be shown. So a change is read by this rule:
//!
//! 1. No file is read while one is known to be open for writing (`watch`), within bounds.
//! 2. If anything changed while the book was read, it is read again.
//! 3. A file that an event named and whose length on disk is not the one that was read has changed meanwhile: again.
//! 4. A file that had text and is now empty, a file that was there and is gone, and a book that cannot be read are doubted:
//!    believed when they stay so for [`GRACE`], and read again as soon as they do not.
//! 5. After [`PATIENCE`] whatever was read last is believed: a file that is written for ever must not stop the rest.
//!
//! Everything else is believed at once: what a save costs is the reading. A browser is told of a site that differs, so a
//! save that changes nothing (`touch`) tells it nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::watch::Watch;
use crate::load::{LoadError, Loaded, SETTINGS, again, load};
use crate::text::Source;

/// How long a file must have been gone or empty.
const GRACE: Duration = Duration::from_millis(30);

/// How long reading goes on while things change.
const PATIENCE: Duration = Duration::from_millis(600);

/// Time between two looks at a file that is doubted.
const MOMENT: Duration = Duration::from_millis(3);

/// Reads the book in `dir` as it is after the change that `watch` has seen; `before` is the book as it was.
pub(super) fn read(dir: &Path, before: &Loaded, watch: &mut Watch) -> Result<Loaded, LoadError> {
    let start = Instant::now();
    // Files that were doubted and are there all the same: the book leaves them out now.
    let mut left_out = Vec::new();
    let mut named = BTreeSet::new();
    loop {
        watch.finish(before);
        named.extend(watch.named());
        // Where only pages changed, only they are read.
        let next = again(before, &named).map_or_else(|| load(dir), Ok);
        if start.elapsed() > PATIENCE {
            return next;
        }
        if watch.has_heard(before) {
            continue;
        }
        let stays = match &next {
            Ok(next) if has_grown(next, &named) => {
                thread::sleep(MOMENT);
                false
            }
            Ok(next) => {
                let doubted = doubted(before, next);
                let stays = doubted == left_out || stay(&doubted);
                left_out = doubted;
                stays
            }
            Err(_) => !comes(dir),
        };
        if stays {
            return next;
        }
    }
}

/// True if these files are gone or empty for the whole grace.
fn stay(doubted: &[PathBuf]) -> bool {
    let start = Instant::now();
    while !doubted.is_empty() && start.elapsed() < GRACE {
        thread::sleep(MOMENT);
        let is_back = |path: &PathBuf| fs::metadata(path).is_ok_and(|found| found.len() > 0);
        if doubted.iter().any(is_back) {
            return false;
        }
    }
    true
}

/// True if a book that could not be read can be before the grace is over.
fn comes(dir: &Path) -> bool {
    let start = Instant::now();
    while start.elapsed() < GRACE {
        thread::sleep(MOMENT);
        if load(dir).is_ok() {
            return true;
        }
    }
    false
}

/// The files of `before` that are gone or empty in `next`, which they were not.
fn doubted(before: &Loaded, next: &Loaded) -> Vec<PathBuf> {
    let (old, new) = (&before.sources, &next.sources);
    let pages = before.source_folder();
    let no_text = |source: &Arc<Source>| source.text.is_empty();
    let no_bytes = |bytes: &Arc<[u8]>| bytes.is_empty();
    let mut doubted = lost(&pages, (&old.pages, &new.pages), no_text);
    doubted.extend(lost(&pages, (&old.assets, &new.assets), no_bytes));
    doubted.extend(lost(&before.theme_folder(), (&old.theme, &new.theme), no_bytes));
    doubted.extend(lost(&before.root, (&old.named, &new.named), no_bytes));
    let settings = |book: &Loaded| book.settings.as_ref().is_some_and(|text| !no_text(text));
    doubted.extend((settings(before) && !settings(next)).then(|| before.root.join(SETTINGS)));
    doubted
}

/// The files of a folder that are in the first map and in the second are missing, or empty and were not.
fn lost<T>(
    folder: &Path,
    (before, after): (&BTreeMap<String, T>, &BTreeMap<String, T>),
    is_empty: impl Fn(&T) -> bool,
) -> Vec<PathBuf> {
    let is_lost = |(path, old): &(&String, &T)| match after.get(*path) {
        Some(new) => is_empty(new) && !is_empty(old),
        None => true,
    };
    before.iter().filter(is_lost).map(|(path, _)| folder.join(path)).collect()
}

/// True if one of the `named` files has another length on disk than was read.
fn has_grown(book: &Loaded, named: &BTreeSet<PathBuf>) -> bool {
    named.iter().any(|path| {
        let found = fs::metadata(path).ok().map(|found| found.len());
        let read = length(book, path).map(|length| length as u64);
        read.is_some() && found.is_some() && read != found
    })
}

/// The length that was read of a file, in bytes; `None` too for what is not UTF-8, for its text is not its bytes.
fn length(book: &Loaded, path: &Path) -> Option<usize> {
    let whole =
        |source: &Arc<Source>| (!source.text.contains('\u{FFFD}')).then_some(source.text.len());
    if path == book.root.join(SETTINGS) {
        return book.settings.as_ref().and_then(whole);
    }
    let below = |folder: PathBuf| path.strip_prefix(folder).ok()?.to_str();
    if let Some(name) = below(book.source_folder())
        && let Some(source) = book.sources.pages.get(name)
    {
        return whole(source);
    }
    let folders = [
        (book.source_folder(), &book.sources.assets),
        (book.theme_folder(), &book.sources.theme),
        (book.root.clone(), &book.sources.named),
    ];
    let mut found = folders.into_iter().filter_map(|(folder, files)| files.get(below(folder)?));
    found.next().map(|bytes| bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(files: &[(&str, &str)]) -> (tempfile::TempDir, Loaded) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            fs::write(folder.path().join(path), text).unwrap();
        }
        let book = load(folder.path()).unwrap();
        (folder, book)
    }

    #[test]
    fn what_is_newly_empty_or_gone_is_doubted() {
        let (folder, before) =
            book(&[("a.md", "# A\n"), ("b.md", ""), ("c.png", "x"), ("d.md", "D")]);
        fs::write(folder.path().join("a.md"), "").unwrap();
        fs::remove_file(folder.path().join("c.png")).unwrap();
        fs::write(folder.path().join("d.md"), "E").unwrap();
        let next = load(folder.path()).unwrap();
        let found = doubted(&before, &next);
        assert_eq!(found, [before.root.join("a.md"), before.root.join("c.png")]);
        assert!(stay(&found));
        fs::write(folder.path().join("a.md"), "# A\n").unwrap();
        assert!(!stay(&found));
    }

    #[test]
    fn a_file_that_grew_after_it_was_read_is_read_again() {
        let (folder, read) = book(&[("a.md", "# A\n"), ("b.md", "ü")]);
        let named = BTreeSet::from([read.root.join("a.md"), read.root.join("b.md")]);
        assert!(!has_grown(&read, &named));
        fs::write(folder.path().join("a.md"), "# A\n\nMore.\n").unwrap();
        assert!(has_grown(&read, &named) && !has_grown(&read, &BTreeSet::new()));
    }
}
