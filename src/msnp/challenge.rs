//! Answers to challenges: the MD5 login, and `QRY` in its two algorithms.
//!
//! Sources: published vectors of the MSNP11 algorithm, one of them accepted by Microsoft's server, and the same
//! control flow in several clients; the older two are a plain MD5 of two strings (Internet-Draft of 1999, section 7.2, and
//! hypothetic.org).

use md5::{Digest, Md5};

/// The digest of a login by MD5 (MSNP2 to MSNP7): challenge and password, in 32 lower-case hexadecimal digits.
pub fn login_digest(challenge: &str, password: &str) -> String {
    hex(&md5(&[challenge, password]))
}

/// The answer to `CHL` in MSNP6 to MSNP10: challenge and product key, in 32 lower-case hexadecimal digits.
pub fn old_answer(challenge: &str, key: &str) -> String {
    hex(&md5(&[challenge, key]))
}

/// The answer to `CHL` since MSNP11, in 32 lower-case hexadecimal digits.
///
/// Challenge and product id, filled with `0` to a multiple of eight bytes, are folded in pairs of words over a
/// 31-bit field whose constants come from the digest; the result is laid over the digest. Where the length already is
/// a multiple of eight, most clients add eight more (the first answer) and Pidgin none (the second); with real challenges
/// both are the same.
pub fn new_answers(challenge: &str, product_id: &str, key: &str) -> [String; 2] {
    let text = format!("{challenge}{product_id}").into_bytes();
    let missing = 8 - text.len() % 8;
    [missing, missing % 8].map(|zeros| {
        let mut padded = text.clone();
        padded.resize(text.len() + zeros, b'0');
        folded(&padded, &md5(&[challenge, key]))
    })
}

/// The digest with the text folded over it, in hexadecimal. The text's length is a multiple of eight.
fn folded(text: &[u8], digest: &[u8]) -> String {
    const MAGIC: u64 = 0x0E79_A9C1;
    const FIELD: u64 = 0x7FFF_FFFF;
    let digest = words(digest);
    let [m0, m1, m2, m3] = digest.map(|word| u64::from(word) & FIELD);
    let (mut high, mut low) = (0_u64, 0_u64);
    for pair in text.chunks_exact(8) {
        let [first, second, ..] = words(pair);
        let mixed = (u64::from(first) * MAGIC % FIELD + high) * m0 + m1;
        let mixed = mixed % FIELD;
        high = ((u64::from(second) + mixed) % FIELD * m2 + m3) % FIELD;
        low += high + mixed;
    }
    high = (high + m1) % FIELD;
    low = (low + m3) % FIELD;
    let [w0, w1, w2, w3] = digest;
    let high = u32::try_from(high).unwrap_or_default();
    let low = u32::try_from(low).unwrap_or_default();
    let answer = [w0 ^ high, w1 ^ low, w2 ^ high, w3 ^ low];
    hex(&answer.map(u32::to_le_bytes).concat())
}

fn md5(parts: &[&str]) -> [u8; 16] {
    let mut hash = Md5::new();
    for part in parts {
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// Up to four little-endian words from the front of `bytes`; missing ones are 0.
fn words(bytes: &[u8]) -> [u32; 4] {
    let mut words = [0; 4];
    for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(4)) {
        *word = chunk.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte));
    }
    words
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors_verify() {
        let answers = new_answers("22210219642164014968", "PROD0090YUAUV{2B", "YMM8C_H7KCQ2S_KL");
        assert_eq!(answers, ["85ecb0db8f32113df79ce0892b9a102c"; 2]);
    }

    #[test]
    fn the_older_algorithms_are_md5_of_both_strings() {
        assert_eq!(login_digest("abc", ""), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(old_answer("a", "bc"), "900150983cd24fb0d6963f7d28e17f72");
    }
}
