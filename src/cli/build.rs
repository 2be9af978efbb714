//! `wirebook build`: report what was found, and write the site, also where there are errors.

use std::collections::BTreeMap;
use std::path::Path;

use super::arguments::Building;
use super::watch::Watch;
use super::{Exit, Terminal, outcome};
use crate::load::{Loaded, SETTINGS};
use crate::pipeline::{self, Memo, Outcome};
use crate::report::{Diagnostic, Report, rules};
use crate::site;
use crate::text::Span;

pub(super) fn run(options: &Building, terminal: &Terminal) -> Exit {
    built(options, terminal).unwrap_or_else(|exit| exit)
}

fn built(options: &Building, terminal: &Terminal) -> Result<Exit, Exit> {
    let checking = &options.checking;
    let watch = Watch::new(terminal);
    let (loaded, mut result) = outcome::book(checking, &watch, terminal, |loaded| {
        let (found, mut memo) = (loaded.diagnostics.clone(), Memo::default());
        pipeline::run_watched(&loaded.config, &loaded.sources, found, &mut memo, &watch)
    })?;
    let folder = options.dest_dir.clone().unwrap_or_else(|| loaded.build_folder());
    note_lost(&mut result, &loaded, &folder);
    let baseline = outcome::settle(checking, None, &loaded, &mut result, terminal)?;
    outcome::reports(checking, &loaded, &result, terminal)?;
    checking.reporting.count(&result.report, terminal);
    terminal.say(&outcome::summary(&result, None));
    if loaded.sources.pages.is_empty() {
        let dir = checking.dir().display();
        terminal.complain(&format!("there is no page in `{dir}`"), "pages are Markdown files");
        return Ok(if checking.is_named() { Exit::NothingChecked } else { Exit::Unusable });
    }
    let written = watch.show(|| site::write(&result.site, &folder, &watch)).map_err(|error| {
        terminal.complain(&format!("the site cannot be written: {error}"), "");
        Exit::Unusable
    })?;
    let (changed, all) = (written.changed, result.site.paths().count());
    terminal.say(&format!("wrote {changed} of {all} files to `{}`", shown(&folder)));
    checking.tell_timings(&watch, terminal);
    if options.open {
        terminal.open(&folder.join("index.html").display().to_string());
    }
    Ok(outcome::verdict(checking, &result.report, baseline))
}

/// Adds a finding for each address that the site in the folder had, and the new one has no more.
fn note_lost(result: &mut Outcome, loaded: &Loaded, folder: &Path) {
    let lost = site::lost(&result.site, folder);
    if lost.is_empty() {
        return;
    }
    let book = &result.checked.book;
    let pages = book.entries.iter();
    let pages: BTreeMap<&str, &str> =
        pages.map(|(path, entry)| (entry.url.as_str(), path.as_str())).collect();
    let otherwise = if loaded.settings.is_some() { Some(SETTINGS) } else { book.front() };
    let finding = |address: &String| {
        let (page, id) = address.split_once('#').unwrap_or((address, ""));
        let path = pages.get(page).copied().or(otherwise)?;
        let message = format!("`{address}` was an address of this site, and leads nowhere now");
        let redirect = format!("`\"/{address}\" = \"...\"` under `[output.html.redirect]`");
        let help = match id {
            "" => format!("bring the page back, or let it lead on: {redirect}"),
            id => {
                format!("give the heading its old id, `{{#{id}}}`, or let it lead on: {redirect}")
            }
        };
        let finding = Diagnostic::new(&rules::LOST_ADDRESS, path, Span::default(), message);
        Some(finding.with_help(help))
    };
    let found = result.report.diagnostics().iter().cloned();
    let found = found.chain(lost.iter().filter_map(finding)).collect();
    result.report = Report::new(found).without(&loaded.config.off);
}

/// The folder as the user would write it: from the current one, where it lies below that.
fn shown(folder: &Path) -> String {
    let current = std::env::current_dir().and_then(|current| current.canonicalize());
    let below =
        current.ok().and_then(|current| folder.strip_prefix(current).ok().map(Path::to_owned));
    below.unwrap_or_else(|| folder.to_owned()).display().to_string()
}
