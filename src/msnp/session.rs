//! Who asked what: connections, transaction ids, open challenges.
//!
//! An exchange on a page can jump between a notification server and a switchboard; each has transaction ids of its
//! own. A message goes to the connection whose kinds of server it fits.

use super::problem::Problem;
use crate::grammar::{Form, Piece, ServerSet};
use crate::report::rules;
use crate::text::{FixLevel, Span};

/// Connections of an exchange.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// The connection in use.
    current: Connection,
    others: Vec<Connection>,
}

/// What is known of one connection.
#[derive(Debug)]
pub(super) struct Connection {
    servers: ServerSet,
    requests: Vec<Request>,
    /// True if lines were left out, so that an answer's request may be among them.
    pub(super) gap: bool,
    /// Challenges of the server, for `QRY` or a login, the last one at the end.
    pub(super) challenges: Vec<(String, Span)>,
    /// What the server gave for the response of a login by SSO.
    pub(super) nonce: Option<(String, Span)>,
}

#[derive(Debug)]
struct Request {
    trid: u32,
    name: String,
    span: Span,
    answered: bool,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            servers: ServerSet::all(),
            requests: Vec::new(),
            gap: false,
            challenges: Vec::new(),
            nonce: None,
        }
    }
}

impl Session {
    /// Forgets every connection.
    pub(super) fn open(&mut self) {
        *self = Self::default();
    }

    /// Begins the connection in use anew.
    pub(super) fn renew(&mut self) {
        self.current = Connection::default();
    }

    /// Forgets the connection in use.
    pub(super) fn close(&mut self) {
        self.current = self.others.pop().unwrap_or_default();
    }

    /// Notes that something is left out.
    pub(super) fn gap(&mut self) {
        self.current.gap = true;
        for connection in &mut self.others {
            connection.gap = true;
        }
    }

    /// Kinds of server that the connection in use can be to.
    pub(super) fn servers(&self) -> ServerSet {
        self.current.servers
    }

    /// The connection that a message on one of `servers` belongs to; from now on it is the one in use.
    pub(super) fn connection(&mut self, servers: ServerSet) -> &mut Connection {
        let fits = |connection: &Connection| !connection.servers.intersection(servers).is_empty();
        if !fits(&self.current) {
            let other = self.others.iter().position(fits).map(|at| self.others.remove(at));
            let before = std::mem::replace(&mut self.current, other.unwrap_or_default());
            self.others.push(before);
        }
        self.current.servers = self.current.servers.intersection(servers);
        &mut self.current
    }
}

impl Connection {
    /// True if a request of this name with this id cannot be on this connection, where one can be sent only once.
    pub(super) fn is_over(&self, name: &str, trid: Option<u32>) -> bool {
        let again = self.requests.iter().any(|request| request.name == name);
        again || (trid == Some(1) && !self.requests.is_empty())
    }

    /// Notes a request; a problem where its id does not rise.
    pub(super) fn ask(&mut self, name: &str, trid: u32, span: Span) -> Option<Problem> {
        let before = self.requests.last().map(|request| (request.trid, request.span));
        let request = Request { trid, name: name.to_owned(), span, answered: false };
        self.requests.push(request);
        let (last, last_span) = before.filter(|(last, _)| *last >= trid)?;
        let message = format!("`{name}` has transaction id {trid}, but {last} was used before it");
        Some(
            Problem::new(&rules::TRID_ORDER, span, message)
                .here("should be higher than the one before")
                .label(last_span, format!("{last} is used here"))
                .help("a client counts up with every command; give this one the next free number"),
        )
    }

    /// Looks for the request that a reply with this id answers, for each form the reply can have; a problem where the
    /// exchange shows that it answers something else.
    pub(super) fn answer(&mut self, forms: &[&Form], trid: u32, span: Span) -> Option<Problem> {
        let first = *forms.first()?;
        if trid == 0 && forms.iter().any(|form| form.asynchronous) {
            return None;
        }
        let answers = |name: &str| forms.iter().any(|form| can_answer(form, name));
        let single = forms.iter().all(|form| is_single(form));
        let waiting = self.requests.iter().any(|r| answers(&r.name) && !r.answered);
        let request = self.requests.iter_mut().rev().find(|r| r.trid == trid && answers(&r.name));
        // A second answer while another request waits is that one's answer with the wrong id.
        if let Some(request) = request.filter(|request| !(single && waiting && request.answered)) {
            request.answered = true;
            return None;
        }
        if self.gap || self.requests.is_empty() {
            return None;
        }
        let open: Vec<&Request> =
            self.requests.iter().filter(|r| answers(&r.name) && !r.answered).collect();
        let meant = open.last().copied();
        let meant = meant.or_else(|| self.requests.iter().rev().find(|r| answers(&r.name)));
        let same_id = self.requests.iter().find(|request| request.trid == trid);
        let name = &first.name;
        match (meant, same_id) {
            (Some(meant), _) => {
                let message = format!(
                    "`{name}` repeats transaction id {trid}, but the `{}` it answers has {}",
                    meant.name, meant.trid
                );
                let problem = Problem::new(&rules::TRID_MISMATCH, span, message)
                    .here(format!("should be {}", meant.trid))
                    .label(meant.span, "the request")
                    .help(format!("a reply repeats the id of its request: write {}", meant.trid));
                let only = open.len() == 1;
                Some(if only {
                    problem.fix(FixLevel::Unsafe, span, meant.trid.to_string())
                } else {
                    problem
                })
            }
            (None, Some(other)) => {
                let message = format!(
                    "`{name}` repeats transaction id {trid}, which belongs to a `{}` that it does not answer",
                    other.name
                );
                Some(
                    Problem::new(&rules::TRID_MISMATCH, span, message)
                        .label(other.span, "this request has the id")
                        .help("repeat the id of the request that is answered"),
                )
            }
            (None, None) => None,
        }
    }
}

/// True if a request gets at most one reply of this form: it is no row of a list.
fn is_single(form: &Form) -> bool {
    let row = form
        .shapes
        .iter()
        .flatten()
        .any(|piece| matches!(piece, Piece::Parameter(parameter) if parameter.name == "index"));
    form.answers.is_empty() && form.inside.is_none() && !row
}

/// True if a reply of this form can answer a request of this name.
fn can_answer(form: &Form, request: &str) -> bool {
    // Which commands get an error is known only in part.
    if form.name.starts_with(|first: char| first.is_ascii_digit()) {
        return true;
    }
    if form.answers.is_empty() && form.inside.is_none() {
        return form.name == request;
    }
    form.answers.iter().chain(&form.inside).any(|name| name == request)
}
