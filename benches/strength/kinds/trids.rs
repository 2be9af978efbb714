//! Transaction ids.

use wirebook::grammar::Direction;
use wirebook::text::Span;

use super::{Case, Mutant, replace};
use crate::exchange::{Message, Word};
use crate::random::Random;

/// Replies with a request that is shown, and the word with their id.
fn replies<'a>(case: &'a Case<'_>) -> impl Iterator<Item = (&'a Message, &'a Word, usize)> {
    let messages = case.exchange.messages.iter();
    messages.filter_map(|m| Some((m, m.of_kind("trid")?.1, m.request?)))
}

/// True if the reply could as well be that of a request with this id: one that is there, that it can answer, and that
/// nothing else answers.
fn fits_another(case: &Case<'_>, reply: &Message, trid: u32) -> bool {
    let x = case.exchange;
    let mut requests = x.requests();
    requests.any(|(at, request)| {
        let listed = reply.named("index").is_some() || reply.name() == "ILN";
        request.trid == Some(trid)
            && request.connection == reply.connection
            && case.law.can_answer(reply, request)
            && (listed || x.replies(at).next().is_none())
    })
}

fn reply_with(case: &Case<'_>, reply: &Message, word: &Word, trid: u32) -> Option<Mutant> {
    let free = !fits_another(case, reply, trid);
    (free && trid > 0).then(|| vec![replace(word.span, trid.to_string())])
}

/// Always wrong: the other request is of a command that the reply does not answer, or has its answer.
pub(super) fn reused_in_reply(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (reply, word, asked) in replies(case) {
        for (at, request) in case.exchange.requests() {
            if at < asked && request.connection == reply.connection {
                out.extend(request.trid.and_then(|trid| reply_with(case, reply, word, trid)));
            }
        }
    }
    out
}

/// Always wrong: no request that it can answer has the id.
pub(super) fn skipped_in_reply(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let next = |(reply, word, _): (&Message, &Word, usize)| {
        reply_with(case, reply, word, reply.trid?.checked_add(1)?)
    };
    replies(case).filter_map(next).collect()
}

/// Always wrong: ids of a connection rise.
pub(super) fn reused_in_request(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    pairs(case)
        .filter_map(|(first, second)| {
            let (word, trid) = (second.of_kind("trid")?.1, first.trid?);
            Some(vec![replace(word.span, trid.to_string())])
        })
        .collect()
}

/// Always wrong: ids of a connection rise.
pub(super) fn swapped(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    pairs(case)
        .filter_map(|(first, second)| {
            let (a, b) = (first.of_kind("trid")?.1, second.of_kind("trid")?.1);
            Some(vec![replace(a.span, &b.text), replace(b.span, &a.text)])
        })
        .collect()
}

/// Requests that follow each other on a connection.
fn pairs<'a>(case: &'a Case<'_>) -> impl Iterator<Item = (&'a Message, &'a Message)> {
    let requests: Vec<&Message> = case.exchange.requests().map(|(_, message)| message).collect();
    let pairs: Vec<_> =
        requests.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect();
    pairs.into_iter().filter(|(a, b)| a.connection == b.connection)
}

/// Always wrong: the line is none of its command; or the request stays without its answer, and a row without its list.
pub(super) fn missing(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let x = case.exchange;
    let mut out = Vec::new();
    for (index, message) in x.sound() {
        let Some((at, word)) = message.of_kind("trid").filter(|(_, word)| word.follows) else {
            continue;
        };
        let mut texts = message.texts();
        texts.remove(at);
        let answer = message.direction == Direction::Server
            && message
                .request
                .and_then(|at| x.messages.get(at))
                .is_some_and(|r| r.name() == message.name());
        // What follows can be the same number, and the line a shorter one that is right.
        let same = texts.get(at) == Some(&word.text);
        if (answer && !same) || case.law.breaks(x, index, &texts) {
            out.push(vec![replace(Span { start: word.span.start - 1, ..word.span }, "")]);
        }
    }
    out
}
