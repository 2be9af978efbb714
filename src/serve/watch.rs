//! Waits until files of a book change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::load::{Loaded, SETTINGS};

/// How long it must be quiet after an event: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(40);

/// How long a stream of events is waited out at most.
const PATIENCE: Duration = Duration::from_millis(400);

/// How long to wait between two looks for a root that is gone.
const ABSENCE: Duration = Duration::from_millis(500);

/// Watches folders, not files: editors replace files by others of the same name.
pub(super) struct Watch {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    watched: BTreeMap<PathBuf, bool>,
}

impl Watch {
    pub(super) fn new() -> notify::Result<Self> {
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(sender)?;
        Ok(Self { watcher, events, watched: BTreeMap::new() })
    }

    /// Watches the folders of this book and no others; true if any is new. A folder that cannot be watched, mostly
    /// because it does not exist, is tried again the next time.
    pub(super) fn follow(&mut self, book: &Loaded) -> bool {
        let wanted = folders(book);
        let gone = self.watched.iter().filter(|(path, deep)| wanted.get(*path) != Some(*deep));
        for path in gone.map(|(path, _)| path.clone()).collect::<Vec<_>>() {
            self.watched.remove(&path);
            // It may have been removed, which ends the watch as well.
            let _ = self.watcher.unwatch(&path);
        }
        let mut new = false;
        for (path, deep) in wanted {
            let mode = if deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            if !self.watched.contains_key(&path) && self.watcher.watch(&path, mode).is_ok() {
                self.watched.insert(path, deep);
                new = true;
            }
        }
        new
    }

    /// Returns when something of the book has changed and it has been quiet for a moment.
    pub(super) fn wait(&mut self, book: &Loaded) {
        // Nothing tells when a root that is gone comes back; it is looked for now and then.
        let rooted = self.watched.contains_key(&book.root);
        let limit = if rooted { Duration::MAX } else { ABSENCE };
        let mut named = Vec::new();
        while let Ok(event) = self.events.recv_timeout(limit) {
            let concerns = concerns(&event, book);
            named.extend(event.map(|event| event.paths).unwrap_or_default());
            if concerns {
                break;
            }
        }
        let first = Instant::now();
        while first.elapsed() < PATIENCE
            && let Ok(event) = self.events.recv_timeout(QUIET)
        {
            named.extend(event.map(|event| event.paths).unwrap_or_default());
        }
        self.forget(&named);
    }

    /// Forgets folders that are gone or were among the `named` in events: another folder may have taken the name, and the
    /// watch is on the old one.
    fn forget(&mut self, named: &[PathBuf]) {
        let stale = |folder: &PathBuf| !folder.is_dir() || named.contains(folder);
        for folder in self.watched.keys().filter(|f| stale(f)).cloned().collect::<Vec<_>>() {
            self.watched.remove(&folder);
            // Where the system ended the watch itself there is nothing to end.
            let _ = self.watcher.unwatch(&folder);
        }
    }
}

/// The folders whose files matter, and whether those below them do. The root itself is looked at for `book.toml`, and for
/// folders that do not exist yet.
fn folders(book: &Loaded) -> BTreeMap<PathBuf, bool> {
    let mut folders = BTreeMap::from([(book.root.clone(), false)]);
    // A folder inside one that is watched with all below it needs no watch of its own.
    folders.extend(deep(book).into_iter().map(|folder| (folder, true)));
    let all = folders.clone();
    folders.retain(|path, _| !path.ancestors().skip(1).any(|above| all.get(above) == Some(&true)));
    folders
}

/// The folders that matter with all that is below them.
fn deep(book: &Loaded) -> Vec<PathBuf> {
    let others = book.config.watched_folders.iter().map(|path| book.root.join(path));
    let named = book.config.additional_css.iter().chain(&book.config.additional_js);
    let named = named.filter_map(|file| book.root.join(&file.path).parent().map(Path::to_owned));
    let own = [book.source_folder(), book.theme_folder()];
    own.into_iter().chain(others).chain(named).collect()
}

/// False for what cannot change the site: reading, hidden files, what `build` writes, and files that stand beside the
/// book's folders.
fn concerns(event: &notify::Result<Event>, book: &Loaded) -> bool {
    let Ok(event) = event else { return true };
    if event.need_rescan() {
        return true;
    }
    if matches!(event.kind, EventKind::Access(_)) {
        return false;
    }
    let build = book.build_folder();
    let (settings, deep) = (book.root.join(SETTINGS), deep(book));
    let part = |path: &Path| {
        path == settings || deep.iter().any(|f| path.starts_with(f) || f.starts_with(path))
    };
    let counts =
        |path: &PathBuf| part(path) && !path.starts_with(&build) && !is_hidden(path, &book.root);
    event.paths.is_empty() || event.paths.iter().any(counts)
}

fn is_hidden(path: &Path, root: &Path) -> bool {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.components().any(|part| {
        let name = part.as_os_str().as_encoded_bytes();
        name.starts_with(b".") && name != b".." && name != b"."
    })
}
