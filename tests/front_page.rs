//! Every page, term, question and riddle of the front page that this wiki answers has its place in it.

use std::collections::BTreeSet;

use wirebook::book::{GLOSSARY, questions};
use wirebook::markdown::{Block, inline_text, parse};
use wirebook::pipeline::built_in_wiki;

#[test]
fn everything_on_the_front_page_has_its_place() {
    let wiki = built_in_wiki();
    let pages: Vec<_> = wiki.pages.values().map(|source| (source, parse(source))).collect();
    let contents = wiki.pages.get("SUMMARY.md").map_or("", |source| &source.text);
    let asked: Vec<String> = (pages.iter())
        .flat_map(|(_, page)| questions(page))
        .map(|question| inline_text(question.text).to_lowercase())
        .collect();
    let terms: BTreeSet<String> = (pages.iter())
        .filter(|(source, _)| source.path == GLOSSARY)
        .flat_map(|(_, page)| &page.blocks)
        .filter_map(|block| match block {
            Block::Definitions(definitions, _) => Some(definitions),
            _ => None,
        })
        .flatten()
        .map(|definition| inline_text(&definition.term))
        .collect();
    let has_place = |line: &str| match line.split_once(' ') {
        Some(("page", path)) => {
            wiki.pages.contains_key(path) && contents.contains(&format!("({path})"))
        }
        Some(("term", name)) => terms.contains(name),
        Some(("asks", words)) => asked.iter().any(|question| holds(question, words)),
        Some(("says", rest)) => {
            let Some((path, words)) = rest.split_once(": ") else { panic!("{line}") };
            wiki.pages.get(path).is_some_and(|page| page.text.contains(words))
        }
        _ => panic!("{line}"),
    };
    let lines = include_str!("front-page.txt").lines();
    let wanted = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let missing: Vec<&str> = wanted.filter(|line| !has_place(line)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// True if the question holds all the words, as words of its own.
fn holds(question: &str, words: &str) -> bool {
    let outside = |c: char| !c.is_alphanumeric() && c != '.';
    let own: BTreeSet<&str> = question.split(outside).map(|word| word.trim_matches('.')).collect();
    words.to_lowercase().split(' ').all(|word| own.contains(word))
}
