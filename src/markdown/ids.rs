//! The ids of a page.
//!
//! In: a page whose blocks are complete. Out: the same page with an id for each heading, definition term and table row,
//! all unique in the page, and [`Page::ids`](super::Page::ids). An id should survive every edit but a change of its own
//! heading, and links made for other renderers of the same file should work:
//!
//! 1. Ids that the author gave (`{#id}`, `<a id>`) stand.
//! 2. A heading's text that occurs once gives its id, a slug as GitHub makes it.
//! 3. A text that occurs again (`Example`, `Example`) is told apart by the headings above it, as many as it takes, and
//!    only then by a number. The first one also keeps the plain slug, and GitHub's `slug-1` lead there as well.
//! 4. Terms take what is left, then table rows whose first cell is one word or one code span.

use std::collections::{BTreeMap, BTreeSet};

use super::heading::is_plain_id;
use super::{Block, Inline, Page, inline_text, slug};

/// Gives every heading, term and row of the page its id. `anchors` are ids given by HTML; headings hold those given
/// by their author already.
pub(super) fn name(page: &mut Page, anchors: BTreeSet<String>) {
    let mut ids = Ids { leads: anchors.into_iter().map(|id| (id.clone(), id)).collect() };
    keep_given(page, &mut ids);
    let headings: Vec<Named> = named_headings(page);
    let chosen = choose(&headings, &mut ids);
    for (heading, id) in page.headings.iter_mut().zip(chosen) {
        if let Some(id) = id {
            heading.id = id;
        }
    }
    add_aliases(page, &headings, &mut ids);
    let mut blocks = std::mem::take(&mut page.blocks);
    let mut walk = Walk { headings: &headings, above: None, ids: &mut ids, terms: Vec::new() };
    walk.collect_terms(&blocks);
    let terms = std::mem::take(&mut walk.terms);
    let chosen = choose(&terms, walk.ids);
    give_terms(&mut blocks, &mut chosen.into_iter().flatten());
    walk.give_rows(&mut blocks);
    page.blocks = blocks;
    page.ids = ids.leads;
}

/// Ids in use, each with the id it leads to: itself, or for an alias the heading's own.
struct Ids {
    leads: BTreeMap<String, String>,
}

impl Ids {
    fn is_free(&self, id: &str) -> bool {
        !self.leads.contains_key(id)
    }

    /// Takes `id` if it is free.
    fn take(&mut self, id: &str) -> bool {
        self.alias(id, id)
    }

    /// Makes `id` lead to `to` if it is free.
    fn alias(&mut self, id: &str, to: &str) -> bool {
        let free = self.is_free(id);
        if free {
            self.leads.insert(id.to_owned(), to.to_owned());
        }
        free
    }
}

/// Something that wants an id.
struct Named {
    /// The plain slug of its text.
    slug: String,
    /// Slugs of the headings above it, the nearest first.
    above: Vec<String>,
    /// True if its author gave it an id.
    given: bool,
    /// True if the first of its slug takes the plain slug, whatever stands above it.
    plain: bool,
}

/// Registers the ids that authors gave to headings; one that is taken or not plain is dropped.
fn keep_given(page: &mut Page, ids: &mut Ids) {
    for heading in page.headings.iter_mut().filter(|heading| !heading.id.is_empty()) {
        if !is_plain_id(&heading.id) || !ids.take(&heading.id) {
            heading.id.clear();
        }
    }
}

fn named_headings(page: &Page) -> Vec<Named> {
    let mut open: Vec<(u8, String)> = Vec::new();
    let mut named = Vec::new();
    for heading in &page.headings {
        open.retain(|(level, _)| *level < heading.level);
        let slug = slug(&heading.text);
        let above = open.iter().rev().map(|(_, slug)| slug.clone()).collect();
        let given = !heading.id.is_empty();
        open.push((heading.level, if given { heading.id.clone() } else { slug.clone() }));
        named.push(Named { slug, above, given, plain: false });
    }
    named
}

/// Ids for all that have none, in the same order; `None` for those that have one.
fn choose(named: &[Named], ids: &mut Ids) -> Vec<Option<String>> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, item) in named.iter().enumerate().filter(|(_, item)| !item.given) {
        groups.entry(&item.slug).or_default().push(index);
    }
    let mut chosen: Vec<Option<String>> = named.iter().map(|_| None).collect();
    let mut set = |index: usize, id: String| {
        if let Some(slot) = chosen.get_mut(index) {
            *slot = Some(id);
        }
    };
    let (single, repeated): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|(_, members)| members.len() == 1);
    let mut repeated = repeated;
    for (slug, members) in single {
        match members.first() {
            Some(index) if ids.take(slug) => set(*index, slug.to_owned()),
            _ => repeated.push((slug, members)),
        }
    }
    repeated.sort_by_key(|(_, members)| members.first().copied());
    for (slug, members) in repeated {
        let members = members.into_iter().filter_map(|at| Some((at, named.get(at)?))).collect();
        for (index, id) in tell_apart(slug, members, ids) {
            set(index, id);
        }
    }
    chosen
}

/// Ids for things of the same slug: with the slugs above them where that makes them unique, else with a number.
fn tell_apart(slug: &str, members: Vec<(usize, &Named)>, ids: &mut Ids) -> Vec<(usize, String)> {
    let mut done = Vec::new();
    let mut open = members;
    if let Some((index, _)) =
        open.first().filter(|(_, first)| first.plain || first.above.is_empty())
        && ids.take(slug)
    {
        done.push((*index, slug.to_owned()));
        open.remove(0);
    }
    let deepest = open.iter().map(|(_, item)| item.above.len()).max().unwrap_or(0);
    for depth in 1..=deepest {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (_, item) in &open {
            *counts.entry(qualified(item, depth)).or_default() += 1;
        }
        open.retain(|(index, item)| {
            let id = qualified(item, depth);
            let fits = item.above.len() >= depth && counts.get(&id) == Some(&1) && ids.take(&id);
            if fits {
                done.push((*index, id));
            }
            !fits
        });
    }
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for (index, item) in open {
        let base = qualified(item, 1);
        // The plain slug is left to the first of them, as an alias.
        let number = numbers.entry(base.clone()).or_insert(usize::from(base == slug));
        let id = loop {
            let id = if *number == 0 { base.clone() } else { format!("{base}-{number}") };
            *number += 1;
            if ids.take(&id) {
                break id;
            }
        };
        done.push((index, id));
    }
    done
}

/// The slug behind the slugs of up to `depth` headings above.
fn qualified(item: &Named, depth: usize) -> String {
    let mut parts: Vec<&str> = item.above.iter().take(depth).map(String::as_str).collect();
    parts.reverse();
    parts.push(&item.slug);
    parts.join("-")
}

/// Lets the plain slug, and the numbered ones that GitHub makes, lead to the headings they lead to there.
fn add_aliases(page: &mut Page, named: &[Named], ids: &mut Ids) {
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    let mut wanted = Vec::new();
    for (index, item) in named.iter().enumerate().filter(|(_, item)| !item.given) {
        let mut slug = item.slug.clone();
        let mut count = used.get(&slug).copied().unwrap_or(0);
        while used.contains_key(&slug) {
            count += 1;
            slug = format!("{}-{count}", item.slug);
        }
        used.insert(item.slug.clone(), count);
        used.insert(slug.clone(), 0);
        wanted.push((index, slug));
    }
    let given = named.iter().enumerate().filter(|(_, item)| item.given);
    wanted.extend(given.map(|(index, item)| (index, item.slug.clone())));
    for (index, slug) in wanted {
        if let Some(heading) = page.headings.get_mut(index)
            && ids.alias(&slug, &heading.id)
        {
            heading.aliases.push(slug);
        }
    }
}

/// Walks the blocks in document order for terms and rows. Depth is bounded by that of the tree.
struct Walk<'a> {
    headings: &'a [Named],
    /// Index of the last heading met.
    above: Option<usize>,
    ids: &'a mut Ids,
    terms: Vec<Named>,
}

impl Walk<'_> {
    fn collect_terms(&mut self, blocks: &[Block]) {
        for block in blocks {
            if let Block::Heading(index) = block {
                self.above = Some(*index);
            }
            if let Block::Definitions(definitions, _) = block {
                for definition in definitions {
                    let slug = slug(&inline_text(&definition.term));
                    let above = self.headings_above();
                    self.terms.push(Named { slug, above, given: false, plain: true });
                    definition.definitions.iter().for_each(|blocks| self.collect_terms(blocks));
                }
            }
            for blocks in inner(block) {
                self.collect_terms(blocks);
            }
        }
    }

    fn headings_above(&self) -> Vec<String> {
        let heading = self.above.and_then(|index| self.headings.get(index));
        let slugs = heading.map(|heading| std::iter::once(&heading.slug).chain(&heading.above));
        slugs.into_iter().flatten().cloned().collect()
    }

    fn give_rows(&mut self, blocks: &mut [Block]) {
        for block in blocks {
            match block {
                Block::Table { rows, row_ids, .. } => {
                    *row_ids = rows.iter().map(|row| self.row_id(row)).collect();
                }
                Block::Definitions(definitions, _) => {
                    let bodies = definitions.iter_mut().flat_map(|d| &mut d.definitions);
                    bodies.for_each(|blocks| self.give_rows(blocks));
                }
                _ => {
                    for blocks in inner_mut(block) {
                        self.give_rows(blocks);
                    }
                }
            }
        }
    }

    /// The id of a row named by its first cell, if that is one word or one code span and the id is free.
    fn row_id(&mut self, row: &[Vec<Inline>]) -> String {
        let name = match row.first().map(Vec::as_slice) {
            Some([Inline::Code(code, _)]) => code.trim(),
            Some([Inline::Text(text, _)]) if !text.trim().contains(char::is_whitespace) => {
                text.trim()
            }
            _ => "",
        };
        if !name.contains(char::is_alphanumeric) {
            return String::new();
        }
        let id = slug(name);
        if self.ids.take(&id) { id } else { String::new() }
    }
}

/// Hands the chosen ids out in the order in which `collect_terms` met the terms.
fn give_terms(blocks: &mut [Block], chosen: &mut dyn Iterator<Item = String>) {
    for block in blocks {
        if let Block::Definitions(definitions, _) = block {
            for definition in definitions {
                definition.id = chosen.next().unwrap_or_default();
                for blocks in &mut definition.definitions {
                    give_terms(blocks, chosen);
                }
            }
            continue;
        }
        for blocks in inner_mut(block) {
            give_terms(blocks, chosen);
        }
    }
}

/// The lists of blocks inside a block; definitions left out.
fn inner(block: &Block) -> Vec<&[Block]> {
    match block {
        Block::Quote(_, blocks, _) | Block::Footnote(_, blocks, _) => vec![blocks.as_slice()],
        Block::List { items, .. } => items.iter().map(|item| item.blocks.as_slice()).collect(),
        _ => Vec::new(),
    }
}

/// The same, to change.
fn inner_mut(block: &mut Block) -> Vec<&mut [Block]> {
    match block {
        Block::Quote(_, blocks, _) | Block::Footnote(_, blocks, _) => vec![blocks.as_mut_slice()],
        Block::List { items, .. } => {
            items.iter_mut().map(|item| item.blocks.as_mut_slice()).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;
    use crate::text::Source;

    fn read(text: &str) -> Page {
        parse(&Source::new("a.md", text))
    }

    /// Id and aliases of each heading.
    fn ids(text: &str) -> Vec<String> {
        let headings = read(text).headings.into_iter();
        let shown = headings.map(|h| [vec![h.id], h.aliases].concat().join(" "));
        shown.collect()
    }

    #[test]
    fn slugs_are_those_of_github() {
        assert_eq!(slug("What's Missing Right Now"), "whats-missing-right-now");
        assert_eq!(slug("Client/Request"), "clientrequest");
        assert_eq!(slug("0. PREAMBLE"), "0-preamble");
        assert_eq!(slug("`lang_preference` é Ω 日本"), "lang_preference-é-ω-日本");
        assert_eq!(slug("a - b"), "a---b");
        assert_eq!(slug("???"), "section");
    }

    #[test]
    fn repeated_headings_are_told_apart_by_those_above() {
        let text = "# A\n## Old\n### Use\n## New\n### Use\n";
        assert_eq!(ids(text), ["a", "old", "old-use use", "new", "new-use use-1"]);
        let text = "# A\n## Old\n### Use\n# B\n## Old\n### Use\n### Use\n";
        assert_eq!(
            ids(text),
            [
                "a",
                "a-old old",
                "a-old-use use",
                "b",
                "b-old old-1",
                "old-use use-1",
                "old-use-1 use-2"
            ]
        );
        assert_eq!(ids("# A\n# A\n# A\n"), ["a", "a-1", "a-2"]);
        assert_eq!(ids("# X\n## A\n# A\n"), ["x", "x-a a", "a-1"]);
    }

    #[test]
    fn an_id_does_not_depend_on_other_headings() {
        let before = ids("# Use\n## Old\n### Line\n## New\n### Line\n");
        let after = ids("# Use\n## Older\n### Line\n## Old\n### Line\n## New\n### Line\n# More\n");
        for id in ["old-line", "new-line"] {
            let begins =
                |ids: &[String]| ids.iter().any(|shown| shown.split(' ').next() == Some(id));
            assert!(begins(&before) && begins(&after), "{id}");
        }
    }

    #[test]
    fn given_ids_stand_and_lead_from_the_slug_too() {
        assert_eq!(ids("# A {#b}\n# B\n"), ["b a", "b-1"]);
        assert_eq!(ids("# A {#x}\n# C {#x}\n"), ["x a", "c"]);
        assert_eq!(ids("<a id=\"a\"></a>\n\n# A\n"), ["a-1"]);
        assert_eq!(ids("# A {#b/c}\n"), ["a"]);
    }

    #[test]
    fn terms_and_rows_take_what_is_left() {
        let text = "# Status\n\n`Status`\n: a\n\n`trid`\n: b\n\n## Reply\n\n`trid`\n: c\n\n\
                    | Code | x |\n|-|-|\n| `911` | a |\n| 911 | b |\n| two words | c |\n| [A](b.md) | d |\n";
        let page = read(text);
        let mut terms = Vec::new();
        let mut rows = Vec::new();
        for block in &page.blocks {
            match block {
                Block::Definitions(list, _) => terms.extend(list.iter().map(|d| d.id.as_str())),
                Block::Table { row_ids, .. } => rows.extend(row_ids.iter().map(String::as_str)),
                _ => {}
            }
        }
        assert_eq!(terms, ["status-status", "trid", "reply-trid"]);
        assert_eq!(rows, ["911", "", "", ""]);
        assert_eq!(page.ids.get("911").map(String::as_str), Some("911"));
    }
}
