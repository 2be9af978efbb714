//! Indexes the other way round: from an error code, a content type, a kind of value, a parameter, a word or a constant to
//! the commands, pages and examples that have it.
//!
//! For the directives `index-of-NAME`. Nothing is listed here: the rows come from the grammar, from what the check
//! understood of the examples, and from tables on the pages.

mod examples;
mod explained;
mod grammar;

use std::collections::BTreeMap;

use serde::Serialize;

use super::href;
use super::shared::{Anchor, Shared};
use crate::book::Entry;
use explained::Explained;

/// Uses of one sort beyond which they are folded away.
const MANY: usize = 12;
/// Names that are longer are cut.
const LONGEST: usize = 60;

/// Values of `reverse.html`.
#[derive(Debug, Default, Serialize)]
pub(super) struct Reverse {
    rows: Vec<Row>,
}

/// One name and where it is used.
#[derive(Debug, Default, Serialize)]
struct Row {
    /// Id on the page; empty for a name that is too long for one.
    id: String,
    /// With a link to where it is explained.
    name: Anchor,
    /// What it is.
    note: String,
    uses: Vec<Uses>,
}

/// Uses of one sort.
#[derive(Debug, Serialize)]
struct Uses {
    title: &'static str,
    links: Vec<Anchor>,
    /// True where they are better folded away.
    many: bool,
}

/// Places in examples by page: the first example's index into the page's fences, and how many examples.
type Places<'a> = BTreeMap<&'a str, (usize, usize)>;

/// Makes the index on one page.
struct Index<'a> {
    shared: &'a Shared,
    entry: &'a Entry,
}

/// The index of this name; `None` where there is no such index.
pub(super) fn reverse(shared: &Shared, entry: &Entry, name: &str) -> Option<Reverse> {
    let index = Index { shared, entry };
    let rows = match name {
        "errors" => index.errors(),
        "content-types" => index.content_types(),
        "keywords" => index.keywords(),
        "constants" => index.constants(),
        "kinds" => index.kinds(),
        "parameters" => index.parameters(),
        _ => return None,
    };
    Some(Reverse { rows })
}

impl Index<'_> {
    /// A row without uses.
    fn row(&self, name: &str, explained: Option<&Explained<'_>>, note: &str) -> Row {
        let place = explained.and_then(|e| self.shared.link(self.entry, e.path, e.id));
        let plain = name.len() <= LONGEST && !name.contains(char::is_whitespace);
        Row {
            id: if plain { format!("index.{name}") } else { String::new() },
            name: Anchor { title: shortened(name), href: place.unwrap_or_default() },
            note: note.to_owned(),
            uses: Vec::new(),
        }
    }

    /// Links to examples, one a page: to the first, with how many there are.
    fn example_links(&self, places: Option<&Places<'_>>) -> Vec<Anchor> {
        let places = places.into_iter().flatten();
        let link = |(path, (first, count)): (&&str, &(usize, usize))| {
            let to = self.shared.book.entries.get(*path)?;
            let page = href::relative(&self.entry.url, &to.url);
            let href = href::with_fragment(page, &format!("example.{}", first + 1));
            let title =
                if *count > 1 { format!("{} ({count})", to.title) } else { to.title.clone() };
            Some(Anchor { title, href })
        };
        places.filter_map(link).collect()
    }
}

impl Row {
    /// The row with uses of one sort; none add nothing.
    fn with(mut self, title: &'static str, links: Vec<Anchor>) -> Self {
        if !links.is_empty() {
            self.uses.push(Uses { title, many: links.len() > MANY, links });
        }
        self
    }
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}
