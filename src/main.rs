//! The `wirebook` command.

use std::process::ExitCode;

use mimalloc::MiMalloc;

// Pages are made of millions of small texts by several threads at once, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    wirebook::cli::run(std::env::args_os())
}
