//! `wirebook check`: report what was found.

use super::arguments::Checking;
use super::{Exit, Terminal, outcome};

pub(super) fn run(options: &Checking, terminal: &Terminal) -> Exit {
    checked(options, terminal).unwrap_or_else(|exit| exit)
}

fn checked(options: &Checking, terminal: &Terminal) -> Result<Exit, Exit> {
    let (loaded, result) = outcome::book(options, terminal)?;
    outcome::reports(options, &loaded, &result.report, terminal)?;
    terminal.say(&outcome::summary(&result));
    let verdict = outcome::verdict(options, &result.report);
    if verdict == Exit::Clean && options.is_named() && outcome::examples(&result.checked) == 0 {
        let dir = options.dir().display();
        terminal.complain(&format!("there was nothing to check in `{dir}`"), HELP);
        return Ok(Exit::NothingChecked);
    }
    Ok(verdict)
}

const HELP: &str = "examples are code blocks with the language `msnp` in Markdown files";
