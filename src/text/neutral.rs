//! Makes text from a wiki or a mail harmless for a terminal and for a CI log.

use std::borrow::Cow;

/// Replaces every character that a terminal or a log reader may act on by a visible stand-in.
///
/// These are C0 and C1 controls (U+009B alone starts an escape sequence), line and paragraph
/// separators, bidirectional controls, zero-width and tag characters. C0 controls and DEL become their control
/// pictures, the others U+FFFD. The result holds no line break.
pub fn neutralise(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(stand_in).collect())
}

fn is_plain(character: char) -> bool {
    !matches!(character,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{61C}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

fn stand_in(character: char) -> char {
    match character {
        '\u{0}'..='\u{1F}' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{FFFD}'),
        '\u{7F}' => '\u{2421}',
        _ if is_plain(character) => character,
        _ => '\u{FFFD}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_become_visible_and_plain_text_is_borrowed() {
        assert!(matches!(neutralise("CHG 1 NLN é"), Cow::Borrowed(_)));
        assert_eq!(neutralise("a\u{1b}[31m\nb"), "a␛[31m␊b");
        assert_eq!(neutralise("x\u{9b}2J\u{202e}y\u{e0041}"), "x\u{FFFD}2J\u{FFFD}y\u{FFFD}");
    }
}
