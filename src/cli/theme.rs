//! `wirebook theme`: the default theme's files into a folder, to begin an own theme with.

use std::fs;
use std::io;
use std::path::Path;

use super::{Exit, Terminal};
use crate::site::Theme;

pub(super) fn run(folder: &Path, terminal: &Terminal) -> Exit {
    let shown = folder.display();
    match is_free(folder).and_then(|free| if free { written(folder).map(Some) } else { Ok(None) }) {
        Ok(Some(count)) => {
            terminal.say(&format!("wrote the {count} files of the default theme to `{shown}`"));
            terminal.say(&format!(
                "in `book.toml`, `theme = \"{shown}\"` under `[output.html]` uses them, seen from the book's folder; `theme` is the default"
            ));
            terminal.say(
                "delete the files that you do not change: the built-in ones stand in for them",
            );
            Exit::Clean
        }
        Ok(None) => {
            let message = format!("`{shown}` holds files already, so nothing was written");
            terminal.complain(&message, "name a new or an empty folder");
            Exit::Unusable
        }
        Err(error) => {
            terminal.complain(&format!("the theme cannot be written to `{shown}`: {error}"), "");
            Exit::Unusable
        }
    }
}

/// True for a folder that is empty or does not exist.
fn is_free(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

fn written(folder: &Path) -> io::Result<usize> {
    fs::create_dir_all(folder)?;
    let mut count = 0;
    for (name, bytes) in Theme::default_files() {
        fs::write(folder.join(name), bytes)?;
        count += 1;
    }
    Ok(count)
}
