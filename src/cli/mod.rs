//! The command line: arguments, one file a command, and the only code that prints.
//!
//! In: the program's arguments. Out: an exit code. Reports go to standard output; progress, the summary and errors go to
//! standard error.
//!
//! | code | means |
//! |---|---|
//! | 0 | no finding at or above the level of `--fail-on` |
//! | 1 | such findings, or a baseline with entries that are no longer found |
//! | 2 | wrong usage, or the machine refused (unreadable file, port in use) |
//! | 3 | a folder was named, and there was nothing in it to check; a patch does not apply |
//! | 4 | a patch is refused by policy |

mod arguments;
mod build;
mod check;
mod coverage;
mod explain;
mod mend;
mod outcome;
mod patch;
mod reporting;
mod serve;
mod share;
mod terminal;
mod theme;
mod timings;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};
use terminal::Terminal;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    Clean = 0,
    Findings = 1,
    Unusable = 2,
    NothingChecked = 3,
    Refused = 4,
}

/// Runs the program. `arguments` begin with the program's name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing is left to say where even this cannot be printed.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let terminal = Terminal::new(arguments.quiet);
    let exit = match arguments.command {
        Command::Check(options) => check::run(&options, &terminal),
        Command::Build(options) => build::run(&options, &terminal),
        Command::Serve(options) => serve::run(&options, &terminal),
        Command::Patch { command } => patch::run(&command, &terminal),
        Command::Theme { dir } => theme::run(&dir, &terminal),
        Command::Explain { rule } => explain::run(rule.as_deref(), &terminal),
    };
    ExitCode::from(exit as u8)
}
