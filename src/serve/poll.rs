//! Looks at files again and again, for folders in which the system tells of no changes: those of a network or a container.
//!
//! Names, lengths and times are compared, not contents. (The poller of `notify` compares times in whole seconds: of two
//! saves in one second it can miss the second.) A file that has just changed is looked at again until it holds still.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use walkdir::{DirEntry, WalkDir};

use super::watch::{folders, is_part};
use crate::load::Loaded;

/// How long a file that changed must stay as it is.
const STILL: Duration = Duration::from_millis(10);

/// How long files are waited for to hold still.
const PATIENCE: Duration = Duration::from_millis(400);

/// When a file was changed, and its length in bytes.
type State = (Option<SystemTime>, u64);

/// Files as they were seen last.
pub(super) struct Poll {
    interval: Duration,
    seen: Option<BTreeMap<PathBuf, State>>,
    /// Files that came, went or changed.
    pub(super) named: BTreeSet<PathBuf>,
}

impl Poll {
    /// `interval` is the time between two looks.
    pub(super) fn new(interval: Duration) -> Self {
        Self { interval, seen: None, named: BTreeSet::new() }
    }

    /// Looks for the first time; true if this was it.
    pub(super) fn follow(&mut self, book: &Loaded) -> bool {
        let first = self.seen.is_none();
        if first {
            self.seen = Some(look(book));
        }
        first
    }

    /// Returns when a look shows something else than the one before, and it holds still.
    pub(super) fn wait(&mut self, book: &Loaded) {
        loop {
            thread::sleep(self.interval);
            let now = look(book);
            let before = self.seen.replace(now.clone()).unwrap_or_default();
            let differs = |path: &&PathBuf| before.get(*path) != now.get(*path);
            self.named = before.keys().chain(now.keys()).filter(differs).cloned().collect();
            // A root that is gone cannot be read; the caller finds out when it is back.
            if !self.named.is_empty() || !book.root.is_dir() {
                break;
            }
        }
        let (start, mut last) = (Instant::now(), self.states());
        while start.elapsed() < PATIENCE {
            thread::sleep(STILL);
            let next = self.states();
            if next == last {
                break;
            }
            last = next;
        }
    }

    fn states(&self) -> Vec<Option<State>> {
        self.named.iter().map(|path| fs::metadata(path).ok().map(|found| state(&found))).collect()
    }
}

fn state(found: &fs::Metadata) -> State {
    (found.modified().ok(), found.len())
}

/// The files that make up the book.
fn look(book: &Loaded) -> BTreeMap<PathBuf, State> {
    let mut seen = BTreeMap::new();
    for (folder, deep) in folders(book) {
        let depth = if deep { usize::MAX } else { 1 };
        let wanted = |entry: &DirEntry| entry.depth() == 0 || is_part(entry.path(), book);
        let walk = WalkDir::new(folder).max_depth(depth).follow_links(true).into_iter();
        for entry in walk.filter_entry(wanted).flatten() {
            if let Ok(found) = entry.metadata()
                && found.is_file()
            {
                seen.insert(entry.into_path(), state(&found));
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::load;

    #[test]
    fn two_saves_in_one_second_are_both_seen() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("a.md");
        fs::write(&page, "# A\n").unwrap();
        let book = load(folder.path()).unwrap();
        let mut poll = Poll::new(Duration::from_millis(1));
        assert!(poll.follow(&book) && !poll.follow(&book));
        for text in ["# AB\n", "# ABC\n"] {
            fs::write(&page, text).unwrap();
            poll.wait(&book);
            assert_eq!(poll.named, BTreeSet::from([book.root.join("a.md")]));
        }
        fs::write(folder.path().join("a.md~"), "").unwrap();
        fs::remove_file(&page).unwrap();
        poll.wait(&book);
        assert_eq!(poll.named.len(), 1);
    }
}
