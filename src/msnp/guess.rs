//! What a line that fits no form was probably meant to be.
//!
//! A few small changes are tried; only where exactly one of them makes the line fit a form of the protocol is it said.

use super::message::{Slot, Word, accept};
use super::problem::{Problem, WireFix};
use super::wording;
use crate::grammar::{Form, Piece};
use crate::report::rules;
use crate::text::{FixLevel, Span};

/// A change that makes a line fit.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Guess {
    /// The words of these numbers are swapped.
    Swapped(usize, usize),
    /// So many words from this one on are one name, whose blanks are not encoded.
    Name(usize, usize),
    /// Before this word a literal is missing, or the id 0.
    Literal(usize, String),
}

/// Lines longer than this are not guessed at.
const MOST_WORDS: usize = 16;
/// A name of more words than this is none.
const LONGEST_NAME: usize = 5;

/// The problem of a line of `words`, with what it was probably meant to be, if there is one such thing in `forms`.
pub(super) fn explain(problem: Problem, words: &[Word<'_>], forms: &[&Form]) -> Problem {
    let plain: Vec<&Form> = forms.iter().copied().filter(|form| form.variant.is_none()).collect();
    let is_hidden = |word: &Word<'_>| word.wild.is_some();
    if words.len() > MOST_WORDS || words.iter().any(is_hidden) {
        return problem;
    }
    let mut guesses = swaps(words, &plain);
    guesses.extend(names(words, &plain));
    guesses.extend(literals(words, &plain));
    let [guess] = guesses.as_slice() else { return problem };
    tell(problem, words, guess)
}

/// True if a form of the protocol among `forms` accepts the words.
pub(super) fn fits(words: &[Word<'_>], forms: &[&Form]) -> bool {
    forms.iter().any(|form| form.variant.is_none() && accept(form, words).is_some())
}

fn swaps(words: &[Word<'_>], forms: &[&Form]) -> Vec<Guess> {
    let mut guesses = Vec::new();
    for one in 1..words.len() {
        for other in one + 1..words.len() {
            let mut swapped = words.to_vec();
            swapped.swap(one, other);
            if !is_cut(words.get(one), words.get(other)) && fits(&swapped, forms) {
                guesses.push(Guess::Swapped(one, other));
            }
        }
    }
    guesses
}

/// True if one word is the other cut short: then it is mistyped, not in the wrong place.
fn is_cut(one: Option<&Word<'_>>, other: Option<&Word<'_>>) -> bool {
    let pair = one.zip(other);
    pair.is_some_and(|(one, other)| {
        one.text.starts_with(other.text.as_ref()) || other.text.starts_with(one.text.as_ref())
    })
}

fn names(words: &[Word<'_>], forms: &[&Form]) -> Vec<Guess> {
    let is_name = |slot: &Slot<'_>| matches!(slot.kind(), "nickname" | "group-name" | "text");
    let mut guesses = Vec::new();
    for first in 1..words.len() {
        for count in 2..=LONGEST_NAME {
            let Some((before, rest)) = words.split_at_checked(first) else { continue };
            let Some((name, behind)) = rest.split_at_checked(count) else { continue };
            let texts: Vec<&str> = name.iter().map(|word| word.text.as_ref()).collect();
            if texts.iter().any(|text| text.is_empty()) {
                continue;
            }
            let joined = Word::new(texts.join("%20").into(), Span::default());
            let line: Vec<Word<'_>> =
                before.iter().chain([&joined]).chain(behind).cloned().collect();
            let as_name = |form: &&Form| {
                accept(form, &line).is_some_and(|slots| slots.get(first - 1).is_some_and(is_name))
            };
            if forms.iter().any(as_name) {
                guesses.push(Guess::Name(first, count));
            }
        }
    }
    guesses
}

fn literals(words: &[Word<'_>], forms: &[&Form]) -> Vec<Guess> {
    let mut guesses = Vec::new();
    let shapes = forms.iter().flat_map(|form| form.shapes.iter().map(move |shape| (form, shape)));
    for (form, shape) in shapes.filter(|(_, shape)| shape.len() == words.len()) {
        for (at, piece) in shape.iter().enumerate() {
            let literal = match piece {
                Piece::Literal(literal) => literal.as_str(),
                // What comes unasked has this id.
                Piece::Parameter(parameter) if parameter.kind == "trid" && form.asynchronous => "0",
                _ => continue,
            };
            let mut longer = words.to_vec();
            longer.insert(at + 1, Word::new(literal.into(), Span::default()));
            let guess = Guess::Literal(at + 1, literal.to_owned());
            if accept(form, &longer).is_some() && !guesses.contains(&guess) {
                guesses.push(guess);
            }
        }
    }
    guesses
}

fn tell(problem: Problem, words: &[Word<'_>], guess: &Guess) -> Problem {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_ref());
    let span = |at: usize| words.get(at).map(|word| word.span).unwrap_or_default();
    match guess {
        Guess::Swapped(one, other) => {
            let help = format!("`{}` and `{}` look swapped", text(*one), text(*other));
            let edits =
                vec![(span(*one), text(*other).to_owned()), (span(*other), text(*one).to_owned())];
            // A word that goes over two lines is not moved.
            let whole = [one, other].iter().all(|at| span(**at).len() == text(**at).len());
            mended(problem.help(help), whole.then_some(edits))
        }
        Guess::Name(first, count) => {
            let parts: Vec<&str> = (*first..first + count).map(text).collect();
            let help = format!("a blank in a name is written `%20`: `{}`", parts.join("%20"));
            let blanks = (*first..first + count - 1).map(|at| {
                let blank = Span { start: span(at).end, end: span(at + 1).start };
                (blank, "%20".to_owned())
            });
            let edits: Vec<(Span, String)> = blanks.collect();
            let whole = edits.iter().all(|(blank, _)| blank.len() == 1);
            mended(problem.help(help), whole.then_some(edits))
        }
        Guess::Literal(at, literal) => {
            let name = text(0);
            let end = wording::line(words).end;
            let place = words.get(*at).map_or(end, |word| word.span.start);
            let edit = match words.get(*at) {
                Some(_) => format!("{literal} "),
                None => format!(" {literal}"),
            };
            let here = Span { start: place, end: place };
            let message = format!("`{name}` lacks its `{literal}`");
            let mut missing =
                Problem::new(&rules::PARAMETER_MISSING, wording::line(words), message)
                    .label(here, format!("`{literal}` is missing here"));
            missing.help.extend(problem.help);
            mended(missing, Some(vec![(here, edit)]))
        }
    }
}

fn mended(mut problem: Problem, edits: Option<Vec<(Span, String)>>) -> Problem {
    problem.fix = edits.map(|edits| WireFix { level: FixLevel::Unsafe, edits });
    problem
}
