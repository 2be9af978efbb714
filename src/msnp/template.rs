//! Lines that stand for many wire lines.

/// True if a line stands for many: `TrID`, `{name}`, `(...)`, `$md5(...)`, `$(...)`.
pub(super) fn is_template(line: &str) -> bool {
    line.split(' ').skip(1).any(|word| {
        let braced = word.contains('{')
            && word.split_once('{').and_then(|(_, rest)| rest.split_once('}')).is_some_and(
                |(name, _)| {
                    let letters = name.trim_matches('.');
                    name.starts_with("...")
                        || (letters.len() > 1
                            && letters
                                .bytes()
                                .all(|b| b.is_ascii_lowercase() || matches!(b, b'-' | b' '))
                            && letters.bytes().any(|b| b.is_ascii_lowercase()))
                },
            );
        let call = word.strip_prefix('$').is_some_and(|rest| {
            let name = rest.split_once('(').map(|(name, _)| name);
            name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        });
        matches!(word, "TrID" | "(...)" | "..." | "[...]") || braced || call
    })
}
