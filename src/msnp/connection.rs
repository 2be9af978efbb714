//! One connection: who asked what, how far the login is, what is open.

use super::echo;
use super::problem::Problem;
use super::refusal::Refusal;
use super::rows::Rows;
use super::said::Said;
use super::state::State;
use crate::grammar::{Direction, Form, Login, Piece, Place, ServerSet};
use crate::report::rules;
use crate::text::{FixLevel, Span};

/// What is known of one connection.
#[derive(Debug)]
pub(super) struct Connection<'a> {
    servers: ServerSet,
    requests: Vec<Request<'a>>,
    /// Replies whose requests are not shown, each with its transaction id.
    orphans: Vec<(u32, Said<'a>)>,
    /// What the server said.
    heard: Vec<Said<'a>>,
    /// True if nothing was said on it.
    fresh: bool,
    /// True if lines were left out, so that an answer's request may be among them.
    gap: bool,
    /// True if that was after the last request.
    late_gap: bool,
    login: Progress,
    rows: Rows,
    /// Challenges of the server, for `QRY` or a login, the last one at the end.
    pub(super) challenges: Vec<(String, Span)>,
    /// What the server gave for the response of a login by SSO.
    pub(super) nonce: Option<(String, Span)>,
}

/// How far a login is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Its beginning is not shown.
    Unknown,
    /// The connection began, and the login is not done.
    Begun,
    /// It is done.
    Done,
}

#[derive(Debug)]
struct Request<'a> {
    trid: u32,
    name: String,
    span: Span,
    answered: bool,
    /// What it says; `None` where it fits no form.
    said: Option<Said<'a>>,
}

impl Default for Connection<'_> {
    fn default() -> Self {
        Self {
            servers: ServerSet::all(),
            requests: Vec::new(),
            orphans: Vec::new(),
            heard: Vec::new(),
            fresh: true,
            gap: false,
            late_gap: false,
            login: Progress::Unknown,
            rows: Rows::default(),
            challenges: Vec::new(),
            nonce: None,
        }
    }
}

impl<'a> Connection<'a> {
    /// Goes on from a state that the author names.
    pub(super) fn begin_after(&mut self, state: State) {
        self.login = match state {
            State::Connected => Progress::Begun,
            State::Authenticated | State::Synchronized | State::InSwitchboard => Progress::Done,
        };
    }

    /// Kinds of server that it can be to.
    pub(super) fn servers(&self) -> ServerSet {
        self.servers
    }

    /// It is to one of these servers.
    pub(super) fn narrow(&mut self, servers: ServerSet) {
        self.servers = self.servers.intersection(servers);
    }

    /// True if nothing was said on it.
    pub(super) fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// A server's line fits no form, so it may have been a row.
    pub(super) fn misheard(&mut self) {
        self.rows.skip();
    }

    /// Nothing follows. Gives what it still lacked.
    pub(super) fn end(&mut self) -> Vec<Problem> {
        self.rows.end()
    }

    /// True if a request of this name with this id cannot be on this connection, where one can be sent only once.
    pub(super) fn is_over(&self, name: &str, trid: Option<u32>) -> bool {
        let again = self.requests.iter().any(|request| request.name == name);
        // Two requests of one name and id, and nothing between them: one is a slip.
        let last = self.requests.last().filter(|last| last.name == name && !last.answered);
        if last.is_some_and(|last| Some(last.trid) == trid) {
            return false;
        }
        again || (trid == Some(1) && !self.requests.is_empty())
    }

    /// Lines are left out.
    pub(super) fn skip(&mut self) {
        (self.fresh, self.gap, self.late_gap) = (false, true, true);
        self.login = Progress::Unknown;
        self.rows.skip();
    }

    /// Takes in a message that fits a form.
    pub(super) fn hear(&mut self, said: &Said<'a>, refusal: Refusal) -> Vec<Problem> {
        let mut problems = Vec::new();
        if refusal == Refusal::No {
            problems.extend(self.hold_order(said));
            problems.extend(self.follows(said));
        }
        match (said.direction, said.trid) {
            (Direction::Client, Some((trid, span))) => {
                problems.extend(self.ask(&said.name, trid, span));
                if let Some(request) = self.requests.last_mut() {
                    request.said = Some(said.clone());
                }
                problems.extend(self.late());
            }
            // What is asked with an id that is not shown may be answered by any.
            (Direction::Client, None) if said.hides_trid() => {
                (self.gap, self.late_gap) = (true, true);
            }
            (Direction::Server, Some((trid, span))) if !said.can_lack_trid() => {
                problems.extend(self.answer(said, trid, span));
            }
            _ => {}
        }
        if said.direction == Direction::Server {
            let asked = said.trid.is_none_or(|(id, _)| self.requests.iter().any(|r| r.trid == id));
            problems.extend(self.rows.hear(said, asked));
            self.heard.push(said.clone());
        }
        self.fresh = false;
        problems
    }

    /// Begins to count the rows of an answer.
    pub(super) fn announce(&mut self, said: &Said<'a>, counted: &[&str]) -> Vec<Problem> {
        self.rows.announce(said, counted)
    }

    /// What may come when: first of all, before a login is done, after it.
    fn hold_order(&mut self, said: &Said<'_>) -> Option<Problem> {
        let name = &said.name;
        if said.forms().all(|form| form.place == Some(Place::First)) {
            if self.fresh {
                self.login = Progress::Begun;
                return None;
            }
            let text = format!("`{name}` begins a connection, but something was said before it");
            let problem = Problem::new(&rules::SESSION_ORDER, said.line, text)
                .help("move it to the front, or write the new connection into a fence of its own");
            return (!self.gap).then_some(problem);
        }
        let logins: Vec<Option<Login>> = said.forms().map(|form| form.login).collect();
        if logins.contains(&Some(Login::Done)) {
            self.login = Progress::Done;
        }
        if self.login != Progress::Begun || logins.iter().any(Option::is_some) {
            return None;
        }
        let text = format!("`{name}` comes before the login is done");
        let help = "finish the login first, or write `...` where lines are left out";
        // One finding a login is enough.
        self.login = Progress::Unknown;
        Some(Problem::new(&rules::SESSION_ORDER, said.line, text).help(help))
    }

    /// Notes a request; a problem where its id does not rise.
    pub(super) fn ask(&mut self, name: &str, trid: u32, span: Span) -> Option<Problem> {
        let before = self.requests.last().map(|request| (request.trid, request.span));
        let request = Request { trid, name: name.to_owned(), span, answered: false, said: None };
        self.requests.push(request);
        (self.fresh, self.late_gap) = (false, false);
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
    /// exchange shows that it answers something else, or does not repeat what it should.
    fn answer(&mut self, said: &Said<'a>, trid: u32, span: Span) -> Option<Problem> {
        let forms: Vec<&Form> = said.forms().collect();
        if trid == 0 && forms.iter().any(|form| form.asynchronous) {
            return None;
        }
        let answers = |request: &Request<'_>| forms.iter().any(|form| can_answer(form, request));
        let single = forms.iter().all(|form| is_single(form));
        let waiting = self.requests.iter().any(|r| answers(r) && !r.answered);
        let request = self.requests.iter().rposition(|r| r.trid == trid && answers(r));
        // A second answer while another request waits is that one's answer with the wrong id.
        let (before, rest) = self.requests.split_at_mut(request.unwrap_or_default());
        let request = rest.first_mut().filter(|_| request.is_some());
        if let Some(request) = request.filter(|request| !(single && waiting && request.answered)) {
            request.answered = true;
            let asked = request.said.as_ref()?;
            let name = |request: &&Request<'_>| request.name == said.name;
            let before: Vec<&Said<'_>> =
                before.iter().filter(|r| name(r)).filter_map(|r| r.said.as_ref()).collect();
            return unexpected(said, asked, &forms).or_else(|| echo::hold(said, asked, &before));
        }
        let Some(last) = self.requests.last() else { return self.orphan(said, single) };
        let same_id = self.requests.iter().find(|request| request.trid == trid);
        if self.gap {
            let beyond = !self.late_gap && trid > last.trid;
            if !beyond && same_id.is_none_or(answers) {
                return None;
            }
        }
        let open: Vec<&Request<'_>> =
            self.requests.iter().filter(|r| answers(r) && !r.answered).collect();
        let meant = open.last().copied();
        let meant = meant.or_else(|| self.requests.iter().rev().find(|r| answers(r)));
        let name = &said.name;
        match (meant, same_id) {
            (Some(meant), _) => Some(wrong_id(name, (trid, span), meant, open.len() == 1)),
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
            // An example that begins in the middle can show the reply to a request before it.
            (None, None) if trid < self.first_id() && self.login == Progress::Unknown => None,
            (None, None) => {
                let message =
                    format!("`{name}` repeats transaction id {trid}, which no request has");
                Some(
                    Problem::new(&rules::TRID_MISMATCH, span, message)
                        .label(last.span, format!("the last request has {}", last.trid))
                        .help("repeat the id of the request that is answered"),
                )
            }
        }
    }

    /// The id of the first request.
    fn first_id(&self) -> u32 {
        self.requests.first().map_or(0, |request| request.trid)
    }

    /// Notes a reply whose request is not shown; a problem where it comes twice.
    fn orphan(&mut self, said: &Said<'a>, single: bool) -> Option<Problem> {
        let (trid, span) = said.trid?;
        let same = |(id, other): &&(u32, Said<'_>)| *id == trid && other.name == said.name;
        let before = self.orphans.iter().find(same).map(|(_, other)| other.line);
        self.orphans.push((trid, said.clone()));
        let before = before.filter(|_| single)?;
        let message = format!("`{}` answers transaction id {trid} a second time", said.name);
        Some(
            Problem::new(&rules::TRID_MISMATCH, span, message)
                .label(before, "the first time")
                .help("one of the two is the request, or has another id"),
        )
    }

    /// A problem where the last request comes after its reply.
    fn late(&self) -> Option<Problem> {
        let request = self.requests.last()?;
        let answers = |(id, reply): &&(u32, Said<'_>)| {
            *id == request.trid && reply.forms().any(|form| can_answer(form, request))
        };
        let (_, reply) = self.orphans.iter().find(answers)?;
        let (name, trid) = (&request.name, request.trid);
        let message = format!("`{name}` with transaction id {trid} comes after its reply");
        Some(
            Problem::new(&rules::TRID_ORDER, request.span, message)
                .label(reply.line, "the reply")
                .help("write the request first, or give it another id"),
        )
    }

    /// A problem where the server has not said what it must have said before this request, on a connection of which
    /// enough is shown.
    fn follows(&self, said: &Said<'_>) -> Option<Problem> {
        let shown = self.login != Progress::Unknown
            || self.requests.iter().any(|request| request.name == said.name && begins(request));
        let heard = |form: &Form| {
            let Some(wanted) = &form.follows else { return true };
            self.heard.iter().any(|before| {
                let has_word = |word: &String| before.has_word(word);
                before.name == wanted.command
                    && (wanted.words.is_empty() || wanted.words.iter().any(has_word))
            })
        };
        if said.direction == Direction::Server || self.gap || !shown || said.forms().any(heard) {
            return None;
        }
        let wanted = said.forms().find_map(|form| form.follows.as_ref())?;
        let name = &said.name;
        let before = [std::slice::from_ref(&wanted.command), &wanted.words].concat().join(" ");
        let text = format!("`{name}` answers the server's `{before}`, which did not come");
        let help = "show that line, or write `...` where lines are left out";
        Some(Problem::new(&rules::SESSION_ORDER, said.line, text).help(help))
    }
}

/// True for a request that answers nothing.
fn begins(request: &Request<'_>) -> bool {
    request.said.as_ref().is_some_and(|said| said.forms().all(|form| form.follows.is_none()))
}

fn wrong_id(name: &str, (trid, span): (u32, Span), meant: &Request<'_>, only: bool) -> Problem {
    let message = format!(
        "`{name}` repeats transaction id {trid}, but the `{}` it answers has {}",
        meant.name, meant.trid
    );
    let problem = Problem::new(&rules::TRID_MISMATCH, span, message)
        .here(format!("should be {}", meant.trid))
        .label(meant.span, "the request")
        .help(format!("a reply repeats the id of its request: write {}", meant.trid));
    if only { problem.fix(FixLevel::Unsafe, span, meant.trid.to_string()) } else { problem }
}

/// A problem where a request that is right gets an error that its command is not known to get.
fn unexpected(said: &Said<'_>, request: &Said<'_>, forms: &[&Form]) -> Option<Problem> {
    let known = |form: &&Form| {
        form.answers.is_empty() || form.answers.iter().any(|answer| answer.command == request.name)
    };
    if !is_error(&said.name) || forms.iter().any(known) {
        return None;
    }
    let (code, name) = (&said.name, &request.name);
    let text =
        format!("`{code}` is not known as an answer to `{name}`, and this `{name}` is right");
    let help = format!("show what is wrong with it, or add `{name}` to the requests of `{code}`");
    Some(
        Problem::new(&rules::UNEXPECTED_ERROR, said.line, text)
            .label(request.line, "the request")
            .help(help),
    )
}

fn is_error(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_digit())
}

/// True if a request gets at most one reply of this form: it is no row of a list.
fn is_single(form: &Form) -> bool {
    let row = form
        .shapes
        .iter()
        .flatten()
        .any(|piece| matches!(piece, Piece::Parameter(parameter) if parameter.kind == "index"));
    let own = form.answers.iter().all(|answer| answer.command == form.name);
    (own || is_error(&form.name)) && form.inside.is_none() && !row
}

/// True if a reply of this form can answer this request.
fn can_answer(form: &Form, request: &Request<'_>) -> bool {
    // Which commands get an error is known only in part.
    if is_error(&form.name) {
        return true;
    }
    if form.answers.is_empty() && form.inside.is_none() {
        return form.name == request.name;
    }
    let has_word = |words: &[String]| match &request.said {
        Some(said) => words.is_empty() || words.iter().any(|word| said.has_word(word)),
        None => true,
    };
    form.inside.as_ref() == Some(&request.name)
        || form.answers.iter().any(|a| a.command == request.name && has_word(&a.words))
}
