//! The engine: what a table cannot say about MSNP.
//!
//! It frames bytes, holds a message against the grammar's forms, follows transactions, and checks values, payloads and
//! challenges. Sans-IO and total: any bytes in, a value and a list of problems out. It knows nothing of Markdown,
//! pages or HTML; its spans are offsets in the wire text it was given, and mapping them back is the caller's.
//!
//! 1. [`frame`] cuts a recorded stream; a caller with written examples makes the [`Transcript`] itself.
//! 2. [`message`] reads one line against every form of its command.
//! 3. [`validate()`] goes through a transcript: `session` keeps who asked what, [`payload`] counts and reads payloads,
//!    `contents` looks into values and payloads, [`challenge`] and `sso` compute answers.

mod bindings;
pub mod challenge;
mod connection;
mod contents;
mod context;
mod counting;
mod echo;
pub mod frame;
mod guess;
mod issued;
mod joints;
pub mod message;
pub mod mime;
mod object;
mod p2p;
pub mod payload;
mod piece;
mod policy;
mod problem;
mod refusal;
mod rows;
mod said;
mod secrets;
mod session;
pub mod shape;
mod slp;
mod sso;
mod state;
mod template;
pub mod transcript;
pub mod validate;
pub mod value;
mod verdict;
mod versions;
pub mod wildcard;
mod wording;
mod xml;

pub use context::{Claim, Context};
pub use message::{TokenClass, WireToken};
pub use problem::{Problem, WireFix};
pub use state::State;
pub use transcript::{Joint, Message, Payload, Step, Transcript};
pub use validate::validate;
pub use verdict::{MessageState, MessageVerdict, Verdict};
