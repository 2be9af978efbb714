//! Waits until files of a book change, and knows which of them are being written.
//!
//! Folders are watched, not files: editors replace files by others of the same name. The first event that concerns the book
//! ends the wait; nothing is waited out to see whether more will come, for what comes while the book is built is the next
//! change. What is read then may be half of what an editor wants to say, which is the matter of `settle`. From here it
//! learns three things: whether a file is open for writing (Linux tells when one is closed; elsewhere nothing does), which
//! files events have named, and whether more came while the book was read.
//!
//! Hidden files, left-overs of editors, what `build` writes and mere reading concern no book.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RenameMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::poll::Poll;
use crate::load::{Loaded, SETTINGS, is_hidden};

/// How long a file that was written to is waited for to be closed.
const OPEN: Duration = Duration::from_millis(30);

/// How long files that are written to again and again are waited for.
const PATIENCE: Duration = Duration::from_millis(400);

/// How long to wait between two looks for a root that is gone.
const ABSENCE: Duration = Duration::from_millis(500);

/// True where the system tells that a file was closed.
const TELLS_OF_CLOSING: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// How changes are learned of.
pub(super) enum Watch {
    /// The system tells.
    Told(Told),
    /// Files are looked at again and again.
    Polled(Poll),
}

impl Watch {
    /// `interval` is the time between two looks; without it the system tells.
    pub(super) fn new(interval: Option<Duration>) -> notify::Result<Self> {
        Ok(match interval {
            Some(interval) => Self::Polled(Poll::new(interval)),
            None => Self::Told(Told::new()?),
        })
    }

    /// Watches the folders of this book and no others; true if any is new, so that the book may have changed unseen.
    pub(super) fn follow(&mut self, book: &Loaded) -> bool {
        match self {
            Self::Told(told) => told.follow(book),
            Self::Polled(poll) => poll.follow(book),
        }
    }

    /// Returns when something of the book has changed.
    pub(super) fn wait(&mut self, book: &Loaded) {
        match self {
            Self::Told(told) => told.wait(book),
            Self::Polled(poll) => poll.wait(book),
        }
    }

    /// Returns when no file of the book is open for writing, as far as can be known, and takes all that has been heard
    /// as seen.
    pub(super) fn finish(&mut self, book: &Loaded) {
        if let Self::Told(told) = self {
            told.finish(book);
        }
    }

    /// True if something of the book has changed since `finish`.
    pub(super) fn has_heard(&mut self, book: &Loaded) -> bool {
        match self {
            Self::Told(told) => {
                told.listen(book);
                told.heard
            }
            Self::Polled(_) => false,
        }
    }

    /// The files named since they were asked for last.
    pub(super) fn named(&mut self) -> BTreeSet<PathBuf> {
        match self {
            Self::Told(told) => std::mem::take(&mut told.named),
            Self::Polled(poll) => std::mem::take(&mut poll.named),
        }
    }
}

/// What the system tells.
pub(super) struct Told {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    /// Folders, and whether those below them are watched too.
    watched: BTreeMap<PathBuf, bool>,
    /// Files that were written to and not closed, and when that was.
    open: BTreeMap<PathBuf, Instant>,
    named: BTreeSet<PathBuf>,
    /// True if an event has concerned the book.
    heard: bool,
}

impl Told {
    fn new() -> notify::Result<Self> {
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(sender)?;
        Ok(Self {
            watcher,
            events,
            watched: BTreeMap::new(),
            open: BTreeMap::new(),
            named: BTreeSet::new(),
            heard: false,
        })
    }

    /// A folder that cannot be watched, mostly because it does not exist, is tried again the next time.
    fn follow(&mut self, book: &Loaded) -> bool {
        let wanted = folders(book);
        let gone = self.watched.iter().filter(|(path, deep)| wanted.get(*path) != Some(*deep));
        for path in gone.map(|(path, _)| path.clone()).collect::<Vec<_>>() {
            self.forget(&path);
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

    fn forget(&mut self, folder: &Path) {
        self.watched.remove(folder);
        // Where the system ended the watch itself there is nothing to end.
        let _ = self.watcher.unwatch(folder);
    }

    fn wait(&mut self, book: &Loaded) {
        // Nothing tells when a root that is gone comes back; it is looked for now and then.
        let rooted = self.watched.contains_key(&book.root);
        let limit = if rooted { Duration::MAX } else { ABSENCE };
        self.listen(book);
        while !self.heard
            && let Ok(event) = self.events.recv_timeout(limit)
        {
            self.note(event, book);
        }
    }

    fn finish(&mut self, book: &Loaded) {
        let start = Instant::now();
        self.listen(book);
        while start.elapsed() < PATIENCE {
            self.open.retain(|_, written| written.elapsed() < OPEN);
            if self.open.is_empty() {
                break;
            }
            if let Ok(event) = self.events.recv_timeout(Duration::from_millis(2)) {
                self.note(event, book);
            }
            self.listen(book);
        }
        self.heard = false;
        // Another folder may have taken the name of one that is gone or was named, and the watch is on the old one.
        let stale = |folder: &PathBuf| !folder.is_dir() || self.named.contains(folder);
        for folder in self.watched.keys().filter(|f| stale(f)).cloned().collect::<Vec<_>>() {
            self.forget(&folder);
        }
    }

    /// Notes all events that have come.
    fn listen(&mut self, book: &Loaded) {
        while let Ok(event) = self.events.try_recv() {
            self.note(event, book);
        }
    }

    fn note(&mut self, event: notify::Result<Event>, book: &Loaded) {
        let concerns = concerns(&event, book);
        self.heard |= concerns;
        // Where events were lost anything may have changed, which the root stands for.
        if event.as_ref().map_or(true, Event::need_rescan) {
            self.named.insert(book.root.clone());
        }
        let Ok(Event { kind, paths, .. }) = event else { return };
        for path in paths {
            if concerns && is_writing(kind) {
                self.open.insert(path.clone(), Instant::now());
            } else if ends_writing(kind) {
                self.open.remove(&path);
            }
            if !matches!(kind, EventKind::Access(_)) {
                self.named.insert(path);
            }
        }
    }
}

fn is_writing(kind: EventKind) -> bool {
    let writing = matches!(
        kind,
        EventKind::Create(CreateKind::File) | EventKind::Modify(ModifyKind::Data(_))
    );
    writing && TELLS_OF_CLOSING
}

fn ends_writing(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Remove(_)
            | EventKind::Modify(ModifyKind::Name(RenameMode::From))
    )
}

/// The folders whose files matter, and whether those below them do. The root itself is looked at for `book.toml`, and for
/// folders that do not exist yet.
pub(super) fn folders(book: &Loaded) -> BTreeMap<PathBuf, bool> {
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

fn concerns(event: &notify::Result<Event>, book: &Loaded) -> bool {
    let Ok(event) = event else { return true };
    if event.need_rescan() {
        return true;
    }
    if matches!(event.kind, EventKind::Access(_)) {
        return false;
    }
    event.paths.is_empty() || event.paths.iter().any(|path| is_part(path, book))
}

/// True for a path whose change may change the site.
pub(super) fn is_part(path: &Path, book: &Loaded) -> bool {
    let (settings, deep) = (book.root.join(SETTINGS), deep(book));
    let inside =
        path == settings || deep.iter().any(|f| path.starts_with(f) || f.starts_with(path));
    inside && !path.starts_with(book.build_folder()) && !is_left_out(path, &book.root)
}

/// True for hidden files and files of editors. `4913` is what Vim tries out a folder with.
fn is_left_out(path: &Path, root: &Path) -> bool {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.components().any(|part| {
        let name = part.as_os_str().as_encoded_bytes();
        name == b"4913" || (name != b".." && name != b"." && is_hidden(name))
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::load::load;

    #[test]
    fn only_what_a_book_is_made_of_concerns_it() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("book.toml"), "[build]\nextra-watch-dirs = [\"more\"]\n")
            .unwrap();
        let book = load(folder.path()).unwrap();
        let concerned = |path: &str| {
            let event = Event::new(EventKind::Any).add_path(book.root.join(path));
            concerns(&Ok(event), &book)
        };
        for path in ["book.toml", "src", "src/new.md", "more/a.txt", "theme/site.css", ""] {
            assert!(concerned(path), "{path}");
        }
        let others = [
            "log.txt",
            "target/a",
            "book/index.html",
            ".git/index",
            "src/.a.swp",
            "src/a.md~",
            "src/#a.md#",
            "src/4913",
        ];
        for path in others {
            assert!(!concerned(path), "{path}");
        }
    }

    #[test]
    fn a_file_is_open_from_its_first_byte_until_it_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let book = load(folder.path()).unwrap();
        let mut told = Told::new().unwrap();
        let path = book.root.join("a.md");
        let steps = [
            (EventKind::Create(CreateKind::File), TELLS_OF_CLOSING),
            (EventKind::Access(AccessKind::Close(AccessMode::Write)), false),
            (EventKind::Modify(ModifyKind::Data(notify::event::DataChange::Any)), TELLS_OF_CLOSING),
            (EventKind::Access(AccessKind::Open(AccessMode::Any)), TELLS_OF_CLOSING),
            (EventKind::Modify(ModifyKind::Name(RenameMode::From)), false),
        ];
        for (kind, open) in steps {
            told.note(Ok(Event::new(kind).add_path(path.clone())), &book);
            assert_eq!(told.open.contains_key(&path), open, "{kind:?}");
        }
        assert!(told.heard && told.named.contains(&path));
    }
}
