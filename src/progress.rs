//! How far a run is: what the stages tell to whoever watches them.
//!
//! The stages tell what they do and never ask what became of it, so a run that is watched gives the same as one that is not.
//! Clocks and screens are the watcher's business.

/// Watches a run. Its methods may be called by several threads at once, and often: they should return at once.
pub trait Progress: Sync {
    /// A stage begins, and the one before it is over. It has `pages` pages to do, 0 where it does not tell. A stage that turns
    /// out to have more to do begins again.
    fn begins(&self, _stage: Stage, _pages: usize) {}

    /// A page of the stage is done, and this many examples on it.
    fn done(&self, _examples: usize) {}
}

/// Nobody watches.
impl Progress for () {}

/// What a run does, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Files are read.
    Read,
    /// Pages and grammar fences are parsed.
    Parse,
    /// Pages become a book.
    Assemble,
    /// Examples are checked.
    Examples,
    /// Links, names, tables and the grammar are checked.
    Rest,
    /// The search is made.
    Search,
    /// Templates of the book's own are tried.
    Templates,
    /// What was found is told.
    Report,
    /// Files of the site are made and written.
    Write,
}

impl Stage {
    /// All of them, in their order.
    pub const ALL: [Self; 9] = [
        Self::Read,
        Self::Parse,
        Self::Assemble,
        Self::Examples,
        Self::Rest,
        Self::Search,
        Self::Templates,
        Self::Report,
        Self::Write,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Parse => "parse",
            Self::Assemble => "assemble",
            Self::Examples => "check examples",
            Self::Rest => "check the rest",
            Self::Search => "search",
            Self::Templates => "templates",
            Self::Report => "report",
            Self::Write => "make and write",
        }
    }
}
