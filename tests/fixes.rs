//! Fixes as documents: each file in `tests/fixes` is Markdown. Under a heading, a `before` fence is a page and an `after`
//! fence the same page mended; its attribute `unsafe` asks for unsafe fixes. A `left` fence lists the findings that stay,
//! a line each: `line:column rule`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod documents;

use std::path::Path;

use documents::Document;
use wirebook::config::Config;
use wirebook::fix::{Mended, mend};
use wirebook::markdown;
use wirebook::pipeline::{self, Memo, built_in_wiki};
use wirebook::report::{Diagnostic, rules};
use wirebook::text::{FixLevel, Source, Sources, Span};

#[derive(Default)]
struct Case {
    title: String,
    before: String,
    after: String,
    left: Vec<String>,
    careless: bool,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixes");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let sources =
        files.iter().map(|file| Source::new("cases.md", std::fs::read_to_string(file).unwrap()));
    sources.flat_map(|source| documents::read(&source)).map(|document| case(&document)).collect()
}

fn case(document: &Document) -> Case {
    let mut case = Case { title: document.title.clone(), ..Case::default() };
    for (fence, lines) in &document.fences {
        match fence.language.as_str() {
            "before" => case.before = documents::page(lines),
            "after" => {
                case.after = documents::page(lines);
                case.careless = fence.attributes.value("unsafe").is_some();
            }
            "left" => case.left.clone_from(lines),
            other => panic!("{}: a case has no fence `{other}`", case.title),
        }
    }
    case
}

fn mended(sources: &Sources, level: FixLevel) -> Mended {
    mend(&Config::default(), sources, &[], level)
}

fn level(case: &Case) -> FixLevel {
    if case.careless { FixLevel::Unsafe } else { FixLevel::Safe }
}

#[test]
fn cases_are_mended_as_they_say() {
    let cases = cases();
    assert!(cases.len() >= 10, "only {} cases", cases.len());
    for case in &cases {
        let sources = Sources::from_pages([("index.md", case.before.as_str())]);
        let mended = mended(&sources, level(case));
        assert_eq!(mended.sources.pages["index.md"].text, case.after, "{}", case.title);
        let again = pipeline::checked(
            &Config::default(),
            &mended.sources,
            Vec::new(),
            &mut Memo::default(),
        );
        let page = &mended.sources.pages["index.md"];
        let left: Vec<String> = (again.report.diagnostics().iter())
            .map(|found| {
                let place = page.position(found.span.start);
                format!("{}:{} {}", place.line, place.column, found.rule.name)
            })
            .collect();
        assert_eq!(left, case.left, "{}", case.title);
    }
}

#[test]
fn mending_twice_changes_nothing_more() {
    let cases = cases();
    let all: Vec<(String, &str)> = (cases.iter().enumerate())
        .map(|(index, case)| (format!("p{index}.md"), case.before.as_str()))
        .collect();
    for level in [FixLevel::Safe, FixLevel::Unsafe] {
        let once = mended(&Sources::from_pages(all.iter().cloned()), level);
        assert!(once.count >= 8 && !once.changes.is_empty());
        let twice = mended(&once.sources, level);
        assert!(twice.changes.is_empty(), "{:?}", twice.changes);
        assert_eq!(twice.count, 0);
    }
}

#[test]
fn broken_pages_of_the_wiki_are_never_made_worse_and_come_to_rest() {
    let wiki = built_in_wiki();
    let errors = |sources: &Sources| {
        let checked =
            pipeline::checked(&Config::default(), sources, Vec::new(), &mut Memo::default());
        checked.report.count(wirebook::report::Severity::Error)
    };
    let mut broken = wiki.clone();
    for (path, page) in &wiki.pages {
        // Every number in examples one higher breaks lengths, ids, replies and codes.
        let parsed = markdown::parse(page);
        let mut text = page.text.clone();
        for fence in parsed.fences.iter().filter(|fence| fence.language == "msnp").rev() {
            for line in fence.lines.iter().rev().step_by(3) {
                let words = line.of(&page.text).split(' ');
                let more = words.map(|word| match word.parse::<u32>() {
                    Ok(number) => (number + 1).to_string(),
                    Err(_) => word.to_owned(),
                });
                text.replace_range(line.range(), &more.collect::<Vec<_>>().join(" "));
            }
        }
        broken.pages.insert(path.clone(), Source::new(path, text).into());
    }
    let before = errors(&broken);
    assert!(before > 100, "{before}");
    for level in [FixLevel::Safe, FixLevel::Unsafe] {
        let once = mended(&broken, level);
        assert!(errors(&once.sources) < before);
        let twice = mended(&once.sources, level);
        assert!(twice.changes.is_empty(), "{:?}", twice.changes);
    }
}

#[test]
fn the_wiki_needs_no_fixes() {
    let mended = mended(&built_in_wiki(), FixLevel::Unsafe);
    assert!(mended.changes.is_empty(), "{:?}", mended.changes);
}

#[test]
fn a_page_that_is_not_utf_8_is_left_alone() {
    let page = "# A\n\n```msnp\nC:  CHG 1 NLN\n```\n";
    let sources = Sources::from_pages([("a.md", page), ("b.md", page)]);
    let found = Diagnostic::new(&rules::ENCODING, "a.md", Span::default(), "m");
    let mended = mend(&Config::default(), &sources, &[found], FixLevel::Safe);
    let changed: Vec<_> = mended.changes.iter().map(|change| &change.after.path).collect();
    assert_eq!(changed, ["b.md"]);
}
