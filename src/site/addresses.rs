//! Which addresses a site has: a file in it, by which the next site is measured.
//!
//! `addresses.txt` has a line a page: its path, then the ids of its headings and what old ids lead on, or `*` where the whole
//! page only leads on, whatever the id. What a site had and the next one has not is lost, and stays lost until it is back or
//! leads on: the record of the written folder keeps it.

use std::collections::{BTreeMap, BTreeSet};

use super::href;
use super::shared::Shared;

/// Path of the file in the site.
pub(super) const URL: &str = "addresses.txt";

/// Stands for every id.
const ANY: &str = "*";

/// The file.
pub(super) fn file(shared: &Shared) -> Vec<u8> {
    let mut pages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entry in shared.book.entries.values() {
        let ids = pages.entry(&entry.url).or_default();
        for heading in &entry.page.headings {
            ids.extend(heading.aliases.iter().map(String::as_str));
            ids.insert(&heading.id);
        }
    }
    for (url, moved) in &shared.redirects {
        let ids = moved.keys().map(|id| if id.is_empty() { ANY } else { id.as_str() });
        pages.entry(url).or_default().extend(ids);
    }
    let mut text = String::new();
    for (url, ids) in pages {
        text.push_str(&href::relative("", url));
        for id in ids.into_iter().filter(|id| !id.contains(char::is_whitespace)) {
            text.push(' ');
            text.push_str(id);
        }
        text.push('\n');
    }
    text.into_bytes()
}

/// What was lost before or stands in the file `before`, and is not in the file `now`; in order.
pub(super) fn lost(lost_before: &BTreeSet<String>, before: &str, now: &str) -> BTreeSet<String> {
    let now = read(now);
    let there = |address: &str| {
        let (page, id) = address.split_once('#').unwrap_or((address, ""));
        let ids = now.get(page);
        ids.is_some_and(|ids| id.is_empty() || ids.contains(id) || ids.contains(ANY))
    };
    let mut lost: BTreeSet<String> =
        lost_before.iter().filter(|address| !there(address)).cloned().collect();
    for (page, ids) in read(before) {
        if !now.contains_key(page) {
            // The page says it for all of its ids.
            lost.insert(page.to_owned());
            continue;
        }
        let addresses = ids.into_iter().filter(|id| *id != ANY).map(|id| format!("{page}#{id}"));
        lost.extend(addresses.filter(|address| !there(address)));
    }
    lost
}

fn read(file: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let lines = file.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words.collect()))
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_lost_until_it_is_back_or_leads_on() {
        let none = BTreeSet::new();
        let shown = |lost: &BTreeSet<String>| lost.iter().cloned().collect::<Vec<_>>().join(" ");
        let first = "a.html x y\nb.html z\n";
        assert_eq!(shown(&lost(&none, first, first)), "");
        let second = "a.html x\n";
        let gone = lost(&none, first, second);
        assert_eq!(shown(&gone), "a.html#y b.html");
        assert_eq!(lost(&gone, second, second), gone);
        assert_eq!(shown(&lost(&gone, second, "a.html x y\n")), "b.html");
        assert_eq!(shown(&lost(&gone, second, "a.html x\nb.html *\n")), "a.html#y");
        assert_eq!(shown(&lost(&none, first, "a.html *\nb.html z\n")), "");
    }
}
