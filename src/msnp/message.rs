//! One message against the forms of its command.
//!
//! A line is split at single blanks, for an empty parameter is a parameter (`CVQ` of MSNP4 to MSNP7 ends in one). A
//! continued line can have several readings; the one that fits a form is taken.

use std::borrow::Cow;

use super::joints;
use super::piece::{fits, looks_like, slot};
use super::transcript::{Message, Transcript};
use super::value;
use super::wildcard::Pattern;
use crate::grammar::{Form, Parameter, Piece};
use crate::text::Span;

/// What a token is, for colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenClass {
    /// The command word or error code.
    Command,
    /// The transaction id.
    Trid,
    /// A literal the form asks for.
    Keyword,
    /// An account, group or other name of somebody or something.
    Name,
    /// A number.
    Number,
    /// The length of a payload.
    Length,
    /// Any other value.
    Value,
    /// A header's name in a payload.
    Header,
    /// A wildcard.
    Wildcard,
}

/// A piece of a message with a meaning; its span is an offset in the transcript's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireToken<'g> {
    /// Where.
    pub span: Span,
    /// What it is.
    pub class: TokenClass,
    /// Name of the parameter; empty for none.
    pub name: &'g str,
    /// Kind of its value; empty for none.
    pub kind: &'g str,
}

/// A word of a line.
#[derive(Debug, Clone)]
pub struct Word<'a> {
    /// Its text.
    pub text: Cow<'a, str>,
    /// Where it stands; over a tight joint it covers both pieces.
    pub span: Span,
    /// What it can be, where it has a wildcard.
    pub wild: Option<Pattern>,
}

impl<'a> Word<'a> {
    /// A word without wildcards.
    pub fn new(text: Cow<'a, str>, span: Span) -> Self {
        Self { text, span, wild: None }
    }
}

/// A form that accepts a line: what each word behind the command word is.
#[derive(Debug, Clone)]
pub struct Match<'g> {
    /// The form.
    pub form: &'g Form,
    /// One a word behind the command word.
    pub slots: Vec<Slot<'g>>,
}

/// What a word is in a form.
#[derive(Debug, Clone, Copy)]
pub enum Slot<'g> {
    /// A literal; the name of its choice, or nothing.
    Literal(&'g str),
    /// A value.
    Parameter(&'g Parameter),
}

impl<'g> Slot<'g> {
    /// Kind of the value; empty for a literal.
    pub fn kind(&self) -> &'g str {
        match self {
            Self::Literal(_) => "",
            Self::Parameter(parameter) => &parameter.kind,
        }
    }

    /// Name of the parameter; may be empty.
    pub fn name(&self) -> &'g str {
        match self {
            Self::Literal(name) => name,
            Self::Parameter(parameter) => &parameter.name,
        }
    }
}

/// Why a form does not accept a line.
#[derive(Debug, Clone)]
pub struct Mismatch<'g> {
    /// The form.
    pub form: &'g Form,
    /// What is in the way.
    pub reason: Reason<'g>,
    /// How many words fitted before; more is nearer.
    pub fitted: usize,
    /// By how many words the line is too long or too short for the nearest shape.
    pub distance: usize,
    /// True if the word in the way looks like what the form has there.
    pub alike: bool,
}

/// What is in the way of a form.
///
/// Most mismatches are thrown away for a form that fits, so this holds no words; `piece` finds them.
#[derive(Debug, Clone, Copy)]
pub enum Reason<'g> {
    /// Word number `word` (0 is the command word) is not what has its place.
    Value {
        /// Index of the word.
        word: usize,
        /// What has its place.
        piece: &'g Piece,
    },
    /// The line ends before this.
    Missing(&'g Piece),
    /// Word number `word` and what follows is too much.
    Extra(usize),
}

/// A reading of a line and what the forms say of it.
#[derive(Debug, Clone, Default)]
pub struct Reading<'t, 'g> {
    /// The words, the command word first.
    pub words: Vec<Word<'t>>,
    /// Forms that accept it.
    pub matches: Vec<Match<'g>>,
    /// The nearest of those that do not; `None` where one accepts it, or there is no form at all.
    pub nearest: Option<Mismatch<'g>>,
    /// True if another reading of the same line is accepted too.
    pub ambiguous: bool,
}

/// Reads a message against `forms`, and takes the reading that fits best: one that a form of the protocol accepts, else
/// one that a variant accepts, else the one that comes nearest.
pub fn read<'t, 'g>(
    transcript: &'t Transcript,
    message: &Message,
    forms: &[&'g Form],
) -> Reading<'t, 'g> {
    let mut best: Option<Reading<'t, 'g>> = None;
    for words in joints::readings(transcript, message, forms) {
        let reading = hold(words, forms);
        best = Some(match best {
            Some(mut before) if reading.rank() <= before.rank() => {
                before.ambiguous |= reading.fits() && reading.fitness() == before.fitness();
                before
            }
            _ => reading,
        });
    }
    best.unwrap_or_default()
}

impl Reading<'_, '_> {
    fn fits(&self) -> bool {
        !self.matches.is_empty()
    }

    /// 2 for a form of the protocol, 1 for a variant, 0 for nothing.
    fn fitness(&self) -> u8 {
        let plain = self.matches.iter().any(|m| m.form.variant.is_none());
        u8::from(self.fits()) + u8::from(plain)
    }

    /// Greater is better.
    fn rank(&self) -> (u8, Option<Closeness>) {
        let nearest = self.nearest.as_ref().filter(|_| !self.fits());
        (self.fitness(), nearest.map(closeness))
    }
}

/// How many words fitted, by how many the line is too long or too short, and whether the next one looks right; greater is
/// nearer.
type Closeness = (usize, std::cmp::Reverse<usize>, bool);

fn closeness(mismatch: &Mismatch<'_>) -> Closeness {
    (mismatch.fitted, std::cmp::Reverse(mismatch.distance), mismatch.alike)
}

fn hold<'t, 'g>(words: Vec<Word<'t>>, forms: &[&'g Form]) -> Reading<'t, 'g> {
    let fitting =
        forms.iter().filter_map(|form| Some(Match { form, slots: accept(form, &words)? }));
    let matches: Vec<Match<'g>> = fitting.collect();
    let nearest = if matches.is_empty() { nearest(forms, &words) } else { None };
    Reading { words, matches, nearest, ambiguous: false }
}

/// The form that comes nearest to a line which none of them accepts.
fn nearest<'g>(forms: &[&'g Form], words: &[Word<'_>]) -> Option<Mismatch<'g>> {
    let mismatches = forms.iter().filter_map(|form| hold_form(form, words).err());
    // As long as as many words fit, an author is told what the protocol asks for, not what some program writes.
    first_greatest(mismatches, |mismatch| {
        let (fitted, distance, alike) = closeness(mismatch);
        (fitted, mismatch.form.variant.is_none(), distance, alike)
    })
}

/// The first of the greatest.
fn first_greatest<T, K: Ord>(items: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Option<T> {
    items.reduce(|best, item| if key(&item) > key(&best) { item } else { best })
}

/// Holds a line against one form: what each word behind the command word is, or `None` where it does not fit.
pub fn accept<'g>(form: &'g Form, words: &[Word<'_>]) -> Option<Vec<Slot<'g>>> {
    let words = words.get(1..).unwrap_or_default();
    form.shapes.iter().find_map(|shape| {
        let repeats = is_repeated(shape);
        // Counting is cheap, and rules most shapes out.
        if words.len() != shape.len() && !(repeats && words.len() > shape.len()) {
            return None;
        }
        let fits = |(at, word)| piece_at(shape, at, repeats).is_some_and(|piece| fits(piece, word));
        let pieces = || (0..words.len()).filter_map(|at| piece_at(shape, at, repeats));
        words.iter().enumerate().all(fits).then(|| pieces().filter_map(slot).collect())
    })
}

/// The same, with what is in the way where the line does not fit.
pub fn hold_form<'g>(form: &'g Form, words: &[Word<'_>]) -> Result<Vec<Slot<'g>>, Mismatch<'g>> {
    if let Some(slots) = accept(form, words) {
        return Ok(slots);
    }
    let mismatches = form.shapes.iter().map(|shape| mismatch(form, shape, words));
    Err(first_greatest(mismatches, closeness).unwrap_or(Mismatch {
        form,
        reason: Reason::Extra(1),
        fitted: 0,
        distance: words.len(),
        alike: false,
    }))
}

/// What is in the way of a line that a shape does not accept.
fn mismatch<'g>(form: &'g Form, shape: &'g [Piece], words: &[Word<'_>]) -> Mismatch<'g> {
    let given = words.len().saturating_sub(1);
    let repeats = is_repeated(shape);
    let distance = if repeats && given > shape.len() { 0 } else { given.abs_diff(shape.len()) };
    let mismatch = |reason, fitted| Mismatch { form, reason, fitted, distance, alike: false };
    for (index, word) in words.iter().enumerate().skip(1) {
        let Some(piece) = piece_at(shape, index - 1, repeats) else {
            return mismatch(Reason::Extra(index), index - 1);
        };
        if !fits(piece, word) {
            let reason = Reason::Value { word: index, piece };
            let alike = looks_like(piece, &word.text);
            return Mismatch { form, reason, fitted: index - 1, distance, alike };
        }
    }
    match shape.get(given) {
        Some(piece) => mismatch(Reason::Missing(piece), given),
        None => mismatch(Reason::Extra(given + 1), given),
    }
}

/// True if the last piece of a shape stands for one or more words.
fn is_repeated(shape: &[Piece]) -> bool {
    matches!(shape.last(), Some(Piece::Parameter(parameter)) if parameter.repeated)
}

/// What has a place in a shape, whose last piece may be `repeated`.
fn piece_at(shape: &[Piece], at: usize, repeated: bool) -> Option<&Piece> {
    shape.get(at).or_else(|| shape.last().filter(|_| repeated))
}

impl<'g> Match<'g> {
    /// The word that is of this kind, if one is.
    pub fn word_of_kind<'w, 't>(&self, kind: &str, words: &'w [Word<'t>]) -> Option<&'w Word<'t>> {
        let at = self.slots.iter().position(|slot| slot.kind() == kind)?;
        words.get(at + 1)
    }

    /// The transaction id and its place.
    pub fn trid(&self, words: &[Word<'_>]) -> Option<(u32, Span)> {
        let word = self.word_of_kind("trid", words)?;
        Some((word.text.parse().ok()?, word.span))
    }

    /// The payload's length and its place.
    pub fn length(&self, words: &[Word<'_>]) -> Option<(usize, Span)> {
        let word = self.word_of_kind("length", words)?;
        Some((word.text.parse().ok()?, word.span))
    }

    /// The line's words as tokens.
    pub fn tokens(&self, words: &[Word<'_>]) -> Vec<WireToken<'g>> {
        let mut tokens: Vec<WireToken<'g>> = words.first().map(command_token).into_iter().collect();
        for (slot, word) in self.slots.iter().zip(words.iter().skip(1)) {
            let class = value::find(slot.kind()).map_or(TokenClass::Keyword, |kind| kind.class);
            let (name, kind) = (slot.name(), slot.kind());
            tokens.push(WireToken { span: word.span, class, name, kind });
        }
        tokens
    }
}

/// The token of a command word.
pub fn command_token(word: &Word<'_>) -> WireToken<'static> {
    let class = TokenClass::Command;
    WireToken { span: word.span, class, name: "", kind: "" }
}
