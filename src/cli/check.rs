//! `wirebook check`: report what was found, or what the examples show, or mend it first.

use super::arguments::Checking;
use super::mend::{self, Mending};
use super::{Exit, Terminal, coverage, outcome};
use crate::pipeline::Outcome;

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
    let (loaded, mut result) = outcome::book(options, terminal)?;
    let baseline = outcome::settle(options, &loaded, &mut result, terminal)?;
    match mending.coverage {
        Some(format) => {
            coverage::print(&result.checked, loaded.files(), format, terminal)?;
            outcome::reports_to_files(options, &loaded, &result, terminal)?;
        }
        None => outcome::reports(options, &loaded, &result, terminal)?,
    }
    options.reporting.count(&result.report, terminal);
    terminal.say(&outcome::summary(&result));
    mend::advise(options, &result.report, terminal);
    Ok(verdict(options, &result, baseline, terminal))
}

/// The exit code, said to the user where nothing was checked; `baseline` is what the baseline alone gives.
pub(super) fn verdict(
    options: &Checking,
    result: &Outcome,
    baseline: Exit,
    terminal: &Terminal,
) -> Exit {
    let verdict = outcome::verdict(options, &result.report, baseline);
    if verdict == Exit::Clean && options.is_named() && outcome::examples(&result.checked) == 0 {
        let dir = options.dir().display();
        terminal.complain(&format!("there was nothing to check in `{dir}`"), HELP);
        return Exit::NothingChecked;
    }
    verdict
}

const HELP: &str = "examples are code blocks with the language `msnp` in Markdown files";
