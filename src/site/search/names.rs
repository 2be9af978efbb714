//! Titles and names as the script's first index.
//!
//! The index is one object: `folder` of the shards, `firsts` words of each shard, words that are `common`, the `size` of a
//! block of texts, how many sections there are in `all`, and `pages`. A page is an array of URL, title, kind, versions, names
//! of its top, and sections; a section one of title, id, names and kind, where what is empty at the end is left out. A section's
//! id is 0 where it is the plain slug of the title, and a name is an array with its own id, or with none where that is its slug.
//!
//! Of a very large book not everything fits: then pages have a number in the place of their sections, and at last only
//! commands, versions and the like stay. What is left out is found by its words.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::texts::BLOCK;
use super::{Name, Page, Section};

/// What fits, in bytes before it is compressed: about 20 KiB then.
const MOST: usize = 88 * 1024;

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
    /// Pages, sections, and names that no more than so many sections define.
    Sections(usize),
    /// Pages without sections.
    Pages,
    /// Commands, versions and codes.
    Names,
}

impl Listed {
    /// True if no section is left out.
    pub(super) fn holds_all(self) -> bool {
        matches!(self, Self::Sections(_))
    }
}

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
    let defined = defined(pages);
    let sizes = [12, 6, 3, 1, 0].map(Listed::Sections).into_iter().chain([Listed::Pages]);
    let size = |listed| {
        pages.iter().map(|page| row(page, listed, &defined).to_string().len()).sum::<usize>()
    };
    sizes.into_iter().find(|listed| size(*listed) <= MOST).unwrap_or(Listed::Names)
}

/// The index as JavaScript.
pub(super) fn names(pages: &[Page], listed: Listed, frame: &Frame) -> String {
    let defined = defined(pages);
    let rows: Vec<Value> = pages.iter().map(|page| row(page, listed, &defined)).collect();
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

fn row(page: &Page, listed: Listed, defined: &Defined) -> Value {
    let most = if let Listed::Sections(most) = listed { most } else { 1 };
    let section = |part: &Section| section(part, most, defined);
    let (top, rest) = match page.sections.split_first() {
        Some((top, rest)) => (top.names.as_slice(), rest),
        None => (&[][..], &[][..]),
    };
    let sections = match listed {
        Listed::Sections(_) => rest.iter().map(section).collect(),
        Listed::Names if page.kind == "page" => return json!(page.sections.len()),
        _ if rest.iter().all(|section| section.kind.is_empty()) => json!(rest.len()),
        // A list of codes keeps them: they are names.
        _ => rest
            .iter()
            .map(|part| if part.kind.is_empty() { json!(0) } else { section(part) })
            .collect(),
    };
    json!([page.url, page.title, page.kind, page.versions, named(top, most, defined), sections])
}

fn section(section: &Section, most: usize, defined: &Defined) -> Value {
    let id = if slug(&section.title).as_deref() == Some(&section.id) {
        json!(0)
    } else {
        json!(section.id)
    };
    let mut row =
        vec![json!(section.title), id, named(&section.names, most, defined), json!(section.kind)];
    let empty = |value: &Value| *value == json!("") || *value == json!(0) || *value == json!([]);
    while row.len() > 1 && row.last().is_some_and(empty) {
        row.pop();
    }
    Value::Array(row)
}

fn named(names: &[Name], most: usize, defined: &Defined) -> Value {
    let few = |name: &&Name| {
        name.id.is_empty() && most > 0
            || defined.get(&name.text.to_lowercase()).is_none_or(|count| *count <= most)
    };
    let name = |name: &Name| {
        if name.id.is_empty() {
            json!(name.text)
        } else if slug(&name.text).as_deref() == Some(&name.id) {
            json!([name.text])
        } else {
            json!([name.text, name.id])
        }
    };
    names.iter().filter(few).map(name).collect()
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
        let section = || Section {
            id: "the-title".to_owned(),
            title: "The Title".to_owned(),
            ..Section::default()
        };
        Page {
            url: "a.html".to_owned(),
            kind,
            sections: (0..sections).map(|_| section()).collect(),
            ..Page::default()
        }
    }

    #[test]
    fn ids_that_the_script_can_work_out_are_left_out() {
        let mut one = page("page", 2);
        one.sections[1].names = vec![
            Name { text: "X-Y".to_owned(), id: "x-y".to_owned() },
            Name { text: "0x8".to_owned(), id: "other".to_owned() },
            Name { text: "plain".to_owned(), id: String::new() },
        ];
        let row = |page: &Page| super::row(page, Listed::Sections(12), &Defined::new());
        assert_eq!(row(&one)[5][0], json!(["The Title", 0, [["X-Y"], ["0x8", "other"], "plain"]]));
        one.sections[1].names.clear();
        assert_eq!(row(&one)[5][0], json!(["The Title"]));
    }

    #[test]
    fn a_large_book_keeps_its_names() {
        let mut pages: Vec<Page> = (0..9000).map(|_| page("page", 9)).collect();
        assert_eq!(listed(&pages[..200]), Listed::Sections(12));
        assert_eq!(listed(&pages), Listed::Names);
        assert_eq!(listed(&pages[..2000]), Listed::Pages);
        pages.push(page("command", 3));
        assert_eq!(row(&pages[0], Listed::Names, &Defined::new()), json!(9));
        assert_eq!(row(&pages[9000], Listed::Names, &Defined::new())[5], json!(2));
    }
}
