//! Writes what each target begins with to `seeds/TARGET`, from the wiki and the tests of the crate.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use walkdir::WalkDir;
use wirebook::grammar::{Server, Version};
use wirebook::markdown::{self, Page};
use wirebook::text::Source;

fn main() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crate_folder = here.join("..");
    let wiki = files(&crate_folder.join("wiki"), "md")?;
    let mut pages = wiki.clone();
    for folder in ["tests/cases", "tests/fixes", "src/report/rules"] {
        for text in files(&crate_folder.join(folder), "md")? {
            pages.extend(fences(&text, |language| language == "markdown" || language == "before"));
        }
    }
    let grammars = wiki.iter().map(|text| {
        let grammar = fences(text, |language| language == "msnp-grammar").join("\n");
        format!("{grammar}\n%%\n{}", fences(text, |language| language == "msnp").join("\n"))
    });
    let mut frames = Vec::new();
    for capture in files(&crate_folder.join("tests/captures"), "jsonl")? {
        frames.extend(sessions(&capture));
    }
    let bytes = |texts: &[String]| texts.iter().map(|text| text.clone().into_bytes()).collect();
    let grammars: Vec<String> = grammars.filter(|text| !text.starts_with('\n')).collect();
    write(&here.join("seeds/example"), bytes(&pages))?;
    write(&here.join("seeds/fix"), bytes(&pages))?;
    write(&here.join("seeds/grammar"), bytes(&grammars))?;
    write(&here.join("seeds/mail"), bytes(&mails(&pages)))?;
    let letters = WalkDir::new(crate_folder.join("tests/mails")).sort_by_file_name().into_iter();
    let letters = letters.filter_map(Result::ok).filter(|entry| entry.path().extension().is_some_and(|e| e == "mbox"));
    write(&here.join("seeds/letter"), letters.map(|entry| fs::read(entry.path())).collect::<io::Result<_>>()?)?;
    write(&here.join("seeds/frames"), frames)
}

/// Letters about pages that lost every third line.
fn mails(pages: &[String]) -> Vec<String> {
    let lost = |page: &String| {
        let lines = page.split_inclusive('\n').enumerate();
        let kept: String = lines.filter(|(at, _)| at % 3 != 1).map(|(_, line)| line).collect();
        format!("Alice <alice@example.com>\n%%\nMend a length\n%%\n{page}\n%%\n{kept}")
    };
    pages.iter().map(lost).collect()
}

/// The texts of all files below a folder that end so.
fn files(folder: &Path, ending: &str) -> io::Result<Vec<String>> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let wanted = entries.filter(|entry| entry.path().extension().is_some_and(|e| e == ending));
    wanted.map(|entry| fs::read_to_string(entry.path())).collect()
}

/// The texts of a page's fences in languages that are wanted.
fn fences(text: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let source = Source::new("a.md", text);
    let page: Page = markdown::parse(&source);
    let fences = page.fences.iter().filter(|fence| wanted(&fence.language));
    let text = |lines: &[wirebook::text::Span]| {
        lines.iter().map(|span| format!("{}\n", source.slice(*span))).collect::<String>()
    };
    fences.map(|fence| text(&fence.lines)).collect()
}

/// The connections of a capture, as the target `frames` reads them.
fn sessions(capture: &str) -> Vec<Vec<u8>> {
    let mut sessions: BTreeMap<u64, (Vec<u8>, bool)> = BTreeMap::new();
    for line in capture.lines() {
        let Ok(record) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let text = |key: &str| record[key].as_str().unwrap_or_default();
        let client = text("dir") == "C";
        let version = Version::parse(text("version"));
        let version = Version::all().position(|other| Some(other) == version).unwrap_or_default();
        let server = Server::parse(text("server"));
        let server =
            Server::ALL.iter().position(|other| Some(*other) == server).unwrap_or_default();
        let head = [version, server].map(|number| u8::try_from(number).unwrap_or_default());
        let conn = record["conn"].as_u64().unwrap_or_default();
        let (bytes, clients) = sessions.entry(conn).or_insert_with(|| (head.to_vec(), true));
        if client != *clients {
            bytes.push(0xff);
            *clients = client;
        }
        bytes.extend(STANDARD.decode(text("bytes_b64")).unwrap_or_default());
    }
    sessions.into_values().map(|(bytes, _)| bytes).collect()
}

fn write(folder: &Path, seeds: Vec<Vec<u8>>) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (index, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("{index:04}")), seed)?;
    }
    Ok(())
}
