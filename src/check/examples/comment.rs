//! Comments in examples: whole lines that begin with `# ` where a command could begin.
//!
//! In a payload `#` is a byte like any other. A payload ends where its lines have the length that its command announces;
//! where they do not yet, and the line could be one of them, it is one.

use crate::grammar::{Grammar, VersionSet};
use crate::msnp::payload::{Convention, candidates};
use crate::msnp::{Message, Payload, Transcript, frame, wildcard};

/// `# ` and words, or `#` alone.
pub(super) fn is_comment(text: &str) -> bool {
    text == "#" || text.starts_with("# ")
}

/// True if a line that looks like a comment can be one of the payload of `message`, which stands above it.
pub(super) fn is_payload(
    text: &str,
    message: &Message,
    transcript: &Transcript,
    grammar: &Grammar,
) -> bool {
    let line = |joint: &[u8]| {
        let pieces = message.pieces.iter().map(|piece| transcript.bytes(*piece));
        pieces.collect::<Vec<_>>().join(joint)
    };
    let announced =
        |line: &[u8]| frame::payload_length(line, message.direction, VersionSet::all(), grammar);
    let Some(length) = announced(&line(b" ")).or_else(|| announced(&line(b""))) else {
        // How long it is may not be shown.
        return line(b"").ends_with(b"..]");
    };
    let Payload::Lines(spans) = &message.payload else { return false };
    let mut lines: Vec<&[u8]> = spans.iter().map(|span| transcript.bytes(*span)).collect();
    if lines.iter().any(|line| !wildcard::find(line).is_empty()) {
        return true;
    }
    let complete = if lines.is_empty() { length == 0 } else { sizes(&lines).contains(&length) };
    lines.push(text.as_bytes());
    !complete && sizes(&lines).into_iter().any(|size| size <= length)
}

/// Every number of bytes that the lines can make.
fn sizes(lines: &[&[u8]]) -> Vec<usize> {
    let all = Convention::INFERRED.into_iter().flat_map(|how| candidates(lines, how));
    all.map(|bytes| bytes.len()).collect()
}
