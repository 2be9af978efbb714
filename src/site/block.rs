//! The blocks of a page into HTML.
//!
//! A [`Writer`] walks one page and grows one piece of HTML. Headings are links to themselves; where all headings of a
//! page are of the first level, or there are several, they move down one level below the page's title.

use std::collections::{BTreeMap, BTreeSet};

use super::facts;
use super::html::Html;
use super::lens;
use super::shared::Shared;
use crate::book::{self, Entry};
use crate::markdown::{Alert, Alignment, Block, Definition, Heading, Inline, Item, inline_text};
use crate::report::Diagnostic;

/// Blocks nested deeper than this are left out, so that no page can exhaust the stack.
pub(super) const DEEPEST: usize = 96;

/// A page's content, in the order it is shown.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// Title and first paragraph.
    pub(super) head: String,
    /// Facts box; empty for none.
    pub(super) facts: String,
    /// Everything else.
    pub(super) body: String,
    /// How far headings were moved down.
    pub(super) shift: u8,
    /// Findings about templates.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Writes one page.
pub(super) struct Writer<'a> {
    pub(super) shared: &'a Shared,
    pub(super) entry: &'a Entry,
    pub(super) html: Html,
    /// The terms that the page defines, by their text.
    pub(super) terms: BTreeMap<String, &'a Definition>,
    /// Ids of the glossary's terms that this page links to already: once is enough.
    pub(super) linked_terms: BTreeSet<String>,
    /// Versions of the page's headings, as `data-v` tells them.
    sections: Vec<String>,
    /// Names that this section, or this row of a table, links to already.
    pub(super) linked_names: BTreeSet<&'a str>,
    /// Ids of the page's open questions, by where they begin in the file.
    questions: BTreeMap<u32, String>,
    /// True inside a heading or a term: no links to the glossary then.
    pub(super) in_title: bool,
    /// True inside a link: no further links then.
    pub(super) in_link: bool,
    /// How many links were written.
    pub(super) links: usize,
    pub(super) depth: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
    section: Option<&'a Heading>,
    shift: u8,
    tables: usize,
    /// Footnotes by their labels.
    pub(super) footnotes: BTreeMap<&'a str, &'a [Block]>,
    /// Labels of footnotes in the order of their first mention.
    pub(super) mentioned: Vec<&'a str>,
}

/// Writes the content of a page.
pub(super) fn content<'a>(shared: &'a Shared, entry: &'a Entry) -> Content {
    let mut writer = Writer::new(shared, entry);
    let blocks = writer.head();
    let head = std::mem::take(&mut writer.html);
    let facts = writer.facts();
    writer.blocks(blocks);
    writer.footnote_section();
    Content {
        head: head.into_string(),
        facts,
        body: writer.html.into_string(),
        shift: writer.shift,
        diagnostics: writer.diagnostics,
    }
}

impl<'a> Writer<'a> {
    fn new(shared: &'a Shared, entry: &'a Entry) -> Self {
        let blocks: &'a [Block] = &entry.page.blocks;
        let mut footnotes = BTreeMap::new();
        visit(blocks, 0, &mut |block| {
            if let Block::Footnote(label, blocks, _) = block {
                footnotes.entry(label.as_str()).or_insert(blocks.as_slice());
            }
        });
        let questions = book::questions(&entry.page).into_iter();
        let questions = questions.map(|question| (question.span.start, question.id()));
        Self {
            shared,
            entry,
            html: Html::new(),
            terms: terms(blocks),
            linked_terms: BTreeSet::new(),
            sections: lens::sections(shared, entry),
            linked_names: BTreeSet::new(),
            questions: questions.collect(),
            in_title: false,
            in_link: false,
            links: 0,
            depth: 0,
            diagnostics: Vec::new(),
            section: None,
            shift: 0,
            tables: 0,
            footnotes,
            mentioned: Vec::new(),
        }
    }

    /// Writes title and first paragraph; gives the blocks that follow.
    fn head(&mut self) -> &'a [Block] {
        let page = &self.entry.page;
        let mut blocks: &'a [Block] = &page.blocks;
        let tops = page.headings.iter().filter(|heading| heading.level == 1).count();
        match blocks.split_first() {
            Some((Block::Heading(index), rest)) if tops == 1 && self.is_top(*index) => {
                self.heading(*index);
                blocks = rest;
            }
            _ => {
                self.shift = u8::from(tops > 0);
                self.html.element("h1", &[], &self.entry.title);
            }
        }
        if let Some((Block::Paragraph(inlines, _), rest)) = blocks.split_first() {
            self.html.open("p", &[("class", "lead")]);
            self.inlines(inlines);
            self.html.close("p");
            blocks = rest;
        }
        blocks
    }

    fn is_top(&self, index: usize) -> bool {
        self.entry.page.headings.get(index).is_some_and(|heading| heading.level == 1)
    }

    fn facts(&mut self) -> String {
        let Some(facts) = facts::facts(self.shared, self.entry) else { return String::new() };
        let (text, finding) = self.shared.theme.fill("facts.html", &facts);
        self.diagnostics.extend(finding);
        text
    }

    /// Id of the section being written; empty before the first heading.
    pub(super) fn section_id(&self) -> &'a str {
        self.section.map_or("", |heading| heading.id.as_str())
    }

    /// Title of the section being written, or else of the page.
    pub(super) fn section_title(&self) -> &'a str {
        self.section.map_or(self.entry.title.as_str(), |heading| heading.text.as_str())
    }

    /// Writes blocks.
    pub(super) fn blocks(&mut self, blocks: &'a [Block]) {
        if self.depth > DEEPEST {
            return;
        }
        self.depth += 1;
        for block in blocks {
            self.block(block);
        }
        self.depth -= 1;
    }

    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Heading(index) => self.heading(*index),
            Block::Paragraph(inlines, _) => self.element("p", inlines),
            Block::Quote(alert, blocks, _) => self.quote(*alert, blocks),
            Block::List { start, tight, items, .. } => self.list(*start, *tight, items),
            Block::Definitions(list, _) => self.definitions(list),
            Block::Table { alignments, head, rows, row_ids, .. } => {
                self.table(alignments, head, rows, row_ids);
            }
            Block::Fence(index) => self.fence(*index),
            Block::Footnote(..) => {}
            Block::Directive(name, _) => self.directive(name),
            Block::Html(tags, _) => self.html.raw(tags),
            Block::Rule(_) => self.html.raw("<hr>"),
        }
    }

    fn element(&mut self, tag: &str, inlines: &'a [Inline]) {
        self.html.open(tag, &[]);
        self.inlines(inlines);
        self.html.close(tag);
    }

    fn heading(&mut self, index: usize) {
        let Some(heading) = self.entry.page.headings.get(index) else { return };
        self.section = Some(heading);
        self.linked_names.clear();
        let level = (heading.level + self.shift).clamp(1, 6);
        let tag = format!("h{level}");
        let versions = self.sections.get(index).map_or("", String::as_str);
        self.html.open(&tag, &[("id", &heading.id), ("data-v", versions)]);
        for alias in heading.aliases.iter().filter(|alias| **alias != heading.id) {
            self.html.element("span", &[("id", alias)], "");
        }
        let outer = std::mem::take(&mut self.html);
        let links = self.links;
        self.in_title = true;
        self.inlines(&heading.inlines);
        self.in_title = false;
        let text = std::mem::replace(&mut self.html, outer);
        let href = super::href::with_fragment(String::new(), &heading.id);
        if level == 1 {
            self.html.push(&text);
        } else if self.links == links {
            self.html.open("a", &[("href", &href)]);
            self.html.push(&text);
            self.html.close("a");
        } else {
            // A heading that holds a link cannot be one; it gets a sign to take its address from.
            self.html.push(&text);
            let label = format!("Link to {}", heading.text);
            let attributes = [("class", "self"), ("href", href.as_str()), ("aria-label", &label)];
            self.html.raw(" ");
            self.html.element("a", &attributes, "#");
        }
        self.html.close(&tag);
    }

    fn quote(&mut self, alert: Option<Alert>, blocks: &'a [Block]) {
        let Some(alert) = alert else {
            self.html.open("blockquote", &[]);
            self.blocks(blocks);
            return self.html.close("blockquote");
        };
        let (class, title) = match alert {
            Alert::Note => ("alert note", "Note"),
            Alert::Tip => ("alert tip", "Tip"),
            Alert::Important => ("alert important", "Important"),
            Alert::Warning => ("alert warning", "Warning"),
            Alert::Caution => ("alert caution", "Caution"),
        };
        self.html.open("div", &[("class", class), ("role", "note")]);
        self.html.element("p", &[("class", "what")], title);
        self.blocks(blocks);
        self.html.close("div");
    }

    fn list(&mut self, start: Option<u64>, tight: bool, items: &'a [Item]) {
        let tag = if start.is_some() { "ol" } else { "ul" };
        let first = start.filter(|number| *number != 1).map(|number| number.to_string());
        let tasks = items.iter().any(|item| item.task.is_some());
        let timeline = lens::timeline(items);
        let class = match &timeline {
            Some(_) => "timeline",
            None if tasks => "tasks",
            None => "",
        };
        let since = timeline.filter(|_| lens::applies(self.entry)).unwrap_or_default();
        self.html.open(tag, &[("start", &first.unwrap_or_default()), ("class", class)]);
        for (index, item) in items.iter().enumerate() {
            let question = match item.blocks.first() {
                Some(Block::Paragraph(_, span)) => self.questions.get(&span.start),
                _ => None,
            };
            let versions = since.get(index).map_or("", String::as_str);
            let id = question.map_or("", String::as_str);
            self.html.open("li", &[("id", id), ("data-v", versions)]);
            if let Some(done) = item.task {
                let (sign, label) = if done { ("☑", "done") } else { ("☐", "to do") };
                let attributes = [("class", "task"), ("role", "img"), ("aria-label", label)];
                self.html.element("span", &attributes, sign);
                self.html.raw(" ");
            }
            self.item(tight, &item.blocks);
            self.html.close("li");
        }
        self.html.close(tag);
    }

    /// Writes the blocks of an item; those of a tight one without paragraphs.
    pub(super) fn item(&mut self, tight: bool, blocks: &'a [Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(inlines, _) if tight => self.inlines(inlines),
                // Through `blocks`, which counts the depth.
                other => self.blocks(std::slice::from_ref(other)),
            }
        }
    }

    fn definitions(&mut self, list: &'a [Definition]) {
        self.html.open("dl", &[]);
        for definition in list {
            self.html.open("dt", &[("id", &definition.id)]);
            self.in_title = true;
            self.inlines(&definition.term);
            self.in_title = false;
            self.html.close("dt");
            for blocks in &definition.definitions {
                self.html.open("dd", &[]);
                self.item(blocks.len() == 1, blocks);
                self.html.close("dd");
            }
        }
        self.html.close("dl");
    }

    /// Tables of three columns and more may scroll in a region of their own; smaller ones fit every window.
    fn table(
        &mut self,
        alignments: &[Alignment],
        head: &'a [Vec<Inline>],
        rows: &'a [Vec<Vec<Inline>>],
        row_ids: &[String],
    ) {
        self.tables += 1;
        let name = self.section_title();
        let wide = head.len() > 2;
        if wide {
            let label = format!("Table {}: {name}", self.tables);
            let attributes = [
                ("class", "scroll"),
                ("role", "region"),
                ("aria-label", &label),
                ("tabindex", "0"),
            ];
            self.html.open("div", &attributes);
        }
        self.html.open("table", &[("aria-label", name)]);
        if head.iter().any(|cell| !cell.is_empty()) {
            self.html.raw("<thead>");
            self.row(alignments, head, None);
            self.html.raw("</thead>");
        }
        self.html.raw("<tbody>");
        for (index, row) in rows.iter().enumerate() {
            let id = row_ids.get(index).map_or("", String::as_str);
            self.row(alignments, row, Some(id));
        }
        self.html.raw("</tbody></table>");
        if wide {
            self.html.close("div");
        }
    }

    /// Writes a row; `id` is that of a row of the body, and `None` in the head.
    fn row(&mut self, alignments: &[Alignment], cells: &'a [Vec<Inline>], id: Option<&str>) {
        let told = id.is_some() && lens::applies(self.entry);
        let versions = if told { lens::row(cells) } else { String::new() };
        self.html.open("tr", &[("id", id.unwrap_or_default()), ("data-v", &versions)]);
        self.linked_names.clear();
        for (index, cell) in cells.iter().enumerate() {
            let class = match alignments.get(index) {
                Some(Alignment::Center) => "center",
                Some(Alignment::Right) => "right",
                Some(Alignment::Left | Alignment::None) | None => "",
            };
            let (tag, scope) = match (id.is_none(), index) {
                _ if cell.is_empty() => ("td", ""),
                (true, _) => ("th", "col"),
                (false, 0) if cells.len() > 1 => ("th", "row"),
                (false, _) => ("td", ""),
            };
            self.html.open(tag, &[("scope", scope), ("class", class)]);
            self.inlines(cell);
            self.html.close(tag);
        }
        self.html.raw("</tr>");
    }
}

/// The terms that blocks define, by their text; of several with one text the first.
pub(super) fn terms(blocks: &[Block]) -> BTreeMap<String, &Definition> {
    let mut terms = BTreeMap::new();
    visit(blocks, 0, &mut |block| {
        let Block::Definitions(list, _) = block else { return };
        for definition in list {
            terms.entry(inline_text(&definition.term)).or_insert(definition);
        }
    });
    terms
}

/// Calls `see` for every block, also those inside others.
pub(super) fn visit<'a>(blocks: &'a [Block], depth: usize, see: &mut impl FnMut(&'a Block)) {
    if depth > DEEPEST {
        return;
    }
    for block in blocks {
        see(block);
        match block {
            Block::Quote(_, inner, _) | Block::Footnote(_, inner, _) => {
                visit(inner, depth + 1, see);
            }
            Block::List { items, .. } => {
                for item in items {
                    visit(&item.blocks, depth + 1, see);
                }
            }
            Block::Definitions(list, _) => {
                for inner in list.iter().flat_map(|definition| &definition.definitions) {
                    visit(inner, depth + 1, see);
                }
            }
            _ => {}
        }
    }
}
