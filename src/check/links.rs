//! Links between pages, anchors, images, link texts and orphans.
//!
//! In: a book and a page of it. Out: a finding for each link whose file or heading is not there, for each link whose text names one
//! command or version and whose target is the page of another, and for each page that nothing leads to. Links that leave
//! the book are not followed.

use crate::book::{Book, Entry, GLOSSARY, Reference, Target, relative, resolve};
use crate::grammar::Version;
use crate::markdown::Link;
use crate::msnp::value;
use crate::report::{Diagnostic, rules};
use crate::text::{Edit, Fix, FixLevel, Span, closest};

/// Checks every link of a page.
pub(super) fn check(book: &Book, entry: &Entry) -> Vec<Diagnostic> {
    let links = entry.page.links.iter();
    links.filter_map(|link| check_link(book, &entry.page.path, link)).collect()
}

fn check_link(book: &Book, from: &str, link: &Link) -> Option<Diagnostic> {
    match resolve(book, from, &link.destination) {
        Reference::To(Target::Page { path, .. }) => wrong_text(book, from, link, &path),
        Reference::To(Target::Asset(_) | Target::Outside) => None,
        Reference::NoFile(path) => Some(no_file(book, from, link, &path)),
        Reference::NoFragment(path, fragment) => {
            Some(no_fragment(book, from, link, &path, &fragment))
        }
    }
}

fn no_file(book: &Book, from: &str, link: &Link, path: &str) -> Diagnostic {
    let (what, message) = match (link.image, link.destination.is_empty()) {
        (_, true) => ("link", "this link leads nowhere".to_owned()),
        (true, _) => ("image", format!("there is no image `{path}`")),
        (false, _) => ("link", format!("there is no file `{path}`")),
    };
    let finding = Diagnostic::new(&rules::BROKEN_LINK, from, link.destination_span, message);
    match likely_file(book, path, link.image) {
        Some(near) => {
            let near = relative(from, near);
            let finding = finding.with_help(format!("did you mean `{near}`?"));
            with_destination(finding, link, &near)
        }
        None => finding.with_help(format!("add the file, or take the {what} out")),
    }
}

/// The file that was probably meant: the same name in other letters or another folder, or a long name with a slip.
fn likely_file<'a>(book: &'a Book, path: &str, image: bool) -> Option<&'a str> {
    let pages = book.entries.keys().filter(|_| !image);
    let files: Vec<&str> = pages.chain(&book.assets).map(String::as_str).collect();
    let folded = |path: &str| stem(path).to_lowercase();
    let wanted = folded(path);
    let same = |near: &&&str| near.eq_ignore_ascii_case(path);
    if let Some(near) = files.iter().find(same) {
        return Some(near);
    }
    let is_moved = |file: &&&str| {
        let stem = stem(file);
        stem.eq_ignore_ascii_case(&wanted) || (!stem.is_ascii() && folded(file) == wanted)
    };
    let mut moved = files.iter().filter(is_moved);
    if let Some(near) = moved.next() {
        return moved.next().is_none().then_some(*near);
    }
    // `msnp3` is not a slip for `msnp2`, nor `xfr` one for `xxx`: short names and numbers are never guessed.
    let digits = |stem: &str| stem.chars().filter(char::is_ascii_digit).collect::<String>();
    let guesses = files
        .iter()
        .filter(|file| wanted.len() >= SHORTEST_GUESS && digits(&folded(file)) == digits(&wanted));
    let guesses: Vec<String> = guesses.map(|file| folded(file)).collect();
    let near = closest(&wanted, guesses.iter().map(String::as_str))?;
    files.into_iter().find(|file| folded(file) == near)
}

/// The file's name without folders and ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn no_fragment(book: &Book, from: &str, link: &Link, path: &str, fragment: &str) -> Diagnostic {
    let where_ = if path == from { "this page".to_owned() } else { format!("`{path}`") };
    let message = format!("{where_} has no heading or term with the id `{fragment}`");
    let raw = link.destination_span;
    let finding = Diagnostic::new(&rules::BROKEN_ANCHOR, from, raw, message);
    let ids = book.entries.get(path).map(|entry| entry.page.ids.keys().map(String::as_str));
    let ids: Vec<&str> = ids.into_iter().flatten().collect();
    let longer = || ids.iter().copied().find(|id| id.starts_with(&format!("{fragment}-")));
    match closest(fragment, ids.iter().copied()).or_else(longer) {
        Some(near) => {
            let (address, _) = link.destination.split_once('#').unwrap_or_default();
            let finding = finding.with_help(format!("did you mean `#{near}`?"));
            with_destination(finding, link, &format!("{address}#{near}"))
        }
        None => finding.with_help("link to a heading that is there, or to the page's top"),
    }
}

/// A finding if the link's text is the name of one command or version and `path` the page of another.
fn wrong_text(book: &Book, from: &str, link: &Link, path: &str) -> Option<Diagnostic> {
    let text = link.text.trim();
    let other = book.subject(path).filter(|other| *other != text)?;
    let own = book.names.find(text).map(|(own, _)| own);
    let own = own.filter(|own| book.subject(own) == Some(text));
    if link.image || (own.is_none() && !is_subject(book, text)) {
        return None;
    }
    let message = format!("the text says `{text}`, but the link leads to the page of `{other}`");
    let finding = Diagnostic::new(&rules::LINK_TEXT, from, link.span, message);
    let Some(own) = own else {
        return Some(finding.with_help(format!("write `{other}`, or link to a page of `{text}`")));
    };
    let right = relative(from, own);
    let finding = finding.with_help(format!("the page of `{text}` is `{right}`"));
    Some(with_destination(finding, link, &right))
}

/// True for the name of a version and the word of a command, even where the book has no page of it.
fn is_subject(book: &Book, text: &str) -> bool {
    let version = Version::parse(text).is_some_and(|version| version.to_string() == text);
    // `NLN` and `FLN` are states of a user too.
    let state = value::find("presence").is_some_and(|kind| kind.check(text).is_ok());
    version || !state && book.grammar.words().any(|command| command.name == text)
}

/// Offers to write another destination, if the link's destination stands in the file by itself.
fn with_destination(finding: Diagnostic, link: &Link, destination: &str) -> Diagnostic {
    let span: Span = link.destination_span;
    if span == link.span || span.is_empty() || destination.contains(char::is_whitespace) {
        return finding;
    }
    let edits = vec![Edit { span, text: destination.to_owned() }];
    finding.with_fix(Fix { level: FixLevel::Unsafe, edits })
}

/// Findings for pages that no table of contents lists and no other page links to or mentions. Where there is neither such
/// a table nor a front page, readers begin anywhere.
/// Findings for pages that nothing leads to.
pub(super) fn orphans(book: &Book) -> impl Iterator<Item = Diagnostic> {
    let begun = book.front().is_some() || book.nav.unlisted.len() < book.entries.len();
    let unlisted = book.nav.unlisted.iter().filter(move |path| begun && book.front() != Some(path));
    let entries = unlisted.filter_map(|path| book.entries.get(path));
    // Terms lead to the glossary from wherever they stand.
    let reached = |entry: &&Entry| !entry.backlinks.is_empty() || entry.page.path == GLOSSARY;
    entries.filter(move |entry| !reached(entry)).map(|entry| {
        let heading = entry.page.headings.first().map_or(0, |heading| heading.span.start);
        let line = entry.source.line_span(heading);
        let message = format!("nothing leads to the page \"{}\"", entry.title);
        Diagnostic::new(&rules::ORPHAN_PAGE, &entry.page.path, line, message)
            .with_help("link to it from a page where readers will look for it")
    })
}

/// Shorter names are never guessed.
const SHORTEST_GUESS: usize = 5;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::book::assemble;
    use crate::config::Config;
    use crate::grammar::Grammar;
    use crate::markdown::parse;
    use crate::text::Sources;

    /// Rule, place as text, and first help of each finding.
    fn check_pages(pages: &[(&str, &str)]) -> Vec<(&'static str, String, String)> {
        let mut sources = Sources::from_pages(pages.iter().copied());
        sources.assets.insert("img/a.png".to_owned(), Arc::from(&b"x"[..]));
        let parsed = sources.pages.iter();
        let parsed = parsed.map(|(path, source)| (path.clone(), Arc::new(parse(source))));
        let parsed: BTreeMap<_, _> = parsed.collect();
        let (config, grammar) = (Config::default(), Arc::new(Grammar::default()));
        let book = assemble(&sources, &parsed, &config, grammar, false);
        let of_pages = book.entries.values().flat_map(|entry| check(&book, entry));
        let found = of_pages.chain(orphans(&book));
        let shown = found.map(|d| {
            let place = sources.pages[&d.path].slice(d.span).to_owned();
            (d.rule.name, place, d.help[0].clone())
        });
        shown.collect()
    }

    fn on_front(text: &str) -> Vec<(&'static str, String, String)> {
        let pages = [
            ("index.md", text),
            ("commands/chg.md", "# CHG\n\n## Examples\n\nlike MSNP8, MSNP9, SYN"),
            ("commands/syn.md", "CHG"),
            ("versions/msnp8.md", "CHG `Client capabilities`"),
            ("versions/msnp9.md", "[c](../files/capabilities.md)"),
            ("files/capabilities.md", "CHG"),
        ];
        check_pages(&pages)
    }

    fn help(text: &str) -> String {
        match on_front(text).as_slice() {
            [(_, _, help)] => help.clone(),
            other => panic!("{} findings", other.len()),
        }
    }

    #[test]
    fn links_that_lead_somewhere_are_no_findings() {
        let text = "[CHG](commands/chg.md#examples) [](img/a.png) ![x](img/a.png) <https://a.b> [a](#)\n\
                    [the old CHG](commands/syn.md) [8](versions/msnp8) [SYN](files/capabilities.md)";
        assert_eq!(on_front(text), []);
    }

    #[test]
    fn missing_files_are_found_where_the_destination_stands() {
        let found = on_front("[a](commands/xfr.md \"t\") ![b](img/b.png) [c][d]\n\n[d]: e.md");
        let places: Vec<_> = found.iter().map(|(rule, place, _)| (*rule, place.as_str())).collect();
        let broken = |place| ("broken-link", place);
        assert_eq!(places, [broken("commands/xfr.md"), broken("img/b.png"), broken("[c][d]")]);
        assert_eq!(found[0].2, "add the file, or take the link out");
        assert_eq!(on_front("[a]()").len(), 1);
    }

    #[test]
    fn only_likely_files_are_proposed() {
        assert_eq!(help("[a](commands/CHG.md)"), "did you mean `commands/chg.md`?");
        assert_eq!(help("[a](chg.md)"), "did you mean `commands/chg.md`?");
        assert_eq!(help("[a](files/capabilites.md)"), "did you mean `files/capabilities.md`?");
        assert_eq!(help("![a](a.png)"), "did you mean `img/a.png`?");
        for unlikely in ["commands/chl.md", "versions/msnp7.md", "versions/msnp18.md"] {
            assert_eq!(help(&format!("[a]({unlikely})")), "add the file, or take the link out");
        }
    }

    #[test]
    fn missing_ids_are_found_with_the_nearest_one() {
        let found = on_front("[a](commands/chg.md#exampels)");
        assert_eq!(
            (found[0].0, found[0].1.as_str()),
            ("broken-anchor", "commands/chg.md#exampels")
        );
        assert_eq!(found[0].2, "did you mean `#examples`?");
        assert_eq!(
            help("# Second generation parameters\n\n[a](#second-generation)"),
            "did you mean `#second-generation-parameters`?"
        );
    }

    #[test]
    fn a_text_that_names_another_page_is_found() {
        let found = on_front(
            "[`CHG`](commands/syn.md) [MSNP8](versions/msnp9.md) [CHG](versions/msnp8.md)",
        );
        let rules: Vec<_> = found.iter().map(|(rule, ..)| *rule).collect();
        assert_eq!(rules, ["link-text", "link-text", "link-text"]);
        assert_eq!(found[1].2, "the page of `MSNP8` is `versions/msnp8.md`");
        assert_eq!(
            help("[MSNP7](versions/msnp8.md)"),
            "write `MSNP8`, or link to a page of `MSNP7`"
        );
    }

    #[test]
    fn pages_that_nothing_leads_to_are_orphans() {
        let pages =
            [("index.md", "[a](a.md)"), ("a.md", "CHG"), ("b.md", "# B"), ("commands/chg.md", "")];
        let found = check_pages(&pages);
        assert_eq!(
            found.iter().map(|f| (f.0, f.1.as_str())).collect::<Vec<_>>(),
            [("orphan-page", "# B")]
        );
        let listed = [pages.as_slice(), &[("SUMMARY.md", "- [B](b.md)")]].concat();
        assert_eq!(check_pages(&listed), []);
    }
}
