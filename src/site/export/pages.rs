//! The pages as Markdown, and lists of them.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::site::file::File;
use crate::site::html::escape;
use crate::site::shared::Shared;

/// The files by their path in the site.
pub(super) fn files(shared: &Shared) -> BTreeMap<String, File> {
    let source = |path: String| File::lazy(move |shared| source(shared, &path));
    let pages = shared.book.entries.keys();
    let mut files: BTreeMap<String, File> =
        pages.map(|path| (path.clone(), source(path.clone()))).collect();
    let mut add = |name: &str, make: fn(&Shared) -> String| {
        files.insert(name.to_owned(), File::lazy(move |shared| make(shared).into_bytes()));
    };
    add("llms.txt", llms);
    if !shared.config.site_url.is_empty() {
        add("sitemap.xml", sitemap);
    }
    files
}

fn source(shared: &Shared, path: &str) -> Vec<u8> {
    let entry = shared.book.entries.get(path);
    entry.map(|entry| entry.source.text.clone().into_bytes()).unwrap_or_default()
}

/// Title, description and all pages in reading order, each with its summary, as <https://llmstxt.org> asks for.
fn llms(shared: &Shared) -> String {
    let mut text = format!("# {}\n", shared.title);
    // Writing to a string cannot fail.
    if !shared.config.description.is_empty() {
        let _ = writeln!(text, "\n> {}", shared.config.description);
    }
    text += "\nFor programs: `commands.json` holds the grammar, `vectors.json` the bytes of every checked example.\n\n## Pages\n\n";
    for path in &shared.order {
        let Some(entry) = shared.book.entries.get(path) else { continue };
        let title = entry.title.replace(['[', ']'], "");
        let _ = writeln!(text, "- [{title}]({path}): {}", entry.summary);
    }
    text
}

fn sitemap(shared: &Shared) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                    <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        .to_owned();
    let base = shared.config.site_url.trim_end_matches('/');
    let missing = shared.book.not_found.as_ref();
    let found = shared.book.entries.iter().filter(|(path, _)| Some(*path) != missing);
    for (_, entry) in found {
        let _ =
            writeln!(text, "<url><loc>{}</loc></url>", escape(&format!("{base}/{}", entry.url)));
    }
    text += "</urlset>\n";
    text
}
