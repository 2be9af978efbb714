//! Sessions that real programs had, against the wiki's grammar: what they sent is legal, where need be as a variant that is
//! known of them; and no cut of them, nor noise, makes the engine panic.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use wirebook::grammar::{Direction, Grammar, Server, Version, VersionSet};
use wirebook::msnp::{self, Claim, Context, Message, Payload, State, Step, Transcript, frame};
use wirebook::pipeline::built_in_grammar;
use wirebook::report::Severity;
use wirebook::text::Span;

#[derive(Deserialize)]
struct Record {
    conn: u32,
    dir: String,
    server: String,
    version: String,
    bytes_b64: String,
}

const CAPTURES: [&str; 2] = [
    include_str!("captures/bitlbee-1.2.8-msnp8.jsonl"),
    include_str!("captures/msnp11-sdk-0.13-msnp11.jsonl"),
];

/// Lines of the captures that the protocol does not ask for, but that the wiki knows of these programs.
const VARIANTS: [&str; 6] = [
    // escargot gives a group to somebody who is only blocked.
    "LST dave@example.com dave@example.com 4 0",
    // escargot ends a row without groups with a blank, and a `REG` or `ADG` with a `0`.
    "LST N=bob@example.com F=Bob C=a06af7ca-f92b-4462-9f38-7ccb67e25126 11 ",
    "LST N=carol@example.com F=Carol C=3a660629-f4b2-4c70-b8ec-ab8407e33c5b 3 ",
    "LST N=dave@example.com F=Dave 4 ",
    "ADG 10 My%20Friends 0a5d5511-024a-4d51-b3a9-00108094665f 0",
    "LST N=alice@example.com F=Alice C=ffeda646-9877-4970-96a2-e97dc74ff809 11 ",
];

/// One connection of a capture.
struct Connection {
    server: Server,
    version: Version,
    transcript: Transcript,
    /// Bytes at the end of each direction that make no whole message.
    rest: usize,
}

fn connections(capture: &str, grammar: &Grammar) -> Vec<Connection> {
    let mut connections: BTreeMap<u32, (Connection, BTreeMap<Direction, Vec<u8>>)> =
        BTreeMap::new();
    for line in capture.lines() {
        let record: Record = serde_json::from_str(line).unwrap();
        let direction = if record.dir == "C" { Direction::Client } else { Direction::Server };
        let bytes = STANDARD.decode(record.bytes_b64).unwrap();
        let (connection, pending) = connections.entry(record.conn).or_insert_with(|| {
            let server = Server::parse(&record.server).unwrap();
            let version = Version::parse(&record.version).unwrap();
            let transcript = Transcript::default();
            (Connection { server, version, transcript, rest: 0 }, BTreeMap::new())
        });
        let buffer = pending.entry(direction).or_default();
        buffer.extend(bytes);
        let versions = VersionSet::only(connection.version);
        let (messages, taken) = frame::cut(buffer, direction, versions, grammar);
        let offset = u32::try_from(connection.transcript.wire.len()).unwrap();
        connection.transcript.wire.extend(buffer.drain(..taken));
        let steps = messages.into_iter().map(|message| Step::Message(shifted(message, offset)));
        connection.transcript.steps.extend(steps);
    }
    let finished = connections.into_values().map(|(connection, pending)| {
        let rest = pending.values().map(Vec::len).sum();
        Connection { rest, ..connection }
    });
    finished.collect()
}

fn shifted(mut message: Message, offset: u32) -> Message {
    for piece in &mut message.pieces {
        *piece = piece.shifted(offset);
    }
    if let Payload::Bytes(span) = &mut message.payload {
        *span = span.shifted(offset);
    }
    message
}

fn open_context(grammar: &Grammar, foreign: bool) -> Context<'_> {
    Context {
        grammar,
        foreign,
        claim: None,
        subject: None,
        server: None,
        after: None,
        convention: None,
        password: Some("secret"),
        binary_secret: Some("QUJD"),
    }
}

fn context<'g>(grammar: &'g Grammar, connection: &Connection) -> Context<'g> {
    let versions = VersionSet::only(connection.version);
    Context {
        grammar,
        foreign: true,
        claim: Some(Claim { versions, anchor: None, strict: false }),
        subject: None,
        server: Some(connection.server),
        after: None,
        convention: None,
        password: None,
        binary_secret: None,
    }
}

#[test]
fn what_real_programs_said_is_legal() {
    let grammar = built_in_grammar();
    let mut found = Vec::new();
    let mut variants = Vec::new();
    let mut checked = 0;
    for capture in CAPTURES {
        for connection in connections(capture, &grammar) {
            assert_eq!(connection.rest, 0, "every byte belongs to a message");
            let verdict = msnp::validate(&connection.transcript, &context(&grammar, &connection));
            checked += verdict.messages.len();
            for problem in verdict.problems {
                let line = connection.transcript.text(problem.span).into_owned();
                assert_ne!(problem.rule.name, "unknown-content-type", "{line}");
                if problem.rule.name == "variant" {
                    variants.push(line);
                } else if problem.rule.severity > Severity::Note {
                    found.push((problem.rule.name, line, problem.message));
                }
            }
        }
    }
    assert!(checked > 150, "only {checked} messages");
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(variants, VARIANTS, "{variants:#?}");
}

/// The captures hold no data between two clients, so these bytes are made here: a header, data and the number at the end.
#[test]
fn binary_data_between_two_clients_is_looked_into() {
    let grammar = built_in_grammar();
    let found = |announced: u32, data: &[u8]| -> Vec<&str> {
        let head = "MIME-Version: 1.0\r\nContent-Type: application/x-msnmsgrp2p\r\nP2P-Dest: bob@example.com\r\n\r\n";
        let mut payload = head.as_bytes().to_vec();
        for number in [9, 1, 0, 0, 64, 0, announced, 0, 1, 0, 0, 0_u32] {
            payload.extend(number.to_le_bytes());
        }
        payload.extend(data);
        payload.extend(1_u32.to_be_bytes());
        let mut stream = format!("MSG 1 D {}\r\n", payload.len()).into_bytes();
        stream.extend(payload);
        let versions = VersionSet::only(Version::parse("MSNP9").unwrap());
        let (messages, taken) = frame::cut(&stream, Direction::Client, versions, &grammar);
        assert_eq!(taken, stream.len());
        let steps = messages.into_iter().map(Step::Message).collect();
        let transcript = Transcript { wire: stream, steps };
        let verdict = msnp::validate(&transcript, &open_context(&grammar, true));
        verdict.problems.into_iter().map(|problem| problem.rule.name).collect()
    };
    // Line breaks in the data are data.
    assert_eq!(found(12, b"\r\n\r\n\0\n\n[..]\xff"), [""; 0]);
    assert_eq!(found(13, b"\r\n\r\n\0\n\n[..]\xff"), ["p2p-format"]);
}

/// A stream cut short gives the first messages of the whole, and keeps the rest for later.
#[test]
fn a_capture_cut_at_any_length_gives_a_prefix() {
    let grammar = built_in_grammar();
    for capture in CAPTURES {
        for connection in connections(capture, &grammar) {
            let versions = VersionSet::only(connection.version);
            for direction in [Direction::Client, Direction::Server] {
                let stream = stream(&connection, direction);
                let (whole, _) = frame::cut(&stream, direction, versions, &grammar);
                for length in 0..=stream.len() {
                    let (part, taken) =
                        frame::cut(&stream[..length], direction, versions, &grammar);
                    assert!(taken <= length);
                    assert_eq!(part, whole[..part.len()]);
                }
            }
        }
    }
}

fn stream(connection: &Connection, direction: Direction) -> Vec<u8> {
    let mut stream = Vec::new();
    for message in connection.transcript.messages().filter(|m| m.direction == direction) {
        stream.extend_from_slice(connection.transcript.bytes(message.span()));
        stream.extend_from_slice(b"\r\n");
        if let Payload::Bytes(span) = message.payload {
            stream.extend_from_slice(connection.transcript.bytes(span));
        }
    }
    stream
}

/// Words of lines, most of them wrong.
const VALUES: [&str; 19] = [
    "0",
    "1",
    "4294967296",
    "",
    "a@b.c",
    "NLN",
    "%",
    "%zz",
    "\u{9b}",
    "{}",
    "TrID",
    "é",
    "..",
    "\0",
    "[..]",
    "1[..a:3..]é",
    "[..hex 20 ff..]",
    "[..sp..]",
    "[..a b",
];

/// Any bytes in any steps: a verdict for each message, never a panic.
#[test]
fn noise_is_answered_with_problems() {
    let grammar = built_in_grammar();
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(below).unwrap()).unwrap()
    };
    let words: Vec<&str> = grammar.commands.keys().map(String::as_str).collect();
    for _ in 0..4000 {
        let mut transcript = Transcript::default();
        for _ in 0..next(6) {
            let mut line = words[next(words.len())].to_owned();
            for _ in 0..next(7) {
                line.push(' ');
                line.push_str(VALUES[next(VALUES.len())]);
            }
            let start = transcript.wire.len();
            transcript.wire.extend(line.bytes());
            if next(5) == 0 && !transcript.wire.is_empty() {
                let at = next(transcript.wire.len());
                transcript.wire[at] = u8::try_from(next(256)).unwrap();
            }
            let direction = if next(2) == 0 { Direction::Client } else { Direction::Server };
            let mut message = Message::line(direction, Span::new(start, transcript.wire.len()));
            message.payload = Payload::Lines(vec![Span::new(start, start + next(40))]);
            transcript.steps.push(Step::Message(message));
        }
        let after = State::ALL.get(next(8)).copied();
        let context = Context { after, ..open_context(&grammar, next(2) == 0) };
        let verdict = msnp::validate(&transcript, &context);
        assert_eq!(verdict.messages.len(), transcript.messages().count());
        for direction in [Direction::Client, Direction::Server] {
            let (_, taken) = frame::cut(&transcript.wire, direction, VersionSet::all(), &grammar);
            assert!(taken <= transcript.wire.len());
        }
    }
}
