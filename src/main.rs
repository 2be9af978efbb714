//! The `wirebook` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    wirebook::cli::run(std::env::args_os())
}
