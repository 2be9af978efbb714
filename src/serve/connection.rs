//! One connection of a browser: requests come in, answers go out, and nobody waits for ever.
//!
//! In: a socket, and a function that answers. Out: bytes. `tiny_http` reads the parts of requests and writes answers; its own server
//! bounds neither heads nor time, so this one takes the connections. Each connection has a thread, so a reader that is slow keeps nobody
//! else waiting. What a client can make this program hold is bounded:
//!
//! 1. The head of a request is at most [`HEAD`] bytes with [`HEADERS`] headers, and comes within [`PATIENCE`]; else it is
//!    refused (431, 408) and the connection ends.
//! 2. No request has a body; one that announces a body is answered, and the connection ends with it unread.
//! 3. An answer that nobody takes for [`PATIENCE`] is given up. An idle connection ends after [`IDLE`].
//! 4. More than [`CONNECTIONS`] at a time are turned away (503).

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tiny_http::{HTTPVersion, Header, Method, Response, StatusCode};

use super::http::Reply;

/// Longest head of a request, in bytes.
const HEAD: usize = 16 * 1024;

/// Most headers of a request.
const HEADERS: usize = 64;

/// Most connections at a time.
const CONNECTIONS: usize = 256;

/// How long a request may take to come, and an answer to be taken.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a connection may be silent between requests.
const IDLE: Duration = Duration::from_secs(60);

/// How much of a refused request is still read, so that its sender gets to see why.
const LINGER: usize = 4 * 1024 * 1024;

/// The head of a request.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// Path and query, still percent-encoded; begins with `/`.
    pub(super) target: String,
    headers: Vec<Header>,
    /// False for HTTP/1.0.
    keeps: bool,
}

/// Writes to a socket until nobody wants more.
type Streaming = dyn FnOnce(&TcpStream) -> io::Result<()>;

/// What comes of a request.
pub(super) enum Answer {
    /// This goes back.
    Reply(Reply),
    /// The socket belongs to whoever wants to write to it, until that returns.
    Stream(Box<Streaming>),
}

impl Request {
    /// The only header of this name; `None` also where there are several.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|header| is_named(header, name));
        let header = found.next()?;
        found.next().is_none().then_some(header.value.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|header| is_named(header, name))
    }

    /// True if another request may follow on the same connection.
    fn is_followed(&self) -> bool {
        let closes = |header: &Header| {
            let value = header.value.as_str().to_ascii_lowercase();
            is_named(header, "Connection") && value.contains("close")
        };
        let has_body = self.has("Content-Length") || self.has("Transfer-Encoding");
        self.keeps && !has_body && !self.headers.iter().any(closes)
    }
}

fn is_named(header: &Header, name: &str) -> bool {
    header.field.as_str().as_str().eq_ignore_ascii_case(name)
}

/// Takes connections for ever; `answer` is asked for each request.
pub(super) fn accept<F>(listener: &TcpListener, answer: F)
where
    F: Fn(&Request) -> Answer + Send + Sync + 'static,
{
    let answer = Arc::new(answer);
    // As many hold it as there are connections, and this loop.
    let places = Arc::new(());
    for socket in listener.incoming() {
        let Ok(socket) = socket else {
            // Mostly too many open files: others may end meanwhile.
            thread::sleep(Duration::from_millis(20));
            continue;
        };
        if Arc::strong_count(&places) > CONNECTIONS {
            let _ = limit(&socket).and_then(|()| {
                refuse(&socket, &Reply::text(503, "Too many connections are open.\n"))
            });
            continue;
        }
        let (answer, place) = (Arc::clone(&answer), Arc::clone(&places));
        let talk = move || {
            // A client that has gone away, or never took its answer, is not our concern.
            let _ = talk(&socket, &*answer);
            drop(place);
        };
        // Without a thread the connection closes, and the browser tries again.
        let _ = thread::Builder::new().spawn(talk);
    }
}

fn limit(socket: &TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    socket.set_write_timeout(Some(PATIENCE))
}

/// Answers the requests of one connection.
fn talk(socket: &TcpStream, answer: &impl Fn(&Request) -> Answer) -> io::Result<()> {
    limit(socket)?;
    let mut unread = Vec::new();
    loop {
        let request = match head(socket, &mut unread)? {
            Head::Request(request) => request,
            Head::Ended => return Ok(()),
            Head::Refused(status, why) => {
                refuse(socket, &Reply::text(status, why))?;
                return linger(socket);
            }
        };
        let reply = match answer(&request) {
            Answer::Reply(reply) => reply,
            Answer::Stream(write) => return write(socket),
        };
        send(socket, &reply, &request.method)?;
        if !request.is_followed() {
            return linger(socket);
        }
    }
}

enum Head {
    Request(Request),
    /// The client has nothing more to ask.
    Ended,
    /// A status and a sentence.
    Refused(u16, &'static str),
}

/// Reads the head of the next request. What came behind it stays in `unread`.
fn head(mut socket: &TcpStream, unread: &mut Vec<u8>) -> io::Result<Head> {
    let mut deadline = Instant::now() + if unread.is_empty() { IDLE } else { PATIENCE };
    let mut chunk = [0; 4096];
    loop {
        match parsed(unread) {
            Ok(Some((request, length))) => {
                unread.drain(..length);
                return Ok(Head::Request(request));
            }
            Ok(None) if unread.len() < HEAD => {}
            Ok(None) => return Ok(Head::Refused(431, "The head of this request is too long.\n")),
            Err((status, why)) => return Ok(Head::Refused(status, why)),
        }
        let left = deadline.saturating_duration_since(Instant::now());
        let read = if left.is_zero() {
            Err(ErrorKind::TimedOut.into())
        } else {
            socket.set_read_timeout(Some(left))?;
            socket.read(&mut chunk)
        };
        match read {
            Ok(0) => return Ok(Head::Ended),
            Ok(length) => {
                if unread.is_empty() {
                    deadline = Instant::now() + PATIENCE;
                }
                unread.extend_from_slice(chunk.get(..length).unwrap_or_default());
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if is_timeout(&error) && !unread.is_empty() => {
                return Ok(Head::Refused(408, "This request took too long to come.\n"));
            }
            Err(error) if is_timeout(&error) => return Ok(Head::Ended),
            Err(error) => return Err(error),
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock)
}

/// Why a head is none: a status and a sentence.
type Refused = (u16, &'static str);

const NO_REQUEST: Refused = (400, "This is not a request.\n");

/// The head at the beginning of `bytes` and its length; `None` while it is not whole.
fn parsed(bytes: &[u8]) -> Result<Option<(Request, usize)>, Refused> {
    let end = b"\r\n\r\n";
    let Some(at) = bytes.windows(end.len()).position(|window| window == end) else {
        return Ok(None);
    };
    let text = bytes.get(..at).and_then(|head| std::str::from_utf8(head).ok()).ok_or(NO_REQUEST)?;
    let (first, rest) = text.split_once("\r\n").unwrap_or((text, ""));
    let mut words = first.split(' ');
    let mut word = || words.next().ok_or(NO_REQUEST);
    let (method, target, version) = (word()?, word()?, word()?);
    let keeps = match version {
        "HTTP/1.1" => true,
        "HTTP/1.0" => false,
        _ => return Err(NO_REQUEST),
    };
    // A whole address is for proxies.
    if words.next().is_some() || !target.starts_with('/') {
        return Err(NO_REQUEST);
    }
    let lines: Vec<&str> = rest.split("\r\n").filter(|line| !line.is_empty()).collect();
    if lines.len() > HEADERS {
        return Err((431, "This request has too many headers.\n"));
    }
    let headers = lines.into_iter().map(str::parse);
    let headers = headers.collect::<Result<Vec<Header>, ()>>().map_err(|()| NO_REQUEST)?;
    let method = method.parse().map_err(|()| NO_REQUEST)?;
    Ok(Some((Request { method, target: target.to_owned(), headers, keeps }, at + end.len())))
}

fn refuse(socket: &TcpStream, reply: &Reply) -> io::Result<()> {
    send(socket, reply, &Method::Get)
}

/// Sends an answer whole.
fn send(mut socket: &TcpStream, reply: &Reply, method: &Method) -> io::Result<()> {
    let location = reply.location.as_deref().map(|path| ("Location", path));
    let headers = COMMON.into_iter().chain([("Content-Type", reply.kind)]).chain(location);
    let headers = headers.filter_map(|(name, value)| Header::from_bytes(name, value).ok());
    let (status, length) = (StatusCode(reply.status), reply.body.len());
    let body = reply.body.as_slice();
    let response = Response::new(status, headers.collect(), body, Some(length), None);
    let mut bytes = Vec::with_capacity(length + 512);
    let response = response.with_chunked_threshold(usize::MAX);
    response.raw_print(&mut bytes, HTTPVersion(1, 1), &[], *method == Method::Head, None)?;
    socket.write_all(&bytes)
}

/// Headers of every answer: nothing is kept, guessed, or lent to a page of another site.
pub(super) const COMMON: [(&str, &str); 3] = [
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
];

/// Ends a connection so that its client gets to read the last answer: a socket closed with bytes unread may throw it away.
fn linger(mut socket: &TcpStream) -> io::Result<()> {
    socket.shutdown(Shutdown::Write)?;
    let deadline = Instant::now() + Duration::from_secs(1);
    let (mut rest, mut chunk) = (LINGER, [0; 16 * 1024]);
    while rest > 0 {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        socket.set_read_timeout(Some(left))?;
        match socket.read(&mut chunk) {
            Ok(0) | Err(_) => return Ok(()),
            Ok(length) => rest = rest.saturating_sub(length),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_whole_or_not_at_all() {
        let text = b"GET /a?b HTTP/1.1\r\nHost: x\r\nhost: y\r\nA: 1\r\n\r\nGET /";
        let (request, length) = parsed(text).unwrap().unwrap();
        assert_eq!((request.target.as_str(), length), ("/a?b", text.len() - 5));
        assert_eq!((request.header("a"), request.header("Host")), (Some("1"), None));
        assert!(request.is_followed());
        for cut in 0..length {
            assert!(parsed(&text[..cut]).unwrap().is_none(), "{cut}");
        }
        for wrong in
            ["GET http://evil.example/ HTTP/1.1\r\n\r\n", "GET * HTTP/1.1\r\n\r\n", "x\r\n\r\n"]
        {
            assert!(parsed(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_follows_a_body_or_a_last_request() {
        for last in ["Connection: Close", "Content-Length: 3", "Transfer-Encoding: chunked"] {
            let text = format!("POST / HTTP/1.1\r\n{last}\r\n\r\n");
            assert!(!parsed(text.as_bytes()).unwrap().unwrap().0.is_followed(), "{last}");
        }
        assert!(!parsed(b"GET / HTTP/1.0\r\n\r\n").unwrap().unwrap().0.is_followed());
    }
}
