//! Where the lines of an example stand in the bytes of their messages.

use super::lines::{self, Written};
use crate::book::Entry;
use crate::check::Token;
use crate::msnp::{Verdict, wildcard};

/// Where a line begins in the bytes of its message; `None` where a wildcard above hides how many bytes there are.
fn start(
    entry: &Entry,
    line: &lines::Line,
    written: &Written,
    verdict: &Verdict<'_>,
) -> Option<usize> {
    let message = line.message?;
    let mut own = written.lines.iter().filter(|other| other.message == Some(message));
    let first = own.next()?;
    if first.span == line.span {
        return Some(0);
    }
    let bytes = verdict.messages.get(message)?.bytes.as_deref()?;
    let mut at = entry.source.slice(first.file).len();
    bytes.starts_with(entry.source.slice(first.file).as_bytes()).then_some(())?;
    let mut gap = 0;
    for other in own {
        // A line is joined to the one before with nothing, a blank or a line end of at most two bytes.
        gap += 2;
        let text = entry.source.slice(other.file).as_bytes();
        if !text.is_empty() {
            let fits = |step: &usize| bytes.get(at + step..).is_some_and(|b| b.starts_with(text));
            let begin = at + (0..=gap).find(fits)?;
            if other.span == line.span {
                return Some(begin);
            }
            (at, gap) = (begin + text.len(), 0);
        }
    }
    None
}

/// Tells the tokens of a line where in their message they stand.
pub(super) fn locate(
    tokens: &mut [Token],
    entry: &Entry,
    line: &lines::Line,
    written: &Written,
    verdict: &Verdict<'_>,
) {
    let Some(start) = start(entry, line, written, verdict) else { return };
    let text = entry.source.slice(line.file);
    let hidden = wildcard::find(text.as_bytes()).first().map_or(text.len(), |w| w.range.start);
    for token in tokens {
        let offset = |at: u32| usize::try_from(at.saturating_sub(line.file.start)).ok();
        let (from, to) = (offset(token.span.start), offset(token.span.end));
        let Some((from, to)) = from.zip(to).filter(|(_, to)| *to <= hidden) else { continue };
        token.bytes = Some(start + from..start + to);
    }
}

/// How many bytes of payload follow the command of a line; `None` for none, and where some are not shown.
pub(super) fn payload(line: &lines::Line, verdict: &Verdict<'_>) -> Option<usize> {
    let bytes = verdict.messages.get(line.message?)?.bytes.as_deref()?;
    let end = bytes.windows(2).position(|pair| pair == b"\r\n")?;
    Some(bytes.len().saturating_sub(end + 2)).filter(|count| *count > 0)
}
