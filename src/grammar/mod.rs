//! The protocol's grammar, read from the `msnp-grammar` fences of a wiki.
//!
//! In: fences of pages. Out: a [`Grammar`] (forms by command, errors, product keys, constants) and diagnostics. Every
//! fact about which line is legal where stands in those fences and nowhere in this program; what is built in are
//! the kinds of value (`crate::msnp::value`), named here only by their names.
//!
//! 1. Each line of a fence becomes a [`Form`], a product key or a constant (`parse`).
//! 2. All of them together become a [`Grammar`], and names in `answers=` and `in=` are looked up (`assemble`).

mod content;
mod form;
mod parse;
mod pieces;
mod status;
mod table;
mod version;

pub use content::{ContentType, Field};
pub use form::{Direction, Form, Login, Parameter, Piece, Place, Request, Server, ServerSet, Xml};
pub use parse::{FenceGrammar, parse};
pub use status::Status;
pub use table::{Change, Command, Grammar, ProductKey};
pub use version::{Version, VersionSet};
