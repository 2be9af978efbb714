//! wirebook turns a wiki of Markdown pages about a wire protocol into a searchable static site, and runs every wire
//! example in it.

pub mod book;
pub mod check;
pub mod cli;
pub mod config;
pub mod grammar;
pub mod load;
pub mod markdown;
pub mod msnp;
pub mod pipeline;
pub mod report;
pub mod serve;
pub mod site;
pub mod text;
