//! All pages on one, for printing: `print.html`, where the settings ask for it.
//!
//! Each page's HTML is made again and moved: its ids get the page's number in front, links between pages become links on
//! this one, other relative links begin at the site's root, and headings go down one level. Quotation marks in text are
//! escaped, so `="` begins an attribute's value and nothing else.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::file::Made;
use super::frame::{self, SiteValues};
use super::nav::{self, Nav};
use super::shared::Shared;
use super::{block, href};

/// Path of the page in the site.
pub(super) const URL: &str = "print.html";

/// Values of `print.html`.
#[derive(Debug, Serialize)]
struct PrintValues {
    site: SiteValues,
    nav: Nav,
    /// True where each page begins a sheet.
    page_break: bool,
    /// Pages in reading order.
    pages: Vec<PrintPage>,
}

#[derive(Debug, Serialize)]
struct PrintPage {
    id: String,
    title: String,
    /// HTML.
    body: String,
}

/// The page.
pub(super) fn page(shared: &Shared) -> Made {
    let paths = shared.order.iter().filter_map(|path| shared.book.entries.get(path));
    let entries: Vec<_> = paths.enumerate().collect();
    let numbers: BTreeMap<&str, usize> =
        entries.iter().map(|(number, entry)| (entry.url.as_str(), *number)).collect();
    let pages = entries.into_par_iter().map(|(number, entry)| {
        let content = block::content(shared, entry);
        let html = content.head + &content.facts + &content.body;
        let mover = Mover { numbers: &numbers, url: &entry.url, number };
        PrintPage {
            id: id(number, ""),
            title: entry.title.clone(),
            body: lowered(mover.moved(&html)),
        }
    });
    let values = PrintValues {
        site: frame::site(shared, URL, shared.styles.all()),
        nav: nav::outside(shared, URL),
        page_break: shared.config.page_break,
        pages: pages.collect(),
    };
    let (text, finding) = shared.theme.fill("print.html", &values);
    (text, finding.into_iter().collect())
}

/// The id on this page of an id on the page with this number; of the page itself for an empty one.
fn id(number: usize, own: &str) -> String {
    if own.is_empty() { format!("page.{number}") } else { format!("page.{number}.{own}") }
}

/// Headings one level down, as far as there is one.
fn lowered(mut html: String) -> String {
    for level in (1..6).rev() {
        for tag in ["<h", "</h"] {
            html = html.replace(&format!("{tag}{level}"), &format!("{tag}{}", level + 1));
        }
    }
    html
}

struct Mover<'a> {
    /// Numbers of pages by their URL.
    numbers: &'a BTreeMap<&'a str, usize>,
    url: &'a str,
    number: usize,
}

impl Mover<'_> {
    fn moved(&self, html: &str) -> String {
        let mut out = String::with_capacity(html.len() + html.len() / 8);
        let mut rest = html;
        while let Some((before, after)) = rest.split_once("=\"") {
            let Some((value, behind)) = after.split_once('"') else { break };
            let name = before.rsplit(' ').next().unwrap_or_default();
            out.push_str(before);
            out.push_str("=\"");
            match name {
                "id" | "for" | "aria-labelledby" | "aria-describedby" => {
                    out.push_str(&id(self.number, value));
                }
                "href" => out.push_str(&self.link(value)),
                "src" => out.push_str(&self.at_root(value).unwrap_or_else(|| value.to_owned())),
                _ => out.push_str(value),
            }
            out.push('"');
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    fn link(&self, link: &str) -> String {
        let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
        if path.is_empty() {
            return format!("#{}", id(self.number, fragment));
        }
        let Some(path) = self.at_root(path) else { return link.to_owned() };
        match self.numbers.get(path.as_str()) {
            Some(number) => format!("#{}", id(*number, fragment)),
            None if fragment.is_empty() => path,
            None => format!("{path}#{fragment}"),
        }
    }

    /// A relative link, as it is seen from the site's root; `None` for others.
    fn at_root(&self, link: &str) -> Option<String> {
        if link.starts_with('/') || link.starts_with('?') || link.contains(':') {
            return None;
        }
        let folder = href::relative("", self.url);
        let mut parts: Vec<&str> = folder.split('/').collect();
        parts.pop();
        for part in link.split('/') {
            match part {
                "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_links_move_with_their_page() {
        let numbers = BTreeMap::from([("commands/chg.html", 0), ("index.html", 1)]);
        let mover = Mover { numbers: &numbers, url: "commands/chg.html", number: 0 };
        let html = "<h1 id=\"chg\"><a href=\"#chg\">CHG</a></h1><a href=\"../index.html#a%20b\">=&quot;</a>\
                    <img alt=\"id\" src=\"../p.png\"><a href=\"https://x.example/#y\">x</a><a href=\"chg.html\">c</a>";
        let text = lowered(mover.moved(html));
        assert_eq!(
            text,
            "<h2 id=\"page.0.chg\"><a href=\"#page.0.chg\">CHG</a></h2><a href=\"#page.1.a%20b\">=&quot;</a>\
             <img alt=\"id\" src=\"p.png\"><a href=\"https://x.example/#y\">x</a><a href=\"#page.0\">c</a>"
        );
    }
}
