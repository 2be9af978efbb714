//! `wirebook build`: report what was found, and write the site, also where there are errors.

use std::path::Path;

use super::arguments::Building;
use super::{Exit, Terminal, outcome};
use crate::site;

pub(super) fn run(options: &Building, terminal: &Terminal) -> Exit {
    built(options, terminal).unwrap_or_else(|exit| exit)
}

fn built(options: &Building, terminal: &Terminal) -> Result<Exit, Exit> {
    let checking = &options.checking;
    let (loaded, mut result) = outcome::book(checking, terminal)?;
    let baseline = outcome::settle(checking, &loaded, &mut result, terminal)?;
    outcome::reports(checking, &loaded, &result, terminal)?;
    checking.reporting.count(&result.report, terminal);
    terminal.say(&outcome::summary(&result));
    if loaded.sources.pages.is_empty() {
        let dir = checking.dir().display();
        terminal.complain(&format!("there is no page in `{dir}`"), "pages are Markdown files");
        return Ok(if checking.is_named() { Exit::NothingChecked } else { Exit::Unusable });
    }
    let folder = options.dest_dir.clone().unwrap_or_else(|| loaded.build_folder());
    let written = site::write(&result.site, &folder).map_err(|error| {
        terminal.complain(&format!("the site cannot be written: {error}"), "");
        Exit::Unusable
    })?;
    let (changed, all) = (written.changed, result.site.files.len());
    terminal.say(&format!("wrote {changed} of {all} files to `{}`", shown(&folder)));
    if options.open {
        terminal.open(&folder.join("index.html").display().to_string());
    }
    Ok(outcome::verdict(checking, &result.report, baseline))
}

/// The folder as the user would write it: from the current one, where it lies below that.
fn shown(folder: &Path) -> String {
    let current = std::env::current_dir().and_then(|current| current.canonicalize());
    let below =
        current.ok().and_then(|current| folder.strip_prefix(current).ok().map(Path::to_owned));
    below.unwrap_or_else(|| folder.to_owned()).display().to_string()
}
