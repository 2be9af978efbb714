//! Digests, answers and cookies, which must be exactly what they are.

use wirebook::grammar::Direction;
use wirebook::text::Span;

use super::{Case, Mutant, replace};
use crate::exchange::{Message, Word};
use crate::random::Random;

/// Always wrong: the digest is that of other bytes. Made where the page shows what it is computed from (a challenge of the
/// server, the fields of an object, the text of a policy) or the wiki's constants give it (the login by SSO).
pub(super) fn hash_flipped(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    let x = case.exchange;
    let mut out = Vec::new();
    for (index, message) in x.sound() {
        let challenged = |name: &str| {
            let before = x.messages.iter().take(index);
            let mut before =
                before.filter(|m| m.direction == Direction::Server && m.name() == name);
            before.any(|m| m.of_kind("challenge").is_some() && m.connection == message.connection)
        };
        if message.name() == "QRY" && challenged("CHL") {
            let digest = message.payload.first().filter(|line| line.len() == 32);
            out.extend(digest.and_then(|line| flipped(case, *line, random)));
        }
        let digest = message.of_kind("md5-digest").filter(|_| challenged("USR"));
        out.extend(digest.and_then(|(_, word)| flipped(case, word.span, random)));
        let challenge = message.of_kind("challenge").filter(|_| is_answered(case, index, message));
        out.extend(challenge.and_then(|(_, word)| flipped(case, word.span, random)));
        let response = message.named("response").filter(|(_, word)| word.whole);
        out.extend(response.and_then(|(_, word)| flipped(case, shortened(word.span, 4), random)));
        let object = message.of_kind("msnobj").filter(|(_, word)| word.whole);
        for key in ["SHA1D%3D%22", "SHA1C%3D%22"] {
            let span = object.and_then(|(_, word)| field(word, key));
            out.extend(span.and_then(|span| flipped(case, span, random)));
        }
        for line in &message.payload {
            let text = x.text(*line);
            let Some(at) = text.find("checksum=\"") else { continue };
            let start = line.start as usize + at + "checksum=\"".len();
            out.extend(flipped(case, Span::new(start, start + 32), random));
        }
    }
    out
}

/// True if a later message answers the challenge.
fn is_answered(case: &Case<'_>, index: usize, message: &Message) -> bool {
    let mut later = case
        .exchange
        .messages
        .iter()
        .skip(index + 1)
        .take_while(|m| m.name() != message.name() || m.direction == Direction::Client);
    later.any(|m| match message.name() {
        "CHL" => m.name() == "QRY" && m.direction == Direction::Client && !m.refused,
        _ => m.of_kind("md5-digest").is_some() && !m.refused,
    })
}

/// A span without its last bytes: of base64, whose last character can have bits that count for nothing.
fn shortened(span: Span, by: u32) -> Span {
    Span { end: span.end.saturating_sub(by).max(span.start), ..span }
}

/// The base64 value of an object's field, its end left out.
fn field(word: &Word, key: &str) -> Option<Span> {
    let start = word.text.find(key)? + key.len();
    let length = word.text.get(start..)?.find('%')?;
    let start = word.span.start as usize + start;
    Some(shortened(Span::new(start, start + length), 4)).filter(|span| span.len() > 8)
}

/// One digit or letter of the span changed into another of the same sort.
fn flipped(case: &Case<'_>, span: Span, random: &mut Random) -> Option<Mutant> {
    let text = case.exchange.text(span);
    let at = random.below(text.len());
    let old = text.get(at..=at)?.chars().next()?;
    let new = match old {
        '0'..='8' => char::from_digit(old.to_digit(10)? + 1, 10)?,
        '9' => '0',
        'a' | 'A' | 'B' => {
            if old == 'a' {
                'b'
            } else {
                'C'
            }
        }
        'b'..='z' => 'a',
        'C'..='Z' => 'A',
        _ => return None,
    };
    let start = span.start as usize + at;
    Some(vec![replace(Span::new(start, start + 1), new)])
}

/// Always wrong: the switchboard knows only the cookie that the notification server gave out.
pub(super) fn cookie_differs(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    differs(case, random, "cookie")
}

/// Always wrong: the conversation has one id.
pub(super) fn session_id_differs(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    differs(case, random, "session-id")
}

/// A digit changed in one of two values of a kind that are the same in an invitation and in the login it leads to.
fn differs(case: &Case<'_>, random: &mut Random, kind: &str) -> Vec<Mutant> {
    let x = case.exchange;
    let mut out = Vec::new();
    for (index, given) in x.sound().filter(|(_, m)| matches!(m.name(), "RNG" | "XFR")) {
        let Some((_, first)) = given.of_kind(kind) else { continue };
        for (_, shown) in
            x.sound().filter(|(at, m)| *at > index && matches!(m.name(), "ANS" | "USR"))
        {
            let second = shown.of_kind(kind).filter(|(_, word)| word.text == first.text);
            let Some((_, second)) = second else { continue };
            out.extend(
                [first.span, second.span]
                    .into_iter()
                    .filter_map(|span| flipped(case, span, random)),
            );
        }
    }
    out
}
