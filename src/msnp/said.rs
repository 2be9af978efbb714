//! What a message says, by the names that its form gives to the words.

use std::borrow::Cow;

use super::message::{Match, Slot, Word};
use super::value;
use super::wildcard::Pattern;
use super::wording;
use crate::grammar::{Direction, Form};
use crate::text::Span;

/// A message as the session sees it: every form that it can be, with its values.
#[derive(Debug, Clone)]
pub(super) struct Said<'a> {
    /// Who sends it.
    pub(super) direction: Direction,
    /// The command word.
    pub(super) name: Cow<'a, str>,
    /// The whole line.
    pub(super) line: Span,
    /// The transaction id and its place, if a form has one.
    pub(super) trid: Option<(u32, Span)>,
    /// One a form it fits, at least one.
    pub(super) readings: Vec<Spoken<'a>>,
}

/// A message read by one form.
#[derive(Debug, Clone)]
pub(super) struct Spoken<'a> {
    /// The form.
    pub(super) form: &'a Form,
    /// Its words behind the command word, in order.
    pub(super) values: Vec<Value<'a>>,
}

/// A word with its meaning.
#[derive(Debug, Clone)]
pub(super) struct Value<'a> {
    /// Name of the parameter; empty for a literal.
    pub(super) name: &'a str,
    /// Kind of the parameter; empty for a literal or a choice.
    pub(super) kind: &'a str,
    /// The word, without the literal that its form glues to it.
    pub(super) text: Cow<'a, str>,
    /// Where it stands.
    pub(super) span: Span,
    /// What it can be, where it has a wildcard.
    pub(super) wild: Option<Pattern>,
}

impl<'a> Said<'a> {
    /// A message of `words` that fits `matches`, of which there is at least one.
    pub(super) fn new(direction: Direction, matches: &[&Match<'a>], words: &[Word<'a>]) -> Self {
        let spoken = |m: &&Match<'a>| {
            let slots = m.slots.iter().zip(words.iter().skip(1));
            Spoken { form: m.form, values: slots.map(|(slot, word)| value(slot, word)).collect() }
        };
        Self {
            direction,
            name: words.first().map(|word| word.text.clone()).unwrap_or_default(),
            line: wording::line(words),
            trid: matches.iter().find_map(|m| m.trid(words)),
            readings: matches.iter().map(spoken).collect(),
        }
    }

    /// True if it has a transaction id that is not shown.
    pub(super) fn hides_trid(&self) -> bool {
        let ids = self.readings.iter().filter_map(|spoken| spoken.of_kind("trid"));
        ids.into_iter().any(|value| value.wild.is_some())
    }

    /// True if a reading of it has no transaction id.
    pub(super) fn can_lack_trid(&self) -> bool {
        self.readings.iter().any(|spoken| spoken.of_kind("trid").is_none())
    }

    /// Its forms.
    pub(super) fn forms(&self) -> impl Iterator<Item = &'a Form> + '_ {
        self.readings.iter().map(|spoken| spoken.form)
    }

    /// Every value of this name, in any reading.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &Value<'a>> {
        self.readings.iter().flat_map(move |spoken| spoken.named(name))
    }

    /// True if one of its words is this one.
    pub(super) fn has_word(&self, word: &str) -> bool {
        let mut values = self.readings.iter().flat_map(|spoken| &spoken.values);
        values.any(|value| {
            let is = match &value.wild {
                Some(pattern) => pattern.could_be_text(word),
                None => value.text == word,
            };
            value.kind.is_empty() && is
        })
    }
}

impl<'a> Spoken<'a> {
    /// The first value of a kind.
    pub(super) fn of_kind(&self, kind: &str) -> Option<&Value<'a>> {
        self.values.iter().find(|value| value.kind == kind)
    }

    /// The values of a name.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &Value<'a>> {
        self.values.iter().filter(move |value| value.name == name)
    }
}

fn value<'a>(slot: &Slot<'a>, word: &Word<'a>) -> Value<'a> {
    let (name, kind, prefix) = match slot {
        Slot::Literal(name) => (*name, "", ""),
        Slot::Parameter(p) => (p.name.as_str(), p.kind.as_str(), p.prefix.as_str()),
    };
    if let Some(pattern) = &word.wild {
        let wild = pattern.without_prefix(prefix).or_else(|| word.wild.clone());
        return Value { name, kind, text: word.text.clone(), span: word.span, wild };
    }
    let prefix = prefix.len();
    let mut span = word.span;
    span.start = span.start.saturating_add(u32::try_from(prefix).unwrap_or_default()).min(span.end);
    let text = match &word.text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(prefix..).unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.get(prefix..).unwrap_or_default().to_owned()),
    };
    Value { name, kind, text, span, wild: None }
}

impl Value<'_> {
    /// True if both mean the same: escapes are decoded, and the case of an account does not count. What is not shown can
    /// mean anything that fits it.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (&self.wild, &other.wild) {
            (Some(_), Some(_)) => return true,
            (Some(pattern), None) => return pattern.could_be_text(&other.text),
            (None, Some(pattern)) => return pattern.could_be_text(&self.text),
            (None, None) => {}
        }
        value::same(self.kind, &self.text, &other.text)
    }
}
