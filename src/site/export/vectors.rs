//! The bytes of checked examples, so that other programs can be tested with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

use super::json;
use crate::book::Entry;
use crate::check::{Example, State, WireMessage};
use crate::grammar::Direction;
use crate::site::file::File;
use crate::site::shared::Shared;

/// The files of one example in the site.
pub(in crate::site) struct Downloads {
    /// Path of the JSON file.
    pub(in crate::site) json: String,
    /// Who sends, path of the bytes, and how many there are; one for each side that sends any.
    pub(in crate::site) bytes: Vec<(Direction, String, usize)>,
}

impl Downloads {
    /// The files of a page's example, which has number `index` among the page's fences; `None` where it has none: it was
    /// not checked as a whole, or some byte of it is not shown.
    pub(in crate::site) fn of(entry: &Entry, index: usize, example: &Example) -> Option<Self> {
        if !is_vector(example) {
            return None;
        }
        let page = entry.url.strip_suffix(".html").unwrap_or(&entry.url);
        let stem = format!("examples/{page}.{}", index + 1);
        let bytes = [Direction::Client, Direction::Server].into_iter().filter_map(|direction| {
            let bytes = sent(example, direction).len();
            let path = format!("{stem}.{}.bin", direction.name());
            (bytes > 0).then_some((direction, path, bytes))
        });
        Some(Self { bytes: bytes.collect(), json: stem + ".json" })
    }
}

/// The files by their path in the site.
pub(super) fn files(shared: &Shared) -> BTreeMap<String, File> {
    let mut files = BTreeMap::new();
    for (key, example) in &shared.checked.examples {
        let Some(entry) = shared.book.entries.get(&key.0) else { continue };
        let Some(downloads) = Downloads::of(entry, key.1, example) else { continue };
        for (direction, path, _) in downloads.bytes {
            let example = Arc::clone(example);
            files.insert(path, File::lazy(move |_| sent(&example, direction)));
        }
        let key = key.clone();
        files.insert(downloads.json, File::lazy(move |shared| one(shared, &key)));
    }
    files.insert("vectors.json".to_owned(), File::lazy(all));
    let schema = include_bytes!("vectors.schema.json");
    files.insert("vectors.schema.json".to_owned(), File::bytes(*schema));
    files
}

/// One example as JSON; its page's path and its index into the page's fences.
fn one(shared: &Shared, (path, index): &(String, usize)) -> Vec<u8> {
    let entry = shared.book.entries.get(path);
    let example = shared.checked.examples.get(&(path.clone(), *index));
    let vector = entry.zip(example).map(|(entry, example)| Vector::new(entry, *index, example));
    json(&vector)
}

/// All examples as JSON.
fn all(shared: &Shared) -> Vec<u8> {
    let examples = shared.checked.examples.iter().filter(|(_, example)| is_vector(example));
    let examples = examples.filter_map(|((path, index), example)| {
        Some(Vector::new(shared.book.entries.get(path)?, *index, example))
    });
    let examples = examples.collect();
    json(&Vectors { schema: "vectors.schema.json", title: &shared.title, examples })
}

fn is_vector(example: &Example) -> bool {
    example.state == State::Checked && !example.wire.is_empty()
}

fn sent(example: &Example, direction: Direction) -> Vec<u8> {
    let own = example.wire.iter().filter(|message| message.direction == direction);
    own.flat_map(|message| message.bytes.iter().copied()).collect()
}

#[derive(Serialize)]
struct Vectors<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    title: &'a str,
    examples: Vec<Vector<'a>>,
}

#[derive(Serialize)]
struct Vector<'a> {
    /// Where it stands, as an address in the site.
    at: String,
    /// Title of the page.
    page: &'a str,
    /// The headings that it stands under, the outermost first, without the page's title.
    headings: Vec<&'a str>,
    versions: Vec<String>,
    messages: Vec<MessageValues<'a>>,
}

#[derive(Serialize)]
struct MessageValues<'a> {
    from: &'static str,
    /// The bytes, where they are UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    /// The bytes, where they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

impl<'a> Vector<'a> {
    fn new(entry: &'a Entry, index: usize, example: &'a Example) -> Self {
        Self {
            at: format!("{}#example.{}", entry.url, index + 1),
            page: &entry.title,
            headings: headings(entry, index),
            versions: example.versions.iter().map(|version| version.to_string()).collect(),
            messages: example.wire.iter().map(MessageValues::new).collect(),
        }
    }
}

impl<'a> MessageValues<'a> {
    fn new(message: &'a WireMessage) -> Self {
        let text = std::str::from_utf8(&message.bytes).ok();
        let base64 = text.is_none().then(|| BASE64_STANDARD.encode(&message.bytes));
        Self { from: message.direction.name(), text, base64 }
    }
}

/// The headings above a fence, from level 2 on.
fn headings(entry: &Entry, index: usize) -> Vec<&str> {
    let Some(fence) = entry.page.fences.get(index) else { return Vec::new() };
    let above = entry.page.headings.iter().filter(|heading| heading.span.start < fence.span.start);
    let mut path: Vec<(u8, &str)> = Vec::new();
    for heading in above {
        path.retain(|(level, _)| *level < heading.level);
        path.push((heading.level, &heading.text));
    }
    path.into_iter().filter(|(level, _)| *level > 1).map(|(_, text)| text).collect()
}
