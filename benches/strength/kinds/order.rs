//! Lines from the wrong side, in the wrong order, or missing.

use wirebook::grammar::Direction;
use wirebook::text::Span;

use super::{Case, Mutant, replace};
use crate::exchange::{Exchange, Message};
use crate::random::Random;

/// Always wrong: that side never sends such a line; or a reply is left without its request; or two requests have one id. A
/// client's line on which the server closes the connection is a documented failure, so no such line is made.
pub(super) fn direction(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let x = case.exchange;
    let mut out = Vec::new();
    for (index, message) in x.sound() {
        let (other, mark) = match message.direction {
            Direction::Client => (Direction::Server, "S"),
            Direction::Server => (Direction::Client, "C"),
        };
        let illegal = case.law.is_illegal(x, other, &message.texts());
        let paired = x.replies(index).next().is_some() || message.request.is_some();
        if (illegal && !message.closed) || paired {
            let start = message.line.start;
            out.push(vec![replace(Span { start, end: start + 1 }, mark)]);
        }
    }
    out
}

/// Always wrong: a reply comes before its request, ids of requests fall, or rows that count themselves count down.
pub(super) fn swapped(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let x = case.exchange;
    let mut out = Vec::new();
    for (at, pair) in x.messages.windows(2).enumerate() {
        let [first, second] = pair else { continue };
        let rows = first.named("index").is_some()
            && first.name() == second.name()
            && first.trid == second.trid
            && second.named("index").is_some_and(|(_, word)| word.text != "1");
        if second.request == Some(at) || rows {
            out.extend(exchanged(x, first, second));
        }
    }
    let requests: Vec<&Message> = x.requests().map(|(_, message)| message).collect();
    for pair in requests.windows(2) {
        let &[first, second] = pair else { continue };
        let refused = first.refused || second.refused;
        if first.connection == second.connection && !refused {
            out.extend(exchanged(x, first, second));
        }
    }
    out
}

fn exchanged(x: &Exchange<'_>, first: &Message, second: &Message) -> Option<Mutant> {
    let texts = [x.text(first.block), x.text(second.block)];
    let fences = first.fence == second.fence && texts[0] != texts[1];
    fences.then(|| vec![replace(first.block, texts[1]), replace(second.block, texts[0])])
}

/// Always wrong: earlier lines show the connection from its client's side, and then a reply has no request, or a second step
/// of a login answers a first one that the server never sent.
pub(super) fn dropped(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let x = case.exchange;
    let mut out = Vec::new();
    if x.gaps {
        return out;
    }
    for (index, message) in x.messages.iter().enumerate() {
        let here =
            |m: &Message| m.connection == message.connection && m.direction == Direction::Client;
        let begun = x.messages.iter().take(index).any(here);
        let answered = x.replies(index).next().is_some();
        let third = |word: &str| message.words.get(3).is_some_and(|w| w.text == word);
        let step = message.name() == "USR"
            && message.direction == Direction::Server
            && third("S")
            && x.messages.iter().skip(index + 1).any(|m| here(m) && m.name() == "USR");
        if begun && (answered || step) {
            let span = Span { end: message.block.end + 1, ..message.block };
            out.push(vec![replace(span, "")]);
        }
    }
    out
}
