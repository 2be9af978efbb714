//! What the names of an exchange's wildcards stand for, and payloads with their wildcards filled.
//!
//! A name binds where it stands first: to a width, where one is given, and to the kind of value that stands there. From
//! there on it has to be the same.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::problem::Problem;
use super::value::Kind;
use super::wildcard::{Found, Hole, Wildcard, find};
use crate::report::rules;
use crate::text::Span;

/// So many bytes that are not shown are filled in a payload; with more its length is not known.
const MOST_FILLED: usize = 1 << 20;

/// What the names of an exchange stand for.
#[derive(Default)]
pub(super) struct Bindings {
    names: BTreeMap<String, Bound>,
}

struct Bound {
    span: Span,
    width: Option<usize>,
    /// What it can be; empty where nothing is known.
    kinds: Vec<&'static Kind>,
}

/// True if some text is of both kinds, as far as their samples tell.
fn meet(one: &Kind, other: &Kind) -> bool {
    one.name == other.name || one.check(other.sample).is_ok() || other.check(one.sample).is_ok()
}

impl Bindings {
    /// Notes the names in the text at `span`, a word or a line of a payload; `kinds` are what the whole of it can be.
    /// A problem for each name that cannot be what it was before.
    pub(super) fn bind(
        &mut self,
        line: &[u8],
        span: Span,
        kinds: &[&'static Kind],
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        for found in find(line) {
            let Ok(Wildcard::Hole(Hole { name: Some(name), width })) = found.wildcard else {
                continue;
            };
            let whole = found.range == (0..line.len());
            let hole = Hole { name: None, width };
            let here = Span::new(found.range.start, found.range.end).shifted(span.start);
            problems.extend(self.hold(&name, &hole, if whole { kinds } else { &[] }, here));
        }
        problems
    }

    fn hold(
        &mut self,
        name: &str,
        hole: &Hole,
        kinds: &[&'static Kind],
        span: Span,
    ) -> Option<Problem> {
        let Some(bound) = self.names.get_mut(name) else {
            let bound = Bound { span, width: hole.width, kinds: kinds.to_vec() };
            self.names.insert(name.to_owned(), bound);
            return None;
        };
        let first = bound.span;
        let wrong = |text: String| {
            let help =
                "one name stands for the same bytes all through an exchange: use another name";
            let problem = Problem::new(&rules::WILDCARD_MISMATCH, span, text);
            Some(problem.label(first, format!("`{name}` stands here first")).help(help))
        };
        if let (Some(one), Some(other)) = (bound.width, hole.width)
            && one != other
        {
            return wrong(format!("`{name}` has {other} bytes here, but {one} before"));
        }
        bound.width = bound.width.or(hole.width);
        if bound.kinds.is_empty() {
            bound.kinds = kinds.to_vec();
            return None;
        }
        let left: Vec<&'static Kind> = (bound.kinds.iter().copied())
            .filter(|before| kinds.iter().any(|now| meet(before, now)))
            .collect();
        if !left.is_empty() {
            bound.kinds = left;
            return None;
        }
        let (before, now) = (bound.kinds.first()?, kinds.first()?);
        wrong(format!("`{name}` is {} here, but {} before", now.meaning, before.meaning))
    }

    /// The lines of a payload as bytes, with `x` for each byte that is not shown.
    pub(super) fn fill<'l>(&self, lines: &[&'l [u8]]) -> Filled<'l> {
        let mut filled = Filled { lines: Vec::new(), hidden: false, open: false };
        let mut left = MOST_FILLED;
        for line in lines {
            let found = find(line);
            if found.is_empty() {
                filled.lines.push(Cow::Borrowed(line));
                continue;
            }
            let mut out = Vec::new();
            let mut at = 0;
            for Found { range, wildcard } in found {
                out.extend_from_slice(line.get(at..range.start).unwrap_or_default());
                at = range.end;
                match wildcard {
                    Ok(Wildcard::Bytes(bytes)) => out.extend_from_slice(&bytes),
                    Ok(Wildcard::Blank) => out.push(b' '),
                    Ok(Wildcard::Hole(hole)) => {
                        filled.hidden = true;
                        let width = self.width(&hole).filter(|width| *width <= left);
                        left -= width.unwrap_or_default();
                        filled.open |= width.is_none();
                        out.extend(std::iter::repeat_n(b'x', width.unwrap_or_default()));
                    }
                    Err(_) => (filled.hidden, filled.open) = (true, true),
                }
            }
            out.extend_from_slice(line.get(at..).unwrap_or_default());
            filled.lines.push(Cow::Owned(out));
        }
        filled
    }

    fn width(&self, hole: &Hole) -> Option<usize> {
        let named = || self.names.get(hole.name.as_ref()?).and_then(|bound| bound.width);
        hole.width.or_else(named)
    }
}

/// Lines of a payload with their wildcards filled.
pub(super) struct Filled<'l> {
    /// The lines; a hole of unknown width has no bytes.
    pub(super) lines: Vec<Cow<'l, [u8]>>,
    /// True if some bytes are not shown.
    pub(super) hidden: bool,
    /// True if it is not known how many.
    pub(super) open: bool,
}
