//! Exchanges of a page as the checker understood them, with the place of every word.
//!
//! In: a checked book in which every example is accepted. Out: for each page its [`Exchange`]s. Fences under one heading
//! that state the same versions make one, and prose between them tells of connections, as in the checker.

use std::ops::Range;

use wirebook::book::{Entry, PageKind};
use wirebook::check::{Checked, Example, ExampleLine, Role, State, Token, TokenClass};
use wirebook::grammar::{Direction, VersionSet};
use wirebook::markdown::{Block, inline_text};
use wirebook::text::Span;

/// Examples that belong together.
pub(crate) struct Exchange<'a> {
    pub(crate) entry: &'a Entry,
    /// Its fences, by index into the page's.
    pub(crate) fences: Vec<usize>,
    pub(crate) messages: Vec<Message>,
    /// Versions that its author states, or else those in which it is legal.
    pub(crate) versions: VersionSet,
    /// True if all of `versions` are stated, so that each line must be legal in each of them.
    pub(crate) strict: bool,
    /// True if something is left out on purpose.
    pub(crate) gaps: bool,
}

/// A command with its payload.
pub(crate) struct Message {
    pub(crate) direction: Direction,
    /// The whole first line, with its mark.
    pub(crate) line: Span,
    /// Its words; the first is the command word.
    pub(crate) words: Vec<Word>,
    /// Lines of the payload in the file; empty ones between two commands too.
    pub(crate) payload: Vec<Span>,
    /// From the first byte of the first line to the last of the last one.
    pub(crate) block: Span,
    pub(crate) trid: Option<u32>,
    /// True if the server refuses it, so that it may be wrong.
    pub(crate) refused: bool,
    /// True if the page tells that the connection is closed after it.
    pub(crate) closed: bool,
    /// Number of the connection, in order.
    pub(crate) connection: usize,
    /// Index of the fence in the exchange.
    pub(crate) fence: usize,
    /// Index of the request that it answers by its id.
    pub(crate) request: Option<usize>,
}

/// A word of a command line.
#[derive(Clone)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// Where its first part stands.
    pub(crate) span: Span,
    pub(crate) class: Option<TokenClass>,
    /// Name of the parameter; may be empty.
    pub(crate) name: String,
    /// Kind of its value; may be empty.
    pub(crate) kind: String,
    /// True if it stands on one line.
    pub(crate) whole: bool,
    /// True if the word before it stands on the same line.
    pub(crate) follows: bool,
}

impl Exchange<'_> {
    /// The text under a span.
    pub(crate) fn text(&self, span: Span) -> &str {
        self.entry.source.slice(span)
    }

    /// Messages that must be right, with their index.
    pub(crate) fn sound(&self) -> impl Iterator<Item = (usize, &Message)> {
        self.messages.iter().enumerate().filter(|(_, message)| !message.refused)
    }

    /// Requests with an id, with their index.
    pub(crate) fn requests(&self) -> impl Iterator<Item = (usize, &Message)> {
        let asks = |m: &Message| m.direction == Direction::Client && m.trid.is_some();
        self.messages.iter().enumerate().filter(move |(_, message)| asks(message))
    }

    /// The replies to the request at `index`, with theirs.
    pub(crate) fn replies(&self, index: usize) -> impl Iterator<Item = (usize, &Message)> {
        let answers = move |m: &Message| m.request == Some(index);
        self.messages.iter().enumerate().filter(move |(_, message)| answers(message))
    }
}

impl Message {
    /// The command word.
    pub(crate) fn name(&self) -> &str {
        self.words.first().map_or("", |word| &word.text)
    }

    /// True for the three digits of an error.
    pub(crate) fn is_error(&self) -> bool {
        self.name().starts_with(|first: char| first.is_ascii_digit())
    }

    /// Its words as texts.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.words.iter().map(|word| word.text.clone()).collect()
    }

    /// The word of this name, with its index.
    pub(crate) fn named(&self, name: &str) -> Option<(usize, &Word)> {
        self.words.iter().enumerate().find(|(_, word)| word.name == name)
    }

    /// The word of this kind, with its index.
    pub(crate) fn of_kind(&self, kind: &str) -> Option<(usize, &Word)> {
        self.words.iter().enumerate().find(|(_, word)| word.kind == kind)
    }
}

/// The exchanges of a page; those that are not wholly checked are left out.
pub(crate) fn exchanges<'a>(checked: &'a Checked, entry: &'a Entry) -> Vec<Exchange<'a>> {
    let path = &entry.page.path;
    let mut groups: Vec<Group> = Vec::new();
    let mut open = false;
    for block in &entry.page.blocks {
        match block {
            Block::Heading(_) => open = false,
            Block::Paragraph(inlines, _) => {
                let text = inline_text(inlines).to_lowercase();
                if let Some(group) = groups.last_mut().filter(|_| open) {
                    open = group.paragraph(&text);
                }
            }
            Block::Fence(index) => {
                let Some(example) = checked.examples.get(&(path.clone(), *index)) else {
                    continue;
                };
                let fence = entry.page.fences.get(*index);
                let value = |key| fence.and_then(|f| f.attributes.value(key)).map(str::to_owned);
                let (version, session) = (value("version"), value("session"));
                let same = |group: &Group| group.version == version && group.session == session;
                let known = groups.iter().position(|g| session.is_some() && g.session == session);
                let last = groups.len().checked_sub(1).filter(|_| open);
                let last = last.filter(|at| groups.get(*at).is_some_and(same));
                if let Some(group) = known.or(last).and_then(|at| groups.get_mut(at)) {
                    group.parts.push(Part::Fence(*index, Example::clone(example)));
                } else {
                    let parts = vec![Part::Fence(*index, Example::clone(example))];
                    groups.push(Group { version, session, parts });
                }
                open = true;
            }
            _ => {}
        }
    }
    groups.iter().filter_map(|group| read(entry, group)).collect()
}

/// Fences that belong together, and what happens between them.
struct Group {
    version: Option<String>,
    session: Option<String>,
    parts: Vec<Part>,
}

enum Part {
    Fence(usize, Example),
    Gap,
    Closed,
    Opened,
}

impl Group {
    /// Takes what a paragraph tells; false if it ends the exchange.
    fn paragraph(&mut self, text: &str) -> bool {
        let tells = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if text.starts_with("...") {
            self.parts.push(Part::Gap);
        }
        let ends = ["disconnect", "closes", "closed", "drops", "dropped", "ignores", "is ignored"];
        let opens = ["opens a connection", "opens a new connection", "connects to", "reconnects"];
        if tells(&ends) {
            self.parts.push(Part::Closed);
        }
        if tells(&opens) {
            self.parts.push(Part::Opened);
        }
        tells(&ends) || tells(&opens) || !(tells(&["version", "msnp"]))
    }
}

fn read<'a>(entry: &'a Entry, group: &Group) -> Option<Exchange<'a>> {
    let mut out = Exchange {
        entry,
        fences: Vec::new(),
        messages: Vec::new(),
        versions: VersionSet::all(),
        strict: group.version.is_some() || entry.kind == PageKind::Version,
        gaps: false,
    };
    let mut connection = 0;
    for part in &group.parts {
        match part {
            Part::Gap => out.gaps = true,
            Part::Opened => connection += 1,
            Part::Closed => {
                refuse_last(&mut out.messages);
                if let Some(last) = out.messages.last_mut() {
                    last.closed = true;
                }
                connection += 1;
            }
            Part::Fence(index, example) => {
                if example.state != State::Checked {
                    return None;
                }
                out.gaps |= example.lines.iter().any(|line| {
                    line.role == Role::Other && entry.source.slice(line.span).trim() == "..."
                });
                out.versions = out.versions.intersection(example.versions);
                let fence = out.fences.len();
                for mut message in messages(entry, &example.lines) {
                    (message.connection, message.fence) = (connection, fence);
                    out.messages.push(message);
                }
                out.fences.push(*index);
            }
        }
    }
    follow(&mut out.messages);
    Some(out)
}

/// The last request may be wrong where nothing answers it, for the server closes the connection on it.
fn refuse_last(messages: &mut [Message]) {
    let last = messages.iter().rposition(|message| message.direction == Direction::Client);
    let Some((message, later)) = last.and_then(|at| messages.get_mut(at..)?.split_first_mut())
    else {
        return;
    };
    let answered = later.iter().any(|m| m.trid.is_some() && m.trid == message.trid);
    message.refused |= !answered;
}

/// Finds the request of each reply, and what is refused.
fn follow(messages: &mut [Message]) {
    let mut again = 0;
    let mut last = 0;
    for at in 0..messages.len() {
        let (before, rest) = messages.split_at_mut(at);
        let Some(message) = rest.first_mut() else { continue };
        message.connection += again * 1000;
        if message.direction == Direction::Client {
            // An id that does not rise is that of another connection.
            if message.trid.is_some_and(|trid| trid <= last) {
                again += 1;
                message.connection += 1000;
            }
            last = message.trid.unwrap_or(last);
            continue;
        }
        let asks = |m: &Message| {
            m.direction == Direction::Client
                && m.connection == message.connection
                && m.trid.is_some()
                && m.trid == message.trid
        };
        message.request = before.iter().rposition(asks);
        let (error, out) = (message.is_error(), message.name() == "OUT");
        if out {
            refuse_last(before);
        }
        let last = || before.iter().rposition(|m| m.direction == Direction::Client);
        let asked = message.request.or_else(last).filter(|_| error);
        if let Some(request) = asked.and_then(|at| before.get_mut(at)) {
            request.refused = true;
        }
    }
}

/// The messages in the lines of a fence.
fn messages(entry: &Entry, lines: &[ExampleLine]) -> Vec<Message> {
    let mut out: Vec<Message> = Vec::new();
    for line in lines {
        let direction = match line.role {
            Role::Client => Direction::Client,
            Role::Server => Direction::Server,
            _ => {
                if let Some(message) = out.last_mut() {
                    go_on(entry, message, line);
                }
                continue;
            }
        };
        let words = words(entry, line, line.wire);
        let trid = words.iter().find(|word| word.kind == "trid");
        let trid = trid.and_then(|word| word.text.parse().ok());
        out.push(Message {
            direction,
            line: line.span,
            words,
            payload: Vec::new(),
            block: line.span,
            trid,
            refused: false,
            closed: false,
            connection: 0,
            fence: 0,
            request: None,
        });
    }
    out
}

fn go_on(entry: &Entry, message: &mut Message, line: &ExampleLine) {
    match line.role {
        Role::Payload => {
            message.payload.push(line.span);
            message.block = message.block.to(line.span);
        }
        Role::Continuation => {
            message.block = message.block.to(line.span);
            let mut more = words(entry, line, line.wire);
            let mark = entry.source.slice(Span { end: line.wire.start, ..line.span });
            let same = message.words.last().zip(more.first()).is_some_and(|(a, b)| {
                !a.name.is_empty() && (&a.name, &a.kind) == (&b.name, &b.kind)
            });
            if (mark == "..+" || same) && mark != "..  " && !more.is_empty() {
                let first = more.remove(0);
                if let Some(last) = message.words.last_mut() {
                    last.text.push_str(&first.text);
                    last.whole = false;
                }
                // The word behind a joined one cannot be told from it by its place alone.
                if let Some(next) = more.first_mut() {
                    next.follows = false;
                }
            }
            message.words.extend(more);
        }
        _ => {}
    }
}

fn words(entry: &Entry, line: &ExampleLine, wire: Span) -> Vec<Word> {
    let mut start = wire.start as usize;
    let mut out: Vec<Word> = Vec::new();
    for text in entry.source.slice(wire).split(' ') {
        let range: Range<usize> = start..start + text.len();
        start = range.end + 1;
        let span = Span::from(range);
        let token: Option<&Token> = line.tokens.iter().find(|token| token.span == span);
        out.push(Word {
            text: text.to_owned(),
            span,
            class: token.map(|token| token.class),
            name: token.map(|token| token.name.clone()).unwrap_or_default(),
            kind: token.map(|token| token.kind.clone()).unwrap_or_default(),
            whole: true,
            follows: !out.is_empty(),
        });
    }
    out
}
