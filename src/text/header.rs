//! Text as it stands in a mail's header.

use std::fmt::Write as _;

/// The text for a header, controls as blanks: as it is where it is ASCII, else in encoded words (RFC 2047), each in a line of its own.
pub fn header(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.is_ascii() {
        return text;
    }
    let mut words: Vec<String> = Vec::new();
    for character in text.chars() {
        let mut encoded = String::new();
        let mut bytes = [0; 4];
        for byte in character.encode_utf8(&mut bytes).bytes() {
            let _ = match byte {
                b' ' => write!(encoded, "_"),
                b if b.is_ascii_alphanumeric() => write!(encoded, "{}", char::from(b)),
                b => write!(encoded, "={b:02X}"),
            };
        }
        match words.last_mut().filter(|word| word.len() + encoded.len() <= LONGEST_WORD) {
            Some(word) => word.push_str(&encoded),
            None => words.push(encoded),
        }
    }
    let words: Vec<String> = words.iter().map(|word| format!("=?UTF-8?q?{word}?=")).collect();
    words.join("\n ")
}

/// A name and an address for a header; the name may be empty.
pub fn header_person(name: &str, address: &str) -> String {
    let special = |c: char| !(c.is_ascii_alphanumeric() || " !#$%&'*+-/=?^_`{|}~".contains(c));
    let address: String = address.chars().filter(|c| !c.is_control()).collect();
    match header(name) {
        name if name.is_empty() => format!("<{address}>"),
        name if name.starts_with("=?") || !name.contains(special) => format!("{name} <{address}>"),
        name => format!("\"{}\" <{address}>", name.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// An encoded word has 75 characters at most, 12 of which are its frame.
const LONGEST_WORD: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_cannot_be_smuggled_in_and_letters_are_encoded() {
        assert_eq!(header("a\r\nBcc: x"), "a  Bcc: x");
        assert_eq!(header("é b"), "=?UTF-8?q?=C3=A9_b?=");
        assert_eq!(header_person("Ann B", "a@x"), "Ann B <a@x>");
        assert_eq!(header_person("B, \"A\"", "a@x"), "\"B, \\\"A\\\"\" <a@x>");
        assert_eq!(header_person("", "a@x\n"), "<a@x>");
        let long = header(&"é".repeat(30));
        assert!(long.lines().count() > 1 && long.lines().all(|line| line.len() <= 76), "{long}");
    }
}
