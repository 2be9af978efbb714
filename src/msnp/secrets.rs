//! Challenges and their answers in an exchange.
//!
//! Which parameter is a challenge, a product id, a digest, the grammar tells by its kind.

use super::challenge::{login_digest, new_answers, old_answer};
use super::connection::Connection;
use super::context::Context;
use super::message::{Match, Word};
use super::problem::Problem;
use super::seen::Seen;
use super::sso;
use super::transcript::Payload;
use crate::grammar::{Direction, Version, VersionSet};
use crate::report::rules;
use crate::text::{FixLevel, Span};

/// Notes a challenge or checks an answer to one. Gives the problems, and those of `versions` in which the message is
/// still legal, for an answer tells by which algorithm it was made.
pub(super) fn hold(
    seen: &Seen<'_, '_>,
    connection: &mut Connection<'_>,
    context: &Context<'_>,
    versions: VersionSet,
) -> (Vec<Problem>, VersionSet) {
    let find = |kind| seen.matches.iter().find_map(|m| m.word_of_kind(kind, seen.words));
    match seen.message.direction {
        Direction::Server => {
            if let Some(word) = find("challenge") {
                // Of an answer to what is not shown nothing can be said.
                if word.wild.is_some() {
                    connection.challenges.clear();
                    return (Vec::new(), versions);
                }
                connection.challenges.push((word.text.clone().into_owned(), word.span));
            }
            if let Some(word) = find("nonce") {
                let shown = word.wild.is_none();
                connection.nonce = shown.then(|| (word.text.clone().into_owned(), word.span));
            }
            (Vec::new(), versions)
        }
        Direction::Client => {
            let shown = |word: &&Word<'_>| word.wild.is_none();
            let answers = |m: &Match<'_>| m.form.payload.as_deref() == Some("challenge-answer");
            if let (true, Some(product)) =
                (seen.matches.iter().any(answers), find("product-id").filter(shown))
            {
                return answer(seen, connection, context, (&product.text, product.span, versions));
            }
            let value = |kind| find(kind).filter(shown).map(|word| (word.text.as_ref(), word.span));
            let digest = login(value("md5-digest"), connection, context);
            let response = sso(value("sso-response"), connection, context);
            (digest.into_iter().chain(response).collect(), versions)
        }
    }
}

fn login(
    digest: Option<(&str, Span)>,
    connection: &Connection<'_>,
    context: &Context<'_>,
) -> Option<Problem> {
    let (digest, span) = digest?;
    let (challenge, challenge_span) = connection.challenges.last()?;
    let password = context.password?;
    let right = login_digest(challenge, password);
    if digest == right {
        return None;
    }
    let text =
        format!("the digest of challenge `{challenge}` and password `{password}` is `{right}`");
    Some(
        Problem::new(&rules::LOGIN_DIGEST, span, text)
            .here("is another digest")
            .label(*challenge_span, "the challenge")
            .help("it is the MD5 of challenge and password, in lower-case hexadecimal")
            .fix(FixLevel::Safe, span, right),
    )
}

fn sso(
    response: Option<(&str, Span)>,
    connection: &Connection<'_>,
    context: &Context<'_>,
) -> Option<Problem> {
    let (response, span) = response?;
    let (nonce, nonce_span) = connection.nonce.as_ref()?;
    let secret = context.binary_secret?;
    let right = sso::response(secret, nonce, response).filter(|right| right != response)?;
    let text = format!("secret `{secret}`, this nonce and this start vector give `{right}`");
    Some(
        Problem::new(&rules::SSO_RESPONSE, span, text)
            .here("is another response")
            .label(*nonce_span, "the nonce")
            .help("see the page of `USR` for how the response is computed")
            .fix(FixLevel::Safe, span, right),
    )
}

fn answer(
    seen: &Seen<'_, '_>,
    connection: &Connection<'_>,
    context: &Context<'_>,
    (product, product_span, versions): (&str, Span, VersionSet),
) -> (Vec<Problem>, VersionSet) {
    let Some((challenge, challenge_span)) = connection.challenges.last() else {
        return (Vec::new(), versions);
    };
    let span = match &seen.message.payload {
        Payload::Bytes(span) => Some(*span),
        Payload::Lines(lines) => lines.first().copied(),
    };
    let Some(span) = span else { return (Vec::new(), versions) };
    let Some(pair) = context.grammar.product_keys.get(product) else {
        let text = format!("no key is known for product `{product}`, so its answer is not checked");
        let help = "the page of challenge key pairs lists the known ones";
        let problem = Problem::new(&rules::UNKNOWN_PRODUCT, product_span, text).help(help);
        return (vec![problem], versions);
    };
    let given = seen.transcript.text(span);
    let since_msnp11 = VersionSet::range(Version::MSNP11, Version::LAST);
    // A wrong length is a finding of its own, and a wildcard is no answer.
    if given.len() != ANSWER_LENGTH || given.contains("[..") {
        return (Vec::new(), versions);
    }
    // Of two open challenges either may be answered first.
    for (challenge, _) in connection.challenges.iter().rev() {
        if new_answers(challenge, product, &pair.key).iter().any(|answer| *answer == given) {
            return (Vec::new(), versions.intersection(since_msnp11));
        }
        if given == old_answer(challenge, &pair.key) {
            return (Vec::new(), versions.difference(since_msnp11));
        }
    }
    let old = old_answer(challenge, &pair.key);
    let [new, _] = new_answers(challenge, product, &pair.key);
    let claimed = context.claim.map_or(pair.versions, |claim| claim.versions);
    let both = claimed.intersection(pair.versions);
    let about = if both.is_empty() { pair.versions } else { both };
    let right = if about.intersection(since_msnp11).is_empty() { &old } else { &new };
    let text = format!("challenge `{challenge}` and product `{product}` give `{right}`");
    let problem = Problem::new(&rules::CHALLENGE_RESPONSE, span, text)
        .here("is another answer")
        .label(*challenge_span, "the challenge")
        .help("see the page of `QRY` for how the answer is computed")
        .fix(FixLevel::Safe, span, right.clone());
    (vec![problem], versions)
}

/// Hexadecimal digits of an MD5 digest.
const ANSWER_LENGTH: usize = 32;
