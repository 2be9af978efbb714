//! An edit of the wiki: what is kept from the run before changes nothing but the time.
//!
//! Lines of wirebook's own wiki are taken out, doubled, moved and written anew, and one after the other the books are run twice: with
//! what is known of the book before, and afresh. Findings, examples and the site's bytes must be the same.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use wirebook::check::Checked;
use wirebook::config::Config;
use wirebook::pipeline::{self, Memo, Outcome, built_in_wiki};
use wirebook::text::{Source, Sources};

/// How many edits follow each other.
const EDITS: usize = 40;

/// Numbers that look random, and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

/// Lines that other lines become.
const NEW: [&str; 9] = [
    "Words of no weight.",
    "See [CHG](chg.md) and MSNP8, error 911.",
    "## Another heading",
    "```msnp",
    "C: CHG 9 NLN 0",
    "S: CHG 9 NLN",
    "*Since MSNP9.*",
    "| `abc` | [gone](gone.md#x) |",
    "",
];

fn edited(text: &str, numbers: &mut Numbers) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let at = numbers.below(lines.len());
    let new = NEW[numbers.below(NEW.len())];
    match numbers.below(5) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, new),
        // What most people do: a word more at the end of a paragraph.
        2 | 3 => lines.push("\nOne more sentence."),
        _ => lines.splice(at..=at, [new]).for_each(drop),
    }
    lines.join("\n") + "\n"
}

fn run(sources: &Sources, memo: &mut Memo) -> Outcome {
    pipeline::live(&Config::default(), sources, Vec::new(), memo)
}

/// Everything that is known of examples and documents, as text.
fn known(checked: &Checked) -> String {
    format!("{:?} {:?}", checked.examples, checked.documents)
}

#[test]
fn what_is_kept_changes_nothing_but_the_time() {
    let mut numbers = Numbers(20);
    let mut sources = built_in_wiki();
    // Fewer pages take less time, and have links that lead nowhere now.
    sources.pages.retain(|path, _| path.starts_with("commands/") || !path.contains('/'));
    let paths: Vec<String> = sources.pages.keys().cloned().collect();
    let mut memo = Memo::default();
    let mut grammar = Arc::clone(&run(&sources, &mut memo).checked.book.grammar);
    let mut kept = 0;
    for edit in 0..EDITS {
        let path = &paths[numbers.below(paths.len())];
        let before = Arc::clone(&sources.pages[path]);
        let text = edited(&before.text, &mut numbers);
        sources.pages.insert(path.clone(), Arc::new(Source::new(path, text)));
        let (warm, cold) = (run(&sources, &mut memo), run(&sources, &mut Memo::default()));
        assert_eq!(warm.report.diagnostics(), cold.report.diagnostics(), "{edit}: {path}");
        let now = &warm.checked.book.grammar;
        kept += usize::from(Arc::ptr_eq(&grammar, now));
        grammar = Arc::clone(now);
        assert_eq!(known(&warm.checked), known(&cold.checked), "{edit}: {path}");
        // The bytes of everything take long; a page that leads to many is the first to be wrong.
        for page in ["index.html", "find.html", "table_of_commands.html", "commands/usr.html"] {
            assert!(warm.site.get(page) == cold.site.get(page), "{edit}: {path}: {page}");
        }
        if edit % 20 == 0 {
            assert!(warm.site.files() == cold.site.files(), "{edit}: {path}");
            assert!(warm.site.get("search.js") == cold.site.get("search.js"), "{edit}: {path}");
        }
        // Every other edit is taken back, so that the wiki stays one.
        if edit % 2 == 0 {
            sources.pages.insert(path.clone(), before);
        }
    }
    assert!(kept > EDITS / 4, "a book was kept {kept} times only");
}
