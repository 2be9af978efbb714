//! `wirebook check`: report what was found, or what the examples show, or mend it first.

use super::arguments::Checking;
use super::mend::{self, Mending};
use super::watch::Watch;
use super::{Exit, Terminal, coverage, outcome};
use crate::check::Part;
use crate::load::Loaded;
use crate::pipeline::{self, Memo};
use crate::report::Report;

pub(super) fn run(mending: &Mending, terminal: &Terminal) -> Exit {
    let exit = if mending.options.any() {
        mend::run(mending, terminal)
    } else {
        checked(mending, terminal)
    };
    exit.unwrap_or_else(|exit| exit)
}

fn checked(mending: &Mending, terminal: &Terminal) -> Result<Exit, Exit> {
    let options = &mending.checking;
    let (shard, watch) = (mending.shard, Watch::new(terminal));
    let (loaded, mut result) = outcome::book(options, &watch, terminal, |loaded| {
        let part = Part { shard, progress: &watch };
        pipeline::inspect(&loaded.config, &loaded.sources, loaded.diagnostics.clone(), part)
    })?;
    let baseline = outcome::settle(options, shard, &loaded, &mut result, terminal)?;
    match mending.coverage {
        Some(format) => {
            coverage::print(&result.checked, loaded.files(), format, terminal)?;
            outcome::reports_to_files(options, &loaded, &result, terminal)?;
        }
        None => outcome::reports(options, &loaded, &result, terminal)?,
    }
    options.reporting.count(&result.report, terminal);
    terminal.say(&outcome::summary(&result, shard));
    mend::advise(options, &result.report, terminal);
    options.tell_timings(&watch, terminal);
    let examples = match outcome::examples(&result.checked) {
        // The others may have some: a book is no mistake because a share of it is empty.
        0 if shard.is_some() && options.is_named() => examples_of_all(&loaded),
        own => own,
    };
    Ok(verdict(options, &result.report, baseline, examples, terminal))
}

fn examples_of_all(loaded: &Loaded) -> usize {
    let (config, sources) = (&loaded.config, &loaded.sources);
    let whole = pipeline::checked(config, sources, Vec::new(), &mut Memo::default());
    outcome::examples(&whole)
}

/// The exit code, said to the user where the book has no examples to check; `baseline` is what the baseline alone gives.
pub(super) fn verdict(
    options: &Checking,
    report: &Report,
    baseline: Exit,
    examples: usize,
    terminal: &Terminal,
) -> Exit {
    let verdict = outcome::verdict(options, report, baseline);
    if verdict == Exit::Clean && options.is_named() && examples == 0 {
        let dir = options.dir().display();
        terminal.complain(&format!("there was nothing to check in `{dir}`"), HELP);
        return Exit::NothingChecked;
    }
    verdict
}

const HELP: &str = "examples are code blocks with the language `msnp` in Markdown files";
