//! Findings that an author lets stand, taken out of all findings, and told in one note.

use crate::markdown::Allowance;
use crate::report::{Diagnostic, rules};

/// An allowance on a page.
#[derive(Debug, Clone)]
pub(super) struct Allowed {
    /// Headings above, where it is that of an example.
    pub(super) example: Option<String>,
    /// What is let stand.
    pub(super) allowance: Allowance,
}

/// Takes out what is allowed on the page at `path`, of the findings about it. Adds a note for each allowance that was needed,
/// and a warning for each rule in one that was not.
pub(super) fn apply(path: &str, found: Vec<Diagnostic>, allowed: &[Allowed]) -> Vec<Diagnostic> {
    let mut counts: Vec<Vec<usize>> =
        allowed.iter().map(|one| vec![0; one.allowance.rules.len()]).collect();
    let mut left = Vec::with_capacity(found.len());
    for diagnostic in found {
        let places = allowed.iter().enumerate().filter_map(|(at, one)| {
            let scope = one.allowance.scope;
            let inside = scope.contains(diagnostic.span.start) || scope == diagnostic.span;
            let rule = one.allowance.rules.iter().position(|(rule, _)| *rule == diagnostic.rule);
            rule.filter(|_| inside).map(|rule| (scope.len(), at, rule))
        });
        match places.min() {
            Some((_, at, rule)) => {
                if let Some(count) = counts.get_mut(at).and_then(|counts| counts.get_mut(rule)) {
                    *count += 1;
                }
            }
            None => left.push(diagnostic),
        }
    }
    for (one, counts) in allowed.iter().zip(counts) {
        left.extend(tell(path, one, &counts));
    }
    left
}

fn tell(path: &str, one: &Allowed, counts: &[usize]) -> Vec<Diagnostic> {
    let counted = one.allowance.rules.iter().zip(counts);
    let unused = counted.clone().filter(|(_, count)| **count == 0).map(|((rule, span), _)| {
        let text = format!("`{}` is let stand here, but nothing of the kind is found", rule.name);
        Diagnostic::new(&rules::UNUSED_ALLOW, path, *span, text)
            .with_help("take it out, so that a new finding is seen")
    });
    let mut told: Vec<Diagnostic> = unused.collect();
    let used: Vec<String> = counted
        .filter(|(_, count)| **count > 0)
        .map(|((rule, _), count)| format!("{count} of `{}`", rule.name))
        .collect();
    if !used.is_empty() {
        let text = format!("findings are let stand, {}: {}", used.join(", "), one.allowance.reason);
        told.push(Diagnostic::new(&rules::ALLOWED, path, one.allowance.span, text));
    }
    for diagnostic in &mut told {
        diagnostic.example.clone_from(&one.example);
    }
    told
}
