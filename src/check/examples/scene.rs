//! A page, top to bottom, as exchanges.
//!
//! Fences under one heading make one exchange, unless a hint or an attribute between them states other versions, or a
//! `session=` name ties fences together across headings. Prose between them tells what happens to the connection.

use super::attributes::{self, After, Stated};
use super::{hint, told};
use crate::book::{Entry, PageKind};
use crate::check::allow::Allowed;
use crate::grammar::{Direction, Version, VersionSet};
use crate::markdown::{Block, Fence, Inline, inline_text};
use crate::msnp::{Claim, State, Step};
use crate::report::{Diagnostic, rules};
use crate::text::{Edit, Fix, FixLevel, Span};

/// Fences that belong together, with what happens between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Exchange {
    /// Headings above, joined by ` > `.
    pub(super) headings: String,
    /// What is stated of the versions, and where.
    pub(super) claim: Option<(Claim, Option<Span>)>,
    /// What the session has reached before the first line.
    pub(super) after: Option<State>,
    /// Fences and events in order.
    pub(super) parts: Vec<Part>,
}

impl Exchange {
    /// The findings that its fences let stand; `path` is that of the page.
    pub(super) fn allowed(&self) -> Vec<Allowed> {
        let stated = self.parts.iter().filter_map(|part| match part {
            Part::Fence(_, stated) => Some(stated),
            Part::Event(_) | Part::Payload(_) => None,
        });
        let allowances = stated.filter_map(|stated| stated.allowance.clone());
        let example = Some(self.headings.clone());
        allowances.map(|allowance| Allowed { example: example.clone(), allowance }).collect()
    }
}

impl Exchange {
    /// True if a fence can go on with it: what the fence says of its server, the others on the same connection say too, and
    /// what it says of its payloads, all say.
    fn allows(&self, part: &Part) -> bool {
        let Part::Fence(_, stated) = part else { return true };
        let server = common(connection(&self.parts, self.parts.len()), |s| s.server);
        stated.server.is_none_or(|own| server.is_none_or(|server| server == own))
            && stated.convention.is_none_or(|own| self.common(|s| s.convention) == Some(own))
    }

    /// What the fences say, where those that say something say the same.
    pub(super) fn common<T: PartialEq>(&self, of: impl Fn(&Stated) -> Option<T>) -> Option<T> {
        common(&self.parts, of)
    }
}

/// What fences say, where those that say something say the same.
pub(super) fn common<T: PartialEq>(parts: &[Part], of: impl Fn(&Stated) -> Option<T>) -> Option<T> {
    let mut said = parts.iter().filter_map(|part| match part {
        Part::Fence(_, stated) => of(stated),
        Part::Payload(_) | Part::Event(_) => None,
    });
    let first = said.next()?;
    said.all(|other| other == first).then_some(first)
}

/// The parts around the one at `at` that prose does not part from it by another connection.
pub(super) fn connection(parts: &[Part], at: usize) -> &[Part] {
    let opens = |part: &Part| matches!(part, Part::Event(Step::Opened));
    let (before, behind) = parts.split_at_checked(at).unwrap_or((parts, &[]));
    let start = before.iter().rposition(opens).map_or(0, |opening| opening + 1);
    let end = behind.iter().position(opens).map_or(parts.len(), |length| at + length);
    parts.get(start..end).unwrap_or_default()
}

/// A part of an exchange.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// A fence, by index, and what its attributes state.
    Fence(usize, Stated),
    /// Something that prose tells.
    Event(Step),
    /// A fence, by index, that may hold the payload of the line above it.
    Payload(usize),
}

/// The exchanges of a page, in the order of their first fences. Fences that are no examples are not in them.
pub(super) fn exchanges(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Vec<Exchange> {
    let mut walk = Walk {
        entry,
        diagnostics,
        headings: Vec::new(),
        open: false,
        refused: false,
        done: Vec::new(),
    };
    walk.blocks(&entry.page.blocks, 0);
    walk.done.into_iter().map(|(_, exchange)| exchange).collect()
}

/// Blocks nested deeper than this hold no examples that anybody could read.
const DEEPEST: usize = 64;

struct Walk<'a> {
    entry: &'a Entry,
    diagnostics: &'a mut Vec<Diagnostic>,
    headings: Vec<Above>,
    /// True if the next fence can go on with the last exchange.
    open: bool,
    /// True if prose above says that the server closes the connection on what follows.
    refused: bool,
    /// Exchanges, each with its `session=` name.
    done: Vec<(Option<String>, Exchange)>,
}

/// A heading above.
#[derive(Debug, Clone)]
struct Above {
    /// 1 to 6; 0 stands for the page before its first heading.
    level: u8,
    text: String,
    /// What it or a hint under it states, and where.
    claim: Option<(Claim, Span)>,
}

impl Walk<'_> {
    fn blocks(&mut self, blocks: &[Block], depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let mut above = None;
        for block in blocks {
            let before = above.replace(block);
            match block {
                Block::Heading(index) => self.heading(*index),
                Block::Paragraph(inlines, span) => {
                    self.refused &= depth > 0;
                    self.paragraph(inlines, *span);
                }
                Block::Fence(index) => self.fence(*index, before),
                Block::Quote(_, inner, _) | Block::Footnote(_, inner, _) => {
                    self.inside(inner, depth);
                }
                Block::List { items, .. } => {
                    for item in items {
                        self.inside(&item.blocks, depth);
                    }
                }
                Block::Definitions(definitions, _) => {
                    for inner in definitions.iter().flat_map(|definition| &definition.definitions) {
                        self.blocks(inner, depth + 1);
                    }
                }
                Block::Table { .. } | Block::Directive(..) | Block::Html(..) | Block::Rule(_) => {}
            }
        }
    }

    /// Blocks of a list or a quotation; a hint in it says nothing about what follows it.
    fn inside(&mut self, blocks: &[Block], depth: usize) {
        let above = self.headings.clone();
        self.blocks(blocks, depth + 1);
        self.headings = above;
    }

    fn heading(&mut self, index: usize) {
        let Some(heading) = self.entry.page.headings.get(index) else { return };
        self.open = false;
        self.refused = false;
        self.headings.retain(|above| above.level < heading.level);
        let claim = hint::parse_heading(&heading.text).map(|claim| (claim, heading.span));
        self.hold_against_parent(claim);
        self.headings.push(Above { level: heading.level, text: heading.text.clone(), claim });
    }

    fn paragraph(&mut self, inlines: &[Inline], span: Span) {
        let text = inline_text(inlines);
        let emphasised = inlines.iter().all(|inline| {
            matches!(inline, Inline::Emphasis(_) | Inline::SoftBreak | Inline::HardBreak)
                || matches!(inline, Inline::Text(text, _) if text.trim().is_empty())
        });
        if emphasised && let Some(claim) = hint::parse(&text) {
            let written = self.entry.source.slice(span).trim_end().len();
            let span = Span::new(span.start as usize, span.start as usize + written);
            self.hold_against_parent(Some((claim, span)));
            self.open = false;
            let claim = Some((claim, span));
            match self.headings.last_mut() {
                Some(above) => above.claim = claim,
                None => self.headings.push(Above { level: 0, text: String::new(), claim }),
            }
        }
        let events = told::events(&text);
        if text.trim_end().ends_with(':') && events.contains(&Step::Closed(Direction::Server)) {
            self.refused = true;
            return;
        }
        if !self.open {
            return;
        }
        let folded = text.to_ascii_lowercase();
        let turns = folded.contains("version") || folded.contains("msnp");
        // "In later versions:" ends what a hint above said; "Server disconnects this version." tells what happens.
        if events.is_empty() && !emphasised && turns {
            self.open = false;
            if let Some(above) = self.headings.last_mut() {
                above.claim = None;
            }
        } else if let Some((_, exchange)) = self.done.last_mut() {
            exchange.parts.extend(events.into_iter().map(Part::Event));
        }
    }

    /// A hint that contradicts the one it stands under is a finding.
    fn hold_against_parent(&mut self, claim: Option<(Claim, Span)>) {
        let parent = self.headings.iter().rev().skip(1).find_map(|above| above.claim);
        let (Some((claim, span)), Some((above, above_span))) = (claim, parent) else { return };
        if claim.versions.intersection(above.versions).is_empty() {
            self.disagree((claim, span), (above, above_span));
        }
    }

    fn disagree(&mut self, (claim, span): (Claim, Span), (above, above_span): (Claim, Span)) {
        let text = format!("{} is stated here, but {} above", claim.versions, above.versions);
        let diagnostic =
            Diagnostic::new(&rules::CLAIMS_DISAGREE, &self.entry.page.path, span, text);
        self.diagnostics.push(
            diagnostic
                .with_label(above_span, format!("{} is stated here", above.versions))
                .with_help("correct one of the two statements"),
        );
    }

    fn fence(&mut self, index: usize, above: Option<&Block>) {
        let Some(fence) = self.entry.page.fences.get(index) else { return };
        if !self.is_example(fence) {
            self.payload(index, fence, above);
            return;
        }
        self.example(index, fence);
        if let (true, Some((_, exchange))) = (self.refused, self.done.last_mut()) {
            exchange.parts.push(Part::Event(Step::Closed(Direction::Server)));
        }
    }

    /// XML right below an example can be the payload of its last line.
    fn payload(&mut self, index: usize, fence: &Fence, above: Option<&Block>) {
        let Some(Block::Fence(above)) = above else { return };
        let last = self.done.last_mut().map(|(_, exchange)| &mut exchange.parts);
        let Some(parts) = last.filter(|_| fence.language.eq_ignore_ascii_case("xml")) else {
            return;
        };
        if matches!(parts.last(), Some(Part::Fence(last, _)) if last == above) {
            parts.push(Part::Payload(index));
        }
    }

    fn example(&mut self, index: usize, fence: &Fence) {
        let stated = attributes::read(&self.entry.page.path, fence, self.diagnostics);
        let claim = self.claim(&stated);
        let (session, after) = self.goes_on(&stated);
        let part = Part::Fence(index, stated);
        if session.is_some() {
            if let Some((_, exchange)) = self.done.iter_mut().find(|(name, _)| *name == session) {
                exchange.parts.push(part);
                return;
            }
            self.open = false;
        }
        self.open &= after.is_none();
        if let (true, Some((name, exchange))) = (self.open, self.done.last_mut())
            && exchange.claim.map(|(claim, _)| claim) == claim.map(|(claim, _)| claim)
            && *name == session
            && exchange.allows(&part)
        {
            exchange.parts.push(part);
            return;
        }
        let headings: Vec<&str> = self
            .headings
            .iter()
            .map(|above| above.text.as_str())
            .filter(|t| !t.is_empty())
            .collect();
        let (headings, parts) = (headings.join(" > "), vec![part]);
        let exchange = Exchange { headings, claim, after, parts };
        self.done.push((session, exchange));
        self.open = true;
    }

    /// The session that a fence belongs to, and the state in which it begins.
    fn goes_on(&mut self, stated: &Stated) -> (Option<String>, Option<State>) {
        let session = stated.session.clone();
        let known = |name: &String| self.done.iter().any(|(known, _)| known.as_ref() == Some(name));
        let (after, span) = match &stated.after {
            None => return (session, None),
            Some((after, span)) => (after, *span),
        };
        let (text, help) = match after {
            After::State(state) if !session.as_ref().is_some_and(known) => {
                return (session, Some(*state));
            }
            After::State(_) => (
                "the session goes on here, so it cannot begin in a state".to_owned(),
                "state it where the session begins".to_owned(),
            ),
            After::Session(name) if session.is_none() && known(name) => {
                return (Some(name.clone()), None);
            }
            After::Session(name) if known(name) => (
                "a fence with `session` cannot go on from another session".to_owned(),
                "keep one of the two attributes".to_owned(),
            ),
            After::Session(name) => (
                format!("no session `{name}` stands above"),
                format!("give the fence to go on from the attribute `session={name}`"),
            ),
        };
        let path = &self.entry.page.path;
        let diagnostic = Diagnostic::new(&rules::UNKNOWN_ATTRIBUTE, path, span, text);
        self.diagnostics.push(diagnostic.with_help(help));
        (session, None)
    }

    /// What is stated of the versions: by the fence, else by the nearest hint, else by the page.
    fn claim(&mut self, stated: &Stated) -> Option<(Claim, Option<Span>)> {
        let hinted = self.headings.iter().rev().find_map(|above| above.claim);
        if let Some((claim, span)) = stated.claim {
            if let Some((above, above_span)) = hinted
                && claim.versions.intersection(above.versions).is_empty()
            {
                self.disagree((claim, span), (above, above_span));
            }
            return Some((claim, Some(span)));
        }
        if let Some((claim, span)) = hinted {
            return Some((claim, Some(span)));
        }
        let versions = self.entry.versions;
        let known = !versions.is_empty() || hint::is_unknown_version(&self.entry.title);
        let of_page = self.entry.kind == PageKind::Version && known;
        of_page.then_some((Claim { versions, anchor: None, strict: false }, None))
    }

    /// A fence is an example if it says so, or if it says nothing and looks like one.
    fn is_example(&mut self, fence: &Fence) -> bool {
        if fence.language.eq_ignore_ascii_case("msnp") {
            return true;
        }
        let untagged = matches!(fence.language.as_str(), "" | "text" | "txt" | "plain");
        if !untagged || !looks_like_wire(fence, &self.entry.source.text) {
            return false;
        }
        let path = &self.entry.page.path;
        let text = "this code block looks like a wire example, so it is checked";
        let mut diagnostic = Diagnostic::new(&rules::UNTAGGED_EXAMPLE, path, fence.span, text)
            .with_help("write ```` ```msnp ```` to say that it is one");
        if fence.fenced {
            // What the block is was guessed; only its author knows.
            let start = fence.info_span.start as usize;
            let span = Span::new(start, start + fence.language.len());
            let attributes = fence.language.is_empty() && !fence.info_span.is_empty();
            let text = if attributes { "msnp " } else { "msnp" }.to_owned();
            let edits = vec![Edit { span, text }];
            diagnostic.fix = Some(Fix { level: FixLevel::Unsafe, edits });
        }
        self.diagnostics.push(diagnostic);
        true
    }
}

/// True if four of five lines before the first payload begin as wire lines do.
fn looks_like_wire(fence: &Fence, text: &str) -> bool {
    let marked = |line: &str| {
        ["C: ", "S: ", ">>> ", "<<< "].iter().any(|mark| {
            line.strip_prefix(mark).is_some_and(|rest| {
                rest.get(..3).is_some_and(|word| {
                    word.bytes().all(|b| b.is_ascii_uppercase())
                        || word.bytes().all(|b| b.is_ascii_digit())
                }) && matches!(rest.as_bytes().get(3), None | Some(b' '))
            })
        })
    };
    let (mut lines, mut wire) = (0, 0);
    for line in fence
        .lines
        .iter()
        .map(|span| span.of(text))
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
    {
        lines += 1;
        wire += usize::from(marked(line));
        let ends_in_length = line
            .rsplit(' ')
            .next()
            .is_some_and(|word| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_digit()));
        if wire > 0 && marked(line) && ends_in_length && line.split(' ').count() > 3 {
            break;
        }
    }
    wire > 0 && wire * 5 >= lines * 4
}

/// Versions that a claim names, without CVR0: a client that asks for CVR0 speaks another version.
pub(super) fn spoken(versions: VersionSet) -> VersionSet {
    versions.difference(VersionSet::only(Version::CVR0))
}
