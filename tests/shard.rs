//! A check in shards adds up to the whole, and a run tells how long its stages take.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tempfile::TempDir;
use wirebook::check::{Part, Shard};
use wirebook::load::load;
use wirebook::pipeline::{self, Memo};
use wirebook::progress::Progress;

/// A book with findings of every origin: settings, a redirect, a template that fails, links, examples, a document, commands without
/// a grammar on several pages, and findings that are let stand.
const BOOK: [(&str, &str); 9] = [
    (
        "book.toml",
        "[book]\nsrc = \"wiki\"\ntitel = \"x\"\n[output.html.redirect]\n\"/old.html\" = \"gone.html\"\n",
    ),
    ("theme/page.html", "{{ nothing.like.this }}"),
    ("wiki/SUMMARY.md", "# Summary\n\n- [Front](index.md)\n- [Gone](gone.md)\n"),
    (
        "wiki/a.md",
        "# A\n\n```msnp {allow=\"no-grammar: known\"}\nC: ZZZ 1\n```\n\n## B\n\n```msnp\nC: YYY 1\n```\n",
    ),
    ("wiki/b.md", "# B\n\n```msnp\nC: ZZZ 1\n```\n\n[gone](gone.md)\n"),
    (
        "wiki/c.md",
        "# C\n\n```msnp {version=8}\nC: CHG 1 NLN 52\nS: CHG 2 NLN 52\n```\n\n```xml\n<a></b>\n```\n",
    ),
    (
        "wiki/d.md",
        "# D\n\n<!-- wirebook: allow broken-link \"soon\" -->\n[gone](gone.md)\n\n```msnp\nC: ZZZ 1\n```\n\n```msnp\nC: YYY 1\n```\n",
    ),
    ("wiki/e.md", "# E\n\n```msnp {ignore=\"why\"}\nC: CHG 1\n```\n\n<!-- wirebook: no-such -->\n"),
    ("wiki/index.md", "# Front\n\n[A](a.md) [B](b.md) [C](c.md) [D](d.md) [E](e.md)\n"),
];

const GOOD: &str = "# Presence\n\n```msnp {version=8}\nC: CHG 1 NLN 52\nS: CHG 1 NLN 52\n```\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn wirebook(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirebook"));
    command.current_dir(folder).args(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What one run says: findings, test cases of examples and pages, and the numbers of the summary.
#[derive(Debug, Default, PartialEq)]
struct Said {
    findings: Vec<String>,
    cases: Vec<String>,
    numbers: BTreeMap<String, usize>,
}

fn said(book: &Path, shard: Option<&str>) -> Said {
    let into = tempfile::tempdir().unwrap();
    let file = |name: &str| into.path().join(name).display().to_string();
    let (json, junit) = (format!("json={}", file("j")), format!("junit={}", file("x")));
    let mut arguments = vec!["check", "--report", &json, "--report", &junit];
    arguments.extend(shard.iter().flat_map(|shard| ["--shard", shard]));
    let run = wirebook(book, &arguments);
    assert!(code(&run) < 2, "{}", err(&run));

    let json: Value = serde_json::from_str(&fs::read_to_string(file("j")).unwrap()).unwrap();
    let findings = json.as_array().unwrap().iter().map(Value::to_string).collect();
    let junit = fs::read_to_string(file("x")).unwrap();
    let cases = junit.split("<testcase ").skip(1).map(|case| {
        let ended = case.split_once("</testcase>").or_else(|| case.split_once("/>"));
        ended.unwrap().0.to_owned()
    });
    let errors = err(&run);
    let (words, levels) = summary(&errors, shard).split_once(": ").unwrap();
    let counts = words.split(" in ").chain(levels.split(", ")).map(|count| {
        let (number, noun) = count.trim_start_matches("checked ").split_once(' ').unwrap();
        (noun.trim_end_matches('s').to_owned(), number.parse().unwrap())
    });
    Said { findings, cases: cases.collect(), numbers: counts.collect() }
}

/// The summary, without what says which shard it is of.
fn summary<'a>(errors: &'a str, shard: Option<&str>) -> &'a str {
    let line = errors.lines().find(|line| line.contains("checked ")).unwrap();
    let Some((number, count)) = shard.and_then(|shard| shard.split_once('/')) else { return line };
    line.strip_prefix(&format!("shard {number} of {count}: ")).unwrap()
}

/// What all shards say together.
fn said_in_shards(book: &Path, count: usize) -> Said {
    let mut all = Said::default();
    for number in 1..=count {
        let one = said(book, Some(&format!("{number}/{count}")));
        all.findings.extend(one.findings);
        all.cases.extend(one.cases);
        for (noun, number) in one.numbers {
            *all.numbers.entry(noun).or_default() += number;
        }
    }
    all
}

fn sorted(mut said: Said) -> Said {
    said.findings.sort();
    said.cases.sort();
    said
}

#[test]
fn the_shards_of_a_book_add_up_to_the_whole_each_finding_and_example_once() {
    let folder = folder(&BOOK);
    let whole = sorted(said(folder.path(), None));
    let rules = [
        "config",
        "theme",
        "no-grammar",
        "allowed",
        "broken-link",
        "trid-mismatch",
        "xml-format",
        "ignored-example",
        "unknown-directive",
    ];
    for rule in rules {
        let name = format!("\"rule\":\"{rule}\"");
        assert!(whole.findings.iter().any(|found| found.contains(&name)), "{rule}: {whole:#?}");
    }
    for count in [1, 2, 3, 4, 11] {
        assert_eq!(sorted(said_in_shards(folder.path(), count)), whole, "{count} shards");
    }
}

#[test]
fn the_shards_of_our_own_wiki_add_up_to_the_whole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let whole = sorted(said(root, None));
    assert!(whole.cases.len() > 1000, "{}", whole.cases.len());
    assert_eq!(sorted(said_in_shards(root, 3)), whole);
}

#[test]
fn a_run_without_a_site_finds_the_same() {
    for own_template in [true, false] {
        let folder = folder(&BOOK);
        if !own_template {
            fs::remove_file(folder.path().join("theme/page.html")).unwrap();
        }
        let book = load(folder.path()).unwrap();
        let found = || book.diagnostics.clone();
        let whole = pipeline::run(&book.config, &book.sources, found(), &mut Memo::default());
        let bare = pipeline::inspect(&book.config, &book.sources, found(), Part::default());
        assert_eq!(bare.report.diagnostics(), whole.report.diagnostics());
        let theme = bare.report.diagnostics().iter().any(|found| found.rule.name == "theme");
        assert_eq!(theme, own_template);
        assert!(bare.site.files().is_empty());
    }
}

#[test]
fn a_shard_leaves_the_examples_of_others_unchecked_where_it_can() {
    let files: Vec<_> = ["a.md", "b.md", "index.md"].map(|path| (path, GOOD)).to_vec();
    let folder = folder(&files);
    let book = load(folder.path()).unwrap();
    let watch = Watch::default();
    let shard = Some(Shard::parse("2/3").unwrap());
    let part = Part { shard, progress: &watch };
    let result = pipeline::inspect(&book.config, &book.sources, Vec::new(), part);
    let checked: Vec<_> = result.checked.examples.keys().map(|(path, _)| path.as_str()).collect();
    assert_eq!(checked, ["b.md"]);
    assert_eq!(watch.examples.load(Ordering::Relaxed), 1);
}

#[test]
fn wrong_shards_are_errors_of_usage() {
    let folder = folder(&[("index.md", GOOD)]);
    for wrong in ["0/2", "3/2", "1", "a/b", "-1/2", "1/0"] {
        let run = wirebook(folder.path(), &["check", "--shard", wrong]);
        assert_eq!(code(&run), 2, "{wrong}: {}", err(&run));
    }
    let run = wirebook(folder.path(), &["check", "--shard", "3/2"]);
    assert!(err(&run).contains("the shards of 2 are numbered from 1 to 2"), "{}", err(&run));
    let others =
        [&["--fix"][..], &["--diff"], &["--coverage"], &["--baseline", "b", "--write-baseline"]];
    for other in others {
        let run = wirebook(folder.path(), &[&["check", "--shard", "1/2"], other].concat());
        assert_eq!(code(&run), 2, "{other:?}: {}", err(&run));
        assert!(err(&run).contains("cannot be used with"), "{other:?}: {}", err(&run));
    }
    assert_eq!(code(&wirebook(folder.path(), &["build", "--shard", "1/2"])), 2);
}

#[test]
fn a_shard_fails_for_its_own_findings_and_an_empty_one_does_not() {
    let bad = GOOD.replace("S: CHG 1", "S: CHG 2");
    let book = folder(&[("a.md", GOOD), ("b.md", &bad), ("index.md", "# Words\n\n[a](a.md)\n")]);
    let codes = |more: &[&str]| {
        let run = |number| {
            let shard = format!("{number}/4");
            let arguments = [&["check", ".", "--shard", &shard], more].concat();
            code(&wirebook(book.path(), &arguments))
        };
        [1, 2, 3, 4].map(run)
    };
    assert_eq!(codes(&[]), [0, 1, 0, 0]);
    assert_eq!(codes(&["--fail-on", "note"]), [0, 1, 0, 0]);
    let empty = folder(&[("a.md", "# A\n"), ("index.md", "# Words\n")]);
    for shard in ["1/3", "2/3", "3/3"] {
        let run = wirebook(empty.path(), &["check", ".", "--shard", shard]);
        assert_eq!(code(&run), 3, "{shard}: {}", err(&run));
    }
}

#[test]
fn each_entry_of_a_baseline_is_the_business_of_one_shard() {
    let folder = folder(&BOOK);
    let file = folder.path().join("known.txt");
    let check = |more: &[&str]| {
        let arguments = ["check", "--fail-on", "note", "--baseline", "known.txt"];
        wirebook(folder.path(), &[&arguments, more].concat())
    };
    assert_eq!(code(&check(&["--write-baseline"])), 0);
    let known = fs::read_to_string(&file).unwrap();
    let shards = || ["1/3", "2/3", "3/3"].map(|shard| check(&["--shard", shard]));
    assert_eq!(shards().map(|run| code(&run)), [0, 0, 0], "{}", shards().map(|r| err(&r)).concat());

    // By paths b.md is the second page and c.md the third; nobody else has pages that are gone, or settings.
    let stale = ["wiki/b.md", "wiki/c.md", "wiki/was.md", "book.toml"].iter().zip(0..);
    let stale = stale.map(|(path, n)| format!("{n:064} {path}: template: was here\n"));
    fs::write(&file, known + &stale.collect::<String>()).unwrap();
    let runs = shards();
    assert_eq!(runs.each_ref().map(code), [1, 1, 1]);
    let gone = runs.map(|run| {
        let errors = err(&run);
        let lines = errors.lines().filter_map(|line| line.split_once("that is gone: "));
        lines.map(|(_, tail)| tail.split(": ").next().unwrap().to_owned()).collect::<Vec<_>>()
    });
    assert_eq!(gone, [vec!["wiki/was.md", "book.toml"], vec!["wiki/b.md"], vec!["wiki/c.md"]]);
}

/// Names of the table's rows.
fn stages(run: &Output) -> Vec<String> {
    let errors = err(run);
    assert!(!errors.contains(['\r', '\u{1b}']), "no line is drawn where nobody looks: {errors}");
    let rows = errors.lines().filter(|line| line.ends_with(" %"));
    rows.map(|row| row.split("  ").next().unwrap().to_owned()).collect()
}

#[test]
fn timings_name_each_stage_once_in_order() {
    let good = folder(&[("index.md", GOOD)]);
    let checked = ["read", "parse", "assemble", "check examples", "check the rest"];
    let check = wirebook(good.path(), &["check", "--timings"]);
    assert_eq!(stages(&check), [&checked[..], &["report", "total"]].concat());
    assert_eq!(check.stdout, b"");
    let build = wirebook(good.path(), &["build", "--timings"]);
    let all = [&checked[..], &["search", "report", "make and write", "total"]].concat();
    assert_eq!(stages(&build), all);
    let widths: Vec<_> =
        err(&build).lines().filter(|line| line.ends_with(" %")).map(str::len).collect();
    assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{}", err(&build));
    assert_eq!(stages(&wirebook(good.path(), &["build"])), [""; 0]);

    // A template of one's own may fail, which shows only where the pages are made.
    let themed = folder(&BOOK);
    let check = wirebook(themed.path(), &["check", "--timings", "--shard", "1/2"]);
    assert_eq!(stages(&check), [&checked[..], &["templates", "report", "total"]].concat());
    let check = wirebook(themed.path(), &["check", "--timings", "--shard", "2/2"]);
    assert_eq!(stages(&check), [&checked[..], &["report", "total"]].concat());
    assert_eq!(code(&wirebook(good.path(), &["check", "--timings", "--fix"])), 2);
}

/// Somebody who counts.
#[derive(Default)]
struct Watch {
    examples: AtomicUsize,
}

impl Progress for Watch {
    fn done(&self, examples: usize) {
        self.examples.fetch_add(examples, Ordering::Relaxed);
    }
}
