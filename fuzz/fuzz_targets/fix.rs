//! Any bytes as a page, mended: never more errors than before, and mending twice changes nothing more.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirebook::config::Config;
use wirebook::fix::mend;
use wirebook::report::Severity;
use wirebook::text::FixLevel;
use wirebook_fuzz::{book, checked};

fuzz_target!(|bytes: &[u8]| {
    let sources = book(bytes);
    let before = checked(&sources).report.count(Severity::Error);
    let mended = mend(&Config::default(), &sources, &[], FixLevel::Unsafe);
    let after = checked(&mended.sources).report.count(Severity::Error);
    assert!(after <= before, "{before} errors became {after}");
    let again = mend(&Config::default(), &mended.sources, &[], FixLevel::Unsafe);
    assert!(again.changes.is_empty(), "mending again made {} more fixes", again.count);
});
