//! `wirebook serve` as a browser sees it: pages, changes, events, and no error while a book is built again.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long anything may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server of the book in a folder; it ends with the test.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wirebook"))
            .args(["serve", "--port", "0"])
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let ready = lines.find_map(|line| {
            let line = line.unwrap();
            let rest = line.strip_prefix("serving at http://")?;
            Some(rest.split('/').next().unwrap().to_owned())
        });
        // The pipe must be read on, or the server would wait for it some day.
        thread::spawn(move || lines.for_each(drop));
        Self { child, address: ready.unwrap() }
    }

    /// Sends a request; gives the connection behind the head of the answer, the status and the headers.
    fn ask(&self, path: &str, host: &str) -> (u16, String, BufReader<TcpStream>) {
        ask(&self.address, path, host)
    }

    fn get(&self, path: &str) -> (u16, String) {
        get(&self.address, path)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ask(address: &str, path: &str, host: &str) -> (u16, String, BufReader<TcpStream>) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(stream.read_line(&mut head).unwrap() > 0, "the head of the answer is cut: {head}");
    }
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head, stream)
}

fn get(address: &str, path: &str) -> (u16, String) {
    let (status, _, mut body) = ask(address, path, address);
    let mut text = String::new();
    body.read_to_string(&mut text).unwrap();
    (status, text)
}

/// Reads events until one is called `name`; gives its data.
fn event(stream: &mut BufReader<TcpStream>, name: &str) -> String {
    let mut line = String::new();
    loop {
        line.clear();
        assert!(stream.read_line(&mut line).unwrap() > 0, "the events ended before `{name}`");
        if line.trim_end() == format!("event: {name}") {
            line.clear();
            stream.read_line(&mut line).unwrap();
            return line.trim_end().strip_prefix("data: ").unwrap().to_owned();
        }
    }
}

/// The address of the events, as the script in a page asks for them.
fn events_path(page: &str) -> String {
    let at = page.split("reload.js?at=").nth(1).unwrap().split('"').next().unwrap();
    format!("/__wirebook/events?at={at}&page=/")
}

fn book() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("commands")).unwrap();
    fs::write(folder.path().join("index.md"), "# MSNP\n\nSee [CHG](commands/chg.md). Old words.\n")
        .unwrap();
    fs::write(folder.path().join("commands/chg.md"), "# CHG\n\nSets the own presence.\n").unwrap();
    folder
}

#[test]
fn a_changed_page_is_told_and_shown_and_nothing_fails_meanwhile() {
    let folder = book();
    let served = Served::start(folder.path());
    let (status, page) = served.get("/");
    assert_eq!(status, 200);
    assert!(page.contains("Old words."), "{page}");
    let (_, head, mut events) = served.ask(&events_path(&page), &served.address);
    assert!(head.contains("text/event-stream"), "{head}");

    // Somebody reads all the time.
    let over = Arc::new(AtomicBool::new(false));
    let failures = Arc::new(AtomicUsize::new(0));
    let reader = {
        let (over, failures, address) =
            (Arc::clone(&over), Arc::clone(&failures), served.address.clone());
        thread::spawn(move || {
            let mut answers = 0;
            while !over.load(Ordering::Relaxed) {
                for path in ["/index.html", "/commands/chg.html"] {
                    let (status, page) = get(&address, path);
                    answers += 1;
                    let whole = status == 200 && page.contains("</html>");
                    failures.fetch_add(usize::from(!whole), Ordering::Relaxed);
                }
            }
            answers
        })
    };
    let start = Instant::now();
    for round in 0..5 {
        let words = format!("# MSNP\n\nSee [CHG](commands/chg.md). New words {round}.\n");
        fs::write(folder.path().join("index.md"), words).unwrap();
        // The list of changed files comes when the new page can be had already.
        let wanted = format!("New words {round}.");
        loop {
            let changed = event(&mut events, "reload");
            let named = changed.contains("\"index.html\"");
            if named && served.get("/").1.contains(&wanted) {
                break;
            }
            assert!(start.elapsed() < PATIENCE, "`{wanted}` never came");
        }
    }
    over.store(true, Ordering::Relaxed);
    assert!(reader.join().unwrap() > 10);
    assert_eq!(failures.load(Ordering::Relaxed), 0, "answers that were no whole page");
}

#[test]
fn a_book_that_cannot_be_read_keeps_its_last_site_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("book.toml"), "[book]\nsrc = \"wiki\"\n").unwrap();
    fs::create_dir(folder.path().join("wiki")).unwrap();
    fs::write(folder.path().join("wiki/index.md"), "# MSNP\n\nWords.\n").unwrap();
    let served = Served::start(folder.path());
    let (_, page) = served.get("/");
    let (.., mut events) = served.ask(&events_path(&page), &served.address);
    fs::rename(folder.path().join("wiki"), folder.path().join("moved")).unwrap();
    let why = event(&mut events, "failure");
    assert!(why.contains("does not exist"), "{why}");
    assert!(served.get("/").1.contains("Words."));
    fs::rename(folder.path().join("moved"), folder.path().join("wiki")).unwrap();
    event(&mut events, "reload");
    // The folder is watched again.
    fs::write(folder.path().join("wiki/index.md"), "# MSNP\n\nOther words.\n").unwrap();
    event(&mut events, "reload");
    assert!(served.get("/").1.contains("Other words."));
    // The whole book can go and come back.
    let (here, there) = (folder.path().to_owned(), folder.path().with_extension("away"));
    fs::rename(&here, &there).unwrap();
    event(&mut events, "failure");
    fs::rename(&there, &here).unwrap();
    event(&mut events, "reload");
    // As when another branch is checked out: the folder is another one of the same name.
    fs::remove_dir_all(folder.path().join("wiki")).unwrap();
    fs::create_dir(folder.path().join("wiki")).unwrap();
    for words in ["Third words.", "Fourth words."] {
        fs::write(folder.path().join("wiki/index.md"), format!("# MSNP\n\n{words}\n")).unwrap();
        while !served.get("/").1.contains(words) {
            event(&mut events, "reload");
        }
    }
}

#[test]
fn a_page_that_missed_a_change_is_told_at_once() {
    let folder = book();
    let served = Served::start(folder.path());
    let (.., mut events) = served.ask("/__wirebook/events?at=1.older", &served.address);
    assert_eq!(event(&mut events, "reload"), "null");
}

#[test]
fn other_names_and_paths_outside_are_refused() {
    let folder = book();
    fs::write(folder.path().join(".secret"), "hidden").unwrap();
    let served = Served::start(folder.path());
    let port = served.address.split(':').nth(1).unwrap();
    let status = |path: &str, host: &str| served.ask(path, host).0;
    assert_eq!(status("/", &format!("localhost:{port}")), 200);
    assert_eq!(status("/", &format!("evil.example:{port}")), 403);
    assert_eq!(status("/__wirebook/events", "evil.example"), 403);
    for path in ["/../index.md", "/.secret", "/%2e%2e/%2e%2e/etc/passwd", "/__wirebook/x"] {
        assert_eq!(status(path, &served.address), 404, "{path}");
    }
    let (_, head, _) = served.ask("/", &served.address);
    assert!(head.contains("Cache-Control: no-store"), "{head}");
    assert!(head.contains("Content-Type: text/html; charset=utf-8"), "{head}");
}
