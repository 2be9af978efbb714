//! A checked book into a site: an ordered map of URL paths to files, each made when it is asked for (`file`).
//!
//! In: [`Checked`], the bytes of the book's other files, a [`Theme`] and a [`Config`]. Out: a [`Site`], and findings about
//! the theme's templates and about redirects. Rendering is pure and total; it knows of MSNP no more than tokens and grammar say.
//!
//! 1. What all pages need is worked out once (`shared`): names of files, order, findings, who answers whom.
//! 2. Each page's blocks become HTML (`block`, `inline`, `fence`, `example`, `syntax`, `directive`, `facts`).
//! 3. A template puts the frame around it (`frame`, `theme`), with the style that it needs (`style`).
//! 4. The index of everything (`find`), the search (`search`) and what parameters mean (`meaning`) are made of all pages
//!    together.
//! 5. Programs get the grammar, the examples' bytes and the pages' text (`export`).
//! 6. Where the settings ask for it, all pages stand on one as well (`print`).
//! 7. A list of all addresses (`addresses`) shows the next build what it loses. Old addresses (`redirect`) get pages that lead on.
//! 8. [`write`](write()) brings a site to disk, whole or not at all.

mod addresses;
mod block;
mod coverage;
mod diff;
mod directive;
mod example;
mod export;
mod facts;
mod fence;
mod file;
mod find;
mod footnote;
mod frame;
mod highlight;
mod href;
mod html;
mod inline;
mod lens;
mod matrix;
mod meaning;
mod nav;
mod print;
mod questions;
mod redirect;
mod reverse;
mod search;
mod shared;
mod style;
mod syntax;
mod theme;
mod wire;
mod write;

#[cfg(test)]
mod tests;

pub use shared::Naming;
pub use theme::Theme;
pub use write::{Written, lost, write};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::Checked;
use crate::config::Config;
use crate::report::Diagnostic;
use crate::text::Sources;
use file::File;
use shared::{Files, Shared};
use style::Styles;

/// A whole site. Equal inputs give equal bytes.
#[derive(Debug, Default)]
pub struct Site {
    /// What the files are made from; `None` for a site of mere bytes.
    shared: Option<Shared>,
    /// Files by their path in the site, such as `commands/chg.html`.
    files: BTreeMap<String, File>,
}

/// Other files of a book by path, as `load` found them.
pub type Assets = BTreeMap<String, Arc<[u8]>>;

impl Site {
    /// The bytes of a file, made now; `None` where there is no such file.
    pub fn get(&self, path: &str) -> Option<Arc<[u8]>> {
        match (self.files.get(path), &self.shared) {
            (Some(File::Bytes(bytes)), _) => Some(Arc::clone(bytes)),
            (Some(file), Some(shared)) => Some(file.make(shared)),
            (None, Some(shared)) => shared.search_file(path),
            (_, None) => None,
        }
    }

    /// True if there is a file at `path`, other than of a search that is not made yet.
    pub fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Paths of all files, in order; without those of the search where its files are named plainly ([`Naming::Plain`]).
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// All files at once, by path.
    pub fn files(&self) -> BTreeMap<String, Arc<[u8]>> {
        let paths: Vec<&String> = self.files.keys().collect();
        let made = paths.into_par_iter().filter_map(|path| Some((path.clone(), self.get(path)?)));
        made.collect::<Vec<_>>().into_iter().collect()
    }

    /// Paths of the files that were not made when they were asked for, and have other bytes than in `before`, are new, or are gone.
    pub fn changed_bytes(&self, before: &Self) -> BTreeSet<String> {
        fn bytes(site: &Site) -> BTreeMap<&str, &Arc<[u8]>> {
            let files = site.files.iter().filter_map(|(path, file)| match file {
                File::Bytes(bytes) => Some((path.as_str(), bytes)),
                File::Lazy(_) | File::Page(_) => None,
            });
            files.collect()
        }
        let (old, new) = (bytes(before), bytes(self));
        let paths = old.keys().chain(new.keys());
        let differs = |path: &&&str| match (old.get(**path), new.get(**path)) {
            (Some(old), Some(new)) => !Arc::ptr_eq(old, new) && old != new,
            _ => true,
        };
        paths.filter(differs).map(|path| (*path).to_owned()).collect()
    }

    /// A site of these bytes.
    #[cfg(test)]
    pub(crate) fn of(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let files = files.into_iter().map(|(path, bytes)| (path, File::bytes(bytes)));
        Self { shared: None, files: files.collect() }
    }

    /// What is wrong with the templates of the book's own theme, which takes making every page. The built-in ones cannot fail.
    pub fn template_findings(&self) -> Vec<Diagnostic> {
        let Some(shared) = self.shared.as_ref().filter(|s| s.theme.has_own_templates()) else {
            return Vec::new();
        };
        let files: Vec<&File> = self.files.values().collect();
        let found: Vec<Vec<Diagnostic>> =
            files.into_par_iter().map(|file| file.findings(shared)).collect();
        once_each(found.into_iter().flatten().collect())
    }
}

/// Makes the site. Findings are about redirects; what is wrong with templates shows when pages are made.
pub fn render(
    checked: &Arc<Checked>,
    sources: &Sources,
    theme: &Arc<Theme>,
    config: &Config,
    naming: Naming,
) -> (Site, Vec<Diagnostic>) {
    let (redirects, diagnostics) = redirect::redirects(&checked.book, config);
    let (names, made) = Files::new(checked, theme, config, naming, &sources.named);
    let (styles, linked) = Styles::new(theme, naming);
    let shared = Shared::new(checked, theme, config, (names, styles), redirects);

    let mut files: BTreeMap<String, File> = BTreeMap::new();
    let assets = sources.assets.iter().map(|(path, bytes)| (path.clone(), bytes));
    let extra = theme.extra().map(|(name, bytes)| (format!("theme/{name}"), bytes));
    files.extend(assets.chain(extra).map(|(path, bytes)| (path, File::Bytes(Arc::clone(bytes)))));
    files.extend(checked.book.entries.iter().map(|(path, entry)| {
        let path = path.clone();
        (entry.url.clone(), File::page(move |shared| frame::page(shared, &path)))
    }));
    files.insert(find::URL.to_owned(), File::page(find::page));
    files.insert(frame::MISSING.to_owned(), File::page(frame::missing));
    if config.print {
        files.insert(print::URL.to_owned(), File::page(print::page));
    }
    files.extend(redirect::pages(&shared));
    files.extend(export::files(&shared));
    files.insert(addresses::URL.to_owned(), File::lazy(addresses::file));
    files.extend(made.into_iter().chain(linked).map(|(path, bytes)| (path, File::bytes(bytes))));
    files.insert(".nojekyll".to_owned(), File::bytes([]));
    if !config.cname.is_empty() {
        let name = format!("{}\n", config.cname);
        files.insert("CNAME".to_owned(), File::bytes(name.into_bytes()));
    }
    (Site { shared: Some(shared), files }, diagnostics)
}

/// A template that fails does so on every page; one finding is enough.
fn once_each(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let key = |d: &Diagnostic| (d.path.clone(), d.span, d.message.clone());
    diagnostics.sort_by_key(key);
    diagnostics.dedup_by(|a, b| key(a) == key(b));
    diagnostics
}
