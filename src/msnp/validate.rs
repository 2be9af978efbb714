//! An exchange against the grammar, message by message.
//!
//! 1. Each message is read against the forms of its command ([`message`](super::message)); what fits none is a problem,
//!    unless the exchange shows that the server refuses it (`Documented failures`).
//! 2. Its transaction id is followed through the session, its payload counted and read, its answer to a challenge
//!    computed.
//! 3. The versions in which each message is legal are intersected; the versions that the author states must lie inside.

use super::counting::{self, Counted};
use super::message::{self, Match, Reading, WireToken, Word};
use super::payload::Convention;
use super::problem::Problem;
use super::secrets;
use super::session::Session;
use super::transcript::{Message, Payload, Step, Transcript};
use super::wording;
use crate::grammar::{Command, Direction, Form, Grammar, Server, ServerSet, Version, VersionSet};
use crate::report::rules;
use crate::text::Span;

/// What an exchange is held against.
#[derive(Debug, Clone, Copy)]
pub struct Context<'g> {
    /// The forms.
    pub grammar: &'g Grammar,
    /// True if commands without a grammar are only noted.
    pub foreign: bool,
    /// The versions that the author states.
    pub claim: Option<Claim>,
    /// The kind of server that the author states.
    pub server: Option<Server>,
    /// How the author says that payload lines are joined.
    pub convention: Option<Convention>,
    /// The password that logins by MD5 use.
    pub password: Option<&'g str>,
}

/// Versions that an author states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The versions.
    pub versions: VersionSet,
    /// True for "since X": it says when something came, not that it stayed.
    pub open: bool,
}

/// What is understood of an exchange.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// Versions in which every message is legal.
    pub versions: VersionSet,
    /// One a message, in order.
    pub messages: Vec<MessageVerdict>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// What is understood of a message.
#[derive(Debug, Clone, Default)]
pub struct MessageVerdict {
    /// Its words with their meaning; only the command word where the line fits no form.
    pub tokens: Vec<WireToken>,
    /// Versions in which it is legal.
    pub versions: VersionSet,
    /// How far it was checked.
    pub state: MessageState,
}

/// How far a message was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MessageState {
    /// Against the grammar.
    #[default]
    Checked,
    /// Not at all: it stands for many lines.
    Template,
    /// Not at all: its command has no grammar.
    Unknown,
}

/// Holds an exchange against its context.
pub fn validate(transcript: &Transcript, context: &Context<'_>) -> Verdict {
    let messages: Vec<&Message> = transcript.messages().collect();
    let refused = refused(transcript, &messages);
    let mut run = Run {
        transcript,
        context,
        refused,
        session: Session::default(),
        agreed: VersionSet::all(),
        chosen: None,
        legal: Vec::new(),
        out: Verdict::default(),
    };
    let mut index = 0;
    for step in &transcript.steps {
        match step {
            Step::Message(message) => {
                run.message(index, message);
                index += 1;
            }
            Step::Gap => run.session.gap(),
            Step::Closed(_) => run.session.close(),
            Step::Opened => run.session.open(),
        }
    }
    run.hold_claim();
    run.out.versions = run.agreed;
    run.out
}

/// How a server refuses a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// It does not.
    No,
    /// It answers with an error.
    Error,
    /// It closes the connection.
    Close,
}

/// For each message, how the exchange shows that the server refuses it.
fn refused(transcript: &Transcript, messages: &[&Message]) -> Vec<Refusal> {
    let mut refused = vec![Refusal::No; messages.len()];
    let second = |message: &Message| {
        let line = transcript.text(message.span());
        line.split(' ').nth(1).map(str::to_owned)
    };
    let is_error = |message: &Message| {
        let line = transcript.text(message.span());
        let code = line.split(' ').next().unwrap_or_default().to_owned();
        message.direction == Direction::Server
            && code.len() == 3
            && code.bytes().all(|byte| byte.is_ascii_digit())
    };
    for (index, message) in messages.iter().enumerate() {
        if !is_error(message) {
            continue;
        }
        let trid = second(message);
        let asked =
            |at: &usize| messages.get(*at).is_some_and(|m| m.direction == Direction::Client);
        let mut before = (0..index).rev().filter(asked);
        let same = before.clone().find(|at| messages.get(*at).and_then(|m| second(m)) == trid);
        if let Some(slot) = same.or_else(|| before.next()).and_then(|at| refused.get_mut(at)) {
            *slot = Refusal::Error;
        }
    }
    let mut last_message: Option<usize> = None;
    let mut count = 0;
    for step in &transcript.steps {
        match step {
            Step::Message(message) => {
                last_message = (message.direction == Direction::Client).then_some(count);
                count += 1;
            }
            Step::Closed(Direction::Server) => {
                if let Some(slot) = last_message.take().and_then(|at| refused.get_mut(at)) {
                    *slot = Refusal::Close;
                }
            }
            Step::Closed(Direction::Client) | Step::Opened | Step::Gap => last_message = None,
        }
    }
    refused
}

/// A message that counts for the versions of the exchange.
struct Legal<'g> {
    versions: VersionSet,
    line: Span,
    name: String,
    /// Why it is not legal in a version, on demand.
    command: &'g Command,
    direction: Direction,
    words: Vec<(String, Span)>,
}

struct Run<'a> {
    transcript: &'a Transcript,
    context: &'a Context<'a>,
    refused: Vec<Refusal>,
    session: Session,
    /// Versions in which every message so far is legal.
    agreed: VersionSet,
    /// The version that the server chose, and where.
    chosen: Option<(Version, Span)>,
    legal: Vec<Legal<'a>>,
    out: Verdict,
}

impl<'a> Run<'a> {
    fn problem(&mut self, problem: Problem) {
        self.out.problems.push(problem);
    }

    fn message(&mut self, index: usize, message: &Message) {
        let refusal = self.refused.get(index).copied().unwrap_or(Refusal::No);
        let line = self.transcript.text(message.span()).into_owned();
        let name = line.split(' ').next().unwrap_or_default().to_owned();
        let verdict = if is_template(&line) {
            self.template(message, &name)
        } else if let Some(command) = self.context.grammar.command(&name) {
            self.known(message, command, refusal)
        } else {
            self.unknown(message, &name, refusal)
        };
        self.out.messages.push(verdict);
    }

    /// The name and, where the second word is a number, the id of a request that is not checked further.
    fn ask_unchecked(&mut self, message: &Message, name: &str) {
        let words = message::read(self.transcript, message, &[]).words;
        let trid = words.get(1).and_then(|word| Some((word.text.parse().ok()?, word.span)));
        if let Some((trid, span)) = trid.filter(|_| message.direction == Direction::Client) {
            let order = self.session.connection(ServerSet::all()).ask(name, trid, span);
            self.out.problems.extend(order);
        }
    }

    fn template(&mut self, message: &Message, name: &str) -> MessageVerdict {
        let text = "this line stands for many wire lines, so it is not checked";
        self.problem(Problem::new(&rules::TEMPLATE, message.span(), text));
        self.ask_unchecked(message, name);
        MessageVerdict {
            tokens: self.command_word(message),
            state: MessageState::Template,
            ..MessageVerdict::default()
        }
    }

    fn command_word(&self, message: &Message) -> Vec<WireToken> {
        let words = message::read(self.transcript, message, &[]).words;
        words.first().map(message::command_token).into_iter().collect()
    }

    fn unknown(&mut self, message: &Message, name: &str, refusal: Refusal) -> MessageVerdict {
        let tokens = self.command_word(message);
        let span = tokens.first().map_or_else(|| message.span(), |token| token.span);
        let digits = name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_digit());
        let word = name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_uppercase());
        let grammar = self.context.grammar;
        let near = grammar.closest(name).map(|near| format!("did you mean `{near}`?"));
        if digits {
            let message = format!("`{name}` is not a known error code");
            let help = "the page of error codes lists the known ones; add it there, with a source";
            self.problem(Problem::new(&rules::UNKNOWN_ERROR_CODE, span, message).help(help));
        } else if refusal == Refusal::No && (!word || !self.context.foreign) {
            let text = if word {
                format!("there is no command `{name}`")
            } else {
                format!(
                    "`{name}` is not a command: three capitals, or the three digits of an error"
                )
            };
            let help = near.unwrap_or_else(|| format!("declare `{name}` in a grammar fence"));
            self.problem(Problem::new(&rules::UNKNOWN_COMMAND, span, text).help(help));
        } else if word {
            let problem =
                Problem::new(&rules::NO_GRAMMAR, span, format!("no grammar for `{name}`"));
            self.problem(near.into_iter().fold(problem, Problem::help));
        }
        self.ask_unchecked(message, name);
        MessageVerdict { tokens, state: MessageState::Unknown, ..MessageVerdict::default() }
    }

    /// Versions in which a form has to hold for the message to be right where it stands.
    fn scope(&self) -> VersionSet {
        let claimed = self.context.claim.map_or(VersionSet::all(), |claim| claim.versions);
        match self.chosen {
            Some((version, _)) => VersionSet::only(version),
            None => claimed,
        }
    }

    fn known(
        &mut self,
        message: &Message,
        command: &'a Command,
        refusal: Refusal,
    ) -> MessageVerdict {
        let forms: Vec<&Form> =
            command.forms.iter().filter(|form| form.direction == message.direction).collect();
        let in_scope: Vec<&Form> = forms.iter().copied().filter(|f| self.in_scope(f)).collect();
        let mut reading = message::read(self.transcript, message, &in_scope);
        if reading.matches.is_empty() {
            let nearest = reading.nearest.take();
            reading = message::read(self.transcript, message, &forms);
            reading.nearest = nearest.or(reading.nearest);
        } else {
            complete(&mut reading, &forms);
        }
        if reading.matches.is_empty() {
            return self.fits_nothing(message, command, &reading, refusal);
        }
        self.fits(message, command, reading, refusal)
    }

    fn in_scope(&self, form: &Form) -> bool {
        let server = self.context.server.is_none_or(|server| form.servers.contains(server));
        server && !form.versions.intersection(self.scope()).is_empty()
    }

    fn fits_nothing(
        &mut self,
        message: &Message,
        command: &Command,
        reading: &Reading<'_, '_>,
        refusal: Refusal,
    ) -> MessageVerdict {
        if refusal == Refusal::No {
            let problem = match &reading.nearest {
                Some(nearest) => wording::mismatch(&reading.words, nearest),
                None => wording::wrong_direction(command, message.direction, &reading.words),
            };
            self.problem(problem);
        }
        self.ask_unchecked(message, &command.name);
        let tokens = reading.words.first().map(message::command_token).into_iter().collect();
        MessageVerdict { tokens, ..MessageVerdict::default() }
    }

    fn fits(
        &mut self,
        message: &Message,
        command: &'a Command,
        mut reading: Reading<'_, 'a>,
        refusal: Refusal,
    ) -> MessageVerdict {
        self.drop_variants(&mut reading, message);
        let Reading { words, matches, ambiguous, .. } = reading;
        let (matches, words) = (matches.as_slice(), words.as_slice());
        if ambiguous {
            let text = "the continued line makes sense joined with a blank and without one";
            let help =
                "write `..+` to join with nothing, or `.. ` and a second blank to join with one";
            self.problem(Problem::new(&rules::CONTINUATION, message.span(), text).help(help));
        }
        let (versions, servers) =
            matches.iter().fold((VersionSet::EMPTY, ServerSet::EMPTY), |(versions, servers), m| {
                (versions.union(m.form.versions), servers.union(m.form.servers))
            });
        self.hold_server(command, servers, words, refusal);
        self.follow_trid(message.direction, matches, words, servers);
        let mut legal = versions;
        if refusal != Refusal::Close {
            self.count_payload(message, matches, words);
        }
        let connection = self.session.connection(servers);
        if refusal == Refusal::No {
            let seen = Seen { transcript: self.transcript, message, matches, words };
            let (problems, narrowed) = secrets::hold(&seen, connection, self.context, versions);
            self.out.problems.extend(problems);
            legal = narrowed;
            self.narrow(message, command, words, legal);
        }
        self.choose_version(message.direction, matches, words);
        let tokens = matches.first().map(|first| first.tokens(words)).unwrap_or_default();
        MessageVerdict { tokens, versions: legal, state: MessageState::Checked }
    }

    /// A form of the protocol beats a variant; where there are only variants, that is worth a note.
    fn drop_variants(&mut self, reading: &mut Reading<'_, '_>, message: &Message) {
        let scope = self.scope();
        let plain = |m: &Match<'_>| {
            m.form.variant.is_none() && !m.form.versions.intersection(scope).is_empty()
        };
        let in_scope = |m: &&Match<'_>| !m.form.versions.intersection(scope).is_empty();
        if reading.matches.iter().any(plain) || !reading.matches.iter().any(|m| in_scope(&m)) {
            if reading.matches.iter().any(|m| m.form.variant.is_none()) {
                reading.matches.retain(|m| m.form.variant.is_none());
            }
            return;
        }
        if let Some(variant) =
            reading.matches.iter().find(in_scope).and_then(|m| m.form.variant.clone())
        {
            let text = format!("this is not the protocol's form, but what is known of {variant}");
            self.problem(Problem::new(&rules::VARIANT, message.span(), text));
        }
    }

    fn hold_server(
        &mut self,
        command: &Command,
        servers: ServerSet,
        words: &[Word<'_>],
        refusal: Refusal,
    ) {
        let Some(server) = self.context.server.filter(|server| !servers.contains(*server)) else {
            return;
        };
        if refusal != Refusal::No {
            return;
        }
        let names: Vec<&str> = servers.iter().map(Server::name).collect();
        let text = format!("this `{}` is not known on a {}", command.name, server.name());
        let help = format!("it is known on: {}", names.join(", "));
        self.problem(Problem::new(&rules::WRONG_SERVER, wording::line(words), text).help(help));
    }

    fn follow_trid(
        &mut self,
        direction: Direction,
        matches: &[Match<'_>],
        words: &[Word<'_>],
        servers: ServerSet,
    ) {
        let connection = self.session.connection(servers);
        let with_trid = matches.iter().find_map(|m| m.trid(words));
        let Some((trid, span)) = with_trid else { return };
        let without = matches.iter().any(|m| m.trid(words).is_none());
        let problem = match direction {
            Direction::Client => {
                let name = words.first().map_or("", |word| &word.text).to_owned();
                connection.ask(&name, trid, span)
            }
            Direction::Server if without => None,
            Direction::Server => {
                let forms: Vec<&Form> = matches.iter().map(|m| m.form).collect();
                connection.answer(&forms, trid, span)
            }
        };
        self.out.problems.extend(problem);
    }

    fn count_payload(&mut self, message: &Message, matches: &[Match<'_>], words: &[Word<'_>]) {
        let with = matches.iter().find_map(|m| Some((m, m.length(words)?)));
        let Some((m, length)) = with else {
            let stray = match &message.payload {
                Payload::Lines(lines) => lines.iter().find(|line| !line.is_empty()).copied(),
                Payload::Bytes(_) => None,
            };
            if let Some(span) = stray {
                let name = words.first().map_or("", |word| &word.text);
                let text = format!(
                    "this line is neither a command nor the payload of one: `{name}` has none"
                );
                let help = "begin it with `C: ` or `S: `, or with `.. ` to continue the line above";
                self.problem(Problem::new(&rules::STRAY_LINE, span, text).help(help));
            }
            return;
        };
        let kind = m.form.payload.as_deref().unwrap_or("any");
        let name = words.first().map_or("", |word| &word.text).to_owned();
        let counted = Counted { name: &name, length, kind, stated: self.context.convention };
        let problems = counting::count(self.transcript, message, &counted);
        self.out.problems.extend(problems);
    }

    /// Intersects the versions of the exchange with those of one of its messages.
    fn narrow(
        &mut self,
        message: &Message,
        command: &'a Command,
        words: &[Word<'_>],
        legal: VersionSet,
    ) {
        let direction = message.direction;
        let scope = self.scope();
        if legal.intersection(scope).is_empty() {
            let version = scope.first().unwrap_or(Version::FIRST);
            let why = why_not(command, direction, version, words);
            let mut problem = wording::wrong_version(&command.name, words, legal, scope, why);
            if let Some((version, span)) = self.chosen {
                problem.about_claim = false;
                problem = problem.label(span, format!("the server chooses {version} here"));
            }
            return self.problem(problem);
        }
        let together = self.agreed.intersection(legal);
        if together.is_empty() {
            let text = format!(
                "this `{}` is legal in {legal}, the lines before it in {}: never all together",
                command.name, self.agreed
            );
            let narrower =
                self.legal.iter().rev().find(|l| l.versions.intersection(legal).is_empty());
            let mut problem = Problem::new(&rules::NO_COMMON_VERSION, message.span(), text)
                .help("write lines of one version, or two examples");
            if let Some(other) = narrower {
                problem = problem.label(other.line, format!("legal in {}", other.versions));
            }
            return self.problem(problem);
        }
        self.agreed = together;
        let words = words.iter().map(|word| (word.text.clone().into_owned(), word.span)).collect();
        let (versions, line, name) = (legal, message.span(), command.name.clone());
        self.legal.push(Legal { versions, line, name, command, direction, words });
    }

    /// A server that names one dialect has chosen the version of what follows.
    fn choose_version(&mut self, direction: Direction, matches: &[Match<'_>], words: &[Word<'_>]) {
        if direction != Direction::Server {
            return;
        }
        let Some(m) = matches.first() else { return };
        let dialects: Vec<&Word<'_>> = (m.slots.iter().zip(words.iter().skip(1)))
            .filter(|(slot, _)| slot.kind() == "dialect")
            .map(|(_, word)| word)
            .collect();
        let &[word] = dialects.as_slice() else { return };
        let Some(version) = Version::parse(&word.text).filter(|v| *v != Version::CVR0) else {
            return;
        };
        let only = VersionSet::only(version);
        let claimed = self.context.claim.map_or(VersionSet::all(), |claim| claim.versions);
        if claimed.intersection(only).is_empty() {
            let text = format!("the server chooses {version}, but the example is about {claimed}");
            let mut problem = Problem::new(&rules::CLAIMS_DISAGREE, word.span, text)
                .help("offer and choose the version the example is about, or state another one");
            problem.about_claim = true;
            self.problem(problem);
            return;
        }
        self.chosen = Some((version, word.span));
        let together = self.agreed.intersection(only);
        if !together.is_empty() {
            self.agreed = together;
        }
    }

    /// The versions that the author states must be versions in which every message is legal.
    fn hold_claim(&mut self) {
        let Some(claim) = self.context.claim.filter(|_| self.chosen.is_none()) else { return };
        let broken = |legal: &Legal<'_>| claim.versions.difference(legal.versions).first();
        let first = self.legal.iter().filter_map(|legal| Some((broken(legal)?, legal)));
        let Some((version, legal)) =
            first.min_by_key(|(version, legal)| (*version, legal.line.start))
        else {
            return;
        };
        let words: Vec<Word<'_>> = (legal.words.iter())
            .map(|(text, span)| Word { text: text.as_str().into(), span: *span })
            .collect();
        let why = why_not(legal.command, legal.direction, version, &words);
        let begins = claim.versions.first().is_some_and(|first| legal.versions.contains(first));
        let rule = if claim.open && begins { &rules::OPEN_CLAIM } else { &rules::VERSION_CLAIM };
        let text = format!(
            "this `{}` is legal in {}, so {} is too wide: it breaks in {version}",
            legal.name, legal.versions, claim.versions
        );
        let mut problem = Problem::new(rule, legal.line, text)
            .here(format!("legal in {}", legal.versions))
            .help(why)
            .help(format!("all lines of the example are legal in {}", self.agreed));
        problem.about_claim = true;
        problem.versions =
            claim.versions.difference(legal.versions).iter().map(|v| v.to_string()).collect();
        self.problem(problem);
    }
}

/// Why a line is not legal in `version`, as a clause.
fn why_not(
    command: &Command,
    direction: Direction,
    version: Version,
    words: &[Word<'_>],
) -> String {
    let forms = command.forms.iter().filter(|form| {
        form.direction == direction && form.versions.contains(version) && form.variant.is_none()
    });
    let nearest = forms.filter_map(|form| message::hold_form(form, words).err());
    let nearest = nearest.max_by_key(|m| (m.fitted, std::cmp::Reverse(m.distance)));
    wording::why_not(command, direction, version, nearest.as_ref(), words)
}

/// A message with its reading, for checks that look at values.
pub(super) struct Seen<'a, 'm> {
    pub(super) transcript: &'a Transcript,
    pub(super) message: &'a Message,
    pub(super) matches: &'a [Match<'m>],
    pub(super) words: &'a [Word<'a>],
}

/// Adds the matches of forms that were out of scope.
fn complete<'g>(reading: &mut Reading<'_, 'g>, forms: &[&'g Form]) {
    for form in forms {
        if reading.matches.iter().any(|m| std::ptr::eq(m.form, *form)) {
            continue;
        }
        if let Ok(slots) = message::hold_form(form, &reading.words) {
            reading.matches.push(Match { form, slots });
        }
    }
}

/// True if a line stands for many: `TrID`, `{name}`, `(...)`, `$md5(...)`, `$(...)`.
fn is_template(line: &str) -> bool {
    line.split(' ').skip(1).any(|word| {
        let braced = word.contains('{')
            && word.split_once('{').and_then(|(_, rest)| rest.split_once('}')).is_some_and(
                |(name, _)| {
                    let letters = name.trim_matches('.');
                    name.starts_with("...")
                        || (letters.len() > 1
                            && letters
                                .bytes()
                                .all(|b| b.is_ascii_lowercase() || matches!(b, b'-' | b' '))
                            && letters.bytes().any(|b| b.is_ascii_lowercase()))
                },
            );
        let call = word.strip_prefix('$').is_some_and(|rest| {
            let name = rest.split_once('(').map(|(name, _)| name);
            name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        });
        matches!(word, "TrID" | "(...)" | "..." | "[...]") || braced || call
    })
}
