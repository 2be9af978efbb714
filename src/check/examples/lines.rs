//! Lines of an exchange into a transcript, with a map back to the file.

use super::comment;
use super::reply::{self, Answer, Reply};
use super::scene::{self, Part};
use crate::book::Entry;
use crate::check::Role;
use crate::grammar::{Direction, Grammar, Server, VersionSet};
use crate::msnp::{Joint, Message, Payload, Step, Transcript, frame};
use crate::report::{Diagnostic, rules};
use crate::text::{Edit, Fix, FixLevel, Span};

/// A transcript, where each of its bytes stands in the file, and what each line of the fences is.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) transcript: Transcript,
    pub(super) map: Map,
    /// One a line of the fences, in order.
    pub(super) lines: Vec<Line>,
}

/// A line of a fence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Index of the fence.
    pub(super) fence: usize,
    /// What it is.
    pub(super) role: Role,
    /// The whole line in the file.
    pub(super) span: Span,
    /// The wire text in the file.
    pub(super) file: Span,
    /// The wire text in the transcript.
    pub(super) wire: Span,
    /// Index of the message it belongs to.
    pub(super) message: Option<usize>,
}

/// Pieces of the transcript and where they stand in the file. Invariant: they ascend in both.
#[derive(Debug, Default)]
pub(super) struct Map {
    pieces: Vec<(Span, u32)>,
}

impl Map {
    /// The place in the file.
    pub(super) fn file(&self, wire: Span) -> Span {
        let start = self.offset(wire.start);
        if wire.is_empty() {
            return Span { start, end: start };
        }
        let end = self.offset(wire.end - 1).saturating_add(1);
        Span { start, end: end.max(start) }
    }

    fn offset(&self, wire: u32) -> u32 {
        let after = self.pieces.partition_point(|(piece, _)| piece.start <= wire);
        let Some((piece, file)) = after.checked_sub(1).and_then(|at| self.pieces.get(at)) else {
            return self.pieces.first().map_or(0, |(_, file)| *file);
        };
        file + (wire - piece.start).min(piece.end - piece.start)
    }

    /// The parts of a wire span that lie in different pieces, as places in the file.
    pub(super) fn parts(&self, wire: Span) -> Vec<Span> {
        let overlap = self.pieces.iter().filter_map(|(piece, file)| {
            let (start, end) = (piece.start.max(wire.start), piece.end.min(wire.end));
            let at = file + (start.saturating_sub(piece.start));
            (start < end).then(|| Span { start: at, end: at + (end - start) })
        });
        overlap.collect()
    }
}

/// Reads the fences of an exchange; `grammar` tells which words are commands, and which have payloads.
pub(super) fn write(
    entry: &Entry,
    parts: &[Part],
    grammar: &Grammar,
    diagnostics: &mut Vec<Diagnostic>,
) -> Written {
    let mut writer =
        Writer { entry, grammar, diagnostics, fence: 0, out: Written::default(), count: 0 };
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Payload(index) => {
                let fence = entry.page.fences.get(*index);
                writer.payload_below(fence.map_or(&[], |fence| fence.lines.as_slice()));
            }
            Part::Event(step) => writer.out.transcript.steps.push(step.clone()),
            Part::Fence(index, stated) => {
                writer.fence = *index;
                let lines = entry.page.fences.get(*index).map(|fence| fence.lines.as_slice());
                let lines = lines.unwrap_or_default();
                // Who says that a session goes on means the same connection.
                if stated.after.is_none() {
                    let again = writer.starts_again(lines, stated.session.is_some());
                    let apart = if again { Step::Opened } else { Step::Pause };
                    writer.out.transcript.steps.push(apart);
                }
                let first = writer.out.transcript.steps.len();
                writer.lines(lines);
                let server = scene::common(scene::connection(parts, at), |stated| stated.server);
                writer.on(server, first);
                if let Some((reply, span)) = &stated.reply {
                    writer.reply(first, reply, *span);
                }
            }
        }
    }
    writer.out
}

struct Writer<'a> {
    entry: &'a Entry,
    grammar: &'a Grammar,
    diagnostics: &'a mut Vec<Diagnostic>,
    fence: usize,
    out: Written,
    /// How many messages there are.
    count: usize,
}

const MARKS: [(&str, Direction); 4] = [
    ("C: ", Direction::Client),
    ("S: ", Direction::Server),
    (">>> ", Direction::Client),
    ("<<< ", Direction::Server),
];

impl Writer<'_> {
    /// Says of the messages from the step `first` on which server they are exchanged with.
    fn on(&mut self, server: Option<Server>, first: usize) {
        for step in self.out.transcript.steps.iter_mut().skip(first) {
            if let Step::Message(message) = step {
                message.server = server;
            }
        }
    }

    /// True if the first request of another fence has the id 1, or one that is not above the last: a connection of its own.
    /// A `named` session goes on whatever its ids.
    fn starts_again(&self, lines: &[Span], named: bool) -> bool {
        let mut texts = lines.iter().map(|line| self.entry.source.slice(*line));
        let asks = |text: &&str| text.starts_with("C: ") || text.starts_with(">>> ");
        let request = texts.find(asks);
        let asked = |text: &str| {
            let mut words = text.split(' ').map(str::to_owned);
            let (name, id) = (words.next()?, words.next()?);
            Some((id.parse::<u32>().ok()?, name))
        };
        let first = request.and_then(|text| text.split_once(' ')).and_then(|(_, line)| asked(line));
        let sent = self.out.transcript.messages().filter(|m| m.direction == Direction::Client);
        let sent = sent.filter_map(|message| asked(&self.out.transcript.text(message.span())));
        // The same request again is another way it can go; another one with the same id is a slip.
        let falls = first
            .as_ref()
            .zip(sent.last())
            .is_some_and(|(first, last)| first.0 < last.0 || *first == last);
        let first = first.map(|(id, _)| id);
        (falls && !named) || (self.count > 0 && first == Some(1))
    }

    fn lines(&mut self, lines: &[Span]) {
        // The last message of another fence takes no payload from this one.
        let mut fresh = true;
        for span in lines {
            let text = self.entry.source.slice(*span).to_owned();
            self.line(*span, &text, fresh);
            fresh &= text.is_empty();
        }
    }

    fn line(&mut self, span: Span, text: &str, fresh: bool) {
        if let Some((mark, direction)) = MARKS.iter().find(|(mark, _)| text.starts_with(mark)) {
            return self.marked(span, text, mark, *direction);
        }
        if let Some(direction) = nearly_marked(text, self.grammar) {
            return self.nearly_marked(span, text, direction);
        }
        let message = self.last_message().filter(|_| !fresh);
        let transcript = &self.out.transcript;
        if comment::is_comment(text)
            && !message.is_some_and(|m| comment::is_payload(text, m, transcript, self.grammar))
        {
            return self.comment(span);
        }
        let message = self.last_message();
        let started = message.is_some_and(|m| m.payload.span().is_some());
        let words = message.map(|m| (m.direction, self.out.transcript.text(m.span()).into_owned()));
        let (direction, line) = words.unwrap_or((Direction::Client, String::new()));
        let takes_payload = self.takes_payload(&line, direction);
        if fresh && !text.is_empty() {
            if is_elision(text) {
                return self.gap(span);
            }
            return self.stray(span);
        }
        if !started && text.starts_with("..") && text != "..." {
            return self.continuation(span, text);
        }
        if is_elision(text) && !(takes_payload || started) {
            return self.gap(span);
        }
        let same_word = line.split(' ').next().zip(text.split(' ').next());
        let repeats = same_word.is_some_and(|(a, b)| a == b && self.grammar.command(a).is_some());
        if repeats && !started && !fresh {
            return self.message(span, span, direction);
        }
        if fresh {
            return self.push_line(span, Role::Other, Span::new(0, 0), None);
        }
        self.payload(span);
    }

    /// True if a payload follows a line: it ends in a length, and its command has payloads.
    fn takes_payload(&self, line: &str, direction: Direction) -> bool {
        let mut words = line.split(' ');
        let command = words.next().and_then(|word| self.grammar.command(word));
        let length = words.next_back().unwrap_or_default();
        command.is_none_or(|command| command.has_payload(direction))
            && length.bytes().all(|byte| byte.is_ascii_digit())
            && length.bytes().any(|byte| byte != b'0')
    }

    fn marked(&mut self, span: Span, text: &str, mark: &str, direction: Direction) {
        let rest = text.get(mark.len()..).unwrap_or_default();
        if is_elision(rest) {
            return self.gap(span);
        }
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        let start = span.start as usize + mark.len();
        if blanks > 0 {
            let extra = Span::new(start, start + blanks);
            let message = "more than one blank stands before the command";
            let fix = Fix {
                level: FixLevel::Safe,
                edits: vec![Edit { span: extra, text: String::new() }],
            };
            self.prefix_problem(extra, message, Some(fix));
        }
        let file = Span::new(start + blanks, span.end as usize);
        self.message(span, file, direction);
    }

    fn nearly_marked(&mut self, span: Span, text: &str, direction: Direction) {
        let colon = text.find(':').unwrap_or(0);
        let rest = text.get(colon + 1..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start().len();
        let start = span.start as usize;
        let found = Span::new(start, start + colon + 1 + blanks);
        let right = if direction == Direction::Client { "C: " } else { "S: " };
        let fix = Fix {
            level: FixLevel::Safe,
            edits: vec![Edit { span: found, text: right.to_owned() }],
        };
        let message = format!("a wire line begins with `{right}`, exactly so");
        self.prefix_problem(found, &message, Some(fix));
        self.message(span, Span::new(found.end as usize, span.end as usize), direction);
    }

    fn prefix_problem(&mut self, span: Span, message: &str, fix: Option<Fix>) {
        let path = &self.entry.page.path;
        let mut diagnostic = Diagnostic::new(&rules::LINE_PREFIX, path, span, message)
            .with_help("write `C: ` or `S: ` and the command word");
        diagnostic.fix = fix;
        self.diagnostics.push(diagnostic);
    }

    fn last_message(&self) -> Option<&Message> {
        match self.out.transcript.steps.last() {
            Some(Step::Message(message)) => Some(message),
            _ => None,
        }
    }

    fn last_message_mut(&mut self) -> Option<&mut Message> {
        match self.out.transcript.steps.last_mut() {
            Some(Step::Message(message)) => Some(message),
            _ => None,
        }
    }

    /// Appends file text to the wire; a line break goes before it unless it continues a line.
    fn append(&mut self, file: Span, continues: bool) -> Span {
        let wire = &mut self.out.transcript.wire;
        if !continues && !wire.is_empty() {
            wire.extend_from_slice(b"\r\n");
        }
        let start = wire.len();
        wire.extend_from_slice(self.entry.source.slice(file).as_bytes());
        let span = Span::new(start, wire.len());
        self.out.map.pieces.push((span, file.start));
        span
    }

    fn push_line(&mut self, span: Span, role: Role, file_wire: Span, wire: Option<Span>) {
        let message = self.count.checked_sub(1).filter(|_| wire.is_some());
        let file = if wire.is_some() { file_wire } else { span };
        let wire = wire.unwrap_or_default();
        self.out.lines.push(Line { fence: self.fence, role, span, file, wire, message });
    }

    fn message(&mut self, span: Span, file: Span, direction: Direction) {
        let wire = self.append(file, false);
        self.out.transcript.steps.push(Step::Message(Message::line(direction, wire)));
        self.count += 1;
        let role = match direction {
            Direction::Client => Role::Client,
            Direction::Server => Role::Server,
        };
        self.push_line(span, role, file, Some(wire));
    }

    fn continuation(&mut self, span: Span, text: &str) {
        let (mark, joint) = if text.starts_with("..+") {
            (3, Joint::Tight)
        } else if text.starts_with("..  ") {
            (4, Joint::Blank)
        } else if text.starts_with(".. ") {
            (3, Joint::Either)
        } else {
            (2, Joint::Either)
        };
        if self.last_message().is_none() {
            return self.stray(span);
        }
        let file = Span::new(span.start as usize + mark, span.end as usize);
        let wire = self.append(file, true);
        if let Some(message) = self.last_message_mut() {
            message.pieces.push(wire);
            message.joints.push(joint);
        }
        self.push_line(span, Role::Continuation, file, Some(wire));
    }

    fn payload(&mut self, span: Span) {
        if self.last_message().is_none() {
            return self.push_line(span, Role::Other, span, None);
        }
        let wire = self.append(span, false);
        if let Some(Message { payload: Payload::Lines(lines), .. }) = self.last_message_mut() {
            lines.push(wire);
        }
        self.push_line(span, Role::Payload, span, Some(wire));
    }

    fn comment(&mut self, span: Span) {
        self.push_line(span, Role::Comment, span, None);
    }

    /// Takes the lines of another fence for the payload of the last message, if it announces one and shows none.
    fn payload_below(&mut self, lines: &[Span]) {
        let Some(message) = self.last_message().filter(|m| m.payload.is_blank()) else { return };
        let line = self.out.transcript.bytes(message.span());
        let announced =
            frame::payload_length(line, message.direction, VersionSet::all(), self.grammar);
        if announced.is_none_or(|length| length == 0) {
            return;
        }
        let wires: Vec<Span> = lines.iter().map(|line| self.append(*line, false)).collect();
        if let Some(message) = self.last_message_mut() {
            message.payload = Payload::Lines(wires);
        }
    }

    fn gap(&mut self, span: Span) {
        self.out.transcript.steps.push(Step::Gap);
        self.push_line(span, Role::Other, span, None);
    }

    /// Adds what `reply=`, whose value stands at `span`, says to the steps of a fence, which are those from `first` on.
    fn reply(&mut self, first: usize, reply: &Reply, span: Span) {
        let path = &self.entry.page.path;
        match reply::answer(&self.out.transcript, first, reply) {
            Answer::Shown => {}
            Answer::Step(step) => self.out.transcript.steps.push(step),
            Answer::Line(line) => self.unwritten(&line, span),
            Answer::Other(wire) => {
                let text = "the example shows another reply than the one stated here";
                let shown = self.out.map.file(wire);
                let diagnostic = Diagnostic::new(&rules::REPLY_MISMATCH, path, span, text);
                let help = "drop the attribute, or correct one of the two";
                self.diagnostics
                    .push(diagnostic.with_label(shown, "the reply shown").with_help(help));
            }
            Answer::Nothing => {
                let text = "a reply is stated, but no line of a client stands in this example";
                let diagnostic = Diagnostic::new(&rules::REPLY_MISMATCH, path, span, text);
                self.diagnostics.push(diagnostic.with_help("state it where the request stands"));
            }
        }
    }

    /// Adds a line of the server that an attribute at `file` stands for; its first word is the attribute's value.
    fn unwritten(&mut self, line: &str, file: Span) {
        let wire = &mut self.out.transcript.wire;
        wire.extend_from_slice(b"\r\n");
        let start = wire.len();
        wire.extend_from_slice(line.as_bytes());
        let span = Span::new(start, wire.len());
        let word = Span::new(start, start + file.len());
        // Of what is not in the file, everything stands at the value's end.
        let rest = Span { start: word.end, end: word.end };
        self.out.map.pieces.push((word, file.start));
        self.out.map.pieces.push((rest, file.end.saturating_sub(1)));
        self.out.transcript.steps.push(Step::Message(Message::line(Direction::Server, span)));
        self.count += 1;
    }

    fn stray(&mut self, span: Span) {
        let message = "this line is neither a command nor the payload of one";
        let path = &self.entry.page.path;
        let help = "begin it with `C: ` or `S: `, or with `.. ` to continue the line above";
        self.diagnostics
            .push(Diagnostic::new(&rules::STRAY_LINE, path, span, message).with_help(help));
        self.push_line(span, Role::Other, span, None);
    }
}

/// True for what authors write where lines are left out.
fn is_elision(text: &str) -> bool {
    matches!(text.trim(), "..." | "…" | "[...]" | "(...)" | "[…]" | "(…)" | "[snip]" | "(snip)")
}

/// The direction of a line that begins almost as it should: `C:VER`, `c: VER`, `S:  VER`.
fn nearly_marked(text: &str, grammar: &Grammar) -> Option<Direction> {
    let (mark, rest) = text.split_once(':')?;
    let word = rest.split_whitespace().next()?;
    grammar.command(word)?;
    match mark {
        "C" | "c" => Some(Direction::Client),
        "S" | "s" => Some(Direction::Server),
        _ => None,
    }
}
