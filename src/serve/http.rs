//! Answers requests from the site in memory.
//!
//! A path is looked up in an ordered map, never on disk, so there is nothing to escape from. Requests for a host name that
//! is not this machine's are refused: a web site whose name suddenly leads to 127.0.0.1 could otherwise read the book.

use std::net::IpAddr;
use std::sync::Arc;
use std::thread;

use percent_encoding::percent_decode_str;
use tiny_http::Method;

use super::Listener;
use super::connection::{Answer, Request, accept};
use super::events::{Event, stream};
use super::site::{Current, Stamp};
use crate::site::Site;

/// Where wirebook's own resources lie; no page of a book is below it.
const OWN: &str = "/__wirebook/";

/// The page of a site for paths that lead nowhere.
const NOT_FOUND: &str = "404.html";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

const RELOAD_SCRIPT: &str = include_str!("reload.js");
const RELOAD_STYLE: &str = include_str!("reload.css");

/// Starts to answer, on threads of its own. An error is the system's, in words.
pub(super) fn start(listener: Listener, current: &Arc<Current>) -> Result<(), String> {
    let current = Arc::clone(current);
    let Listener { socket, host, .. } = listener;
    let answer = move |request: &Request| answer(request, &current, &host);
    let run = move || accept(&socket, answer);
    thread::Builder::new().spawn(run).map_err(|error| error.to_string())?;
    Ok(())
}

fn answer(request: &Request, current: &Arc<Current>, host: &str) -> Answer {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let reply = if !is_ours(request.header("Host"), host) {
        Reply::text(403, "This server answers to its own name only.\n")
    } else if !matches!(request.method, Method::Get | Method::Head) {
        Reply::text(405, "This server only shows pages.\n")
    } else if let Some(own) = path.strip_prefix(OWN) {
        match own {
            "events" => return listen(request, current, query),
            "reload.js" => Reply::new(200, SCRIPT, RELOAD_SCRIPT),
            "reload.css" => Reply::new(200, "text/css; charset=utf-8", RELOAD_STYLE),
            _ => match own.strip_prefix("errors") {
                Some(page) => errors(current, page),
                None => Reply::text(404, "There is no such resource.\n"),
            },
        }
    } else {
        let (site, stamp) = current.get();
        page(&site, &stamp, path)
    };
    Answer::Reply(reply)
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// The content's type.
    pub(super) kind: &'static str,
    pub(super) body: Vec<u8>,
    pub(super) location: Option<String>,
}

impl Reply {
    fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, kind, body: body.into(), location: None }
    }

    /// A file of the site.
    fn file(status: u16, path: &str, bytes: &[u8], stamp: &Stamp) -> Self {
        let kind = content_type(path);
        let body = if kind == HTML { with_script(bytes, stamp) } else { bytes.to_vec() };
        Self::new(status, kind, body)
    }

    pub(super) fn text(status: u16, body: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", body)
    }
}

/// What the site holds at `path`, which is still percent-encoded.
fn page(site: &Site, stamp: &Stamp, path: &str) -> Reply {
    let Some(file) = file_at(site, path) else {
        return Reply::text(400, "This is not a path.\n");
    };
    if let Some(bytes) = site.get(&file) {
        return Reply::file(200, &file, &bytes, stamp);
    }
    if site.contains(&format!("{file}/index.html")) {
        // Not `path`, which may begin with two slashes and then names another host.
        let location = Some(format!("/{}/", path.trim_start_matches('/')));
        return Reply { location, ..Reply::text(307, "The page is in a folder.\n") };
    }
    match site.get(NOT_FOUND) {
        Some(bytes) => Reply::file(404, NOT_FOUND, &bytes, stamp),
        None => Reply::text(404, "There is no such page.\n"),
    }
}

/// The file of the site at a path, which is still percent-encoded; `None` where it is no text.
fn file_at(site: &Site, path: &str) -> Option<String> {
    let name = percent_decode_str(path).decode_utf8().ok()?;
    let name = name.trim_start_matches('/');
    let file = if name.is_empty() || name.ends_with('/') {
        format!("{name}index.html")
    } else {
        name.to_owned()
    };
    // Servers of static pages find `chg` in `chg.html`; so does this one.
    let page = format!("{name}.html");
    Some(if !site.contains(&file) && site.contains(&page) { page } else { file })
}

/// The errors found on a page, as in a terminal; empty for none.
fn errors(current: &Current, path: &str) -> Reply {
    let (site, _) = current.get();
    let file = file_at(&site, path).unwrap_or_default();
    Reply::text(200, &current.clients.errors().of(&file))
}

/// A page with the reload script in its head, where it comes before those that change the page.
fn with_script(page: &[u8], stamp: &Stamp) -> Vec<u8> {
    let script = format!("<script src=\"{OWN}reload.js?at={}\" defer></script>", stamp.0);
    let begin = b"<head>";
    let at = page.windows(begin.len()).position(|window| window == begin);
    let (before, after) = page.split_at(at.map_or(page.len(), |at| at + begin.len()));
    [before, script.as_bytes(), after].concat()
}

/// Lets a browser listen for changes.
fn listen(request: &Request, current: &Arc<Current>, query: &str) -> Answer {
    // A browser that connects again says what it heard last; a new one, which site its page came from.
    let last = request.header("Last-Event-ID").map(str::to_owned);
    let value =
        |name: &str| query.split('&').find_map(|part| part.strip_prefix(name)).map(str::to_owned);
    let seen = last.or_else(|| value("at="));
    let (site, stamp) = current.get();
    let page = value("page=").and_then(|path| file_at(&site, &path)).unwrap_or_default();
    let Some(events) = current.clients.join(page) else {
        return Answer::Reply(Reply::text(503, "Too many pages listen already.\n"));
    };
    let missed = seen.filter(|seen| *seen != stamp.0).map(|_| Event::Outdated(stamp));
    Answer::Stream(Box::new(move |socket| stream(socket, &events, missed.as_ref())))
}

/// True if a `Host` header names this machine: `localhost`, the name listened on, or an address in numbers, which nobody
/// else can make lead here. Any port will do, for a tunnel may lead from another.
fn is_ours(host: Option<&str>, listening: &str) -> bool {
    let Some(host) = host else { return false };
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return false;
    }
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    bare.unwrap_or(name).parse::<IpAddr>().is_ok()
        || name.eq_ignore_ascii_case("localhost")
        || name.eq_ignore_ascii_case(listening)
}

fn content_type(file: &str) -> &'static str {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "html" => HTML,
        "css" => "text/css; charset=utf-8",
        "js" => SCRIPT,
        "json" => "application/json",
        "md" | "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        let files = ["index.html", "a/index.html", "a/b c.html", "404.html", "x.css"];
        let page = |path: &str| (path.to_owned(), format!("<head></head>{path}").into_bytes());
        Site::of(files.into_iter().map(page))
    }

    fn got(path: &str) -> (u16, String) {
        let reply = page(&site(), &Stamp("1.0".to_owned()), path);
        (reply.status, reply.location.unwrap_or(String::from_utf8(reply.body).unwrap()))
    }

    #[test]
    fn paths_lead_to_files_of_the_site_and_nowhere_else() {
        let script = "<head><script src=\"/__wirebook/reload.js?at=1.0\" defer></script>";
        assert_eq!(got("/"), (200, format!("{script}</head>index.html")));
        assert_eq!(got("/a/"), (200, format!("{script}</head>a/index.html")));
        assert_eq!(got("/a"), (307, "/a/".to_owned()));
        assert_eq!(got("//a"), (307, "/a/".to_owned()));
        assert_eq!(got("/a/b%20c.html"), (200, format!("{script}</head>a/b c.html")));
        assert_eq!(got("/a/b%20c"), (200, format!("{script}</head>a/b c.html")));
        assert_eq!(got("/x.css"), (200, "<head></head>x.css".to_owned()));
        for path in [
            "/../Cargo.toml",
            "/%2e%2e/%2e%2e/etc/passwd",
            "//etc/passwd",
            "/a/../index.html",
            "/a\\b",
        ] {
            assert_eq!(got(path), (404, format!("{script}</head>404.html")), "{path}");
        }
        assert_eq!(got("/%ff").0, 400);
        assert_eq!(got("/%2").0, 404);
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        let ours =
            ["localhost", "localhost:3000", "127.0.0.1:80", "[::1]:3000", "[::1]", "wiki.lan:9"];
        for host in ours {
            assert!(is_ours(Some(host), "wiki.lan"), "{host}");
        }
        let others = [
            "evil.example",
            "evil.example:3000",
            "localhost.evil.example",
            "localhost:x",
            "",
            "[::1",
        ];
        for host in others {
            assert!(!is_ours(Some(host), "wiki.lan"), "{host}");
        }
        assert!(!is_ours(None, "wiki.lan"));
    }
}
