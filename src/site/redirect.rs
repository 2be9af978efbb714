//! Old addresses: pages that only lead on, and ids that a page had once.
//!
//! In: the redirects of `book.toml` and a book. Out: [`Redirects`], and a finding for each that begins at something that
//! is there, or leads to something that is not; such a redirect is left out. A browser does not tell a server the id in an
//! address, so the theme's `redirect.js` leads on from ids, and from old pages too, because it keeps the id.

use std::collections::BTreeMap;

use serde::Serialize;

use super::file::{File, Made};
use super::frame::{self, SiteValues};
use super::shared::{Anchor, Shared};
use super::{find, href, print};
use crate::book::{Book, Entry, Reference, Target, resolve};
use crate::config::{Config, Redirect};
use crate::load::SETTINGS;
use crate::report::{Diagnostic, rules};
use crate::text::did_you_mean;

/// Where to, by the path of the old page in the site and by the old id; the empty id is the page itself, which then does
/// not exist.
pub(super) type Redirects = BTreeMap<String, BTreeMap<String, Anchor>>;

/// Values of `redirect.html`.
#[derive(Debug, Serialize)]
struct RedirectValues<'a> {
    site: SiteValues,
    /// The page now.
    to: &'a Anchor,
}

/// Reads the redirects of `book.toml`.
pub(super) fn redirects(book: &Book, config: &Config) -> (Redirects, Vec<Diagnostic>) {
    let pages = book.entries.values().map(|entry| (entry.url.as_str(), entry)).collect();
    let resolver = Resolver { book, config, pages };
    let mut redirects = Redirects::new();
    let mut diagnostics = Vec::new();
    for redirect in &config.redirects {
        let begins = resolver.begins(redirect).map_err(|wrong| (redirect.span, wrong));
        let target = || resolver.target(redirect).map_err(|wrong| (redirect.to_span, wrong));
        match begins.and_then(|()| target()) {
            Ok(to) => {
                let page = redirects.entry(redirect.page.clone()).or_default();
                page.insert(redirect.fragment.clone(), to);
            }
            Err((span, (message, help))) => {
                let finding = Diagnostic::new(&rules::CONFIG, SETTINGS, span, message);
                diagnostics.push(finding.with_help(help));
            }
        }
    }
    (redirects, diagnostics)
}

/// The pages that only lead on, by path.
pub(super) fn pages(shared: &Shared) -> BTreeMap<String, File> {
    let old = shared.redirects.iter().filter(|(_, moved)| moved.contains_key(""));
    let file = |url: String| File::page(move |shared| page(shared, &url));
    old.map(|(url, _)| (url.clone(), file(url.clone()))).collect()
}

fn page(shared: &Shared, url: &str) -> Made {
    let Some(to) = shared.redirects.get(url).and_then(|moved| moved.get("")) else {
        return Made::default();
    };
    let values = RedirectValues { site: frame::site(shared, url, shared.styles.of(&[])), to };
    let (text, finding) = shared.theme.fill("redirect.html", &values);
    (text, finding.into_iter().collect())
}

/// The redirects of one page as the theme's script reads them: new addresses by old ids, as JSON; empty for none.
pub(super) fn moved(redirects: &Redirects, url: &str) -> String {
    let moved = redirects.get(url).into_iter().flatten();
    let moved: BTreeMap<&str, &str> =
        moved.map(|(id, to)| (id.as_str(), to.href.as_str())).collect();
    if moved.is_empty() {
        return String::new();
    }
    serde_json::to_string(&moved).unwrap_or_default()
}

/// What is wrong with an address, and how to mend it.
type Wrong = (String, String);

struct Resolver<'a> {
    book: &'a Book,
    config: &'a Config,
    /// Pages by their paths in the site.
    pages: BTreeMap<&'a str, &'a Entry>,
}

impl Resolver<'_> {
    /// An error if what is at the old address is still there, or if nothing there could lead on.
    fn begins(&self, redirect: &Redirect) -> Result<(), Wrong> {
        let Redirect { page: url, fragment, .. } = redirect;
        let page = self.pages.get(url.as_str());
        if fragment.is_empty() {
            let made = [find::URL, frame::MISSING, print::URL].contains(&url.as_str());
            if page.is_none() && !made && self.book.assets.binary_search(url).is_err() {
                return Ok(());
            }
            let message = format!("`{url}` is in the site, so it cannot lead elsewhere");
            return Err((message, "drop the redirect, or what is at its address".to_owned()));
        }
        match page {
            Some(page) if page.page.ids.contains_key(fragment) => {
                let message =
                    format!("`{url}` has the id `{fragment}`, so it cannot lead elsewhere");
                Err((message, "drop the redirect, or rename what has the id".to_owned()))
            }
            Some(_) => Ok(()),
            None => {
                let mut others = self.config.redirects.iter();
                if others.any(|other| other.page == *url && other.fragment.is_empty()) {
                    return Ok(());
                }
                let message =
                    format!("there is no page `{url}` that could lead on from `#{fragment}`");
                Err((message, format!("add a redirect from `/{url}` too")))
            }
        }
    }

    /// Where a redirect leads, seen from the old page.
    fn target(&self, redirect: &Redirect) -> Result<Anchor, Wrong> {
        let url = redirect.page.as_str();
        // mdBook takes `/` for the root of the host. A book whose settings do so may have the way to the site in front.
        let below = redirect.to.strip_prefix(&frame::path_of(&self.config.site_url));
        let to = below.map_or_else(|| redirect.to.clone(), |rest| format!("/{rest}"));
        let from = self.pages.get(url).map_or(url, |entry| entry.page.path.as_str());
        match resolve(self.book, from, &to) {
            Reference::To(Target::Page { path, fragment }) => {
                let entry = self.book.entries.get(&path);
                let (to, title) = entry.map_or((&path, &path), |to| (&to.url, &to.title));
                let href = href::with_fragment(href::relative(url, to), &fragment);
                Ok(Anchor { title: title.clone(), href })
            }
            Reference::To(Target::Asset(path)) => {
                Ok(Anchor { href: href::relative(url, &path), title: path })
            }
            Reference::To(Target::Outside) if href::is_harmless(&to) => {
                Ok(Anchor { title: to.clone(), href: to })
            }
            Reference::To(Target::Outside) => {
                let message = format!("`{to}` is not an address that a page may lead to");
                Err((message, "name a page of the book, or an `https:` address".to_owned()))
            }
            Reference::NoFile(path) => {
                let urls = did_you_mean(&path, self.pages.keys().copied());
                let otherwise = || "name the page that has its content now".to_owned();
                let message = format!("there is no page or file `{path}` to lead to");
                Err((message, urls.unwrap_or_else(otherwise)))
            }
            Reference::NoFragment(path, fragment) => {
                let ids = self.book.entries.get(&path).map(|entry| entry.page.ids.keys());
                let ids = ids.into_iter().flatten().map(String::as_str);
                let otherwise = || "name an id that is there, or the page alone".to_owned();
                let message = format!("`{path}` has no heading or term with the id `{fragment}`");
                Err((message, did_you_mean(&fragment, ids).unwrap_or_else(otherwise)))
            }
        }
    }
}
