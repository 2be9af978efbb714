//! MSNSLP, in which clients invite each other to sessions: a start line, headers, an empty line and a body.
//!
//! In: the bytes that are known, and how sure their end is. Out: problems. Only what every client writes is asked for;
//! unknown headers are let through, and order and case of names play no part. The shape is the one that Pidgin
//! (libpurple) and Kopete write; a NUL at the end is part of the body and counts.

use std::ops::Range;

use super::p2p::Stretch;
use super::problem::Problem;
use super::value;
use crate::report::rules;

/// How a message ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// The last byte is known.
    Exact,
    /// It is written as lines; line breaks and the NUL at the end may be left out.
    Written,
    /// Bytes follow that are not shown.
    Hidden,
}

/// Headers that are never missing.
const REQUIRED: [&str; 7] =
    ["To", "From", "Via", "CSeq", "Call-ID", "Content-Type", "Content-Length"];
const PROTOCOL: &str = "MSNSLP/1.0";
/// The body of an invitation to a session.
const SESSION_REQUEST: &str = "application/x-msnmsgr-sessionreqbody";

/// True if a text begins as a message does.
pub(super) fn begins(bytes: &[u8]) -> bool {
    [&b"INVITE "[..], b"BYE ", b"ACK ", b"MSNSLP/1.0 "].iter().any(|word| bytes.starts_with(word))
}

/// Problems of the message that stands in `range` of the stretch.
pub(super) fn hold(stretch: &Stretch, range: Range<usize>, tail: Tail) -> Vec<Problem> {
    let mut reader = Reader { stretch, problems: Vec::new() };
    let from = range.start;
    let (mut head, body) = split(stretch, range);
    // The last line goes on with what is not shown.
    let cut = tail == Tail::Hidden && body.is_none();
    if cut {
        head.pop();
    }
    if head.is_empty() && tail == Tail::Hidden {
        return Vec::new();
    }
    let first = head.first().cloned().unwrap_or(from..from);
    let start = reader.text(&first);
    if let Err(why) = start_line(&start) {
        let help = "write `INVITE MSNMSGR:bob@example.com MSNSLP/1.0`, or `MSNSLP/1.0 200 OK`";
        reader.wrong(first.clone(), why, help);
        // What does not begin as MSNSLP has no headers that could be missing.
        if !begins(start.as_bytes()) {
            return reader.problems;
        }
    }
    let headers = reader.fields(head.get(1..).unwrap_or_default(), true);
    for field in &headers {
        reader.value(field, header);
    }
    if !cut {
        reader.missing(&REQUIRED, &headers, &first);
    }
    let Some(body) = body.or((!cut).then_some(first.end..first.end)) else {
        return reader.problems;
    };
    reader.length(&headers, &body, tail);
    let kind = headers.iter().find(|field| field.is("Content-Type"));
    if let Some(kind) = kind.filter(|kind| kind.value.eq_ignore_ascii_case(SESSION_REQUEST)) {
        let place = kind.value_at.clone();
        let (mut lines, _) = split_all(stretch, body);
        if tail == Tail::Hidden {
            lines.pop();
        }
        let fields = reader.fields(&lines, false);
        for field in &fields {
            reader.value(field, session_request);
        }
        // An answer repeats the session alone.
        if start.starts_with("INVITE ") && tail != Tail::Hidden {
            reader.missing(&["SessionID", "AppID"], &fields, &place);
        }
    }
    reader.problems
}

/// A line `Name: value`.
struct Field {
    name: String,
    value: String,
    name_at: Range<usize>,
    value_at: Range<usize>,
}

impl Field {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

struct Reader<'a> {
    stretch: &'a Stretch,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn text(&self, range: &Range<usize>) -> String {
        let bytes = self.stretch.bytes.get(range.clone()).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }

    fn wrong(&mut self, range: Range<usize>, text: String, help: impl Into<String>) {
        let problem = Problem::new(&rules::P2P_FORMAT, self.stretch.span(range), text);
        self.problems.push(problem.help(help));
    }

    /// The lines with a name in front. Where `all` have one, a line without is a problem.
    fn fields(&mut self, lines: &[Range<usize>], all: bool) -> Vec<Field> {
        let mut fields = Vec::new();
        for line in lines {
            let text = self.text(line);
            let Some((name, value)) = text.split_once(':').filter(|(name, _)| !name.is_empty())
            else {
                if all {
                    let shown: String = text.chars().take(40).collect();
                    let why = format!("`{shown}` is not a header of MSNSLP");
                    self.wrong(
                        line.clone(),
                        why,
                        "write `Name: value`, and an empty line before the body",
                    );
                }
                continue;
            };
            let blanks = value.len() - value.trim_start().len();
            let start = (line.start + name.len() + 1 + blanks).min(line.end);
            let value = value.trim();
            fields.push(Field {
                name: name.to_owned(),
                value: value.to_owned(),
                name_at: line.start..(line.start + name.len()).min(line.end),
                value_at: start..(start + value.len()).min(line.end),
            });
        }
        fields
    }

    fn value(&mut self, field: &Field, check: fn(&str, &str) -> Result<(), &'static str>) {
        if let Err(why) = check(&field.name.to_ascii_lowercase(), &field.value) {
            let place = if field.value.is_empty() { &field.name_at } else { &field.value_at };
            let text = format!("the value of `{}` {why}", field.name);
            self.wrong(place.clone(), text, "correct the value");
        }
    }

    fn missing(&mut self, names: &[&str], fields: &[Field], place: &Range<usize>) {
        for name in names.iter().filter(|name| !fields.iter().any(|field| field.is(name))) {
            let text = format!("MSNSLP has a line `{name}` here, but this message has none");
            self.wrong(place.clone(), text, format!("add `{name}: `, its value behind it"));
        }
    }

    fn length(&mut self, headers: &[Field], body: &Range<usize>, tail: Tail) {
        let Some(field) = headers.iter().find(|field| field.is("Content-Length")) else { return };
        let Ok(given) = field.value.parse::<usize>() else { return };
        let bytes = self.stretch.bytes.get(body.clone()).unwrap_or_default();
        let (count, open) = match (tail, bytes.iter().position(|byte| *byte == 0)) {
            (Tail::Exact, _) => (bytes.len(), false),
            // Behind the NUL stands what is not of MSNSLP.
            (_, Some(end)) => (end + 1, false),
            (Tail::Written, None) => (bytes.len(), true),
            (Tail::Hidden, None) => return,
        };
        // Some messages without a body end in a NUL that does not count.
        let nothing = given == 0 && bytes.first().is_none_or(|byte| *byte == 0);
        if given == count || nothing || (open && could_be(bytes).contains(&given)) {
            return;
        }
        let more = if open { ", and one more for the NUL at its end" } else { "" };
        let text = format!("`Content-Length` is {given}, but the body has {count} bytes{more}");
        let help = "lines end in CRLF, and the NUL at the end counts";
        self.wrong(field.value_at.clone(), text, help);
    }
}

/// How many bytes the lines of a written body can stand for: by CRLF or LF, with an empty last line once or twice, with and
/// without a NUL.
fn could_be(bytes: &[u8]) -> Vec<usize> {
    let breaks = bytes.split(|byte| *byte == b'\n').count() - 1;
    let more = usize::from(bytes.is_empty() || bytes.ends_with(b"\n"));
    let mut counts = Vec::new();
    for (count, ending) in [(bytes.len(), 2), (bytes.len().saturating_sub(breaks), 1)] {
        for count in [count, count + more * ending] {
            counts.extend([count, count + 1]);
        }
    }
    counts
}

fn start_line(line: &str) -> Result<(), String> {
    if let Some(status) = line.strip_prefix("MSNSLP/1.0 ") {
        let code = status.split(' ').next().unwrap_or_default();
        let fits = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
        return if fits {
            Ok(())
        } else {
            Err(format!("`{code}` is not a status of three digits"))
        };
    }
    let words: Vec<&str> = line.trim_end().split(' ').collect();
    let [method, target, protocol] = words.as_slice() else {
        return Err("MSNSLP begins with a request of three words or a status".to_owned());
    };
    if !matches!(*method, "INVITE" | "BYE" | "ACK") {
        return Err(format!("`{method}` is no request of MSNSLP"));
    }
    let (scheme, peer) = target.split_once(':').unwrap_or(("", target));
    if !scheme.eq_ignore_ascii_case("msnmsgr") {
        return Err(format!("`{target}` does not begin with `MSNMSGR:`"));
    }
    kind("peer", peer).map_err(|why| format!("`{peer}` {why}"))?;
    if *protocol == PROTOCOL { Ok(()) } else { Err(format!("`{protocol}` is not `{PROTOCOL}`")) }
}

fn header(name: &str, value: &str) -> Result<(), &'static str> {
    match name {
        "to" | "from" => party(value),
        "via" => via(value),
        "cseq" | "max-forwards" | "content-length" => kind("u32", value),
        "call-id" => kind("braced-guid", value),
        "content-type" => kind("word", value),
        _ => Ok(()),
    }
}

fn session_request(name: &str, value: &str) -> Result<(), &'static str> {
    match name {
        "euf-guid" => kind("braced-guid", value),
        "sessionid" | "appid" => kind("u32", value),
        "context" if !value.is_empty() => kind("base64", value),
        _ => Ok(()),
    }
}

fn party(value: &str) -> Result<(), &'static str> {
    let inside = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let (scheme, peer) = inside.and_then(|inside| inside.split_once(':')).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("msnmsgr") {
        return Err("is not of the shape `<msnmsgr:bob@example.com>`");
    }
    kind("peer", peer)
}

fn via(value: &str) -> Result<(), &'static str> {
    let wrong = Err("is not of the shape `MSNSLP/1.0/TLP ;branch={GUID}`");
    let Some((transport, branch)) = value.split_once(';') else { return wrong };
    if transport.trim() != "MSNSLP/1.0/TLP" {
        return wrong;
    }
    let Some(branch) = branch.trim().strip_prefix("branch=") else { return wrong };
    kind("braced-guid", branch)
}

fn kind(name: &str, text: &str) -> Result<(), &'static str> {
    value::find(name).map_or(Ok(()), |kind| kind.check(text))
}

/// The lines before the first empty one, and where what follows it stands.
fn split(stretch: &Stretch, range: Range<usize>) -> (Vec<Range<usize>>, Option<Range<usize>>) {
    let end = range.end;
    let (mut lines, starts) = split_all(stretch, range);
    let empty = lines.iter().position(Range::is_empty);
    // An empty last line without a break behind it is the end of the line above.
    let body = empty.and_then(|at| starts.get(at + 1).map(|start| *start..end));
    if let Some(at) = empty {
        lines.truncate(at);
    }
    (lines, body)
}

/// The lines without their endings, and where each begins.
fn split_all(stretch: &Stretch, range: Range<usize>) -> (Vec<Range<usize>>, Vec<usize>) {
    let bytes = stretch.bytes.get(range.clone()).unwrap_or_default();
    let (mut lines, mut starts) = (Vec::new(), Vec::new());
    let mut start = range.start;
    for piece in bytes.split(|byte| *byte == b'\n') {
        let bare = piece.strip_suffix(b"\r").unwrap_or(piece).len();
        lines.push(start..start + bare);
        starts.push(start);
        start += piece.len() + 1;
    }
    (lines, starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_lines_are_requests_or_statuses() {
        for line in [
            "INVITE MSNMSGR:bob@example.com MSNSLP/1.0",
            "BYE MSNMSGR:bob@example.com;{0061d708-cd9b-4d56-b64b-fffaa92ff344} MSNSLP/1.0",
            "ACK msnmsgr:bob@example.com MSNSLP/1.0",
            "MSNSLP/1.0 200 OK",
            "MSNSLP/1.0 603 Decline",
        ] {
            assert_eq!(start_line(line), Ok(()), "{line}");
        }
        for line in [
            "",
            "INVITE",
            "CANCEL MSNMSGR:bob@example.com MSNSLP/1.0",
            "INVITE bob@example.com MSNSLP/1.0",
            "INVITE MSNMSGR:bob MSNSLP/1.0",
            "INVITE MSNMSGR:bob@example.com MSNSLP/2.0",
            "MSNSLP/1.0 OK",
            "MSNSLP/1.0 2000 OK",
        ] {
            assert!(start_line(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_written_body_can_stand_for_several_lengths() {
        // `A: 1`, an empty line and a NUL have nine bytes, or seven with LF.
        let counts = could_be(b"A: 1\r\n");
        assert!([6, 7, 8, 9, 5].iter().all(|count| counts.contains(count)));
        assert!(!counts.contains(&4) && !counts.contains(&10));
        let nothing = could_be(b"");
        assert!(nothing.contains(&3) && !nothing.contains(&4));
    }
}
