//! A contributor's commits as mails: checked as a maintainer would, with the commit they were made on, and a letter in front that
//! says what they do.
//!
//! In: a repository and a range of commits. Out: the mails and the review, or why they cannot be sent. Nothing is written here.

use super::apply::committer;
use super::git::Git;
use super::repository::{self, Repository};
use super::{Allowed, Failure, Place, Review, mailbox, review, series};

/// Commits, ready to be sent.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// What they do.
    pub review: Review,
    /// The mails, each with the name of its file; the cover letter first.
    pub mails: Vec<(String, Vec<u8>)>,
    /// True if the work tree has changes that are in no commit.
    pub dirty: bool,
}

/// Checks the commits of `range` and makes mails of them. Without a range they are those that the branch it follows has not.
pub fn prepare(
    range: Option<&str>,
    subject: Option<&str>,
    place: Place<'_>,
) -> Result<Prepared, Failure> {
    let home = place.scratch.home();
    let repository = repository::find(place.folder, &home)?;
    let git = repository.git(&home);
    let (base, tip) = ends(range, &repository, &git, place)?;
    let span = format!("{base}..{tip}");
    let merges = git.done(&["rev-list", "--merges", "--end-of-options", &span], b"")?.text();
    if let Some(merge) = merges.lines().next() {
        let shown: String = merge.chars().take(12).collect();
        let help = format!(
            "no mail can hold a merge: `git rebase {}` makes a plain series of it",
            short(&base)
        );
        return Err(Failure::unusable(format!("the commit `{shown}` is a merge"), help));
    }
    let count = git.done(&["rev-list", "--count", "--end-of-options", &span], b"")?.text();
    if count == "0" {
        let help = "commit your change first, or name the commits: `wirebook patch prepare HEAD~1`";
        return Err(Failure::unusable("there is no commit to send", help));
    }
    let ask = |name: &str| git.run(&["config", "--get", name], b"").map(|said| said.text());
    let (name, address) = committer(&ask)?;
    let git = git.clone().with("GIT_COMMITTER_NAME", &name).with("GIT_COMMITTER_EMAIL", &address);
    let with_base = format!("--base={base}");
    let out = git.done(&[&FORMAT_PATCH[..], &[&with_base, &span]].concat(), b"")?.out;
    let mails = mailbox::split(&out);
    let series = series::read(&mails, &Allowed::default())?;
    let base_place = Place { base: &base, ..place };
    let review = review(&series, base_place, &Allowed::default())?;
    let mut named = Vec::new();
    for (number, mail) in mails.into_iter().enumerate() {
        let title = number
            .checked_sub(1)
            .and_then(|index| series.patches.get(index))
            .map(|patch| &patch.title);
        let name = format!(
            "{number:04}-{}.patch",
            title.map_or("cover-letter".to_owned(), |title| file_name(title))
        );
        let mail = if number == 0 { letter(&mail, &review, subject) } else { mail };
        let first = format!("From {} Mon Sep 17 00:00:00 2001\n", "0".repeat(40));
        named.push((name, [first.as_bytes(), &mail].concat()));
    }
    let dirty = repository.top.is_some()
        && !git
            .distrusting()
            .done(&["status", "--porcelain", "-z", "--untracked-files=no"], b"")?
            .out
            .is_empty();
    Ok(Prepared { review, mails: named, dirty })
}

/// Whatever the user's settings say of patches, these are ones that can be taken in.
const FORMAT_PATCH: [&str; 9] = [
    "format-patch",
    "--stdout",
    "--cover-letter",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-attach",
    "--src-prefix=a/",
    "--dst-prefix=b/",
];

fn short(id: &str) -> String {
    id.chars().take(12).collect()
}

/// The commits before the first and at the last of a range.
fn ends(
    range: Option<&str>,
    repository: &Repository,
    git: &Git,
    place: Place<'_>,
) -> Result<(String, String), Failure> {
    let home = place.scratch.home();
    let (from, to) = if let Some(range) = range {
        range.split_once("..").unwrap_or((range, "HEAD"))
    } else {
        let names = ["@{upstream}", "origin/HEAD", "origin/main", "origin/master"];
        let known = |name: &&str| {
            let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", *name];
            git.run(&arguments, b"").is_ok_and(|said| said.success)
        };
        let found = names.into_iter().find(known).ok_or_else(|| {
            let help = "name them: `wirebook patch prepare HEAD~2` is for the last two commits";
            let message = "the branch follows no other, so nothing says which commits to send";
            Failure::unusable(message, help)
        })?;
        (found, "HEAD")
    };
    let tip = repository.commit(if to.is_empty() { "HEAD" } else { to }, &home)?;
    let from = repository.commit(from, &home)?;
    let said = git.run(&["merge-base", &from, &tip], b"")?;
    if !said.success {
        let help =
            if repository.shallow { "the clone is shallow: `git fetch --unshallow`" } else { "" };
        return Err(Failure::unusable("the two ends of the range have nothing in common", help));
    }
    Ok((said.text(), tip))
}

/// A title as the name of a file, as `git format-patch` writes it.
fn file_name(title: &str) -> String {
    let mut name = String::new();
    for character in title.chars() {
        if character.is_ascii_alphanumeric() || matches!(character, '.' | '_') {
            name.push(character);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name.trim_matches(['-', '.']).chars().take(52).collect()
}

/// The cover letter with what the series does.
fn letter(mail: &[u8], review: &Review, subject: Option<&str>) -> Vec<u8> {
    let title = match (subject, review.patches.as_slice()) {
        (Some(subject), _) => subject.split_whitespace().collect::<Vec<_>>().join(" "),
        (None, [only]) => only.patch.title.clone(),
        (None, patches) => format!("{} changes of the wiki", patches.len()),
    };
    let list = |head: &str, lines: Vec<String>| {
        if lines.is_empty() { String::new() } else { format!("{head}\n\n{}\n", lines.concat()) }
    };
    let fixes = review
        .total
        .fixed
        .iter()
        .map(|found| format!("- {}: {} [{}]\n", found.path, found.message, found.rule.name));
    let changes = review.total.grammar.iter().map(|change| format!("- {change}\n"));
    let said = list("It fixes:", fixes.collect())
        + &list("In the protocol it changes:", changes.collect());
    let nothing = "It fixes no finding, introduces none, and changes nothing in the protocol.";
    let blurb = if said.is_empty() { nothing } else { said.trim_end() };
    let text = String::from_utf8_lossy(mail);
    let text = text.replace("*** SUBJECT HERE ***", &title.replace("***", ""));
    text.replace("*** BLURB HERE ***", blurb).into_bytes()
}
