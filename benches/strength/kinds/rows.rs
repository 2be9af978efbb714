//! Rows that count themselves, and counts of rows that follow.

use super::{Case, Mutant, replace};
use crate::exchange::{Message, Word};
use crate::random::Random;

/// Rows of one list, all of them shown: each with the words for its index and the total.
struct List<'a> {
    rows: Vec<(&'a Word, &'a Word)>,
}

/// Lists of which every row from 1 to the total is shown, one after the other.
fn lists<'a>(case: &'a Case<'_>) -> Vec<List<'a>> {
    let mut lists: Vec<List<'a>> = Vec::new();
    let mut open: Option<(&Message, List<'a>)> = None;
    for message in &case.exchange.messages {
        let index = message.named("index").map(|(_, word)| word);
        let total = ["total", "count"].iter().find_map(|name| message.named(name));
        let (Some(index), Some((_, total))) = (index, total) else { continue };
        let number = |word: &Word| word.text.parse::<usize>().ok();
        let goes_on = open.as_ref().is_some_and(|(first, list)| {
            first.name() == message.name() && number(index) == Some(list.rows.len() + 1)
        });
        if number(index) == Some(1) {
            open = Some((message, List { rows: vec![(index, total)] }));
        } else if goes_on && let Some((_, list)) = &mut open {
            list.rows.push((index, total));
        } else {
            open = None;
        }
        if let Some((_, list)) = open.take_if(|(_, list)| number(total) == Some(list.rows.len())) {
            lists.push(list);
        }
    }
    lists
}

fn changed(word: &Word, by: i64) -> Option<String> {
    let number = word.text.parse::<i64>().ok()? + by;
    (number >= 0).then(|| number.to_string())
}

/// Always wrong: the list shown has as many rows as its total said, one after the other and without a gap, and the reply to
/// `SYN` said how many rows of contacts and groups follow.
pub(super) fn count_off(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let mut out = Vec::new();
    if case.exchange.gaps {
        return out;
    }
    for list in lists(case) {
        for by in [-1, 1] {
            let all =
                list.rows.iter().map(|(_, total)| Some(replace(total.span, changed(total, by)?)));
            out.extend(all.collect::<Option<Mutant>>());
            let last = list.rows.last().filter(|_| list.rows.len() > 1);
            out.extend(
                last.and_then(|(_, total)| Some(vec![replace(total.span, changed(total, by)?)])),
            );
        }
    }
    for (_, reply) in case.exchange.sound().filter(|(_, m)| m.name() == "SYN") {
        for (name, row) in [("contacts", "LST"), ("groups", "LSG")] {
            let Some((_, word)) = reply.named(name) else { continue };
            let rows = case.exchange.messages.iter().filter(|m| m.name() == row).count();
            if rows > 0 && word.text == rows.to_string() {
                let counts = [-1, 1].into_iter().filter_map(|by| changed(word, by));
                out.extend(counts.map(|count| vec![replace(word.span, count)]));
            }
        }
    }
    out
}

/// Always wrong: rows count from 1 to their total.
pub(super) fn index_off(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let lists = lists(case);
    let rows = lists.iter().flat_map(|list| &list.rows);
    let off = rows.flat_map(|(index, _)| [-1, 1].into_iter().map(move |by| (index, by)));
    off.filter_map(|(index, by)| Some(vec![replace(index.span, changed(index, by)?)])).collect()
}
