//! Cases as documents: each file in `tests/cases` is Markdown. Under a heading, a `markdown` fence is a page (its attribute
//! `page=` names it, `index.md` by default), and a `findings` fence lists what wirebook must find in these pages, a line each:
//! `line:column rule`, and after a colon words that the message must hold. A case without a `findings` fence must be free of
//! findings. In a case of several pages a line begins with the page's name and a blank.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod documents;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use documents::Document;
use wirebook::config::Config;
use wirebook::pipeline::{self, Memo};
use wirebook::text::{Source, Sources};

/// Pages of a case and the findings it lists.
#[derive(Default)]
struct Case {
    title: String,
    pages: Vec<(String, String)>,
    findings: Vec<String>,
}

#[test]
fn cases_find_what_they_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut failures = String::new();
    let mut count = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "md")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let source = Source::new(&name, std::fs::read_to_string(file).unwrap());
        for case in documents::read(&source).iter().map(case) {
            count += 1;
            if let Some(difference) = difference(&case) {
                let _ = write!(failures, "\n{name}, {}:\n{difference}", case.title);
            }
        }
    }
    assert!(count > 20, "only {count} cases");
    assert!(failures.is_empty(), "{failures}");
}

fn case(document: &Document) -> Case {
    let mut case = Case { title: document.title.clone(), ..Case::default() };
    for (fence, lines) in &document.fences {
        match fence.language.as_str() {
            "markdown" => {
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
    let sources = Sources::from_pages(case.pages.clone());
    let outcome = pipeline::run(&Config::default(), &sources, Vec::new(), &mut Memo::default());
    let mut wanted = case.findings.clone();
    let mut out = String::new();
    for diagnostic in outcome.report.diagnostics() {
        let source = &sources.pages[&diagnostic.path];
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
