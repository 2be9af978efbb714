//! What a patch does to the protocol, in the protocol's words: forms, product keys and constants, and the versions of examples.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::{Checked, Example};
use crate::grammar::{Form, Grammar, Piece, VersionSet};

/// The changes from one wiki to the other, a clause each: commands in order, then other facts, then examples.
pub(super) fn between(before: &Checked, after: &Checked) -> Vec<String> {
    let (old, new) = (&before.book.grammar, &after.book.grammar);
    let mut said = Vec::new();
    let names: BTreeSet<&String> = old.commands.keys().chain(new.commands.keys()).collect();
    for name in names {
        said.extend(command(name, old, new));
    }
    let keys = |grammar: &Grammar| -> BTreeMap<String, String> {
        grammar.product_keys.values().map(|key| (key.id.clone(), format!("{key:?}"))).collect()
    };
    said.extend(facts("the product key", &keys(old), &keys(new)));
    said.extend(facts("the constant", &old.constants, &new.constants));
    let kinds = |grammar: &Grammar| -> BTreeMap<String, String> {
        let told = |name: &String| grammar.content_types.get(name).map(|kind| format!("{kind:?}"));
        grammar
            .content_types
            .keys()
            .map(|name| (name.clone(), told(name).unwrap_or_default()))
            .collect()
    };
    said.extend(facts("the content type", &kinds(old), &kinds(new)));
    said.extend(examples(before, after));
    said
}

fn facts(
    what: &str,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) -> Vec<String> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let said = |name: &String| match (old.get(name), new.get(name)) {
        (None, Some(_)) => Some(format!("{what} `{name}` is new")),
        (Some(_), None) => Some(format!("{what} `{name}` is gone")),
        (Some(one), Some(two)) if one != two => Some(format!("{what} `{name}` is another")),
        _ => None,
    };
    names.into_iter().filter_map(said).collect()
}

/// What a form is compared by: everything but versions and place.
fn shape(form: &Form) -> String {
    let payload = form.payload.as_ref().map(|kind| format!(" payload {kind}")).unwrap_or_default();
    format!("{} {}{payload}", form.direction.mark(), form.text)
}

/// The rest of what a form says, for comparison.
fn attributes(form: &Form) -> String {
    format!(
        "{:?} {:?} {} {:?} {:?} {:?} {:?} {:?} {:?} {} {:?}",
        form.servers,
        form.xml,
        form.asynchronous,
        form.answers,
        form.inside,
        form.counted,
        form.place,
        form.follows,
        form.login,
        form.closes,
        form.variant
    )
}

fn command(name: &str, old: &Grammar, new: &Grammar) -> Vec<String> {
    let forms = |grammar: &Grammar| {
        grammar.command(name).map_or_else(Vec::new, |command| command.forms.clone())
    };
    let (mut gone, mut come) = (forms(old), forms(new));
    let mut said = Vec::new();
    if gone.is_empty() {
        said.extend(come.iter().map(|form| {
            format!("{name} is new: `{}` in {}", shape(form), versions(form.versions))
        }));
        return said;
    }
    if come.is_empty() {
        return vec![format!("{name} is gone from the grammar")];
    }
    gone.retain(|form| {
        let same = |other: &Form| {
            shape(other) == shape(form)
                && other.versions == form.versions
                && attributes(other) == attributes(form)
        };
        match come.iter().position(same) {
            Some(at) => {
                come.remove(at);
                false
            }
            None => true,
        }
    });
    for form in gone {
        match partner(&form, &come) {
            Some(at) => said.extend(difference(name, &form, &come.remove(at))),
            None => {
                said.push(format!(
                    "{name} loses `{}` of {}",
                    shape(&form),
                    versions(form.versions)
                ));
            }
        }
    }
    said.extend(
        come.iter()
            .map(|form| format!("{name} gains `{}` in {}", shape(form), versions(form.versions))),
    );
    said
}

/// Where among `forms` the one is that `form` has become: the same words, else one of the same side with a version in common.
fn partner(form: &Form, forms: &[Form]) -> Option<usize> {
    let same = forms.iter().position(|other| shape(other) == shape(form));
    same.or_else(|| {
        let meets = |other: &Form| {
            other.direction == form.direction
                && !other.versions.intersection(form.versions).is_empty()
        };
        forms.iter().position(meets)
    })
}

fn difference(name: &str, old: &Form, new: &Form) -> Vec<String> {
    let mut said = Vec::new();
    let words = if shape(old) == shape(new) { shape(new) } else { String::new() };
    let more = new.versions.difference(old.versions);
    let fewer = old.versions.difference(new.versions);
    let called = if words.is_empty() {
        format!("{name} ({})", new.direction.name())
    } else {
        format!("{name}: `{words}`")
    };
    if !more.is_empty() {
        said.push(format!("{called} now holds in {} too", versions(more)));
    }
    if !fewer.is_empty() {
        said.push(format!("{called} no longer holds in {}", versions(fewer)));
    }
    if words.is_empty() {
        let both = versions(old.versions.intersection(new.versions));
        let (before, after) = (parameters(old), parameters(new));
        let gains = after.iter().filter(|(name, _)| !before.contains_key(*name));
        let mut parts: Vec<String> =
            gains.map(|(name, kind)| format!("gains {kind} `{name}`")).collect();
        let loses = before.keys().filter(|name| !after.contains_key(*name));
        parts.extend(loses.map(|name| format!("loses `{name}`")));
        let turned =
            after.iter().filter(|(name, kind)| before.get(*name).is_some_and(|old| old != *kind));
        parts.extend(
            turned.map(|(name, kind)| format!("makes `{name}` {kind}").replace("makes", "turns")),
        );
        let how = if parts.is_empty() { "changes".to_owned() } else { parts.join(", ") };
        said.push(format!("{called} in {both} {how}: `{}`, before `{}`", shape(new), shape(old)));
    } else if attributes(old) != attributes(new) {
        said.push(format!("{called} has other attributes"));
    }
    said
}

/// The parameters of a form, each with its kind of presence.
fn parameters(form: &Form) -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    let mut open: Vec<(&Piece, bool)> = form.pieces.iter().map(|piece| (piece, false)).collect();
    while let Some((piece, optional)) = open.pop() {
        let presence = if optional { "an optional" } else { "a" };
        match piece {
            Piece::Literal(word) => drop(found.insert(word.clone(), presence)),
            Piece::Choice { name, words } => {
                let name = if name.is_empty() { words.join("|") } else { name.clone() };
                found.insert(name, presence);
            }
            Piece::Parameter(parameter) => drop(found.insert(parameter.name.clone(), presence)),
            Piece::Optional(pieces) => open.extend(pieces.iter().map(|piece| (piece, true))),
        }
    }
    found
}

/// `MSNP8`, `MSNP2 to MSNP7`, joined by `and`.
fn versions(set: VersionSet) -> String {
    let runs = set.runs().into_iter().map(|(first, last)| {
        if first == last { first.to_string() } else { format!("{first} to {last}") }
    });
    let runs: Vec<String> = runs.collect();
    if runs.is_empty() { "no version".to_owned() } else { runs.join(" and ") }
}

/// Examples whose text stays and whose versions do not.
fn examples(before: &Checked, after: &Checked) -> Vec<String> {
    let (old, new) = (of_pages(before), of_pages(after));
    let mut said = Vec::new();
    for (path, examples) in &new {
        let Some(olds) = old.get(path).filter(|olds| !are_same(olds, examples)) else { continue };
        let (old, new) = (known(path, olds, before), known(path, examples, after));
        let mut counts: BTreeMap<(&str, String), usize> = BTreeMap::new();
        for (key, set) in &new {
            let Some(was) = old.get(key).filter(|was| *was != set) else { continue };
            let changes =
                [("now legal", set.difference(*was)), ("no longer legal", was.difference(*set))];
            for (how, changed) in changes.into_iter().filter(|(_, changed)| !changed.is_empty()) {
                *counts.entry((how, versions(changed))).or_default() += 1;
            }
        }
        said.extend(counts.into_iter().map(|((how, versions), count)| {
            let examples = if count == 1 {
                "1 example is".to_owned()
            } else {
                format!("{count} examples are")
            };
            format!("{examples} {how} in {versions} on `{path}`")
        }));
    }
    said
}

/// The examples of a page, each with its index.
type OfPage<'a> = Vec<(usize, &'a Arc<Example>)>;

fn of_pages(checked: &Checked) -> BTreeMap<&str, OfPage<'_>> {
    let mut pages: BTreeMap<&str, OfPage<'_>> = BTreeMap::new();
    for ((path, index), example) in &checked.examples {
        pages.entry(path).or_default().push((*index, example));
    }
    pages
}

/// True where nothing was checked anew.
fn are_same(one: &OfPage<'_>, other: &OfPage<'_>) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| Arc::ptr_eq(a.1, b.1))
}

/// The versions of each example of a page, by text and number among equal ones.
fn known<'a>(
    path: &str,
    examples: &OfPage<'_>,
    checked: &'a Checked,
) -> BTreeMap<(&'a str, usize), VersionSet> {
    let mut known = BTreeMap::new();
    let Some(entry) = checked.book.entries.get(path) else { return known };
    for (index, example) in examples {
        let span = entry.page.fences.get(*index).map(|fence| fence.span).unwrap_or_default();
        let text = entry.source.slice(span);
        let mut number = 0;
        while known.contains_key(&(text, number)) {
            number += 1;
        }
        known.insert((text, number), example.versions);
    }
    known
}
