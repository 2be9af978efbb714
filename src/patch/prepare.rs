//! A contributor's commits as mails: checked, with the commit they were made on, and with a letter in front that says what they do.
