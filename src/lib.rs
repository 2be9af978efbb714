//! wirebook turns a wiki of Markdown pages about a wire protocol into a searchable static site, and runs every wire
//! example in it.
//!
//! It is one pure function, `Sources -> (Site, Report)`, with a thin command around each use of it:
//!
//! ```text
//! disk -load-> Sources -parse-> Pages -assemble-> Book -check-> Checked -render-> Site -write-> disk
//!                                 |                |              |                 '--serve-> browser
//!                                 '---diagnostics--+--------------+--------> Report -print-> terminal, JSON, ...
//! ```
//!
//! The wiki is the grammar: pages declare the forms of commands in `msnp-grammar` fences, and framing, checking, tables,
//! links and colours come from there. What a table cannot say (counting bytes, kinds of value, transactions, hashes) is
//! [`msnp`].
//!
//! # Invariants
//!
//! 1. Data flows one way; no stage changes what an earlier stage made.
//! 2. Nothing between `load` and `write` touches files, network, clock, environment or randomness.
//! 3. An author's mistakes are diagnostics, never `Err`. `Err` is for the machine (unreadable file, port in use).
//! 4. Parsing is total: any bytes in, a value and a list of problems out. No panics, no recursion without a bound.
//! 5. Every diagnostic has a rule from the table and a span inside an existing file.
//! 6. A site is always produced, even with errors; broken parts say so on the page. `build` writes it whole or not at all.
//! 7. Equal inputs give equal bytes, whatever the number of threads.
//! 8. `msnp` knows nothing of Markdown, HTML or pages; `site` knows nothing of MSNP beyond tokens and the grammar's data.
//! 9. A protocol fact is written once, in a grammar fence or a kind of value.
//! 10. Only `cli` prints. Only one module escapes HTML. Text from a wiki reaches a terminal only neutralised.

// In the order of the flow.
pub mod text;

pub mod progress;
pub mod report;

pub mod config;
pub mod load;
pub mod markdown;

pub mod grammar;

pub mod msnp;

pub mod book;

pub mod check;

pub mod site;

pub mod pipeline;

pub mod fix;
pub mod patch;
pub mod serve;

pub mod cli;
