//! The errors that pages have, as browsers show them over a page.
//!
//! In: a book and what a run found. Out: for the file of a page the same frames as in a terminal, made when they are asked
//! for. What is wrong with settings or theme concerns every page.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::load::Loaded;
use crate::pipeline::Outcome;
use crate::report::{Diagnostic, Files, Format, Report, Severity, Style, render};
use crate::text::{Source, Sources};

/// How many errors of a page are shown.
const SHOWN: usize = 20;

/// The errors of one run.
#[derive(Debug, Default)]
pub(super) struct Errors {
    /// By the file of the page; those of all pages are under the empty path.
    found: BTreeMap<String, Vec<Diagnostic>>,
    /// The texts they point to.
    sources: Sources,
    settings: Option<Arc<Source>>,
    source_folder: String,
    theme_folder: String,
}

impl Errors {
    /// The errors among what a run has found.
    pub(super) fn new(loaded: &Loaded, outcome: &Outcome) -> Self {
        let mut found: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
        let mut sources = Sources::default();
        let all = outcome.report.diagnostics();
        for of_page in all.chunk_by(|one, next| one.path == next.path) {
            let errors = of_page.iter().filter(|found| found.rule.severity == Severity::Error);
            let errors: Vec<Diagnostic> = errors.cloned().collect();
            let Some(path) = errors.first().map(|error| error.path.clone()) else { continue };
            let entry = outcome.checked.book.entries.get(&path);
            let file = entry.map(|entry| entry.url.clone()).unwrap_or_default();
            found.entry(file).or_default().extend(errors);
            if let Some(source) = loaded.sources.pages.get(&path) {
                sources.pages.insert(path, Arc::clone(source));
            }
        }
        sources.theme = loaded.sources.theme.clone();
        let Loaded { config, settings, .. } = loaded;
        Self {
            found,
            sources,
            settings: settings.clone(),
            source_folder: config.source_folder.clone(),
            theme_folder: config.theme_folder.clone(),
        }
    }

    /// What is wrong with the page of this file, and with the whole; empty for nothing.
    pub(super) fn of(&self, file: &str) -> String {
        let all = ["", file].into_iter().filter_map(|file| self.found.get(file)).flatten();
        let count = all.clone().count();
        let report = Report::new(all.take(SHOWN).cloned().collect());
        let files = Files {
            source_folder: &self.source_folder,
            theme_folder: &self.theme_folder,
            sources: &self.sources,
            settings: self.settings.as_deref(),
        };
        let mut text = render(Format::Full, &report, &[], files, Style::Plain);
        if count > SHOWN {
            text.extend([
                (count - SHOWN).to_string().as_str(),
                " more: `wirebook check` prints all\n",
            ]);
        }
        text
    }

    /// Files whose errors differ from those `before`; the empty path stands for all.
    pub(super) fn differing(&self, before: &Self) -> Vec<String> {
        let mut files: Vec<_> = self.found.keys().chain(before.found.keys()).collect();
        files.sort();
        files.dedup();
        let differs = |file: &&String| self.found.get(*file) != before.found.get(*file);
        files.into_iter().filter(differs).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::load::load;
    use crate::pipeline::{Memo, run};

    fn errors(folder: &Path) -> Errors {
        let loaded = load(folder).unwrap();
        let found = loaded.diagnostics.clone();
        let outcome = run(&loaded.config, &loaded.sources, found, &mut Memo::default());
        Errors::new(&loaded, &outcome)
    }

    #[test]
    fn a_page_has_its_errors_and_those_of_the_whole_as_in_a_terminal() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| fs::write(folder.path().join(path), text).unwrap();
        write("index.md", "# A\n");
        write("b.md", "# B\n\n[gone](gone.md)\n");
        let first = errors(folder.path());
        let text = first.of("b.html");
        assert!(text.contains("error[") && text.contains("3 | [gone](gone.md)"), "{text}");
        assert_eq!((first.of("index.html"), first.of("none.html")), (String::new(), String::new()));
        write("b.md", "# B\n");
        let mended = errors(folder.path());
        assert_eq!(mended.differing(&first), ["b.html"]);
        assert_eq!(mended.of("b.html"), "");
        write("b.md", &format!("# B\n\n{}", "[gone](gone.md)\n".repeat(30)));
        let many = errors(folder.path()).of("b.html");
        assert!(many.ends_with("10 more: `wirebook check` prints all\n"), "{many}");
        fs::create_dir(folder.path().join("theme")).unwrap();
        write("theme/page.html", "{% extends");
        assert!(errors(folder.path()).of("index.html").contains("theme/page.html"));
    }
}
