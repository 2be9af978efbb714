//! Any bytes as a recorded session: cut into messages, and validated.
//!
//! The first byte chooses the version, the second the server. What follows is parted by the byte 0xFF: the client's bytes, the
//! server's, the client's, and so on.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use wirebook::grammar::{Direction, Grammar, Server, Version, VersionSet};
use wirebook::msnp::{self, Claim, Context, Message, Payload, Step, Transcript, frame};
use wirebook::pipeline::built_in_grammar;

static GRAMMAR: LazyLock<Arc<Grammar>> = LazyLock::new(built_in_grammar);

fuzz_target!(|bytes: &[u8]| {
    let [version, server, stream @ ..] = bytes else { return };
    let Some(version) = Version::all().nth(usize::from(*version) % Version::all().count()) else {
        return;
    };
    let versions = VersionSet::only(version);
    let mut transcript = Transcript::default();
    for (index, part) in stream.split(|byte| *byte == 0xff).enumerate() {
        let direction = if index % 2 == 0 { Direction::Client } else { Direction::Server };
        let (messages, taken) = frame::cut(part, direction, versions, &GRAMMAR);
        hold_frames(part, &messages, taken);
        let offset = u32::try_from(transcript.wire.len()).unwrap_or(u32::MAX);
        transcript.wire.extend_from_slice(&part[..taken]);
        let steps = messages.into_iter().map(|message| Step::Message(shifted(message, offset)));
        transcript.steps.extend(steps);
    }
    let context = Context {
        grammar: &GRAMMAR,
        foreign: version == Version::CVR0,
        claim: Some(Claim { versions, anchor: None, strict: false }),
        subject: None,
        server: Server::ALL.get(usize::from(*server)).copied(),
        after: None,
        convention: None,
        password: Some("secret"),
        binary_secret: Some("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"),
    };
    let verdict = msnp::validate(&transcript, &context);
    assert_eq!(verdict.messages.len(), transcript.messages().count());
    for problem in &verdict.problems {
        let labels = problem.labels.iter().map(|(span, _)| *span);
        let edits = problem.fix.iter().flat_map(|fix| &fix.edits).map(|(span, _)| *span);
        for span in labels.chain(edits).chain([problem.span]) {
            assert!(transcript.wire.get(span.range()).is_some(), "{}", problem.message);
        }
    }
});

/// Messages follow each other without a gap, and a prefix of the stream gives a prefix of them.
fn hold_frames(part: &[u8], messages: &[Message], taken: usize) {
    let mut at = 0;
    for message in messages {
        let line = message.span();
        let Payload::Bytes(payload) = message.payload else { panic!("a frame has bytes") };
        assert_eq!(line.start as usize, at);
        assert!(line.end <= payload.start && payload.start <= payload.end);
        at = payload.end as usize;
    }
    assert_eq!(at, taken);
    assert!(taken <= part.len());
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
