//! Words and lines that stand for many.

/// True if a command line stands for many: `length` at its end, `TrID`, `{name}`, `(...)`, `$md5(...)`, `$(...)`.
pub(super) fn is_template(line: &str) -> bool {
    if line.ends_with(" length") {
        return true;
    }
    line.split(' ').skip(1).any(|word| {
        matches!(word, "TrID" | "(...)" | "..." | "[...]")
            || holds_name(word)
            || is_call(word)
            || is_cut(word)
    })
}

/// True if a line of a payload stands for something else: `... more`, `(words)`, `[words]`, `{name}`, `$md5(...)`.
pub(super) fn is_payload_template(line: &str) -> bool {
    let line = line.trim();
    let inside = |open, close| line.starts_with(open) && line.ends_with(close) && line.len() > 2;
    let named = inside('{', '}') && holds_name(line);
    let aside = inside('(', ')') || inside('[', ']');
    line.starts_with("...") || named || aside || line.split(' ').any(is_call)
}

/// `17262740...`, `8CLhG/xfgYZ7...`: a long value of which only the beginning is shown; `Hello...` is a name.
fn is_cut(word: &str) -> bool {
    const SHORTEST: usize = 8;
    let shown = word.strip_suffix("...").unwrap_or_default();
    shown.len() >= SHORTEST && shown.bytes().any(|byte| byte.is_ascii_digit())
}

/// `{user-handle}`, `{...challenge}`; a GUID in braces is none.
fn holds_name(word: &str) -> bool {
    let Some((_, rest)) = word.split_once('{') else { return false };
    let Some((name, _)) = rest.split_once('}') else { return false };
    let letters = name.trim_matches('.');
    let plain = |b: u8| b.is_ascii_lowercase() || matches!(b, b'-' | b' ');
    name.starts_with("...")
        || (letters.len() > 1
            && letters.bytes().all(plain)
            && letters.bytes().any(|b| b.is_ascii_lowercase()))
}

/// `$md5(`, `$(`.
fn is_call(word: &str) -> bool {
    let name = word.strip_prefix('$').and_then(|rest| rest.split_once('(')).map(|(name, _)| name);
    name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_told_from_wire_text() {
        for line in [
            "USR TrID TWN I a@b.c",
            "USR 1 TWN I {user-handle}",
            "USR 7 MD5 S $md5(a + b)",
            "USR 1 OK (...)",
            "X 1 {...args}",
        ] {
            assert!(is_template(line), "{line}");
        }
        for line in [
            "QRY 1 PROD0090YUAUV{2B 32",
            "ANS 1 a@b.c;{44bfd5a4-7450-4bda-ba3a-c51b3031126d} 1 2",
            "USR 2 TWN S t=5$$&p=",
            "VER 1 TrID0",
        ] {
            assert!(!is_template(line), "{line}");
        }
        assert!(is_payload_template("$md5(challenge + key)"));
        assert!(!is_payload_template("<CurrentMedia>\\0Music\\01\\0{0} - {1}\\0</CurrentMedia>"));
    }
}
