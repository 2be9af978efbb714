//! What the user sees: standard output, standard error, and a browser.

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::process::{Command, Stdio};

use crate::report::Style;
use crate::text::neutralise;

/// Both streams of the program.
///
/// A reader that closes its end (`wirebook check | head`) is no error: what it does not want to read is dropped.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terminal {
    /// True to leave out progress and summaries.
    pub(super) quiet: bool,
}

impl Terminal {
    /// Writes a text that is harmless already to standard output.
    pub(super) fn print(self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    /// Says how far things are, on standard error.
    pub(super) fn say(self, line: &str) {
        if !self.quiet {
            to_standard_error(line);
        }
    }

    /// Says why the program cannot do what it was asked to, and what would help.
    pub(super) fn complain(self, error: &str, help: &str) {
        to_standard_error(&format!("error: {error}"));
        if !help.is_empty() {
            to_standard_error(&format!("help: {help}"));
        }
    }

    /// Whether standard output can show colours, and the user wants them.
    pub(super) fn style(self) -> Style {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        if io::stdout().is_terminal() && !refused && !dumb { Style::Coloured } else { Style::Plain }
    }

    /// Opens an address or a file in the user's browser.
    pub(super) fn open(self, target: &str) {
        let program = match std::env::consts::OS {
            "windows" => "explorer",
            "macos" => "open",
            _ => "xdg-open",
        };
        let mut command = Command::new(program);
        command.arg(target).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Err(error) = command.spawn() {
            self.say(&format!("no browser was opened: `{program}`: {error}"));
        }
    }
}

/// One line. That nobody reads it is no reason to stop.
fn to_standard_error(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", neutralise(line));
}
