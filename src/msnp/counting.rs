//! The length of a payload against the number its line gives.

use super::bindings::Bindings;
use super::payload::{self, Convention, candidates};
use super::problem::Problem;
use super::seen::Seen;
use super::template::is_payload_template;
use super::transcript::{Message, Payload, Transcript};
use crate::grammar::Status;
use crate::report::rules;
use crate::text::{FixLevel, Span};

/// What a line says of its payload.
struct Counted<'a> {
    /// The command word.
    name: &'a str,
    /// The number of bytes, and where it stands.
    length: (usize, Span),
    /// Kind of the payload.
    kind: &'a str,
    /// How the author says that its lines are joined.
    stated: Option<Convention>,
    /// What wildcards stand for.
    wildcards: &'a Bindings,
}

/// What counting a payload shows.
#[derive(Default)]
pub(super) struct Tally {
    /// The bytes as they are on the wire; `None` where some are not shown, or their number is wrong.
    pub(super) bytes: Option<Vec<u8>>,
    /// What is wrong.
    pub(super) problems: Vec<Problem>,
}

impl From<Vec<Problem>> for Tally {
    fn from(problems: Vec<Problem>) -> Self {
        Self { bytes: None, problems }
    }
}

/// Counts the payload of a message that fits forms and reads it as its kind. `stated` is how its author says that its lines
/// are joined.
pub(super) fn payload(
    seen: &Seen<'_, '_>,
    stated: Option<Convention>,
    wildcards: &Bindings,
) -> Tally {
    let with = seen.matches.iter().find_map(|m| Some((m.form, m.length(seen.words)?)));
    let Some((form, length)) = with else { return none(seen) };
    let kind = form.payload.as_deref().unwrap_or("any");
    count(
        seen.transcript,
        seen.message,
        &Counted { name: name(seen), length, kind, stated, wildcards },
    )
}

fn name<'s>(seen: &'s Seen<'_, '_>) -> &'s str {
    seen.words.first().map_or("", |word| &word.text)
}

/// A message whose line has no number of bytes.
fn none(seen: &Seen<'_, '_>) -> Tally {
    if let Some(length) = seen.matches.iter().find_map(|m| m.word_of_kind("length", seen.words)) {
        let text = "how long the payload is cannot be verified: its length is a wildcard";
        let problem = Problem::new(&rules::LENGTH_NOT_VERIFIABLE, length.span, text);
        return vec![problem.help("write the number of bytes")].into();
    }
    let payload = &seen.message.payload;
    let bytes = payload.is_blank().then(Vec::new);
    // Whether a form that nobody knows has a payload is not known either.
    let unknown = seen.matches.iter().any(|m| m.form.status == Some(Status::Unknown));
    let stray = match payload {
        Payload::Lines(lines) => lines.iter().find(|line| !line.is_empty()).copied(),
        Payload::Bytes(_) => None,
    };
    let problem = stray.filter(|_| !unknown).map(|span| {
        let name = name(seen);
        let text =
            format!("this line is neither a command nor the payload of one: `{name}` has none");
        let help = "begin it with `C: ` or `S: `, or with `.. ` to continue the line above";
        Problem::new(&rules::STRAY_LINE, span, text).help(help)
    });
    Tally { bytes, problems: problem.into_iter().collect() }
}

fn count(transcript: &Transcript, message: &Message, counted: &Counted<'_>) -> Tally {
    match &message.payload {
        Payload::Bytes(span) => exact(transcript, *span, counted),
        Payload::Lines(lines) => written(transcript, message, lines, counted),
    }
}

fn exact(transcript: &Transcript, span: Span, counted: &Counted<'_>) -> Tally {
    let bytes = transcript.bytes(span);
    if bytes.len() == counted.length.0 {
        let problems = format_problem(bytes, span, counted).into_iter().collect();
        return Tally { bytes: Some(bytes.to_vec()), problems };
    }
    let text = length_message(counted, bytes.len());
    vec![Problem::new(&rules::PAYLOAD_LENGTH, counted.length.1, text)].into()
}

fn written(
    transcript: &Transcript,
    message: &Message,
    spans: &[Span],
    counted: &Counted<'_>,
) -> Tally {
    let (length, at) = counted.length;
    let lines: Vec<&[u8]> = spans.iter().map(|span| transcript.bytes(*span)).collect();
    let filled = counted.wildcards.fill(&lines);
    let lines: Vec<&[u8]> = filled.lines.iter().map(AsRef::as_ref).collect();
    let whole = message.payload.span().unwrap_or(at);
    if length == 0 && message.payload.is_blank() {
        return Tally { bytes: Some(Vec::new()), problems: Vec::new() };
    }
    if message.payload.is_blank() {
        let text = format!("`{}` announces {length} bytes, but no payload follows", counted.name);
        let help = "write the payload in the lines below, or 0";
        return vec![Problem::new(&rules::PAYLOAD_LENGTH, at, text).help(help)].into();
    }
    let allowed: Vec<Convention> = match counted.stated {
        Some(stated) => vec![stated],
        None => Convention::INFERRED.to_vec(),
    };
    if filled.open {
        return vec![open_length(&lines, &allowed, counted)].into();
    }
    // Headers end in CRLF, so a number counted with LF is wrong.
    let by_lf = |convention: &Convention| {
        *convention == Convention::Lf && counted.kind == "mime" && counted.stated.is_none()
    };
    for convention in allowed.into_iter().filter(|convention| !by_lf(convention)) {
        let fits = candidates(&lines, convention).into_iter().find(|bytes| bytes.len() == length);
        let Some(bytes) = fits else { continue };
        let mut problems: Vec<Problem> =
            format_problem(&bytes, whole, counted).into_iter().collect();
        // What is not shown can make it right.
        problems.retain(|_| !filled.hidden);
        if convention != Convention::Crlf && counted.stated.is_none() && lines.len() > 1 {
            problems.push(convention_note(convention, length, at));
        }
        return Tally { bytes: Some(bytes).filter(|_| !filled.hidden), problems };
    }
    if lines.iter().any(|line| is_payload_template(&String::from_utf8_lossy(line))) {
        let text = "part of the payload stands for something else, so it is not checked";
        return vec![Problem::new(&rules::TEMPLATE, whole, text)].into();
    }
    vec![wrong_length(&lines, spans, counted)].into()
}

/// The problem of a payload with a wildcard of unknown width; `lines` hold the bytes that are shown.
fn open_length(lines: &[&[u8]], allowed: &[Convention], counted: &Counted<'_>) -> Problem {
    let (length, at) = counted.length;
    let sizes = allowed.iter().flat_map(|convention| candidates(lines, *convention));
    let least = sizes.map(|bytes| bytes.len()).min().unwrap_or_default();
    if least > length {
        let name = counted.name;
        let text =
            format!("`{name}` announces {length} bytes, but its payload has {least} or more");
        let help = "mend the number, or the payload";
        return Problem::new(&rules::PAYLOAD_LENGTH, at, text).help(help);
    }
    let text = format!(
        "that the payload has {length} bytes cannot be verified: a wildcard in it has no width"
    );
    Problem::new(&rules::LENGTH_NOT_VERIFIABLE, at, text)
        .help("say how many bytes it stands for, as in `[..name:32..]`")
}

fn convention_note(convention: Convention, length: usize, at: Span) -> Problem {
    let how = match convention {
        Convention::Lf => "with its lines joined by LF",
        Convention::Exploded => "as XML on one line",
        Convention::Crlf | Convention::Raw => "with its lines joined by nothing",
    };
    let text = format!("the payload has {length} bytes only {how}");
    let mut problem = Problem::new(&rules::PAYLOAD_CONVENTION, at, text)
        .help(format!("say so with the attribute `payload={}`", convention.name()));
    problem.convention = Some(convention);
    problem
}

fn length_message(counted: &Counted<'_>, actual: usize) -> String {
    let length = counted.length.0;
    format!("`{}` announces {length} bytes, but its payload has {actual}", counted.name)
}

fn wrong_length(lines: &[&[u8]], spans: &[Span], counted: &Counted<'_>) -> Problem {
    let (length, at) = counted.length;
    let convention = counted.stated.unwrap_or(Convention::Crlf);
    let exploded = candidates(lines, Convention::Exploded);
    let is_exploded = lines.len() > 1 && !exploded.is_empty() && counted.stated.is_none();
    let options = if is_exploded { exploded } else { candidates(lines, convention) };
    let nearest = options.iter().map(Vec::len).min_by_key(|size| size.abs_diff(length));
    let actual = nearest.unwrap_or_default();
    let counted_as = match (is_exploded, lines.len()) {
        (true, _) => format!("{actual} bytes as XML on one line"),
        (false, 1) => format!("{actual} bytes"),
        (false, count) => format!("{actual} bytes: {count} lines joined by CRLF"),
    };
    let mut problem = Problem::new(&rules::PAYLOAD_LENGTH, at, length_message(counted, actual))
        .here(format!("should be {actual}"));
    if let (Some(first), Some(last)) = (spans.first(), spans.last()) {
        problem = problem.label(first.to(*last), counted_as);
    }
    let stripped: Vec<Span> = (lines.iter().zip(spans))
        .filter(|(line, _)| line.ends_with(b":") && payload::mime(line).is_ok())
        .map(|(_, span)| Span { start: span.end, end: span.end })
        .collect();
    if !stripped.is_empty() && length.checked_sub(actual) == Some(stripped.len()) {
        let count = stripped.len();
        let mut problem = problem.help(format!(
            "{count} headers without a value have lost the blank behind their colon: put it back"
        ));
        let edits = stripped.into_iter().map(|at| (at, " ".to_owned())).collect();
        problem.fix = Some(super::problem::WireFix { level: FixLevel::Safe, edits });
        return problem;
    }
    if candidates(lines, Convention::Lf).iter().any(|bytes| bytes.len() == length) {
        problem =
            problem.help("the number counts LF at the ends of lines; on the wire they are CRLF");
    }
    // A payload that cannot be read is cut off or mistyped: then it is not the number that is wrong.
    let readable = options.iter().all(|bytes| payload::check(counted.kind, bytes).is_ok());
    // A last line end may count, and an author need not have shown it.
    let ended = length == actual + 2;
    if ended {
        problem = problem.help("a payload that ends in a line end is shown with an empty line");
    }
    let level = match options.len() {
        _ if !readable || is_exploded || ended => FixLevel::Displayed,
        1 => FixLevel::Safe,
        // An empty line at the end can stand for the last line end, or follow it.
        _ => FixLevel::Unsafe,
    };
    problem.help(format!("write {actual}, or mend the payload")).fix(level, at, actual.to_string())
}

fn format_problem(bytes: &[u8], span: Span, counted: &Counted<'_>) -> Option<Problem> {
    let why = payload::check(counted.kind, bytes).err()?;
    let text = format!("the payload of `{}` is not `{}`: {why}", counted.name, counted.kind);
    Some(
        Problem::new(&rules::PAYLOAD_FORMAT, span, text)
            .help("mend the payload, and count it again"),
    )
}
