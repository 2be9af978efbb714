//! `wirebook serve` against clients that mean ill, are slow, go away, or are many; and for a long time.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use crate::served::{PATIENCE, Served, book, event};

#[test]
fn it_listens_on_loopback_and_answers_to_its_own_name_only() {
    let folder = book();
    let served = Served::start(folder.path());
    let (ip, port) = served.address.split_once(':').unwrap();
    assert_eq!(ip, "127.0.0.1");
    let status = |path: &str, host: &str| served.ask(path, host).0;
    assert_eq!(status("/", &format!("localhost:{port}")), 200);
    for path in ["/", "/__wirebook/events", "/__wirebook/errors/"] {
        assert_eq!(status(path, &format!("evil.example:{port}")), 403, "{path}");
    }
    for hosts in ["", "Host: localhost\r\nHost: evil.example\r\n"] {
        let answer = served.send(format!("GET / HTTP/1.1\r\n{hosts}\r\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    }
    let (_, head, _) = served.ask("/", &served.address);
    for header in [
        "Cache-Control: no-store",
        "Content-Type: text/html; charset=utf-8",
        "X-Content-Type-Options: nosniff",
        "Cross-Origin-Resource-Policy: same-origin",
    ] {
        assert!(head.contains(header), "{head}");
    }
}

#[test]
fn no_path_leads_outside_the_site() {
    let folder = book();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), "secret").unwrap();
    fs::write(folder.path().join(".secret"), "secret").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(outside.path(), folder.path().join("out")).unwrap();
        symlink(outside.path().join("secret.md"), folder.path().join("link.txt")).unwrap();
        symlink(".secret", folder.path().join("hidden.txt")).unwrap();
    }
    let served = Served::start(folder.path());
    let absolute = format!("/{}", outside.path().join("secret.md").display());
    for path in [
        "/../index.md",
        "/commands/../index.html",
        "/.secret",
        "/%2esecret",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/%252e%252e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/..\\..\\etc\\passwd",
        "/..%5c..%5cetc%5cpasswd",
        "//etc/passwd",
        "/index.html%00.png",
        "/%00",
        "/out/secret.html",
        "/out/secret.md",
        "/link.txt",
        "/hidden.txt",
        "/__wirebook/x",
        "/__wirebook/../index.html",
        &absolute,
    ] {
        let (status, text) = served.get(path);
        assert_eq!(status, 404, "{path}");
        assert!(!text.contains("secret\n") && !text.contains("root:"), "{path}: {text}");
    }
    for path in ["/__wirebook/errors/../../etc/passwd", "/__wirebook/errors/%ff"] {
        assert_eq!(served.get(path), (200, String::new()), "{path}");
    }
}

#[test]
fn other_methods_and_what_is_no_request_are_refused() {
    let folder = book();
    let served = Served::start(folder.path());
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get"] {
        let request =
            format!("{method} / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody");
        let answer = served.send(request.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 405 "), "{method}: {answer}");
        // The body is not taken for another request.
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
    }
    let answer = served.send(b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 ") && body.is_empty(), "{answer}");
    for request in ["GET http://evil.example/ HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}", "x\r\n\r\n"] {
        let answer = served.send(format!("{request}\r\n\r\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 400 "), "{request:?}: {answer}");
    }
}

#[test]
fn long_heads_are_refused_and_said_to_be() {
    let folder = book();
    let served = Served::start(folder.path());
    let long = "x".repeat(1024 * 1024);
    let many = "A: b\r\n".repeat(1000);
    for request in [
        format!("GET /{long} HTTP/1.1\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: localhost\r\nCookie: {long}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{many}\r\n"),
    ] {
        let answer = served.send(request.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    assert_eq!(served.get("/").0, 200);
}

#[test]
fn clients_that_are_slow_stalled_or_gone_keep_nobody_waiting() {
    let folder = book();
    // An answer that no buffer of the system holds.
    fs::write(folder.path().join("big.bin"), vec![7; 32 * 1024 * 1024]).unwrap();
    let served = Served::start(folder.path());
    let connect = |request: &str| {
        let mut stream = TcpStream::connect(&served.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    };
    let mut kept = Vec::new();
    for _ in 0..20 {
        kept.push(connect("GET / HT"));
        kept.push(connect("GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        kept.push(connect("GET /__wirebook/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        drop(connect("GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }
    let mut events = served.listen("/");
    fs::write(folder.path().join("index.md"), "# MSNP\n\nNew words.\n").unwrap();
    event(&mut events, "reload");
    assert!(served.get("/").1.contains("New words."));
    assert_eq!(kept.len(), 60);
}

#[test]
fn sixty_four_tabs_listen_the_next_is_turned_away_and_gets_a_place_when_one_goes() {
    let folder = book();
    let served = Served::start(folder.path());
    let mut tabs: Vec<_> = (0..64).map(|_| served.listen("/")).collect();
    assert_eq!(served.ask("/__wirebook/events", &served.address).0, 503);
    assert_eq!(served.get("/").0, 200);
    drop(tabs.pop());
    let deadline = std::time::Instant::now() + PATIENCE;
    let found = loop {
        let (status, _, events) = served.ask("/__wirebook/events", &served.address);
        if status == 200 || std::time::Instant::now() > deadline {
            break (status, events);
        }
    };
    assert_eq!(found.0, 200);
    tabs.push(found.1);
    fs::write(folder.path().join("index.md"), "# MSNP\n\nNew words.\n").unwrap();
    for tab in &mut tabs {
        assert!(event(tab, "reload").contains("\"index.html\""));
    }
}

#[test]
fn many_requests_are_answered_on_one_connection_and_on_many() {
    let folder = book();
    let served = Served::start(folder.path());
    let mut stream = TcpStream::connect(&served.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    for _ in 0..8000 {
        stream.write_all(b"GET /commands/chg.md HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(answers.read_line(&mut head).unwrap() > 0);
        }
        let length = head.split("Content-Length: ").nth(1).unwrap();
        let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
        let mut body = vec![0; length];
        answers.read_exact(&mut body).unwrap();
        assert_eq!(body, b"# CHG\n\nSets the own presence.\n");
    }
    for _ in 0..2000 {
        assert_eq!(served.get("/commands/chg.md").0, 200);
    }
}

/// Resident memory of a process, in KiB.
#[cfg(target_os = "linux")]
fn resident(id: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes unless the program is optimized; `.ci/run` runs it so"]
fn two_thousand_edits_do_not_make_it_grow() {
    let folder = book();
    let served = Served::start(folder.path());
    let mut events = served.listen("/");
    let page = folder.path().join("index.md");
    let mut early = 0;
    for edit in 1..=2000 {
        fs::write(&page, format!("# MSNP\n\nSee [CHG](commands/chg.md). Edit {edit}.\n")).unwrap();
        event(&mut events, "reload");
        if edit == 200 {
            early = resident(served.child.id());
        }
    }
    let late = resident(served.child.id());
    assert!(late < early + early / 2 + 16 * 1024, "{early} KiB after 200 edits, {late} after 2000");
}
