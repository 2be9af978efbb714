//! Kinds of mistake that people make, each a function from an exchange to edits of its page.
//!
//! A kind makes only mutants that are wrong by a rule of the protocol, whether or not the checker knows the rule; the line
//! above each says why. What would only tell another story that is as right as the first is not made.

mod blanks;
mod bytes;
mod misspelt;
mod order;
mod parameters;
mod payload;
mod rows;
mod secrets;
mod trids;
mod values;
mod versions;

pub(crate) use payload::text as payload_text;
use wirebook::text::{Edit, Span};

use crate::exchange::Exchange;
use crate::law::Law;
use crate::random::Random;

/// What a kind sees.
pub(crate) struct Case<'a> {
    pub(crate) exchange: &'a Exchange<'a>,
    pub(crate) law: &'a Law<'a>,
}

/// Edits of a page that make one mistake.
pub(crate) type Mutant = Vec<Edit>;

/// A kind of mistake.
pub(crate) struct Kind {
    /// Name in kebab case.
    pub(crate) name: &'static str,
    /// Every mutant of an exchange; what is arbitrary about one is taken from the random numbers.
    pub(crate) make: fn(&Case<'_>, &mut Random) -> Vec<Mutant>,
}

macro_rules! kinds {
    ($($name:literal $function:path;)+) => {
        /// Every kind.
        pub(crate) const KINDS: &[Kind] = &[$(Kind { name: $name, make: $function }),+];
    };
}

kinds! {
    "parameter-dropped" parameters::dropped;
    "parameter-added" parameters::added;
    "parameters-swapped" parameters::swapped;
    "echo-changed" parameters::echo_changed;
    "raw-blank" blanks::raw;
    "blank-doubled" blanks::doubled;
    "blank-at-end" blanks::at_end;
    "literal-misspelt" misspelt::literal;
    "command-misspelt" misspelt::command;
    "presence-misspelt" misspelt::presence;
    "list-misspelt" misspelt::list;
    "out-reason-misspelt" misspelt::out_reason;
    "error-code-unknown" misspelt::error_code;
    "direction-wrong" order::direction;
    "lines-swapped" order::swapped;
    "line-dropped" order::dropped;
    "length-off-by-one" bytes::off_by_one;
    "length-of-lf" bytes::of_lf;
    "length-of-stripped" bytes::of_stripped;
    "payload-line-dropped" payload::line_dropped;
    "payload-header-lost" payload::header_lost;
    "payload-of-another" payload::of_another;
    "xml-broken" payload::xml_broken;
    "trid-reused-in-reply" trids::reused_in_reply;
    "trid-reused-in-request" trids::reused_in_request;
    "trid-skipped-in-reply" trids::skipped_in_reply;
    "trids-swapped" trids::swapped;
    "trid-missing" trids::missing;
    "hash-flipped" secrets::hash_flipped;
    "cookie-differs" secrets::cookie_differs;
    "session-id-differs" secrets::session_id_differs;
    "guid-broken" values::guid;
    "percent-broken" values::percent;
    "account-broken" values::account;
    "number-with-letter" values::number;
    "address-broken" values::address;
    "dialect-not-offered" versions::dialect_not_offered;
    "version-too-old" versions::too_old;
    "version-too-new" versions::too_new;
    "server-wrong" versions::server_wrong;
    "count-off" rows::count_off;
    "index-off" rows::index_off;
}

fn replace(span: Span, text: impl Into<String>) -> Edit {
    Edit { span, text: text.into() }
}

fn insert(at: u32, text: impl Into<String>) -> Edit {
    replace(Span { start: at, end: at }, text)
}

/// The words with one of them replaced.
fn with(texts: &[String], at: usize, text: &str) -> Vec<String> {
    let mut texts = texts.to_vec();
    if let Some(slot) = texts.get_mut(at) {
        text.clone_into(slot);
    }
    texts
}
