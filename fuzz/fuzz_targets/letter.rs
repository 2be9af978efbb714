//! Any bytes as mails: they are split, decoded, taken apart and put in order without a panic, and the diff that would be applied is a
//! part of what was decoded, with paths of one line each.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirebook::patch::{Allowed, decode, read_letter, read_series, split};

fuzz_target!(|bytes: &[u8]| {
    let mails = split(bytes);
    for (index, mail) in mails.iter().enumerate() {
        let Ok(mail) = decode(index + 1, mail) else { continue };
        let text = mail.text.replace("\r\n", "\n");
        let Ok(letter) = read_letter(mail) else { continue };
        assert!(letter.message.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t')));
        let Some(diff) = letter.diff else { continue };
        assert!(text.contains(&diff.text.replace("\r\n", "\n")), "nothing is made up");
        assert!(diff.files.iter().all(|file| !file.old.contains('\n') && !file.new.contains(' ')));
    }
    // Refused or not: it comes to an end.
    let _ = read_series(&mails, &Allowed::default());
});
