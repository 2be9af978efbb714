//! What all pages of a site need, worked out once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use md5::{Digest, Md5};
use serde::Serialize;

use super::nav::Places;
use super::redirect::Redirects;
use super::search::Search;
use super::style::Styles;
use super::{Assets, Theme, href, lens};
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

/// Scripts that hold data of the book.
pub(super) struct Scripts {
    /// The search, with its other files.
    pub(super) search: Search,
    /// What tells of the words of examples.
    pub(super) example: String,
    /// What compares versions; empty where no page asks for it.
    pub(super) diff: String,
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
pub(super) struct Shared<'a> {
    pub(super) checked: &'a Checked,
    pub(super) book: &'a Book,
    pub(super) theme: &'a Theme,
    pub(super) config: &'a Config,
    pub(super) files: Files,
    pub(super) styles: Styles,
    pub(super) redirects: Redirects,
    /// The versions to look at a page as, `CVR0 MSNP2 MSNP3`; empty where there is nothing to choose.
    pub(super) versions: String,
    /// Title of the whole; never empty.
    pub(super) title: String,
    /// Paths in reading order.
    pub(super) order: Vec<&'a str>,
    /// Each path's place in the order.
    pub(super) positions: BTreeMap<&'a str, usize>,
    /// Where pages stand in the navigation.
    pub(super) places: Places<'a>,
    /// Findings by path.
    pub(super) findings: BTreeMap<&'a str, Vec<&'a Diagnostic>>,
    /// Commands and error codes that answer a request, by the request's name.
    pub(super) answers: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Shared<'a> {
    pub(super) fn new(
        checked: &'a Checked,
        theme: &'a Theme,
        config: &'a Config,
        (files, styles): (Files, Styles),
        redirects: Redirects,
    ) -> Self {
        let book: &Book = &checked.book;
        let mut findings: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
        for finding in checked.report.diagnostics() {
            findings.entry(&finding.path).or_default().push(finding);
        }
        let mut answers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for form in book.grammar.commands.values().flat_map(|command| &command.forms) {
            for request in &form.answers {
                answers.entry(&request.command).or_default().insert(&form.name);
            }
        }
        let order = book.nav.pages();
        Self {
            checked,
            book,
            theme,
            config,
            files,
            styles,
            redirects,
            versions: lens::choices(book),
            title: title(book, config),
            positions: order.iter().enumerate().map(|(at, path)| (*path, at)).collect(),
            order,
            places: Places::new(&book.nav.items),
            findings,
            answers,
        }
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
    pub(super) fn command_of(&self, entry: &Entry) -> Option<&'a crate::grammar::Command> {
        if entry.kind != PageKind::Command {
            return None;
        }
        let grammar = &self.book.grammar;
        let titled = grammar.command(&entry.title).filter(|command| !command.is_error());
        titled.or_else(|| grammar.words().find(|command| command.path() == entry.page.path))
    }

    /// The summary of the page that explains a command; empty for none.
    pub(super) fn summary(&self, name: &str) -> &'a str {
        let place = self.book.names.find(name);
        let entry = place.and_then(|(path, _)| self.book.entries.get(path));
        entry.map_or("", |entry| entry.summary.as_str())
    }
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
    /// The names, and the bytes of the files in the site.
    pub(super) fn new(
        theme: &Theme,
        scripts: Scripts,
        config: &Config,
        named: &Assets,
    ) -> (Self, BTreeMap<String, Vec<u8>>) {
        let mut made = BTreeMap::new();
        let mut add = |stem: &str, ending: &str, bytes: Vec<u8>| {
            let name = hashed(stem, ending, &bytes);
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
        let files = Self {
            script: add("site", "js", theme.file("site.js").to_vec()),
            search: add("search", "js", scripts.search.script.into_bytes()),
            example: add("example", "js", scripts.example.into_bytes()),
            lens: add("lens", "js", theme.file("lens.js").to_vec()),
            table: add("table", "js", theme.file("table.js").to_vec()),
            diff: match scripts.diff {
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
        made.extend(scripts.search.files);
        (files, made)
    }
}

/// A file name with a hash of the file's bytes.
pub(super) fn hashed(stem: &str, ending: &str, bytes: &[u8]) -> String {
    format!("{stem}.{}.{ending}", fingerprint([bytes]))
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
        assert_eq!(hashed("site", "css", b""), "site.d41d8cd98f.css");
        assert_ne!(hashed("site", "css", b"a"), hashed("site", "css", b"b"));
    }
}
