//! Wildcards: places of an example that stand for bytes which nobody wrote down.
//!
//! `[..]` never occurs on this wire, so it begins the one family there is. A wildcard stands inside one parameter or one
//! line of a payload:
//!
//! - `[..]` for any bytes, `[..NAME..]` for the same bytes wherever the exchange has the name, `[..NAME:32..]` for that
//!   many of them;
//! - `[..hex 00 01..]` for just these bytes, `[..sp..]` for one blank that an editor would drop.
//!
//! Recorded sessions are never read with it. A word with a wildcard fits a kind if some bytes could make it fit: a doubt
//! is no finding.

use std::ops::Range;

use super::problem::Problem;
use super::value::Kind;
use super::{TokenClass, transcript::Transcript};
use crate::report::rules;
use crate::text::Span;

/// One wildcard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wildcard {
    /// Bytes that are not shown.
    Hole(Hole),
    /// These bytes.
    Bytes(Vec<u8>),
    /// One blank.
    Blank,
}

/// Bytes that are not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hole {
    /// The name that ties it to others of its exchange.
    pub name: Option<String>,
    /// How many bytes; `None` where that is not said.
    pub width: Option<usize>,
}

/// A wildcard in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where in the text, in bytes.
    pub range: Range<usize>,
    /// What it is; an error says what is wrong with it, as a clause that follows it.
    pub wildcard: Result<Wildcard, &'static str>,
}

/// Widest wildcard in bytes; more than any payload has.
const WIDEST: usize = 65_535;
const OPEN: &[u8] = b"[..";
const CLOSE: &[u8] = b"..]";

/// The wildcards of a line, in order. `[...]` is none.
pub fn find(line: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    // Nearly every line has none.
    if !line.contains(&b'[') {
        return found;
    }
    let mut at = 0;
    while let Some(start) = position(line, OPEN, at) {
        let inside = start + OPEN.len();
        at = inside;
        match line.get(inside) {
            Some(b'.') => {}
            Some(b']') => {
                at = inside + 1;
                let wildcard = Ok(Wildcard::Hole(Hole::default()));
                found.push(Found { range: start..at, wildcard });
            }
            _ => {
                let close = position(line, CLOSE, inside);
                let body = close.and_then(|close| line.get(inside..close));
                let wildcard = body.map_or(Err("is never closed"), read);
                at = close.map_or(line.len(), |close| close + CLOSE.len());
                let end = if close.is_some() { at } else { inside };
                found.push(Found { range: start..end, wildcard });
            }
        }
    }
    found
}

fn position(line: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let rest = line.get(from..)?;
    rest.windows(wanted.len()).position(|window| window == wanted).map(|at| from + at)
}

/// What stands between the dots.
fn read(body: &[u8]) -> Result<Wildcard, &'static str> {
    let unknown = Err("is no wildcard that is known");
    let Ok(body) = std::str::from_utf8(body) else { return unknown };
    if body == "sp" {
        return Ok(Wildcard::Blank);
    }
    if let Some(bytes) = body.strip_prefix("hex ") {
        let byte = |pair: &str| {
            let plain = pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
            plain.then(|| u8::from_str_radix(pair, 16).ok()).flatten()
        };
        let bytes: Option<Vec<u8>> = bytes.split_whitespace().map(byte).collect();
        let bytes = bytes.filter(|bytes| !bytes.is_empty());
        return bytes.map(Wildcard::Bytes).ok_or("has something other than pairs of digits");
    }
    let (name, width) = body.split_once(':').map_or((body, None), |(n, w)| (n, Some(w)));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(plain)
        && !matches!(name, "sp" | "hex");
    if !is_name {
        return unknown;
    }
    let width = match width {
        None => None,
        Some(width) => {
            let width = width.parse().ok().filter(|width| *width <= WIDEST);
            Some(width.ok_or("has a width that is not a number from 0 to 65535")?)
        }
    };
    Ok(Wildcard::Hole(Hole { name: Some(name.to_owned()), width }))
}

/// The problems of wildcards that cannot be read, in the line at `span`.
pub(super) fn misread(transcript: &Transcript, span: Span) -> Vec<Problem> {
    let line = transcript.bytes(span);
    let wrong = find(line).into_iter().filter_map(|found| {
        let why = found.wildcard.err()?;
        let text = String::from_utf8_lossy(line.get(found.range.clone()).unwrap_or_default());
        let here = Span::new(found.range.start, found.range.end).shifted(span.start);
        let help = "write `[..]`, `[..name..]`, `[..name:32..]`, `[..hex 00 01..]` or `[..sp..]`";
        let problem = Problem::new(&rules::WILDCARD_SYNTAX, here, format!("`{text}` {why}"));
        Some(problem.help(help))
    });
    wrong.collect()
}

/// Where the words of a line stand: it is split at each blank that is not inside a wildcard, and at each `[..sp..]`.
pub(super) fn words(line: &[u8]) -> Vec<Range<usize>> {
    let mut wildcards = find(line).into_iter().peekable();
    let mut words = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at <= line.len() {
        let here = wildcards.next_if(|found| found.range.start == at);
        match (line.get(at), here) {
            (_, Some(Found { range, wildcard: Ok(Wildcard::Blank) })) => {
                words.push(start..at);
                start = range.end;
                at = range.end;
            }
            (_, Some(found)) => at = found.range.end,
            (Some(b' ') | None, None) => {
                words.push(start..at);
                at += 1;
                start = at;
            }
            (Some(_), None) => at += 1,
        }
    }
    words
}

/// A word with a wildcard in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Bytes(Vec<u8>),
    Hole(Hole),
}

impl Pattern {
    /// Reads a word; `None` where it has no wildcard. One that cannot be read stands for any bytes.
    pub(super) fn parse(word: &str) -> Option<Self> {
        let found = find(word.as_bytes());
        if found.is_empty() {
            return None;
        }
        let mut parts = Vec::new();
        let mut at = 0;
        let text = |range: Range<usize>| word.as_bytes().get(range).unwrap_or_default().to_vec();
        for Found { range, wildcard } in found {
            parts.push(Part::Bytes(text(at..range.start)));
            at = range.end;
            parts.push(match wildcard {
                Ok(Wildcard::Hole(hole)) => Part::Hole(hole),
                Ok(Wildcard::Bytes(bytes)) => Part::Bytes(bytes),
                Ok(Wildcard::Blank) => Part::Bytes(b" ".to_vec()),
                Err(_) => Part::Hole(Hole::default()),
            });
        }
        parts.push(Part::Bytes(text(at..word.len())));
        parts.retain(|part| *part != Part::Bytes(Vec::new()));
        Some(Self { parts })
    }

    /// The bytes, where nothing is left open.
    pub(super) fn plain(&self) -> Option<Vec<u8>> {
        let bytes = self.parts.iter().map(|part| match part {
            Part::Bytes(bytes) => Some(bytes.as_slice()),
            Part::Hole(_) => None,
        });
        bytes.collect::<Option<Vec<_>>>().map(|bytes| bytes.concat())
    }

    /// True if some bytes make it exactly `text`.
    pub(super) fn could_be_text(&self, text: &str) -> bool {
        let text = text.as_bytes();
        // Every offset up to which the parts so far can reach.
        let mut reached = vec![0];
        for part in &self.parts {
            reached = match part {
                Part::Bytes(bytes) => (reached.into_iter())
                    .filter(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(bytes)))
                    .map(|at| at + bytes.len())
                    .collect(),
                Part::Hole(Hole { width: Some(width), .. }) => {
                    let next = reached.into_iter().map(|at: usize| at.saturating_add(*width));
                    next.filter(|at| *at <= text.len()).collect()
                }
                Part::Hole(_) => {
                    reached.first().map_or(Vec::new(), |first| (*first..=text.len()).collect())
                }
            };
        }
        reached.contains(&text.len())
    }

    /// The same without the text in front; `None` where it cannot begin so.
    pub(super) fn without_prefix(&self, prefix: &str) -> Option<Self> {
        let prefix = prefix.as_bytes();
        // What is not shown may begin with it.
        let Some((Part::Bytes(first), rest)) = self.parts.split_first() else {
            return Some(self.clone());
        };
        let Some(behind) = first.strip_prefix(prefix) else {
            let begins = !rest.is_empty() && prefix.starts_with(first);
            return begins.then(|| Self { parts: rest.to_vec() });
        };
        let mut parts = vec![Part::Bytes(behind.to_vec())];
        parts.retain(|part| *part != Part::Bytes(Vec::new()));
        parts.extend_from_slice(rest);
        Some(Self { parts })
    }

    /// False if no bytes can make it a value of the kind.
    pub(super) fn could_be(&self, kind: &Kind) -> bool {
        if self.parts == [Part::Hole(Hole::default())] {
            return true;
        }
        let digits =
            matches!(kind.class, TokenClass::Number | TokenClass::Trid | TokenClass::Length);
        let other = |byte: &u8| !(byte.is_ascii_digit() || *byte == b':');
        let holds_other =
            |part: &Part| matches!(part, Part::Bytes(bytes) if bytes.iter().any(other));
        if digits && self.parts.iter().any(holds_other) {
            return false;
        }
        let holes = self.parts.iter().filter(|part| matches!(part, Part::Hole(_))).count();
        // Only where every value has one shape do the pieces of a sample tell all there is to tell.
        holes != 1
            || !SHAPED.contains(&kind.name)
            || self.fillings(kind).any(|t| kind.check(&t).is_ok())
    }

    /// The word with each piece of the kind's sample in its hole.
    fn fillings<'a>(&'a self, kind: &'a Kind) -> impl Iterator<Item = String> + 'a {
        let sample = kind.sample;
        let ranges = (0..=sample.len()).flat_map(|end| (0..=end).map(move |start| start..end));
        let words = if kind.name == "presence" { PRESENCES } else { &[] };
        let pieces = ranges.filter_map(|range| sample.get(range));
        let pieces = pieces.chain(words.iter().flat_map(|word| {
            (0..word.len())
                .filter_map(|start| word.get(start..))
                .chain((0..=word.len()).filter_map(|end| word.get(..end)))
        }));
        pieces.filter_map(|piece| self.filled(piece))
    }

    fn filled(&self, piece: &str) -> Option<String> {
        let mut out = Vec::new();
        for part in &self.parts {
            match part {
                Part::Bytes(bytes) => out.extend_from_slice(bytes),
                Part::Hole(hole) if hole.width.is_some_and(|width| width != piece.len()) => {
                    return None;
                }
                Part::Hole(_) => out.extend_from_slice(piece.as_bytes()),
            }
        }
        String::from_utf8(out).ok()
    }
}

/// Kinds whose values all have the shape of the sample.
const SHAPED: [&str; 6] = ["braced-guid", "guid", "lcid", "md5-digest", "presence", "property-key"];
/// Samples of what is none of one shape.
const PRESENCES: &[&str] = &["NLN", "BSY", "IDL", "BRB", "AWY", "PHN", "LUN", "HDN", "FLN"];

impl Wildcard {
    /// What it stands for, as a noun phrase for readers.
    pub fn describe(&self) -> String {
        match self {
            Self::Hole(Hole { name: None, .. }) => "any bytes".to_owned(),
            Self::Hole(Hole { name: Some(name), width: None }) => {
                format!("any bytes, the same wherever {name} stands")
            }
            Self::Hole(Hole { name: Some(name), width: Some(width) }) => {
                format!("{width} bytes, the same wherever {name} stands")
            }
            Self::Bytes(bytes) => {
                let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
                format!("in hexadecimal {}", pairs.join(" "))
            }
            Self::Blank => "a blank".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_family_is_told_from_other_text() {
        let shown = |text: &str| -> Vec<_> {
            let found = find(text.as_bytes()).into_iter();
            found.map(|f| f.wildcard.map_or_else(str::to_owned, |w| w.describe())).collect()
        };
        assert_eq!(shown("[...] [.. ] a[..x-1..]b"), ["is no wildcard that is known",]);
        assert_eq!(shown("[..]"), ["any bytes"]);
        assert_eq!(
            shown("a[..x-1:4..][..sp..]"),
            ["4 bytes, the same wherever x-1 stands", "a blank"]
        );
        assert_eq!(shown("[..hex 0a FF..]"), ["in hexadecimal 0A FF"]);
        assert_eq!(shown("[..x:70000..]"), ["has a width that is not a number from 0 to 65535"]);
        assert_eq!(shown("[..hex é..]"), ["has something other than pairs of digits"]);
        assert_eq!(shown("[...] [..hex..]"), ["is no wildcard that is known"]);
    }

    #[test]
    fn lines_are_split_around_wildcards() {
        let split = |text: &'static str| -> Vec<&str> {
            words(text.as_bytes()).into_iter().map(|range| text.get(range).unwrap()).collect()
        };
        assert_eq!(split("A  b "), ["A", "", "b", ""]);
        assert_eq!(split("A [..hex 00 01..]c d[..sp..]"), ["A", "[..hex 00 01..]c", "d", ""]);
        assert_eq!(split("A [..b c"), ["A", "[..b", "c"]);
        assert_eq!(split(""), [""]);
    }

    #[test]
    fn a_pattern_could_be_what_some_bytes_make_it() {
        let fits = |pattern: &str, text: &str| Pattern::parse(pattern).unwrap().could_be_text(text);
        assert!(fits("[..]", "") && fits("O[..]", "OK") && fits("[..x:2..]", "OK"));
        assert!(!fits("[..x:1..]", "OK") && !fits("A[..]", "OK") && !fits("[..]A", "OK"));
        assert!(fits("a[..]b[..]", "a1b1b") && !fits("a[..]b[..x:1..]", "ab"));
        let kind = |pattern: &str, kind: &str| {
            Pattern::parse(pattern).unwrap().could_be(super::super::value::find(kind).unwrap())
        };
        assert!(kind("c1f9a363-[..]", "guid") && !kind("c1f9a36-[..]", "guid"));
        assert!(kind("[..x:36..]", "guid") && !kind("[..x:35..]", "guid"));
        assert!(kind("1[..]", "trid") && !kind("a[..]", "trid") && kind("[..]:[..]", "guid"));
    }
}
