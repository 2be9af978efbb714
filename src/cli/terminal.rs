//! What the user sees: standard output, standard error, and a browser.

use std::io::{self, ErrorKind, IsTerminal as _, Stderr, Stdout, Write as _};
use std::process::{Command, Stdio};

use crate::report::Style;
use crate::text::neutralise;

/// Both streams of the program.
///
/// A reader that closes its end (`wirebook check | head`) is no error: what it does not want to read is dropped.
pub(super) struct Terminal {
    out: Stdout,
    err: Stderr,
    /// True to leave out progress and summaries.
    quiet: bool,
}

impl Terminal {
    /// The program's own streams.
    pub(super) fn new(quiet: bool) -> Self {
        Self { out: io::stdout(), err: io::stderr(), quiet }
    }

    /// Writes a text that is harmless already to standard output.
    pub(super) fn print(&self, text: &str) -> io::Result<()> {
        let mut out = self.out.lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    /// Writes a text as it is to a file or a program, and what is harmless of it to a screen.
    pub(super) fn print_exactly(&self, text: &str) -> io::Result<()> {
        if !self.out.is_terminal() {
            return self.print(text);
        }
        let shown = text
            .split('\t')
            .map(|part| part.split('\n').map(neutralise).collect::<Vec<_>>().join("\n"));
        self.print(&shown.collect::<Vec<_>>().join("\t"))
    }

    /// True if the user wants nothing but the report and errors.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Says how far things are, on standard error.
    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            self.line(line);
        }
    }

    /// Says why the program cannot do what it was asked to, and what would help.
    pub(super) fn complain(&self, error: &str, help: &str) {
        self.line(&format!("error: {error}"));
        if !help.is_empty() {
            self.line(&format!("help: {help}"));
        }
    }

    /// One line on standard error, harmless for terminals and for CI that looks for commands in logs. That nobody reads it is no reason to stop.
    fn line(&self, line: &str) {
        let line = neutralise(line).replace("##[", "# #[").replace("##vso[", "# #vso[");
        let _ = writeln!(self.err.lock(), "{line}");
    }

    /// Whether standard output can show colours, and the user wants them.
    pub(super) fn style(&self) -> Style {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let coloured = self.out.is_terminal() && !refused && !dumb;
        if coloured { Style::Coloured } else { Style::Plain }
    }

    /// Opens an address or a file in the user's browser.
    pub(super) fn open(&self, target: &str) {
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
