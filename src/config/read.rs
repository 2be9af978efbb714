//! `book.toml` into a [`Config`].

use percent_encoding::percent_decode_str;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::schema::{self, Shape, TOP};
use super::{Config, NamedFile, Redirect};
use crate::report::{Diagnostic, rules};
use crate::text::{Source, Span, did_you_mean};

/// Reads `book.toml`. What cannot be read keeps its default and is a finding.
pub fn parse(source: &Source) -> (Config, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let mut reader = Reader { source, diagnostics: Vec::new() };
    let config = reader.config(table.get_ref());
    let Some(error) = errors.first() else {
        let unknown = schema::check(source, table.get_ref(), "", &Shape::Closed(TOP));
        reader.diagnostics.extend(unknown);
        return (config, reader.diagnostics);
    };
    let span = error.span().map_or_else(Span::default, Span::from);
    let message = format!("`{}` is not TOML: {}", source.path, error.message());
    (config, vec![Diagnostic::new(&rules::CONFIG, &source.path, span, message)])
}

struct Reader<'a> {
    source: &'a Source,
    diagnostics: Vec<Diagnostic>,
}

/// A string in the file, and where it stands.
type Text<'a> = (&'a str, Span);

impl Reader<'_> {
    fn config(&mut self, top: &DeTable<'_>) -> Config {
        let empty = DeTable::new();
        let section = |path: &[&str]| section(top, path).unwrap_or(&empty);
        let (book, build) = (section(&["book"]), section(&["build"]));
        let html = section(&["output", "html"]);
        let own = section(&["preprocessor", "wirebook"]);
        let default = Config::default();
        Config {
            title: string(book, "title").unwrap_or_default(),
            authors: strings(book, "authors"),
            description: string(book, "description").unwrap_or_default(),
            language: string(book, "language").unwrap_or(default.language),
            right_to_left: self.right_to_left(book),
            source_folder: self.folder(book, "src").unwrap_or(default.source_folder),
            build_folder: string(build, "build-dir").unwrap_or(default.build_folder),
            theme_folder: self.folder(html, "theme").unwrap_or(default.theme_folder),
            watched_folders: strings(build, "extra-watch-dirs"),
            additional_css: self.files(html, "additional-css"),
            additional_js: self.files(html, "additional-js"),
            site_url: string(html, "site-url").map(with_final_slash).unwrap_or_default(),
            cname: string(html, "cname").unwrap_or_default(),
            not_found_page: self.not_found_page(html),
            redirects: self.redirects(html),
            repository_url: string(html, "git-repository-url").unwrap_or_default(),
            edit_url: string(html, "edit-url-template").unwrap_or_default(),
            licence_note: string(own, "licence-note").unwrap_or_default(),
            required_sections: self.required_sections(own),
            command_sections: strings(own, "command-sections"),
            glossary_except: strings(own, "glossary-except"),
            history: flag(own, "history").filter(|(on, _)| *on).map(|(_, span)| span),
            print: flag(section(&["output", "html", "print"]), "enable").is_some_and(|(on, _)| on),
            page_break: flag(section(&["output", "html", "print"]), "page-break")
                .is_none_or(|(on, _)| on),
            off: self.off(own),
        }
    }

    /// A folder inside the book, cleaned of `./` and final slashes.
    fn folder(&mut self, table: &DeTable<'_>, key: &str) -> Option<String> {
        let (path, span) = text(table, key)?;
        self.inside(path, span)
    }

    fn files(&mut self, table: &DeTable<'_>, key: &str) -> Vec<NamedFile> {
        let paths = texts(table, key).into_iter();
        paths
            .filter_map(|(path, span)| Some(NamedFile { path: self.inside(path, span)?, span }))
            .collect()
    }

    fn inside(&mut self, path: &str, span: Span) -> Option<String> {
        let cleaned = clean(path);
        if cleaned.is_none() {
            let message = format!("`{path}` leads out of the book's folder");
            let help = "name a path below the folder that holds `book.toml`";
            self.find(span, message, help);
        }
        cleaned
    }

    fn not_found_page(&mut self, html: &DeTable<'_>) -> Option<NamedFile> {
        let (path, span) = text(html, "input-404").filter(|(path, _)| !path.is_empty())?;
        Some(NamedFile { path: self.inside(path, span)?, span })
    }

    fn redirects(&mut self, html: &DeTable<'_>) -> Vec<Redirect> {
        let mut redirects = Vec::new();
        for (from, to) in section(html, &["redirect"]).into_iter().flatten() {
            let Some((to, to_span)) = spanned(to) else { continue };
            let span = from.span().into();
            let (address, fragment) =
                from.get_ref().split_once('#').unwrap_or((from.get_ref(), ""));
            let Some(page) = page_at(address) else {
                let message =
                    format!("`{address}` is not an address that a page of the site can have");
                self.find(
                    span,
                    message,
                    "write it as `/folder/page.html`, seen from the site's root",
                );
                continue;
            };
            let fragment = decoded(fragment);
            redirects.push(Redirect { page, fragment, to: to.to_owned(), span, to_span });
        }
        redirects
    }

    fn right_to_left(&mut self, book: &DeTable<'_>) -> bool {
        match text(book, "text-direction") {
            None | Some(("ltr", _)) => false,
            Some(("rtl", _)) => true,
            Some((other, span)) => {
                let message = format!("`{other}` is not a direction of text");
                self.find(span, message, "`text-direction` is `ltr` or `rtl`");
                false
            }
        }
    }

    fn required_sections(&mut self, own: &DeTable<'_>) -> Vec<String> {
        let sections = strings(own, "command-sections");
        let (known, unknown): (Vec<_>, Vec<_>) = texts(own, "required-sections")
            .into_iter()
            .partition(|(name, _)| sections.iter().any(|section| section == name));
        for (name, span) in unknown {
            let message = format!("`{name}` is not among `command-sections`");
            self.find(span, message, "add it there, in its place");
        }
        known.into_iter().map(|(name, _)| name.to_owned()).collect()
    }

    fn off(&mut self, own: &DeTable<'_>) -> Vec<String> {
        let mut off = Vec::new();
        for (key, reason) in section(own, &["off"]).into_iter().flatten() {
            let name: &str = key.get_ref();
            let span = key.span().into();
            if rules::find(name).is_some() {
                off.push(name.to_owned());
                if reason.get_ref().as_str().is_some_and(|reason| reason.trim().is_empty()) {
                    let message = format!("to switch `{name}` off takes a reason");
                    self.find(span, message, format!("write `{name} = \"why\"`"));
                }
                continue;
            }
            let help = did_you_mean(name, rules::RULES.iter().map(|rule| rule.name))
                .unwrap_or_else(|| "`wirebook explain` lists the rules".to_owned());
            self.find(span, format!("`{name}` is not a rule, so it cannot be switched off"), help);
        }
        off
    }

    fn find(&mut self, span: Span, message: String, help: impl Into<String>) {
        let diagnostic = Diagnostic::new(&rules::CONFIG, &self.source.path, span, message);
        self.diagnostics.push(diagnostic.with_help(help));
    }
}

/// The path without `.` parts and doubled slashes; `None` if it is absolute or climbs out.
fn clean(path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    if path.starts_with('/') || path.contains(':') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

/// The path of the page in the site that an address means; `None` where no page can have it.
fn page_at(address: &str) -> Option<String> {
    let address = decoded(address.trim_start_matches('/'));
    let folder = address.is_empty() || address.ends_with('/');
    let page = clean(&if folder { format!("{address}index.html") } else { address })?;
    // Servers know by the ending, in small letters, that it is a page.
    let is_page = page.rsplit_once('.').is_some_and(|(_, ending)| ending == "html");
    (is_page && !page.contains(char::is_control)).then_some(page)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn with_final_slash(mut url: String) -> String {
    if !url.is_empty() && !url.ends_with('/') {
        url.push('/');
    }
    url
}

fn section<'a, 'i>(top: &'a DeTable<'i>, path: &[&str]) -> Option<&'a DeTable<'i>> {
    path.iter().try_fold(top, |table, name| table.get(*name)?.get_ref().as_table())
}

fn text<'a>(table: &'a DeTable<'_>, key: &str) -> Option<Text<'a>> {
    table.get(key).and_then(spanned)
}

fn texts<'a>(table: &'a DeTable<'_>, key: &str) -> Vec<Text<'a>> {
    let items = table.get(key).and_then(|value| value.get_ref().as_array());
    items.into_iter().flat_map(|items| items.iter().filter_map(spanned)).collect()
}

fn spanned<'a>(value: &'a Spanned<DeValue<'_>>) -> Option<Text<'a>> {
    value.get_ref().as_str().map(|text| (text, value.span().into()))
}

fn flag(table: &DeTable<'_>, key: &str) -> Option<(bool, Span)> {
    let value = table.get(key)?;
    Some((value.get_ref().as_bool()?, value.span().into()))
}

fn string(table: &DeTable<'_>, key: &str) -> Option<String> {
    text(table, key).map(|(text, _)| text.to_owned())
}

fn strings(table: &DeTable<'_>, key: &str) -> Vec<String> {
    texts(table, key).into_iter().map(|(text, _)| text.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Config, Vec<(String, String, String)>) {
        let source = Source::new("book.toml", text);
        let (config, diagnostics) = parse(&source);
        let shown = |d: Diagnostic| {
            assert_eq!(d.rule.name, "config");
            (source.slice(d.span).to_owned(), d.message, d.help.join(" "))
        };
        (config, diagnostics.into_iter().map(shown).collect())
    }

    #[test]
    fn a_book_of_mdbook_is_read_without_findings() {
        let (config, found) = read(
            "[book]\ntitle = \"T\"\nauthors = [\"a\", \"b\"]\nsrc = \"./wiki/\"\nlanguage = \"de\"\n\
             text-direction = \"rtl\"\nmultilingual = false\n[build]\nbuild-dir = \"../out\"\n\
             create-missing = true\n[rust]\nedition = \"2024\"\n[output.html]\nsite-url = \"/x\"\n\
             additional-css = [\"a.css\"]\n[output.html.fold]\nenable = true\nlevel = 0\n\
             [output.html.redirect]\n\"/old.html\" = \"new.html\"\n[output.linkcheck]\nany = 1\n\
             [preprocessor.wirebook]\noptional = true\nlicence-note = \"L\"\nglossary-except = [\"a/\"]\noff = { variant = \"why\" }\n\
             [preprocessor.toc]\ncommand = \"x\"\n",
        );
        assert_eq!(found, []);
        assert_eq!((config.title.as_str(), config.language.as_str()), ("T", "de"));
        assert_eq!(config.authors, ["a", "b"]);
        assert_eq!(config.source_folder, "wiki");
        assert_eq!(config.build_folder, "../out");
        assert_eq!(config.site_url, "/x/");
        assert!(config.right_to_left);
        assert_eq!(config.additional_css.first().unwrap().path, "a.css");
        let redirect = config.redirects.first().unwrap();
        assert_eq!((redirect.page.as_str(), redirect.to.as_str()), ("old.html", "new.html"));
        assert_eq!(config.glossary_except, ["a/"]);
        assert_eq!((config.history, config.print, config.page_break), (None, false, true));
        assert_eq!(
            (config.licence_note.as_str(), config.off.as_slice()),
            ("L", &["variant".to_owned()][..])
        );
    }

    #[test]
    fn unknown_keys_are_found_where_they_stand() {
        let (_, found) = read("[book]\ntitel = \"T\"\nsite-url = \"/\"\n[wirebook]\nx = 1\n");
        let helps: Vec<_> =
            found.iter().map(|(at, _, help)| (at.as_str(), help.as_str())).collect();
        assert_eq!(
            helps,
            [
                ("site-url", "`site-url` belongs in `[output.html]`"),
                ("titel", "did you mean `title`?"),
                ("wirebook", "wirebook's own keys stand in `[preprocessor.wirebook]`"),
            ]
        );
    }

    #[test]
    fn wrong_types_keep_the_default() {
        let (config, found) = read("[book]\nsrc = 3\nauthors = [\"a\", 1]\n[output]\nhtml = 1\n");
        assert_eq!(config.source_folder, "src");
        assert_eq!(config.authors, ["a"]);
        let at: Vec<_> =
            found.iter().map(|(at, message, _)| (at.as_str(), message.as_str())).collect();
        assert_eq!(
            at,
            [
                ("1", "`book.authors` must be a list of strings only, not a whole number"),
                ("3", "`book.src` must be a string, not a whole number"),
                ("1", "`output.html` must be a table, not a whole number"),
            ]
        );
    }

    #[test]
    fn broken_toml_is_one_finding_and_the_rest_is_read() {
        let (config, found) = read("[book]\ntitle = \"T\"\nsrc = \nfoo = 1\n");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.starts_with("`book.toml` is not TOML: "), "{}", found[0].1);
        assert_eq!(config.title, "T");
        for text in ["[", "= 1", "a.b.c = [", "\u{0}", "[book\n", "[[book]]", "book = {"] {
            assert_eq!(read(text).1.len(), 1, "{text}");
        }
    }

    #[test]
    fn redirects_begin_at_an_address_that_a_page_can_have() {
        let (config, found) = read(
            "[output.html.redirect]\n\"/a%20b/\" = \"x\"\n\"c.html#d%C3%A9\" = \"x\"\n\
             \"/../e.html\" = \"x\"\n\"/f\" = \"x\"\n\"/\\u0000.html\" = \"x\"\n",
        );
        let pages = config.redirects.iter().map(|r| (r.page.as_str(), r.fragment.as_str()));
        assert_eq!(pages.collect::<Vec<_>>(), [("a b/index.html", ""), ("c.html", "dé")]);
        let mut at: Vec<_> = found.iter().map(|(at, ..)| at.as_str()).collect();
        at.sort_unstable();
        assert_eq!(at, ["\"/../e.html\"", "\"/\\u0000.html\"", "\"/f\""]);
    }

    #[test]
    fn paths_stay_inside_and_rules_exist() {
        let (config, found) = read(
            "[book]\nsrc = \"../other\"\n[output.html]\ntheme = \"/etc\"\n\
             [preprocessor.wirebook]\noff = { orphan-pgae = \"why\", variant = \"\" }\n",
        );
        assert_eq!((config.source_folder.as_str(), config.theme_folder.as_str()), ("src", "theme"));
        assert_eq!(config.off, ["variant"]);
        let helps: Vec<_> =
            found.iter().map(|(at, _, help)| (at.as_str(), help.as_str())).collect();
        assert_eq!(
            &helps[2..],
            [
                ("orphan-pgae", "did you mean `orphan-page`?"),
                ("variant", "write `variant = \"why\"`")
            ]
        );
        assert_eq!(clean("a/../b//./c/").as_deref(), Some("b/c"));
        assert_eq!(clean("./").as_deref(), Some("."));
        assert_eq!(clean("a/../../b"), None);
        assert_eq!(clean("C:\\x"), None);
    }
}
