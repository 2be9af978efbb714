//! What the examples of a book show of its grammar, and what they do not.
//!
//! In: [`Checked`]. Out: a [`Coverage`]: every form of the protocol with the examples that show it, and the versions of the
//! form that they cover. Variants are left out, for no wiki has to show them.
//!
//! 1. Every command in an example that is not wrong names the forms it fits.
//! 2. It covers the versions that the form, the line and the whole example have in common, what the author states
//!    included. A form with no such version is not shown: the line fits it by chance.

use std::collections::BTreeMap;

use super::{Checked, Example, FormKey, State};
use crate::grammar::{Command, Direction, Form, VersionSet};
use crate::text::Span;

/// What the examples of a book show.
#[derive(Debug, Clone)]
pub struct Coverage<'a> {
    /// Commands by name.
    pub commands: Vec<CommandCoverage<'a>>,
    /// Error codes in order.
    pub errors: Vec<CommandCoverage<'a>>,
}

/// What the examples show of a command or an error code.
#[derive(Debug, Clone)]
pub struct CommandCoverage<'a> {
    /// The command.
    pub command: &'a Command,
    /// One a form of the protocol, in the order of pages and lines.
    pub forms: Vec<FormCoverage<'a>>,
}

/// What the examples show of a form.
#[derive(Debug, Clone)]
pub struct FormCoverage<'a> {
    /// The form.
    pub form: &'a Form,
    /// Those of its versions that an example covers.
    pub shown: VersionSet,
    /// The lines that show it, in the order of pages and places.
    pub places: Vec<Shown<'a>>,
}

/// A line of an example that shows a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown<'a> {
    /// Path of the page.
    pub path: &'a str,
    /// The line.
    pub span: Span,
    /// Versions of the form that it covers.
    pub versions: VersionSet,
}

/// How many of something are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Those that are.
    pub shown: usize,
    /// All of them.
    pub all: usize,
}

/// Counts of several kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Forms that an example shows.
    pub forms: Count,
    /// Directions of commands of which some form is shown.
    pub directions: Count,
    /// Versions, counted for each form of its own.
    pub versions: Count,
}

/// Holds the examples of a book against its grammar.
pub fn coverage(checked: &Checked) -> Coverage<'_> {
    let mut places: BTreeMap<&FormKey, Vec<Shown<'_>>> = BTreeMap::new();
    let grammar = &checked.book.grammar;
    for ((path, _), example) in &checked.examples {
        for (key, span, versions) in shown(example) {
            let command = grammar.command(&key.command);
            let Some(form) = command.and_then(|command| command.forms.get(key.index)) else {
                continue;
            };
            let versions = versions.intersection(form.versions);
            if !versions.is_empty() {
                places.entry(key).or_default().push(Shown { path, span, versions });
            }
        }
    }
    Coverage {
        commands: grammar.words().map(|command| of_command(command, &places)).collect(),
        errors: grammar.errors().map(|command| of_command(command, &places)).collect(),
    }
}

/// The forms that the lines of an example fit, and the versions they are about.
fn shown(example: &Example) -> impl Iterator<Item = (&FormKey, Span, VersionSet)> {
    let right = example.state != State::Wrong;
    example.lines.iter().filter(move |_| right).flat_map(|line| {
        let versions = line.versions.intersection(example.versions);
        line.forms.iter().map(move |key| (key, line.span, versions))
    })
}

fn of_command<'a>(
    command: &'a Command,
    places: &BTreeMap<&FormKey, Vec<Shown<'a>>>,
) -> CommandCoverage<'a> {
    let forms = command.forms.iter().enumerate().filter(|(_, form)| form.variant.is_none());
    let forms = forms.map(|(index, form)| {
        let key = FormKey { command: command.name.clone(), index };
        let places = places.get(&key).cloned().unwrap_or_default();
        let shown = places.iter().fold(VersionSet::EMPTY, |set, p| set.union(p.versions));
        FormCoverage { form, shown, places }
    });
    CommandCoverage { command, forms: forms.collect() }
}

impl Coverage<'_> {
    /// The counts of all commands; error codes are not among them.
    pub fn totals(&self) -> Totals {
        let each = self.commands.iter().map(CommandCoverage::totals);
        each.fold(Totals::default(), Totals::plus)
    }

    /// How many error codes are shown.
    pub fn error_codes(&self) -> Count {
        Count::of(self.errors.iter().map(|code| code.totals().forms.shown > 0))
    }
}

impl CommandCoverage<'_> {
    /// The counts of the command alone.
    pub fn totals(&self) -> Totals {
        let directions = [Direction::Client, Direction::Server];
        let directions = directions.into_iter().filter_map(|direction| {
            let mut forms =
                self.forms.iter().filter(|form| form.form.direction == direction).peekable();
            forms.peek()?;
            Some(forms.any(FormCoverage::is_shown))
        });
        let count = |set: VersionSet| set.iter().count();
        Totals {
            forms: Count::of(self.forms.iter().map(FormCoverage::is_shown)),
            directions: Count::of(directions),
            versions: Count {
                shown: self.forms.iter().map(|form| count(form.shown)).sum(),
                all: self.forms.iter().map(|form| count(form.form.versions)).sum(),
            },
        }
    }
}

impl FormCoverage<'_> {
    /// True if some example shows it.
    pub fn is_shown(&self) -> bool {
        !self.places.is_empty()
    }

    /// Those of its versions that no example covers.
    pub fn missing(&self) -> VersionSet {
        self.form.versions.difference(self.shown)
    }
}

impl Totals {
    fn plus(self, other: Self) -> Self {
        Self {
            forms: self.forms.plus(other.forms),
            directions: self.directions.plus(other.directions),
            versions: self.versions.plus(other.versions),
        }
    }
}

impl Count {
    fn of(shown: impl Iterator<Item = bool>) -> Self {
        shown.fold(Self::default(), |count, shown| Self {
            shown: count.shown + usize::from(shown),
            all: count.all + 1,
        })
    }

    fn plus(self, other: Self) -> Self {
        Self { shown: self.shown + other.shown, all: self.all + other.all }
    }

    /// How many of a hundred are shown, rounded down; 100 of none.
    pub fn percent(self) -> usize {
        (self.shown * 100).checked_div(self.all).unwrap_or(100)
    }
}
