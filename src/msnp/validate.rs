//! An exchange against the grammar, message by message.
//!
//! 1. Each message is read against the forms of its command ([`message`]); what fits none is a problem,
//!    unless the exchange shows that the server refuses it.
//! 2. Its transaction id is followed through the session, its payload counted and read, its answer to a challenge
//!    computed.
//! 3. The versions in which each message is legal are intersected; the versions that the author states must lie inside.

use super::bindings::Bindings;
use super::contents;
use super::context::Context;
use super::counting::{self, Counted};
use super::guess;
use super::message::{self, Match, Reading, WireToken, Word};
use super::problem::Problem;
use super::refusal::{Refusal, refused};
use super::said::Said;
use super::secrets;
use super::session::Session;
use super::state::State;
use super::template::is_template;
use super::transcript::{Message, Payload, Step, Transcript};
use super::value;
use super::verdict::{MessageState, MessageVerdict, Verdict};
use super::versions::{Agreement, Legal};
use super::wildcard;
use super::wording;
use crate::grammar::{Command, Direction, Form, Server, ServerSet, Status, Version, VersionSet};
use crate::report::rules;

/// Holds an exchange against its context.
pub fn validate<'g>(transcript: &Transcript, context: &Context<'g>) -> Verdict<'g> {
    let messages: Vec<&Message> = transcript.messages().collect();
    let refused = refused(transcript, &messages, context.grammar);
    let mut run = Run {
        transcript,
        context,
        refused,
        session: Session::new(messages.iter().all(|m| m.direction == Direction::Client)),
        agreement: Agreement::new(context.claim, context.subject),
        wildcards: Bindings::default(),
        out: Verdict::default(),
    };
    if let Some(state) = context.after {
        run.session.begin_after(state);
    }
    let mut index = 0;
    for step in &transcript.steps {
        match step {
            Step::Message(message) => {
                run.message(index, message);
                index += 1;
            }
            Step::Gap => run.session.gap(),
            Step::Closed(_) => run.ended(Session::close),
            Step::Opened => run.ended(Session::open),
            Step::Pause => run.session.pause(),
            Step::Refused => {}
        }
    }
    run.ended(Session::end);
    run.out.problems.extend(run.agreement.hold_claim());
    run.out.versions = run.agreement.versions();
    run.out
}

struct Run<'a, 'g> {
    transcript: &'a Transcript,
    context: &'a Context<'g>,
    refused: Vec<Refusal>,
    session: Session<'a>,
    agreement: Agreement<'a, 'a>,
    wildcards: Bindings,
    out: Verdict<'g>,
}

impl<'a, 'g: 'a> Run<'a, 'g> {
    fn problem(&mut self, problem: Problem) {
        self.out.problems.push(problem);
    }

    /// Does something to the session that ends connections, and notes what they lacked.
    fn ended(&mut self, end: impl Fn(&mut Session<'a>) -> Vec<Problem>) {
        self.out.problems.extend(end(&mut self.session));
    }

    fn message(&mut self, index: usize, message: &Message) {
        let refusal = self.refused.get(index).copied().unwrap_or(Refusal::No);
        self.read_wildcards(message);
        let transcript = self.transcript;
        let first = message.pieces.first().map(|piece| transcript.text(*piece)).unwrap_or_default();
        let name = first.split(' ').next().unwrap_or_default();
        let verdict = if is_template(&transcript.text(message.span())) {
            self.template(message, name)
        } else if let Some(command) = self.context.grammar.command(name) {
            self.known(message, command, refusal)
        } else {
            self.unknown(message, name, refusal)
        };
        self.out.messages.push(verdict);
    }

    fn read_wildcards(&mut self, message: &Message) {
        let payload = match &message.payload {
            Payload::Lines(lines) => lines.as_slice(),
            Payload::Bytes(_) => &[],
        };
        for line in message.pieces.iter().chain(payload) {
            self.out.problems.extend(wildcard::misread(self.transcript, *line));
        }
        for line in payload {
            let bytes = self.transcript.bytes(*line);
            self.out.problems.extend(self.wildcards.bind(bytes, *line, &[]));
        }
    }

    /// Notes what the names of wildcards in a line's words stand for.
    fn bind_words(&mut self, matches: &[Match<'_>], words: &[Word<'_>]) {
        for (at, word) in words.iter().enumerate().skip(1).filter(|(_, word)| word.wild.is_some()) {
            let slots = matches.iter().filter_map(|m| m.slots.get(at - 1));
            let kinds: Vec<_> = slots.filter_map(|slot| value::find(slot.kind())).collect();
            // In a literal's place it can be anything.
            let kinds = if kinds.len() == matches.len() { kinds } else { Vec::new() };
            let bytes = self.transcript.bytes(word.span);
            self.out.problems.extend(self.wildcards.bind(bytes, word.span, &kinds));
        }
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

    fn template(&mut self, message: &Message, name: &str) -> MessageVerdict<'g> {
        let text = "this line stands for many wire lines, so it is not checked";
        self.problem(Problem::new(&rules::TEMPLATE, message.span(), text));
        if message.direction == Direction::Server {
            self.session.misheard();
        }
        self.ask_unchecked(message, name);
        MessageVerdict {
            tokens: self.command_word(message),
            state: MessageState::Template,
            ..MessageVerdict::default()
        }
    }

    fn command_word(&self, message: &Message) -> Vec<WireToken<'g>> {
        let words = message::read(self.transcript, message, &[]).words;
        words.first().map(message::command_token).into_iter().collect()
    }

    fn unknown(&mut self, message: &Message, name: &str, refusal: Refusal) -> MessageVerdict<'g> {
        let tokens = self.command_word(message);
        let span = tokens.first().map_or_else(|| message.span(), |token| token.span);
        let digits = name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_digit());
        let word = name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_uppercase());
        let grammar = self.context.grammar;
        let near = grammar.did_you_mean(name);
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

    fn known(
        &mut self,
        message: &Message,
        command: &'g Command,
        refusal: Refusal,
    ) -> MessageVerdict<'g> {
        let forms: Vec<&Form> =
            command.forms.iter().filter(|form| form.direction == message.direction).collect();
        let in_scope: Vec<&Form> = forms.iter().copied().filter(|f| self.in_scope(f)).collect();
        let here = self.session.servers();
        let likely: Vec<&Form> = (in_scope.iter().copied())
            .filter(|form| !form.servers.intersection(here).is_empty())
            .collect();
        let mut reading = message::read(self.transcript, message, &likely);
        let mut held = &likely;
        for wider in [&in_scope, &forms] {
            if reading.matches.is_empty() && wider.len() > held.len() {
                let other = message::read(self.transcript, message, wider);
                // An author is told of the forms that are likely.
                if reading.nearest.is_none() || !other.matches.is_empty() {
                    reading = other;
                }
                held = wider;
            }
        }
        complete(&mut reading, &forms, held);
        let fits_here = |m: &Match<'_>| !m.form.servers.intersection(here).is_empty();
        if reading.matches.iter().any(fits_here) {
            reading.matches.retain(fits_here);
        }
        if reading.matches.is_empty() {
            return self.fits_nothing(message, command, &reading, refusal);
        }
        self.fits(message, command, reading, refusal)
    }

    fn in_scope(&self, form: &Form) -> bool {
        let server = self.context.server.is_none_or(|server| form.servers.contains(server));
        server && !form.versions.intersection(self.agreement.scope()).is_empty()
    }

    fn fits_nothing(
        &mut self,
        message: &Message,
        command: &Command,
        reading: &Reading<'_, '_>,
        refusal: Refusal,
    ) -> MessageVerdict<'g> {
        if refusal == Refusal::No {
            let problem = match &reading.nearest {
                Some(nearest) => {
                    let problem = wording::mismatch(&reading.words, nearest);
                    self.guessed(problem, message.direction, command, &reading.words)
                }
                None => wording::wrong_direction(command, message.direction, &reading.words),
            };
            self.problem(problem);
        }
        if message.direction == Direction::Server {
            self.session.misheard();
        }
        self.ask_unchecked(message, &command.name);
        let tokens = reading.words.first().map(message::command_token).into_iter().collect();
        MessageVerdict { tokens, ..MessageVerdict::default() }
    }

    /// The problem of a line that fits no form, with what was probably meant.
    fn guessed(
        &self,
        problem: Problem,
        direction: Direction,
        command: &Command,
        words: &[Word<'_>],
    ) -> Problem {
        let in_scope = command.forms.iter().filter(|form| self.in_scope(form));
        let (own, others): (Vec<&Form>, Vec<&Form>) =
            in_scope.partition(|form| form.direction == direction);
        let problem = guess::explain(problem, words, &own);
        match others.first() {
            Some(other) if guess::fits(words, &others) => {
                let (who, mark) = match other.direction {
                    Direction::Client => ("client", "C: "),
                    Direction::Server => ("server", "S: "),
                };
                problem.help(format!("from the {who} the line would be right: write `{mark}`"))
            }
            _ => problem,
        }
    }

    fn fits(
        &mut self,
        message: &Message,
        command: &'g Command,
        mut reading: Reading<'a, 'g>,
        refusal: Refusal,
    ) -> MessageVerdict<'g> {
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
        // What can be sent only once a connection begins another one.
        let once = matches.iter().all(|m| m.form.place.is_some());
        let trid = matches.iter().find_map(|m| m.trid(words)).map(|(trid, _)| trid);
        if once && self.session.connection(servers).is_over(&command.name, trid) {
            self.ended(Session::renew);
        }
        self.bind_words(matches, words);
        let said = self.hear(message.direction, matches, words, refusal);
        let mut legal = versions;
        let payload = match refusal {
            Refusal::Close => None,
            _ => self.count_payload(message, matches, words, refusal),
        };
        let bytes = payload.and_then(|payload| wire_bytes(words, &payload));
        let connection = self.session.connection(servers);
        if refusal == Refusal::No {
            let seen = Seen { transcript: self.transcript, message, matches, words };
            let (problems, narrowed) = secrets::hold(&seen, connection, self.context, versions);
            self.out.problems.extend(problems);
            self.out.problems.extend(contents::hold(&seen, self.context));
            legal = narrowed;
            let (line, words) = (message.span(), words.to_vec());
            let direction = message.direction;
            let legal = Legal { command, direction, servers, versions: legal, line, words };
            self.out.problems.extend(self.agreement.add(legal));
        }
        self.choose_version(message.direction, matches, words);
        if matches.iter().all(|m| m.form.closes) {
            self.ended(|session| session.close_after(&said, servers));
        }
        let tokens = matches.first().map(|first| first.tokens(words)).unwrap_or_default();
        let index = |m: &Match<'_>| command.forms.iter().position(|f| std::ptr::eq(f, m.form));
        let forms = matches.iter().filter_map(index).collect();
        MessageVerdict { tokens, versions: legal, state: MessageState::Checked, bytes, forms }
    }

    /// A form of the protocol beats a variant. Where no form holds in some version that the example is about, but a
    /// variant does, that is worth a note.
    fn drop_variants(&mut self, reading: &mut Reading<'_, '_>, message: &Message) {
        let plain = reading.matches.iter().filter(|m| m.form.variant.is_none());
        let plain = plain.fold(VersionSet::EMPTY, |set, m| set.union(m.form.versions));
        let about = self.agreement.stated().unwrap_or(VersionSet::EMPTY);
        let open = about.difference(plain);
        let needed =
            |m: &Match<'_>| plain.is_empty() || !m.form.versions.intersection(open).is_empty();
        let scope = self.agreement.scope();
        // Legal only elsewhere, and that as the protocol has it: no variant makes it better.
        reading.matches.retain(|m| m.form.variant.is_none() || needed(m));
        let in_scope = |m: &&Match<'_>| !m.form.versions.intersection(scope).is_empty();
        let variants =
            reading.matches.iter().filter(in_scope).filter_map(|m| m.form.variant.as_ref());
        if let Some(variant) = variants.into_iter().next() {
            let text = format!("this is not the protocol's form, but a known one: {variant}");
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
        let after = self.context.after.filter(|_| self.out.messages.is_empty());
        let stated = self.context.server.map(|server| std::iter::once(server).collect());
        let stated: Option<ServerSet> = stated.or(after.map(State::servers));
        let Some(stated) = stated.filter(|stated| stated.intersection(servers).is_empty()) else {
            return;
        };
        if refusal != Refusal::No {
            return;
        }
        let names: Vec<&str> = servers.iter().map(Server::name).collect();
        let here: Vec<&str> = stated.iter().map(Server::name).collect();
        let text = format!("this `{}` is not known on a {}", command.name, here.join(" or "));
        let help = format!("it is known on: {}", names.join(", "));
        self.problem(Problem::new(&rules::WRONG_SERVER, wording::line(words), text).help(help));
    }

    /// Tells the session of a message that fits forms, and gives what it says.
    fn hear(
        &mut self,
        direction: Direction,
        matches: &[Match<'a>],
        words: &[Word<'a>],
        refusal: Refusal,
    ) -> Said<'a> {
        let scope = self.agreement.scope();
        let in_scope = |m: &&Match<'_>| !m.form.versions.intersection(scope).is_empty();
        let held: Vec<&Match<'a>> = matches.iter().filter(in_scope).collect();
        let held = if held.is_empty() { matches.iter().collect() } else { held };
        let servers = matches.iter().fold(ServerSet::EMPTY, |set, m| set.union(m.form.servers));
        let said = Said::new(direction, &held, words);
        let mut problems = self.session.hear(&said, servers, refusal);
        if self.context.foreign {
            // Its authors may know more of errors than the wiki that the grammar comes from.
            problems.retain(|problem| problem.rule != &rules::UNEXPECTED_ERROR);
        }
        self.out.problems.extend(problems);
        let counted: Vec<&str> = self.context.grammar.counted_in(&said.name).collect();
        if direction == Direction::Server && !counted.is_empty() {
            let ended = self.session.connection(servers).announce(&said, &counted);
            self.out.problems.extend(ended);
        }
        said
    }

    /// The payload's bytes; `None` where some are not shown, or their number is wrong.
    fn count_payload(
        &mut self,
        message: &Message,
        matches: &[Match<'_>],
        words: &[Word<'_>],
        refusal: Refusal,
    ) -> Option<Vec<u8>> {
        let with = matches.iter().find_map(|m| Some((m, m.length(words)?)));
        let Some((m, length)) = with else {
            let length = matches.iter().find_map(|m| m.word_of_kind("length", words));
            if let Some(length) = length {
                let text = "how long the payload is cannot be verified: its length is a wildcard";
                let help = "write the number of bytes";
                let problem = Problem::new(&rules::LENGTH_NOT_VERIFIABLE, length.span, text);
                self.problem(problem.help(help));
                return None;
            }
            // Whether a form that nobody knows has a payload is not known either.
            if matches.iter().any(|m| m.form.status == Some(Status::Unknown)) {
                return message.payload.is_blank().then(Vec::new);
            }
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
            return stray.is_none().then(Vec::new);
        };
        let kind = m.form.payload.as_deref().unwrap_or("any");
        let name = words.first().map_or("", |word| &word.text).to_owned();
        let stated = self.context.convention;
        let wildcards = &self.wildcards;
        let counted = Counted { name: &name, length, kind, stated, wildcards };
        let mut tally = counting::count(self.transcript, message, &counted);
        // What is refused may hold what cannot be read.
        tally.problems.retain(|p| refusal == Refusal::No || p.rule != &rules::PAYLOAD_FORMAT);
        self.out.problems.extend(tally.problems);
        tally.bytes
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
        // A client that is left with CVR0 speaks what it asks in the words of its own version.
        if let Some(version) = Version::parse(&word.text).filter(|v| *v != Version::CVR0) {
            self.out.problems.extend(self.agreement.choose(version, word.span));
        }
    }
}

/// A message with its reading, for checks that look at values.
pub(super) struct Seen<'a, 'm> {
    pub(super) transcript: &'a Transcript,
    pub(super) message: &'a Message,
    pub(super) matches: &'a [Match<'m>],
    pub(super) words: &'a [Word<'a>],
}

/// A message as it is on the wire; `None` where a wildcard stands for some of the line.
fn wire_bytes(words: &[Word<'_>], payload: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for (at, word) in words.iter().enumerate() {
        // Bytes that are no text are lost in a word.
        if word.wild.is_some() || word.text.contains('\u{fffd}') {
            return None;
        }
        if at > 0 {
            bytes.push(b' ');
        }
        bytes.extend(word.text.as_bytes());
    }
    bytes.extend(b"\r\n");
    bytes.extend(payload);
    Some(bytes)
}

/// Adds the matches of forms that are not among those `held`.
fn complete<'g>(reading: &mut Reading<'_, 'g>, forms: &[&'g Form], held: &[&'g Form]) {
    for form in forms {
        if held.iter().any(|other| std::ptr::eq(*other, *form)) {
            continue;
        }
        if let Some(slots) = message::accept(form, &reading.words) {
            reading.matches.push(Match { form, slots });
        }
    }
}
