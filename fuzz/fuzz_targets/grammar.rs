//! Any bytes as a grammar fence, used: what follows a line `%%` is an example that it checks. The page becomes a site too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirebook::check::coverage::coverage;
use wirebook::config::Config;
use wirebook::pipeline::{self, Memo};
use wirebook_fuzz::{PAGE, book, checked};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let (grammar, example) = text.split_once("\n%%\n").unwrap_or((&text, ""));
    let page = format!(
        "# CHG\n\n````msnp-grammar\n{grammar}\n````\n\n````msnp\n{example}\n````\n\n<!-- wirebook: coverage -->\n"
    );
    let sources = book(page.as_bytes());
    let checked = checked(&sources);
    let totals = coverage(&checked).totals();
    assert!(totals.forms.shown <= totals.forms.all && totals.versions.shown <= totals.versions.all);
    let outcome = pipeline::run(&Config::default(), &sources, Vec::new(), &mut Memo::default());
    assert!(outcome.site.files.contains_key(&PAGE.replace(".md", ".html")));
});
