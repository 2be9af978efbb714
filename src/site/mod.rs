//! A checked book into a site: an ordered map of URL paths to bytes.
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

pub use theme::Theme;
pub use write::{Written, lost, write};

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::book::Entry;
use crate::check::Checked;
use crate::config::Config;
use crate::progress::{Progress, Stage};
use crate::report::Diagnostic;
use crate::text::Sources;
use shared::{Files, Scripts, Shared};
use style::Styles;

/// A whole site. Equal inputs give equal bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// Files by their path in the site, such as `commands/chg.html`.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Other files of a book by path, as `load` found them.
pub type Assets = BTreeMap<String, Arc<[u8]>>;

/// Makes the site. Findings are about templates of the book's own theme, and about redirects.
pub fn render(
    checked: &Checked,
    sources: &Sources,
    theme: &Theme,
    config: &Config,
    progress: &dyn Progress,
) -> (Site, Vec<Diagnostic>) {
    progress.begins(Stage::Search, 0);
    let scripts = Scripts {
        search: search::search(checked, theme, config),
        example: meaning::script(&checked.book, theme),
        diff: diff::script(&checked.book, theme),
    };
    progress.begins(Stage::Pages, checked.book.entries.len());
    let (names, made) = Files::new(theme, scripts, config, &sources.named);
    let (styles, linked) = Styles::new(theme);
    let (redirects, mut diagnostics) = redirect::redirects(&checked.book, config);
    let shared = Shared::new(checked, theme, config, (names, styles), redirects);
    let entries: Vec<&Entry> = checked.book.entries.values().collect();
    let pages: Vec<(String, String, Vec<Diagnostic>)> = entries
        .into_par_iter()
        .map(|entry| frame::page(&shared, entry))
        .inspect(|_| progress.done(0))
        .collect();

    progress.begins(Stage::Others, 0);
    let mut files = BTreeMap::new();
    for (path, bytes) in &sources.assets {
        files.insert(path.clone(), bytes.to_vec());
    }
    for (name, bytes) in theme.extra() {
        files.insert(format!("theme/{name}"), bytes.to_vec());
    }
    let others =
        [find::page(&shared), frame::missing(&shared)].into_iter().chain(print::page(&shared));
    for (url, text, findings) in pages.into_iter().chain(others).chain(redirect::pages(&shared)) {
        files.insert(url, text.into_bytes());
        diagnostics.extend(findings);
    }
    files.extend(export::files(&shared));
    files.insert(addresses::URL.to_owned(), addresses::file(&shared));
    files.extend(made);
    files.extend(linked);
    files.insert(".nojekyll".to_owned(), Vec::new());
    if !config.cname.is_empty() {
        files.insert("CNAME".to_owned(), format!("{}\n", config.cname).into_bytes());
    }
    (Site { files }, once_each(diagnostics))
}

/// The findings of [`render`], without making a site that cannot have any: only templates of the book's own fail.
pub fn findings(
    checked: &Checked,
    sources: &Sources,
    theme: &Theme,
    config: &Config,
    progress: &dyn Progress,
) -> Vec<Diagnostic> {
    if theme.has_own_templates() {
        render(checked, sources, theme, config, progress).1
    } else {
        redirect::redirects(&checked.book, config).1
    }
}

/// A template that fails does so on every page; one finding is enough.
fn once_each(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let key = |d: &Diagnostic| (d.path.clone(), d.span, d.message.clone());
    diagnostics.sort_by_key(key);
    diagnostics.dedup_by(|a, b| key(a) == key(b));
    diagnostics
}
