//! Titles and names as the script's first index.
//!
//! The index is one object: `folder` of the shards, `firsts` words of each shard, words that are `common`, the `size` of a
//! block of texts, how many sections there are in `all`, and `pages`. A page is an array of URL, title, kind, versions, names
//! of its top, and sections; a section one of title, id, names and kind, where what is empty at the end is left out. A section's
//! id is 0 where it is the plain slug of the title, and a name is an array with its own id, or with none where that is its slug.
//!
//! Of a very large book not everything fits: then pages have a number in the place of their sections, and at last only
//! commands, versions and the like stay. What is left out is found by its words.

use serde_json::{Value, json};

use super::texts::BLOCK;
use super::words::Index;
use super::{Name, Page, Section};

/// What fits, in bytes of the script before it is compressed.
const MOST: usize = 160 * 1024;

/// What of a book is in the index of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listed {
    /// Pages and sections.
    Everything,
    /// Pages without sections.
    Pages,
    /// Commands, versions and codes.
    Names,
}

impl Listed {
    /// True if nothing is left out.
    pub(super) fn holds_all(self) -> bool {
        self == Self::Everything
    }
}

/// What of these pages fits.
pub(super) fn listed(pages: &[Page]) -> Listed {
    let sizes = [Listed::Everything, Listed::Pages];
    let fits = |listed: &Listed| {
        pages.iter().map(|page| row(page, *listed).to_string().len()).sum::<usize>() <= MOST
    };
    sizes.into_iter().find(fits).unwrap_or(Listed::Names)
}

/// The index as JavaScript.
pub(super) fn names(pages: &[Page], listed: Listed, folder: &str, index: &Index) -> String {
    let rows: Vec<Value> = pages.iter().map(|page| row(page, listed)).collect();
    json!({
        "folder": folder,
        "size": BLOCK,
        "all": pages.iter().map(|page| page.sections.len()).sum::<usize>(),
        "firsts": index.firsts.join(" "),
        "common": index.common.join(" "),
        "pages": rows,
    })
    .to_string()
}

fn row(page: &Page, listed: Listed) -> Value {
    let (top, rest) = match page.sections.split_first() {
        Some((top, rest)) => (top.names.as_slice(), rest),
        None => (&[][..], &[][..]),
    };
    let sections = match listed {
        Listed::Everything => rest.iter().map(section).collect(),
        Listed::Names if page.kind == "page" => return json!(page.sections.len()),
        _ if rest.iter().all(|section| section.kind.is_empty()) => json!(rest.len()),
        // A list of codes keeps them: they are names.
        _ => rest
            .iter()
            .map(|part| if part.kind.is_empty() { json!(0) } else { section(part) })
            .collect(),
    };
    json!([page.url, page.title, page.kind, page.versions, named(top), sections])
}

fn section(section: &Section) -> Value {
    let id = if slug(&section.title).as_deref() == Some(&section.id) {
        json!(0)
    } else {
        json!(section.id)
    };
    let mut row = vec![json!(section.title), id, named(&section.names), json!(section.kind)];
    let empty = |value: &Value| *value == json!("") || *value == json!(0) || *value == json!([]);
    while row.len() > 1 && row.last().is_some_and(empty) {
        row.pop();
    }
    Value::Array(row)
}

fn named(names: &[Name]) -> Value {
    let name = |name: &Name| {
        if name.id.is_empty() {
            json!(name.text)
        } else if slug(&name.text).as_deref() == Some(&name.id) {
            json!([name.text])
        } else {
            json!([name.text, name.id])
        }
    };
    names.iter().map(name).collect()
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
        let row = row(&one, Listed::Everything);
        assert_eq!(row[5][0], json!(["The Title", 0, [["X-Y"], ["0x8", "other"], "plain"]]));
        one.sections[1].names.clear();
        assert_eq!(super::row(&one, Listed::Everything)[5][0], json!(["The Title"]));
    }

    #[test]
    fn a_large_book_keeps_its_names() {
        let mut pages: Vec<Page> = (0..9000).map(|_| page("page", 9)).collect();
        assert_eq!(listed(&pages[..200]), Listed::Everything);
        assert_eq!(listed(&pages), Listed::Names);
        assert_eq!(listed(&pages[..3000]), Listed::Pages);
        pages.push(page("command", 3));
        assert_eq!(row(&pages[0], Listed::Names), json!(9));
        assert_eq!(row(&pages[9000], Listed::Names)[5], json!(2));
    }
}
