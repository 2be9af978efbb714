//! References between pages: what a link's destination means.
//!
//! In: a destination as written, and the page it is written on. Out: the file and id it leads to, or what is missing.
//! Files are compared byte by byte: a wrong letter case that some file systems forgive is a missing file, because the
//! site may be served from one that does not.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::Book;

/// What a destination points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A page of the book, and the id in it; an empty fragment is the page's top.
    Page {
        /// Path of the page.
        path: String,
        /// Id without `#`: the one that the page uses, where the destination names an alias of it.
        fragment: String,
    },
    /// Another file of the book.
    Asset(String),
    /// Somewhere outside: a URL with a scheme, or `//host`.
    Outside,
}

/// Why a destination points nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// It points somewhere.
    To(Target),
    /// No such file; the path that was looked for.
    NoFile(String),
    /// The page is there (its path), but no such id (the fragment).
    NoFragment(String, String),
}

/// Finds what `destination`, written on the page at `from`, points to. Percent escapes are decoded; `page.md`,
/// `page.html`, `folder/` and `page` (without ending) all name a page; `/x` is from the book's root. Aliases of ids count.
pub fn resolve(book: &Book, from: &str, destination: &str) -> Reference {
    let (path, fragment) = match locate(&book.entries, &book.assets, from, destination) {
        Place::Page(path, fragment) => (path, fragment),
        Place::Asset(path) => return Reference::To(Target::Asset(path)),
        Place::Outside => return Reference::To(Target::Outside),
        Place::Missing(path) => return Reference::NoFile(path),
    };
    let ids = book.entries.get(&path).map(|entry| &entry.page.ids);
    // `#top` is the top of any page, by the rules of HTML.
    let fragment = if fragment == "top" { String::new() } else { fragment };
    match ids.and_then(|ids| ids.get(&fragment)) {
        Some(id) => Reference::To(Target::Page { path, fragment: id.clone() }),
        None if fragment.is_empty() => Reference::To(Target::Page { path, fragment }),
        None => Reference::NoFragment(path, fragment),
    }
}

/// Where a destination leads, its fragment not looked at.
pub(super) enum Place {
    Page(String, String),
    Asset(String),
    Outside,
    Missing(String),
}

/// Finds the file for a destination among `pages` and `assets` (which ascend).
pub(super) fn locate<P>(
    pages: &BTreeMap<String, P>,
    assets: &[String],
    from: &str,
    destination: &str,
) -> Place {
    if is_outside(destination) {
        return Place::Outside;
    }
    let (address, fragment) = destination.split_once('#').unwrap_or((destination, ""));
    let fragment = decode(fragment).into_owned();
    let address = address.split('?').next().unwrap_or_default();
    if address.is_empty() {
        return if destination.is_empty() {
            Place::Missing(String::new())
        } else {
            Place::Page(from.to_owned(), fragment)
        };
    }
    let decoded = decode(address);
    let Some(path) = join(from, &decoded) else { return Place::Missing(decoded.into_owned()) };
    if let Some(page) =
        page_names(&path, decoded.ends_with('/')).find(|name| pages.contains_key(name))
    {
        return Place::Page(page, fragment);
    }
    match assets.binary_search(&path) {
        Ok(_) => Place::Asset(path),
        Err(_) => Place::Missing(path),
    }
}

/// The paths of pages that a path can mean, the likeliest first.
fn page_names(path: &str, folder: bool) -> impl Iterator<Item = String> {
    let inside = |folder: &str| {
        let slash = if folder.is_empty() { "" } else { "/" };
        [format!("{folder}{slash}index.md"), format!("{folder}{slash}README.md")]
    };
    let mut names = Vec::new();
    if !folder {
        names.push(path.to_owned());
        match path.strip_suffix(".html") {
            Some(bare) => names.push(format!("{bare}.md")),
            None => names.push(format!("{path}.md")),
        }
        if path == "index.html" || path.ends_with("/index.html") {
            names.push(format!("{}README.md", path.trim_end_matches("index.html")));
        }
    }
    names.extend(inside(path));
    names.into_iter()
}

/// True for `scheme:rest` and `//host`.
fn is_outside(destination: &str) -> bool {
    let scheme = destination.split_once(':').map_or("", |(scheme, _)| scheme);
    let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-');
    let begins = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    destination.starts_with("//") || (begins && scheme.chars().all(valid))
}

/// The path of `address` seen from the page at `from`; `None` where it leaves the book.
fn join(from: &str, address: &str) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let base = if address.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(address.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Decodes `%41`; the text as it is where the result is not UTF-8.
fn decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

/// The relative link from the page at `from` to the file at `to`, its special characters escaped.
pub fn relative(from: &str, to: &str) -> String {
    let (from_folder, _) = from.rsplit_once('/').unwrap_or_default();
    let base: Vec<&str> = from_folder.split('/').filter(|part| !part.is_empty()).collect();
    let parts: Vec<&str> = to.split('/').collect();
    let folders = parts.len().saturating_sub(1);
    let same = base.iter().zip(parts.iter().take(folders)).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", base.len() - same);
    let path: Vec<&str> = up.chain(parts.iter().skip(same).copied()).collect();
    let escaped = path.join("/").replace('%', "%25").replace(' ', "%20");
    escaped.replace('(', "%28").replace(')', "%29").replace('#', "%23").replace('?', "%3F")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(from: &str, destination: &str) -> String {
        let pages = ["a b.md", "commands/README.md", "commands/chg.md", "index.md", "x.y.md"];
        let pages: BTreeMap<String, &str> = pages.into_iter().map(|p| (p.to_owned(), p)).collect();
        let assets = ["chg.png".to_owned(), "files/é.txt".to_owned()];
        match locate(&pages, &assets, from, destination) {
            Place::Page(path, fragment) if fragment.is_empty() => path,
            Place::Page(path, fragment) => format!("{path}#{fragment}"),
            Place::Asset(path) => format!("asset {path}"),
            Place::Outside => "outside".to_owned(),
            Place::Missing(path) => format!("no {path}"),
        }
    }

    #[test]
    fn a_page_has_many_names() {
        for name in
            ["chg.md", "chg.html", "chg", "./chg.md", "/commands/chg.md", "../commands//chg.md?x"]
        {
            assert_eq!(place("commands/syn.md", name), "commands/chg.md", "{name}");
        }
        for name in ["commands", "commands/", "commands/index.html", "commands/README.html"] {
            assert_eq!(place("index.md", name), "commands/README.md", "{name}");
        }
        for name in ["/", "./", "index.html", "../"] {
            let from = if name == "../" { "commands/chg.md" } else { "a b.md" };
            assert_eq!(place(from, name), "index.md", "{name}");
        }
        assert_eq!(place("index.md", "x.y.md"), "x.y.md");
        assert_eq!(place("index.md", "x.y"), "x.y.md");
        assert_eq!(place("index.md", "a%20b.md#c%C3%A9"), "a b.md#cé");
        assert_eq!(place("commands/chg.md", "#a"), "commands/chg.md#a");
    }

    #[test]
    fn other_files_and_places_outside() {
        assert_eq!(place("commands/chg.md", "../chg.png"), "asset chg.png");
        assert_eq!(place("index.md", "files/%c3%a9.txt"), "asset files/é.txt");
        for outside in ["https://a.b/c", "mailto:a@b", "//host/x", "msnim:chat"] {
            assert_eq!(place("index.md", outside), "outside");
        }
    }

    #[test]
    fn what_is_not_there_is_missing() {
        assert_eq!(place("index.md", "commands/CHG.md"), "no commands/CHG.md");
        assert_eq!(place("index.md", "../index.md"), "no ../index.md");
        assert_eq!(place("index.md", "%zz%"), "no %zz%");
        assert_eq!(place("index.md", ""), "no ");
        assert_eq!(place("index.md", "files/"), "no files");
        assert_eq!(place("index.md", "commands/chg.md/"), "no commands/chg.md");
    }

    #[test]
    fn relative_links_lead_back() {
        for (from, to) in [
            ("index.md", "commands/chg.md"),
            ("commands/chg.md", "index.md"),
            ("commands/syn.md", "commands/chg.md"),
            ("a/b/c.md", "commands/chg.md"),
            ("commands/chg.md", "a b.md"),
        ] {
            assert_eq!(place(from, &relative(from, to)), to, "{from}");
        }
        assert_eq!(relative("a/b.md", "a/c d.md"), "c%20d.md");
        assert_eq!(relative("versions/a.md", "commands/chg.md"), "../commands/chg.md");
    }
}
