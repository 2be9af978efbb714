//! Words of the protocol with a slip of the finger.

use wirebook::check::TokenClass;
use wirebook::grammar::Direction;

use super::{Case, Mutant, replace, with};
use crate::exchange::{Message, Word};
use crate::random::Random;

/// The word with a letter dropped, doubled, changed, swapped with its neighbour, or with small letters.
pub(super) fn misspell(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = random.below(letters.len());
    match random.below(5) {
        0 if letters.len() > 1 => drop(letters.remove(at)),
        1 => letters.insert(at, letters.get(at).copied().unwrap_or('X')),
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        3 => return text.to_lowercase(),
        _ => {
            if let Some(letter) = letters.get_mut(at) {
                *letter = if *letter == 'Q' { 'G' } else { 'Q' };
            }
        }
    }
    letters.into_iter().collect()
}

/// Mutants with the chosen words misspelt, as far as the exchange does not allow the result.
fn words(
    case: &Case<'_>,
    random: &mut Random,
    chosen: fn(&Message, usize, &Word) -> bool,
) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (index, message) in case.exchange.sound() {
        for (at, word) in message.words.iter().enumerate().skip(1) {
            if !word.whole || !chosen(message, at, word) {
                continue;
            }
            let text = misspell(&word.text, random);
            let texts = with(&message.texts(), at, &text);
            if text != word.text && case.law.breaks(case.exchange, index, &texts) {
                out.push(vec![replace(word.span, text)]);
            }
        }
    }
    out
}

/// Always wrong: the grammar asks for the word as it is, capitals included.
pub(super) fn literal(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    words(case, random, |_, _, word| word.class == Some(TokenClass::Keyword))
}

/// Always wrong: there are nine presences.
pub(super) fn presence(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    words(case, random, |_, _, word| word.kind == "presence" || word.name == "status")
}

/// Always wrong: lists have two capitals.
pub(super) fn list(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    words(case, random, |_, _, word| {
        word.class == Some(TokenClass::Keyword)
            && matches!(word.text.as_str(), "FL" | "AL" | "BL" | "RL" | "PL")
    })
}

/// Always wrong: the reasons for `OUT` are known.
pub(super) fn out_reason(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    words(case, random, |message, at, _| message.name() == "OUT" && at == 1)
}

/// Always wrong: no command has the new name.
pub(super) fn command(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (_, message) in case.exchange.sound().filter(|(_, m)| !m.is_error()) {
        let text = misspell(message.name(), random);
        let Some(word) = message.words.first() else { continue };
        if text != word.text && case.law.grammar.command(&text).is_none() {
            out.push(vec![replace(word.span, text)]);
        }
    }
    out
}

/// Always wrong: the new code is not in the list of codes.
pub(super) fn error_code(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    let server = |m: &&Message| m.direction == Direction::Server && m.is_error();
    for message in case.exchange.messages.iter().filter(server) {
        let code = (100 + random.below(900)).to_string();
        let Some(word) = message.words.first() else { continue };
        if case.law.grammar.command(&code).is_none() {
            out.push(vec![replace(word.span, code)]);
        }
    }
    out
}
