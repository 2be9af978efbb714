//! The queries that readers ask: what they want is in the site, and their words are in the index.
//!
//! `tests/search.mjs` asks them with the script's half of the search, and looks at what comes first.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use serde_json::Value;
use wirebook::config::Config;
use wirebook::pipeline::{self, Memo, built_in_wiki};

static SITE: LazyLock<BTreeMap<String, Arc<[u8]>>> = LazyLock::new(|| {
    let config = Config { title: "A wiki".to_owned(), ..Config::default() };
    pipeline::run(&config, &built_in_wiki(), Vec::new(), &mut Memo::default()).site.files()
});

/// The script whose name begins so.
fn script(start: &str) -> &'static str {
    let (_, bytes) = SITE.iter().find(|(name, _)| name.starts_with(start)).unwrap();
    std::str::from_utf8(bytes).unwrap()
}

/// What a script hands over in its last call.
fn data(script: &str, call: &str) -> Value {
    let (_, data) = script.rsplit_once(call).unwrap();
    serde_json::from_str(data.trim_end().trim_end_matches(");")).unwrap()
}

fn names() -> Value {
    let main = SITE.keys().find(|name| name.starts_with("search.") && !name.contains('/'));
    data(script(main.unwrap()), "self.wirebookSearch.load(")
}

/// Every query with what it wants and the heading that it stands under.
fn queries() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    let mut heading = "";
    let mut queries = Vec::new();
    for line in include_str!("search/queries.txt").lines() {
        match (line.strip_prefix("# "), line.split_once('\t')) {
            (Some(text), _) => heading = text,
            (None, Some((query, wanted))) => {
                queries.push((heading, query, wanted.split(" | ").collect()));
            }
            (None, None) => assert!(line.is_empty(), "{line}"),
        }
    }
    queries
}

#[test]
fn what_queries_want_is_there() {
    let queries = queries();
    assert!(queries.len() >= 150, "{}", queries.len());
    for address in queries.iter().flat_map(|(_, _, wanted)| wanted) {
        let (page, id) = address.split_once('#').unwrap_or((address, ""));
        let bytes = SITE.get(page).unwrap_or_else(|| panic!("{page}"));
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(id.is_empty() || text.contains(&format!(" id=\"{id}\"")), "{address}");
    }
}

#[test]
fn words_of_queries_are_in_the_index() {
    let names = names();
    let mut known: BTreeSet<String> = BTreeSet::new();
    known.extend(names["common"].as_str().unwrap().split(' ').map(str::to_owned));
    let shards = SITE.iter().filter(|(name, _)| name.contains("/w") && name.starts_with("search."));
    for (_, bytes) in shards {
        let text = std::str::from_utf8(bytes).unwrap();
        let (_, shard) = text.split_once(',').unwrap();
        let shard: Value = serde_json::from_str(shard.trim_end().trim_end_matches(");")).unwrap();
        let words: Vec<&str> = shard[0].as_str().unwrap().split(' ').collect();
        assert!(words.is_sorted(), "{}", words[0]);
        assert_eq!(words.len(), shard[1].as_str().unwrap().split(' ').count());
        known.extend(words.into_iter().map(str::to_owned));
    }
    let shard = |end: &str| SITE.iter().find(|(name, _)| name.ends_with(end)).unwrap().1;
    let text = |end: &str| std::str::from_utf8(shard(end)).unwrap();
    let titles = names["pages"].to_string() + text("/h0.js") + text("/n0.js");
    let titles = titles.to_lowercase();
    for (heading, query, _) in queries() {
        if ["One slip", "In part and by prefix"].contains(&heading) || query.contains(':') {
            continue;
        }
        for word in query.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
            let there = word.is_empty() || known.contains(word) || titles.contains(word);
            assert!(there, "{query}: {word}");
        }
    }
}

#[test]
fn shards_are_where_the_names_say() {
    let names = names();
    let folder = names["folder"].as_str().unwrap();
    let count = |letter: char| {
        SITE.keys().filter(|name| name.starts_with(&format!("{folder}{letter}"))).count()
    };
    assert_eq!(names["firsts"].as_str().unwrap().split(' ').count(), count('w'));
    let all = names["all"].as_u64().unwrap();
    assert_eq!(usize::try_from(all.div_ceil(names["size"].as_u64().unwrap())).unwrap(), count('t'));
    assert!(SITE.contains_key(names["wire"].as_str().unwrap()));
}

#[test]
fn lines_are_taken_apart_by_the_grammar_of_the_pages() {
    let grammar = data(script("wire."), "self.wirebookWire.load(");
    let commands = grammar["commands"].as_object().unwrap();
    assert!(commands.len() > 160, "{}", commands.len());
    assert!(grammar["kinds"].as_object().unwrap().len() > 30);
    for (name, command) in commands {
        let (page, id) = command[0]
            .as_str()
            .unwrap()
            .split_once('#')
            .unwrap_or((command[0].as_str().unwrap(), ""));
        let text = std::str::from_utf8(&SITE[page]).unwrap();
        let ids = command[1].as_object().unwrap().iter();
        let ids = ids
            .map(|(term, id)| id.as_str().filter(|id| !id.is_empty()).unwrap_or(term))
            .chain([id]);
        for id in ids.filter(|id| !id.is_empty()) {
            assert!(text.contains(&format!("id=\"{id}\"")), "{name}: {page}#{id}");
        }
        assert!(!command[2].as_array().unwrap().is_empty(), "{name}");
    }
}
