//! One word against one piece of a form: whether it fits, what it is there, and why not.

use super::message::{Slot, Word};
use super::value::{self, Kind};
use super::wildcard::Pattern;
use crate::grammar::{Parameter, Piece};

/// What a word in a piece's place is.
pub(super) fn slot(piece: &Piece) -> Option<Slot<'_>> {
    match piece {
        Piece::Literal(_) => Some(Slot::Literal("")),
        Piece::Choice { name, .. } => Some(Slot::Literal(name)),
        Piece::Parameter(parameter) => Some(Slot::Parameter(parameter)),
        Piece::Optional(_) => None,
    }
}

/// True if a word fits a piece of a form.
pub(super) fn fits(piece: &Piece, word: &Word<'_>) -> bool {
    let is = |text: &String| match &word.wild {
        Some(pattern) => pattern.could_be_text(text),
        None => *text == word.text,
    };
    match piece {
        Piece::Literal(literal) => is(literal),
        Piece::Choice { words, .. } => words.iter().any(is),
        Piece::Parameter(parameter) => misfit(parameter, word).is_none(),
        Piece::Optional(_) => false,
    }
}

/// Why a word does not fit a piece, as a clause that follows the word.
pub(super) fn why_not(piece: &Piece, word: &Word<'_>) -> String {
    match piece {
        Piece::Literal(literal) => format!("is not `{literal}`"),
        Piece::Choice { words, .. } => format!("is none of `{}`", words.join("`, `")),
        Piece::Parameter(parameter) => match misfit(parameter, word) {
            Some(Misfit::Prefix) => format!("does not begin with `{}`", parameter.prefix),
            Some(Misfit::Value(why)) => why.to_owned(),
            Some(Misfit::Item(item, why)) => format!("holds `{item}`, which {why}"),
            Some(Misfit::Wild(kind)) => {
                format!("cannot be {}, whatever its wildcard stands for", kind.meaning)
            }
            None => "does not belong there".to_owned(),
        },
        Piece::Optional(_) => "stands in a group that was left out".to_owned(),
    }
}

/// What keeps a word from being a parameter.
enum Misfit<'w> {
    /// It lacks the literal glued to the front.
    Prefix,
    /// It is no value of the kind; the clause says why.
    Value(&'static str),
    /// It holds an item that is none; the clause says why.
    Item(&'w str, &'static str),
    /// Its wildcard can stand for nothing that makes it one of this kind.
    Wild(&'static Kind),
}

fn misfit<'w>(parameter: &Parameter, word: &'w Word<'_>) -> Option<Misfit<'w>> {
    if let Some(pattern) = &word.wild {
        return wild_misfit(parameter, pattern);
    }
    let Some(bare) = word.text.strip_prefix(parameter.prefix.as_str()) else {
        return Some(Misfit::Prefix);
    };
    // An unknown kind is a finding about the grammar; the line is not to blame.
    let kind = value::find(&parameter.kind)?;
    if parameter.list {
        let mut items = bare.split(',');
        return items.find_map(|item| Some(Misfit::Item(item, kind.check(item).err()?)));
    }
    kind.check(bare).err().map(Misfit::Value)
}

fn wild_misfit(parameter: &Parameter, pattern: &Pattern) -> Option<Misfit<'static>> {
    let Some(bare) = pattern.without_prefix(&parameter.prefix) else {
        return Some(Misfit::Prefix);
    };
    let kind = value::find(&parameter.kind)?;
    (!parameter.list && !bare.could_be(kind)).then_some(Misfit::Wild(kind))
}

/// True if a text that is no value of the piece was probably meant as one.
pub(super) fn looks_like(piece: &Piece, text: &str) -> bool {
    let Piece::Parameter(parameter) = piece else { return false };
    let guid = || {
        let plain = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
        text.matches('-').count() > 1 && text.trim_matches(['{', '}']).bytes().all(plain)
    };
    match parameter.kind.as_str() {
        "guid" | "braced-guid" | "group" => guid(),
        "contact-id" => guid() || text.contains('@'),
        "account" => text.contains('@'),
        _ => false,
    }
}

/// What a piece is called in messages.
pub(super) fn label(piece: &Piece) -> String {
    match piece {
        Piece::Literal(literal) => literal.clone(),
        Piece::Choice { name, words } if name.is_empty() => words.join("|"),
        Piece::Choice { name, .. } => name.clone(),
        Piece::Parameter(parameter) => format!("{}{}", parameter.prefix, parameter.name),
        Piece::Optional(_) => String::new(),
    }
}
