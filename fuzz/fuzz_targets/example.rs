//! Any bytes as a page: parsed, and checked by the built-in grammar.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirebook_fuzz::{book, checked};

fuzz_target!(|bytes: &[u8]| {
    checked(&book(bytes));
});
