//! Versions and servers in which the lines are not what they are.

use wirebook::grammar::{Direction, Server, Version, VersionSet};

use super::{Case, Mutant, insert, replace};
use crate::exchange::Exchange;
use crate::random::Random;

/// Always wrong: a server chooses from what was offered.
pub(super) fn dialect_not_offered(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    let x = case.exchange;
    let mut out = Vec::new();
    for (_, reply) in x.sound().filter(|(_, m)| m.name() == "VER") {
        let Some(request) = reply.request.and_then(|at| x.messages.get(at)) else { continue };
        let offered: Vec<&str> = request.words.iter().map(|word| word.text.as_str()).collect();
        for word in reply.words.iter().filter(|word| word.kind == "dialect") {
            let number = 2 + random.below(20);
            let other = format!("MSNP{number}");
            if !offered.contains(&other.as_str()) {
                out.push(vec![replace(word.span, other)]);
            }
        }
    }
    out
}

/// Always wrong: some line is illegal in the version that is stated, which is older than those it is for.
pub(super) fn too_old(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    let first = case.exchange.versions.first();
    moved(case, random, |version| first.is_some_and(|first| version < first))
}

/// Always wrong: some line is illegal in the version that is stated, which is newer than those it is for.
pub(super) fn too_new(case: &Case<'_>, random: &mut Random) -> Vec<Mutant> {
    let last = case.exchange.versions.last();
    moved(case, random, |version| last.is_some_and(|last| version > last))
}

/// The stated versions moved to one in which a line is illegal, or widened to it.
fn moved(case: &Case<'_>, random: &mut Random, chosen: impl Fn(Version) -> bool) -> Vec<Mutant> {
    let x = case.exchange;
    let illegal = |version: &Version| {
        let only = VersionSet::only(*version);
        let mut lines = x.sound().filter(|(_, m)| !m.is_error());
        lines.any(|(_, m)| {
            let legal = case.law.legal(m.direction, &m.texts());
            !legal.is_empty() && legal.intersection(only).is_empty()
        })
    };
    let wrong: Vec<Version> =
        VersionSet::msnp().iter().filter(|v| chosen(*v)).filter(illegal).collect();
    let mut out = Vec::new();
    for version in wrong {
        let number = version.to_string().replace("MSNP", "");
        out.extend(stated(x, |_| number.clone()));
        if random.below(2) == 0 {
            out.extend(stated(x, |old| format!("{old}|{number}")));
        }
    }
    out
}

/// The `version=` of every fence changed; `None` where one has none.
fn stated(x: &Exchange<'_>, new: impl Fn(&str) -> String) -> Option<Mutant> {
    let fences = x.fences.iter().map(|index| x.entry.page.fences.get(*index));
    let edits = fences.map(|fence| {
        let mut list = fence?.attributes.list.iter();
        let attribute = list.find(|attribute| attribute.key == "version")?;
        Some(replace(attribute.value_span, new(&attribute.value)))
    });
    edits.collect()
}

/// Always wrong: a line of the exchange is not known on the server that is stated.
pub(super) fn server_wrong(case: &Case<'_>, _: &mut Random) -> Vec<Mutant> {
    let x = case.exchange;
    let wrong = |server: &Server| {
        let mut lines = x.sound().filter(|(_, m)| !m.is_error() && m.words.len() > 1);
        lines.any(|(_, m)| {
            let servers = case.law.servers(m, x.versions);
            !servers.is_empty() && !servers.contains(*server)
        })
    };
    let servers = Server::ALL.into_iter().filter(wrong);
    servers.filter_map(|server| on_server(x, &server.code().to_lowercase())).collect()
}

/// `server=` stated for every fence.
fn on_server(x: &Exchange<'_>, code: &str) -> Option<Mutant> {
    let mut edits = Vec::new();
    for index in &x.fences {
        let fence = x.entry.page.fences.get(*index)?;
        let stated = fence.attributes.list.iter().find(|attribute| attribute.key == "server");
        let info = x.text(fence.info_span);
        edits.push(match stated {
            Some(attribute) => replace(attribute.value_span, code),
            None if info.ends_with('}') => {
                insert(fence.info_span.end - 1, format!(" server={code}"))
            }
            None if info == "msnp" => insert(fence.info_span.end, format!(" {{server={code}}}")),
            None => return None,
        });
    }
    let client = x.messages.iter().any(|m| m.direction == Direction::Client || !m.words.is_empty());
    (client && !edits.is_empty()).then_some(edits)
}
