//! Tests of whole pages: the shape of the tree, and what must hold for any text.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Block, Inline, Item, Page, parse};
use crate::text::{Source, Span};

/// The page as one line of nested words, for comparing.
fn shape(text: &str) -> String {
    let page = read(text);
    let mut out = String::new();
    blocks(&page, &page.blocks, &mut out);
    out
}

fn read(text: &str) -> Page {
    parse(&Source::new("a.md", text))
}

fn blocks(page: &Page, list: &[Block], out: &mut String) {
    for block in list {
        match block {
            Block::Heading(index) => {
                let heading = &page.headings[*index];
                let _ = write!(out, "h{}(", heading.level);
                inlines(page, &heading.inlines, out);
            }
            Block::Paragraph(list, _) => {
                out.push_str("p(");
                inlines(page, list, out);
            }
            Block::Quote(alert, list, _) => {
                out.push_str(if alert.is_some() { "alert(" } else { "quote(" });
                blocks(page, list, out);
            }
            Block::List { tight, items: list, .. } => {
                out.push_str(if *tight { "tight(" } else { "loose(" });
                items(page, list, out);
            }
            Block::Definitions(list, _) => {
                out.push_str("dl(");
                for definition in list {
                    out.push_str("dt(");
                    inlines(page, &definition.term, out);
                    out.push(')');
                    for body in &definition.definitions {
                        out.push_str("dd(");
                        blocks(page, body, out);
                        out.push(')');
                    }
                }
            }
            Block::Table { head, rows, .. } => {
                out.push_str("table(");
                for cell in head.iter().chain(rows.iter().flatten()) {
                    out.push('|');
                    inlines(page, cell, out);
                }
            }
            Block::Fence(index) => {
                let _ = write!(out, "fence({}", page.fences[*index].language);
            }
            Block::Footnote(label, list, _) => {
                let _ = write!(out, "note({label} ");
                blocks(page, list, out);
            }
            Block::Directive(name, _) => {
                let _ = write!(out, "directive({name}");
            }
            Block::Html(html, _) => {
                let _ = write!(out, "html({html}");
            }
            Block::Rule(_) => out.push_str("rule("),
        }
        out.push(')');
    }
}

fn items(page: &Page, list: &[Item], out: &mut String) {
    for item in list {
        out.push_str(match item.task {
            None => "li(",
            Some(false) => "todo(",
            Some(true) => "done(",
        });
        blocks(page, &item.blocks, out);
        out.push(')');
    }
}

fn inlines(page: &Page, list: &[Inline], out: &mut String) {
    for inline in list {
        let (open, inner) = match inline {
            Inline::Text(text, _) => (text.clone(), None),
            Inline::Code(code, _) => (format!("`{code}`"), None),
            Inline::Emphasis(inner) => ("em(".into(), Some(inner)),
            Inline::Strong(inner) => ("b(".into(), Some(inner)),
            Inline::Strikethrough(inner) => ("s(".into(), Some(inner)),
            Inline::Link(index, inner) => {
                (format!("{}(", page.links[*index].destination), Some(inner))
            }
            Inline::Image(index) => (format!("!{}", page.links[*index].destination), None),
            Inline::FootnoteReference(label) => (format!("^{label}"), None),
            Inline::Html(html) => (html.clone(), None),
            Inline::SoftBreak => ("~".into(), None),
            Inline::HardBreak => ("/".into(), None),
        };
        out.push_str(&open);
        if let Some(inner) = inner {
            inlines(page, inner, out);
            out.push(')');
        }
    }
}

/// Rule and text under each finding.
fn findings(text: &str) -> Vec<(&'static str, String)> {
    let source = Source::new("a.md", text);
    let found = parse(&source).diagnostics.into_iter();
    found.map(|d| (d.rule.name, source.slice(d.span).to_owned())).collect()
}

fn links(text: &str) -> Vec<(String, String)> {
    let links = read(text).links.into_iter();
    links.map(|link| (link.destination, link.destination_span.of(text).to_owned())).collect()
}

#[test]
fn blocks_and_inlines_become_a_tree() {
    assert_eq!(shape("# A `b`\n\nc *d* **e**\nf  \ng\n"), "h1(A `b`)p(c em(d) b(e)~f/g)");
    assert_eq!(shape("* a\n* b\n  * c\n"), "tight(li(p(a))li(p(b)tight(li(p(c)))))");
    assert_eq!(shape("1. a\n\n2. b\n"), "loose(li(p(a))li(p(b)))");
    assert_eq!(shape("- [ ] a\n- [x] b\n"), "tight(todo(p(a))done(p(b)))");
    assert_eq!(shape("- [x] a\n\n- b\n"), "loose(done(p(a))li(p(b)))");
    assert_eq!(shape("> [!NOTE]\n> a\n\n> b\n"), "alert(p(a))quote(p(b))");
    assert_eq!(shape("t\n: a\n: b\n\n`u`\n: c\n"), "dl(dt(t)dd(p(a))dd(p(b))dt(`u`)dd(p(c)))");
    assert_eq!(shape("|a|b|\n|-|-|\n|`c`|~~d~~|\n"), "table(|a|b|`c`|s(d))");
    assert_eq!(shape("a[^1]\n\n[^1]: b\n\n---\n"), "p(a^1)note(1 p(b))rule()");
    assert_eq!(shape("- a\n  ```x\n  b\n  ```\n  c\n"), "tight(li(p(a)fence(x)p(c)))");
    assert_eq!(shape("![a *b* [c](d)](e.png)"), "p(!e.png)");
}

#[test]
fn text_is_left_as_it_is() {
    assert_eq!(shape("\"a\" -- b... $x$ [[c]]"), "p(\"a\" -- b... $x$ [[c]])");
    let page = read("a \\*b &amp; c_d");
    assert!(matches!(page.blocks.as_slice(), [Block::Paragraph(list, _)] if list.len() == 1));
}

#[test]
fn braces_at_the_end_of_a_heading_are_wire_syntax_unless_they_name_an_id() {
    assert_eq!(shape("# USR {name}\n## A {} ##\n"), "h1(USR {name})h2(A {})");
    assert_eq!(shape("# {name}\n\nB {x y}\n===\n"), "h1({name})h1(B {x y})");
    let page = read("# USR {#login}\n");
    assert_eq!((page.headings[0].text.as_str(), page.headings[0].id.as_str()), ("USR", "login"));
}

#[test]
fn destinations_are_found_in_the_file() {
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(links("[a](b.md#c)"), [pair("b.md#c", "b.md#c")]);
    assert_eq!(links("[a`]`](<b c.md> \"t\")"), [pair("b c.md", "b c.md")]);
    assert_eq!(links("[a](b_(c\\)).md 't')"), [pair("b_(c)).md", "b_(c\\)).md")]);
    assert_eq!(links("[a][r]\n\n[r]: b.md\n"), [pair("b.md", "[a][r]")]);
    assert_eq!(links("![](a.png)"), [pair("a.png", "a.png")]);
    assert_eq!(links("[]()"), [pair("", "")]);
    assert_eq!(links("> [a](\n> b.md)\n"), [pair("b.md", "[a](\n> b.md)")]);
    assert_eq!(links("<http://a.b> <c@d.e>")[0], pair("http://a.b", "http://a.b"));
    assert_eq!(links("<http://a.b> <c@d.e>")[1], pair("mailto:c@d.e", "c@d.e"));
    let outer = links("[![a](b.png)](c.md)");
    assert_eq!(outer, [pair("c.md", "c.md"), pair("b.png", "b.png")]);
}

#[test]
fn links_that_run_code_and_elements_that_look_like_addresses_are_text() {
    assert_eq!(shape("[a *b*](javascript:x)"), "p(a em(b))");
    assert_eq!(findings("[a](javascript:x)"), [("raw-html", "[a](javascript:x)".into())]);
    assert_eq!(shape("the <wsse:Token> of it"), "p(the <wsse:Token> of it)");
    assert_eq!(findings("a <wsse:Token>"), [("raw-html", "<wsse:Token>".into())]);
}

#[test]
fn html_off_the_list_is_text_and_a_finding_each_time() {
    assert_eq!(shape("The <TEXTX> and <b>c</b>."), "p(The <TEXTX> and <b>c</b>.)");
    let found = findings("The <TEXTX> and <b>c</b>.");
    let raw = |text: &str| ("raw-html", text.to_owned());
    assert_eq!(found, [raw("<TEXTX>"), raw("<b>"), raw("</b>")]);
    assert_eq!(shape("<NOTIFICATION>\nabc *d*\n\ne"), "p(<NOTIFICATION>~abc *d*)p(e)");
    assert_eq!(findings("> <NOTIFICATION>\n> abc"), [raw("<NOTIFICATION>")]);
    assert_eq!(shape("<?xml x?>\n<!DOCTYPE y>\n"), "p(<?xml x?>)p(<!DOCTYPE y>)");
    assert_eq!(findings("<script>\nalert(1)\n</script>").len(), 2);
}

#[test]
fn allowed_html_is_passed_on_and_balanced() {
    assert_eq!(shape("a <kbd>b</kbd><br>c"), "p(a <kbd>b</kbd><br>c)");
    assert_eq!(shape("<a id=\"x\"></a>\nb"), "p(<span id=\"x\"></span>~b)");
    assert_eq!(shape("*a <sub>b*</sub>"), "p(em(a <sub>b)</sub>)");
    let found = findings("*a <sub>b*</sub>");
    assert_eq!(found, [("raw-html", "<sub>".into()), ("raw-html", "</sub>".into())]);
    assert_eq!(findings("<sub><sup></sub>"), [("raw-html", "<sup>".into())]);
    assert_eq!(findings("<kbd class=x>a</kbd>"), [("raw-html", "<kbd class=x>".into())]);
    let twice = "<a id=x></a> <a id=x></a>";
    assert_eq!(shape(twice), "p(<span id=\"x\"></span> <span></span>)");
    assert_eq!(findings(twice), [("raw-html", "<a id=x>".into())]);
}

#[test]
fn details_stand_as_blocks() {
    let text = "<details>\n<summary>More &amp; more</summary>\n\n*a*\n\n</details>\n";
    let expected =
        "html(<details>)html(<summary>More &amp; more</summary>)p(em(a))html(</details>)";
    assert_eq!(shape(text), expected);
    assert_eq!(findings(text), []);
    assert_eq!(shape("<details>\n\na\n"), "p(<details>)p(a)");
    assert_eq!(findings("- <details>\n\n</details>\n").len(), 2);
    assert_eq!(findings("a <details> b"), [("raw-html", "<details>".into())]);
    assert_eq!(findings("<summary>a</summary>\n").len(), 2);
}

#[test]
fn comments_are_directives_attributes_or_nothing() {
    assert_eq!(shape("a <!-- b --> c\n\n<!-- d\n\ne -->\nf"), "p(a  c)p(f)");
    assert_eq!(shape("<!-- wirebook: table-of-commands -->\n"), "directive(table-of-commands)");
    let text =
        "<!-- wirebook: version=8 -->\n<!-- wirebook: server=ns -->\n\n```msnp {once}\n```\n";
    let page = read(text);
    let attributes = page.fences[0].attributes.list.iter();
    let attributes: Vec<_> =
        attributes.map(|a| (a.key_span.of(text), a.value_span.of(text))).collect();
    assert_eq!(attributes, [("version", "8"), ("server", "ns"), ("once", "once")]);
    assert_eq!(page.diagnostics, []);
    let unknown = |text: &str| findings(text) == [("unknown-directive", text.trim().to_owned())];
    assert!(unknown("<!-- wirebook: two words -->"));
    assert!(unknown("<!-- wirebook: -->"));
    assert!(unknown("<!-- wirebook: version=8 -->\n"));
    assert_eq!(findings("<!-- wirebook: version=8 -->\n\na\n\n```\n```\n").len(), 1);
    assert_eq!(findings("a <!-- wirebook: x --> b").len(), 1);
    assert_eq!(findings("a\n\n<!-- open\n\nb")[0].0, "raw-html");
}

#[test]
fn spans_are_offsets_in_the_file_behind_front_matter() {
    let text = "\u{FEFF}---\r\ntitle: A\r\n---\r\n\r\n# B\r\n\r\n[c](d.md)\r\n";
    let page = read(text);
    assert_eq!(page.front.title.as_deref(), Some("A"));
    assert_eq!(page.headings[0].span.of(text).trim(), "# B");
    assert_eq!(page.links[0].span.of(text), "[c](d.md)");
}

#[test]
fn nesting_has_a_bottom() {
    let quotes = "> ".repeat(5000) + "a\n";
    let lists: String =
        (0..200).fold(String::new(), |text, depth| text + &" ".repeat(2 * depth) + "- a\n");
    let emphasis = "*a ".repeat(3000) + &"b*".repeat(3000);
    for text in [quotes, lists, emphasis] {
        let shape = shape(&text);
        assert!(shape.contains('a'));
        let depth = shape.chars().scan(0_i32, |depth, c| {
            *depth += i32::from(c == '(') - i32::from(c == ')');
            Some(*depth)
        });
        assert!(depth.max().unwrap() < 150);
    }
}

/// What must hold of any page.
fn hold_invariants(text: &str) {
    let source = Source::new("a.md", text);
    let page = parse(&source);
    let fits = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    page.diagnostics.iter().for_each(|d| fits(d.span));
    page.headings.iter().for_each(|h| fits(h.span));
    for link in &page.links {
        fits(link.span);
        fits(link.destination_span);
        assert!(link.span.start <= link.destination_span.start, "{text:?}");
        assert!(link.destination_span.end <= link.span.end, "{text:?}");
    }
    for fence in &page.fences {
        fits(fence.span);
        fits(fence.info_span);
        fence.lines.iter().for_each(|line| fits(*line));
        assert!(fence.lines.iter().all(|line| !line.of(text).contains('\n')), "{text:?}");
        assert!(fence.lines.windows(2).all(|pair| pair[0].end <= pair[1].start), "{text:?}");
        let attributes = fence.attributes.list.iter();
        attributes.for_each(|a| assert_eq!(a.key_span.of(text), a.key, "{text:?}"));
    }
    let mut ids = BTreeSet::new();
    for heading in &page.headings {
        assert!(!heading.id.is_empty());
        let all = std::iter::once(&heading.id).chain(&heading.aliases);
        all.for_each(|id| assert!(ids.insert(id.clone()), "{id} twice in {text:?}"));
    }
    check_blocks(&page, &page.blocks, &mut ids, text);
    assert!(ids.iter().all(|id| page.ids.contains_key(id)));
}

fn check_blocks(page: &Page, list: &[Block], ids: &mut BTreeSet<String>, text: &str) {
    let mut details = 0;
    for block in list {
        match block {
            Block::Html(html, _) => {
                details += i32::from(html.starts_with("<details"));
                details -= i32::from(html == "</details>");
                assert!(details >= 0, "{text:?}");
            }
            Block::Heading(index) => check_inlines(&page.headings[*index].inlines, ids, text),
            Block::Paragraph(list, _) => check_inlines(list, ids, text),
            Block::Quote(_, list, _) | Block::Footnote(_, list, _) => {
                check_blocks(page, list, ids, text);
            }
            Block::List { items, .. } => {
                for item in items {
                    check_blocks(page, &item.blocks, ids, text);
                }
            }
            Block::Definitions(list, _) => {
                for definition in list {
                    check_inlines(&definition.term, ids, text);
                    assert!(ids.insert(definition.id.clone()), "{text:?}");
                    let bodies = definition.definitions.iter();
                    bodies.for_each(|list| check_blocks(page, list, ids, text));
                }
            }
            Block::Table { head, rows, row_ids, .. } => {
                assert_eq!(rows.len(), row_ids.len());
                let cells = head.iter().chain(rows.iter().flatten());
                cells.for_each(|cell| check_inlines(cell, ids, text));
                let named = row_ids.iter().filter(|id| !id.is_empty());
                named.for_each(|id| assert!(ids.insert(id.clone()), "{text:?}"));
            }
            Block::Fence(_) | Block::Directive(..) | Block::Rule(_) => {}
        }
    }
    assert_eq!(details, 0, "{text:?}");
}

fn check_inlines(list: &[Inline], ids: &mut BTreeSet<String>, text: &str) {
    let mut open = Vec::new();
    for inline in list {
        match inline {
            Inline::Html(html) => {
                let name: String = html.chars().filter(|c| !"</>".contains(*c)).collect();
                if let Some((_, id)) = html.split_once(" id=\"") {
                    let id = id.split('"').next().unwrap();
                    assert!(ids.insert(id.to_owned()), "{text:?}");
                }
                if html.starts_with("</") {
                    let opened: Option<String> = open.pop();
                    assert!(opened.is_some_and(|opened| opened.starts_with(&name)), "{text:?}");
                } else if html != "<br>" && !html.ends_with("></span>") {
                    open.push(name);
                }
            }
            Inline::Emphasis(inner)
            | Inline::Strong(inner)
            | Inline::Strikethrough(inner)
            | Inline::Link(_, inner) => check_inlines(inner, ids, text),
            _ => {}
        }
    }
    assert!(open.is_empty(), "{text:?}");
}

/// A generator of numbers, seeded, so that a failure can be had again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

const WORDS: [&str; 72] = [
    "# ",
    "## ",
    "### ",
    "> ",
    "- ",
    "* ",
    "1. ",
    "\n",
    "\n\n",
    "\r\n",
    "    ",
    "\t",
    " ",
    "  \n",
    "```",
    "~~~",
    "```msnp {version=8}\n",
    "C: VER 1\r\n",
    "|",
    "| a | b |\n|-|-|\n",
    "[",
    "](",
    "]: ",
    "[^1]",
    "[^1]: ",
    "<a id=\"x\">",
    "<a id=y/>",
    "</a>",
    "<details>\n",
    "</details>\n",
    "<summary>a</summary>\n",
    "<sub>",
    "</sub>",
    "<kbd>",
    "</kbd>",
    "<TO>",
    "<!-- ",
    "-->",
    "<!-- wirebook: version=8 -->\n",
    "<!-- wirebook: a -->\n",
    "`",
    "*",
    "**",
    "_",
    "~~",
    "term\n",
    "\n: def\n",
    ": ",
    "&amp;",
    "\\",
    " {#x}",
    " {#a}",
    " {b}",
    "[ ] ",
    "> [!NOTE]\n",
    "é",
    "\u{feff}",
    "\0",
    "<http://x>",
    "<b:c>",
    "===\n",
    "---\n",
    "title: a\n",
    "<?",
    "<![CDATA[",
    "]]>",
    "![",
    "(<",
    ">)",
    "a",
    "A 1\n",
    "b\n",
];

#[test]
fn any_text_gives_a_sound_page() {
    let mut dice = Dice(20);
    for _ in 0..4000 {
        let text: String = (0..dice.below(40)).map(|_| WORDS[dice.below(WORDS.len())]).collect();
        hold_invariants(&text);
        let bytes: Vec<u8> =
            (0..dice.below(60)).map(|_| u8::try_from(dice.below(256)).unwrap()).collect();
        hold_invariants(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_page_cut_off_anywhere_is_sound() {
    let text = concat!(
        "\u{FEFF}---\r\ntitle: \"A\"\nversions: 8\n---\n# É {#x}\n\n<!-- wirebook: version=8 -->\n- ```msnp {server=ns}\n",
        "  C: VER 1 MSNP8\n\n  S: x\r\n\t\ty\n  ```\n\n> [!NOTE]\n> <details>\n> <summary>s</summary>\n>\n> | `911` | b |\n",
        "> |-|-|\n> | 2 | [l](<a b.md> 't') |\n>\n> </details>\n\nterm\n: body <a id=\"q\"></a> <kbd>k</kbd> <TO>[^n]\n\n",
        "[^n]: ![i](j.png) <http://x.y/z> ~~s~~ **b *c***\n\n## {w}\n## É\n",
    );
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        hold_invariants(text.get(..end).unwrap());
        hold_invariants(text.get(end..).unwrap());
    }
}
