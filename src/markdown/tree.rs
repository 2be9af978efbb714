//! Events of the Markdown parser into a tree of blocks and inlines.
//!
//! In: events with spans in the file, in order. Out: a [`Page`] without ids, and the ids that its HTML gives. The
//! builder keeps a stack of open frames and never recurses; the innermost is [`Builder::top`].
//!
//! 1. An opening event makes a frame; containers nested deeper than [`DEPTH`] make none, so that what is in them
//!    belongs to the frame around them.
//! 2. Text goes to the innermost frame. In items of tight lists it stands there without a paragraph; it becomes one
//!    as soon as a block begins or ends.
//! 3. A closing event turns its frame into a block or an inline of the frame around it.

use std::collections::BTreeSet;

use pulldown_cmark::{
    Alignment as Side, BlockQuoteKind, CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd,
};

use super::fence::FenceBuilder;
use super::frame::{Frame, Kind};
use super::raw::HtmlBlock;
use super::{
    Alert, Alignment, Block, Definition, Heading, Inline, Item, Link, Page, destination,
    inline_text,
};
use crate::report::{Diagnostic, Rule, rules};
use crate::text::{Source, Span};

/// The page while its events arrive.
pub(super) struct Builder<'a> {
    pub(super) source: &'a Source,
    pub(super) page: Page,
    /// Ids that HTML on the page gives.
    pub(super) anchors: BTreeSet<String>,
    /// The innermost open frame.
    pub(super) top: Frame,
    /// The frames around it, the outermost first.
    below: Vec<Frame>,
    /// For each open event, whether it made a frame.
    framed: Vec<bool>,
}

/// What has come together in a frame when it closes.
struct Content {
    span: Span,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    /// Offset behind the last inline.
    inner_end: u32,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        Self {
            source,
            page: Page::default(),
            anchors: BTreeSet::new(),
            top: Frame::new(Kind::Document, Span::new(0, source.text.len())),
            below: Vec::new(),
            framed: Vec::new(),
        }
    }

    /// The page, and the ids that its HTML gives.
    pub(super) fn finish(mut self) -> (Page, BTreeSet<String>) {
        while !self.below.is_empty() {
            self.close();
        }
        self.page.blocks = self.take_blocks();
        (self.page, self.anchors)
    }

    /// Takes the next event; `span` is its place in the file.
    pub(super) fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(end) => self.end(end),
            Event::Text(text) => self.text(&text, span),
            Event::Html(text) => self.html_text(&text, span),
            Event::Code(code) => self.inline(Inline::Code(code.into_string(), span), span),
            Event::InlineHtml(html) => self.inline_html(&html, span),
            Event::FootnoteReference(label) => {
                self.inline(Inline::FootnoteReference(label.into_string()), span);
            }
            Event::SoftBreak => self.inline(Inline::SoftBreak, span),
            Event::HardBreak => self.inline(Inline::HardBreak, span),
            Event::Rule => {
                self.flush();
                self.add_block(Block::Rule(span));
            }
            Event::TaskListMarker(done) => self.task(done),
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span) {
        if !is_inline(&tag) {
            self.flush();
        }
        let kind = self.kind(tag, span);
        self.framed.push(kind.is_some());
        if let Some(kind) = kind {
            let outer = std::mem::replace(&mut self.top, Frame::new(kind, span));
            self.below.push(outer);
        }
    }

    fn end(&mut self, end: TagEnd) {
        if self.framed.pop() == Some(true) {
            self.close();
        } else if !is_inline_end(end) {
            self.flush();
        }
    }

    /// The frame that a tag makes, if it makes one.
    fn kind(&mut self, tag: Tag<'_>, span: Span) -> Option<Kind> {
        let shallow = self.below.len() < DEPTH;
        match tag {
            Tag::Paragraph => {
                self.loosen();
                Some(Kind::Paragraph)
            }
            Tag::Heading { level, id, classes, attrs } => {
                let words =
                    id.is_none() && classes.is_empty() && attrs.iter().all(|a| a.1.is_none());
                let id = id.map(CowStr::into_string).unwrap_or_default();
                Some(Kind::Heading { level: level as u8, id, words })
            }
            Tag::CodeBlock(kind) => {
                let fenced = matches!(kind, CodeBlockKind::Fenced(_));
                Some(Kind::Code(FenceBuilder::new(self.source, span, fenced)))
            }
            Tag::HtmlBlock => Some(Kind::Html(HtmlBlock::default())),
            Tag::Item if matches!(self.top.kind, Kind::List { .. }) => Some(Kind::Item(None)),
            Tag::DefinitionListTitle if matches!(self.top.kind, Kind::Definitions(_)) => {
                Some(Kind::Term)
            }
            Tag::DefinitionListDefinition if matches!(self.top.kind, Kind::Definitions(_)) => {
                Some(Kind::Definition)
            }
            Tag::TableHead if matches!(self.top.kind, Kind::Table { .. }) => Some(Kind::row(true)),
            Tag::TableRow if matches!(self.top.kind, Kind::Table { .. }) => Some(Kind::row(false)),
            Tag::TableCell if matches!(self.top.kind, Kind::Row { .. }) => Some(Kind::Cell),
            tag if shallow => self.container(tag, span),
            _ => None,
        }
    }

    /// The frame that a container makes; those that make none are the ones left out on purpose.
    fn container(&mut self, tag: Tag<'_>, span: Span) -> Option<Kind> {
        Some(match tag {
            Tag::BlockQuote(kind) => Kind::Quote(kind.map(alert)),
            Tag::List(start) => Kind::List { start, tight: true, items: Vec::new() },
            Tag::FootnoteDefinition(label) => Kind::Footnote(label.into_string()),
            Tag::DefinitionList => Kind::Definitions(Vec::new()),
            Tag::Table(sides) => Kind::Table {
                alignments: sides.into_iter().map(alignment).collect(),
                head: Vec::new(),
                rows: Vec::new(),
            },
            Tag::Emphasis => Kind::Emphasis,
            Tag::Strong => Kind::Strong,
            Tag::Strikethrough => Kind::Strikethrough,
            Tag::Link { link_type, dest_url, title, .. } => {
                let scheme = if link_type == LinkType::Email { "mailto:" } else { "" };
                return self.link(link_type, link(format!("{scheme}{dest_url}"), title, span));
            }
            Tag::Image { link_type, dest_url, title, .. } => {
                let link = Link { image: true, ..link(dest_url.into_string(), title, span) };
                return self.link(link_type, link);
            }
            _ => return None,
        })
    }

    /// The frame of a link or an image, which is added to the page's list; none for one that must not be a link.
    fn link(&mut self, kind: LinkType, link: Link) -> Option<Kind> {
        let in_image = |frame: &Frame| matches!(frame.kind, Kind::Image(..));
        if in_image(&self.top) || self.below.iter().any(in_image) {
            return None;
        }
        let destination = link.destination.as_str();
        if destination::is_active(destination) {
            let message = "this link would run code in the reader's browser; it is shown as text";
            self.find(&rules::RAW_HTML, link.span, message, "link to a page or a file");
            return None;
        }
        if kind == LinkType::Autolink && !destination::is_address(destination) {
            let raw = format!("<{destination}>");
            let message = format!("`{raw}` is no address of a known kind; it is shown as text");
            let help = format!("to show an element, write it as a code span: `` `{raw}` ``");
            self.find(&rules::RAW_HTML, link.span, message, help);
            return Some(Kind::Address);
        }
        let index = self.page.links.len();
        let image = link.image;
        self.page.links.push(link);
        Some(if image { Kind::Image(kind, index) } else { Kind::Link(kind, index) })
    }

    fn text(&mut self, text: &str, span: Span) {
        match &mut self.top.kind {
            Kind::Code(fence) => {
                let finding = fence.push(self.source, text, span);
                self.page.diagnostics.extend(finding);
            }
            Kind::Html(html) => html.push(text, span),
            _ => self.inline(Inline::Text(text.to_owned(), span), span),
        }
    }

    fn html_text(&mut self, text: &str, span: Span) {
        match &mut self.top.kind {
            Kind::Html(html) => html.push(text, span),
            _ => self.inline(Inline::Text(text.to_owned(), span), span),
        }
    }

    pub(super) fn inline(&mut self, inline: Inline, span: Span) {
        self.inline_frame().add_inline(inline, span);
    }

    /// The frame that running text goes to.
    pub(super) fn inline_frame(&mut self) -> &mut Frame {
        if self.top.holds_inlines() { &mut self.top } else { self.holder() }
    }

    /// The innermost frame that holds blocks.
    pub(super) fn holder(&mut self) -> &mut Frame {
        if self.top.holds_blocks() {
            return &mut self.top;
        }
        let at = self.below.iter().rposition(Frame::holds_blocks);
        match at.and_then(|at| self.below.get_mut(at)) {
            Some(frame) => frame,
            None => &mut self.top,
        }
    }

    /// Makes a paragraph of text that stands among blocks.
    pub(super) fn flush(&mut self) {
        let holder = self.holder();
        let Some(span) = holder.inline_span.take() else { return };
        let mut inlines = std::mem::take(&mut holder.inlines);
        let marks = std::mem::take(&mut holder.inline_marks);
        while matches!(inlines.last(), Some(Inline::SoftBreak)) {
            inlines.pop();
        }
        self.balance_inlines(&mut inlines, marks);
        if !is_blank(&inlines) {
            self.add_block(Block::Paragraph(inlines, span));
        }
    }

    /// Adds a block to the innermost frame that holds blocks.
    pub(super) fn add_block(&mut self, block: Block) {
        let attributes = self.holder().attributes.take();
        if let Some((attributes, span)) = attributes {
            match block {
                Block::Fence(index) => {
                    if let Some(fence) = self.page.fences.get_mut(index) {
                        fence.attributes.list.splice(0..0, attributes.list);
                    }
                }
                _ => self.no_fence_below(span),
            }
        }
        for mut allowance in std::mem::take(&mut self.holder().allowances) {
            allowance.scope = self.page.span_of(&block);
            self.page.allowances.push(allowance);
        }
        self.holder().blocks.push(block);
    }

    fn no_fence_below(&mut self, span: Span) {
        let message = "this comment holds attributes, but no code block follows it";
        self.find(&rules::UNKNOWN_DIRECTIVE, span, message, "put it right above the code block");
    }

    /// The blocks of the innermost frame, complete.
    fn take_blocks(&mut self) -> Vec<Block> {
        self.flush();
        if let Some((_, span)) = self.top.attributes.take() {
            self.no_fence_below(span);
        }
        for allowance in std::mem::take(&mut self.top.allowances) {
            let message = "this comment lets findings stand, but no block follows it";
            let help = "put it right above the block that has them";
            self.find(&rules::UNKNOWN_DIRECTIVE, allowance.span, message, help);
        }
        let mut blocks = std::mem::take(&mut self.top.blocks);
        let marks = std::mem::take(&mut self.top.block_marks);
        self.balance_blocks(&mut blocks, marks);
        blocks
    }

    /// Closes the innermost frame and hands what it has become to the one around it.
    fn close(&mut self) {
        let blocks = if self.top.holds_blocks() { self.take_blocks() } else { Vec::new() };
        let Some(outer) = self.below.pop() else { return };
        let frame = std::mem::replace(&mut self.top, outer);
        let inner_end = frame.inner_end();
        let mut content = Content { span: frame.span, blocks, inlines: frame.inlines, inner_end };
        self.balance_inlines(&mut content.inlines, frame.inline_marks);
        self.close_block(frame.kind, content);
    }

    fn close_block(&mut self, kind: Kind, content: Content) {
        let span = content.span;
        let block = match kind {
            Kind::Quote(alert) => Block::Quote(alert, content.blocks, span),
            Kind::List { start, tight, items } => Block::List { start, tight, items, span },
            Kind::Footnote(label) => Block::Footnote(label, content.blocks, span),
            Kind::Definitions(definitions) => Block::Definitions(definitions, span),
            Kind::Table { alignments, head, rows } => {
                let row_ids = rows.iter().map(|_| String::new()).collect();
                Block::Table { alignments, head, rows, row_ids, span }
            }
            Kind::Paragraph if is_blank(&content.inlines) => return,
            Kind::Paragraph => Block::Paragraph(content.inlines, span),
            Kind::Heading { level, id, words } => {
                let inlines = if words { self.with_braces(content) } else { content.inlines };
                Block::Heading(self.add_heading(level, id, inlines, span))
            }
            Kind::Code(fence) => {
                self.page.fences.push(fence.finish(self.source));
                Block::Fence(self.page.fences.len() - 1)
            }
            Kind::Html(html) => return self.html_block(&html),
            part => return self.close_part(part, content),
        };
        self.add_block(block);
    }

    /// Closes what is a part of a list, a table or running text.
    fn close_part(&mut self, part: Kind, content: Content) {
        let Content { span, mut blocks, inlines, inner_end } = content;
        match (part, &mut self.top.kind) {
            (Kind::Item(task), Kind::List { items, .. }) => items.push(Item { task, blocks }),
            (Kind::Term, Kind::Definitions(list)) => {
                let (id, definitions) = (String::new(), Vec::new());
                list.push(Definition { term: inlines, id, definitions, span });
            }
            (Kind::Definition, Kind::Definitions(list)) => match list.last_mut() {
                Some(definition) => definition.definitions.push(blocks),
                None => self.holder().blocks.append(&mut blocks),
            },
            (Kind::Row { head: true, cells }, Kind::Table { head, .. }) => *head = cells,
            (Kind::Row { head: false, cells }, Kind::Table { rows, .. }) => rows.push(cells),
            (Kind::Cell, Kind::Row { cells, .. }) => cells.push(inlines),
            (Kind::Emphasis, _) => self.inline(Inline::Emphasis(inlines), span),
            (Kind::Strong, _) => self.inline(Inline::Strong(inlines), span),
            (Kind::Strikethrough, _) => self.inline(Inline::Strikethrough(inlines), span),
            (Kind::Address, _) => {
                self.inline(Inline::Text(format!("<{}>", inline_text(&inlines)), span), span);
            }
            (Kind::Link(kind, index), _) => {
                self.complete_link(kind, index, &inlines, inner_end);
                self.inline(Inline::Link(index, inlines), span);
            }
            (Kind::Image(kind, index), _) => {
                self.complete_link(kind, index, &inlines, inner_end);
                self.inline(Inline::Image(index), span);
            }
            _ => self.holder().blocks.append(&mut blocks),
        }
    }

    fn complete_link(&mut self, kind: LinkType, index: usize, inlines: &[Inline], inner: u32) {
        if let Some(link) = self.page.links.get_mut(index) {
            link.text = inline_text(inlines);
            link.destination_span = destination::locate(self.source, kind, link, inner);
        }
    }

    fn add_heading(&mut self, level: u8, id: String, inlines: Vec<Inline>, span: Span) -> usize {
        let text = inline_text(&inlines).trim().to_owned();
        self.page.headings.push(Heading { level, inlines, text, id, aliases: Vec::new(), span });
        self.page.headings.len() - 1
    }

    /// Gives a heading back the `{words}` at its end, which the parser takes for attributes: they are wire syntax.
    fn with_braces(&self, content: Content) -> Vec<Inline> {
        let Content { span, mut inlines, inner_end, .. } = content;
        let from = if inlines.is_empty() { span.start } else { inner_end };
        let rest = Span { start: from, end: span.end.max(from) };
        let line = self.source.slice(rest).lines().next().unwrap_or_default();
        let braces = line.find('{').and_then(|open| Some((open, line.get(open..)?)));
        if let Some((open, braces)) = braces {
            let text = braces.trim_end().trim_end_matches('#').trim_end();
            let blank = if inlines.is_empty() { "" } else { " " };
            let start = from as usize + open;
            let span = Span::new(start, start + text.len());
            inlines.push(Inline::Text(format!("{blank}{text}"), span));
        }
        inlines
    }

    /// Marks the list around the innermost item as loose.
    fn loosen(&mut self) {
        if let (Kind::Item(_), Some(Frame { kind: Kind::List { tight, .. }, .. })) =
            (&self.top.kind, self.below.last_mut())
        {
            *tight = false;
        }
    }

    fn task(&mut self, done: bool) {
        let frames = std::iter::once(&mut self.top).chain(self.below.iter_mut().rev());
        for frame in frames {
            if let Kind::Item(task) = &mut frame.kind {
                *task = Some(done);
                return;
            }
        }
    }

    pub(super) fn find(
        &mut self,
        rule: &'static Rule,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let finding = Diagnostic::new(rule, &self.source.path, span, message).with_help(help);
        self.page.diagnostics.push(finding);
    }
}

fn link(destination: String, title: CowStr<'_>, span: Span) -> Link {
    let (title, text) = (title.into_string(), String::new());
    Link { destination, title, text, span, destination_span: span, image: false }
}

/// True if nothing in it is seen.
fn is_blank(inlines: &[Inline]) -> bool {
    inlines.iter().all(|inline| match inline {
        Inline::Text(text, _) => text.trim().is_empty(),
        Inline::SoftBreak | Inline::HardBreak => true,
        _ => false,
    })
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

fn is_inline_end(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

fn alert(kind: BlockQuoteKind) -> Alert {
    match kind {
        BlockQuoteKind::Note => Alert::Note,
        BlockQuoteKind::Tip => Alert::Tip,
        BlockQuoteKind::Important => Alert::Important,
        BlockQuoteKind::Warning => Alert::Warning,
        BlockQuoteKind::Caution => Alert::Caution,
    }
}

fn alignment(side: Side) -> Alignment {
    match side {
        Side::None => Alignment::None,
        Side::Left => Alignment::Left,
        Side::Center => Alignment::Center,
        Side::Right => Alignment::Right,
    }
}

/// How deep containers may be nested.
const DEPTH: usize = 64;
