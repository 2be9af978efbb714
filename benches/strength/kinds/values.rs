//! Values that are not of their kind.

use wirebook::check::TokenClass;

use super::{Case, Mutant, replace};
use crate::exchange::Word;
use crate::random::Random;

/// Mutants with the chosen words changed, each to whatever `change` makes of it.
fn words(case: &Case<'_>, mut change: impl FnMut(&Word) -> Option<String>) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (index, message) in case.exchange.sound() {
        for (at, word) in message.words.iter().enumerate().skip(1).filter(|(_, word)| word.whole) {
            let Some(text) = change(word) else { continue };
            let mut texts = message.texts();
            texts.splice(at..=at, text.split(' ').map(str::to_owned));
            if text != word.text && case.law.breaks(case.exchange, index, &texts) {
                out.push(vec![replace(word.span, text)]);
            }
        }
    }
    out
}

/// Where a GUID begins in a text.
fn guid_start(text: &str) -> Option<usize> {
    (0..text.len()).find(|at| {
        let Some(part) = text.get(*at..at + 36) else { return false };
        let dashes = [8, 13, 18, 23];
        part.bytes().enumerate().all(|(i, byte)| {
            if dashes.contains(&i) { byte == b'-' } else { byte.is_ascii_hexdigit() }
        })
    })
}

/// Always wrong: a GUID has groups of 8, 4, 4, 4 and 12 hexadecimal digits.
pub(super) fn guid(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    words(case, |word| {
        let start = guid_start(&word.text)?;
        let mut text = word.text.clone();
        let at = start + [0, 9, 14, 19, 35].get(random.below(5))?;
        match random.below(4) {
            0 => drop(text.remove(at)),
            1 => text.insert(at, '0'),
            2 => text.replace_range(at..=at, "g"),
            _ => drop(text.remove(start + [8, 13, 18, 23].get(random.below(4))?)),
        }
        Some(text)
    })
}

/// Always wrong: two hexadecimal digits follow a `%` in what is percent-encoded.
pub(super) fn percent(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    let encoded = ["nickname", "text", "group-name", "msnobj"];
    let mut out = words(case, |word| {
        if !encoded.contains(&word.kind.as_str()) {
            return None;
        }
        let at = word.text.find('%')?;
        let (before, rest) = (word.text.get(..at)?, word.text.get(at + 3..)?);
        let broken = ["%zz", "%2g", "%"].get(random.below(3))?;
        Some(format!("{before}{broken}{rest}")).filter(|text| has_open_escape(text))
    });
    out.extend(words(case, |word| {
        let name = matches!(word.kind.as_str(), "nickname" | "text" | "group-name");
        name.then(|| format!("{}%2", word.text))
    }));
    out
}

fn has_open_escape(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .any(|rest| rest.len() < 2 || !rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

/// Kinds of value that hold an account.
const ACCOUNTS: [&str; 5] =
    ["account", "endpoint", "contact-id", "address-with-network", "address-via-circle"];

/// Always wrong: an account is a local part, `@` and a domain with a dot, and no blank.
pub(super) fn account(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    words(case, |word| {
        let at = word.text.find('@').filter(|_| ACCOUNTS.contains(&word.kind.as_str()))?;
        let (local, domain) = word.text.split_at_checked(at)?;
        let domain = domain.strip_prefix('@')?;
        Some(match random.below(4) {
            0 => format!("{local}{domain}"),
            1 => format!("{local} @{domain}"),
            2 => format!("{local}@{}", domain.replacen('.', "", 1)),
            _ => format!("{local}@@{domain}"),
        })
    })
}

/// Always wrong: a number has digits only.
pub(super) fn number(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    words(case, |word| {
        let class = word.class?;
        if !matches!(class, TokenClass::Number | TokenClass::Trid | TokenClass::Length) {
            return None;
        }
        let mut text = word.text.clone();
        let at = random.below(text.len());
        match random.below(3) {
            0 => text.replace_range(at..=at, "O"),
            1 => text.replace_range(at..=at, "l"),
            _ => text.push('x'),
        }
        Some(text)
    })
}

/// Always wrong: an address has four numbers below 256, or a name, and a port from 1 to 65535.
pub(super) fn address(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    words(case, |word| {
        if word.kind != "address" {
            return None;
        }
        let (host, port) = word.text.split_once(':').unwrap_or((&word.text, "1863"));
        let (front, _) = host.rsplit_once('.')?;
        Some(match random.below(6) {
            0 => format!("{front}.256:{port}"),
            1 => format!("{front}:{port}"),
            2 => format!("{host}.7:{port}"),
            3 => format!("{host}:0"),
            4 => format!("{host}:{port}00"),
            _ => format!("{host}:18b3"),
        })
    })
}
