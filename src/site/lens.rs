//! Which versions a part of a page is about, for readers who look at a page as one version.
//!
//! What is about some versions only bears them in `data-v`, as `2-7 9`; CVR0 is 0 there. A part about all of them, and
//! one of which nothing is known, bears none. `lens.js` folds what is about others.

use super::shared::Shared;
use crate::book::{Book, Entry, PageKind};
use crate::check::versions_named;
use crate::grammar::{Command, Version, VersionSet};
use crate::markdown::{Block, Inline, Item, inline_text};

/// A set of versions as the value of `data-v`; empty for no version, and for all.
pub(super) fn data(versions: VersionSet) -> String {
    if VersionSet::msnp().is_subset(versions) { String::new() } else { runs(versions) }
}

fn runs(versions: VersionSet) -> String {
    let run = |(first, last): (Version, Version)| {
        if first == last { number(first) } else { format!("{}-{}", number(first), number(last)) }
    };
    versions.runs().into_iter().map(run).collect::<Vec<_>>().join(" ")
}

/// `8` for MSNP8, `0` for CVR0.
fn number(version: Version) -> String {
    let name = version.to_string();
    name.strip_prefix("MSNP").unwrap_or("0").to_owned()
}

/// The versions to choose from, as `CVR0 MSNP2 MSNP3`; empty in a wiki whose grammar has no commands.
pub(super) fn choices(book: &Book) -> String {
    let names: Vec<String> =
        book.grammar.versions().iter().map(|version| version.to_string()).collect();
    names.join(" ")
}

/// The versions of the command that a page is about; empty for all, and for other pages.
pub(super) fn page(shared: &Shared, entry: &Entry) -> String {
    let versions = shared.command_of(entry).map_or(VersionSet::all(), Command::versions);
    // CVR0 counts here: a command that it lacks is not there.
    if versions == VersionSet::all() { String::new() } else { runs(versions) }
}

/// True where parts bear their versions: a version's own page is about what it says, whatever a reader looks at.
pub(super) fn applies(entry: &Entry) -> bool {
    entry.kind != PageKind::Version
}

/// The versions of each of a page's headings with what stands under it; empty for all.
pub(super) fn sections(shared: &Shared, entry: &Entry) -> Vec<String> {
    let mut found = vec![String::new(); entry.page.headings.len()];
    if !applies(entry) {
        return found;
    }
    let blocks = &entry.page.blocks;
    for (at, block) in blocks.iter().enumerate() {
        let Block::Heading(index) = block else { continue };
        let Some(heading) = entry.page.headings.get(*index).filter(|h| h.level > 1) else {
            continue;
        };
        let ends = |block: &&Block| match block {
            Block::Heading(other) => {
                entry.page.headings.get(*other).is_none_or(|other| other.level <= heading.level)
            }
            _ => false,
        };
        let below = blocks.get(at + 1..).unwrap_or_default();
        let end = below.iter().position(|block| ends(&block)).unwrap_or(below.len());
        let named = versions_named(&heading.text, false);
        let shown = || shown(shared, entry, below.get(..end).unwrap_or_default());
        let versions = named.or_else(|| shown().filter(|_| heading.level > 2));
        if let (Some(place), Some(versions)) = (found.get_mut(*index), versions) {
            *place = data(versions);
        }
    }
    found
}

/// The versions of a section that consists of examples or grammar, and of paragraphs about them.
fn shown(shared: &Shared, entry: &Entry, blocks: &[Block]) -> Option<VersionSet> {
    let mut all = VersionSet::EMPTY;
    for block in blocks {
        match block {
            Block::Paragraph(..) => {}
            Block::Fence(index) => all = all.union(fence(shared, entry, *index)?),
            _ => return None,
        }
    }
    (!all.is_empty()).then_some(all)
}

fn fence(shared: &Shared, entry: &Entry, index: usize) -> Option<VersionSet> {
    let path = &entry.page.path;
    if let Some(example) = shared.checked.examples.get(&(path.clone(), index)) {
        return Some(example.versions).filter(|versions| !versions.is_empty());
    }
    let fence = entry.page.fences.get(index)?;
    let forms = shared.book.grammar.commands.values().flat_map(|command| &command.forms);
    let inside = forms.filter(|f| f.path == *path && fence.span.contains(f.span.start));
    let versions = inside.fold(VersionSet::EMPTY, |set, form| set.union(form.versions));
    (!versions.is_empty()).then_some(versions)
}

/// The versions of a table's row: those that one of its cells consists of.
pub(super) fn row(cells: &[Vec<Inline>]) -> String {
    let named = cells.iter().find_map(|cell| versions_named(&inline_text(cell), true));
    named.map(data).unwrap_or_default()
}

/// A list of what changed, in which every item begins with a version: the versions from there on, one value an item.
pub(super) fn timeline(items: &[Item]) -> Option<Vec<String>> {
    let since = |item: &Item| {
        let Some(Block::Paragraph(inlines, _)) = item.blocks.first() else { return None };
        let text = inline_text(inlines);
        let name = text.split([':', ' ', ',']).next().filter(|name| name.len() > 3)?;
        let version = Version::parse(name)?.max(Version::FIRST);
        Some(data(VersionSet::range(version, Version::LAST)))
    };
    let all: Option<Vec<String>> = items.iter().map(since).collect();
    all.filter(|all| all.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_become_runs_of_numbers() {
        let shown = |text: &str| data(VersionSet::parse(text).unwrap());
        assert_eq!(shown("2..7|9"), "2-7 9");
        assert_eq!(shown("cvr0|8.."), "0 8-21");
        assert_eq!((shown("2.."), shown("cvr0|2..")), (String::new(), String::new()));
        assert_eq!(data(VersionSet::EMPTY), "");
    }
}
