//! HTML and comments in the tree.
//!
//! In: the raw HTML that the Markdown parser hands through. Out, in the frames of the tree: allowed tags as HTML, all
//! others as text with a finding, and comments as directives, as attributes of the fence below, or as nothing. Tags are
//! balanced frame by frame, before a frame becomes part of the page: a tag whose partner is missing from the same list of
//! blocks or inlines is text with a finding, so that the HTML around it cannot break.

use std::collections::BTreeMap;

use super::fence::read_attributes;
use super::html::{self, Allowed, Effect, Piece};
use super::tree::Builder;
use super::{Allowance, Attributes, Block, Inline};
use crate::report::rules;
use crate::text::Span;

/// A block of HTML while its lines arrive.
#[derive(Debug, Default)]
pub(super) struct HtmlBlock {
    text: String,
    /// Where pieces of the text stand in the file: offset in the text, offset in the file.
    places: Vec<(usize, u32)>,
}

impl HtmlBlock {
    /// Adds a line, or a part of one.
    pub(super) fn push(&mut self, text: &str, span: Span) {
        self.places.push((self.text.len(), span.start));
        self.text.push_str(text);
    }

    /// The offset in the file of an offset in the text.
    fn place(&self, at: usize) -> u32 {
        let index = self.places.partition_point(|(start, _)| *start <= at);
        let place = index.checked_sub(1).and_then(|index| self.places.get(index));
        let (start, offset) = place.copied().unwrap_or_default();
        offset.saturating_add(u32::try_from(at - start).unwrap_or(u32::MAX))
    }

    fn span(&self, at: usize, length: usize) -> Span {
        let last = self.place((at + length).saturating_sub(1).max(at));
        let start = self.place(at);
        Span { start, end: last.saturating_add(u32::from(length > 0)).max(start) }
    }
}

/// An allowed tag in a list of blocks or inlines, which must yet find its partner.
#[derive(Debug)]
pub(super) struct Mark {
    /// Index in the list.
    index: usize,
    /// What it does.
    effect: Effect,
    /// Name of its element.
    name: &'static str,
    /// The tag as written.
    raw: String,
    /// Where.
    span: Span,
}

impl Builder<'_> {
    /// Takes a tag or a comment in running text.
    pub(super) fn inline_html(&mut self, html: &str, span: Span) {
        for (_, piece) in html::pieces(html) {
            match piece {
                Piece::Comment(inside) => {
                    let message = "this comment stands inside running text, so it does nothing";
                    if inside.is_some_and(|inside| words(inside).is_some()) {
                        let help = "put it on a line of its own";
                        self.find(&rules::UNKNOWN_DIRECTIVE, span, message, help);
                    }
                }
                piece => self.inline_piece(&piece, span),
            }
        }
    }

    /// Takes a block of HTML.
    pub(super) fn html_block(&mut self, block: &HtmlBlock) {
        let pieces = html::pieces(&block.text);
        let mut rest = pieces.as_slice();
        while let [(at, piece), behind @ ..] = rest {
            let length = behind.first().map_or(block.text.len(), |(next, _)| *next) - at;
            let span = block.span(*at, length);
            rest = behind;
            match piece {
                Piece::Comment(inside) => {
                    self.flush();
                    self.comment(block, *inside, at + "<!--".len(), span);
                }
                Piece::Tag(tag) if tag.name == "details" && !tag.closed => {
                    self.details(tag, span);
                }
                Piece::Tag(tag) if tag.name == "summary" && !tag.closing => {
                    match self.summary(block, span, behind) {
                        Some(behind) => rest = behind,
                        None => self.inline_piece(piece, span),
                    }
                }
                piece => self.inline_piece(piece, span),
            }
        }
        self.flush();
    }

    /// Takes text, or a tag that belongs into running text.
    fn inline_piece(&mut self, piece: &Piece<'_>, span: Span) {
        match piece {
            Piece::Text(text) => self.lines(text, span),
            Piece::Comment(_) => {}
            Piece::Other(raw) => {
                let message = format!("`{raw}` is not let through; it is shown as text");
                let help = "to show it, put it into a code block or a code span";
                self.find(&rules::RAW_HTML, span, message, help);
                self.lines(raw, span);
            }
            Piece::Tag(tag) => {
                let allowed = html::allow(tag);
                let allowed = allowed.filter(|a| !matches!(a.name, "details" | "summary"));
                let Some(allowed) = allowed.map(|allowed| self.settle(tag, allowed, span)) else {
                    self.refuse(tag, span);
                    self.inline(Inline::Text(tag.raw.to_owned(), span), span);
                    return;
                };
                self.inline(Inline::Html(allowed.html()), span);
                if allowed.effect != Effect::Whole {
                    let frame = self.inline_frame();
                    let index = frame.inlines.len() - 1;
                    frame.inline_marks.push(mark(index, &allowed, tag.raw, span));
                }
            }
        }
    }

    /// Adds text with its line ends.
    fn lines(&mut self, text: &str, span: Span) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 && !self.inline_frame().inlines.is_empty() {
                self.inline(Inline::SoftBreak, span);
            }
            let line = line.trim_end_matches('\r');
            if !line.is_empty() {
                self.inline(Inline::Text(line.to_owned(), span), span);
            }
        }
    }

    /// Makes sure of the tag's id, and finds what is left out of it.
    fn settle(&mut self, tag: &html::Tag<'_>, mut allowed: Allowed, span: Span) -> Allowed {
        if !allowed.dropped.is_empty() {
            let names: Vec<_> = allowed.dropped.iter().map(|name| format!("`{name}`")).collect();
            let message = format!("{} of `{}` is left out", names.join(", "), tag.raw);
            self.find(&rules::RAW_HTML, span, message, "leave it out of the page, too");
        }
        if let Some(id) = allowed.id.take() {
            if self.anchors.insert(id.clone()) {
                allowed.id = Some(id);
            } else {
                let message = format!("the id `{id}` is given twice on this page");
                self.find(&rules::RAW_HTML, span, message, "give each place an id of its own");
            }
        }
        allowed
    }

    fn refuse(&mut self, tag: &html::Tag<'_>, span: Span) {
        let message = format!("`{}` is HTML that is not let through; it is shown as text", tag.raw);
        self.find(&rules::RAW_HTML, span, message, html::advice(tag));
    }

    fn details(&mut self, tag: &html::Tag<'_>, span: Span) {
        self.flush();
        let Some(allowed) = html::allow(tag) else { return };
        let allowed = self.settle(tag, allowed, span);
        self.add_block(Block::Html(allowed.html(), span));
        let holder = self.holder();
        let index = holder.blocks.len().saturating_sub(1);
        holder.block_marks.push(mark(index, &allowed, tag.raw, span));
    }

    /// Takes `<summary>`, its text and `</summary>` right below `<details>`, and gives the pieces behind them.
    fn summary<'p, 't>(
        &mut self,
        block: &HtmlBlock,
        span: Span,
        behind: &'p [(usize, Piece<'t>)],
    ) -> Option<&'p [(usize, Piece<'t>)]> {
        self.flush();
        let holder = self.holder();
        let opening = holder.block_marks.last().filter(|mark| mark.effect == Effect::Open)?;
        if opening.index + 1 != holder.blocks.len() {
            return None;
        }
        let [(_, Piece::Text(text)), (at, Piece::Tag(close)), rest @ ..] = behind else {
            return None;
        };
        if close.name != "summary" || !close.closing || text.contains(['<', '>']) {
            return None;
        }
        let html = format!("<summary>{}</summary>", text.trim());
        self.add_block(Block::Html(html, span.to(block.span(*at, close.raw.len()))));
        Some(rest)
    }

    /// Takes a comment that stands as a block; `at` is the offset of its inside in the block.
    fn comment(&mut self, block: &HtmlBlock, inside: Option<&str>, at: usize, span: Span) {
        let Some(inside) = inside else {
            let message = "this comment is never closed, so the page ends here";
            self.find(&rules::RAW_HTML, span, message, "close it with `-->`");
            return;
        };
        let Some(words) = words(inside) else { return };
        if is_kebab(words.trim()) {
            self.add_block(Block::Directive(words.trim().to_owned(), span));
            return;
        }
        if let Some(allowed) = words.trim_start().strip_prefix("allow ") {
            let offset = block.place(at + inside.len() - allowed.len()) as usize;
            match Allowance::parse(allowed.trim_end(), offset, '"') {
                Ok(allowance) => self.holder().allowances.push(allowance),
                Err((message, help)) => self.find(&rules::UNKNOWN_DIRECTIVE, span, message, help),
            }
            return;
        }
        if !words.contains('=') {
            let message = format!("`{}` is neither a directive nor attributes", words.trim());
            let help =
                "a directive is one word such as `table-of-commands`, an attribute is `key=value`";
            self.find(&rules::UNKNOWN_DIRECTIVE, span, message, help);
            return;
        }
        let mut line_at = at + inside.len() - words.len();
        let mut attributes = Attributes::default();
        for line in words.split_inclusive('\n') {
            let offset = block.place(line_at) as usize;
            attributes
                .list
                .extend(read_attributes(line.trim_end_matches(['\n', '\r']), offset).list);
            line_at += line.len();
        }
        let holder = self.holder();
        match &mut holder.attributes {
            Some((earlier, _)) => earlier.list.extend(attributes.list),
            None => holder.attributes = Some((attributes, span)),
        }
    }

    /// Turns inline tags without a partner into text.
    pub(super) fn balance_inlines(&mut self, inlines: &mut [Inline], marks: Vec<Mark>) {
        for mark in lonely(marks) {
            self.find_lonely(&mark);
            if let Some(inline) = inlines.get_mut(mark.index) {
                *inline = Inline::Text(mark.raw, mark.span);
            }
        }
    }

    /// Turns block tags without a partner into text.
    pub(super) fn balance_blocks(&mut self, blocks: &mut [Block], marks: Vec<Mark>) {
        for mark in lonely(marks) {
            self.find_lonely(&mark);
            if let Some(block) = blocks.get_mut(mark.index) {
                *block = Block::Paragraph(vec![Inline::Text(mark.raw, mark.span)], mark.span);
            }
        }
    }

    fn find_lonely(&mut self, mark: &Mark) {
        let (what, raw) =
            (if mark.effect == Effect::Close { "opens" } else { "closes" }, &mark.raw);
        let message = format!("nothing {what} `{raw}` in the same place, so it is shown as text");
        let help = "opening and closing tag belong into the same paragraph, item or quotation";
        self.find(&rules::RAW_HTML, mark.span, message, help);
    }
}

/// What follows `wirebook:` in a comment.
fn words(inside: &str) -> Option<&str> {
    inside.trim_start().strip_prefix("wirebook:")
}

fn is_kebab(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    !text.is_empty() && text.split('-').all(|part| !part.is_empty() && part.chars().all(plain))
}

fn mark(index: usize, allowed: &Allowed, raw: &str, span: Span) -> Mark {
    Mark { index, effect: allowed.effect, name: allowed.name, raw: raw.to_owned(), span }
}

/// The tags that have no partner, in order.
fn lonely(marks: Vec<Mark>) -> Vec<Mark> {
    let mut open: Vec<Mark> = Vec::new();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lonely = Vec::new();
    for mark in marks {
        let count = names.entry(mark.name).or_default();
        if mark.effect == Effect::Open {
            *count += 1;
            open.push(mark);
        } else if *count == 0 {
            lonely.push(mark);
        } else {
            // What was opened since stays open for ever.
            while let Some(opening) = open.pop() {
                if let Some(count) = names.get_mut(opening.name) {
                    *count -= 1;
                }
                if opening.name == mark.name {
                    break;
                }
                lonely.push(opening);
            }
        }
    }
    lonely.extend(open);
    lonely.sort_by_key(|mark| mark.index);
    lonely
}
