//! The response of a login by SSO (MSNP15 and later).
//!
//! It proves that a client holds the secret that Passport gave out with a ticket: a head of seven numbers, a start
//! vector, the nonce hashed, the nonce encrypted. Sources: the description of NINA's wiki, Pidgin (libpurple), and
//! two vectors that the tests of several clients share.

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, PAD, STANDARD};
use cbc::cipher::{Array, BlockModeEncrypt as _, KeyIvInit as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// Size of the head, mode (CBC), cipher (triple DES), hash (SHA-1), and the sizes of the three parts behind the head.
const HEAD: [u32; 7] = [28, 1, 0x6603, 0x8004, 8, 20, 72];
/// Bytes of a whole response.
const SIZE: usize = 128;
/// Where the start vector stands.
const START_VECTOR: std::ops::Range<usize> = 28..36;
/// Characters of a nonce.
const NONCE: usize = 64;

/// A secret's last character may hold bits that belong to no byte: one of the shared vectors is of that kind.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, PAD.with_decode_allow_trailing_bits(true));

/// Says why a text is not the response of a login by SSO, whatever its secret, as a clause that follows it.
pub(super) fn check(text: &str) -> Result<(), &'static str> {
    let Ok(bytes) = STANDARD.decode(text) else { return Err("is not base64") };
    if bytes.len() != SIZE {
        return Err("is not base64 of 128 bytes");
    }
    if bytes.get(..START_VECTOR.start) != Some(head().as_slice()) {
        return Err("does not begin with the numbers 28, 1, 0x6603, 0x8004, 8, 20 and 72");
    }
    Ok(())
}

/// The response to `nonce` with a binary secret (in base64) and the start vector that `given` has; `None` where one of
/// them cannot be what it should be.
pub(super) fn response(secret: &str, nonce: &str, given: &str) -> Option<String> {
    let secret = LENIENT.decode(secret).ok()?;
    let given = STANDARD.decode(given).ok().filter(|bytes| bytes.len() == SIZE)?;
    let start_vector: [u8; 8] = given.get(START_VECTOR)?.try_into().ok()?;
    if nonce.len() != NONCE {
        return None;
    }
    let hash = hmac(&derived(&secret, "HASH")?, &[nonce.as_bytes()])?;
    let encrypted = encrypted(nonce, &derived(&secret, "ENCRYPTION")?, start_vector)?;
    Some(STANDARD.encode([&head(), &start_vector[..], &hash, &encrypted].concat()))
}

fn head() -> Vec<u8> {
    HEAD.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// A key of 24 bytes for one purpose.
fn derived(secret: &[u8], purpose: &str) -> Option<[u8; 24]> {
    let text = format!("WS-SecureConversationSESSION KEY {purpose}").into_bytes();
    let first = hmac(secret, &[&text])?;
    let second = hmac(secret, &[&first, &text])?;
    let third = hmac(secret, &[&first])?;
    let fourth = hmac(secret, &[&third, &text])?;
    [&second[..], fourth.get(..4)?].concat().try_into().ok()
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Option<[u8; 20]> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac.finalize().into_bytes().into())
}

/// The nonce and eight bytes of 8, by triple DES in CBC mode.
fn encrypted(nonce: &str, key: &[u8; 24], start_vector: [u8; 8]) -> Option<Vec<u8>> {
    let mut cipher = cbc::Encryptor::<des::TdesEde3>::new_from_slices(key, &start_vector).ok()?;
    let mut bytes = nonce.as_bytes().to_vec();
    bytes.extend([8; 8]);
    for chunk in bytes.chunks_exact_mut(8) {
        let block: &mut Array<u8, _> = chunk.try_into().ok()?;
        cipher.encrypt_block(block);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD_AND_ZEROS: &str = "HAAAAAEAAAADZgAABIAAAAgAAAAUAAAASAAAAAAAAAAAAAAA";

    /// The vectors with all letters alike are in the tests of several Ruby and PHP clients, the first one also in
    /// descriptions of the algorithm; the wiki's own was made with Python's `hmac` and OpenSSL's `des-ede3-cbc`.
    #[test]
    fn published_vectors_verify() {
        let a = format!(
            "{HEAD_AND_ZEROS}7XgT5ohvaZdoXdrWUUcMF2G8OK2JohyYcK5l5MJSitab33scxJeK/RQXcUr0L+R2ZA9CEAzn0izmUzSMp2LZdxSbHtnuxCmptgtoScHp9E26HjQVkA9YJxgK/HM="
        );
        let b = format!(
            "{HEAD_AND_ZEROS}ywfWRZVnRRZTqPkW6HBIrOmPuYiFbzcpvYmP2QzhpH+VdKwtqUTt/gdbDqlMZvR1o7ve9ex44otMOxYtnNYIQ+lfoj+PKcsHT+T7GA1hfMsTVbGqoYYe3B5/WW0="
        );
        let own = "HAAAAAEAAAADZgAABIAAAAgAAAAUAAAASAAAAAECAwQFBgcIK/sF6yKeuKGypsAzuaNb89w6gBsvpAp0bJXfHDZntUVFJ7izkQGaHJ7RGhNmlsF2hANshPozBlCQOuCIxB03uh/R+pNFg6SsPqXYCxU2XWbzfngA3qIb5fJjjPg=";
        let nonce = "d/N+VbfleVbOBscyc5N2JbjxCKBHzaXl8UGVH5nOi4fEsU4XlFFfatHV14YXzUMg";
        let letters = |letter: &str, count| format!("{}=", letter.repeat(count));
        for (secret, nonce, answer) in [
            (letters("A", 31), letters("A", 63), a),
            (letters("B", 31), letters("B", 63), b),
            ("ncpmbrVHMHFGMNFRkmSnvx7qrQC48u3J".into(), nonce.into(), own.into()),
        ] {
            assert_eq!(check(&answer), Ok(()));
            assert_eq!(response(&secret, &nonce, &answer), Some(answer));
        }
    }

    #[test]
    fn a_response_has_a_size_and_a_head() {
        assert_eq!(check("QUJD"), Err("is not base64 of 128 bytes"));
        let other = STANDARD.encode([0; SIZE]);
        assert!(check(&other).is_err_and(|why| why.starts_with("does not begin")));
        assert_eq!(response("QUJD", "short", &other), None);
    }
}
