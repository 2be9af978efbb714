//! Themes: templates, a stylesheet, scripts and an icon.
//!
//! The default theme is built into the program. A book's own theme folder replaces single files of it by name; further
//! templates there can be included by the others, and further files are copied to `theme/` in the site. A template that
//! cannot be read, or fails while a page is made, is a finding, and the built-in one takes its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use serde::Serialize;
use tera::{Context, ErrorKind, Tera};

use super::html;
use crate::report::{Diagnostic, rules};
use crate::text::Span;

static DEFAULT: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// The files that make pages of content.
#[derive(Debug, Clone)]
pub struct Theme {
    templates: Tera,
    /// The default theme's templates, where an own one fails.
    fallback: Tera,
    files: BTreeMap<String, Arc<[u8]>>,
    extra: BTreeMap<String, Arc<[u8]>>,
    own_templates: bool,
    folder: String,
}

impl Theme {
    /// The default theme.
    pub fn built_in() -> Self {
        let mut files = BTreeMap::new();
        let mut templates = Tera::new();
        templates.set_escape_fn(html::escape_to);
        let mut sources = Vec::new();
        for file in DEFAULT.files() {
            let name = file.path().to_string_lossy().into_owned();
            match file.contents_utf8().filter(|_| is_template(&name)) {
                Some(text) => sources.push((name, text)),
                None => drop(files.insert(name, Arc::from(file.contents()))),
            }
        }
        // A test reads the built-in templates, so this cannot fail in a program that was tested.
        let _ = templates.add_raw_templates(sources);
        let fallback = templates.clone();
        Self {
            templates,
            fallback,
            files,
            extra: BTreeMap::new(),
            own_templates: false,
            folder: String::new(),
        }
    }

    /// The default theme's files by name.
    pub fn default_files() -> impl Iterator<Item = (String, &'static [u8])> {
        DEFAULT.files().map(|file| (file.path().to_string_lossy().into_owned(), file.contents()))
    }

    /// The default theme with the files of a book's own theme laid over it. `folder` is the theme folder's path, for
    /// findings.
    pub fn new(own: &BTreeMap<String, Arc<[u8]>>, folder: &str) -> (Self, Vec<Diagnostic>) {
        let mut theme = Self { folder: folder.to_owned(), ..Self::built_in() };
        let mut waiting = Vec::new();
        let mut diagnostics = Vec::new();
        for (name, bytes) in own {
            if is_template(name) {
                match std::str::from_utf8(bytes) {
                    Ok(text) => waiting.push((name.as_str(), text)),
                    Err(_) => {
                        diagnostics.push(theme.finding(name, Span::default(), "it is not UTF-8"));
                    }
                }
            } else if theme.files.contains_key(name) {
                theme.files.insert(name.clone(), Arc::clone(bytes));
            } else {
                theme.extra.insert(name.clone(), Arc::clone(bytes));
            }
        }
        theme.own_templates = waiting.iter().any(|(name, text)| {
            DEFAULT.get_file(name).is_none_or(|file| file.contents() != text.as_bytes())
        });
        diagnostics.extend(theme.add_templates(waiting));
        (theme, diagnostics)
    }

    /// Adds own templates in whatever order they need each other; gives findings for those that stay out.
    fn add_templates(&mut self, mut waiting: Vec<(&str, &str)>) -> Vec<Diagnostic> {
        loop {
            let mut findings = Vec::new();
            let mut rest = Vec::new();
            let before = waiting.len();
            for (name, text) in waiting {
                let mut templates = self.templates.clone();
                match templates.add_raw_template(name, text) {
                    Ok(()) => self.templates = templates,
                    Err(error) => {
                        findings.push(self.template_finding(name, &error));
                        rest.push((name, text));
                    }
                }
            }
            if rest.is_empty() || rest.len() == before {
                return findings;
            }
            waiting = rest;
        }
    }

    /// Fills in a template. Where an own template fails, the built-in one is used and the finding says so.
    pub(super) fn fill(&self, name: &str, values: &impl Serialize) -> (String, Option<Diagnostic>) {
        let context = match Context::from_serialize(values) {
            Ok(context) => context,
            Err(error) => return (String::new(), Some(self.template_finding(name, &error))),
        };
        match self.templates.render(name, &context) {
            Ok(text) => (text, None),
            Err(error) => {
                let text = self.fallback.render(name, &context).unwrap_or_default();
                (text, Some(self.template_finding(name, &error)))
            }
        }
    }

    /// A file of the theme that is no template; empty where there is none.
    pub(super) fn file(&self, name: &str) -> &[u8] {
        self.files.get(name).map_or(&[], |bytes| bytes)
    }

    /// True where the book has templates that the default theme does not have, or has otherwise.
    pub fn has_own_templates(&self) -> bool {
        self.own_templates
    }

    /// Files of the own theme that stand for none of the default theme's.
    pub(super) fn extra(&self) -> impl Iterator<Item = (&str, &Arc<[u8]>)> {
        self.extra.iter().map(|(name, bytes)| (name.as_str(), bytes))
    }

    fn template_finding(&self, template: &str, error: &tera::Error) -> Diagnostic {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let name = if report.filename().is_empty() { template } else { report.filename() };
                let span = Span::from(report.span().range.clone());
                self.finding(name, span, report.message())
            }
            _ => self.finding(template, Span::default(), &error.to_string()),
        }
    }

    fn finding(&self, name: &str, span: Span, why: &str) -> Diagnostic {
        let path = format!("{}/{name}", self.folder);
        let message = format!("the theme's `{name}` cannot be used: {why}");
        Diagnostic::new(&rules::THEME, path, span, message)
            .with_help("pages are made with the built-in file of that name until this is mended")
    }
}

fn is_template(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(name: &str, text: &str) -> BTreeMap<String, Arc<[u8]>> {
        BTreeMap::from([(name.to_owned(), Arc::from(text.as_bytes()))])
    }

    #[test]
    fn the_built_in_templates_can_be_read() {
        let mut templates = Tera::new();
        let sources = DEFAULT.files().filter_map(|file| {
            let name = file.path().to_str().unwrap();
            is_template(name).then(|| (name, file.contents_utf8().unwrap()))
        });
        templates.add_raw_templates(sources).unwrap();
        for name in ["page.html", "find.html", "missing.html"] {
            assert!(templates.contains_template(name), "{name}");
        }
    }

    #[test]
    fn a_broken_template_is_a_finding_in_its_file_and_is_not_used() {
        let (theme, findings) = Theme::new(&own("page.html", "abc {% if %}"), "theme");
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path, "theme/page.html");
        assert!(findings[0].span.start >= 4, "{}", findings[0].span.start);
        assert!(theme.templates.contains_template("page.html"));
    }

    #[test]
    fn a_template_that_fails_while_filled_gives_the_built_in_text_and_a_finding() {
        let (theme, findings) =
            Theme::new(&own("changes.html", "{{ nothing.like.this }}"), "theme");
        assert!(findings.is_empty());
        let (_, finding) = theme.fill("changes.html", &BTreeMap::from([("title", "x")]));
        assert_eq!(finding.unwrap().path, "theme/changes.html");
    }

    #[test]
    fn own_files_replace_built_in_ones_and_others_are_extra() {
        let (theme, _) = Theme::new(&own("site.css", "b{}"), "theme");
        assert_eq!(theme.file("site.css"), b"b{}");
        let (theme, _) = Theme::new(&own("logo.png", "x"), "theme");
        assert_eq!(theme.extra().next().unwrap().0, "logo.png");
    }
}
