//! Server-sent events: what browsers are told, and the browsers that listen.
//!
//! A browser gets only what is news to it. What still holds when it joins (the book cannot be read) it is told first.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use super::connection::COMMON;
use super::errors::Errors;
use super::site::Stamp;

/// How many browsers may listen at a time; each takes a thread.
const CLIENTS: usize = 64;

/// How long nothing is said before it is looked whether a browser is still there.
const PING: Duration = Duration::from_secs(5);

/// Something that is said and means nothing; whoever is told it looks whether the browser is still there.
const NOTHING: &str = ": ping\n\n";

/// Something that browsers are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    /// There is a new site: the paths of files that differ, perhaps none, and its stamp.
    Changed(Vec<String>, Stamp),
    /// A browser shows a site of an unknown age.
    Outdated(Stamp),
    /// The book cannot be read; why.
    Failure(String),
    /// These files have other errors than before; the empty path stands for all.
    Errors(Vec<String>),
}

impl Event {
    /// The event as it goes over the wire. JSON keeps the data on one line.
    pub(super) fn text(&self) -> String {
        let json = |value: &dyn Fn() -> serde_json::Result<String>| value().unwrap_or_default();
        match self {
            Self::Changed(paths, Stamp(stamp)) => {
                let paths = json(&|| serde_json::to_string(paths));
                format!("id: {stamp}\nevent: reload\ndata: {paths}\n\n")
            }
            Self::Outdated(Stamp(stamp)) => format!("id: {stamp}\nevent: reload\ndata: null\n\n"),
            Self::Failure(why) => {
                let why = json(&|| serde_json::to_string(why));
                format!("event: failure\ndata: {why}\n\n")
            }
            Self::Errors(paths) => {
                let paths = json(&|| serde_json::to_string(paths));
                format!("event: errors\ndata: {paths}\n\n")
            }
        }
    }
}

/// The browsers that listen, and what they may ask for.
#[derive(Debug, Default)]
pub(super) struct Clients {
    listening: Mutex<Listening>,
    errors: RwLock<Arc<Errors>>,
}

#[derive(Debug, Default)]
struct Listening {
    clients: Vec<Client>,
    /// Why the book cannot be read now, as an event.
    failure: Option<Arc<str>>,
}

/// A browser that listens.
#[derive(Debug)]
struct Client {
    sender: Sender<Arc<str>>,
    /// The file of the site that it shows.
    page: String,
}

impl Listening {
    fn tell(&mut self, text: &Arc<str>) {
        self.clients.retain(|client| client.sender.send(Arc::clone(text)).is_ok());
    }
}

impl Clients {
    /// Lets one more listen, which shows the file `page` of the site; `None` where there are too many.
    pub(super) fn join(&self, page: String) -> Option<Receiver<Arc<str>>> {
        let mut listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that have gone make room, if not for this one then for the next.
        listening.tell(&Arc::from(NOTHING));
        if listening.clients.len() >= CLIENTS {
            return None;
        }
        let (sender, receiver) = channel();
        if let Some(failure) = &listening.failure {
            sender.send(Arc::clone(failure)).ok()?;
        }
        listening.clients.push(Client { sender, page });
        Some(receiver)
    }

    /// The files of the site that are shown, each once.
    pub(super) fn shown(&self) -> BTreeSet<String> {
        let listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
        listening.clients.iter().map(|client| client.page.clone()).collect()
    }

    /// Tells all of them, and forgets those that have gone.
    pub(super) fn tell(&self, event: &Event) {
        let text: Arc<str> = event.text().into();
        let mut listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
        listening.tell(&text);
        match event {
            Event::Failure(_) => listening.failure = Some(text),
            Event::Changed(..) => listening.failure = None,
            Event::Outdated(_) | Event::Errors(_) => {}
        }
    }

    /// Remembers the errors of a new run, and tells which pages have others than before.
    pub(super) fn found(&self, errors: Errors) {
        let mut known = self.errors.write().unwrap_or_else(PoisonError::into_inner);
        let differing = errors.differing(&known);
        *known = Arc::new(errors);
        drop(known);
        if !differing.is_empty() {
            self.tell(&Event::Errors(differing));
        }
    }

    /// The errors found last.
    pub(super) fn errors(&self) -> Arc<Errors> {
        Arc::clone(&self.errors.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes events to one browser until it goes away, or takes none for too long.
pub(super) fn stream(
    mut out: &TcpStream,
    events: &Receiver<Arc<str>>,
    first: Option<&Event>,
) -> io::Result<()> {
    let first = first.map(Event::text).unwrap_or_default();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n";
    let common = COMMON.map(|(name, value)| format!("{name}: {value}\r\n")).concat();
    out.write_all(format!("{head}{common}\r\nretry: 500\n\n{first}").as_bytes())?;
    loop {
        match events.recv_timeout(PING) {
            Ok(text) => out.write_all(text.as_bytes())?,
            Err(RecvTimeoutError::Timeout) => out.write_all(NOTHING.as_bytes())?,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        if has_gone(out)? {
            return Ok(());
        }
    }
}

/// True if the browser has closed its end. It has nothing to say, so silence means that it listens.
fn has_gone(socket: &TcpStream) -> io::Result<bool> {
    socket.set_nonblocking(true)?;
    let read = socket.peek(&mut [0]);
    socket.set_nonblocking(false)?;
    Ok(matches!(read, Ok(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_single_lines_of_json() {
        let stamp = Stamp("1.2".to_owned());
        let text = Event::Changed(vec!["a b.html".to_owned()], stamp).text();
        assert_eq!(text, "id: 1.2\nevent: reload\ndata: [\"a b.html\"]\n\n");
        let text = Event::Failure("one\n\ndata: two".to_owned()).text();
        assert_eq!(text, "event: failure\ndata: \"one\\n\\ndata: two\"\n\n");
    }

    #[test]
    fn only_so_many_listen_and_a_place_is_free_again_when_one_goes() {
        let clients = Clients::default();
        let mut joined: Vec<_> =
            (0..CLIENTS).map(|_| clients.join(String::new()).unwrap()).collect();
        assert!(clients.join(String::new()).is_none());
        joined.pop();
        assert!(clients.join(String::new()).is_some());
    }

    /// What a browser reads of the events in `receiver`, which end.
    fn read(receiver: &Receiver<Arc<str>>, first: Option<&Event>) -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mut browser = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (socket, _) = listener.accept().unwrap();
        stream(&socket, receiver, first).unwrap();
        drop(socket);
        let mut text = String::new();
        io::Read::read_to_string(&mut browser, &mut text).unwrap();
        text.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    #[test]
    fn a_browser_gets_what_it_missed_first() {
        let (sender, receiver) = channel();
        sender.send(Arc::from("event: x\n\n")).unwrap();
        drop(sender);
        let body = read(&receiver, Some(&Event::Outdated(Stamp("1.1".to_owned()))));
        assert_eq!(body, "retry: 500\n\nid: 1.1\nevent: reload\ndata: null\n\nevent: x\n\n");
    }

    #[test]
    fn a_failure_is_told_to_those_who_come_while_it_lasts() {
        let clients = Clients::default();
        clients.tell(&Event::Failure("why".to_owned()));
        let late = clients.join(String::new()).unwrap();
        assert_eq!(&*late.recv().unwrap(), "event: failure\ndata: \"why\"\n\n");
        clients.tell(&Event::Changed(Vec::new(), Stamp("1.2".to_owned())));
        let later = clients.join(String::new()).unwrap();
        assert!(later.try_recv().is_err());
    }
}
