//! Parameters: one too few, one too many, in the wrong order, or not those that were asked for.

use wirebook::grammar::Direction;
use wirebook::text::Span;

use super::{Case, Mutant, insert, replace, with};
use crate::exchange::{Message, Word};
use crate::random::Random;

/// Always wrong: the rest is no line of the command, or a reply no longer repeats what was asked.
pub(super) fn dropped(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (index, message) in case.exchange.sound() {
        for (at, word) in message.words.iter().enumerate().skip(1) {
            let next_on_line = message.words.get(at + 1).is_none_or(|next| next.whole);
            if word.kind == "trid" || !word.whole || !word.follows || !next_on_line {
                continue;
            }
            let mut texts = message.texts();
            texts.remove(at);
            if case.law.breaks(case.exchange, index, &texts) {
                out.push(vec![replace(Span { start: word.span.start - 1, ..word.span }, "")]);
            }
        }
    }
    out
}

/// Always wrong: no form of the command takes so many words, or takes this one there.
pub(super) fn added(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (index, message) in case.exchange.sound() {
        for (at, word) in message.words.iter().enumerate().skip(1) {
            if !word.whole {
                continue;
            }
            let invented = ["extra", "0", "1", "x"];
            let text = match random.below(2) {
                0 => word.text.clone(),
                _ => (*random.pick(&invented).unwrap_or(&"extra")).to_owned(),
            };
            let mut texts = message.texts();
            texts.insert(at + 1, text.clone());
            if case.law.breaks(case.exchange, index, &texts) {
                out.push(vec![insert(word.span.end, format!(" {text}"))]);
            }
        }
    }
    out
}

/// Always wrong: a value stands where none of its kind belongs, or a reply no longer repeats what was asked.
pub(super) fn swapped(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (index, message) in case.exchange.sound() {
        for (at, first) in message.words.iter().enumerate().skip(1) {
            for (other, second) in message.words.iter().enumerate().skip(at + 1) {
                if first.text == second.text || !first.whole || !second.whole {
                    continue;
                }
                let texts = with(&with(&message.texts(), at, &second.text), other, &first.text);
                if case.law.breaks(case.exchange, index, &texts) {
                    let edits = [(first, second), (second, first)];
                    out.push(edits.map(|(old, new)| replace(old.span, &new.text)).to_vec());
                }
            }
        }
    }
    out
}

/// Always wrong: a reply of the same command repeats what was asked, and an account that logs in is the one that is let in.
/// The new value is as legal as the old one.
pub(super) fn echo_changed(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    let x = case.exchange;
    let mut out = Vec::new();
    for (index, message) in x.sound().filter(|(_, m)| m.direction == Direction::Server) {
        for (at, word) in message.words.iter().enumerate().skip(1) {
            if !word.whole || word.kind == "trid" || word.kind == "length" {
                continue;
            }
            let Some(other) = another(case, message, word, random) else { continue };
            let texts = with(&message.texts(), at, &other);
            let legal = !case.law.is_illegal(x, message.direction, &texts);
            let login =
                message.name() == "USR" && word.kind == "account" && asked_in(case, message, word);
            if legal && (login || case.law.breaks(x, index, &texts)) {
                out.push(vec![replace(word.span, other)]);
            }
        }
    }
    out
}

/// True if an earlier login on the same connection names this account.
fn asked_in(case: &Case<'_>, reply: &Message, word: &Word) -> bool {
    let requests = case.exchange.requests().filter(|(_, m)| m.connection == reply.connection);
    let mut logins = requests.filter(|(_, m)| m.name() == "USR");
    logins.any(|(_, m)| m.words.iter().any(|w| w.kind == "account" && w.text == word.text))
}

/// Another value for a word, of its kind.
fn another(case: &Case<'_>, message: &Message, word: &Word, random: &mut Random) -> Option<String> {
    let (prefix, text) = match word.text.split_once('=').filter(|(prefix, _)| prefix.len() < 3) {
        Some((prefix, text)) => (format!("{prefix}="), text),
        None => (String::new(), word.text.as_str()),
    };
    let choices: &[&str] = match (word.kind.as_str(), word.name.as_str()) {
        ("account", _) => &["carol@example.com", "dave@example.net", "alicia@example.com"],
        ("nickname" | "group-name" | "text", _) => &["Somebody", "Else", "555%200199"],
        ("property-key", _) => &["PHH", "PHW", "MOB"],
        ("flag", _) => &["0", "1"],
        (_, "status") => &["NLN", "BSY", "AWY", "IDL", "HDN"],
        (_, "mode") => &["A", "N", "AL", "BL"],
        (_, "switch") => &["ON", "OFF"],
        (_, "property") => &["MFN", "MOB", "WWE"],
        ("", _) => &["FL", "AL", "BL"],
        ("capabilities" | "group-id" | "network-id" | "u32", _) => &["7", "12"],
        ("group" | "contact-id" | "guid" | "dialect", _) => &[],
        _ => return None,
    };
    let legal = |other: &&&str| {
        let at = message.words.iter().position(|w| w.span == word.span).unwrap_or(0);
        let texts = with(&message.texts(), at, &format!("{prefix}{other}"));
        **other != text && !case.law.is_illegal(case.exchange, message.direction, &texts)
    };
    let fitting: Vec<&&str> = choices.iter().filter(legal).collect();
    if let Some(other) = random.pick(&fitting) {
        return Some(format!("{prefix}{other}"));
    }
    let digit = |old: char| if old == '3' { '5' } else { '3' };
    let last = text.chars().next_back().filter(char::is_ascii_hexdigit)?;
    let kinds = ["group", "contact-id", "guid"];
    let start = text.get(..text.len() - 1)?;
    kinds.contains(&word.kind.as_str()).then(|| format!("{prefix}{start}{}", digit(last)))
}
