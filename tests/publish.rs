//! What surrounds the pages of a site: lost addresses, a theme to start from, the print edition, history and feed.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use tempfile::TempDir;
use wirebook::config::Config;
use wirebook::pipeline::{Memo, run};
use wirebook::site::Site;
use wirebook::text::{Change, History, Sources};

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        put(folder.path(), path, text);
    }
    folder
}

fn put(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn wirebook(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirebook"));
    command.current_dir(folder).args(arguments).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_lost_address_is_found_until_it_leads_on() {
    let folder = folder(&[
        ("book.toml", ""),
        ("src/index.md", "# A wiki\n\nSee [a](a.md) and [b](b.md).\n"),
        ("src/a.md", "# A\n\na\n\n## Old name\n\nx\n"),
        ("src/b.md", "# B\n\nb\n"),
    ]);
    let at = folder.path();
    let build = || {
        let output = wirebook(at, &["build", "--report", "concise", "--fail-on", "warning"]);
        let lines: Vec<String> = out(&output).lines().map(str::to_owned).collect();
        (output.status.code().unwrap(), lines.join("\n"))
    };
    assert_eq!(build().0, 0);
    put(at, "src/a.md", "# A\n\na\n\n## New name\n\nx\n");
    put(at, "src/index.md", "# A wiki\n\nSee [a](a.md) and [c](c.md).\n");
    fs::rename(at.join("src/b.md"), at.join("src/c.md")).unwrap();
    for _ in 0..2 {
        let (code, said) = build();
        assert_eq!(code, 1, "{said}");
        assert!(
            said.contains("src/a.md:1:1: warning[lost-address] `a.html#old-name` was"),
            "{said}"
        );
        assert!(said.contains("book.toml:1:1: warning[lost-address] `b.html` was"), "{said}");
    }
    let checked = wirebook(at, &["check", "--fail-on", "warning"]);
    assert_eq!(checked.status.code(), Some(0), "a check knows nothing of a site");
    let redirects =
        "[output.html.redirect]\n\"/b.html\" = \"c.html\"\n\"/a.html#old-name\" = \"#new-name\"\n";
    put(at, "book.toml", redirects);
    let (code, said) = build();
    assert_eq!(code, 0, "{said}");
    assert!(!fs::read_to_string(at.join("book/.wirebook")).unwrap().contains("# lost"));
}

#[test]
fn an_untouched_copy_of_the_default_theme_makes_the_same_site() {
    let folder = folder(&[("book.toml", ""), ("src/index.md", "# A wiki\n\nWords.\n")]);
    let at = folder.path();
    assert!(wirebook(at, &["build", "-d", "one"]).status.success());
    let made = wirebook(at, &["theme", "theme"]);
    let said = String::from_utf8(made.stderr).unwrap();
    assert!(said.contains("theme = \"theme\""), "{said}");
    assert!(at.join("theme/site.css").exists() && at.join("theme/page.html").exists());
    assert!(wirebook(at, &["build", "-d", "two"]).status.success());
    let read = |site: &str| {
        let files = walkdir::WalkDir::new(at.join(site)).sort_by_file_name().into_iter();
        let files = files.map(Result::unwrap).filter(|entry| entry.file_type().is_file());
        files
            .map(|entry| {
                let name = entry.path().strip_prefix(at.join(site)).unwrap().to_owned();
                (name, fs::read(entry.path()).unwrap())
            })
            .collect::<Vec<_>>()
    };
    assert!(read("one") == read("two"));
    fs::write(at.join("theme/site.css"), "mine").unwrap();
    assert_eq!(wirebook(at, &["theme", "theme"]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(at.join("theme/site.css")).unwrap(), "mine");
}

fn made(config: &Config, history: History) -> Site {
    let pages = [
        ("index.md", "# A wiki\n\nSee [a](sub/a.md#more).\n"),
        ("sub/a.md", "# A\n\nBack [home](../index.md).\n\n## More\n\n![p](p.png)\n"),
    ];
    let mut sources = Sources::from_pages(pages);
    sources.assets.insert("sub/p.png".to_owned(), Arc::from(&b"x"[..]));
    sources.history = Arc::new(history);
    run(config, &sources, Vec::new(), &mut Memo::default()).site
}

fn page(site: &Site, path: &str) -> String {
    String::from_utf8(site.get(path).unwrap().to_vec()).unwrap()
}

#[test]
fn the_print_edition_holds_all_pages_with_links_among_them() {
    assert!(!made(&Config::default(), History::default()).contains("print.html"));
    let site = made(&Config { print: true, ..Config::default() }, History::default());
    let text = page(&site, "print.html");
    for wanted in [
        "<a href=\"#page.1.more\">a</a>",
        "<a href=\"#page.0\">home</a>",
        "<h3 id=\"page.1.more\"><a href=\"#page.1.more\">More</a></h3>",
        "src=\"sub/p.png\"",
        "class=\"print sheets\"",
    ] {
        assert!(text.contains(wanted), "no {wanted} in {text}");
    }
    assert_eq!(text.matches("<h1").count(), 1);
    assert!(page(&site, "sub/a.html").contains("href=\"../print.html\""));
}

#[test]
fn pages_and_the_feed_tell_who_changed_them() {
    let change = |id: &str, day: &str, pages: &[&str]| Change {
        id: id.to_owned(),
        date: format!("2026-11-{day}T10:00:00Z"),
        author: "A & B".to_owned(),
        subject: "Says <more>".to_owned(),
        pages: pages.iter().map(|&path| path.to_owned()).collect(),
    };
    let history = || {
        History::new(vec![
            change("c", "24", &["gone.md"]),
            change("b", "23", &["sub/a.md"]),
            change("a", "22", &["index.md", "sub/a.md"]),
        ])
    };
    let config = Config { site_url: "https://wiki.example.com/x/".to_owned(), ..Config::default() };
    let site = made(&config, history());
    let text = page(&site, "sub/a.html");
    for wanted in [
        "Last changed <time datetime=\"2026-11-23T10:00:00Z\">2026-11-23</time> by A &amp; B.",
        "<meta property=\"article:modified_time\" content=\"2026-11-23T10:00:00Z\">",
        "<meta property=\"og:url\" content=\"https://wiki.example.com/x/sub/a.html\">",
        "href=\"../feed.xml\"",
        "<a href=\"a.md\">View its source</a>",
    ] {
        assert!(text.contains(wanted), "no {wanted} in {text}");
    }
    let feed = page(&site, "feed.xml");
    assert_eq!(feed.matches("<entry>").count(), 2, "{feed}");
    assert!(feed.contains("<title>Says &lt;more&gt;</title>"), "{feed}");
    assert!(feed.contains("<id>https://wiki.example.com/x/feed.xml#b</id>"), "{feed}");
    let nowhere = made(&Config::default(), history());
    assert!(!nowhere.contains("feed.xml"));
    assert!(!page(&nowhere, "sub/a.html").contains("og:"));
    assert!(!page(&made(&config, History::default()), "sub/a.html").contains("Last changed"));
}
