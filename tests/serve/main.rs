//! `wirebook serve` as a browser sees it: pages, changes, events, and no error while a book is built again.
#![expect(clippy::unwrap_used, reason = "tests")]

mod hostile;
mod served;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use served::{PATIENCE, Served, book, event, get};

#[test]
fn a_changed_page_is_told_and_shown_and_nothing_fails_meanwhile() {
    let folder = book();
    let served = Served::start(folder.path());
    let (status, page) = served.get("/");
    assert_eq!(status, 200);
    assert!(page.contains("Old words."), "{page}");
    let mut events = served.listen("/");

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
    let mut events = served.listen("/");
    fs::rename(folder.path().join("wiki"), folder.path().join("moved")).unwrap();
    let why = event(&mut events, "failure");
    assert!(why.contains("does not exist"), "{why}");
    assert!(served.get("/").1.contains("Words."));
    fs::rename(folder.path().join("moved"), folder.path().join("wiki")).unwrap();
    event(&mut events, "reload");
    // The folder is watched again.
    fs::write(folder.path().join("wiki/index.md"), "# MSNP\n\nOther words.\n").unwrap();
    while !served.get("/").1.contains("Other words.") {
        event(&mut events, "reload");
    }
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

/// A way an editor saves a text in a file.
type Save = fn(&Path, &str);

/// Ways that leave the file gone, empty or half written for a moment. The pauses are longer than a busy machine takes to
/// read a small book, and shorter than the server's patience.
const SAVES: [(&str, Save); 8] = [
    ("written in place", |path, text| fs::write(path, text).unwrap()),
    ("cut, then written", |path, text| {
        use std::io::Write as _;
        let mut file = fs::File::create(path).unwrap();
        thread::sleep(Duration::from_millis(8));
        file.write_all(text.as_bytes()).unwrap();
    }),
    ("cut and closed, then written", |path, text| {
        drop(fs::File::create(path).unwrap());
        thread::sleep(Duration::from_millis(8));
        fs::write(path, text).unwrap();
    }),
    ("written in two halves", |path, text| {
        use std::io::Write as _;
        let mut file = fs::File::create(path).unwrap();
        let (one, other) = text.split_at(text.len() / 2);
        file.write_all(one.as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(8));
        file.write_all(other.as_bytes()).unwrap();
    }),
    ("renamed over", |path, text| {
        let other = path.with_extension("md~");
        fs::write(&other, text).unwrap();
        fs::rename(&other, path).unwrap();
    }),
    ("renamed away, then written anew, as Vim does", |path, text| {
        let backup = path.with_extension("md~");
        let probe = path.with_file_name("4913");
        fs::write(&probe, "").unwrap();
        fs::remove_file(&probe).unwrap();
        fs::rename(path, &backup).unwrap();
        thread::sleep(Duration::from_millis(8));
        fs::write(path, text).unwrap();
        fs::remove_file(&backup).unwrap();
    }),
    ("removed, then written anew", |path, text| {
        fs::remove_file(path).unwrap();
        thread::sleep(Duration::from_millis(8));
        fs::write(path, text).unwrap();
    }),
    ("written, then touched", |path, text| {
        fs::write(path, text).unwrap();
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(std::time::SystemTime::now()).unwrap();
    }),
];

#[test]
fn each_way_to_save_is_one_change_and_nothing_half_is_shown() {
    for options in [&["--port", "0"][..], &["--port", "0", "--poll=20"]] {
        let folder = book();
        let page = folder.path().join("commands/chg.md");
        let served = Served::start_with(folder.path(), options);
        let mut events = served.listen("/commands/chg.html");
        for (round, (name, save)) in SAVES.iter().enumerate() {
            save(&page, &format!("# CHG\n\nSets the own presence, {name}.\n"));
            while !event(&mut events, "reload").contains("\"commands/chg.html\"") {}
            let (status, text) = served.get("/commands/chg.html");
            assert!(
                status == 200 && text.contains(&format!("presence, {name}.")),
                "{name}: {text}"
            );
            // Another file says when all that came of the save is told.
            fs::write(folder.path().join("commands/other.png"), format!("{round}")).unwrap();
            loop {
                let rest = event(&mut events, "reload");
                assert!(!rest.contains("chg.html"), "{name}: {rest}");
                if rest.contains("other.png") {
                    break;
                }
            }
        }
    }
}

#[test]
fn a_save_that_changes_nothing_tells_nothing() {
    let folder = book();
    let served = Served::start(folder.path());
    let mut events = served.listen("/");
    let page = folder.path().join("index.md");
    fs::write(&page, fs::read(&page).unwrap()).unwrap();
    assert_eq!(event(&mut events, "reload"), "[]");
}

#[test]
fn a_page_that_is_removed_or_emptied_for_good_is_believed() {
    let folder = book();
    let served = Served::start(folder.path());
    let (mut front, mut events) = (served.listen("/"), served.listen("/commands/chg.html"));
    fs::write(folder.path().join("index.md"), "").unwrap();
    while !event(&mut front, "reload").contains("\"index.html\"") {}
    assert!(!served.get("/").1.contains("Old words."));
    fs::remove_file(folder.path().join("commands/chg.md")).unwrap();
    while served.get("/commands/chg.html").0 != 404 {
        event(&mut events, "reload");
    }
}

#[test]
fn errors_of_a_page_can_be_had_and_their_coming_and_going_is_told() {
    let folder = book();
    let served = Served::start(folder.path());
    let mut events = served.listen("/");
    let page = folder.path().join("commands/chg.md");
    assert_eq!(served.get("/__wirebook/errors/commands/chg.html"), (200, String::new()));
    fs::write(&page, "# CHG\n\n[gone](gone.md)\n").unwrap();
    assert_eq!(event(&mut events, "errors"), "[\"commands/chg.html\"]");
    for path in ["/commands/chg.html", "/commands/chg"] {
        let (_, text) = served.get(&format!("/__wirebook/errors{path}"));
        assert!(text.contains(" --> commands/chg.md:3:") && !text.contains('\u{1b}'), "{text}");
    }
    assert_eq!(served.get("/__wirebook/errors/").1, "");
    fs::write(&page, "# CHG\n").unwrap();
    assert_eq!(event(&mut events, "errors"), "[\"commands/chg.html\"]");
    assert_eq!(served.get("/__wirebook/errors/commands/chg.html").1, "");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_at_once_also_while_browsers_listen() {
    use std::os::unix::process::ExitStatusExt as _;

    let folder = book();
    let mut served = Served::start(folder.path());
    let _events = served.listen("/");
    let id = served.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(served.child.wait().unwrap().signal(), Some(2));
}

#[test]
fn a_port_in_use_is_named_and_another_is_taken_only_where_none_was_asked_for() {
    let folder = book();
    let first = Served::start(folder.path());
    let port = first.address.split(':').nth(1).unwrap();
    let mut serve = Command::new(env!("CARGO_BIN_EXE_wirebook"));
    let output = serve.args(["serve", "-p", port]).arg(folder.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(&format!("port {port} of `127.0.0.1` is in use")), "{said}");
    assert!(said.contains("help: port ") && said.contains("add `--port "), "{said}");
    // Where the usual port is taken, by this test or another program, serving begins all the same.
    let usual = std::net::TcpListener::bind("127.0.0.1:3000");
    let other = Served::start_with(folder.path(), &[]);
    assert!(other.address.starts_with("127.0.0.1:3") && !other.address.ends_with(":3000"));
    drop(usual);
}
