//! Patches that come by mail: read, held against a policy, applied where nothing can happen, and compared.
//!
//! In: the bytes of mails, and a repository. Out: a [`Review`] of what the series does to the wiki, or a [`Failure`]. Neither a sender nor
//! git is trusted: what is shown is what was applied, and what was applied is all there is.
//!
//! 1. Mails are found (`mailbox`), decoded (`mail`), taken apart into message and diff (`letter`, `diff`) and put in order (`series`).
//! 2. The policy looks at what the diffs say they touch (`policy`).
//! 3. Git applies each in a repository of its own in a temporary folder (`quarantine`, `git`), and the policy looks at what came out.
//! 4. The wiki of each tree is read from the object store (`tree`) and goes through the same pipeline as any other (`review`, `changes`).
//! 5. The review becomes a text (`full`, `json`, `reply`), commits (`apply`), or marks on a site (`preview`).

mod apply;
mod changes;
mod diff;
mod full;
mod git;
mod journal;
mod json;
mod letter;
mod mail;
mod mailbox;
mod policy;
mod prepare;
mod preview;
mod quarantine;
mod refusal;
mod reply;
mod repository;
mod review;
mod series;
mod tree;

pub use apply::{Applied, apply};
pub use diff::{Diff, FileChange, Hunk, Kind};
pub use full::full;
pub use journal::recover_at;
pub use json::{b4, json, patchwork, refused};
pub use letter::{Letter, read as read_letter};
pub use mail::{Mail, Person, decode};
pub use mailbox::{LONGEST_MAIL, MOST_MAILS, from as read_stream, read as read_mails, split};
pub use policy::{Allowed, Exception};
pub use prepare::{Prepared, prepare};
pub use preview::{ADDRESS as REVIEW_PAGE, preview};
pub use quarantine::{Scratch, sweep};
pub use refusal::{Failure, Refusal, Remark};
pub use reply::{reply, reply_to_failure};
pub use repository::Book;
pub use review::{Delta, PatchReview, Place, Review, review};
pub use series::{Patch, Series, read as read_series};
