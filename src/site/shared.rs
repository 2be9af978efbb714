//! What all pages of a site need, worked out once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use md5::{Digest, Md5};
use serde::Serialize;

use super::nav::Places;
use super::redirect::Redirects;
use super::style::Styles;
use super::{Assets, Theme, diff, href, lens, meaning, search};
use crate::book::{Book, Entry, PageKind};
use crate::check::Checked;
use crate::config::{Config, NamedFile};
use crate::report::Diagnostic;

/// Names of the files that pages load. All but the icon carry a hash of their bytes, so that a browser may keep them
/// for ever.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Files {
    /// The script of every page.
    pub(super) script: String,
    /// The search, with its index.
    pub(super) search: String,
    /// What tells of the words of examples, with what they mean.
    pub(super) example: String,
    /// What folds what is about other versions.
    pub(super) lens: String,
    /// What sorts and filters the table of commands.
    pub(super) table: String,
    /// The script that compares versions, with its data; empty where no page asks for it.
    pub(super) diff: String,
    /// The script that shows what a link leads to.
    pub(super) preview: String,
    /// The script of pages that lead on to others.
    pub(super) redirect: String,
    /// The icon.
    pub(super) icon: String,
    /// Stylesheets of the book's own, as links from the site's root.
    pub(super) additional_css: Vec<String>,
    /// Scripts of the book's own, as links from the site's root.
    pub(super) additional_js: Vec<String>,
}

/// How files that pages load are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// With a hash of their bytes, so that browsers may keep them for ever.
    Hashed,
    /// The same whatever they hold: no page changes because they do, and the search is made when it is asked for.
    Plain,
}

impl Naming {
    /// The name of a file.
    pub(super) fn name(self, stem: &str, ending: &str, bytes: &[u8]) -> String {
        match self {
            Self::Hashed => format!("{stem}.{}.{ending}", fingerprint([bytes])),
            Self::Plain => format!("{stem}.{ending}"),
        }
    }
}

/// A link in a template.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Anchor {
    /// Text.
    pub(super) title: String,
    /// Destination; empty for mere text.
    pub(super) href: String,
}

/// Everything that pages share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) checked: Arc<Checked>,
    pub(super) book: Arc<Book>,
    pub(super) theme: Arc<Theme>,
    pub(super) config: Config,
    pub(super) files: Files,
    pub(super) styles: Styles,
    pub(super) redirects: Redirects,
    /// The versions to look at a page as, `CVR0 MSNP2 MSNP3`; empty where there is nothing to choose.
    pub(super) versions: String,
    /// Title of the whole; never empty.
    pub(super) title: String,
    /// Paths in reading order.
    pub(super) order: Vec<String>,
    /// Each path's place in the order.
    pub(super) positions: BTreeMap<String, usize>,
    /// Where pages stand in the navigation.
    pub(super) places: Places,
    /// Which of the report's findings belong to a path.
    findings: BTreeMap<String, Range<usize>>,
    /// Commands and error codes that answer a request, by the request's name.
    pub(super) answers: BTreeMap<String, BTreeSet<String>>,
    /// The files of a search that is made when it is asked for.
    search: OnceLock<BTreeMap<String, Arc<[u8]>>>,
}

impl Shared {
    pub(super) fn new(
        checked: &Arc<Checked>,
        theme: &Arc<Theme>,
        config: &Config,
        (files, styles): (Files, Styles),
        redirects: Redirects,
    ) -> Self {
        let book = Arc::clone(&checked.book);
        let mut answers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for form in book.grammar.commands.values().flat_map(|command| &command.forms) {
            for request in &form.answers {
                answers.entry(request.command.clone()).or_default().insert(form.name.clone());
            }
        }
        let order: Vec<String> = book.nav.pages().into_iter().map(str::to_owned).collect();
        Self {
            files,
            styles,
            redirects,
            versions: lens::choices(&book),
            title: title(&book, config),
            positions: order.iter().enumerate().map(|(at, path)| (path.clone(), at)).collect(),
            order,
            places: Places::new(&book.nav.items),
            findings: findings(checked),
            answers,
            search: OnceLock::new(),
            checked: Arc::clone(checked),
            book,
            theme: Arc::clone(theme),
            config: config.clone(),
        }
    }

    /// A file of a search that is made when it is asked for; `None` for all others.
    pub(super) fn search_file(&self, path: &str) -> Option<Arc<[u8]>> {
        if path != self.files.search && !path.starts_with(search::FOLDER) {
            return None;
        }
        let made = || {
            let search = search::search(&self.checked, &self.theme, &self.config, Naming::Plain);
            search.files.into_iter().map(|(path, bytes)| (path, bytes.into())).collect()
        };
        self.search.get_or_init(made).get(path).cloned()
    }

    /// The findings about a file, in order.
    pub(super) fn findings(&self, path: &str) -> &[Diagnostic] {
        let own = self.findings.get(path).cloned().unwrap_or_default();
        self.checked.report.diagnostics().get(own).unwrap_or_default()
    }

    /// The link from `from` to an id on the page at `path`; an empty id means the page's top. `None` where there is
    /// no such page.
    pub(super) fn link(&self, from: &Entry, path: &str, fragment: &str) -> Option<String> {
        let to = self.book.entries.get(path)?;
        if to.page.path == from.page.path && !fragment.is_empty() {
            return Some(href::with_fragment(String::new(), fragment));
        }
        Some(href::with_fragment(href::relative(&from.url, &to.url), fragment))
    }

    /// The link from `from` to what a name means; `None` where it means nothing, or the page's own top.
    pub(super) fn named(&self, from: &Entry, name: &str) -> Option<String> {
        let (path, id) = self.book.names.find(name)?;
        if path == from.page.path && id.is_empty() {
            return None;
        }
        self.link(from, path, id)
    }

    /// A name with its link, or without where it has none.
    pub(super) fn anchor(&self, from: &Entry, name: &str) -> Anchor {
        Anchor { title: name.to_owned(), href: self.named(from, name).unwrap_or_default() }
    }

    /// True where the settings know the site's whole address, host and all.
    pub(super) fn has_address(&self) -> bool {
        self.config.site_url.starts_with("http://") || self.config.site_url.starts_with("https://")
    }

    /// The page at `path` with its link.
    pub(super) fn page_anchor(&self, from: &str, path: &str) -> Option<Anchor> {
        let to = self.book.entries.get(path)?;
        Some(Anchor { title: to.title.clone(), href: href::relative(from, &to.url) })
    }

    /// The command that a command's page is about, as the grammar knows it.
    pub(super) fn command_of(&self, entry: &Entry) -> Option<&crate::grammar::Command> {
        if entry.kind != PageKind::Command {
            return None;
        }
        let grammar = &self.book.grammar;
        let titled = grammar.command(&entry.title).filter(|command| !command.is_error());
        titled.or_else(|| grammar.words().find(|command| command.path() == entry.page.path))
    }

    /// The summary of the page that explains a command; empty for none.
    pub(super) fn summary(&self, name: &str) -> &str {
        let place = self.book.names.find(name);
        let entry = place.and_then(|(path, _)| self.book.entries.get(path));
        entry.map_or("", |entry| entry.summary.as_str())
    }
}

/// Where the findings about each path stand in the report, which is ordered by path.
fn findings(checked: &Checked) -> BTreeMap<String, Range<usize>> {
    let all = checked.report.diagnostics();
    let runs = all.chunk_by(|one, next| one.path == next.path).scan(0, |at, run| {
        let begin = *at;
        *at += run.len();
        run.first().map(|first| (first.path.clone(), begin..*at))
    });
    runs.collect()
}

/// The link to what a name means, from the site's root; empty for none.
pub(super) fn from_root(book: &Book, name: &str) -> String {
    let found = book.names.find(name);
    let found = found.and_then(|(path, id)| Some((book.entries.get(path)?, id)));
    found.map_or_else(String::new, |(entry, id)| {
        href::with_fragment(href::relative("", &entry.url), id)
    })
}

fn title(book: &Book, config: &Config) -> String {
    let titles = [config.title.as_str(), book.title.as_str(), "Wiki"];
    titles.into_iter().find(|title| !title.is_empty()).unwrap_or_default().to_owned()
}

impl Files {
    /// The names, and the bytes of the files in the site; without those of a search that is made when it is asked for.
    pub(super) fn new(
        checked: &Checked,
        theme: &Theme,
        config: &Config,
        naming: Naming,
        named: &Assets,
    ) -> (Self, BTreeMap<String, Vec<u8>>) {
        let mut made = BTreeMap::new();
        let mut add = |stem: &str, ending: &str, bytes: Vec<u8>| {
            let name = naming.name(stem, ending, &bytes);
            made.insert(name.clone(), bytes);
            name
        };
        let mut additional = |files: &[NamedFile], ending: &str| -> Vec<String> {
            let found = files.iter().filter_map(|file| Some((file, named.get(&file.path)?)));
            found
                .map(|(file, bytes)| {
                    let stem = file.path.strip_suffix(&format!(".{ending}")).unwrap_or(&file.path);
                    href::relative("", &add(stem, ending, bytes.to_vec()))
                })
                .collect()
        };
        let additional_css = additional(&config.additional_css, "css");
        let additional_js = additional(&config.additional_js, "js");
        let example = meaning::script(&checked.book, theme).into_bytes();
        let diff = diff::script(&checked.book, theme);
        let mut files = Self {
            script: add("site", "js", theme.file("site.js").to_vec()),
            search: search::SCRIPT.to_owned(),
            example: add("example", "js", example),
            lens: add("lens", "js", theme.file("lens.js").to_vec()),
            table: add("table", "js", theme.file("table.js").to_vec()),
            diff: match diff {
                none if none.is_empty() => none,
                diff => add("diff", "js", diff.into_bytes()),
            },
            preview: add("preview", "js", theme.file("preview.js").to_vec()),
            redirect: add("redirect", "js", theme.file("redirect.js").to_vec()),
            icon: "icon.svg".to_owned(),
            additional_css,
            additional_js,
        };
        made.insert(files.icon.clone(), theme.file("icon.svg").to_vec());
        if naming == Naming::Hashed {
            let search = search::search(checked, theme, config, naming);
            files.search = search.script;
            made.extend(search.files);
        }
        (files, made)
    }
}

/// Ten hexadecimal digits that change with the bytes of the pieces, one behind the other.
pub(super) fn fingerprint<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Md5::new();
    pieces.into_iter().for_each(|piece| hash.update(piece));
    let mut digits = String::new();
    for byte in hash.finalize().iter().take(5) {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_with_the_bytes() {
        let name = |naming: Naming, bytes| naming.name("site", "css", bytes);
        assert_eq!(name(Naming::Hashed, b""), "site.d41d8cd98f.css");
        assert_ne!(name(Naming::Hashed, b"a"), name(Naming::Hashed, b"b"));
        assert_eq!(name(Naming::Plain, b"a"), name(Naming::Plain, b"b"));
    }
}
