//! Bodies of messages between two clients (`application/x-msnmsgrp2p`): a header of 48 bytes, data, and a number of 4 bytes.
//!
//! In: a body as recorded, or as lines of an example. Out: problems. All numbers of the header are little-endian: session
//! (4 bytes), id (4), offset (8), total (8), length (4), flags (4), id acknowledged (4), its own acknowledgement (4), size
//! acknowledged (8); the number at the end is big-endian. Without a session the data is MSNSLP ([`super::slp`]).
//! Sources: Pidgin (libpurple), papyon, msnp-sharp and NINA's wiki.
//!
//! The header can only be written as `[..hex 00 01..]`. Most authors leave it out or put a wildcard there; then MSNSLP is
//! read where it begins, and anything else is let through. The second version of the header is not read.

use std::ops::Range;

use super::problem::Problem;
use super::slp::{self, Tail};
use super::transcript::{Payload, Transcript};
use super::wildcard::{self, Wildcard};
use crate::report::rules;
use crate::text::Span;

/// Bytes in front of the data.
const HEADER: usize = 48;
/// Bytes behind the data.
const FOOTER: usize = 4;
/// Most bytes of data in one message (clients cut longer data).
const LONGEST: usize = 1202;

/// Problems of a body, whose lines are `body`; `payload` is the whole message.
pub(super) fn hold(transcript: &Transcript, payload: &Payload, body: &[Span]) -> Vec<Problem> {
    if let Payload::Bytes(whole) = payload {
        let start = body.first().map_or(whole.end, |line| line.start);
        let mut stretch = Stretch::default();
        let span = Span { start, end: whole.end.max(start) };
        stretch.push(transcript.bytes(span), span);
        return message(&stretch);
    }
    let stretches = written(transcript, body);
    let Some(at) = stretches.iter().position(|stretch| !stretch.bytes.is_empty()) else {
        return Vec::new();
    };
    let Some(first) = stretches.get(at) else { return Vec::new() };
    let hidden = at + 1 < stretches.len();
    if slp::begins(&first.bytes) {
        let tail = if hidden { Tail::Hidden } else { Tail::Written };
        return slp::hold(first, 0..first.bytes.len(), tail);
    }
    let line = body.first().map(|line| transcript.bytes(*line)).unwrap_or_default();
    let in_hex = wildcard::find(line).into_iter().next().is_some_and(|found| {
        found.range.start == 0 && matches!(found.wildcard, Ok(Wildcard::Bytes(_)))
    });
    if in_hex && stretches.len() == 1 { written_message(first, body) } else { Vec::new() }
}

/// Problems of a message written out in full. An empty last line may stand for one more line break.
fn written_message(stretch: &Stretch, body: &[Span]) -> Vec<Problem> {
    let problems = message(stretch);
    let Some(last) = body.last().filter(|last| last.is_empty() && !problems.is_empty()) else {
        return problems;
    };
    let mut longer = Stretch { bytes: stretch.bytes.clone(), pieces: stretch.pieces.clone() };
    longer.push(b"\r\n", *last);
    if message(&longer).is_empty() { Vec::new() } else { problems }
}

/// What is read of a header.
struct Header {
    session: u32,
    offset: u64,
    total: u64,
    length: u32,
}

/// Where numbers of the header stand in it.
const OFFSET: Range<usize> = 8..16;
const TOTAL: Range<usize> = 16..24;
const LENGTH: Range<usize> = 24..28;

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        Some(Self {
            session: u32::from_le_bytes(bytes.get(0..4)?.try_into().ok()?),
            offset: u64::from_le_bytes(bytes.get(OFFSET)?.try_into().ok()?),
            total: u64::from_le_bytes(bytes.get(TOTAL)?.try_into().ok()?),
            length: u32::from_le_bytes(bytes.get(LENGTH)?.try_into().ok()?),
        })
    }

    /// True if the message is in one part, and MSNSLP.
    fn is_whole_slp(&self) -> bool {
        let whole = self.offset == 0 && self.total == u64::from(self.length);
        whole && self.session == 0 && self.length > 0
    }
}

fn message(stretch: &Stretch) -> Vec<Problem> {
    let count = stretch.bytes.len();
    let data = count.checked_sub(HEADER + FOOTER);
    let (Some(data), Some(header)) = (data, Header::read(&stretch.bytes)) else {
        let text = format!(
            "a body between two clients has a header of {HEADER} bytes and {FOOTER} bytes at its end, \
             but this one has {count} bytes"
        );
        let help = "write all of it, or a wildcard for what is not shown";
        return vec![Problem::new(&rules::P2P_FORMAT, stretch.span(0..count), text).help(help)];
    };
    let mut problems = Vec::new();
    let mut wrong = |place: Range<usize>, text: String, help: &str| {
        let problem = Problem::new(&rules::P2P_FORMAT, stretch.span(place), text);
        problems.push(problem.help(help));
    };
    let Header { offset, total, length, .. } = header;
    let right = usize::try_from(length).is_ok_and(|length| length == data);
    if !right {
        let text = format!("the header announces {length} bytes of data, but {data} follow");
        wrong(LENGTH, text, "the 4 bytes at the end of the body are not data");
    } else if data > LONGEST {
        let text = format!("a message between two clients has at most {LONGEST} bytes of data");
        wrong(LENGTH, text, "cut the data into several messages");
    }
    let beyond = offset.checked_add(u64::from(length)).is_none_or(|end| end > total);
    if total > 0 && beyond {
        let text = format!("{length} bytes from {offset} on go beyond the total of {total}");
        wrong(OFFSET.start..LENGTH.end, text, "mend the offset, the total or the length");
    }
    if right && header.is_whole_slp() {
        problems.extend(slp::hold(stretch, HEADER..HEADER + data, Tail::Exact));
    }
    problems
}

/// Bytes that are all known, and where they stand in the transcript.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// Offset of each piece in `bytes`, how many bytes it is, and where it stands.
    pieces: Vec<(usize, usize, Span)>,
}

impl Stretch {
    /// Puts bytes behind the others; they stand at `span`, which has another length where a wildcard stands for them.
    pub(super) fn push(&mut self, bytes: &[u8], span: Span) {
        self.pieces.push((self.bytes.len(), bytes.len(), span));
        self.bytes.extend_from_slice(bytes);
    }

    /// Where some of the bytes stand. A wildcard is not taken apart.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let touches = |(start, length, _): &&(usize, usize, Span)| {
            let inside = *start < range.end && range.start < start + length;
            inside || (range.is_empty() && *start <= range.start && range.start <= start + length)
        };
        let spans = self.pieces.iter().filter(touches).map(|(start, length, span)| {
            if span.len() != *length {
                return *span;
            }
            let from = range.start.saturating_sub(*start).min(*length);
            let to = range.end.saturating_sub(*start).min(*length);
            Span::new(from, to).shifted(span.start)
        });
        spans.reduce(Span::to).unwrap_or_default()
    }
}

/// The bytes that lines stand for, joined by CRLF; where bytes are not shown another stretch begins.
fn written(transcript: &Transcript, lines: &[Span]) -> Vec<Stretch> {
    let mut done = Vec::new();
    let mut current = Stretch::default();
    for (index, span) in lines.iter().enumerate() {
        if index > 0 {
            current.push(b"\r\n", Span { end: span.start, ..*span });
        }
        let line = transcript.bytes(*span);
        let place = |range: &Range<usize>| Span::from(range.clone()).shifted(span.start);
        let mut at = 0;
        for found in wildcard::find(line) {
            let before = at..found.range.start;
            current.push(line.get(before.clone()).unwrap_or_default(), place(&before));
            match found.wildcard {
                Ok(Wildcard::Bytes(bytes)) => current.push(&bytes, place(&found.range)),
                Ok(Wildcard::Blank) => current.push(b" ", place(&found.range)),
                Ok(Wildcard::Hole(_)) | Err(_) => done.push(std::mem::take(&mut current)),
            }
            at = found.range.end;
        }
        let rest = at..line.len();
        current.push(line.get(rest.clone()).unwrap_or_default(), place(&rest));
    }
    done.push(current);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYE: &str = "BYE MSNMSGR:bob@example.com MSNSLP/1.0\r\n\
        To: <msnmsgr:bob@example.com>\r\n\
        From: <msnmsgr:alice@example.com>\r\n\
        Via: MSNSLP/1.0/TLP ;branch={0061d708-cd9b-4d56-b64b-fffaa92ff344}\r\n\
        CSeq: 0 \r\n\
        Call-ID: {44bfd5a4-7450-4bda-ba3a-c51b3031126d}\r\n\
        Max-Forwards: 0\r\n\
        Content-Type: application/x-msnmsgr-sessionclosebody\r\n\
        Content-Length: 3\r\n\r\n\r\n\0";

    /// A body: session, offset, total and length as given.
    fn body(numbers: (u32, u64, u64, u32), data: &[u8]) -> Vec<u8> {
        let (session, offset, total, length) = numbers;
        let mut bytes = session.to_le_bytes().to_vec();
        bytes.extend(7_u32.to_le_bytes());
        bytes.extend(offset.to_le_bytes());
        bytes.extend(total.to_le_bytes());
        bytes.extend(length.to_le_bytes());
        bytes.extend([0xFF; 20]);
        bytes.extend(data);
        bytes.extend(1_u32.to_be_bytes());
        bytes
    }

    fn found(bytes: &[u8]) -> Vec<String> {
        let transcript = Transcript { wire: bytes.to_vec(), steps: Vec::new() };
        let whole = Span::new(0, bytes.len());
        let problems = hold(&transcript, &Payload::Bytes(whole), &[whole]);
        assert!(problems.iter().all(|problem| problem.span.range().end <= bytes.len()));
        problems.into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn numbers_of_the_header_belong_together() {
        let nothing: [&str; 0] = [];
        assert_eq!(found(&body((9, 4, 8, 4), b"data")), nothing);
        assert_eq!(found(&body((9, 0, 0, 4), b"data")), nothing, "an unknown total");
        assert_eq!(found(&body((0, 0, 700, 0), b"")), nothing, "an acknowledgement");
        assert_eq!(
            found(&body((9, 0, 8, 5), b"data")),
            ["the header announces 5 bytes of data, but 4 follow"]
        );
        assert_eq!(
            found(&body((9, 5, 8, 4), b"data")),
            ["4 bytes from 5 on go beyond the total of 8"]
        );
        assert_eq!(found(&body((9, u64::MAX, 8, 4), b"data")).len(), 1);
        assert_eq!(found(&body((9, 0, 1202, 1202), &[0; 1202])), nothing);
        assert_eq!(found(&body((9, 0, 1203, 1203), &[0; 1203])).len(), 1);
        assert_eq!(found(&[0; 51]).len(), 1);
    }

    #[test]
    fn data_of_no_session_is_slp_where_it_is_whole() {
        let length = u32::try_from(BYE.len()).unwrap();
        let total = u64::from(length);
        let nothing: [&str; 0] = [];
        assert_eq!(found(&body((0, 0, total, length), BYE.as_bytes())), nothing);
        assert_eq!(found(&body((9, 0, 4, 4), b"data")), nothing);
        assert_eq!(found(&body((0, 0, 8, 4), b"data")), nothing, "the first part of two");
        assert!(!found(&body((0, 0, 4, 4), b"data")).is_empty());
        let longer = BYE.replace("Length: 3", "Length: 2");
        assert_eq!(
            found(&body((0, 0, total, length), longer.as_bytes())),
            ["`Content-Length` is 2, but the body has 3 bytes"]
        );
    }

    #[test]
    fn any_cut_and_any_byte_is_read() {
        let length = u32::try_from(BYE.len()).unwrap();
        let whole = body((0, 0, u64::from(length), length), BYE.as_bytes());
        for end in 0..whole.len() {
            assert!(!found(&whole[..end]).is_empty(), "cut at {end}");
            let mut changed = whole.clone();
            changed[end] ^= 0xFF;
            drop(found(&changed));
        }
    }

    #[test]
    fn lines_can_hold_a_header_in_hexadecimal() {
        let length = u32::try_from(BYE.len()).unwrap();
        let hold_lines = |length: u32, to: &str| {
            let bytes = body((0, 0, u64::from(length), length), b"");
            let hex: Vec<String> = bytes[..48].iter().map(|byte| format!("{byte:02x}")).collect();
            let text = BYE.replace("To: ", to).replace("\r\n\0", "\r\n[..hex 00 00 00 00 01..]");
            let wire = format!("[..hex {}..]{text}", hex.join(" ")).into_bytes();
            let mut start = 0;
            let lines: Vec<Span> = wire
                .split(|byte| *byte == b'\n')
                .map(|line| {
                    let span =
                        Span::new(start, start + line.len() - usize::from(line.ends_with(b"\r")));
                    start += line.len() + 1;
                    span
                })
                .collect();
            let transcript = Transcript { wire, steps: Vec::new() };
            let problems = hold(&transcript, &Payload::Lines(lines.clone()), &lines);
            let shown = |problem: &Problem| transcript.text(problem.span).into_owned();
            problems.iter().map(shown).collect::<Vec<String>>()
        };
        let nothing: [&str; 0] = [];
        assert_eq!(hold_lines(length, "To: "), nothing);
        assert!(hold_lines(length + 1, "To: ")[0].starts_with("[..hex 00"));
        assert_eq!(hold_lines(length, "Xo: "), ["BYE MSNMSGR:bob@example.com MSNSLP/1.0"]);
    }
}
