//! How much of what people get wrong the checker finds.
//!
//! Takes every accepted example of wirebook's own wiki, makes one mistake in it (`kinds`), checks the page again with the whole
//! wiki's grammar, and counts the mutant as caught if there is an error or a warning that the page did not have. Prints the
//! share by kind; exits with 1 where it is below 97 % overall or below 90 % of any kind.
//!
//! `cargo bench --bench strength -- [--seed N] [--kind NAME] [--survivors]`: other mutants, one kind only, and a list of
//! those that were not caught. The list is always in `target/strength-survivors.txt`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod exchange;
mod kinds;
mod law;
mod random;
mod tally;
mod trial;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use rayon::prelude::*;
use wirebook::book::Entry;
use wirebook::check::Checked;
use wirebook::config::Config;
use wirebook::pipeline::{self, Memo, built_in_wiki};
use wirebook::text::edited;

use exchange::{Exchange, exchanges};
use kinds::{Case, KINDS, Kind, Mutant};
use law::Law;
use random::Random;
use tally::{Outcome, Tally};
use trial::Trial;

/// At most so many mutants of a kind in one exchange, so that no long session outweighs the rest.
const MOST: usize = 6;

struct Options {
    seed: u64,
    kind: Option<String>,
    survivors: bool,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let checked =
        pipeline::checked(&Config::default(), &built_in_wiki(), Vec::new(), &mut Memo::default());
    let tally = measure(&checked, &options);
    print!("{}", tally.table());
    if options.survivors {
        print!("{}", tally.survivors());
    }
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/strength-survivors.txt");
    if let Err(error) = std::fs::write(&list, tally.survivors()) {
        eprintln!("{} cannot be written: {error}", list.display());
        return ExitCode::from(2);
    }
    if tally.is_enough(options.kind.is_none()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn options() -> Result<Options, String> {
    let mut options = Options { seed: 1, kind: None, survivors: false };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // What `cargo bench` adds.
            "--bench" => {}
            "--survivors" => options.survivors = true,
            "--seed" => {
                let number = arguments.next().and_then(|text| text.parse().ok());
                options.seed = number.ok_or("`--seed` wants a number")?;
            }
            "--kind" => {
                let name = arguments.next().filter(|name| KINDS.iter().any(|k| k.name == name));
                let names = || KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", ");
                let name = name.ok_or_else(|| format!("`--kind` wants one of {}", names()))?;
                options.kind = Some(name);
            }
            other => return Err(format!("there is no option `{other}`")),
        }
    }
    Ok(options)
}

fn measure(checked: &Checked, options: &Options) -> Tally {
    let entries = checked.book.entries.values();
    let pages: Vec<(&Entry, Vec<Exchange<'_>>)> =
        entries.map(|entry| (entry, exchanges(checked, entry))).collect();
    let law = Law { grammar: &checked.book.grammar, payloads: payloads(checked, &pages) };
    let wanted = |kind: &&Kind| options.kind.as_ref().is_none_or(|name| name == kind.name);
    let kinds: Vec<&Kind> = KINDS.iter().filter(wanted).collect();
    let outcomes: Vec<Outcome> = (pages.par_iter())
        .flat_map_iter(|(entry, exchanges)| {
            let trial = Trial::new(checked, entry);
            let of_page = exchanges.iter().enumerate().flat_map(|(at, exchange)| {
                let case = Case { exchange, law: &law };
                mutants(&case, &kinds, options.seed, at)
            });
            let mut seen = BTreeSet::new();
            let mut outcomes = Vec::new();
            for (kind, mutant) in of_page {
                let text = edited(trial.text(), mutant.clone());
                // The same text made in two ways is one mutant of its kind.
                if text != trial.text() && seen.insert((kind, text.clone())) {
                    outcomes.push(trial.run(kind, &mutant, text));
                }
            }
            outcomes
        })
        .collect();
    Tally::new(&kinds, outcomes)
}

/// The mutants of an exchange, a sample of each kind.
fn mutants(
    case: &Case<'_>,
    kinds: &[&Kind],
    seed: u64,
    number: usize,
) -> Vec<(&'static str, Mutant)> {
    let path = &case.exchange.entry.page.path;
    let mut out = Vec::new();
    for kind in kinds {
        let mut random = Random::new(seed, &[kind.name, path, &number.to_string()]);
        let all = (kind.make)(case, &mut random);
        out.extend(random.sample(all, MOST).into_iter().map(|mutant| (kind.name, mutant)));
    }
    out
}

/// Every payload of the wiki with its kind.
fn payloads(checked: &Checked, pages: &[(&Entry, Vec<Exchange<'_>>)]) -> Vec<(String, String)> {
    let law = Law { grammar: &checked.book.grammar, payloads: Vec::new() };
    let exchanges = pages.iter().flat_map(|(_, exchanges)| exchanges);
    let messages = exchanges.flat_map(|x| x.sound().map(move |(_, message)| (x, message)));
    messages.filter_map(|(x, m)| Some((law.payload_kind(m)?, kinds::payload_text(x, m)?))).collect()
}
