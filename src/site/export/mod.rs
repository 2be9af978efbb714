//! The wiki for programs: the grammar, the examples' bytes, the pages' own text.
//!
//! In: what all pages share. Out: files of the site.
//!
//! | file | what it holds |
//! |---|---|
//! | `commands.json` | every form of the grammar (`commands.schema.json` describes it) |
//! | `vectors.json` | every checked example, byte by byte (`vectors.schema.json` describes it) |
//! | `examples/PAGE.N.json`, `.client.bin`, `.server.bin` | one example, and what each side sends in it |
//! | `PAGE.md` | the page as its author wrote it |
//! | `llms.txt` | the pages with their summaries, for language models |
//! | `feed.xml` | the newest changes of pages, where the site's address and the pages' history are known |
//! | `sitemap.xml` | the pages' addresses, where the site's address is known |

mod commands;
pub(super) mod feed;
mod pages;
mod vectors;

pub(super) use vectors::Downloads;

use std::collections::BTreeMap;

use serde::Serialize;

use super::file::File;
use super::shared::Shared;

/// All of these files by their path in the site.
pub(super) fn files(shared: &Shared) -> BTreeMap<String, File> {
    let mut files = pages::files(shared);
    files.extend(commands::files());
    if feed::is_made(shared) {
        files.insert(feed::URL.to_owned(), File::lazy(|shared| feed::feed(shared).into_bytes()));
    }
    files.extend(vectors::files(shared));
    files
}

/// A value as JSON with a line end behind it. Every value here can be written, so that the default is never seen.
fn json(value: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
    text.push(b'\n');
    text
}
