//! The wiki as test vectors: what the site gives to programs is what its schemas say, and the bytes of every example are
//! cut into its messages by the grammar, in each version that the example is legal in.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde_json::Value;
use wirebook::config::Config;
use wirebook::grammar::{Direction, Version, VersionSet};
use wirebook::msnp::frame;
use wirebook::pipeline::{self, Memo, built_in_grammar, built_in_wiki};

static SITE: LazyLock<BTreeMap<String, Arc<[u8]>>> = LazyLock::new(|| {
    let config = Config { title: "A wiki".to_owned(), ..Config::default() };
    pipeline::run(&config, &built_in_wiki(), Vec::new(), &mut Memo::default()).site.files()
});

fn json(name: &str) -> Value {
    serde_json::from_slice(&SITE[name]).unwrap()
}

#[test]
fn the_data_is_what_its_schemas_say() {
    for name in ["commands", "vectors"] {
        let schema = json(&format!("{name}.schema.json"));
        let validator = jsonschema::validator_for(&schema).unwrap();
        let data = json(&format!("{name}.json"));
        let problems: Vec<String> = validator.iter_errors(&data).map(|e| e.to_string()).collect();
        assert!(problems.is_empty(), "{name}: {problems:#?}");
    }
    let commands = json("commands.json");
    assert!(commands["commands"].as_array().unwrap().len() > 60);
    assert!(commands["errors"].as_array().unwrap().len() > 100);
}

#[test]
fn bytes_of_examples_are_cut_into_their_messages() {
    let grammar = built_in_grammar();
    let vectors = json("vectors.json");
    let examples = vectors["examples"].as_array().unwrap();
    assert!(examples.len() > 300);
    for example in examples {
        let at = example["at"].as_str().unwrap();
        let stem = at.replace(".html#example", "");
        for direction in [Direction::Client, Direction::Server] {
            let own = example["messages"].as_array().unwrap().iter();
            let own = own.filter(|message| message["from"] == direction.name()).count();
            if own == 0 {
                continue;
            }
            let file = &SITE[&format!("examples/{stem}.{}.bin", direction.name())];
            // What a server refuses can be of another version.
            let refused = example["messages"].as_array().unwrap().iter().any(is_error);
            for version in example["versions"].as_array().unwrap() {
                let version = Version::parse(version.as_str().unwrap()).unwrap();
                let versions = if refused { VersionSet::all() } else { VersionSet::only(version) };
                let (messages, taken) = frame::cut(file, direction, versions, &grammar);
                assert_eq!((messages.len(), taken), (own, file.len()), "{at} in {version}");
            }
        }
    }
}

fn is_error(message: &Value) -> bool {
    message["text"].as_str().is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()))
}
