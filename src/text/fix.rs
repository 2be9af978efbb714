//! Changes to a text that a finding can offer.

use super::Span;

/// One replacement in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
}

/// Edits that together mend one finding. Invariant: the edits' spans ascend and do not overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// How far the fix can be trusted.
    pub level: FixLevel,
    /// The edits, all in the finding's file.
    pub edits: Vec<Edit>,
}

/// How far a fix can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FixLevel {
    /// Says what the author meant beyond doubt.
    Safe,
    /// Probably what the author meant; applied only on request.
    Unsafe,
    /// Shown, never applied.
    Displayed,
}

impl FixLevel {
    /// The word for it in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::Displayed => "displayed",
        }
    }
}

/// The text with the edits made; their spans must not overlap. An edit that does not fit `text` is left out.
pub fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.span);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        let Some(between) = text.get(at..range.start) else { continue };
        if text.get(range.clone()).is_none() {
            continue;
        }
        out.push_str(between);
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_made_in_the_order_of_their_places() {
        let edit = |start, end, text: &str| Edit { span: Span::new(start, end), text: text.into() };
        assert_eq!(edited("abcd", vec![edit(3, 3, "x"), edit(0, 1, ""), edit(4, 4, "!")]), "bcxd!");
        assert_eq!(edited("aé", vec![edit(2, 3, "x"), edit(9, 9, "y")]), "aé");
    }
}
