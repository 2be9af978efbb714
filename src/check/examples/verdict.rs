//! What the engine says of an exchange, told of its fences.

use std::collections::BTreeMap;

use super::attributes::Stated;
use super::left;
use super::lines::{self, Map, Written};
use super::narrow::narrow;
use super::place;
use super::scene::{Exchange, Part, spoken};
use super::wildcards;
use crate::book::{Book, Entry, PageKind};
use crate::check::{Example, ExampleLine, FormKey, Role, State, Token, TokenClass, WireMessage};
use crate::grammar::VersionSet;
use crate::msnp::payload::Convention;
use crate::msnp::{
    self, Claim, Context, MessageState, MessageVerdict, Problem, Verdict, WireToken,
};
use crate::report::{Diagnostic, Label, Severity, rules};
use crate::text::{Edit, Fix, FixLevel, Span};

/// Checks one exchange and adds its examples and findings.
pub(super) fn check_exchange(
    book: &Book,
    entry: &Entry,
    exchange: &Exchange,
    examples: &mut BTreeMap<usize, Example>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if let Some((Claim { versions: VersionSet::EMPTY, .. }, _)) = exchange.claim {
        return left::skip_unknown(book, entry, exchange, (examples, diagnostics));
    }
    let (checked, skipped): (Vec<Part>, Vec<Part>) =
        exchange.parts.iter().cloned().partition(|part| match part {
            Part::Fence(_, stated) => !stated.template && stated.ignored.is_none(),
            Part::Event(_) | Part::Payload(_) => true,
        });
    let mut found = Vec::new();
    let written = lines::write(entry, &checked, &book.grammar, &mut found);
    let stated: Vec<(usize, &Stated)> = exchange.parts.iter().filter_map(fence).collect();
    let first = stated.first().map(|(_, stated)| *stated);
    let context = context(book, entry, exchange, first);
    let verdict = msnp::validate(&written.transcript, &context);
    let place = Place { entry, exchange, map: &written.map, versions: verdict.versions };
    let first = exchange.parts.iter().find_map(fence).map(|(index, _)| index);
    let helpful = helpful_conventions(&written, &context, &verdict);
    for problem in &verdict.problems {
        let mut diagnostic = place.diagnostic(problem);
        if let Some(convention) = problem.convention.filter(|wanted| helpful.contains(wanted)) {
            diagnostic.fix = first.and_then(|index| state_convention(entry, index, convention));
        }
        found.push(diagnostic);
    }
    for (index, stated) in checked.iter().filter_map(fence) {
        fulfil(entry, index, stated, exchange, &mut found);
    }
    for (index, _) in checked.iter().filter_map(fence) {
        let example = example(entry, index, &written, &verdict, (exchange, &found));
        examples.insert(index, example);
    }
    for (index, stated) in skipped.iter().filter_map(fence) {
        let (example, note) = left::skip(book, entry, index, stated);
        examples.insert(index, example);
        found.push(note);
        if stated.ignored.is_some() {
            found.extend(left::needless(entry, exchange, index, &context));
        }
    }
    for diagnostic in &mut found {
        diagnostic.example.get_or_insert_with(|| exchange.headings.clone());
    }
    diagnostics.extend(found);
}

/// The conventions that problems ask for and that leave fewer problems: an attribute holds for every payload.
fn helpful_conventions(
    written: &Written,
    context: &Context<'_>,
    verdict: &Verdict<'_>,
) -> Vec<Convention> {
    let helps = |convention: &Convention| {
        let wanted = verdict.problems.iter().any(|p| p.convention == Some(*convention));
        let stated = Context { convention: Some(*convention), ..*context };
        wanted
            && msnp::validate(&written.transcript, &stated).problems.len() < verdict.problems.len()
    };
    Convention::ALL.into_iter().filter(helps).collect()
}

/// The fix that adds `payload=` to a fence; `None` where its opening line cannot take it.
fn state_convention(entry: &Entry, index: usize, convention: Convention) -> Option<Fix> {
    let fence = entry.page.fences.get(index).filter(|fence| fence.language == "msnp")?;
    let info = entry.source.slice(fence.info_span);
    let attribute = format!("payload={}", convention.name());
    let (start, end) = (fence.info_span.start as usize, fence.info_span.end as usize);
    let (at, text) = if !info.contains(['{', '}', '"']) {
        (end, format!(" {{{attribute}}}"))
    } else if info.ends_with('}') && info.matches('{').count() == 1 && !info.contains('"') {
        let inside = info.trim_end_matches('}').trim_end();
        let blank = if inside.ends_with('{') { "" } else { " " };
        (start + inside.len(), format!("{blank}{attribute}"))
    } else {
        return None;
    };
    let edits = vec![Edit { span: Span::new(at, at), text }];
    Some(Fix { level: FixLevel::Safe, edits })
}

/// The fence that a part is.
pub(super) fn fence(part: &Part) -> Option<(usize, &Stated)> {
    match part {
        Part::Fence(index, stated) => Some((*index, stated)),
        Part::Event(_) | Part::Payload(_) => None,
    }
}

fn context<'a>(
    book: &'a Book,
    entry: &Entry,
    exchange: &Exchange,
    stated: Option<&'a Stated>,
) -> Context<'a> {
    let claim = exchange.claim.map(|(claim, _)| {
        let msnp = spoken(claim.versions);
        let versions = if msnp.is_empty() { claim.versions } else { msnp };
        Claim { versions, ..claim }
    });
    // A password is a constant of the wiki that states it; the built-in wiki's says nothing of another's.
    let constant = |name: &str| book.grammar.constants.get(name).filter(|_| !book.foreign);
    let password = stated.and_then(|stated| stated.password.as_ref()).or(constant("password"));
    let binary_secret = stated.and_then(|stated| stated.binary_secret.as_ref());
    let binary_secret = binary_secret.or(constant("binary-secret"));
    Context {
        grammar: &book.grammar,
        foreign: book.foreign,
        claim,
        subject: book.subject(&entry.page.path).filter(|_| entry.kind == PageKind::Command),
        server: exchange.common(|stated| stated.server),
        after: exchange.after,
        convention: exchange.common(|stated| stated.convention),
        password: password.map(String::as_str),
        binary_secret: binary_secret.map(String::as_str),
    }
}

/// Where an exchange stands.
struct Place<'a> {
    entry: &'a Entry,
    exchange: &'a Exchange,
    map: &'a Map,
    /// Versions in which all lines are legal.
    versions: VersionSet,
}

impl Place<'_> {
    fn diagnostic(&self, problem: &Problem) -> Diagnostic {
        let span = self.map.file(problem.span);
        let mut diagnostic =
            Diagnostic::new(problem.rule, &self.entry.page.path, span, &problem.message)
                .with_here(&problem.here);
        let labels = problem.labels.iter();
        diagnostic.labels = labels
            .map(|(span, text)| Label { span: self.map.file(*span), text: text.clone() })
            .collect();
        let mut narrowed = None;
        if problem.about_claim
            && let Some((claim, Some(span))) = self.exchange.claim
        {
            let text = format!("{} is stated here", claim.versions);
            diagnostic.labels.push(Label { span, text });
            let versions = claim.versions.intersection(self.versions);
            if problem.rule == &rules::VERSION_CLAIM || problem.rule == &rules::OPEN_CLAIM {
                narrowed = narrow(&self.entry.source, span, versions);
            }
        }
        diagnostic.help.clone_from(&problem.help);
        diagnostic.versions.clone_from(&problem.versions);
        diagnostic.fix = problem.fix.as_ref().map(|fix| {
            let edit = |(span, text): &(Span, String)| Edit {
                span: self.map.file(*span),
                text: text.clone(),
            };
            Fix { level: fix.level, edits: fix.edits.iter().map(edit).collect() }
        });
        diagnostic.fix = diagnostic.fix.or(narrowed);
        diagnostic
    }
}

/// Takes the findings that a fence announces out of `found`; one that did not happen is a finding itself.
pub(super) fn fulfil(
    entry: &Entry,
    index: usize,
    stated: &Stated,
    exchange: &Exchange,
    found: &mut Vec<Diagnostic>,
) {
    let Some(fence) = entry.page.fences.get(index) else { return };
    let inside = |diagnostic: &Diagnostic| fence.span.contains(diagnostic.span.start);
    let names: Vec<&str> = stated.expected.iter().map(|(name, _)| name.as_str()).collect();
    let happened: Vec<&str> = found.iter().filter(|d| inside(d)).map(|d| d.rule.name).collect();
    let missing = stated.expected.iter().filter(|(name, _)| !happened.contains(&name.as_str()));
    let missing: Vec<Diagnostic> = missing
        .map(|(name, span)| {
            let text = format!("`{name}` is announced, but nothing of the kind is found");
            let path = &entry.page.path;
            let mut diagnostic =
                Diagnostic::new(&rules::UNFULFILLED_EXPECTATION, path, *span, text)
                    .with_help("remove the announcement, or show the mistake");
            diagnostic.example = Some(exchange.headings.clone());
            diagnostic
        })
        .collect();
    found.retain(|diagnostic| !(inside(diagnostic) && names.contains(&diagnostic.rule.name)));
    found.extend(missing);
}

fn example(
    entry: &Entry,
    index: usize,
    written: &Written,
    verdict: &Verdict<'_>,
    (exchange, found): (&Exchange, &[Diagnostic]),
) -> Example {
    let lines: Vec<&lines::Line> =
        written.lines.iter().filter(|line| line.fence == index).collect();
    let mut messages: Vec<usize> = lines.iter().filter_map(|line| line.message).collect();
    messages.dedup();
    let states: Vec<MessageState> =
        messages.iter().filter_map(|at| verdict.messages.get(*at)).map(|m| m.state).collect();
    let claimed = exchange.claim.map_or(VersionSet::all(), |(claim, _)| claim.versions);
    let both = verdict.versions.intersection(claimed);
    let own = exchange.parts.iter().filter_map(fence).find(|(at, _)| *at == index);
    let own = own.map(|(_, stated)| stated);
    let span = entry.page.fences.get(index).map(|fence| fence.span).unwrap_or_default();
    let serious = found.iter().filter(|diagnostic| {
        span.contains(diagnostic.span.start) && diagnostic.rule.severity > Severity::Note
    });
    let (allowed, left): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        serious.partition(|diagnostic| own.is_some_and(|own| own.allows(diagnostic.rule)));
    let wrong = !left.is_empty();
    let announced = !allowed.is_empty() || own.is_some_and(Stated::shows_mistakes);
    let checked = states.iter().filter(|state| **state == MessageState::Checked).count();
    let state = match (wrong, announced) {
        (true, _) => State::Wrong,
        (false, true) => State::ExpectedMistakes,
        (false, false) if checked == 0 => State::Unchecked,
        (false, false) if checked < states.len() => State::Partly,
        (false, false) => State::Checked,
    };
    let shown = lines.iter().map(|line| example_line(entry, line, written, verdict)).collect();
    let versions = if both.is_empty() { verdict.versions } else { both };
    let hidden = own.is_some_and(|own| own.hidden);
    let wire = messages.iter().map(|at| wire_message(*at, written, verdict));
    let wire = wire.collect::<Option<Vec<_>>>().unwrap_or_default();
    Example { state, versions, lines: shown, commands: messages.len(), wire, hidden }
}

/// A message with its bytes, where all of them are shown.
fn wire_message(at: usize, written: &Written, verdict: &Verdict<'_>) -> Option<WireMessage> {
    let direction = written.transcript.messages().nth(at)?.direction;
    let bytes = verdict.messages.get(at)?.bytes.clone()?;
    Some(WireMessage { direction, bytes })
}

/// A line with what the engine says of it.
pub(super) fn example_line(
    entry: &Entry,
    line: &lines::Line,
    written: &Written,
    verdict: &Verdict<'_>,
) -> ExampleLine {
    let message = line.message.and_then(|at| verdict.messages.get(at));
    let tokens = match line.role {
        Role::Client | Role::Server | Role::Continuation => {
            message.map(|message| tokens(message, line.file, &written.map)).unwrap_or_default()
        }
        Role::Payload => header(line, written).into_iter().collect(),
        Role::Other | Role::Comment => Vec::new(),
    };
    let mut tokens = match line.role {
        Role::Other | Role::Comment => tokens,
        _ => wildcards::mark(tokens, entry.source.slice(line.file), line.file),
    };
    place::locate(&mut tokens, entry, line, written, verdict);
    let versions = message.map(|message| message.versions).unwrap_or_default();
    let begins = matches!(line.role, Role::Client | Role::Server);
    let fitting = message.filter(|_| begins).map(|message| message.forms.as_slice());
    let text = written.transcript.text(line.wire);
    let command = text.split(' ').next().unwrap_or_default();
    let key = |index: &usize| FormKey { command: command.to_owned(), index: *index };
    let forms = fitting.unwrap_or_default().iter().map(key).collect();
    let payload = if begins { place::payload(line, verdict) } else { None };
    let (role, span, wire) = (line.role, line.span, line.file);
    ExampleLine { role, span, wire, tokens, versions, forms, payload }
}

/// The tokens of a message that lie on one line of the file.
fn tokens(message: &MessageVerdict<'_>, line: Span, map: &Map) -> Vec<Token> {
    let on_line = |part: &Span| line.start <= part.start && part.end <= line.end;
    let place = |token: &WireToken<'_>| -> Vec<Token> {
        let parts = map.parts(token.span).into_iter().filter(on_line);
        let token = |span| Token {
            span,
            class: token.class,
            name: token.name.to_owned(),
            kind: token.kind.to_owned(),
            bytes: None,
        };
        parts.map(token).collect()
    };
    message.tokens.iter().flat_map(place).collect()
}

/// The name of a header in a payload line.
fn header(line: &lines::Line, written: &Written) -> Option<Token> {
    let message = line.message?;
    let messages: Vec<&msnp::Message> = written.transcript.messages().collect();
    let msnp::Payload::Lines(lines) = &messages.get(message)?.payload else { return None };
    let before_empty = lines.iter().take_while(|line| !line.is_empty());
    if !before_empty.into_iter().any(|span| *span == line.wire) {
        return None;
    }
    let text = written.transcript.text(line.wire);
    let (name, _) = text.split_once(':')?;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let end = line.file.start + u32::try_from(name.len()).ok()?;
    let span = Span { start: line.file.start, end };
    let class = TokenClass::Header;
    (plain && !name.is_empty()).then(|| Token {
        span,
        class,
        name: "header".to_owned(),
        kind: String::new(),
        bytes: None,
    })
}
