//! What the examples of a small book show of its grammar.
#![expect(clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use wirebook::check::Checked;
use wirebook::check::coverage::{Count, coverage};
use wirebook::config::Config;
use wirebook::pipeline::{self, Memo};
use wirebook::text::Sources;

const GRAMMAR: &str = "# CHG\n\n```msnp-grammar {server=ns}\n\
    C: CHG trid status:presence {version=2..7}\n\
    C: CHG trid status:presence capabilities {version=8..9}\n\
    S: CHG trid status:presence {version=2..9}\n\
    S: CHG trid status:presence extra:u32 {variant=\"somebody\"}\n\
    S: 201 trid\nS: 911 trid\n```\n\n";

fn checked(examples: &str) -> Arc<Checked> {
    let sources = Sources::from_pages([("chg.md", format!("{GRAMMAR}{examples}"))]);
    pipeline::checked(&Config::default(), &sources, Vec::new(), &mut Memo::default())
}

/// The forms as `shown in; lines`, then the counts.
fn shown(examples: &str) -> (Vec<String>, [(usize, usize); 4]) {
    let checked = checked(examples);
    let coverage = coverage(&checked);
    let source = &checked.book.entries["chg.md"].source;
    let forms = coverage.commands.iter().flat_map(|command| &command.forms);
    let forms = forms.map(|form| {
        let line = |offset| source.position(offset).line;
        let lines: Vec<_> = form.places.iter().map(|p| line(p.span.start).to_string()).collect();
        format!("{}; {}", form.shown, lines.join(" "))
    });
    let totals = coverage.totals();
    let counts = [totals.forms, totals.directions, totals.versions, coverage.error_codes()];
    (forms.collect(), counts.map(|count: Count| (count.shown, count.all)))
}

#[test]
fn without_examples_nothing_is_shown() {
    let (forms, counts) = shown("");
    assert_eq!(forms, ["no version; "; 3]);
    assert_eq!(counts, [(0, 3), (0, 2), (0, 16), (0, 2)]);
}

#[test]
fn an_example_covers_the_versions_that_all_of_it_and_its_author_allow() {
    let (forms, counts) = shown("```msnp {version=5..7}\nC: CHG 1 NLN\nS: CHG 1 NLN\n```\n");
    assert_eq!(forms, ["MSNP5 to MSNP7; 13", "no version; ", "MSNP5 to MSNP7; 14"]);
    assert_eq!(counts, [(2, 3), (2, 2), (6, 16), (0, 2)]);

    let (forms, _) = shown("```msnp\nC: CHG 1 NLN 0\nS: CHG 1 NLN\n```\n");
    assert_eq!(forms[1], "MSNP8 and MSNP9; 13");
    assert_eq!(forms[2], "MSNP8 and MSNP9; 14", "the reply is of the request's versions");
}

#[test]
fn several_examples_add_up_and_a_continued_line_counts_once() {
    let (forms, _) = shown(
        "```msnp {version=2}\nC: CHG 1\n..  NLN\n```\n\n## B\n\n```msnp {version=4}\nC: CHG 1 NLN\n```\n",
    );
    assert_eq!(forms[0], "MSNP2, MSNP4; 13 20");
}

#[test]
fn wrong_examples_and_variants_show_nothing_and_refused_lines_show_their_form() {
    let (forms, _) = shown("```msnp {version=2}\nC: CHG 1 NLN\nS: CHG 2 NLN\n```\n");
    assert_eq!(forms, ["no version; "; 3]);
    let (forms, _) = shown("```msnp {version=2}\nS: CHG 0 NLN 5\n```\n");
    assert_eq!(forms, ["no version; "; 3]);
    let (forms, counts) = shown("```msnp {version=2}\nC: CHG 1 NLN\nS: 201 1\n```\n");
    assert_eq!(forms[0], "MSNP2; 13");
    assert_eq!(counts[3], (1, 2));
}
