//! The text of a mail as a commit's message and a diff, the way `git am` would take them apart.
//!
//! In: a [`Mail`]. Out: a [`Letter`]: the author that counts, the message, the sign-offs, the diff. What `git am` would understand and a
//! reader would not see, such as a diff in the middle of the message, is refused.

use super::mail::{Mail, Person, is_harmful};
use super::{Diff, Refusal, Remark, diff};
use crate::report::Severity;

/// A mail, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The mail.
    pub mail: Mail,
    /// Who gets the commit: the header's sender, or the one that the body names.
    pub author: Person,
    /// First line of the commit's message, without `[PATCH 1/2]`.
    pub title: String,
    /// The whole message of the commit.
    pub message: String,
    /// Place in a series and its length, as the subject says.
    pub place: Option<(usize, usize)>,
    /// The diff; none for words only.
    pub diff: Option<Diff>,
    /// What a reader should know.
    pub remarks: Vec<Remark>,
}

const SEPARATE: &str = "make the mail with `git format-patch`: the message ends at a line `---`";

/// Takes a mail apart.
pub fn read(mut mail: Mail) -> Result<Letter, Refusal> {
    let number = mail.number;
    let mut remarks = Vec::new();
    let mut remark = |name, severity, message: String, help| {
        remarks.push(Remark { mail: number, name, severity, message, help });
    };
    let text = std::mem::take(&mut mail.text);
    let text = if is_all_crlf(&text) { text.replace("\r\n", "\n") } else { text };
    let has_diff = text.lines().any(|line| line.starts_with("diff --git "));
    if mail.flowed && has_diff {
        let help = "the sender's mail program sends `format=flowed`: in Thunderbird set `mailnews.send_plaintext_flowed` \
                    to false; or send with `git send-email`, or attach the file";
        return Err(Refusal::new(
            number,
            "flowed",
            "the mail's lines are flowed, which loses blanks",
            help,
        ));
    }
    let (fields, body) = in_body(&text);
    let (author, subject) = named(&mail, &fields)?;
    if !author.is(&mail.from) {
        let said =
            format!("`{}` sent it, and names `{}` as author", mail.from.full(), author.full());
        let help = "ask the author whether that is so, then add `--allow author`";
        remark("author-differs", Severity::Error, said, help);
    }
    let (message, below) = parted(number, body)?;
    let (title, place) = titled(&subject);
    let message = format!("{title}\n\n{}", message.trim()).trim_end().to_owned() + "\n";
    let plain = |c: char| matches!(c, '\n' | '\t') || !is_harmful(c);
    if !message.chars().all(plain) || author.full().chars().any(is_harmful) {
        let help = "no editor writes them; ask the sender what happened";
        let said = "the message holds control characters";
        return Err(Refusal::new(number, "control-characters", said, help));
    }
    let diff = below.map(|below| diff::read(number, below)).transpose()?;
    if diff.is_some() {
        if title.is_empty() {
            return Err(Refusal::new(number, "no-subject", "the mail has no subject", SEPARATE));
        }
        if mail.date.is_none() {
            let help = "save the mail itself, with its headers";
            return Err(Refusal::new(number, "no-date", "the mail's date cannot be read", help));
        }
        sign_offs(number, &author, &message, &mut remarks)?;
    }
    Ok(Letter { mail, author, title, message, place, diff, remarks })
}

/// Author and subject: those of the header, unless the body says otherwise.
fn named(mail: &Mail, fields: &[(&str, &str)]) -> Result<(Person, String), Refusal> {
    let (mut author, mut subject) = (mail.from.clone(), mail.subject.clone());
    for (name, value) in fields {
        match *name {
            "From" => {
                author = Person::parse(value).ok_or_else(|| {
                    let said = "a line `From:` in the body names nobody";
                    Refusal::new(mail.number, "no-sender", said, SEPARATE)
                })?;
            }
            "Subject" => (*value).clone_into(&mut subject),
            _ => {}
        }
    }
    Ok((author, subject))
}

/// True if every line ends in CRLF: the way took it on, for no page and no diff of git is like that.
fn is_all_crlf(text: &str) -> bool {
    let lines = text.matches('\n').count();
    lines > 0 && text.matches("\r\n").count() == lines
}

/// The lines at the front of a body that say what headers say, and what follows them.
fn in_body(text: &str) -> (Vec<(&str, &str)>, &str) {
    let mut fields = Vec::new();
    let mut rest = text.trim_start_matches(['\n', '\r', ' ', '\t']);
    loop {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let field = line.strip_prefix('>').unwrap_or(line).split_once(':');
        let known = ["From", "Subject", "Date"];
        let named = field.and_then(|(name, value)| {
            let known = known.into_iter().find(|known| known.eq_ignore_ascii_case(name))?;
            Some((known, value.trim()))
        });
        let Some(field) = named else { return (fields, rest) };
        fields.push(field);
        rest = after;
    }
}

/// The message above `---`, and the diff below it, from its first line `diff --git` on.
fn parted(number: usize, body: &str) -> Result<(&str, Option<&str>), Refusal> {
    let hidden = |line: &str| {
        ["diff -", "Index: ", "--- "].iter().any(|mark| line.starts_with(mark))
            && line.trim_end() != "---"
    };
    let mut at = 0;
    let mut above = None;
    for line in body.split_inclusive('\n') {
        if above.is_some() && line.starts_with("diff --git ") {
            let message = above.and_then(|end| body.get(..end)).unwrap_or_default();
            return Ok((message, body.get(at..)));
        }
        if hidden(line) {
            let said = "a diff stands in the message, where its readers would not look for it";
            return Err(Refusal::new(number, "hidden-diff", said, SEPARATE));
        }
        if above.is_none() && line.trim_end() == "---" {
            above = Some(at);
        }
        at += line.len();
    }
    Ok((above.and_then(|end| body.get(..end)).unwrap_or(body), None))
}

/// A subject without what stands in brackets in front, and the place and length of a series that stand there.
fn titled(subject: &str) -> (String, Option<(usize, usize)>) {
    let mut rest = subject.trim();
    let mut place = None;
    loop {
        let lower = rest.to_ascii_lowercase();
        if let Some(after) = lower.strip_prefix("re:") {
            rest = rest.get(rest.len() - after.len()..).unwrap_or_default().trim_start();
            continue;
        }
        let Some((inside, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        else {
            break;
        };
        place = inside.split_whitespace().find_map(numbers).or(place);
        rest = after.trim_start();
    }
    (rest.split_whitespace().collect::<Vec<_>>().join(" "), place)
}

fn numbers(word: &str) -> Option<(usize, usize)> {
    let (place, length) = word.split_once('/')?;
    let number = |text: &str| {
        let digits = !text.is_empty() && text.len() < 5 && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<usize>().ok()).flatten()
    };
    Some((number(place)?, number(length)?))
}

/// Says where the author did not sign the change off, and refuses where others did in a way that looks as if.
fn sign_offs(
    number: usize,
    author: &Person,
    message: &str,
    remarks: &mut Vec<Remark>,
) -> Result<(), Refusal> {
    let trailer = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("signed-off-by").then(|| value.trim().to_owned())
    };
    let all: Vec<String> = message.lines().filter_map(trailer).collect();
    let last = message.trim_end().rsplit("\n\n").next().unwrap_or_default();
    let in_last: Vec<String> = last.lines().filter_map(trailer).collect();
    let by_author =
        in_last.iter().any(|who| Person::parse(who).is_some_and(|person| person.is(author)));
    if by_author {
        return Ok(());
    }
    if let Some(other) = all.first() {
        let said = format!(
            "it is signed off by `{other}`, not by its author `{}` in its last lines",
            author.full()
        );
        let help = "only its author can sign a change off: `git commit --amend --signoff`";
        return Err(Refusal::new(number, "forged-sign-off", said, help));
    }
    remarks.push(Remark {
        mail: number,
        name: "no-sign-off",
        severity: Severity::Warning,
        message: "its author did not sign it off".to_owned(),
        help: "`git commit --amend --signoff` does",
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_tell_the_place_in_a_series() {
        let of = |subject| titled(subject);
        assert_eq!(of("[PATCH v2 03/12] CHG: x"), ("CHG: x".to_owned(), Some((3, 12))));
        assert_eq!(of("Re: [wiki] [PATCH] a  b"), ("a b".to_owned(), None));
        assert_eq!(of("a [b] 1/2"), ("a [b] 1/2".to_owned(), None));
        assert_eq!(of("[PATCH 1/99999] x").1, None);
    }

    #[test]
    fn the_body_can_name_another_author() {
        let (fields, rest) = in_body("\nFrom: B <b@x>\nDate: now\n\nWords: these\n");
        assert_eq!(fields, [("From", "B <b@x>"), ("Date", "now")]);
        assert_eq!(rest, "\nWords: these\n");
    }
}
