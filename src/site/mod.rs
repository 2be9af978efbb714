//! A checked book into a site: an ordered map of URL paths to bytes.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::check::Checked;
use crate::config::Config;
use crate::report::Diagnostic;

/// A whole site. Equal inputs give equal bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// Files by their path in the site, such as `commands/chg.html`.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Other files of a book by path, as `load` found them.
pub type Assets = BTreeMap<String, Arc<[u8]>>;

/// The files that make pages of content.
#[derive(Debug, Clone)]
pub struct Theme {}

impl Theme {
    /// The default theme with the files of a book's own theme laid over it.
    pub fn new(_: &Assets, _: &str) -> (Self, Vec<Diagnostic>) {
        (Self {}, Vec::new())
    }
}

/// Makes the site.
pub fn render(
    checked: &Checked,
    assets: &Assets,
    _: &Theme,
    _: &Config,
) -> (Site, Vec<Diagnostic>) {
    let mut files: BTreeMap<String, Vec<u8>> =
        assets.iter().map(|(path, bytes)| (path.clone(), bytes.to_vec())).collect();
    for entry in checked.book.entries.values() {
        let html = format!("<html><head></head><body><main>{}</main></body></html>", entry.title);
        files.insert(entry.url.clone(), html.into_bytes());
    }
    (Site { files }, Vec::new())
}

/// What writing a site did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// How many files were written.
    pub changed: usize,
}

/// Writes a site.
pub fn write(site: &Site, folder: &Path) -> std::io::Result<Written> {
    for (path, bytes) in &site.files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, bytes)?;
    }
    Ok(Written { changed: site.files.len() })
}
