//! The connections of an exchange.
//!
//! An exchange on a page can jump between a notification server and a switchboard; each has transaction ids of its
//! own. A message goes to the connection whose kinds of server it fits.

use super::connection::Connection;
use super::issued::Issued;
use super::problem::Problem;
use super::refusal::Refusal;
use super::said::Said;
use super::state::State;
use crate::grammar::{Direction, Place, ServerSet};
use crate::report::rules;
use crate::text::Span;

/// Connections of an exchange.
#[derive(Debug, Default)]
pub(super) struct Session<'a> {
    /// The connection in use.
    current: Connection<'a>,
    others: Vec<Connection<'a>>,
    issued: Issued,
    /// True if the exchange shows only what the client says.
    one_sided: bool,
    /// The message that ended the connection before, while nothing says that another one was opened.
    ended: Option<Ended>,
}

/// A message that ended a connection.
#[derive(Debug)]
struct Ended {
    name: String,
    span: Span,
    servers: ServerSet,
}

impl<'a> Session<'a> {
    /// A session of which nothing is known; `one_sided` if it shows only what the client says.
    pub(super) fn new(one_sided: bool) -> Self {
        Self { one_sided, ..Self::default() }
    }

    /// Goes on from a state that the author names, instead of a connection of which nothing is known.
    pub(super) fn begin_after(&mut self, state: State) {
        self.connection(state.servers()).begin_after(state);
    }

    /// Forgets every connection. Gives what they still lacked.
    pub(super) fn open(&mut self) -> Vec<Problem> {
        let ended = self.end();
        let issued = std::mem::take(&mut self.issued);
        *self = Self { issued, one_sided: self.one_sided, ..Self::default() };
        ended
    }

    /// Begins the connection in use anew. Gives what it still lacked.
    pub(super) fn renew(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.current).end()
    }

    /// Forgets the connection in use. Gives what it still lacked.
    pub(super) fn close(&mut self) -> Vec<Problem> {
        let next = self.others.pop().unwrap_or_default();
        self.ended = None;
        std::mem::replace(&mut self.current, next).end()
    }

    /// The message ended the connection it was sent on.
    pub(super) fn close_after(&mut self, said: &Said<'a>, servers: ServerSet) -> Vec<Problem> {
        let problems = self.close();
        self.ended = Some(Ended { name: said.name.to_string(), span: said.line, servers });
        problems
    }

    /// A server's line fits no form, so it may have been a row.
    pub(super) fn misheard(&mut self) {
        self.current.misheard();
    }

    /// What follows may be on another connection.
    pub(super) fn pause(&mut self) {
        self.ended = None;
    }

    /// Notes that something is left out.
    pub(super) fn gap(&mut self) {
        self.ended = None;
        self.current.skip();
        self.others.iter_mut().for_each(Connection::skip);
    }

    /// Nothing follows. Gives what the connections still lacked.
    pub(super) fn end(&mut self) -> Vec<Problem> {
        let others = self.others.iter_mut().flat_map(Connection::end);
        let others: Vec<Problem> = others.collect();
        self.current.end().into_iter().chain(others).collect()
    }

    /// Kinds of server that the connection in use can be to.
    pub(super) fn servers(&self) -> ServerSet {
        self.current.servers()
    }

    /// The connection that a message on one of `servers` belongs to; from now on it is the one in use.
    pub(super) fn connection(&mut self, servers: ServerSet) -> &mut Connection<'a> {
        let fits =
            |connection: &Connection<'_>| !connection.servers().intersection(servers).is_empty();
        if !fits(&self.current) {
            let other = self.others.iter().position(fits).map(|at| self.others.remove(at));
            let before = std::mem::replace(&mut self.current, other.unwrap_or_default());
            self.others.push(before);
        }
        self.current.narrow(servers);
        &mut self.current
    }

    /// Takes in a message that fits a form, sent on one of `servers`.
    pub(super) fn hear(
        &mut self,
        said: &Said<'a>,
        servers: ServerSet,
        refusal: Refusal,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        problems.extend(self.after_the_end(said, servers));
        problems.extend(self.connection(servers).hear(said, refusal));
        if self.one_sided {
            // Where the server says nothing at all, nothing that it says can be missing.
            problems.retain(|problem| problem.rule != &rules::SESSION_ORDER);
        }
        if refusal == Refusal::No {
            problems.extend(self.issued.hold(said));
        }
        problems
    }

    fn after_the_end(&mut self, said: &Said<'_>, servers: ServerSet) -> Option<Problem> {
        let ended = self.ended.take()?;
        let leaves = said.direction == Direction::Server && said.forms().all(|form| form.closes);
        if leaves
            || said.forms().any(|form| form.place == Some(Place::First))
            || ended.servers.intersection(servers).is_empty()
            || !self.current.is_fresh()
        {
            return None;
        }
        let name = &said.name;
        let text = format!("`{name}` comes after `{}`, which ends the connection", ended.name);
        Some(
            Problem::new(&rules::SESSION_ORDER, said.line, text)
                .label(ended.span, "the connection ends here")
                .help("write what is on another connection into another fence"),
        )
    }
}
