//! Kinds of value: what the parameters of a form can be.
//!
//! A grammar fence names a kind; what it means stands here, once: a sentence for readers, a check, a sample, and the
//! class that decides its colour.

use std::sync::LazyLock;

use percent_encoding::percent_decode_str;

use super::message::TokenClass;
use super::shape::{self, Shape};
use super::sso::check as sso_response;

/// A kind of value.
pub struct Kind {
    /// Name, as in grammar fences.
    pub name: &'static str,
    /// What it is, as a noun phrase with its article.
    pub meaning: &'static str,
    /// A value of this kind.
    pub sample: &'static str,
    /// What its values are, for colour.
    pub class: TokenClass,
    /// What it looks like, for programs that cannot check it.
    pub shape: Shape,
    /// Says why a text is not of this kind, as a clause that follows the text.
    check: fn(&str) -> Result<(), &'static str>,
}

impl Kind {
    /// Says why `text` is not of this kind, as a clause that follows it: "has no `@`".
    pub fn check(&self, text: &str) -> Result<(), &'static str> {
        (self.check)(text)
    }
}

/// True for a kind whose values a server hands out, and a client gives back unchanged.
pub(super) fn is_issued(kind: &str) -> bool {
    matches!(kind, "cookie" | "session-id")
}

/// True if two texts of a kind mean the same: percent escapes are decoded, and the case of an account does not count.
pub(super) fn same(kind: &str, one: &str, other: &str) -> bool {
    let decoded = |text| percent_decode_str(text).collect::<Vec<u8>>();
    one == other
        || (matches!(kind, "account" | "dialect") && one.eq_ignore_ascii_case(other))
        || decoded(one) == decoded(other)
}

/// The kind of this name.
pub fn find(name: &str) -> Option<&'static Kind> {
    // A line asks for many kinds, and the length tells most of them apart.
    static BY_LENGTH: LazyLock<Vec<Vec<&Kind>>> = LazyLock::new(|| {
        let longest = KINDS.iter().map(|kind| kind.name.len()).max().unwrap_or_default();
        let of = |length| KINDS.iter().filter(|kind| kind.name.len() == length).collect();
        (0..=longest).map(of).collect()
    });
    BY_LENGTH.get(name.len())?.iter().find(|kind| kind.name == name).copied()
}

/// Longest handle in bytes (Internet-Draft of 1999, section 7).
const LONGEST_HANDLE: usize = 129;
/// Longest encoded name in bytes (Internet-Draft of 1999, section 7).
const LONGEST_NAME: usize = 387;

fn word(text: &str) -> Result<(), &'static str> {
    if text.is_empty() { Err("is empty") } else { Ok(()) }
}

fn empty(text: &str) -> Result<(), &'static str> {
    if text.is_empty() { Ok(()) } else { Err("should be empty") }
}

fn digits(text: &str) -> Result<(), &'static str> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { Ok(()) } else { Err("is not a decimal number") }
}

fn u32_number(text: &str) -> Result<(), &'static str> {
    digits(text)?;
    text.parse::<u32>().map(|_| ()).map_err(|_| "is larger than 4294967295")
}

fn u16_number(text: &str) -> Result<(), &'static str> {
    digits(text)?;
    text.parse::<u16>().map(|_| ()).map_err(|_| "is larger than 65535")
}

fn list_bits(text: &str) -> Result<(), &'static str> {
    digits(text)?;
    match text.parse::<u8>() {
        Ok(0..=127) => Ok(()),
        _ => Err("has bits that no list has"),
    }
}

/// The forward list, whose entries alone have groups and a contact id (recorded sessions of 2007 to 2009).
const FORWARD: u8 = 1;
/// The four lists before MSNP10.
const OLD_LISTS: u8 = 15;

fn forward_list_bits(text: &str) -> Result<(), &'static str> {
    list_bits(text)?;
    let forward = text.parse::<u8>().is_ok_and(|bits| bits & FORWARD != 0);
    if forward { Ok(()) } else { Err("does not hold the bit of the forward list, 1") }
}

fn other_list_bits(text: &str) -> Result<(), &'static str> {
    list_bits(text)?;
    let forward = text.parse::<u8>().is_ok_and(|bits| bits & FORWARD != 0);
    if forward { Err("holds the bit of the forward list, 1") } else { Ok(()) }
}

fn old_forward_list_bits(text: &str) -> Result<(), &'static str> {
    old_list_bits(text)?;
    forward_list_bits(text)
}

fn old_other_list_bits(text: &str) -> Result<(), &'static str> {
    old_list_bits(text)?;
    other_list_bits(text)
}

fn old_list_bits(text: &str) -> Result<(), &'static str> {
    list_bits(text)?;
    let old = text.parse::<u8>().is_ok_and(|bits| bits <= OLD_LISTS);
    if old { Ok(()) } else { Err("holds a bit above 8, which came with MSNP10") }
}

fn flag(text: &str) -> Result<(), &'static str> {
    if matches!(text, "0" | "1") { Ok(()) } else { Err("is neither `0` nor `1`") }
}

fn account(text: &str) -> Result<(), &'static str> {
    let Some((local, domain)) = text.split_once('@') else { return Err("has no `@`") };
    if local.is_empty() {
        return Err("has nothing before the `@`");
    }
    if domain.contains('@') {
        return Err("has two `@`");
    }
    if !domain.contains('.') {
        return Err("has a domain without a dot");
    }
    if domain.split('.').any(str::is_empty) {
        return Err("has a domain with an empty part");
    }
    if text.contains([';', ':', '=', '"', '<', '>', '(', ')', ',']) {
        return Err("has a character that no handle has");
    }
    if text.len() > LONGEST_HANDLE { Err("is longer than 129 bytes") } else { Ok(()) }
}

fn endpoint(text: &str) -> Result<(), &'static str> {
    let Some((handle, machine)) = text.split_once(';') else { return Err("has no `;`") };
    account(handle)?;
    braced_guid(machine)
}

fn address_with_network(text: &str) -> Result<(), &'static str> {
    let Some((network, handle)) = text.split_once(':') else {
        return Err("has no network id and `:` in front");
    };
    digits(network).map_err(|_| "has a network id that is not a number")?;
    account(handle)
}

fn address_via_circle(text: &str) -> Result<(), &'static str> {
    let Some((member, circle)) = text.split_once(";via=") else { return Err("has no `;via=`") };
    address_with_network(member)?;
    address_with_network(circle)
}

fn telephone(text: &str) -> Result<(), &'static str> {
    let Some(number) = text.strip_prefix("tel:") else { return Err("does not begin with `tel:`") };
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'+');
    if plain { Ok(()) } else { Err("has something other than digits in its number") }
}

/// Percent escapes are complete; everything else may stand raw, as real servers write it.
fn percent_text(text: &str) -> Result<(), &'static str> {
    word(text)?;
    let complete = text
        .split('%')
        .skip(1)
        .all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()));
    if complete { Ok(()) } else { Err("has a `%` that two hexadecimal digits do not follow") }
}

fn name(text: &str) -> Result<(), &'static str> {
    percent_text(text)?;
    if text.len() > LONGEST_NAME { Err("is longer than 387 bytes") } else { Ok(()) }
}

fn presence(text: &str) -> Result<(), &'static str> {
    let known = ["NLN", "BSY", "IDL", "BRB", "AWY", "PHN", "LUN", "HDN", "FLN"];
    if known.contains(&text) {
        Ok(())
    } else {
        Err("is not a presence (NLN, BSY, IDL, BRB, AWY, PHN, LUN, HDN, FLN)")
    }
}

fn capability_pair(text: &str) -> Result<(), &'static str> {
    let Some((plain, extended)) = text.split_once(':') else { return Err("has no `:`") };
    u32_number(plain).and(u32_number(extended))
}

fn msnobj(text: &str) -> Result<(), &'static str> {
    percent_text(text)?;
    let decoded = percent_decode_str(text).decode_utf8_lossy();
    if !decoded.starts_with("<msnobj") {
        return Err("does not begin with `<msnobj`, percent-encoded");
    }
    if !decoded.trim_end().ends_with("/>") {
        return Err("does not end in `/>`, percent-encoded");
    }
    super::object::check(&decoded)
}

fn guid(text: &str) -> Result<(), &'static str> {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths = [8, 4, 4, 4, 12];
    if parts.len() != lengths.len() {
        return Err("is not five groups joined by `-`");
    }
    if !parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return Err("has a character that is no hexadecimal digit");
    }
    let right = parts.iter().zip(lengths).all(|(part, length)| part.len() == length);
    if right { Ok(()) } else { Err("does not have groups of 8, 4, 4, 4 and 12 digits") }
}

fn braced_guid(text: &str) -> Result<(), &'static str> {
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    inner.map_or(Err("is not in braces"), guid)
}

fn group(text: &str) -> Result<(), &'static str> {
    if text.contains('-') { guid(text) } else { u32_number(text).map_err(|_| NEITHER_GROUP) }
}

const NEITHER_GROUP: &str = "is neither a number nor a GUID";

fn contact_id(text: &str) -> Result<(), &'static str> {
    if text.contains('@') { account(text) } else { guid(text) }
}

fn timestamp(text: &str) -> Result<(), &'static str> {
    let wrong = Err("is not a time such as `2005-04-23T18:57:44.8130000-07:00`");
    let Some((date, time)) = text.split_once('T') else { return wrong };
    let Some(split) = time.find(['+', '-', 'Z']) else { return wrong };
    let Some((clock, zone)) = time.split_at_checked(split) else { return wrong };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let zone_fits = zone == "Z" || shape(zone.get(1..).unwrap_or_default()) == "99:99";
    let fits = shape(date) == "9999-99-99"
        && shape(clock) == "99:99:99"
        && (1..=7).contains(&fraction.len())
        && digits(fraction).is_ok();
    if fits && zone_fits { Ok(()) } else { wrong }
}

/// The text with every digit as `9`.
fn shape(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect()
}

fn sync_version(text: &str) -> Result<(), &'static str> {
    let either = Err("is neither a number nor a time");
    if text.contains('T') { timestamp(text) } else { u32_number(text).or(either) }
}

fn lcid(text: &str) -> Result<(), &'static str> {
    let number = text.strip_prefix("0x").unwrap_or_default();
    let fits = number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits { Ok(()) } else { Err("is not a locale such as `0x0409`") }
}

fn product_version(text: &str) -> Result<(), &'static str> {
    let parts: Vec<&str> = text.split('.').collect();
    let fits = (2..=4).contains(&parts.len()) && parts.iter().all(|part| digits(part).is_ok());
    if fits { Ok(()) } else { Err("is not a version such as `6.0.0602`") }
}

fn url(text: &str) -> Result<(), &'static str> {
    let Some((scheme, rest)) = text.split_once("://") else { return Err("is not a URL") };
    let fits = !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric());
    let place = rest.split('?').next().unwrap_or_default();
    if fits && !place.is_empty() && !place.contains("://") { Ok(()) } else { Err("is not a URL") }
}

fn address(text: &str) -> Result<(), &'static str> {
    let (host, port) = text.rsplit_once(':').unwrap_or((text, "1863"));
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    if host.is_empty() || !host.bytes().all(plain) {
        return Err("has no host name or IPv4 address");
    }
    let numbers = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let parts = host.split('.');
    if numbers
        && !(parts.clone().count() == 4 && parts.into_iter().all(|p| p.parse::<u8>().is_ok()))
    {
        return Err("has an IPv4 address that cannot be one");
    }
    let port_fits = u16_number(port).is_ok() && port != "0";
    if port_fits { Ok(()) } else { Err("has a port that is not a number from 1 to 65535") }
}

fn alphanumeric(text: &str) -> Result<(), &'static str> {
    let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits { Ok(()) } else { Err("has something other than letters and digits") }
}

fn dialect(text: &str) -> Result<(), &'static str> {
    alphanumeric(text)?;
    let number = text.bytes().all(|byte| byte.is_ascii_digit());
    if number { Err("is a number, not the name of a version") } else { Ok(()) }
}

fn security_package(text: &str) -> Result<(), &'static str> {
    let fits =
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if fits { Ok(()) } else { Err("is not a name in capitals") }
}

fn md5_digest(text: &str) -> Result<(), &'static str> {
    if text.len() != 32 {
        return Err("does not have 32 characters");
    }
    let fits = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if fits { Ok(()) } else { Err("has a character that is no lower-case hexadecimal digit") }
}

fn base64(text: &str) -> Result<(), &'static str> {
    let data = text.trim_end_matches('=');
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    if text.is_empty() || !data.bytes().all(plain) {
        return Err("has a character that is not of base64");
    }
    let fits = text.len().is_multiple_of(4) && text.len() - data.len() <= 2;
    if fits { Ok(()) } else { Err("is not base64 of a whole number of bytes") }
}

/// The response of a login by SSO begins with numbers that are always the same (see `sso`); in a ticket, they stand behind
/// a lost blank.
fn ticket(text: &str) -> Result<(), &'static str> {
    word(text)?;
    let glued = text.contains("HAAAAAEAAAADZgAABIAAAAgAAAAUAAAASAAAA");
    if glued {
        Err("has the response of the login in it; the blank between them is lost")
    } else {
        Ok(())
    }
}

fn property_key(text: &str) -> Result<(), &'static str> {
    let fits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if fits { Ok(()) } else { Err("is not three capitals") }
}

fn integer(text: &str) -> Result<(), &'static str> {
    digits(text.strip_prefix('-').unwrap_or(text))?;
    text.parse::<i64>().map(|_| ()).map_err(|_| "is too large")
}

fn peer(text: &str) -> Result<(), &'static str> {
    if text.contains(';') { endpoint(text) } else { account(text) }
}

/// Fields of two or more capitals with `=`, parted by `;`. Clients add fields of their own, so only known ones are looked into.
fn text_format(text: &str) -> Result<(), &'static str> {
    for field in text.trim_end_matches([';', ' ']).split(';') {
        let Some((key, value)) = field.trim().split_once('=') else {
            return Err("has a field without `=`");
        };
        let hexadecimal = value.len() <= 6 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        match key {
            "FN" => percent_text(value).or(if value.is_empty() {
                Ok(())
            } else {
                Err("has a font with a `%` that two hexadecimal digits do not follow")
            })?,
            "EF" if !value.bytes().all(|byte| b"BIUSbius".contains(&byte)) => {
                return Err("has an effect `EF` other than B, I, U and S");
            }
            "CO" if !hexadecimal => {
                return Err("has a colour `CO` that is not up to six hexadecimal digits");
            }
            _ => {}
        }
    }
    Ok(())
}

/// XML, or the word a server sends when the list does not fit.
fn mail_data(text: &str) -> Result<(), &'static str> {
    if text.eq_ignore_ascii_case("too-large") {
        return Ok(());
    }
    super::payload::well_formed(text).map_err(|_| "is not a well-formed element")
}

macro_rules! kinds {
    ($($name:literal $class:ident $check:ident $sample:literal $meaning:literal)+) => {
        /// Every kind, by name.
        pub static KINDS: &[Kind] = &[$(Kind {
            name: $name,
            meaning: $meaning,
            sample: $sample,
            class: TokenClass::$class,
            shape: shape::$check(),
            check: $check,
        }),+];
    };
}

kinds! {
    "account" Name account "alice@example.com" "a handle: a local part, `@` and a domain with a dot, at most 129 bytes"
    "address" Name address "192.0.2.5:1863" "a host name or IPv4 address, with or without a port"
    "address-via-circle" Name address_via_circle "1:carol@example.com;via=9:00000000-0000-0000-0009-000000000001@live.com" "a member of a circle, and the circle"
    "address-with-network" Name address_with_network "1:alice@example.com" "a network id and a handle"
    "base64" Value base64 "QUJD" "bytes in base64"
    "braced-guid" Value braced_guid "{44bfd5a4-7450-4bda-ba3a-c51b3031126d}" "a GUID in braces"
    "capabilities" Number u32_number "268435508" "the bits of what a client can do, as a decimal number"
    "capability-pair" Number capability_pair "268435508:48" "capabilities and extended capabilities"
    "challenge" Value word "15570131571988941333" "what a server wants to have hashed"
    "contact-id" Value contact_id "c1f9a363-4ee9-4a33-a434-b056a4c55b98" "a contact's GUID, or its handle where the address book was not migrated"
    "cookie" Value word "17262740.1050826919.32308" "a secret that opens a switchboard"
    "dialect" Value dialect "MSNP8" "the name of a protocol version"
    "empty" Value empty "" "a parameter with no characters"
    "endpoint" Name endpoint "alice@example.com;{44bfd5a4-7450-4bda-ba3a-c51b3031126d}" "a handle and the GUID of a computer"
    "flag" Number flag "1" "`0` or `1`"
    "forward-list-bits" Number forward_list_bits "11" "the lists of a contact on the forward list, as a sum of bits"
    "group" Value group "1" "a group's number, or its GUID"
    "group-id" Number u32_number "1" "a group's number"
    "group-name" Name name "Friends" "a group's name, percent-encoded"
    "guid" Value guid "f60efbe7-94af-4b16-b926-e4e10878d329" "a GUID"
    "index" Number u32_number "1" "the number of a row, from 1 to the total"
    "integer" Number integer "-1" "a number, perhaps below 0"
    "lcid" Value lcid "0x0409" "a Windows locale in hexadecimal"
    "length" Length u32_number "0" "how many bytes the payload has"
    "list-bits" Number list_bits "11" "the lists somebody is on, as a sum of bits"
    "list-version" Number u32_number "255" "the version of the lists"
    "mail-data" Value mail_data "<MD/>" "a description of a mailbox in XML, or `too-large`"
    "md5-digest" Value md5_digest "d41d8cd98f00b204e9800998ecf8427e" "an MD5 digest in lower-case hexadecimal"
    "minutes" Number u32_number "6" "a number of minutes"
    "msnobj" Value msnobj "%3Cmsnobj%2F%3E" "a percent-encoded MSNObject"
    "network-id" Number u32_number "1" "the number of a network"
    "nickname" Name name "Alice" "a display name, percent-encoded, at most 387 bytes"
    "nonce" Value base64 "d/N+VbfleVbOBscyc5N2JbjxCKBHzaXl8UGVH5nOi4fEsU4XlFFfatHV14YXzUMg" "random bytes of a server in base64, for the response of a login by SSO"
    "old-forward-list-bits" Number old_forward_list_bits "11" "the lists of a contact on the forward list, as a sum of 1, 2, 4 and 8"
    "old-other-list-bits" Number old_other_list_bits "2" "the lists of somebody not on the forward list, as a sum of 2, 4 and 8"
    "other-list-bits" Number other_list_bits "2" "the lists of somebody not on the forward list, as a sum of bits"
    "peer" Name peer "alice@example.com" "a handle, with or without the GUID of a computer"
    "presence" Keyword presence "NLN" "a presence: NLN, BSY, IDL, BRB, AWY, PHN, LUN, HDN or FLN"
    "product-id" Value word "msmsgs@msnmsgr.com" "the name of a client that can answer challenges"
    "product-version" Value product_version "6.0.0602" "a client's version"
    "property-key" Keyword property_key "PHH" "a property's name, three capitals"
    "seconds" Number u32_number "50" "a number of seconds"
    "security-package" Keyword security_package "TWN" "the name of a login method"
    "session-id" Value alphanumeric "11752013" "the name of a conversation on a switchboard"
    "site-id" Number u32_number "2" "the number of a web site"
    "sso-response" Value sso_response "HAAAAAEAAAADZgAABIAAAAgAAAAUAAAASAAAAAECAwQFBgcIK/sF6yKeuKGypsAzuaNb89w6gBsvpAp0bJXfHDZntUVFJ7izkQGaHJ7RGhNmlsF2hANshPozBlCQOuCIxB03uh/R+pNFg6SsPqXYCxU2XWbzfngA3qIb5fJjjPg=" "the proof of a login by SSO: 128 bytes in base64"
    "sync-version" Value sync_version "2005-04-23T18:57:44.8130000-07:00" "the version of the lists: a number, or a time"
    "telephone" Name telephone "tel:15550100" "a telephone number"
    "text" Value percent_text "555%200100" "percent-encoded text"
    "text-format" Value text_format "FN=Arial; EF=B; CO=ff; CS=0; PF=22" "font, effects and colour of a text"
    "ticket" Value ticket "t=token&p=profile" "what a login service gave"
    "timestamp" Value timestamp "2005-04-23T18:57:44.8130000-07:00" "a time with its zone"
    "total" Number u32_number "1" "how many rows there are"
    "trid" Trid u32_number "1" "a transaction id"
    "u16" Number u16_number "1" "a number below 65536"
    "u32" Number u32_number "1" "a number below 4294967296"
    "url" Value url "http://messenger.msn.com" "a URL"
    "word" Value word "winnt" "any characters but a blank"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_accepts_its_sample_and_names_are_sorted() {
        for kind in KINDS {
            assert_eq!(kind.check(kind.sample), Ok(()), "{}", kind.name);
        }
        assert!(KINDS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    #[test]
    fn kinds_refuse_what_people_get_wrong() {
        for (kind, text, why) in [
            ("account", "bob@example", "has a domain without a dot"),
            ("account", "bobexample.com", "has no `@`"),
            (
                "group",
                "f60efbe7-94af-4b16-b926-e4e10878d32",
                "does not have groups of 8, 4, 4, 4 and 12 digits",
            ),
            ("nickname", "a%2", "has a `%` that two hexadecimal digits do not follow"),
            ("trid", "4294967296", "is larger than 4294967295"),
            ("presence", "ONL", "is not a presence (NLN, BSY, IDL, BRB, AWY, PHN, LUN, HDN, FLN)"),
            (
                "sync-version",
                "2005-04-23T18:57:44.81300000-07:00",
                "is not a time such as `2005-04-23T18:57:44.8130000-07:00`",
            ),
            ("msnobj", "%3Cmsnobj%2F", "does not end in `/>`, percent-encoded"),
            (
                "md5-digest",
                "D41D8CD98F00B204E9800998ECF8427E",
                "has a character that is no lower-case hexadecimal digit",
            ),
            ("text-format", "FN=Arial; EF=X; CO=0", "has an effect `EF` other than B, I, U and S"),
            (
                "text-format",
                "FN=Arial; CO=#ff0000",
                "has a colour `CO` that is not up to six hexadecimal digits",
            ),
            ("text-format", "Arial", "has a field without `=`"),
            ("old-other-list-bits", "16", "holds a bit above 8, which came with MSNP10"),
            ("other-list-bits", "3", "holds the bit of the forward list, 1"),
            ("forward-list-bits", "2", "does not hold the bit of the forward list, 1"),
            ("integer", "--1", "is not a decimal number"),
            ("mail-data", "<MD>", "is not a well-formed element"),
            ("url", "http://a.example/http://b.example/", "is not a URL"),
        ] {
            assert_eq!(find(kind).unwrap().check(text), Err(why), "{kind} {text}");
        }
    }
}
