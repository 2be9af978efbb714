//! Payloads: how their lines make bytes, and whether the bytes are what they should be.
//!
//! An author writes a payload as lines. On the wire they are joined by CRLF, but people also write XML "exploded", one
//! element a line, which the wire has in one piece, or count LF. [`candidates`] makes every byte string that the lines
//! can stand for; the length in the command line tells which it is.

use quick_xml::Reader;
use quick_xml::events::Event;

/// How lines make bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Convention {
    /// Joined by CRLF; an empty last line may or may not stand for one more CRLF.
    Crlf,
    /// Joined by LF.
    Lf,
    /// XML written over several lines: indentation dropped, joined by nothing, inside a tag by one blank.
    Exploded,
    /// Joined by nothing, indentation kept.
    Raw,
}

impl Convention {
    /// All of them, the usual one first.
    pub const ALL: [Self; 4] = [Self::Crlf, Self::Lf, Self::Exploded, Self::Raw];

    /// Those that a length alone can show; bytes joined by nothing fit too many wrong numbers.
    pub const INFERRED: [Self; 3] = [Self::Crlf, Self::Lf, Self::Exploded];

    /// The word for it in a `payload=` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crlf => "crlf",
            Self::Lf => "lf",
            Self::Exploded => "exploded",
            Self::Raw => "raw",
        }
    }

    /// Reads a `payload=` value.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|convention| convention.name() == text)
    }
}

/// Every byte string the lines can stand for by one convention, the plainest first.
pub fn candidates(lines: &[&[u8]], convention: Convention) -> Vec<Vec<u8>> {
    match convention {
        Convention::Crlf => joined(lines, b"\r\n"),
        Convention::Lf => joined(lines, b"\n"),
        Convention::Raw => vec![lines.concat()],
        Convention::Exploded => exploded(lines),
    }
}

/// Where the last line is empty, it may stand for the final line break or follow one.
fn joined(lines: &[&[u8]], ending: &[u8]) -> Vec<Vec<u8>> {
    let plain = lines.join(ending);
    if lines.len() > 1 && lines.last().is_some_and(|last| last.is_empty()) {
        let more = [plain.as_slice(), ending].concat();
        return vec![plain, more];
    }
    vec![plain]
}

fn exploded(lines: &[&[u8]]) -> Vec<Vec<u8>> {
    if !lines.iter().any(|line| line.contains(&b'<')) {
        return Vec::new();
    }
    let first = lines.iter().map(|line| line.trim_ascii_start()).find(|line| !line.is_empty());
    let whole = first.is_some_and(|line| line.starts_with(b"<"));
    let elements = elements(lines);
    let mut all: Vec<Vec<u8>> = Vec::new();
    for blank_before_close in [false, true] {
        for blank_in_text in [false, true] {
            let join = |lines: &[&[u8]]| implode(lines, blank_before_close, blank_in_text);
            all.extend(whole.then(|| join(lines)));
            // Headers stay lines; an element among them that goes over several is one.
            if elements.len() < lines.len() {
                let parts: Vec<Vec<u8>> = elements
                    .iter()
                    .map(|part| if part.len() > 1 { join(part) } else { part.concat() })
                    .collect();
                let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
                all.extend(joined(&parts, b"\r\n"));
            }
        }
    }
    let mut kept: Vec<Vec<u8>> = Vec::new();
    for bytes in all {
        if !kept.contains(&bytes) {
            kept.push(bytes);
        }
    }
    kept
}

/// The lines, those of one element together.
fn elements<'a, 'l>(lines: &'a [&'l [u8]]) -> Vec<&'a [&'l [u8]]> {
    let mut parts = Vec::new();
    let mut rest = lines;
    while !rest.is_empty() {
        let mut text = Vec::new();
        let mut end = 0;
        for line in rest {
            text.extend_from_slice(line);
            text.push(b'\n');
            end += 1;
            if depth(&text) <= 0 && !inside_tag(&text) {
                break;
            }
        }
        // What is never closed is no element.
        if end == rest.len() && depth(&text) > 0 {
            end = 1;
        }
        let (part, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        parts.push(part);
        rest = after;
    }
    parts
}

/// Tags opened and not closed.
fn depth(text: &[u8]) -> i64 {
    let mut depth = 0;
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        match rest.first() {
            Some(b'/') => depth -= 1,
            Some(first) if first.is_ascii_alphabetic() => {
                let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
                let closed = rest.get(..end).is_some_and(|tag| tag.ends_with(b"/"));
                depth += i64::from(!closed);
            }
            _ => {}
        }
    }
    depth
}

fn implode(lines: &[&[u8]], blank_before_close: bool, blank_in_text: bool) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    for line in lines.iter().map(|line| line.trim_ascii()).filter(|line| !line.is_empty()) {
        let closes = [&b">"[..], b"/>", b"&gt;", b"/&gt;"].iter().any(|end| line.starts_with(end));
        let blank = if inside_tag(&out) {
            !closes || blank_before_close
        } else {
            let text_meets_text = !line.starts_with(b"<") && !out.ends_with(b">");
            let entity_meets = line.starts_with(b"&lt;") || out.ends_with(b"&gt;");
            blank_in_text && text_meets_text && !entity_meets
        };
        if blank && !out.is_empty() {
            out.push(b' ');
        }
        out.extend_from_slice(line);
    }
    out
}

/// True if a tag, plain or entity-encoded, is open at the end.
fn inside_tag(bytes: &[u8]) -> bool {
    let last = |needle: &[u8]| bytes.windows(needle.len()).rposition(|window| window == needle);
    last(b"<") > last(b">") || last(b"&lt;") > last(b"&gt;")
}

/// Says what is wrong where `text` is not one well-formed XML element, with or without a declaration.
pub fn well_formed(text: &str) -> Result<(), String> {
    match read_xml(text).map_err(|(_, why)| why)? {
        (0, 1) => Ok(()),
        (0, 0) => Err("there is no element".to_owned()),
        (0, _) => Err("there is more than one element at the top".to_owned()),
        _ => Err("an element is never closed".to_owned()),
    }
}

/// Reads XML to its end. Gives how many elements are left open and how many stand at the top, or where in `text` (in
/// bytes) something is wrong, and what.
pub fn read_xml(text: &str) -> Result<(usize, usize), (usize, String)> {
    let mut reader = Reader::from_str(text);
    let (mut depth, mut roots) = (0_usize, 0_usize);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let here = |why: String| (at, why);
        let event = reader.read_event().map_err(|error| here(error.to_string()))?;
        match event {
            Event::Start(tag) => {
                attributes(&tag).map_err(here)?;
                roots += usize::from(depth == 0);
                depth += 1;
            }
            Event::Empty(tag) => {
                attributes(&tag).map_err(here)?;
                roots += usize::from(depth == 0);
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) => {
                let outside = depth == 0 && !text.trim_ascii().is_empty();
                if outside {
                    return Err(here("text stands outside of the element".to_owned()));
                }
            }
            Event::GeneralRef(reference) => known_entity(reference.as_bytes()).map_err(here)?,
            Event::Eof => return Ok((depth, roots)),
            _ => {}
        }
    }
}

fn attributes(tag: &quick_xml::events::BytesStart<'_>) -> Result<(), String> {
    for attribute in tag.attributes() {
        attribute.map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn known_entity(reference: &[u8]) -> Result<(), String> {
    let known = [&b"amp"[..], b"lt", b"gt", b"quot", b"apos"].contains(&reference);
    if known || reference.starts_with(b"#") {
        return Ok(());
    }
    Err(format!("`&{};` is not an entity of XML", String::from_utf8_lossy(reference)))
}

/// Says what is wrong where `bytes` do not begin with headers (`Name: value`), an empty line between them and a body.
/// Headers alone are right, with or without the empty line.
pub fn mime(bytes: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.split("\r\n").flat_map(|line| line.split('\n'));
    let mut seen = false;
    for line in lines {
        if line.is_empty() {
            return Ok(());
        }
        // A header can go on in the next line, behind a blank.
        if line.starts_with([' ', '\t']) && seen {
            continue;
        }
        seen = true;
        let name = line.split_once(':').map_or("", |(name, _)| name);
        let fits = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if !fits {
            let shown: String = line.chars().take(40).collect();
            return Err(format!("`{shown}` is not a header, and no empty line ends the headers"));
        }
    }
    Ok(())
}

/// Says what is wrong where `bytes` are not 32 hexadecimal digits.
pub fn challenge_answer(bytes: &[u8]) -> Result<(), String> {
    if bytes.len() == 32 && bytes.iter().all(u8::is_ascii_hexdigit) {
        return Ok(());
    }
    Err("the answer to a challenge is 32 hexadecimal digits".to_owned())
}

/// Says what is wrong where `text` is not one or more well-formed XML elements, one behind the other.
fn elements_in_a_row(text: &str) -> Result<(), String> {
    match read_xml(text).map_err(|(_, why)| why)? {
        (0, 0) => Err("there is no element".to_owned()),
        (0, _) => Ok(()),
        _ => Err("an element is never closed".to_owned()),
    }
}

/// Says what is wrong where `bytes` are not blocks of headers, each ended by an empty line, and a body; of the length that a
/// `Content-Length` says, and XML where a `Content-Type` says so.
fn mime_blocks(bytes: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let mut rest = text.as_str();
    let mut blocks = 0;
    while let Some((block, after)) = rest.split_once("\n\n") {
        // A body without a length ends the blocks.
        match mime(block.as_bytes()) {
            Err(_) if blocks > 0 => return Ok(()),
            read => read?,
        }
        blocks += 1;
        let header = |name: &str| {
            let mut headers = block.lines().filter_map(|line| line.split_once(':'));
            let found = headers.find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.trim())
        };
        rest = after;
        let Some(length) = header("Content-Length") else { continue };
        let wanted: usize =
            length.parse().map_err(|_| format!("`Content-Length` is `{length}`, not a number"))?;
        let body = rest.trim_end_matches('\n');
        // Lines of a body end in CRLF on the wire.
        let wire = |body: &str| body.len() + body.matches('\n').count();
        if wire(body) != wanted && wire(rest) != wanted {
            return Err(format!("`Content-Length` is {wanted}, but {} bytes follow", wire(body)));
        }
        let xml = header("Content-Type").is_some_and(|kind| kind.ends_with("xml"));
        return if xml && !body.is_empty() { well_formed(body) } else { Ok(()) };
    }
    if blocks > 0 { Ok(()) } else { mime(rest.as_bytes()) }
}

/// Checks bytes of a payload kind, one of [`KINDS`]; an unknown kind accepts all.
pub fn check(kind: &str, bytes: &[u8]) -> Result<(), String> {
    match kind {
        "mime" => mime(bytes),
        // A length of 0 takes back what was sent before.
        "xml" if bytes.is_empty() => Ok(()),
        "xml" => well_formed(String::from_utf8_lossy(bytes).trim_end_matches('\0')),
        "xml-elements" => elements_in_a_row(&String::from_utf8_lossy(bytes)),
        "mime-blocks" => mime_blocks(bytes),
        "challenge-answer" => challenge_answer(bytes),
        "text" => std::str::from_utf8(bytes).map(|_| ()).map_err(|_| "it is not UTF-8".to_owned()),
        _ => Ok(()),
    }
}

/// Payload kinds that exist.
pub const KINDS: [&str; 7] =
    ["any", "challenge-answer", "mime", "mime-blocks", "text", "xml", "xml-elements"];

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(text: &str, convention: Convention) -> Vec<usize> {
        let lines: Vec<&[u8]> = text.split('\n').map(str::as_bytes).collect();
        candidates(&lines, convention).iter().map(Vec::len).collect()
    }

    #[test]
    fn lines_are_joined_by_crlf_and_an_empty_last_line_counts_either_way() {
        assert_eq!(lengths("a\nb", Convention::Crlf), [4]);
        assert_eq!(lengths("a\nb\n", Convention::Crlf), [6, 8]);
        assert_eq!(lengths("a\nb", Convention::Lf), [3]);
    }

    #[test]
    fn exploded_xml_loses_its_indentation() {
        let text = "<Data>\n\t<PSM></PSM>\n\t<CurrentMedia></CurrentMedia>\n</Data>";
        assert_eq!(lengths(text, Convention::Exploded), [53]);
        assert_eq!(lengths("<a\n  b=\"1\"\n  c=\"2\"\n/>", Convention::Exploded), [16, 17]);
        assert_eq!(lengths("hello", Convention::Exploded), [0_usize; 0]);
        assert_eq!(lengths("A: <M>\n  <I>1</I>\n</M>\nB: 2\n", Convention::Exploded), [26, 28]);
    }

    #[test]
    fn xml_is_read_to_its_end() {
        assert_eq!(well_formed("<?xml version=\"1.0\"?><a b=\"1\"><c/>&amp;é</a>\n"), Ok(()));
        for broken in [
            "<a>",
            "<a></b>",
            "",
            "a",
            "<a/><b/>",
            "<a>&nbsp;</a>",
            "<a b=1/>",
            "<a b=\"1\" b=\"2\"/>",
            "<a>x & y</a>",
        ] {
            assert!(well_formed(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn blocks_of_headers_come_before_a_counted_body() {
        let blocks = |body: &str| {
            format!(
                "Routing: 1.0\r\n\r\nReliability: 1.0\r\n\r\nContent-Type: a+xml\r\nContent-Length: 4\r\n\r\n{body}"
            )
        };
        assert_eq!(mime_blocks(blocks("<a/>").as_bytes()), Ok(()));
        assert_eq!(mime_blocks(blocks("<a/>\r\n").as_bytes()), Ok(()));
        assert_eq!(mime_blocks(b"Routing: 1.0\r\n\r\n"), Ok(()));
        assert_eq!(mime_blocks(b"Routing: 1.0\r\n\r\nhi"), Ok(()));
        for broken in ["<a>", "<a//>", "a", ""] {
            assert!(mime_blocks(blocks(broken).as_bytes()).is_err(), "{broken}");
        }
        assert!(mime_blocks(b"Routing\r\n\r\n").is_err());
    }

    #[test]
    fn elements_can_stand_in_a_row() {
        assert_eq!(elements_in_a_row("<a>1</a><b/>"), Ok(()));
        for broken in ["", "<a>", "<a/>x", "x"] {
            assert!(elements_in_a_row(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn headers_end_at_an_empty_line() {
        assert_eq!(mime(b"MIME-Version: 1.0\r\nKid:\r\n\r\nno header"), Ok(()));
        assert_eq!(mime(b"MIME-Version: 1.0\r\n"), Ok(()));
        assert!(mime(b"MIME-Version: 1.0\r\nhello").is_err());
    }
}
