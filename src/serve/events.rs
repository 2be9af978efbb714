//! Server-sent events: what browsers are told, and the browsers that listen.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::site::Stamp;

/// How many browsers may listen at a time; each takes a thread.
const CLIENTS: usize = 64;

/// How long nothing is said before a comment shows whether a browser is still there.
const PING: Duration = Duration::from_secs(15);

/// Something that browsers are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    /// There is a new site: the paths of files that differ, perhaps none, and its stamp.
    Changed(Vec<String>, Stamp),
    /// A browser shows a site of an unknown age.
    Outdated(Stamp),
    /// The book cannot be read; why.
    Failure(String),
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
        }
    }
}

/// The browsers that listen.
#[derive(Debug, Default)]
pub(super) struct Clients {
    senders: Mutex<Vec<Client>>,
}

/// A browser that listens.
#[derive(Debug)]
struct Client {
    sender: Sender<Arc<str>>,
    /// The file of the site that it shows.
    page: String,
}

impl Clients {
    /// Lets one more listen, which shows the file `page` of the site; `None` where there are too many.
    pub(super) fn join(&self, page: String) -> Option<Receiver<Arc<str>>> {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        // A comment for nobody finds out who has gone.
        senders.retain(|client| client.sender.send(Arc::from("")).is_ok());
        if senders.len() >= CLIENTS {
            return None;
        }
        let (sender, receiver) = channel();
        senders.push(Client { sender, page });
        Some(receiver)
    }

    /// The files of the site that are shown, each once.
    pub(super) fn shown(&self) -> BTreeSet<String> {
        let senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        senders.iter().map(|client| client.page.clone()).collect()
    }

    /// Tells all of them, and forgets those that have gone.
    pub(super) fn tell(&self, event: &Event) {
        let text: Arc<str> = event.text().into();
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        senders.retain(|client| client.sender.send(Arc::clone(&text)).is_ok());
    }
}

/// Writes events to one browser until it goes away.
pub(super) fn stream(
    mut out: impl Write,
    events: &Receiver<Arc<str>>,
    first: Option<&Event>,
) -> io::Result<()> {
    out.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
          X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\nretry: 500\n\n",
    )?;
    out.write_all(first.map(Event::text).unwrap_or_default().as_bytes())?;
    out.flush()?;
    loop {
        match events.recv_timeout(PING) {
            Ok(text) => out.write_all(text.as_bytes())?,
            Err(RecvTimeoutError::Timeout) => out.write_all(b": ping\n\n")?,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        out.flush()?;
    }
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

    #[test]
    fn a_browser_gets_what_it_missed_first() {
        let (sender, receiver) = channel();
        sender.send(Arc::from("event: x\n\n")).unwrap();
        drop(sender);
        let mut out = Vec::new();
        stream(&mut out, &receiver, Some(&Event::Outdated(Stamp("1.1".to_owned())))).unwrap();
        let text = String::from_utf8(out).unwrap();
        let body = text.split_once("\r\n\r\n").unwrap().1;
        assert_eq!(body, "retry: 500\n\nid: 1.1\nevent: reload\ndata: null\n\nevent: x\n\n");
    }
}
