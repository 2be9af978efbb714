//! Paths in the site as relative links, so that a site works from any folder and from disk.

use std::fmt::Write;

/// The link from the page at `from` to the file at `to`, both paths in the site. A page that is shown at any address has
/// the site's place on its host in front of its path, as in `/wiki/404.html`; its links begin with that.
pub(super) fn relative(from: &str, to: &str) -> String {
    let from_folders: Vec<&str> = if from.starts_with('/') { Vec::new() } else { folders(from) };
    let to_folders: Vec<&str> = folders(to);
    let common = from_folders.iter().zip(&to_folders).take_while(|(a, b)| a == b).count();
    let mut link = if from.starts_with('/') { root(from) } else { String::new() };
    link.push_str(&"../".repeat(from_folders.len() - common));
    for folder in to_folders.iter().skip(common) {
        link.push_str(&encode(folder));
        link.push('/');
    }
    link.push_str(&encode(to.rsplit('/').next().unwrap_or(to)));
    link
}

/// The way from the page at `from` up to the site's root: empty, or `../` once or more, or a path that begins with `/`.
pub(super) fn root(from: &str) -> String {
    let folders = folders(from);
    if from.starts_with('/') { folders.join("/") + "/" } else { "../".repeat(folders.len()) }
}

/// The same link with `#fragment`; an empty fragment adds nothing.
pub(super) fn with_fragment(mut link: String, fragment: &str) -> String {
    if !fragment.is_empty() {
        link.push('#');
        link.push_str(&encode(fragment));
    }
    link
}

fn folders(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    parts
}

/// Percent-encodes everything that has a meaning in a URL or is not ASCII.
fn encode(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$'()*+,;=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// True if a link with this destination may be followed: no scripts, no local files, no data.
pub(super) fn is_harmless(destination: &str) -> bool {
    const SCHEMES: [&str; 9] =
        ["http", "https", "mailto", "ftp", "news", "irc", "ircs", "xmpp", "tel"];
    if destination.starts_with("//") {
        return true;
    }
    let Some((scheme, _)) = destination.split_once(':') else { return true };
    SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative_to_the_page() {
        assert_eq!(relative("index.html", "commands/chg.html"), "commands/chg.html");
        assert_eq!(relative("commands/chg.html", "index.html"), "../index.html");
        assert_eq!(relative("commands/chg.html", "commands/usr.html"), "usr.html");
        assert_eq!(relative("a/b/c.html", "a/d/e f.html"), "../d/e%20f.html");
        assert_eq!(root("a/b/c.html"), "../../");
        assert_eq!(root("/wiki/404.html"), "/wiki/");
        assert_eq!(relative("/404.html", "a/b.html"), "/a/b.html");
        assert_eq!(relative("/wiki/404.html", "wiki/b.html"), "/wiki/wiki/b.html");
        assert_eq!(with_fragment("x.html".into(), "é"), "x.html#%C3%A9");
        assert_eq!(relative("index.html", "a:b#c.html"), "a%3Ab%23c.html");
    }

    #[test]
    fn scripts_are_no_links() {
        assert!(is_harmless("https://example.com/"));
        assert!(is_harmless("//example.com/"));
        assert!(!is_harmless("JavaScript:alert(1)"));
        assert!(!is_harmless("data:text/html,x"));
        assert!(!is_harmless("java\nscript:x"));
    }
}
