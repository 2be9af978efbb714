//! Where mails come from: a file with one mail or many, a folder of mails, a maildir, or bytes from anywhere.
//!
//! In: paths, or bytes. Out: the bytes of each mail, in the order of names and places. Nothing is decoded here.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::{Failure, Refusal};

/// How many mails are taken at a time.
pub const MOST_MAILS: usize = 50;

/// How long a mail can be, in bytes.
pub const LONGEST_MAIL: usize = 1 << 20;

/// The mails in a file, or in the files of a folder.
pub fn read(path: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let unreadable = |error: &std::io::Error| {
        let message = format!("`{}` cannot be read: {error}", path.display());
        Failure::unusable(message, "name a mail, a file of mails, a folder of them, or `-`")
    };
    let kind = fs::metadata(path).map_err(|error| unreadable(&error))?;
    if !kind.is_dir() {
        let file = fs::File::open(path).map_err(|error| unreadable(&error))?;
        return from(file).map_err(|error| unreadable(&error)).map(|bytes| split(&bytes));
    }
    let mut mails = Vec::new();
    for path in mail_files(path).map_err(|error| unreadable(&error))? {
        if mails.len() > MOST_MAILS {
            break;
        }
        let file = fs::File::open(&path).map_err(|error| unreadable(&error))?;
        mails.extend(split(&from(file).map_err(|error| unreadable(&error))?));
    }
    Ok(mails)
}

/// All bytes of a stream, up to just more than the policy takes.
pub fn from(stream: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let most = (MOST_MAILS + 1) * (LONGEST_MAIL + 1);
    let mut bytes = Vec::new();
    stream.take(u64::try_from(most).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The files of a folder that hold mails: those of `new` and `cur` for a maildir, else `.patch`, `.eml`, `.mbox` and `.mail`.
fn mail_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let maildir = folder.join("cur").is_dir() || folder.join("new").is_dir();
    let folders = if maildir {
        vec![folder.join("cur"), folder.join("new")]
    } else {
        vec![folder.to_owned()]
    };
    let mut files = Vec::new();
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let ending =
                Path::new(&name).extension().map(|ending| ending.to_string_lossy().to_lowercase());
            let known = ["patch", "eml", "mbox", "mail"];
            let is_mail = maildir || ending.is_some_and(|ending| known.contains(&ending.as_str()));
            if is_mail && !name.starts_with('.') && entry.file_type()?.is_file() {
                files.push((name, entry.path()));
            }
        }
    }
    files.sort();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

/// The mails in one file.
///
/// A line of an mbox begins a mail if it is written like `From name Mon Sep 17 00:00:00 2001`. Readers that take every line
/// with `From ` for one cut a commit's message in two: `git format-patch` does not mark such lines.
pub fn split(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut mails: Vec<Vec<u8>> = Vec::new();
    let mut began = false;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if begins_mail(line) {
            mails.push(Vec::new());
            began = true;
            continue;
        }
        if !began {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            mails.push(Vec::new());
            began = true;
        }
        if let Some(mail) = mails.last_mut() {
            mail.extend_from_slice(line);
        }
    }
    mails
}

/// True for the line that stands before a mail in an mbox.
fn begins_mail(line: &[u8]) -> bool {
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let Some(rest) = line.strip_prefix("From ") else { return false };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let is_time = |word: &&str| {
        let parts: Vec<&str> = word.split(':').collect();
        parts.len() >= 2
            && parts.iter().all(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_year = |word: &&str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    words.len() >= 5 && words.iter().any(is_time) && words.iter().any(is_year)
}

/// Refuses more mails, or longer ones, than are looked at.
pub(super) fn within_bounds(mails: &[Vec<u8>]) -> Result<(), Refusal> {
    if mails.len() > MOST_MAILS {
        let message = format!("there are more than {MOST_MAILS} mails");
        return Err(Refusal::new(0, "too-many-mails", message, "send them in smaller series"));
    }
    match mails.iter().position(|mail| mail.len() > LONGEST_MAIL) {
        Some(index) => {
            let message = format!("the mail is longer than {LONGEST_MAIL} bytes");
            Err(Refusal::new(index + 1, "too-long", message, "split the change into a series"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_mbox_is_cut_at_its_own_lines_only() {
        let zeros = "From 0000 Mon Sep 17 00:00:00 2001\n";
        let text = format!("{zeros}Subject: a\n\nFrom now on it works.\n{zeros}Subject: b\n\nx\n");
        let mails = split(text.as_bytes());
        assert_eq!(mails.len(), 2);
        assert!(mails[0].ends_with(b"From now on it works.\n"));
        assert_eq!(split(b"Subject: a\n\nb\n").len(), 1);
        assert!(split(b"\n\n").is_empty());
    }
}
