//! What a shard of a check answers for in a baseline, which is that of the whole book.

use std::collections::BTreeMap;

use crate::book::Book;
use crate::check::Shard;
use crate::report::{Files, rules};

/// Whether an entry that is no longer found is this run's to tell of.
pub(super) struct Share {
    /// Every page as a baseline names it, and whether it belongs to this run.
    pages: BTreeMap<String, bool>,
    /// True if entries of no page do.
    others: bool,
}

impl Share {
    /// That of a run over a shard, or over the whole book.
    pub(super) fn new(shard: Option<Shard>, book: &Book, files: Files<'_>) -> Self {
        let Some(shard) = shard else { return Self { pages: BTreeMap::new(), others: true } };
        let own = shard.pages(book);
        let shown = |path: &String| files.find(path).shown_path();
        let pages = book.entries.keys().map(|path| (shown(path), own.contains(path.as_str())));
        Self { pages: pages.collect(), others: shard.is_first() }
    }

    /// True for an entry with these words, `wiki/commands/chg.md: trid-mismatch: what is wrong`.
    pub(super) fn holds(&self, words: &str) -> bool {
        path(words).and_then(|path| self.pages.get(path)).copied().unwrap_or(self.others)
    }
}

/// What stands in front of the name of a rule; `None` where there is none.
fn path(words: &str) -> Option<&str> {
    words.match_indices(": ").find_map(|(at, colon)| {
        let (path, rest) = words.split_at_checked(at)?;
        let (rule, _) = rest.strip_prefix(colon)?.split_once(": ")?;
        rules::find(rule).map(|_| path)
    })
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn an_entry_names_its_page_in_front_of_its_rule() {
        assert_eq!(path("a/b.md: trid-mismatch: `x`: y"), Some("a/b.md"));
        assert_eq!(path("a: b.md: template: z"), Some("a: b.md"));
        assert_eq!(path("a.md: no-such-rule: z"), None);
        assert_eq!(path(""), None);
    }
}
