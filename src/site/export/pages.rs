//! The pages as Markdown, and lists of them.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::site::html::escape;
use crate::site::shared::Shared;

/// The files by their path in the site.
pub(super) fn files(shared: &Shared<'_>) -> BTreeMap<String, Vec<u8>> {
    let pages = shared.book.entries.iter();
    let mut files: BTreeMap<String, Vec<u8>> =
        pages.map(|(path, entry)| (path.clone(), entry.source.text.clone().into_bytes())).collect();
    files.insert("llms.txt".to_owned(), llms(shared).into_bytes());
    if !shared.config.site_url.is_empty() {
        files.insert("sitemap.xml".to_owned(), sitemap(shared).into_bytes());
    }
    files
}

/// Title, description and all pages in reading order, each with its summary, as <https://llmstxt.org> asks for.
fn llms(shared: &Shared<'_>) -> String {
    let mut text = format!("# {}\n", shared.title);
    // Writing to a string cannot fail.
    if !shared.config.description.is_empty() {
        let _ = writeln!(text, "\n> {}", shared.config.description);
    }
    text += "\nFor programs: `commands.json` holds the grammar, `vectors.json` the bytes of every checked example.\n\n## Pages\n\n";
    for path in &shared.order {
        let Some(entry) = shared.book.entries.get(*path) else { continue };
        let title = entry.title.replace(['[', ']'], "");
        let _ = writeln!(text, "- [{title}]({path}): {}", entry.summary);
    }
    text
}

fn sitemap(shared: &Shared<'_>) -> String {
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
