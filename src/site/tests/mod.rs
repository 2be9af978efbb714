//! Whole small books, rendered.

mod lens;

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::book::assemble;
use crate::check::{Memo, check};
use crate::config::{self, Config};
use crate::grammar::{self, Grammar};
use crate::markdown;
use crate::text::{Source, Sources};

const INDEX: &str = "# A wiki\n\nSee [CHG](commands/chg.md), [ILN](commands/iln.md), [MSNP8](versions/msnp8.md), \
[MSNP9](versions/msnp9.md), [errors](errors.md) and [all](table.md).\n";
const CHG: &str = "# CHG\n\n`CHG` sets the state. `ILN` follows. So may `201`.\n\n## Syntax\n\n```msnp-grammar {server=ns}\n\
C: CHG trid status:presence    {version=2..8}\nC: CHG trid status:presence [capabilities:u32]    {version=9..}\n\
S: CHG trid status:presence\n```\n\n## Parameters\n\n`status`\n: What it is.\n\n## Example\n\n```msnp\n\
C: CHG 1 NLN\nS: CHG 1 NLN\n```\n\n## Example\n\n```msnp\nC: CHG 1 NLN\nS: CHG 2 NLN\n```\n";
const ILN: &str = "# ILN\n\nTells of a contact.\n\n## Syntax\n\n```msnp-grammar {server=ns}\n\
S: ILN trid status:presence account nickname    {version=8.. answers=CHG}\n```\n";
const ERRORS: &str = "# Error codes\n\nAll of them.\n\n```msnp-grammar {server=ns}\nS: 201 trid    {answers=CHG}\n```\n\n\
| Code | When |\n|---|---|\n| 201 | never |\n\n<!-- wirebook: error-codes -->\n";
const TABLE: &str = "# Table\n\nAll.\n\n<!-- wirebook: table-of-commands -->\n";
const MSNP8: &str = "# MSNP8\n\nThe eighth.\n\n## Commands\n\n<!-- wirebook: version-changes -->\n";
const MSNP9: &str = "# MSNP9\n\nThe ninth.\n\n<!-- wirebook: version-changes -->\n";

fn wiki(more: &[(&str, &str)]) -> Site {
    let pages = [
        ("index.md", INDEX),
        ("commands/chg.md", CHG),
        ("commands/iln.md", ILN),
        ("errors.md", ERRORS),
        ("table.md", TABLE),
        ("versions/msnp8.md", MSNP8),
        ("versions/msnp9.md", MSNP9),
    ];
    let sources = Sources::from_pages(pages.into_iter().chain(more.iter().copied()));
    let (site, findings) = made(&sources, &Config::default());
    assert!(findings.is_empty(), "{}", findings[0].message);
    site
}

/// The site of a book, and the findings of its making.
fn made(sources: &Sources, config: &Config) -> (Site, Vec<Diagnostic>) {
    let parsed: BTreeMap<String, Arc<markdown::Page>> = sources
        .pages
        .iter()
        .map(|(path, source)| (path.clone(), Arc::new(markdown::parse(source))))
        .collect();
    let fences = sources.pages.iter().flat_map(|(path, source)| {
        let fences = parsed[path].fences.iter();
        let grammar = fences.filter(|fence| fence.language == "msnp-grammar");
        grammar.map(|fence| grammar::parse(source, fence)).collect::<Vec<_>>()
    });
    let (grammar, findings) = Grammar::assemble(fences);
    let book = assemble(sources, &parsed, config, Arc::new(grammar), false);
    let checked = check(Arc::new(book), findings, &Config::default(), &mut Memo::default());
    render(&Arc::new(checked), sources, &Arc::new(Theme::built_in()), config, Naming::Hashed)
}

fn page(site: &Site, url: &str) -> String {
    String::from_utf8(site.get(url).unwrap().to_vec()).unwrap()
}

/// All pages of a site.
fn html(site: &Site) -> Vec<(String, String)> {
    let pages = site.paths().filter(|url| url.rsplit('.').next() == Some("html"));
    pages.map(|url| (url.to_owned(), page(site, url))).collect()
}

/// The values of an attribute in a page.
fn values<'t>(text: &'t str, attribute: &str) -> Vec<&'t str> {
    let mark = format!(" {attribute}=\"");
    text.split(&mark).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// Where a relative link on the page at `from` leads.
fn follow(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        if part == ".." {
            parts.pop().expect("inside the site");
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

#[test]
fn every_link_leads_to_a_file_and_an_id() {
    let site = wiki(&[]);
    let mut links = 0;
    for (url, text) in html(&site) {
        if url == "404.html" {
            continue;
        }
        for link in
            ["href", "src", "action", "data-search", "data-example", "data-lens", "data-table"]
                .into_iter()
                .flat_map(|a| values(&text, a))
        {
            let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { url.clone() } else { follow(&url, path) };
            let file = site.get(&target).unwrap_or_else(|| panic!("{url}: no {target}"));
            if !fragment.is_empty() {
                let ids = String::from_utf8(file.to_vec()).unwrap();
                assert!(values(&ids, "id").contains(&fragment), "{url}: no {target}#{fragment}");
            }
            links += 1;
        }
    }
    assert!(links > 100, "{links}");
}

#[test]
fn ids_are_unique_and_there_is_one_title() {
    let site = wiki(&[("two.md", "# One\n\n# Two\n\nText[^a].\n\n[^a]: Note.\n")]);
    for (url, text) in html(&site) {
        let ids = values(&text, "id");
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{url}: {ids:?}");
        assert_eq!(text.matches("<h1").count(), 1, "{url}");
    }
}

#[test]
fn pages_hold_nothing_that_their_policy_forbids() {
    for (url, text) in html(&wiki(&[])) {
        for forbidden in ["<script>", " style=", " onclick=", "javascript:", "http://"] {
            assert!(!text.contains(forbidden), "{url}: {forbidden}");
        }
        policy_allows_the_style(&url, &text);
    }
}

/// The one style of a page is the one that its policy names.
fn policy_allows_the_style(url: &str, text: &str) {
    assert!(text.contains("default-src 'none'"), "{url}");
    let (_, rest) = text.split_once("<style>").unwrap();
    let (style, rest) = rest.split_once("</style>").unwrap();
    assert!(!rest.contains("<style"), "{url}");
    let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
    assert!(text.contains(&format!("style-src 'self' 'sha256-{hash}';")), "{url}");
}

#[test]
fn equal_books_give_equal_bytes() {
    assert_eq!(wiki(&[]).files(), wiki(&[]).files());
}

#[test]
fn code_that_names_something_leads_there_but_not_to_its_own_page() {
    let chg = page(&wiki(&[]), "commands/chg.html");
    assert!(chg.contains("<code><a href=\"iln.html\">ILN</a></code>"), "{chg}");
    assert!(chg.contains("<a href=\"../errors.html#201\">201</a>"));
    assert!(chg.contains("<p class=\"lead\"><code>CHG</code> sets"));
    let site = wiki(&[(
        "x.md",
        "# X\n\nA [`CHG` here](errors.md). `CHG TrID status`, `NLN`, `201 Created`.\n",
    )]);
    let text = page(&site, "x.html");
    assert!(text.contains("<a href=\"errors.html\"><code>CHG</code> here</a>"), "{text}");
    assert!(text.contains("<code><a href=\"commands/chg.html\">CHG</a> TrID status</code>"));
    assert!(text.contains("<code>NLN</code>"));
    assert!(text.contains("<code>201 Created</code>"));
}

#[test]
fn headings_lead_to_themselves_and_keep_their_other_ids() {
    let site = wiki(&[(
        "x.md",
        "# X\n\n## Plain\n\n### Example\n\n## With `CHG`\n\n### Example\n\n## See [CHG](commands/chg.md)\n",
    )]);
    let text = page(&site, "x.html");
    assert!(text.contains("<h2 id=\"plain\"><a href=\"#plain\">Plain</a></h2>"), "{text}");
    assert!(
        text.contains("<h2 id=\"with-chg\"><a href=\"#with-chg\">With <code>CHG</code></a></h2>"),
        "{text}"
    );
    assert!(text.contains("See <a href=\"commands/chg.html\">CHG</a> <a class=\"self\""), "{text}");
    assert!(text.contains("<span id=\"example\"></span>"));
}

#[test]
fn examples_show_their_lines_and_what_the_check_found() {
    let chg = page(&wiki(&[]), "commands/chg.html");
    assert!(
        chg.contains("<span class=\"mark ok\">✓ checked for every MSNP version</span>"),
        "{chg}"
    );
    assert!(chg.contains("<li class=\"c\"><b>Client</b><code>"));
    assert!(chg.contains("<li class=\"s\"><b>Server</b><code>"));
    assert!(chg.contains("\nstatus (presence), bytes 6 to 8: NLN</li>"), "{chg}");
    assert!(chg.contains("⚠ has findings"));
    assert!(chg.contains("trid-mismatch, line"), "{chg}");
}

#[test]
fn hidden_examples_comments_and_wildcards_are_there_for_readers() {
    let text = "# A\n\n```msnp {version=8 hidden}\nC: CHG 1 NLN\n```\n\n\
        ```msnp {version=8}\n# Who <knows>.\n# Nobody.\nS: CHG 1 [..what..]\n```\n";
    let html = page(&wiki(&[("a.md", text)]), "a.html");
    let before = "<details class=\"before\"><summary>1 line before</summary><figure";
    assert!(html.contains(before), "{html}");
    assert!(html.contains("<li class=\"r\"><p>Who &lt;knows&gt;. Nobody.</p></li>"), "{html}");
    assert!(html.contains("<span class=\"x\">[..what..]</span>"), "{html}");
    let said = "status (presence, any bytes, the same wherever what stands): [..what..]</li>";
    assert!(html.contains(said), "{html}");
}

#[test]
fn grammar_is_shown_as_forms_with_links_to_what_explains_them() {
    let chg = page(&wiki(&[]), "commands/chg.html");
    assert!(!chg.contains("{version="));
    assert!(
        chg.contains("<a class=\"n\" href=\"#status\">status</a><small>:presence</small>"),
        "{chg}"
    );
    assert!(chg.contains("<td>MSNP9 and later</td>"));
    let facts = chg.split("<dl class=\"facts\">").nth(1).unwrap();
    assert!(facts.contains("<dt>Sent by</dt><dd>Client and server</dd>"));
    assert!(facts.contains("<dt>Answered by</dt><dd><a href=\"iln.html\">ILN</a></dd>"));
    assert!(facts.contains("<a href=\"../versions/msnp8.html\" title=\"MSNP8\">8</a>"));
    assert!(facts.contains("<s>CVR0</s>"), "{facts}");
}

#[test]
fn directives_are_filled_in() {
    let site = wiki(&[]);
    let table = page(&site, "table.html");
    assert!(table.contains("<caption>2 commands</caption>"), "{table}");
    assert!(table.contains("<a href=\"commands/chg.html\">CHG</a>"));
    let errors = page(&site, "errors.html");
    assert!(errors.contains("<tr id=\"error.201\">"), "{errors}");
    let eight = page(&site, "versions/msnp8.html");
    assert!(eight.contains("<b>1</b> added, <b>0</b> changed"), "{eight}");
    let nine = page(&site, "versions/msnp9.html");
    assert!(
        nine.contains(
            "<ins><span>is now</span> <code>C: CHG trid status:presence [capabilities:u32]"
        )
    );
}

#[test]
fn broken_and_harmful_links_are_marked() {
    let site =
        wiki(&[("x.md", "# X\n\n[a](no.md) [b](javascript:x) ![c](https://example.org/c.png)\n")]);
    let text = page(&site, "x.html");
    assert!(text.contains("<span class=\"broken\""), "{text}");
    assert!(!text.contains("href=\"javascript"), "{text}");
    assert!(!text.contains("<img"), "{text}");
}

#[test]
fn text_of_a_page_cannot_become_markup() {
    let text =
        "# <b>T\n\n`<script>`, \"<x\n\n```xml\n<script>\n```\n\n```msnp\nC: CHG 1 <script>\n```\n";
    let site = wiki(&[("x.md", text)]);
    // Data and copies of pages are no documents that a browser runs.
    let data = ["md", "json", "bin", "txt"];
    let is_data =
        |url: &str| url.starts_with("search.") || data.contains(&url.rsplit('.').next().unwrap());
    let shown = site.files().into_iter().filter(|(url, _)| !is_data(url));
    for (url, bytes) in shown {
        assert!(!String::from_utf8_lossy(&bytes).contains("<script>"), "{url}");
    }
}

#[test]
fn footnotes_are_numbered_by_first_mention() {
    let text = "# X\n\nOne[^b], two[^a], one[^b].\n\n[^a]: Aaa[^c].\n[^b]: Bbb.\n[^c]: Ccc.\n";
    let text = page(&wiki(&[("x.md", text)]), "x.html");
    assert!(text.contains("One<sup id=\"fnref.1\"><a href=\"#fn.1\">1</a></sup>"), "{text}");
    assert!(text.contains("one<sup><a href=\"#fn.1\">1</a></sup>"));
    let notes = text.split("class=\"footnotes\"").nth(1).unwrap();
    let place = |word: &str| notes.find(word).unwrap();
    assert!(place("Bbb") < place("Aaa") && place("Aaa") < place("Ccc"));
}

/// A small book with these settings: its site, and of each finding the place in `book.toml` and the help.
fn set(settings: &str) -> (Site, Vec<(String, String)>) {
    let pages = [
        ("index.md", "# A wiki\n\n[CHG](commands/chg.md)\n"),
        ("commands/chg.md", "# CHG\n\n## New\n"),
        ("gone.md", "# Gone\n\nSee [CHG](commands/chg.md#new), [below](#below).\n\n## Below\n"),
    ];
    let mut sources = Sources::from_pages(pages);
    sources.assets.insert("old.zip".to_owned(), Arc::from(&b"x"[..]));
    for (path, bytes) in [("own/my style.css", "b{}"), ("own.js", "1;")] {
        sources.named.insert(path.to_owned(), Arc::from(bytes.as_bytes()));
    }
    let settings = Source::new("book.toml", settings);
    let (config, found) = config::parse(&settings);
    assert!(found.is_empty(), "{}", found[0].message);
    let (site, found) = made(&sources, &config);
    let shown = |d: Diagnostic| {
        assert_eq!((d.rule.name, d.path.as_str()), ("config", "book.toml"));
        (settings.slice(d.span).to_owned(), d.help.join(" "))
    };
    (site, found.into_iter().map(shown).collect())
}

#[test]
fn pages_name_their_authors_and_run_the_way_the_text_does() {
    let (site, _) = set("[book]\nauthors = [\"Ann & Bo\", \"Cy\"]\ntext-direction = \"rtl\"\n");
    for (url, text) in html(&site) {
        assert!(text.contains("<html lang=\"en\" dir=\"rtl\">"), "{url}");
        let authors = "<meta name=\"author\" content=\"Ann &amp; Bo\">\n<meta name=\"author\" content=\"Cy\">";
        assert!(text.contains(authors), "{url}");
    }
    let (site, _) = set("");
    assert!(!page(&site, "index.html").contains(" dir="));
    assert!(!page(&site, "index.html").contains("\"author\""));
}

#[test]
fn own_stylesheets_and_scripts_are_loaded_after_the_themes() {
    let (site, _) = set(
        "[output.html]\nadditional-css = [\"own/my style.css\", \"no.css\"]\nadditional-js = [\"own.js\"]\n",
    );
    for (url, text) in html(&site) {
        let root = if url.starts_with("commands/") { "../" } else { "" };
        let root = if url == "404.html" { "/" } else { root };
        let links = values(&text, "href");
        let place = |part: &str| links.iter().position(|link| link.contains(part));
        assert!(text.find("<style>").unwrap() < text.find("my%20style").unwrap(), "{url}");
        let scripts = values(&text, "src");
        assert!(scripts[0].contains("site.") && scripts.len() == 2, "{url}: {scripts:?}");
        for link in [links[place("my%20style").unwrap()], scripts[1]] {
            let path = link.strip_prefix(root).unwrap().replace("%20", " ");
            let bytes = site.get(&path).unwrap();
            assert!([&b"b{}"[..], b"1;"].contains(&&*bytes), "{url}: {path}");
        }
    }
}

#[test]
fn a_domain_becomes_a_file() {
    let (site, _) = set("[output.html]\ncname = \"wiki.example.org\"\n");
    assert_eq!(page(&site, "CNAME"), "wiki.example.org\n");
    assert!(!set("").0.contains("CNAME"));
}

#[test]
fn a_page_of_the_book_can_stand_for_addresses_that_do_not_exist() {
    let settings =
        "[output.html]\nsite-url = \"https://example.org/wiki/\"\ninput-404 = \"gone.md\"\n";
    let (site, found) = set(settings);
    assert_eq!(found, []);
    let text = page(&site, "404.html");
    assert!(text.contains("<title>Gone · A wiki</title>"), "{text}");
    assert!(text.contains("<a href=\"/wiki/commands/chg.html#new\">CHG</a>"), "{text}");
    assert!(text.contains("<a href=\"#below\">below</a>"), "{text}");
    assert!(text.contains("src=\"/wiki/site."), "{text}");
    assert!(!text.contains("No such page"), "{text}");
    // It has no place among the other pages.
    assert!(!page(&site, "index.html").contains("gone.html"));
    assert!(!page(&site, "commands/chg.html").contains("gone.html"));
    assert!(page(&set("").0, "404.html").contains("<h1>No such page</h1>"));
}

#[test]
fn old_addresses_lead_on() {
    let (site, found) = set("[output.html]\nsite-url = \"/wiki/\"\n[output.html.redirect]\n\
         \"/a/old.html\" = \"../commands/chg.html\"\n\
         \"/a/old.html#x\" = \"/commands/chg.html#new\"\n\
         \"/b.html\" = \"/wiki/old.zip\"\n\
         \"/c/\" = \"https://example.org/?a&b\"\n\
         \"/commands/chg.html#old\" = \"#new\"\n\
         \"/index.html#chg\" = \"commands/chg.html\"\n");
    assert_eq!(found, []);
    let old = page(&site, "a/old.html");
    assert!(old.contains("content=\"0; url=../commands/chg.html\""), "{old}");
    assert!(old.contains("<link rel=\"canonical\" href=\"../commands/chg.html\">"), "{old}");
    assert!(old.contains("<a href=\"../commands/chg.html\">CHG</a>"), "{old}");
    let moved = |url: &str| {
        let text = page(&site, url);
        let scripts = values(&text, "src");
        let script = scripts.iter().find(|src| src.contains("redirect.")).unwrap();
        assert!(site.contains(&follow(url, script)), "{url}");
        values(&text, "data-moved")[0].replace("&quot;", "\"")
    };
    let both = "{\"\":\"../commands/chg.html\",\"x\":\"../commands/chg.html#new\"}";
    assert_eq!(moved("a/old.html"), both);
    assert_eq!(moved("commands/chg.html"), "{\"old\":\"chg.html#new\"}");
    assert_eq!(moved("index.html"), "{\"chg\":\"commands/chg.html\"}");
    assert!(page(&site, "b.html").contains("url=old.zip\""));
    assert!(page(&site, "c/index.html").contains("url=https://example.org/?a&amp;b\""));
    assert!(!page(&site, "find.html").contains("data-moved"));
    for url in ["a/old.html", "b.html", "c/index.html"] {
        let text = page(&site, url);
        for forbidden in ["<script>", " style="] {
            assert!(!text.contains(forbidden), "{url}: {forbidden}");
        }
        policy_allows_the_style(url, &text);
    }
}

#[test]
fn redirects_from_what_is_there_or_to_what_is_not_are_findings() {
    let wrong = |redirect: &str| {
        let (site, found) = set(&format!("[output.html.redirect]\n{redirect}\n"));
        assert!(html(&site).iter().all(|(_, text)| !text.contains("data-moved")), "{redirect}");
        assert_eq!(found.len(), 1, "{redirect}: {found:?}");
        found[0].clone()
    };
    let nearest = "did you mean `commands/chg.html`?";
    for (redirect, place, help) in [
        ("\"/index.html\" = \"gone.html\"", "\"/index.html\"", "drop the redirect"),
        ("\"/find.html\" = \"gone.html\"", "\"/find.html\"", "drop the redirect"),
        ("\"/404.html\" = \"gone.html\"", "\"/404.html\"", "drop the redirect"),
        ("\"/gone.html#below\" = \"/\"", "\"/gone.html#below\"", "drop the redirect"),
        ("\"/old.html#x\" = \"/\"", "\"/old.html#x\"", "add a redirect from `/old.html` too"),
        ("\"/old.html\" = \"commands/cgh.html\"", "\"commands/cgh.html\"", nearest),
        ("\"/old.html\" = \"gone.html#belwo\"", "\"gone.html#belwo\"", "did you mean `below`?"),
        ("\"/gone.html#x\" = \"#x\"", "\"#x\"", "name an id"),
        ("\"/old.html\" = \"javascript:x\"", "\"javascript:x\"", "name a page"),
        ("\"/old.html\" = \"old.html\"", "\"old.html\"", "name the page"),
    ] {
        let (at, said) = wrong(redirect);
        assert_eq!(at, place, "{redirect}");
        assert!(said.starts_with(help), "{redirect}: {said}");
    }
}

#[test]
fn terms_lead_to_the_glossary_once_a_page() {
    let glossary = "# Glossary\n\nWords.\n\nticket\n: Proof of a login. It lasts.\n\nserver\n: A ticket office.\n";
    let text =
        "# X ticket\n\nTickets and a ticket, [a server](index.md).\n\n## A server\n\nThe Server.\n";
    let site = wiki(&[("glossary.md", glossary), ("a/x.md", text)]);
    let x = page(&site, "a/x.html");
    let term = "<a class=\"term\" href=\"../glossary.html#ticket\" title=\"Proof of a login.\">Tickets</a>";
    assert_eq!((x.matches("class=\"term\"").count(), x.contains(term)), (2, true), "{x}");
    assert!(x.contains(">Server</a>."), "{x}");
    assert!(!page(&site, "glossary.html").contains("class=\"term\""));
}

#[test]
fn marks_tell_how_a_fact_is_known() {
    let text = "# X\n\nIt is so [observed: 2007]. Or so [draft 7.4], [perhaps], [ observed].\n";
    let site = wiki(&[("x.md", text)]);
    let x = page(&site, "x.html");
    let observed = "<small class=\"known observed\" title=\"observed in recorded sessions\">observed: 2007</small>.";
    assert!(x.contains(observed), "{x}");
    assert!(x.contains(">draft 7.4</small>, [perhaps], [ observed]."), "{x}");
}

#[test]
fn open_questions_of_all_pages_stand_on_one() {
    let asked = "# X\n\nA page.\n\n## Open questions\n\n* What is `CHG` *for*, [say](index.md)?\n  * Status: assumed\n  \
                 * Help: look at `201`.\n";
    let all = "# Wanted\n\nHelp us.\n\n<!-- wirebook: open-questions -->\n";
    let site = wiki(&[("a/x.md", asked), ("wanted.md", all)]);
    assert!(page(&site, "a/x.html").contains("<li id=\"question.what-is-chg-for-say\">"));
    let wanted = page(&site, "wanted.html");
    assert!(wanted.contains("<h3><a href=\"a/x.html\">X</a></h3>"), "{wanted}");
    let question = "<a href=\"a/x.html#question.what-is-chg-for-say\" aria-label=\"Where it is asked\">§</a> What is \
                    <code><a href=\"commands/chg.html\">CHG</a></code> for, say?";
    assert!(wanted.contains(question), "{wanted}");
    assert!(
        wanted.contains("look at <code><a href=\"errors.html#201\">201</a></code>."),
        "{wanted}"
    );
}

#[test]
fn rows_of_the_table_of_commands_have_the_classes_of_its_filters() {
    let more = "# GCF\n\nA file.\n\n```msnp-grammar {server=ns status=observed}\nS: GCF trid length {version=9..10}\n```\n";
    let site = wiki(&[("commands/gcf.md", more)]);
    let table = page(&site, "table.html");
    assert!(table.contains("<tr class=\"v9 v10 ns by-server payload known-observed\">"), "{table}");
    assert!(table.contains("<option value=\"v2\">MSNP2</option>"), "{table}");
    let (style, _) = table.split_once("</style>").unwrap();
    let choices = table.split("<option value=\"").skip(1).filter_map(|rest| rest.split('"').next());
    for class in choices.filter(|class| !class.is_empty()) {
        assert!(style.contains(&format!("tr:not(.{class})")), "no rule hides rows without {class}");
    }
}

#[test]
fn the_matrix_and_the_comparison_are_made_from_the_grammar() {
    let (matrix, diff) = ("<!-- wirebook: command-matrix -->", "<!-- wirebook: version-diff -->");
    let site = wiki(&[
        ("a/matrix.md", &format!("# M\n\nm\n\n{matrix}\n")),
        ("a/diff.md", &format!("# D\n\nd\n\n{diff}\n")),
    ]);
    let matrix = page(&site, "a/matrix.html");
    assert!(matrix.contains("<a href=\"../commands/chg.html\">CHG</a>"), "{matrix}");
    assert!(matrix.contains("<td colspan=\"7\" class=\"yes\">•<span class=\"hidden\"> yes</span></td><td colspan=\"13\" class=\"changed\">~"), "{matrix}");
    assert!(
        matrix.contains("<td colspan=\"6\"></td><td colspan=\"14\" class=\"added\">"),
        "{matrix}"
    );
    let diff = page(&site, "a/diff.html");
    assert!(diff.contains("<a href=\"../versions/msnp9.html\">MSNP9</a> against MSNP8: 0 added, 1 changed, 0 removed"), "{diff}");
    let script = values(&diff, "src").into_iter().find(|src| src.contains("diff.")).unwrap();
    let script = page(&site, &follow("a/diff.html", script));
    let data = script.lines().next().unwrap();
    let mask = 0b111_1111;
    assert!(data.contains(&format!("[\"C: CHG trid status:presence\",{mask}]")), "{data}");
    assert!(!wiki(&[]).paths().any(|path| path.starts_with("diff.")));
}

#[test]
fn indexes_lead_back_to_commands_and_examples() {
    let of = |name: &str| format!("# I\n\ni\n\n<!-- wirebook: index-of-{name} -->\n");
    let constants =
        "# Constants\n\nc\n\n| Constant | Value |\n|---|---|\n| me | `alice@example.com` |\n";
    let bell = "# Bell\n\nb `text/x-bell`\n\n```msnp-grammar {server=sb}\ncontent-type text/x-bell\n\
        C: MSG trid acknowledge:(U|N|A) length    {version=2..}\n   payload mime\n```\n\n\
        ```msnp\nC: MSG 1 U 27\nContent-Type: text/x-bell\n\n```\n";
    let shown = "# Shown\n\ns\n\n```msnp\nC: CHG 1 NLN\nS: 201 1\n```\n\n```msnp\nS: ILN 1 NLN alice@example.com Alice\n```\n";
    let site = wiki(&[
        ("i/codes.md", &of("errors")),
        ("i/types.md", &of("content-types")),
        ("i/words.md", &of("keywords")),
        ("i/kinds.md", &of("kinds")),
        ("i/parameters.md", &of("parameters")),
        ("i/values.md", &of("constants")),
        ("constants.md", constants),
        ("bell.md", bell),
        ("shown.md", shown),
    ]);
    let has = |url: &str, wanted: &str| {
        let text = page(&site, url);
        assert!(text.contains(wanted), "{url} lacks {wanted}:\n{text}");
    };
    has(
        "i/codes.html",
        "<dt id=\"index.201\"><code><a href=\"../errors.html#201\">201</a></code> never</dt>",
    );
    has("i/codes.html", "<dd>Commands: <a href=\"../commands/chg.html\">CHG</a></dd>");
    has("i/codes.html", "<dd>Examples: <a href=\"../shown.html#example.1\">Shown</a></dd>");
    has(
        "i/types.html",
        "<code>text/x-bell</code></dt>\n<dd>Pages: <a href=\"../bell.html\">Bell</a></dd>",
    );
    has("i/types.html", "<dd>Examples: <a href=\"../bell.html#example.2\">Bell</a></dd>");
    has("i/words.html", "<code>NLN</code> presence</dt>");
    has("i/kinds.html", "<a href=\"../commands/chg.html#status\">CHG: status</a>");
    has(
        "i/parameters.html",
        "<code>status</code> presence</dt>\n<dd>Commands: <a href=\"../commands/chg.html#status\">CHG</a>",
    );
    has(
        "i/values.html",
        "<code>alice@example.com</code> me</dt>\n<dd>Examples: <a href=\"../shown.html#example.2\">Shown</a>",
    );
}
