//! A file of a site: its bytes, or how to make them when somebody asks.
//!
//! A page is not kept: making it takes less than a millisecond, and ten thousand of them would be most of the memory.

use std::fmt;
use std::sync::Arc;

use super::shared::Shared;
use crate::report::Diagnostic;

/// A file that was made: its text, and findings about the theme's templates.
pub(super) type Made = (String, Vec<Diagnostic>);

/// What makes a `T` of what all files share.
type Maker<T> = Box<dyn Fn(&Shared) -> T + Send + Sync>;

/// A file of a site.
pub(super) enum File {
    /// Bytes that are there already, or are needed more than once.
    Bytes(Arc<[u8]>),
    /// Bytes that are made when they are asked for, always the same.
    Lazy(Maker<Vec<u8>>),
    /// A page that a template makes when it is asked for.
    Page(Maker<Made>),
}

impl File {
    pub(super) fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self::Bytes(bytes.into())
    }

    pub(super) fn lazy(make: impl Fn(&Shared) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::Lazy(Box::new(make))
    }

    pub(super) fn page(make: impl Fn(&Shared) -> Made + Send + Sync + 'static) -> Self {
        Self::Page(Box::new(make))
    }

    /// The bytes.
    pub(super) fn make(&self, shared: &Shared) -> Arc<[u8]> {
        match self {
            Self::Bytes(bytes) => Arc::clone(bytes),
            Self::Lazy(make) => make(shared).into(),
            Self::Page(make) => make(shared).0.into_bytes().into(),
        }
    }

    /// What is wrong with the templates that make the file.
    pub(super) fn findings(&self, shared: &Shared) -> Vec<Diagnostic> {
        match self {
            Self::Bytes(_) | Self::Lazy(_) => Vec::new(),
            Self::Page(make) => make(shared).1,
        }
    }
}

impl fmt::Debug for File {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Bytes(_) => "Bytes",
            Self::Lazy(_) => "Lazy",
            Self::Page(_) => "Page",
        })
    }
}
