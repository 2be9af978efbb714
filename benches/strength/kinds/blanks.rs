//! Blanks where none belongs.

use super::{Case, Mutant, insert, replace};
use crate::random::Random;

/// Always wrong: a blank parts parameters, so the line has one too many. Names are percent-encoded for that.
pub(super) fn raw(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (index, message) in case.exchange.sound() {
        for (at, word) in message.words.iter().enumerate().skip(1) {
            let Some((before, after)) = word.text.split_once("%20").filter(|_| word.whole) else {
                continue;
            };
            let mut texts = message.texts();
            texts.splice(at..=at, [before.to_owned(), after.to_owned()]);
            if case.law.breaks(case.exchange, index, &texts) {
                out.push(vec![replace(word.span, format!("{before} {after}"))]);
            }
        }
    }
    out
}

/// Always wrong: an empty parameter stands between the two blanks, or the command word is not where it belongs.
pub(super) fn doubled(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (index, message) in case.exchange.sound() {
        for (at, word) in message.words.iter().enumerate() {
            let mut texts = message.texts();
            texts.insert(at, String::new());
            let first = at == 0;
            if first || (word.follows && case.law.breaks(case.exchange, index, &texts)) {
                out.push(vec![insert(word.span.start, " ")]);
            }
        }
    }
    out
}

/// Always wrong: an empty parameter follows, or the last one ends in signs that stand for the line's end. A CR before the
/// file's own line end is no mistake, for the file may be written so.
pub(super) fn at_end(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    for (index, message) in case.exchange.sound() {
        let Some(last) = message.words.last() else { continue };
        let mut texts = message.texts();
        texts.push(String::new());
        if case.law.breaks(case.exchange, index, &texts) {
            out.push(vec![insert(last.span.end, " ")]);
        }
        texts.pop();
        let marked = format!("{}\\r\\n", last.text);
        let texts = super::with(&texts, message.words.len() - 1, &marked);
        if last.whole && case.law.breaks(case.exchange, index, &texts) {
            out.push(vec![insert(last.span.end, "\\r\\n")]);
        }
    }
    out
}
