//! What is said when a line does not fit.

use super::message::{Mismatch, Reason, Word};
use super::piece::{self, label};
use super::problem::Problem;
use super::value;
use crate::grammar::{Command, Direction, Form, Piece, Version};
use crate::report::rules;
use crate::text::Span;

/// The problem of a line that fits no form; `words` holds at least the command word.
pub(super) fn mismatch(words: &[Word<'_>], mismatch: &Mismatch<'_>) -> Problem {
    let form = mismatch.form;
    let name = &form.name;
    let help = format!("the form is `{}`, {}", form.text, form.versions);
    match &mismatch.reason {
        Reason::Value { word, piece } => {
            let found = words.get(*word);
            let (wanted, why) = (label(piece), clause(piece, found));
            let span = found.map_or_else(|| line(words), |word| word.span);
            let text = found.map_or("", |word| &word.text);
            if text.is_empty() {
                return needless_blank(words, *word, span).help(help);
            }
            let text = quoted(text);
            let literal = matches!(piece, Piece::Literal(_));
            let message = if literal {
                format!("{text} stands where `{name}` has `{wanted}`")
            } else {
                format!("{text} {why}: it stands where `{name}` has `{wanted}`")
            };
            let here = if literal { "should be" } else { "is the place of" };
            let here = format!("{here} `{wanted}`");
            let problem = Problem::new(&rules::PARAMETER_VALUE, span, message).here(here);
            match meaning(form, &wanted) {
                Some(meaning) => problem.help(format!("`{wanted}` is {meaning}")).help(help),
                None => problem.help(help),
            }
        }
        Reason::Missing(piece) => {
            let (wanted, end) = (label(piece), line(words).end);
            let message = format!("`{name}` ends before its parameter `{wanted}`");
            Problem::new(&rules::PARAMETER_MISSING, line(words), message)
                .label(Span { start: end, end }, format!("`{wanted}` is missing here"))
                .help(help)
        }
        Reason::Extra(word) => {
            let first = words.get(*word).map_or_else(|| line(words), |word| word.span);
            let span = words.last().map_or(first, |last| first.to(last.span));
            let text = words.get(*word).map_or("", |word| &word.text);
            let message = format!("{} is one parameter too many for `{name}`", quoted(text));
            Problem::new(&rules::PARAMETER_EXTRA, span, message)
                .here("nothing belongs here")
                .help(help)
        }
    }
}

/// Why the line is not legal in `version`, as a clause.
pub(super) fn why_not(
    command: &Command,
    direction: Direction,
    version: Version,
    nearest: Option<&Mismatch<'_>>,
    words: &[Word<'_>],
) -> String {
    let name = &command.name;
    let sent = command.sent_by(direction);
    if !sent.contains(version) {
        let existed = sent.iter().any(|earlier| earlier < version);
        return match (sent.is_empty(), existed) {
            (true, _) => format!("`{name}` is not sent by the {}", direction.name()),
            (false, true) => format!("`{name}` was removed before {version}"),
            (false, false) => format!("`{name}` did not exist yet in {version}"),
        };
    }
    let Some(nearest) = nearest else { return format!("`{name}` has another form in {version}") };
    let form = &nearest.form.text;
    match &nearest.reason {
        Reason::Value { word, piece } => {
            let found = words.get(*word);
            let (wanted, why) = (label(piece), clause(piece, found));
            let text = quoted(found.map_or("", |word| &word.text));
            if matches!(piece, Piece::Literal(_)) {
                return format!(
                    "in {version} the form is `{form}`, with `{wanted}` instead of {text}"
                );
            }
            format!(
                "in {version} the form is `{form}`, and {text}, in the place of `{wanted}`, {why}"
            )
        }
        Reason::Missing(piece) => {
            let wanted = label(piece);
            format!("in {version} the form is `{form}`, so `{wanted}` is missing")
        }
        Reason::Extra(word) => {
            let text = words.get(*word).map_or("", |word| &word.text);
            format!("in {version} the form is `{form}`, so {} is too much", quoted(text))
        }
    }
}

fn clause(piece: &Piece, word: Option<&Word<'_>>) -> String {
    word.map(|word| piece::why_not(piece, word)).unwrap_or_default()
}

/// The problem of a command that only the other side sends.
pub(super) fn wrong_direction(
    command: &Command,
    direction: Direction,
    words: &[Word<'_>],
) -> Problem {
    let other = match direction {
        Direction::Client => Direction::Server,
        Direction::Server => Direction::Client,
    };
    let name = &command.name;
    let message = format!("`{name}` is known, but only from the {}", other.name());
    let mark = if other == Direction::Client { "C: " } else { "S: " };
    Problem::new(&rules::WRONG_DIRECTION, line(words), message)
        .here(format!("the {} never sends it", direction.name()))
        .help(format!("write `{mark}` in front, or another command"))
}

/// The problem of an empty parameter where none belongs.
fn needless_blank(words: &[Word<'_>], word: usize, span: Span) -> Problem {
    let last = word + 1 == words.len();
    let text = if last { "the line ends in a blank" } else { "there are two blanks in a row" };
    Problem::new(&rules::PARAMETER_VALUE, span, format!("{text}, which makes an empty parameter"))
        .help("parameters are parted by exactly one blank")
}

/// From the first word to the last.
pub(super) fn line(words: &[Word<'_>]) -> Span {
    let first = words.first().map(|word| word.span).unwrap_or_default();
    words.last().map_or(first, |last| first.to(last.span))
}

/// A word in backticks, shortened; an empty one in words.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 48;
    if text.is_empty() {
        return "an empty parameter".to_owned();
    }
    if text.chars().count() <= LONGEST {
        return format!("`{text}`");
    }
    format!("`{}...`", text.chars().take(LONGEST).collect::<String>())
}

/// What the kind of the parameter called `label` is, as a noun phrase.
fn meaning(form: &Form, label: &str) -> Option<&'static str> {
    let pieces = form.shapes.iter().flatten();
    let parameter = pieces.filter_map(|piece| match piece {
        Piece::Parameter(parameter) => Some(parameter),
        _ => None,
    });
    let mut named = parameter.filter(|p| format!("{}{}", p.prefix, p.name) == label);
    named.next().and_then(|parameter| value::find(&parameter.kind)).map(|kind| kind.meaning)
}
