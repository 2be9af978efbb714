//! Pages cut anywhere and pages of noise: always a report with places that exist and a site, never a panic.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;

use wirebook::config::Config;
use wirebook::pipeline::{self, Memo, built_in_wiki};
use wirebook::report::rules;
use wirebook::text::Sources;

/// A small generator of numbers, the same in every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

/// Runs a book of these pages and looks at every finding.
fn run(pages: &BTreeMap<String, String>) {
    let sources = Sources::from_pages(pages.clone());
    let outcome = pipeline::run(&Config::default(), &sources, Vec::new(), &mut Memo::default());
    for diagnostic in outcome.report.diagnostics() {
        let source = &sources.pages[&diagnostic.path];
        let spans = diagnostic.labels.iter().map(|label| label.span).chain([diagnostic.span]);
        let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        for span in spans.chain(edits) {
            let fits = source.text.get(span.range()).is_some();
            assert!(fits, "{} {}: {}", diagnostic.path, diagnostic.rule.name, diagnostic.message);
        }
        assert!(rules::find(diagnostic.rule.name).is_some());
        assert!(!diagnostic.message.is_empty());
    }
    for path in pages.keys().filter(|path| *path != "SUMMARY.md") {
        let url = path.replace(".md", ".html");
        assert!(outcome.site.get(&url).is_some(), "{url} is not in the site");
    }
}

fn cut(text: &str, length: usize) -> String {
    String::from_utf8_lossy(&text.as_bytes()[..length]).into_owned()
}

#[test]
fn pages_of_the_wiki_cut_anywhere() {
    let mut seeded = Seeded(0x9E37_79B9_7F4A_7C15);
    let wiki = built_in_wiki();
    for _ in 0..3 {
        let cut_pages = wiki.pages.iter().map(|(path, source)| {
            (path.clone(), cut(&source.text, seeded.below(source.text.len() + 1)))
        });
        run(&cut_pages.collect());
    }
}

#[test]
fn one_page_cut_at_every_length() {
    let wiki = built_in_wiki();
    // The front of the page holds grammar and examples; the work grows with the square of the length.
    let text = &cut(&wiki.pages["commands/nak.md"].text, 1200);
    for length in 0..=text.len() {
        run(&BTreeMap::from([("commands/nak.md".to_owned(), cut(text, length))]));
    }
}

#[test]
fn noise_made_of_what_pages_are_made_of() {
    let pieces = [
        "```msnp\n",
        "```msnp {version=8",
        "}\n",
        "```\n",
        "C: ",
        "S: ",
        "CHG 1 NLN",
        "MSG 1 A 9",
        "\n",
        "\r\n",
        "\t",
        "> ",
        "- ",
        "1. ",
        "# ",
        "### ",
        "*Since MSNP9.*\n\n",
        "...\n",
        ".. ",
        "[a](b.md#c)",
        "![](",
        "<b>",
        "<!-- wirebook: ",
        "-->",
        "|a|b|\n|-|-|\n",
        "```msnp-grammar\n",
        "C: CHG [trid",
        "payload xml",
        "{version=",
        "---\n",
        "\u{9b}",
        "é",
        "\u{202e}",
        "[^1]",
        "[^1]: x",
        "term\n: definition",
        "`code`",
        "&amp;",
        "\\",
        "\0",
        "\u{feff}",
        "    ",
        "$(x)",
        "TrID",
        "4294967296",
    ];
    let mut seeded = Seeded(0xD1B5_4A32_D192_ED03);
    for _ in 0..400 {
        let text: String =
            (0..seeded.below(60)).map(|_| pieces[seeded.below(pieces.len())]).collect();
        run(&BTreeMap::from([
            ("a.md".to_owned(), text.clone()),
            ("commands/chg.md".to_owned(), text),
        ]));
    }
}

#[test]
fn noise_made_of_bytes() {
    let mut seeded = Seeded(0x94D0_49BB_1331_11EB);
    for _ in 0..200 {
        let bytes: Vec<u8> =
            (0..seeded.below(300)).map(|_| u8::try_from(seeded.below(256)).unwrap()).collect();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        run(&BTreeMap::from([("index.md".to_owned(), text)]));
    }
}
