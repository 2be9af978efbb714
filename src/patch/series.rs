//! Mails as a series: in order, complete, from one sender.
//!
//! In: the mails as they came. Out: a [`Series`] of patches in the order of their numbers. Mails without a diff (a cover letter,
//! answers) are told of and left out.

use super::letter::{self, Letter};
use super::mail::{self, Mail};
use super::policy::Exception;
use super::{Allowed, Diff, Failure, Person, Refusal, Remark, mailbox};
use crate::report::Severity;

/// One patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// The mail it came in.
    pub mail: Mail,
    /// Who gets the commit.
    pub author: Person,
    /// First line of the commit's message.
    pub title: String,
    /// The whole message.
    pub message: String,
    /// What it changes.
    pub diff: Diff,
}

/// The patches of a series, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Series {
    /// The patches.
    pub patches: Vec<Patch>,
    /// The letter in front of them.
    pub cover: Option<(String, Mail)>,
    /// What a reader should know of the mails.
    pub remarks: Vec<Remark>,
}

/// Reads mails as a series.
pub fn read(mails: &[Vec<u8>], allowed: &Allowed) -> Result<Series, Failure> {
    mailbox::within_bounds(mails)?;
    let (mut letters, mut refusals) = (Vec::new(), Vec::new());
    for (index, bytes) in mails.iter().enumerate() {
        match mail::decode(index + 1, bytes).and_then(letter::read) {
            Ok(letter) => letters.push(letter),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if !refusals.is_empty() {
        return Err(Failure::Refused(refusals));
    }
    let mut series = Series::default();
    let (mut patches, words): (Vec<Letter>, Vec<Letter>) =
        letters.into_iter().partition(|letter| letter.diff.is_some());
    for letter in words {
        if letter.place.is_some_and(|(place, _)| place == 0) && series.cover.is_none() {
            series.cover = Some((letter.title, letter.mail));
            continue;
        }
        series
            .remarks
            .push(left_out(letter.mail.number, format!("`{}` holds no patch", letter.title)));
    }
    if patches.is_empty() {
        return Err(Failure::Conflict {
            mail: 0,
            message: "there is no patch in what was given".to_owned(),
            said: Vec::new(),
            help: "save the mail that `git format-patch` or `git send-email` made".to_owned(),
        });
    }
    patches.sort_by_key(|letter| (letter.place.map_or(0, |place| place.0), letter.mail.number));
    complete(&patches, allowed)?;
    one_sender(&patches, allowed)?;
    for letter in patches {
        let passed =
            |remark: &Remark| !(remark.name == "author-differs" && allowed.has(Exception::Author));
        series.remarks.extend(letter.remarks.into_iter().filter(passed));
        let Some(diff) = letter.diff else { continue };
        let Letter { mail, author, title, message, .. } = letter;
        series.patches.push(Patch { mail, author, title, message, diff });
    }
    Ok(series)
}

fn left_out(mail: usize, message: String) -> Remark {
    let help = "it was left out";
    Remark { mail, name: "no-patch", severity: Severity::Note, message, help }
}

/// Refuses a series with gaps, and several patches that no series holds together.
fn complete(patches: &[Letter], allowed: &Allowed) -> Result<(), Refusal> {
    if allowed.has(Exception::Incomplete) {
        return Ok(());
    }
    let help = "get all mails of the series, or add `--allow incomplete` for what is there";
    let refuse = |message: String| Err(Refusal::new(0, "incomplete-series", message, help));
    let places: Vec<Option<(usize, usize)>> = patches.iter().map(|patch| patch.place).collect();
    if let [only] = places.as_slice() {
        return match only {
            Some((place, length)) if (*place, *length) != (1, 1) => refuse(format!(
                "this is number {place} of a series of {length}, and the others are not here"
            )),
            _ => Ok(()),
        };
    }
    let count = patches.len();
    for (index, place) in places.iter().enumerate() {
        let Some((place, length)) = place else {
            return refuse(format!(
                "there are {count} patches, and not all have a number in one series"
            ));
        };
        if *length != count || *place != index + 1 {
            return refuse(format!(
                "there are {count} patches, and one says that it is number {place} of {length}"
            ));
        }
    }
    Ok(())
}

/// Refuses a series that several people sent; who wrote the letter in front does not matter, for it is not committed.
fn one_sender(patches: &[Letter], allowed: &Allowed) -> Result<(), Refusal> {
    let Some(first) = patches.first().filter(|_| !allowed.has(Exception::Senders)) else {
        return Ok(());
    };
    let mut mails = patches.iter().map(|patch| &patch.mail);
    match mails.find(|mail| !mail.from.is(&first.mail.from)) {
        Some(other) => {
            let (one, two) = (first.mail.from.full(), other.from.full());
            let said = format!("`{one}` sent one mail, and `{two}` another");
            let help = "check them apart, or add `--allow senders`";
            Err(Refusal::new(other.number, "several-senders", said, help))
        }
        None => Ok(()),
    }
}
