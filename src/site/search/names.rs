//! Titles and names as the script's first index.
//!
//! The index is one object: `folder` of the shards, `firsts` words of each shard, words that are `common`, the `size` of a
//! block of texts, how many sections there are in `all`, and `pages`. A page is an array of URL, title, kind, versions, names
//! of its top, and sections; a section one of title, id, names and kind, where what is empty at the end is left out. A section's
//! id is 0 where it is the plain slug of the title, and a name is an array with its own id, or with none where that is its slug.
//! The first script has only error codes of the sections, so that it is small; the headings are in the second.
//!
//! Of a very large book not everything fits: then pages have a number in the place of their sections, and at last only
//! commands, versions and the like stay. What is left out is found by its words.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::collect::ABOUT;
use super::texts::BLOCK;
use super::{Name, Page, Section};

/// What fits, as [`cost`] counts it: about 20 KiB once it is compressed.
const MOST: usize = 32_000;

/// What else the script has to know.
#[derive(Debug)]
pub(super) struct Frame {
    /// Folder of the shards.
    pub(super) folder: String,
    /// The script that takes lines apart.
    pub(super) wire: String,
    /// The first word of each shard of words.
    pub(super) firsts: Vec<String>,
    /// Words that stand nearly everywhere.
    pub(super) common: Vec<String>,
}

/// What of a book is in the index of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listed {
    /// Pages and sections.
    Sections,
    /// Pages without sections.
    Pages,
    /// Commands, versions and codes.
    Names,
}

impl Listed {
    /// True if no section is left out.
    pub(super) fn holds_all(self) -> bool {
        self == Self::Sections
    }
}

/// Rows are not nested deeper.
const DEEPEST: usize = 8;

/// How many sections define each name, in small letters.
type Defined = BTreeMap<String, usize>;

fn defined(pages: &[Page]) -> Defined {
    let mut counts = Defined::new();
    for name in pages.iter().flat_map(|page| &page.sections).flat_map(|section| &section.names) {
        *counts.entry(name.text.to_lowercase()).or_default() += 1;
    }
    counts
}

/// What of these pages fits.
pub(super) fn listed(pages: &[Page]) -> Listed {
    let sizes = [Listed::Sections, Listed::Pages];
    let fits = |listed| {
        let (mut seen, mut size) = (BTreeSet::new(), 0);
        pages.iter().all(|page| {
            size += cost(&row(page, listed), &mut seen, 0);
            size <= MOST
        })
    };
    sizes.into_iter().find(|listed| fits(*listed)).unwrap_or(Listed::Names)
}

/// How much a value costs: half of a text that is new, and little for one that was there before.
fn cost(value: &Value, seen: &mut BTreeSet<String>, depth: usize) -> usize {
    match value {
        Value::Array(items) if depth < DEEPEST => {
            items.iter().map(|item| cost(item, seen, depth + 1)).sum()
        }
        Value::String(text) if !text.is_empty() => {
            let new = seen.insert(text.clone());
            2 + if new { text.len() / 2 } else { 0 }
        }
        _ => 0,
    }
}

/// The index as JavaScript. Headings come apart, in [`headings`].
pub(super) fn names(pages: &[Page], listed: Listed, frame: &Frame) -> String {
    let listed = if listed.holds_all() { Listed::Pages } else { listed };
    let rows: Vec<Value> = pages.iter().map(|page| row(page, listed)).collect();
    json!({
        "folder": frame.folder,
        "wire": frame.wire,
        "size": BLOCK,
        "all": pages.iter().map(|page| page.sections.len()).sum::<usize>(),
        "firsts": frame.firsts.join(" "),
        "common": frame.common.join(" "),
        "pages": rows,
    })
    .to_string()
}

/// The sections of all pages as a script: an array a page, with 0 for a section that the first script has already. None where not
/// all of them fit.
pub(super) fn headings(pages: &[Page], listed: Listed) -> String {
    let known = |part: &Section| !part.kind.is_empty();
    let row = |page: &Page| -> Value {
        let parts = page.sections.iter().skip(1);
        parts.map(|part| if known(part) { json!(0) } else { section(part) }).collect()
    };
    let pages = if listed.holds_all() { pages } else { &[] };
    let rows: Value = pages.iter().map(row).collect();
    format!("self.wirebookSearch.headings({rows});\n")
}

/// The names that rows and terms define, as a script: for each section that has any an array of the distance to the one
/// before and the names. Of too many, those go that most sections define.
pub(super) fn more(pages: &[Page], listed: Listed) -> String {
    // Where headings do not fit, a section has no number that the script knows.
    let pages = if listed.holds_all() { pages } else { &[] };
    let defined = defined(pages);
    let sections: Vec<&Section> = pages.iter().flat_map(|page| &page.sections).collect();
    let rows = |most: usize| {
        let mut before = 0;
        let mut rows = Vec::new();
        for (number, section) in sections.iter().enumerate() {
            let few = |name: &&Name| {
                let count = defined.get(&name.text.to_lowercase());
                name.defined && count.is_none_or(|count| *count <= most)
            };
            let names: Vec<Value> = section.names.iter().filter(few).map(named).collect();
            if !names.is_empty() {
                rows.push(Value::Array([vec![json!(number - before)], names].concat()));
                before = number;
            }
        }
        Value::Array(rows)
    };
    let fits = |rows: &Value| cost(rows, &mut BTreeSet::new(), 0) <= MOST;
    let rows = [12, 8, 6, 4, 3, 2, 1].into_iter().map(rows).find(fits).unwrap_or_else(|| json!([]));
    format!("self.wirebookSearch.more({rows});\n")
}

fn row(page: &Page, listed: Listed) -> Value {
    let (top, rest) = match page.sections.split_first() {
        Some((top, rest)) => (top.names.as_slice(), rest),
        None => (&[][..], &[][..]),
    };
    let sections = match listed {
        Listed::Sections => rest.iter().map(section).collect(),
        Listed::Names if page.kind == "page" || page.kind == ABOUT => {
            return json!(page.sections.len());
        }
        _ if rest.iter().all(|section| section.kind.is_empty()) => json!(rest.len()),
        // A list of codes keeps them: they are names.
        _ => rest
            .iter()
            .map(|part| if part.kind.is_empty() { json!(0) } else { section(part) })
            .collect(),
    };
    json!([page.url, page.title, page.kind, page.versions, first(top), sections])
}

fn section(section: &Section) -> Value {
    let id = if slug(&section.title).as_deref() == Some(&section.id) {
        json!(0)
    } else {
        json!(section.id)
    };
    let mut row = vec![json!(section.title), id, first(&section.names), json!(section.kind)];
    let empty = |value: &Value| *value == json!("") || *value == json!(0) || *value == json!([]);
    while row.len() > 1 && row.last().is_some_and(empty) {
        row.pop();
    }
    Value::Array(row)
}

/// Names of the book among the names of a section.
fn first(names: &[Name]) -> Value {
    names.iter().filter(|name| !name.defined).map(named).collect()
}

fn named(name: &Name) -> Value {
    if name.id.is_empty() {
        json!(name.text)
    } else if slug(&name.text).as_deref() == Some(&name.id) {
        json!([name.text])
    } else {
        json!([name.text, name.id])
    }
}

/// The slug that the script can work out by itself: letters and digits of ASCII, joined by `-`.
fn slug(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let folded = text.to_ascii_lowercase();
    let parts: Vec<&str> = folded.split(|c| !plain(c)).filter(|part| !part.is_empty()).collect();
    text.is_ascii().then(|| parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(kind: &'static str, sections: usize) -> Page {
        numbered(0, kind, sections)
    }

    /// A page whose names no other has.
    fn numbered(number: usize, kind: &'static str, sections: usize) -> Page {
        let section = || Section {
            id: "the-title".to_owned(),
            title: "The Title".to_owned(),
            ..Section::default()
        };
        Page {
            url: format!("{number:a>9}.html"),
            kind,
            sections: (0..sections).map(|_| section()).collect(),
            ..Page::default()
        }
    }

    #[test]
    fn ids_that_the_script_can_work_out_are_left_out() {
        let mut one = page("page", 2);
        let name = |text: &str, id: &str, defined| Name {
            text: text.to_owned(),
            id: id.to_owned(),
            defined,
        };
        one.sections[1].names =
            vec![name("X-Y", "x-y", true), name("0x8", "other", true), name("911", "", false)];
        assert_eq!(row(&one, Listed::Sections)[5][0], json!(["The Title", 0, ["911"]]));
        let more = more(&[one], Listed::Sections);
        assert_eq!(more, "self.wirebookSearch.more([[1,[\"X-Y\"],[\"0x8\",\"other\"]]]);\n");
        assert_eq!(row(&page("page", 2), Listed::Sections)[5][0], json!(["The Title"]));
    }

    #[test]
    fn a_large_book_keeps_its_names() {
        let mut pages: Vec<Page> = (0..20_000).map(|number| numbered(number, "page", 9)).collect();
        assert_eq!(listed(&pages[..200]), Listed::Sections);
        assert_eq!(listed(&pages), Listed::Names);
        assert_eq!(listed(&pages[..1700]), Listed::Pages);
        pages.push(page("command", 3));
        assert_eq!(row(&pages[0], Listed::Names), json!(9));
        assert_eq!(row(&pages[20_000], Listed::Names)[5], json!(2));
    }
}
