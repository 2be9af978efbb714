//! What the values of a kind look like, for programs that cannot run its check: a regular expression.
//!
//! Each check of `value` has a shape of the same name here, so that a kind cannot go without one. A pattern is anchored at both
//! ends by who uses it, and keeps to what JavaScript and the crate `regex` read alike. It accepts whatever the check
//! accepts; a `loose` one accepts more, where a pattern cannot say it. A test holds both against each other.

/// What values look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// A regular expression for the whole value.
    pub pattern: &'static str,
    /// Most bytes; 0 for any number.
    pub longest: usize,
    /// True if the check refuses some values that this accepts.
    pub loose: bool,
}

macro_rules! digits {
    () => {
        "[0-9]+"
    };
}

macro_rules! u32_number {
    () => {
        "0*(?:[0-9]{1,9}|[1-3][0-9]{9}|4[01][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}|4294[0-8][0-9]{5}\
         |42949[0-5][0-9]{4}|429496[0-6][0-9]{3}|4294967[01][0-9]{2}|42949672[0-8][0-9]|429496729[0-5])"
    };
}

macro_rules! u16_number {
    () => {
        "0*(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
    };
}

macro_rules! account {
    () => {
        r#"[^@;:="<>(),]+@[^@;:="<>(),.]+(?:\.[^@;:="<>(),.]+)+"#
    };
}

macro_rules! guid {
    () => {
        "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
    };
}

macro_rules! percent_text {
    () => {
        "(?:[^%]|%[0-9A-Fa-f]{2})+"
    };
}

macro_rules! timestamp {
    () => {
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,7})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
    };
}

macro_rules! shapes {
    ($($name:ident $longest:literal $pattern:expr $(, $loose:ident)?;)+) => {
        $(pub(super) const fn $name() -> Shape {
            Shape { pattern: $pattern, longest: $longest, loose: shapes!(@loose $($loose)?) }
        })+
    };
    (@loose) => { false };
    (@loose loose) => { true };
}

shapes! {
    word 0 r"[\s\S]+";
    empty 0 "";
    u32_number 0 u32_number!();
    u16_number 0 u16_number!();
    integer 0 "-?[0-9]+", loose;
    flag 0 "[01]";
    list_bits 0 "0*(?:[0-9]{1,2}|1[01][0-9]|12[0-7])";
    forward_list_bits 0 "0*(?:[0-9]?[13579]|1[01][13579]|12[1357])";
    other_list_bits 0 "0*(?:[0-9]?[02468]|1[01][02468]|12[0246])";
    old_forward_list_bits 0 "0*(?:[13579]|1[135])";
    old_other_list_bits 0 "0*(?:[02468]|1[024])";
    account 129 account!();
    endpoint 168 concat!(account!(), r";\{", guid!(), r"\}");
    peer 168 concat!(account!(), r"(?:;\{", guid!(), r"\})?"), loose;
    address_with_network 0 concat!(digits!(), ":", account!()), loose;
    address_via_circle 0 concat!(digits!(), ":", account!(), ";via=", digits!(), ":", account!()), loose;
    telephone 0 r"tel:[0-9+]+";
    percent_text 0 percent_text!();
    name 387 percent_text!();
    presence 0 "NLN|BSY|IDL|BRB|AWY|PHN|LUN|HDN|FLN";
    capability_pair 0 concat!(u32_number!(), ":", u32_number!());
    msnobj 0 concat!("(?:<|%3[Cc])msnobj(?:", percent_text!(), ")?(?:/|%2[Ff])(?:>|%3[Ee])"), loose;
    guid 0 guid!();
    braced_guid 0 concat!(r"\{", guid!(), r"\}");
    group 0 concat!(guid!(), "|", u32_number!());
    contact_id 129 concat!(guid!(), "|", account!());
    timestamp 0 timestamp!();
    sync_version 0 concat!(timestamp!(), "|", u32_number!());
    lcid 0 "0x[0-9A-Fa-f]{4}";
    product_version 0 r"[0-9]+(?:\.[0-9]+){1,3}";
    url 0 r"[A-Za-z0-9]+://[^?]+(?:\?[\s\S]*)?", loose;
    address 0 concat!("[A-Za-z0-9.-]+(?::", u16_number!(), ")?"), loose;
    alphanumeric 0 "[0-9A-Za-z]+";
    dialect 0 "[0-9]*[A-Za-z][0-9A-Za-z]*";
    security_package 0 "[0-9A-Z]+";
    property_key 0 "[A-Z]{3}";
    md5_digest 0 "[0-9a-f]{32}";
    base64 0 "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)";
    sso_response 0 "HAAAAAEAAAADZgAABIAAAAgAAAAUAAAASAAAA[A-Za-z0-9+/]+=*", loose;
    ticket 0 r"[\s\S]+", loose;
    text_format 0 "[^=;]*=[^;]*(?:;[^=;]*=[^;]*)*[; ]*", loose;
    mail_data 0 r"[Tt][Oo][Oo]-[Ll][Aa][Rr][Gg][Ee]|\s*<[\s\S]*>\s*", loose;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use regex::Regex;

    use crate::msnp::value::KINDS;

    /// Words of the lines of the wiki's examples, and each with a character more, less, or another.
    fn words() -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("wiki/commands");
        let mut words: BTreeSet<String> = KINDS.iter().map(|kind| kind.sample.to_owned()).collect();
        for file in std::fs::read_dir(root).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let lines =
                text.lines().filter(|line| line.starts_with("C: ") || line.starts_with("S: "));
            words.extend(lines.flat_map(|line| line.split(' ').map(str::to_owned)));
        }
        for word in words.clone() {
            let mut shorter = word.clone();
            shorter.pop();
            words.extend([shorter.clone() + "#", word.clone() + "0", format!("-{word}"), shorter]);
        }
        for number in [0_u64, 14, 15, 16, 126, 127, 128, 65535, 65536, 4_294_967_295, 4_294_967_296]
        {
            words.extend([number.to_string(), format!("00{number}")]);
        }
        words
    }

    #[test]
    fn every_shape_says_what_the_check_says() {
        let words = words();
        assert!(words.len() > 3000, "{}", words.len());
        for kind in KINDS {
            let shape = kind.shape;
            let pattern = Regex::new(&format!("^(?:{})$", shape.pattern)).unwrap();
            for word in &words {
                let long = shape.longest > 0 && word.len() > shape.longest;
                let fits = pattern.is_match(word) && !long;
                let right = kind.check(word).is_ok();
                assert!(
                    fits == right || (shape.loose && fits),
                    "{} {word} {:?}",
                    kind.name,
                    kind.check(word)
                );
            }
        }
    }
}
