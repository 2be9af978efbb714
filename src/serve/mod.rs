//! A book in a browser, built again whenever its files change.
//!
//! In: a folder and a listening socket. Out: nothing, for it runs until the program ends; what happens is told to the caller as
//! [`Notice`]s. Nothing is written to disk: the site lives in memory and is swapped whole, so that a reader gets the old
//! page or the new one, never an error in between.
//!
//! 1. Files and settings are watched (`watch`, `poll`). The first event begins an update; what comes during it makes the next.
//! 2. The book is read again, and a file that is empty, gone or half written only for a moment is waited for (`settle`).
//! 3. Everything is run again; pages that are the same come from the memo. If the book cannot be read, the last good site
//!    stays, and the browser says why.
//! 4. The new site takes the old one's place (`site`), and browsers are told which of its files differ (`events`), and which
//!    pages have other errors (`errors`).
//! 5. Requests (`connection`) are answered from the site in memory; the script that keeps pages fresh is put into them on
//!    their way out (`http`, `reload.js`).

mod bind;
mod connection;
mod errors;
mod events;
mod http;
mod poll;
mod settle;
mod site;
mod watch;

pub use bind::{BindError, Listener, bind};

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::load::{LoadError, Loaded, load};
use crate::pipeline::{self, Memo, Outcome};
use crate::site::Site;
use errors::Errors;
use events::Event;
use site::Current;
use watch::Watch;

/// What the caller may want to tell its user.
#[derive(Debug)]
pub enum Notice<'a> {
    /// Pages can be had; the address of the first.
    Ready(&'a str),
    /// The book was built.
    Built {
        /// What was read.
        loaded: &'a Loaded,
        /// What it gave, without the site, which is served already.
        outcome: &'a Outcome,
        /// How long it took, reading included.
        time: Duration,
    },
    /// The book could not be read; the last good site stays.
    Failed(&'a LoadError),
}

/// Why a book cannot be served.
#[derive(Debug)]
pub enum ServeError {
    /// It could not be read.
    Load(LoadError),
    /// The system cannot watch files, or no thread could be started; its words.
    System(String),
}

/// Serves the book in `dir` until the program ends. With `poll` its files are looked at that often; else the system tells of
/// changes.
pub fn serve(
    dir: &Path,
    listener: Listener,
    poll: Option<Duration>,
    notice: &mut dyn FnMut(Notice<'_>),
) -> Result<Infallible, ServeError> {
    let mut watch = Watch::new(poll).map_err(|error| ServeError::System(error.to_string()))?;
    let mut memo = Memo::default();
    // Watched before it is read for good, so that no change is lost.
    watch.follow(&load(dir).map_err(ServeError::Load)?);
    let start = Instant::now();
    let mut loaded = load(dir).map_err(ServeError::Load)?;
    let mut outcome = build(&loaded, &mut memo);
    let errors = Errors::new(&loaded, &outcome);
    let current = Arc::new(Current::new(std::mem::take(&mut outcome.site)));
    current.clients.found(errors);
    notice(Notice::Built { loaded: &loaded, outcome: &outcome, time: start.elapsed() });
    let url = listener.url();
    http::start(listener, &current).map_err(ServeError::System)?;
    notice(Notice::Ready(&url));

    let mut failed = String::new();
    loop {
        // A folder that is watched only now may have changed since it was read: it is read again at once.
        if !watch.follow(&loaded) {
            watch.wait(&loaded);
        }
        let start = Instant::now();
        match settle::read(dir, &loaded, &mut watch) {
            Ok(next) => {
                loaded = next;
                failed.clear();
                let mut outcome = build(&loaded, &mut memo);
                current.replace(std::mem::take(&mut outcome.site));
                current.clients.found(Errors::new(&loaded, &outcome));
                let time = start.elapsed();
                notice(Notice::Built { loaded: &loaded, outcome: &outcome, time });
            }
            // Said once, not at every look whether it is mended.
            Err(error) if error.to_string() == failed => {}
            Err(error) => {
                notice(Notice::Failed(&error));
                failed = error.to_string();
                current.tell(&Event::Failure(in_words(&error)));
            }
        }
    }
}

/// An error as a terminal shows it.
fn in_words(error: &LoadError) -> String {
    match error.help() {
        "" => format!("error: {error}"),
        help => format!("error: {error}\nhelp: {help}"),
    }
}

/// Serves one site, as it is, until the program ends.
pub fn show(
    site: Site,
    listener: Listener,
    ready: &mut dyn FnMut(&str),
) -> Result<Infallible, ServeError> {
    let current = Arc::new(Current::new(site));
    let url = listener.url();
    http::start(listener, &current).map_err(ServeError::System)?;
    ready(&url);
    loop {
        std::thread::park();
    }
}

fn build(loaded: &Loaded, memo: &mut Memo) -> Outcome {
    pipeline::live(&loaded.config, &loaded.sources, loaded.diagnostics.clone(), memo)
}
