//! One mail, decoded: who sent it, what it answers, and the text that may hold a patch.
//!
//! In: the bytes of a mail. Out: a [`Mail`]. MIME, transfer encodings and character sets are mail-parser's business; what it decoded
//! is the only thing that anything later looks at. A patch may stand in the body or be attached, once.

use mail_parser::{
    Address, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders as _, PartType,
};

use super::Refusal;

/// Someone with an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    /// Name; empty where none is given.
    pub name: String,
    /// Address, without angle brackets.
    pub address: String,
}

/// A mail, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its number as it came, from 1.
    pub number: usize,
    /// Its sender by the header.
    pub from: Person,
    /// Its subject.
    pub subject: String,
    /// When it was written: seconds since 1970, and minutes east of Greenwich; `None` where that cannot be read.
    pub date: Option<(i64, i32)>,
    /// Its own id, without angle brackets; empty for none.
    pub id: String,
    /// The ids of the mails that it follows, oldest first.
    pub references: Vec<String>,
    /// The text: the body, or what is attached.
    pub text: String,
    /// True where the patch was attached and names an author of its own.
    pub attached: bool,
    /// True if the mail's program broke lines softly (`format=flowed`).
    pub flowed: bool,
}

impl Person {
    /// `Name <address>`.
    pub fn full(&self) -> String {
        if self.name.is_empty() {
            return format!("<{}>", self.address);
        }
        format!("{} <{}>", self.name, self.address)
    }

    /// Reads `Name <address>`, or an address alone.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (name, address) = match text.rsplit_once('<') {
            Some((name, rest)) => (name.trim().trim_matches('"'), rest.strip_suffix('>')?),
            None => ("", text),
        };
        let plain = !address.is_empty()
            && address.contains('@')
            && !address.chars().any(|c| c.is_whitespace() || matches!(c, '<' | '>'));
        plain.then(|| Self { name: name.to_owned(), address: address.to_owned() })
    }

    /// True for the same address, in whatever letters.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.address.eq_ignore_ascii_case(&other.address)
    }
}

/// Decodes the mail that came as number `number`.
pub fn decode(number: usize, bytes: &[u8]) -> Result<Mail, Refusal> {
    let refuse = |reason, message: &str, help| Err(Refusal::new(number, reason, message, help));
    let Some(message) = MessageParser::default().parse(bytes) else {
        return refuse("no-mail", "this is no mail", "save the mail itself, with its headers");
    };
    let from = match message.from().map(persons) {
        Some(persons) if persons.len() == 1 => persons.into_iter().next(),
        _ => None,
    };
    let Some(from) = from.filter(|person| Person::parse(&person.full()).is_some()) else {
        let help = "save the mail itself, with its headers";
        return refuse("no-sender", "the mail does not say in one address who sent it", help);
    };
    let date = message.date().filter(|date| date.is_valid()).map(|date| {
        let minutes = i32::from(date.tz_hour) * 60 + i32::from(date.tz_minute);
        (date.to_timestamp(), if date.tz_before_gmt { -minutes } else { minutes })
    });
    let (text, attached, flowed) = text(number, &message)?;
    let mail = Mail {
        number,
        from,
        subject: message.subject().unwrap_or_default().to_owned(),
        date,
        id: message.message_id().unwrap_or_default().to_owned(),
        references: references(&message),
        text,
        attached,
        flowed,
    };
    let fields = [&mail.subject, &mail.from.name, &mail.from.address, &mail.id];
    if fields.into_iter().chain(&mail.references).any(|field| field.chars().any(is_harmful)) {
        return refuse(
            "control-characters",
            "a header holds control characters",
            "no mail program writes them; ask the sender what happened",
        );
    }
    Ok(mail)
}

fn persons(address: &Address<'_>) -> Vec<Person> {
    let person = |one: &mail_parser::Addr<'_>| Person {
        name: one.name().unwrap_or_default().trim().to_owned(),
        address: one.address().unwrap_or_default().to_owned(),
    };
    address.iter().map(person).collect()
}

fn references(message: &Message<'_>) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for value in [message.references(), message.in_reply_to()] {
        let found: Vec<String> = match value {
            HeaderValue::Text(id) => vec![id.to_string()],
            HeaderValue::TextList(list) => list.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        for id in found {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids
}

/// A character that no header, message or name has for a good reason: a control, or one that turns the direction of writing.
pub(super) fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}'
            | '\u{E0000}'..='\u{E007F}')
}

/// The text that may hold a patch, whether it was attached with an author of its own, and whether it is flowed.
fn text(number: usize, message: &Message<'_>) -> Result<(String, bool, bool), Refusal> {
    let refuse = |reason, said: &str, help| Err(Refusal::new(number, reason, said, help));
    let inside = message.parts.iter().any(|part| matches!(part.body, PartType::Message(_)));
    if inside {
        let help = "save the mail inside, and check that one";
        return refuse("mail-in-mail", "the mail holds another mail", help);
    }
    let texts: Vec<(&MessagePart<'_>, String)> = message.parts.iter().filter_map(plain).collect();
    let with_patch: Vec<_> = texts.iter().filter(|(_, text)| holds_diff(text)).collect();
    if with_patch.len() > 1 {
        let help = "send one patch a mail: `git send-email` does";
        return refuse("several-patches", "more than one part of the mail holds a patch", help);
    }
    let first = texts.first().map(|(part, text)| (*part, text.as_str()));
    let Some((part, text)) =
        with_patch.first().map(|(part, text)| (*part, text.as_str())).or(first)
    else {
        let html = message.parts.iter().any(|part| matches!(part.body, PartType::Html(_)));
        if html {
            let help = "ask for plain text: HTML loses the blanks that a patch is made of";
            return refuse("html-only", "the mail is HTML only", help);
        }
        return Ok((String::new(), false, false));
    };
    if part.is_encoding_problem || text.contains('\u{FFFD}') {
        let help = "ask for it again, attached, or through `git send-email`";
        return refuse("broken-encoding", "bytes of the patch were lost on the way", help);
    }
    let format = part.content_type().and_then(|kind| kind.attribute("format"));
    let flowed = format.is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
    let is_first = first.is_some_and(|(other, _)| std::ptr::eq(other, part));
    if is_first {
        return Ok((text.to_owned(), false, flowed));
    }
    // An attached file of `git format-patch` is a mail of its own; a bare diff goes with the words of the mail.
    if let Some(inner) = attached_mail(number, text) {
        return inner.map(|text| (text, true, flowed));
    }
    let words = first.map_or("", |(_, text)| text).trim_end();
    Ok((format!("{words}\n---\n{text}"), false, flowed))
}

/// The text of an attached mail, its author and subject in front as lines of the body.
fn attached_mail(number: usize, text: &str) -> Option<Result<String, Refusal>> {
    let is_mail = text.starts_with("From ") || text.starts_with("From: ");
    if !is_mail {
        return None;
    }
    let mail = super::mailbox::split(text.as_bytes()).into_iter().next()?;
    // Attachments inside would make this go round; a patch has none.
    let message = MessageParser::default().parse(&mail)?;
    let from = message.from().map(persons).unwrap_or_default();
    let (from, subject) = (from.first()?.full(), message.subject().unwrap_or_default().to_owned());
    if from.chars().chain(subject.chars()).any(is_harmful) {
        let said = "a header of the attached patch holds control characters";
        let help = "no mail program writes them; ask the sender what happened";
        return Some(Err(Refusal::new(number, "control-characters", said, help)));
    }
    let body = message.parts.first().and_then(plain).map(|(_, text)| text)?;
    Some(Ok(format!("From: {from}\nSubject: {subject}\n\n{body}")))
}

/// The text of a part, if it is text and not HTML.
fn plain<'a>(part: &'a MessagePart<'a>) -> Option<(&'a MessagePart<'a>, String)> {
    let text = match &part.body {
        PartType::Text(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            let name = part.attachment_name().unwrap_or_default().to_ascii_lowercase();
            let is_patch = [".patch", ".diff", ".txt"].iter().any(|ending| name.ends_with(ending));
            is_patch.then(|| String::from_utf8_lossy(bytes).into_owned())?
        }
        _ => return None,
    };
    Some((part, text))
}

fn holds_diff(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("diff --git "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(headers: &str, body: &str) -> Result<Mail, Refusal> {
        decode(
            1,
            format!("From: =?utf-8?q?Zo=C3=AB?= <zoe@example.org>\n{headers}\n\n{body}").as_bytes(),
        )
    }

    #[test]
    fn encodings_are_undone_before_anything_is_looked_at() {
        let base64 = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64";
        assert_eq!(decoded(base64, "ZMOpZiAgCg==").unwrap().text, "déf  \n");
        let quoted = "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable";
        assert_eq!(decoded(quoted, "d=E9f=20\n").unwrap().text, "déf \n");
        assert_eq!(decoded("Subject: x", "").unwrap().from.name, "Zoë");
        let date = decoded("Date: Mon, 1 Jan 2024 00:00:00 -0130", "").unwrap().date;
        assert_eq!(date, Some((1_704_072_600, -90)));
    }

    #[test]
    fn controls_in_headers_are_refused_also_where_they_are_encoded() {
        let refused = decoded("Subject: =?utf-8?q?a=1B[2Jb?=", "").unwrap_err();
        assert_eq!(refused.reason, "control-characters");
    }
}
