//! The grammar itself: kinds that exist, and forms that do not stand in each other's way.

use crate::grammar::{ContentType, Form, Grammar, Parameter, Piece};
use crate::msnp::message::{Word, accept};
use crate::msnp::{mime, payload, value};
use crate::report::{Diagnostic, rules};
use crate::text::{Span, did_you_mean};

/// Checks every form of the grammar.
pub(super) fn check(grammar: &Grammar) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for command in grammar.commands.values() {
        for (index, form) in command.forms.iter().enumerate() {
            diagnostics.extend(unknown_kinds(form));
            let later = command.forms.get(index + 1..).unwrap_or_default();
            diagnostics.extend(later.iter().filter_map(|other| ambiguous(form, other)));
        }
    }
    diagnostics.extend(grammar.content_types.values().flat_map(unknown_content));
    diagnostics
}

/// Kinds in a content type that do not exist.
fn unknown_content(content: &ContentType) -> Vec<Diagnostic> {
    let parameters = content.parameters().into_iter();
    let unknown = parameters.filter(|p| value::find(&p.kind).is_none());
    let names = || value::KINDS.iter().map(|kind| kind.name);
    let mut found: Vec<Diagnostic> =
        unknown.map(|p| unknown_kind(&content.path, &p.kind, p.span, names())).collect();
    let body = content.body.iter().filter(|body| !mime::BODIES.contains(&body.kind.as_str()));
    found.extend(body.map(|b| unknown_kind(&content.path, &b.kind, b.span, mime::BODIES)));
    found
}

fn unknown_kinds(form: &Form) -> Vec<Diagnostic> {
    let parameters = parameters(form);
    let unknown = parameters.into_iter().filter(|p| value::find(&p.kind).is_none());
    let names = || value::KINDS.iter().map(|kind| kind.name);
    let mut found: Vec<Diagnostic> = unknown
        .map(|parameter| unknown_kind(&form.path, &parameter.kind, parameter.span, names()))
        .collect();
    let payload_kind = form.payload.as_deref().filter(|kind| !payload::KINDS.contains(kind));
    found
        .extend(payload_kind.map(|kind| unknown_kind(&form.path, kind, form.span, payload::KINDS)));
    found
}

fn unknown_kind<'a>(
    path: &str,
    kind: &str,
    span: Span,
    names: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let text = format!("there is no kind of value `{kind}`");
    let help = did_you_mean(kind, names)
        .unwrap_or_else(|| "use a kind that exists, such as `word` for any characters".to_owned());
    Diagnostic::new(&rules::GRAMMAR_KIND, path, span, text).with_help(help)
}

fn parameters(form: &Form) -> impl Iterator<Item = &Parameter> {
    form.leaves().into_iter().filter_map(|piece| match piece {
        Piece::Parameter(parameter) => Some(parameter),
        _ => None,
    })
}

/// A finding where a line of one form, made of sample values, is a line of the other too.
fn ambiguous(form: &Form, other: &Form) -> Option<Diagnostic> {
    let versions = form.versions.intersection(other.versions);
    let apart = form.direction != other.direction
        || form.servers.intersection(other.servers).is_empty()
        || versions.is_empty()
        || form.variant.is_some()
        || other.variant.is_some();
    if apart {
        return None;
    }
    let line = accepted_by(form, other).or_else(|| accepted_by(other, form))?;
    let text = format!("in {versions}, `{line}` is a line of this form and of `{}`", form.text);
    Some(
        Diagnostic::new(&rules::GRAMMAR_AMBIGUOUS, &other.path, other.span, text)
            .with_help("part the forms by version or by kinds, or mark one as a `variant`"),
    )
}

/// A sample line of `form` that `other` accepts.
fn accepted_by(form: &Form, other: &Form) -> Option<String> {
    form.shapes.iter().find_map(|shape| {
        let mut texts = vec![form.name.clone()];
        texts.extend(shape.iter().map(sample));
        let words: Vec<Word<'_>> =
            (texts.iter()).map(|text| Word::new(text.as_str().into(), Span::default())).collect();
        accept(other, &words).is_some().then(|| texts.join(" "))
    })
}

fn sample(piece: &Piece) -> String {
    match piece {
        Piece::Literal(literal) => literal.clone(),
        Piece::Choice { words, .. } => words.first().cloned().unwrap_or_default(),
        Piece::Parameter(parameter) => {
            let value = value::find(&parameter.kind).map_or("x", |kind| kind.sample);
            format!("{}{value}", parameter.prefix)
        }
        Piece::Optional(_) => String::new(),
    }
}
