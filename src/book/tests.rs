//! Tests of whole small books.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Book, NavItem, PageKind, Reference, Target, assemble, resolve};
use crate::config::{Config, parse as settings};
use crate::grammar::{self, Grammar};
use crate::markdown::parse;
use crate::text::{Source, Sources};

fn book(pages: &[(&str, &str)]) -> Book {
    book_with(pages, Grammar::default())
}

fn book_with(pages: &[(&str, &str)], grammar: Grammar) -> Book {
    book_of(pages, grammar, &Config::default())
}

fn book_of(pages: &[(&str, &str)], grammar: Grammar, config: &Config) -> Book {
    let mut sources = Sources::from_pages(pages.iter().copied());
    sources.assets.insert("a.png".to_owned(), Arc::from(&b"x"[..]));
    let parsed = sources.pages.iter().map(|(path, source)| (path.clone(), Arc::new(parse(source))));
    let parsed: BTreeMap<_, _> = parsed.collect();
    assemble(&sources, &parsed, config, Arc::new(grammar), false)
}

/// A grammar in which each name has one form, declared on the page beside it.
fn grammar(names: &[(&str, &str)]) -> Grammar {
    let fences = names.iter().map(|(name, path)| {
        let text = format!("```msnp-grammar {{server=ns}}\nS: {name} trid {{version=5..9}}\n```\n");
        let source = Source::new(*path, text);
        grammar::parse(&source, &parse(&source).fences[0])
    });
    Grammar::assemble(fences.collect::<Vec<_>>()).0
}

/// The navigation as one line: parts in brackets, children in parentheses.
fn nav(book: &Book) -> String {
    fn walk(items: &[NavItem]) -> String {
        let shown = items.iter().map(|item| match item {
            NavItem::Part(title) => format!("[{title}]"),
            NavItem::Page { path, children, .. } if children.is_empty() => path.clone(),
            NavItem::Page { path, children, .. } => format!("{path}({})", walk(children)),
            NavItem::Draft(title) => format!("?{title}"),
            NavItem::Separator => "-".to_owned(),
        });
        shown.collect::<Vec<_>>().join(" ")
    }
    walk(&book.nav.items)
}

fn findings(book: &Book) -> Vec<(&'static str, &str, String)> {
    let found = book.diagnostics.iter();
    found.map(|d| (d.rule.name, d.path.as_str(), d.message.clone())).collect()
}

#[test]
fn the_page_for_addresses_that_do_not_exist_stands_apart() {
    let pages = [("index.md", "# W\n\n[a](a.md)\n"), ("a.md", "# A\n"), ("404.md", "# No\n")];
    let apart = book(&pages);
    assert_eq!(apart.not_found.as_deref(), Some("404.md"));
    assert_eq!((nav(&apart).as_str(), apart.nav.unlisted.len()), ("index.md a.md", 2));
    let listed = book(&[&pages[..], &[("SUMMARY.md", "- [No](404.md)\n")]].concat());
    assert_eq!(nav(&listed), "index.md 404.md [Other pages] a.md");
    let unlisted = book(&[&pages[..], &[("SUMMARY.md", "- [A](a.md)\n")]].concat());
    assert_eq!(nav(&unlisted), "index.md a.md");

    let named = |path: &str| {
        let text = format!("[output.html]\ninput-404 = \"{path}\"\n");
        let (config, _) = settings(&Source::new("book.toml", text));
        book_of(&pages, Grammar::default(), &config)
    };
    let other = named("a.md");
    assert_eq!(
        (other.not_found.as_deref(), nav(&other).as_str()),
        (Some("a.md"), "index.md 404.md")
    );
    let message = "there is no page `44.md` in the source folder".to_owned();
    assert_eq!(findings(&named("44.md")), [("config", "book.toml", message)]);
}

#[test]
fn without_a_summary_the_front_page_gives_the_order() {
    let book = book(&[
        (
            "index.md",
            "# W\n\n[b](b.md) [9](versions/msnp9.md)\n\n# Web things\n\n[s](services/s.md)",
        ),
        ("a.md", "# A"),
        ("b.md", "# B"),
        ("commands/README.md", "# All commands"),
        ("commands/syn.md", ""),
        ("commands/chg.md", ""),
        ("services/s.md", "# S"),
        ("services/s/y.md", "# Y"),
        ("services/s/x.md", "# X"),
        ("services/r.md", "# R"),
        ("versions/cvr0.md", ""),
        ("versions/msnp10.md", ""),
        ("versions/msnp2.md", ""),
        ("versions/msnp9.md", ""),
    ]);
    let expected = "index.md b.md a.md \
        [Versions] versions/cvr0.md versions/msnp2.md versions/msnp9.md versions/msnp10.md \
        [Web things] services/s.md(services/s/x.md services/s/y.md) services/r.md \
        [All commands] commands/README.md commands/chg.md commands/syn.md";
    assert_eq!(nav(&book), expected);
    assert_eq!(book.title, "W");
    assert_eq!(book.entries["services/s/x.md"].parents, ["services/s.md"]);
    assert_eq!(book.entries["commands/chg.md"].parents, ["commands/README.md"]);
    assert_eq!(book.entries["a.md"].parents, Vec::<String>::new());
    assert_eq!(book.nav.pages().len(), book.entries.len());
}

#[test]
fn a_summary_gives_the_order() {
    let summary = "# Summary\n\n[Start](index.md)\n[Draft]()\n\n# Part\n\n- [B](b.md)\n  - [C d](c/d.md#x)\n    - [Missing](cc/d.md)\n\
                   - [Later]()\n\n---\n\n[A](./a.md)\n";
    let book = book(&[
        ("SUMMARY.md", summary),
        ("index.md", ""),
        ("a.md", "# A"),
        ("b.md", "# Introduction"),
        ("c/d.md", "# Introduction"),
        ("c/e.md", "# E"),
    ]);
    let expected =
        "index.md ?Draft [Part] b.md(c/d.md(?Missing)) ?Later - a.md [Other pages] c/e.md";
    assert_eq!(nav(&book), expected);
    assert_eq!(book.entries["c/d.md"].parents, ["b.md"]);
    assert_eq!(book.entries["c/d.md"].title, "C d");
    assert_eq!(book.entries["b.md"].title, "B");
    assert_eq!(book.nav.unlisted, ["c/e.md"]);
    assert!(!book.entries.contains_key("SUMMARY.md"));
    let [found] = book.diagnostics.as_slice() else { panic!("one finding") };
    assert_eq!((found.rule.name, found.path.as_str()), ("summary", "SUMMARY.md"));
    assert_eq!(found.span.of(summary), "cc/d.md");
    assert_eq!(found.help, ["did you mean `c/d.md`?"]);
}

#[test]
fn what_is_no_list_of_pages_is_found_in_a_summary() {
    let summary = "- [A](a.md)\n- [A](a.md)\n- [P](a.png)\n- [O](https://x.y)\n- words\n\n> q\n";
    let book = book(&[("SUMMARY.md", summary), ("a.md", "")]);
    let spans: Vec<_> = book.diagnostics.iter().map(|d| d.span.of(summary).trim()).collect();
    assert_eq!(spans, ["a.md", "a.png", "https://x.y", "words", "> q"]);
    assert_eq!(nav(&book), "a.md");
    let empty = self::book(&[("SUMMARY.md", "nothing"), ("a.md", ""), ("b.md", "")]);
    assert_eq!(nav(&empty), "a.md b.md");
}

#[test]
fn every_page_stands_in_the_navigation_once() {
    let listed = "- [Y](a/y.md)\n- [X](a/b/x.md)\n";
    let pages = ["a.md", "a/y.md", "a/z.md", "a/b.md", "a/b/x.md", "a/b/index.md", "c/d/e.md"];
    let mut all: Vec<_> = pages.iter().map(|path| (*path, "")).collect();
    assert_eq!(nav(&book(&all)), "a.md(a/b.md(a/b/index.md a/b/x.md) a/y.md a/z.md) [C] c/d/e.md");
    all.push(("SUMMARY.md", listed));
    let book = book(&all);
    let expected = "a/y.md a/b/x.md [Other pages] a.md(a/b.md(a/b/index.md) a/z.md) c/d/e.md";
    assert_eq!(nav(&book), expected);
}

#[test]
fn a_front_page_that_the_summary_forgets_stands_first() {
    let book = book(&[("SUMMARY.md", "[A](a.md)"), ("README.md", "# W"), ("a.md", "")]);
    assert_eq!(nav(&book), "README.md a.md");
    assert_eq!(book.front(), Some("README.md"));
}

#[test]
fn urls_follow_paths() {
    let book = book(&[("README.md", ""), ("index.md", ""), ("a/README.md", ""), ("a/b.c.md", "")]);
    let urls: Vec<_> = book.entries.values().map(|entry| entry.url.as_str()).collect();
    assert_eq!(urls, ["README.html", "a/index.html", "a/b.c.html", "index.html"]);
}

#[test]
fn names_lead_to_pages_rows_and_headings() {
    let pages = [
        ("commands/chg.md", "# Change"),
        ("presence.md", "# Presence\n\n## NLN: online\n\n## `ILN`\n"),
        ("errors.md", "# Errors\n\n|Code|\n|-|\n|201|\n|`911`|\n\n## 500 and more\n"),
        ("versions/msnp8.md", ""),
    ];
    let declared = [
        ("CHG", "errors.md"),
        ("NLN", "presence.md"),
        ("ILN", "presence.md"),
        ("FLN", "presence.md"),
        ("OUT", "elsewhere.md"),
        ("201", "errors.md"),
        ("911", "errors.md"),
        ("500", "errors.md"),
        ("600", "errors.md"),
    ];
    let book = book_with(&pages, grammar(&declared));
    let find = |name: &str| book.names.find(name).map(|(path, id)| format!("{path}#{id}"));
    assert_eq!(find("CHG").as_deref(), Some("commands/chg.md#"));
    assert_eq!(find("NLN").as_deref(), Some("presence.md#nln-online"));
    assert_eq!(find("ILN").as_deref(), Some("presence.md#iln"));
    assert_eq!(find("FLN").as_deref(), Some("presence.md#"));
    assert_eq!(find("OUT"), None);
    assert_eq!(find("201").as_deref(), Some("errors.md#201"));
    assert_eq!(find("911").as_deref(), Some("errors.md#911"));
    assert_eq!(find("500").as_deref(), Some("errors.md#500-and-more"));
    assert_eq!(find("600").as_deref(), Some("errors.md#"));
    assert_eq!(find("MSNP8").as_deref(), Some("versions/msnp8.md#"));
    let chg = &book.entries["commands/chg.md"];
    assert_eq!((chg.kind, chg.versions.to_string()), (PageKind::Command, "MSNP5 to MSNP9".into()));
    assert_eq!(book.subject("commands/chg.md"), Some("CHG"));
    assert_eq!(book.subject("errors.md"), None);
}

#[test]
fn a_foreign_wikis_list_of_error_codes_is_recognised() {
    let rows = "|Code|\n|-|\n|`201`|\n|`205`|\n|`207`|\n|`208`|\n|`911`|\n";
    let pages = [("list.md", rows), ("other.md", "|Code|\n|-|\n|201|\n")];
    let codes = ["201", "205", "207", "208", "911"].map(|code| (code, "builtin.md"));
    let book = book_with(&pages, grammar(&codes));
    assert_eq!(book.names.find("201"), Some(("list.md", "201")));
}

#[test]
fn two_pages_of_one_command_are_found() {
    let pages = [("a.md", "text\n\n# CHG"), ("commands/chg.md", ""), ("versions/msnp8.md", "")];
    let book = book(&pages);
    let message = "`commands/chg.md` is the page of the command `CHG` already".to_owned();
    assert_eq!(findings(&book), [("duplicate-name", "a.md", message)]);
    assert_eq!(book.names.find("CHG"), Some(("commands/chg.md", "")));
    assert_eq!(book.diagnostics[0].span.of(pages[0].1), "# CHG");
    assert_eq!(book.subject("a.md"), None);
}

#[test]
fn links_and_mentions_lead_back() {
    let book = book(&[
        ("index.md", "[x](commands/chg.html) [o](https://a.b)"),
        ("commands/chg.md", "`CHG` and CHG"),
        ("commands/syn.md", "Like CHG."),
        ("commands/usr.md", "Send `CHG 1 NLN`."),
        ("commands/ver.md", "| a |\n|-|\n| [`CHG`](chg.md) |\n\n![CHG](../a.png)"),
        ("commands/xfr.md", "```\nC: CHG 1\n```\n\n[CHG](https://a.b)"),
    ]);
    let backlinks = &book.entries["commands/chg.md"].backlinks;
    assert_eq!(*backlinks, ["index.md", "commands/syn.md", "commands/usr.md", "commands/ver.md"]);
}

#[test]
fn lists_made_for_directives_lead_back_too() {
    let pages = [
        ("all.md", "<!-- wirebook: table-of-commands -->"),
        ("commands/chg.md", ""),
        ("versions/msnp5.md", "<!-- wirebook: version-changes -->"),
        ("versions/msnp6.md", "<!-- wirebook: version-changes -->"),
    ];
    let book = book_with(&pages, grammar(&[("CHG", "commands/chg.md")]));
    assert_eq!(book.entries["commands/chg.md"].backlinks, ["all.md", "versions/msnp5.md"]);
}

#[test]
fn references_know_ids_and_their_aliases() {
    let book = book(&[
        (
            "index.md",
            "# W\n\n## A\n\n### Use\n\n## B\n\n### Use\n\n`trid`\n: x\n\n<a id=\"old\"></a>\n",
        ),
        ("b.md", ""),
    ]);
    let to = |destination: &str| match resolve(&book, "b.md", destination) {
        Reference::To(Target::Page { path, fragment }) => format!("{path}#{fragment}"),
        Reference::To(Target::Asset(path)) => path,
        Reference::To(Target::Outside) => "outside".to_owned(),
        Reference::NoFile(path) => format!("no file {path}"),
        Reference::NoFragment(path, fragment) => format!("no {fragment} in {path}"),
    };
    assert_eq!(to("index.md#use"), "index.md#a-use");
    assert_eq!(to("index.md#use-1"), "index.md#b-use");
    assert_eq!(to("/#b-use"), "index.md#b-use");
    assert_eq!(to("index.html#trid"), "index.md#trid");
    assert_eq!(to("index#old"), "index.md#old");
    assert_eq!(to("index.md#top"), "index.md#");
    assert_eq!(to("index.md#Use"), "no Use in index.md");
    assert_eq!(to("#x"), "no x in b.md");
    assert_eq!(to("#"), "b.md#");
    assert_eq!(to("a.png"), "a.png");
    assert_eq!(to("SUMMARY.md"), "no file SUMMARY.md");
    assert_eq!(to("https://a.b#c"), "outside");
}

#[test]
fn an_empty_book_is_a_book() {
    let book = book(&[]);
    assert_eq!(book.title, "Home");
    assert_eq!(nav(&book), "");
    assert_eq!(book.front(), None);
}
