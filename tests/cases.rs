//! Cases as documents: each file in `tests/cases` is Markdown. Under a heading, a `markdown` fence is a page (its attribute
//! `page=` names it, `index.md` by default), and a `findings` fence lists what wirebook must find in these pages, a line each:
//! `line:column rule`, and after a colon words that the message must hold. A case without a `findings` fence must be free of
//! findings. In a case of several files a line begins with the file's name and a blank. A `toml` fence with `page=book.toml`
//! holds the book's settings.
//!
//! A title `rule: ...` says which rule the case is there to show, `rule, right: ...` that it shows where the rule finds
//! nothing. Every rule has both.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod documents;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use documents::Document;
use wirebook::config;
use wirebook::pipeline::{self, Memo};
use wirebook::report::rules::RULES;
use wirebook::text::{Source, Sources};

/// Pages of a case and the findings it lists.
#[derive(Default)]
struct Case {
    title: String,
    pages: Vec<(String, String)>,
    findings: Vec<String>,
}

/// Rules that no text in a case can break, each with the file and the test that show it.
const ELSEWHERE: [(&str, &str, &str); 4] = [
    ("encoding", "src/load/mod.rs", "bytes_that_are_no_text_are_found_where_they_stand"),
    ("lost-address", "tests/publish.rs", "a_lost_address_is_found_until_it_leads_on"),
    (
        "no-history",
        "src/load/history.rs",
        "a_folder_outside_of_any_repository_has_no_history_and_says_so",
    ),
    ("theme", "src/site/theme.rs", "a_broken_template_is_a_finding_in_its_file_and_is_not_used"),
];

/// Every case, with the name of its file.
fn cases() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "md")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let source = Source::new(&name, std::fs::read_to_string(file).unwrap());
        cases.extend(documents::read(&source).iter().map(|one| (name.clone(), case(one))));
    }
    cases
}

#[test]
fn cases_find_what_they_say() {
    let cases = cases();
    let mut failures = String::new();
    for (name, case) in &cases {
        if let Some(difference) = difference(case) {
            let _ = write!(failures, "\n{name}, {}:\n{difference}", case.title);
        }
    }
    assert!(cases.len() > 150, "only {} cases", cases.len());
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn every_rule_has_a_case_that_shows_it_and_one_that_is_right() {
    let cases = cases();
    let mut missing = Vec::new();
    for rule in RULES {
        let finds = |case: &Case| case.rules().any(|name| name == rule.name);
        let titled = |start: String| {
            let named = cases.iter().map(|(_, case)| case);
            named.filter(move |case| case.title.starts_with(&start))
        };
        let mut shown = titled(format!("{}: ", rule.name)).peekable();
        let mut right = titled(format!("{}, right: ", rule.name)).peekable();
        let elsewhere = ELSEWHERE.iter().find(|(name, ..)| *name == rule.name);
        if let Some((_, file, test)) = elsewhere {
            let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
            assert!(text.unwrap().contains(&format!("fn {test}(")), "{file} has no test `{test}`");
            assert!(shown.peek().is_none(), "a case shows `{}` after all", rule.name);
            continue;
        }
        if shown.peek().is_none() || !shown.all(finds) {
            missing.push(format!("`{}: ...`, which lists the rule", rule.name));
        }
        if right.peek().is_none() || right.any(finds) {
            missing.push(format!("`{}, right: ...`, which does not", rule.name));
        }
    }
    assert!(missing.is_empty(), "cases to write:\n{}", missing.join("\n"));
}

impl Case {
    /// Names of the rules that it lists.
    fn rules(&self) -> impl Iterator<Item = &str> {
        self.findings.iter().filter_map(|line| {
            let head = line.split_once(": ").map_or(line.as_str(), |(head, _)| head);
            head.rsplit(' ').next()
        })
    }
}

fn case(document: &Document) -> Case {
    let mut case = Case { title: document.title.clone(), ..Case::default() };
    for (fence, lines) in &document.fences {
        match fence.language.as_str() {
            "markdown" | "toml" => {
                let name = fence.attributes.value("page").unwrap_or("index.md").to_owned();
                case.pages.push((name, documents::page(lines)));
            }
            "findings" => case.findings.extend_from_slice(lines),
            other => panic!("{}: a case has no fence `{other}`", case.title),
        }
    }
    case
}

fn difference(case: &Case) -> Option<String> {
    let files: BTreeMap<&str, Source> =
        (case.pages.iter()).map(|(path, text)| (path.as_str(), Source::new(path, text))).collect();
    let (config, found) = files.get("book.toml").map(config::parse).unwrap_or_default();
    let pages = case.pages.iter().filter(|(path, _)| path != "book.toml");
    let sources = Sources::from_pages(pages.cloned());
    let outcome = pipeline::run(&config, &sources, found, &mut Memo::default());
    let mut wanted = case.findings.clone();
    let mut out = String::new();
    for diagnostic in outcome.report.diagnostics() {
        let source = &files[diagnostic.path.as_str()];
        let place = source.position(diagnostic.span.start);
        let mut line = format!("{}:{} {}", place.line, place.column, diagnostic.rule.name);
        if case.pages.len() > 1 {
            line = format!("{} {line}", diagnostic.path);
        }
        let fits = |want: &String| {
            let (head, words) = want.split_once(": ").unwrap_or((want, ""));
            head == line && diagnostic.message.contains(words)
        };
        match wanted.iter().position(fits) {
            Some(at) => drop(wanted.remove(at)),
            None => {
                let _ = writeln!(out, "  found, not listed: {line}: {}", diagnostic.message);
            }
        }
    }
    for line in wanted {
        let _ = writeln!(out, "  listed, not found: {line}");
    }
    (!out.is_empty()).then_some(out)
}
