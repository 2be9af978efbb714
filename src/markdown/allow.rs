//! Findings that an author lets stand: which rules, why, and where.

use crate::report::{Rule, rules};
use crate::text::{Span, did_you_mean};

/// Rules whose findings are let stand in a part of a page.
#[derive(Debug, Clone)]
pub struct Allowance {
    /// The rules, and where each is named.
    pub rules: Vec<(&'static Rule, Span)>,
    /// Why; never empty.
    pub reason: String,
    /// Where that is said.
    pub span: Span,
    /// The block for which it holds.
    pub scope: Span,
}

/// Rules that nobody can let stand: the page or the settings are not what was meant, or it is about allowing itself.
const NEVER: [&Rule; 6] = [
    &rules::ALLOWED,
    &rules::CONFIG,
    &rules::ENCODING,
    &rules::UNKNOWN_ATTRIBUTE,
    &rules::UNKNOWN_DIRECTIVE,
    &rules::UNUSED_ALLOW,
];

/// What is wrong, and how to mend it.
type Wrong = (String, String);

impl Allowance {
    /// Reads rule names parted by commas, then `mark` and the reason: `variant, template: why`, `variant "why"`. `text`
    /// begins at byte `offset` of its file. It holds nowhere until its `scope` is set.
    pub fn parse(text: &str, offset: usize, mark: char) -> Result<Self, Wrong> {
        let (names, reason) = text.split_once(mark).unwrap_or((text, ""));
        let reason = reason.trim().trim_end_matches('"').trim();
        let mut rules = Vec::new();
        let mut at = offset;
        for part in names.split(',') {
            let start = at + part.len() - part.trim_start().len();
            let name = part.trim();
            rules.push((find(name)?, Span::new(start, start + name.len())));
            at += part.len() + 1;
        }
        if reason.is_empty() {
            let example =
                if mark == ':' { "`allow=\"variant: why\"`" } else { "`allow variant \"why\"`" };
            let text = "to let a finding stand takes a reason".to_owned();
            return Err((text, format!("write it behind the rules, as in {example}")));
        }
        let span = Span::new(offset, offset + text.len());
        Ok(Self { rules, reason: reason.to_owned(), span, scope: Span::default() })
    }
}

fn find(name: &str) -> Result<&'static Rule, Wrong> {
    let Some(rule) = rules::find(name) else {
        let help = did_you_mean(name, rules::RULES.iter().map(|rule| rule.name))
            .unwrap_or_else(|| "`wirebook explain` lists the rules".to_owned());
        return Err((format!("`{name}` is not a rule"), help));
    };
    if NEVER.contains(&rule) {
        let help = "mend what it finds".to_owned();
        return Err((format!("findings of `{name}` cannot be let stand"), help));
    }
    Ok(rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_reason_are_read_with_their_places() {
        let read = Allowance::parse("variant, template: a: b", 10, ':').unwrap();
        let names: Vec<_> = read.rules.iter().map(|(rule, span)| (rule.name, span.start)).collect();
        assert_eq!(names, [("variant", 10), ("template", 19)]);
        assert_eq!(read.reason, "a: b");
        assert_eq!(Allowance::parse("variant \"why\" ", 0, '"').unwrap().reason, "why");
        let wrong = |text: &str| Allowance::parse(text, 0, ':').unwrap_err().0;
        assert_eq!(wrong("variant"), "to let a finding stand takes a reason");
        assert_eq!(wrong("varient: why"), "`varient` is not a rule");
        assert_eq!(wrong("encoding: why"), "findings of `encoding` cannot be let stand");
        assert_eq!(wrong(""), "`` is not a rule");
    }
}
