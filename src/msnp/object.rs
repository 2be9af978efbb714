//! MSNObjects: descriptions of pictures, sounds and the like, with a digest of the data and one of the description.
//!
//! They stand percent-encoded in parameters, plain in messages about emoticons, and entity-encoded in XML. Sources:
//! recorded sessions of 2007 to 2009, whose digests come out as computed here. What must be there is from memory
//! of client code, and holds for all of these. Clients since MSN 8.5 leave `SHA1C` out (recorded sessions).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader;
use quick_xml::events::Event;
use sha1::{Digest as _, Sha1};

use super::problem::Problem;
use super::value;
use crate::report::rules;
use crate::text::{FixLevel, Span};

/// The attributes that `SHA1C` covers, in its order.
const COVERED: [&str; 6] = ["Creator", "Size", "Type", "Location", "Friendly", "SHA1D"];
/// The attributes without which a client does not know the object.
const REQUIRED: [(&str, &str); 4] = [
    ("Creator", "has no `Creator`"),
    ("Size", "has no `Size`"),
    ("Type", "has no `Type`"),
    ("SHA1D", "has no `SHA1D`"),
];

/// Says why an element is no MSNObject, as a clause that follows it. One without any attribute is legal: it stands for
/// no object.
pub(super) fn check(element: &str) -> Result<(), &'static str> {
    let attributes = attributes(element).ok_or("is not a well-formed element")?;
    if attributes.is_empty() {
        return Ok(());
    }
    let get = |name: &str| value_of(&attributes, name);
    for (name, missing) in REQUIRED {
        get(name).ok_or(missing)?;
    }
    for (name, why) in [
        ("Size", "has a `Size` that is not a number"),
        ("Type", "has a `Type` that is not a number"),
    ] {
        let kind = value::find("u32");
        if kind.zip(get(name)).is_some_and(|(kind, text)| kind.check(text).is_err()) {
            return Err(why);
        }
    }
    let digest = |name| get(name).is_none_or(|text| decoded(text).is_some_and(|b| b.len() == 20));
    if !digest("SHA1D") {
        return Err("has a `SHA1D` that is not base64 of 20 bytes");
    }
    if !digest("SHA1C") {
        return Err("has a `SHA1C` that is not base64 of 20 bytes");
    }
    match get("Friendly").filter(|text| !text.is_empty()).map(decoded) {
        Some(name) if !name.as_deref().is_some_and(is_wide_text) => {
            Err("has a `Friendly` that is not base64 of UTF-16 with a final NUL")
        }
        _ => Ok(()),
    }
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

fn is_wide_text(bytes: &[u8]) -> bool {
    bytes.len().is_multiple_of(2) && bytes.ends_with(&[0, 0])
}

/// Attributes of the element, values as written; `None` where it is not one well-formed empty element.
fn attributes(element: &str) -> Option<Vec<(String, String)>> {
    let mut reader = Reader::from_str(element.trim_end());
    let Ok(Event::Empty(tag)) = reader.read_event() else { return None };
    let pairs = tag.attributes().map(|attribute| {
        let attribute = attribute.ok()?;
        Some((attribute.key.as_ref().to_owned(), attribute.value.into_owned()))
    });
    let pairs = pairs.collect::<Option<Vec<_>>>()?;
    matches!(reader.read_event(), Ok(Event::Eof)).then_some(pairs)
}

fn value_of<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The `SHA1C` that an element should have, where it has another one and all that it covers.
fn right_digest(element: &str) -> Option<String> {
    let attributes = attributes(element)?;
    let given = value_of(&attributes, "SHA1C")?;
    // Whether `&amp;` counts as it is written or as it is meant, nobody has shown.
    let ways = [|text: &str| text.to_owned(), |text: &str| unescaped(text)];
    let digests = ways.map(|way| {
        let mut hash = Sha1::new();
        for name in COVERED {
            hash.update(name);
            hash.update(way(value_of(&attributes, name)?));
        }
        Some(STANDARD.encode(hash.finalize()))
    });
    let [plain, meant] = digests;
    let (plain, meant) = (plain?, meant?);
    (given != plain && given != meant).then_some(plain)
}

fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

/// How an object is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    Plain,
    Percent,
    Entities,
}

/// A problem where the `SHA1C` of the percent-encoded object at `span` is not what its attributes give.
pub(super) fn hold_value(text: &str, span: Span) -> Option<Problem> {
    hold(text, span, Writing::Percent)
}

/// Problems of the objects in a payload, which stands at `span`.
pub(super) fn hold_payload(text: &str, span: Span) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (open, close, writing) in
        [("<msnobj ", "/>", Writing::Plain), ("&lt;msnobj ", "/&gt;", Writing::Entities)]
    {
        for (at, _) in text.match_indices(open) {
            let rest = text.get(at..).unwrap_or_default();
            let Some(end) = rest.find(close).map(|end| end + close.len()) else { continue };
            let object = rest.get(..end).unwrap_or_default();
            let start = span.start as usize + at;
            let place = Span::new(start, start + end);
            let (element, _) = decode(object, writing);
            if let Err(why) = check(&element) {
                let text = format!("the object {why}");
                problems.push(Problem::new(&rules::PAYLOAD_FORMAT, place, text));
            } else {
                problems.extend(hold(object, place, writing));
            }
        }
    }
    problems
}

fn hold(text: &str, span: Span, writing: Writing) -> Option<Problem> {
    let (element, offsets) = decode(text, writing);
    let right = right_digest(&element)?;
    let message = format!("the attributes of this object give the digest `{right}`");
    let help = "`SHA1C` is the SHA-1 of `Creator`, `Size`, `Type`, `Location`, `Friendly` and `SHA1D`, each name followed by its value";
    let place = digest_place(&element, &offsets, text.len());
    // Where bytes were replaced in reading, offsets lead nowhere.
    let place = place.filter(|_| span.len() == text.len());
    let Some((start, end)) = place else {
        return Some(Problem::new(&rules::OBJECT_DIGEST, span, message).help(help));
    };
    let at = Span::new(span.start as usize + start, span.start as usize + end);
    let written = if writing == Writing::Percent { percent(&right, text) } else { right };
    Some(Problem::new(&rules::OBJECT_DIGEST, at, message).here("is another digest").help(help).fix(
        FixLevel::Safe,
        at,
        written,
    ))
}

/// Where the value of `SHA1C` begins and ends in the written text.
fn digest_place(element: &str, offsets: &[usize], length: usize) -> Option<(usize, usize)> {
    let name = element.find(" SHA1C")?;
    let rest = element.get(name..)?;
    let quote = rest.find(['"', '\''])?;
    let value = rest.get(quote + 1..)?;
    let size = value.find(['"', '\''])?;
    let first = name + quote + 1;
    let place = |at: usize| offsets.get(at).copied().unwrap_or(length);
    Some((place(first), place(first + size)))
}

/// The element, and where each of its bytes stands in the text.
fn decode(text: &str, writing: Writing) -> (String, Vec<usize>) {
    let (mut bytes, mut offsets) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(rest) = text.as_bytes().get(at..).filter(|rest| !rest.is_empty()) {
        let (byte, length) = match writing {
            Writing::Plain => None,
            Writing::Percent => percent_byte(rest),
            Writing::Entities => entity(rest),
        }
        .unwrap_or_else(|| (rest.first().copied().unwrap_or_default(), 1));
        bytes.push(byte);
        offsets.push(at);
        at += length;
    }
    match String::from_utf8(bytes) {
        Ok(element) => (element, offsets),
        Err(_) => (String::new(), Vec::new()),
    }
}

fn percent_byte(rest: &[u8]) -> Option<(u8, usize)> {
    let digits = rest.strip_prefix(b"%")?.get(..2)?;
    let digits = std::str::from_utf8(digits).ok()?;
    Some((u8::from_str_radix(digits, 16).ok()?, 3))
}

fn entity(rest: &[u8]) -> Option<(u8, usize)> {
    let known: [(&[u8], u8); 5] =
        [(b"&lt;", b'<'), (b"&gt;", b'>'), (b"&quot;", b'"'), (b"&apos;", b'\''), (b"&amp;", b'&')];
    let (name, byte) = known.into_iter().find(|(name, _)| rest.starts_with(name))?;
    Some((byte, name.len()))
}

/// A digest, its signs percent-encoded unless `text` writes them plain.
fn percent(digest: &str, text: &str) -> String {
    let lower = text.contains("%2f") || text.contains("%3c") || text.contains("%3d");
    digest.chars().fold(String::new(), |mut out, character| {
        let code = match character {
            '+' => "%2B",
            '/' => "%2F",
            '=' => "%3D",
            _ => "",
        };
        if code.is_empty() || text.contains(character) {
            out.push(character);
        } else if lower {
            out.push_str(&code.to_ascii_lowercase());
        } else {
            out.push_str(code);
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sent by the msnp11-sdk crate, and shown in yellows111's MSNP wiki.
    const SEEN: [&str; 2] = [
        r#"<msnobj Creator="alice@example.com" Size="12" Type="3" Location="PIC.tmp" Friendly="AAA=" SHA1D="L5DL5FG/tmhavH6o/YlSi5b9PYQ=" SHA1C="4BACRzymukBik/h/2j0SgGVG488=" contenttype=""/>"#,
        r#"<msnobj Creator="anotherdude@hotmail.com" Size="25235" Type="3" Location="uexA4DE.dat" Friendly="AAA=" SHA1D="vP1ppB+xiFQ8ceZivRe0uCaYLIU=" SHA1C="PApbbjkbDSGrt3ybGHRKNaZ8s/w="/>"#,
    ];

    #[test]
    fn digests_of_real_objects_verify() {
        for element in SEEN {
            assert_eq!(check(element), Ok(()));
            assert_eq!(right_digest(element), None);
            let other = element.replace("Type=\"3\"", "Type=\"2\"");
            assert!(right_digest(&other).is_some());
        }
        let without = SEEN[0].replace(" SHA1C=\"4BACRzymukBik/h/2j0SgGVG488=\"", "");
        assert_eq!((check(&without), right_digest(&without)), (Ok(()), None));
    }

    #[test]
    fn objects_say_what_they_lack() {
        assert_eq!(check("<msnobj/>"), Ok(()));
        for (from, to, why) in [
            ("Size=\"12\" ", "", "has no `Size`"),
            ("\"12\"", "\"x\"", "has a `Size` that is not a number"),
            ("L5DL", "", "has a `SHA1D` that is not base64 of 20 bytes"),
            ("4BAC", "", "has a `SHA1C` that is not base64 of 20 bytes"),
            ("AAA=", "AA==", "has a `Friendly` that is not base64 of UTF-16 with a final NUL"),
            ("/>", ">", "is not a well-formed element"),
        ] {
            assert_eq!(check(&SEEN[0].replacen(from, to, 1)), Err(why), "{from}");
        }
    }

    #[test]
    fn a_fix_is_written_as_the_author_writes() {
        let text = "%3Cmsnobj%20Creator%3D%22a%22%20SHA1C%3D%22AAA%3D%22/%3E";
        assert_eq!(percent("a+/=", text), "a%2B/%3D");
        let (element, offsets) = decode(text, Writing::Percent);
        let place = digest_place(&element, &offsets, text.len());
        assert_eq!(place.and_then(|(start, end)| text.get(start..end)), Some("AAA%3D"));
    }

    #[test]
    fn objects_in_payloads_are_found() {
        let wrong = SEEN[0].replace("4BAC", "5BAC");
        let escaped = wrong.replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        for (text, at) in
            [(format!("smile\t{wrong}\t"), "5BAC"), (format!("<Scene>{escaped}</Scene>"), "5BAC")]
        {
            let problems = hold_payload(&text, Span::new(0, text.len()));
            let [problem] = problems.as_slice() else { panic!("{problems:?}") };
            assert_eq!(problem.rule.name, "object-digest");
            assert!(problem.span.of(&text).starts_with(at));
        }
        assert!(hold_payload("<msnobj Creator=\"", Span::new(0, 17)).is_empty());
    }
}
