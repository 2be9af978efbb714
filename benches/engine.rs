//! How fast the engine is: bytes a second of recorded sessions, examples a second of the wiki, on one core.
//!
//! `cargo bench --bench engine`; `-- --save-baseline before`, and later `-- --baseline before`, compare.
//!
//! - `capture/frames`: the streams of the recorded sessions, repeated, cut into messages;
//! - `capture/validate`: the same, cut and held against the grammar session by session;
//! - `wiki/validate`: every example of the wiki, as a transcript that was made before;
//! - `wiki/check`: the whole wiki checked from parsed pages, on one thread.
#![expect(clippy::unwrap_used, reason = "a program for developers")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use criterion::{Criterion, Throughput};
use serde::Deserialize;
use wirebook::check::{self, Checked, Example, ExampleLine, Role};
use wirebook::config::Config;
use wirebook::grammar::{Direction, Grammar, Version, VersionSet};
use wirebook::msnp::{self, Claim, Context, Joint, Message, Payload, Step, Transcript, frame};
use wirebook::pipeline::{self, Memo, built_in_grammar, built_in_wiki};
use wirebook::text::Span;

const CAPTURES: [&str; 2] = [
    include_str!("../tests/captures/bitlbee-1.2.8-msnp8.jsonl"),
    include_str!("../tests/captures/msnp11-sdk-0.13-msnp11.jsonl"),
];

/// How much a capture is repeated, in bytes.
const SIZE: usize = 4 << 20;

#[derive(Deserialize)]
struct Record {
    conn: u32,
    dir: String,
    version: String,
    bytes_b64: String,
}

/// A recorded session: what each side said, part by part.
struct Session {
    versions: VersionSet,
    parts: Vec<(Direction, Vec<u8>)>,
}

impl Session {
    fn size(&self) -> usize {
        self.parts.iter().map(|(_, bytes)| bytes.len()).sum()
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let grammar = built_in_grammar();
    captures(&mut criterion, &grammar);
    wiki(&mut criterion);
    criterion.final_summary();
}

fn captures(criterion: &mut Criterion, grammar: &Grammar) {
    let sessions: Vec<Session> = CAPTURES.into_iter().flat_map(sessions).collect();
    let once: usize = sessions.iter().map(Session::size).sum();
    let times = SIZE.div_ceil(once);
    let mut group = criterion.benchmark_group("capture");
    group.sample_size(10).throughput(Throughput::Bytes(u64::try_from(once * times).unwrap()));
    group.bench_function("frames", |bench| {
        let streams: Vec<_> = sessions.iter().flat_map(|s| streams(s, times)).collect();
        bench.iter(|| {
            for (direction, versions, bytes) in &streams {
                let (messages, taken) = frame::cut(bytes, *direction, *versions, grammar);
                assert_eq!(taken, bytes.len());
                black_box(messages);
            }
        });
    });
    group.bench_function("validate", |bench| {
        bench.iter(|| {
            for _ in 0..times {
                for session in &sessions {
                    let transcript = transcript(session, grammar);
                    let context = context(grammar, session.versions);
                    black_box(msnp::validate(&transcript, &context));
                }
            }
        });
    });
    group.finish();
}

/// The bytes of each side of a session, many times over.
fn streams(session: &Session, times: usize) -> Vec<(Direction, VersionSet, Vec<u8>)> {
    let sides = [Direction::Client, Direction::Server];
    let stream = |side: Direction| {
        let parts = session.parts.iter().filter(|(direction, _)| *direction == side);
        let once: Vec<u8> = parts.flat_map(|(_, bytes)| bytes.iter().copied()).collect();
        (side, session.versions, once.repeat(times))
    };
    sides.into_iter().map(stream).collect()
}

fn sessions(capture: &str) -> Vec<Session> {
    let mut sessions: BTreeMap<u32, Session> = BTreeMap::new();
    for line in capture.lines() {
        let record: Record = serde_json::from_str(line).unwrap();
        let direction = if record.dir == "C" { Direction::Client } else { Direction::Server };
        let versions = VersionSet::only(Version::parse(&record.version).unwrap());
        let session = sessions.entry(record.conn);
        let session = session.or_insert_with(|| Session { versions, parts: Vec::new() });
        let bytes = STANDARD.decode(record.bytes_b64).unwrap();
        match session.parts.last_mut().filter(|(last, _)| *last == direction) {
            Some((_, before)) => before.extend(bytes),
            None => session.parts.push((direction, bytes)),
        }
    }
    sessions.into_values().collect()
}

fn transcript(session: &Session, grammar: &Grammar) -> Transcript {
    let mut transcript = Transcript::default();
    for (direction, bytes) in &session.parts {
        let (messages, taken) = frame::cut(bytes, *direction, session.versions, grammar);
        let offset = u32::try_from(transcript.wire.len()).unwrap();
        transcript.wire.extend(bytes.iter().take(taken));
        let steps = messages.into_iter().map(|message| Step::Message(shifted(message, offset)));
        transcript.steps.extend(steps);
    }
    transcript
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

fn context(grammar: &Grammar, versions: VersionSet) -> Context<'_> {
    Context {
        grammar,
        foreign: false,
        claim: Some(Claim { versions, anchor: None, strict: false }),
        subject: None,
        server: None,
        after: None,
        convention: None,
        password: grammar.constants.get("password").map(String::as_str),
        binary_secret: None,
    }
}

fn wiki(criterion: &mut Criterion) {
    let (config, sources) = (Config::default(), built_in_wiki());
    let checked = pipeline::checked(&config, &sources, Vec::new(), &mut Memo::default());
    let grammar = Arc::clone(&checked.book.grammar);
    let examples = written(&checked);
    let mut group = criterion.benchmark_group("wiki");
    group.throughput(Throughput::Elements(u64::try_from(examples.len()).unwrap()));
    group.bench_function("validate", |bench| {
        bench.iter(|| {
            for (transcript, versions) in &examples {
                black_box(msnp::validate(transcript, &context(&grammar, *versions)));
            }
        });
    });
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    group.sample_size(10);
    group.bench_function("check", |bench| {
        let book = &checked.book;
        let run =
            || check::check(Arc::clone(book), Vec::new(), &config, &mut check::Memo::default());
        bench.iter(|| one.install(|| black_box(run())));
    });
    group.finish();
}

/// The examples of the wiki as transcripts, with the versions they are about.
fn written(checked: &Checked) -> Vec<(Transcript, VersionSet)> {
    let examples = checked.examples.iter();
    let written = examples.filter_map(|((path, _), example)| {
        let text = &checked.book.entries.get(path)?.source.text;
        Some((write(text, example), example.versions))
    });
    written.collect()
}

fn write(text: &str, example: &Example) -> Transcript {
    let mut out = Transcript::default();
    for line in &example.lines {
        if line.role == Role::Other {
            out.steps.push(Step::Gap);
            continue;
        }
        if line.role != Role::Continuation && !out.wire.is_empty() {
            out.wire.extend_from_slice(b"\r\n");
        }
        let start = out.wire.len();
        out.wire.extend_from_slice(text.get(line.wire.range()).unwrap().as_bytes());
        write_line(&mut out, line, Span::new(start, start + line.wire.range().len()));
    }
    out
}

fn write_line(out: &mut Transcript, line: &ExampleLine, wire: Span) {
    let direction = if line.role == Role::Server { Direction::Server } else { Direction::Client };
    match (line.role, out.steps.last_mut()) {
        (Role::Continuation, Some(Step::Message(message))) => {
            message.pieces.push(wire);
            message.joints.push(Joint::Either);
        }
        (Role::Payload, Some(Step::Message(message))) => {
            if let Payload::Lines(lines) = &mut message.payload {
                lines.push(wire);
            }
        }
        _ => out.steps.push(Step::Message(Message::line(direction, wire))),
    }
}
