//! The `wirebook` command.

fn main() {}
