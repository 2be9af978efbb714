//! A server of a book in a folder, and a plain client for it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// How long anything may take on a slow machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A server of the book in a folder; it ends with the test.
pub(crate) struct Served {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Served {
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_with(folder, &["--port", "0"])
    }

    pub(crate) fn start_with(folder: &Path, options: &[&str]) -> Self {
        let mut child = Command::new(program())
            .arg("serve")
            .args(options)
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

    /// Sends a request; gives the status, the head of the answer, and the connection behind it.
    pub(crate) fn ask(&self, path: &str, host: &str) -> (u16, String, BufReader<TcpStream>) {
        ask(&self.address, path, host)
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        get(&self.address, path)
    }

    /// Listens for events as the page at `path` does, from the state of the site that there is now.
    pub(crate) fn listen(&self, path: &str) -> BufReader<TcpStream> {
        let (_, page) = self.get(path);
        let at = page.split("reload.js?at=").nth(1).unwrap().split('"').next().unwrap();
        let events = format!("/__wirebook/events?at={at}&page={path}");
        let (status, head, events) = self.ask(&events, &self.address);
        assert!(status == 200 && head.contains("text/event-stream"), "{head}");
        events
    }

    /// Sends bytes; gives all that comes back until the server ends the connection.
    pub(crate) fn send(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // The server may stop listening before all of it is sent.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// The program that is tested: another build of it where `WIREBOOK` names one.
fn program() -> OsString {
    env::var_os("WIREBOOK").unwrap_or_else(|| env!("CARGO_BIN_EXE_wirebook").into())
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

pub(crate) fn get(address: &str, path: &str) -> (u16, String) {
    let (status, _, mut body) = ask(address, path, address);
    let mut text = String::new();
    body.read_to_string(&mut text).unwrap();
    (status, text)
}

/// Reads events until one is called `name`; gives its data.
pub(crate) fn event(stream: &mut BufReader<TcpStream>, name: &str) -> String {
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

/// A book of two pages.
pub(crate) fn book() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("commands")).unwrap();
    fs::write(folder.path().join("index.md"), "# MSNP\n\nSee [CHG](commands/chg.md). Old words.\n")
        .unwrap();
    fs::write(folder.path().join("commands/chg.md"), "# CHG\n\nSets the own presence.\n").unwrap();
    folder
}
