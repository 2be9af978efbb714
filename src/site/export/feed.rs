//! Changes of pages as an Atom feed, where the site's address and the pages' history are known.

use std::fmt::Write;

use crate::site::href;
use crate::site::html::escape;
use crate::site::shared::Shared;
use crate::text::Change;

/// Path of the feed in the site.
pub(in crate::site) const URL: &str = "feed.xml";

/// How many changes it holds.
const NEWEST: usize = 50;

/// True where there is something to tell, and an address to tell it from.
pub(in crate::site) fn is_made(shared: &Shared) -> bool {
    shared.has_address() && !shared.book.history.changes().is_empty()
}

/// The feed; empty where there is none.
pub(super) fn feed(shared: &Shared) -> String {
    let changes = shared.book.history.changes();
    let Some(newest) = changes.first().filter(|_| is_made(shared)) else { return String::new() };
    let base = &shared.config.site_url;
    let authors: Vec<&str> = shared.config.authors.iter().map(String::as_str).collect();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <title>{}</title>\n<id>{base}</id>\n<link href=\"{base}\"/>\n\
         <link rel=\"self\" href=\"{base}{URL}\"/>\n<updated>{}</updated>\n",
        escape(&shared.title),
        newest.date,
        base = escape(base),
    );
    for author in &authors {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "<author><name>{}</name></author>", escape(author));
    }
    let told = changes.iter().filter_map(|change| entry(shared, change));
    text.extend(told.take(NEWEST));
    text += "</feed>\n";
    text
}

/// A change, with links to its pages; `None` where none of them is left.
fn entry(shared: &Shared, change: &Change) -> Option<String> {
    let base = &shared.config.site_url;
    let pages = change.pages.iter().filter_map(|path| shared.book.entries.get(path));
    let links: Vec<(String, &str)> = pages
        .map(|entry| (format!("{base}{}", href::relative("", &entry.url)), entry.title.as_str()))
        .collect();
    let (first, _) = links.first()?;
    let item = |(href, title): &(String, &str)| {
        format!("<li><a href=\"{}\">{}</a></li>", escape(href), escape(title))
    };
    let list = links.iter().map(item).collect::<Vec<_>>().concat();
    Some(format!(
        "<entry>\n<title>{}</title>\n<id>{}{URL}#{}</id>\n<link href=\"{}\"/>\n<updated>{}</updated>\n\
         <author><name>{}</name></author>\n<content type=\"html\">{}</content>\n</entry>\n",
        escape(&change.subject),
        escape(base),
        escape(&change.id),
        escape(first),
        escape(&change.date),
        escape(&change.author),
        escape(&format!("<ul>{list}</ul>")),
    ))
}
