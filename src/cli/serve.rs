//! `wirebook serve`: the site in a browser, always fresh.

use std::collections::BTreeSet;

use super::arguments::Serving;
use super::{Exit, Terminal, outcome};
use crate::report::{Diagnostic, Format, Report, Style, render};
use crate::serve::{BindError, Listener, Notice, ServeError, bind, serve};

/// The port where none is asked for.
const PORT: u16 = 3000;

pub(super) fn run(options: &Serving, terminal: &Terminal) -> Exit {
    let listener = match listen(options, terminal) {
        Ok(listener) => listener,
        Err(error) => {
            terminal.complain(&error.to_string(), &error.help());
            return Exit::Unusable;
        }
    };
    let mut known: BTreeSet<Said> = BTreeSet::new();
    let mut tell = |notice: Notice<'_>| match notice {
        Notice::Ready(url) => {
            terminal.say(&format!("serving at {url} (Ctrl-C ends it)"));
            if options.open {
                terminal.open(url);
            }
        }
        Notice::Built { loaded, outcome: result, time } => {
            // Once said is enough: of a later build only what is new.
            let all = result.report.diagnostics();
            let new = all.iter().filter(|found| !known.contains(&said(found)));
            let new = Report::new(new.cloned().collect());
            let text = render(Format::Concise, &new, &[], loaded.files(), Style::Plain);
            // Serving goes on, whether or not somebody reads this.
            let _ = terminal.print(&text);
            terminal.say(&format!("{} ({} ms)", outcome::summary(result, None), time.as_millis()));
            known = all.iter().map(said).collect();
        }
        Notice::Failed(error) => terminal.complain(&error.to_string(), error.help()),
    };
    let error = match serve(options.dir(), listener, options.poll(), &mut tell) {
        Ok(never) => match never {},
        Err(error) => error,
    };
    match error {
        ServeError::Load(error) => terminal.complain(&error.to_string(), error.help()),
        ServeError::System(why) => {
            terminal.complain(&format!("the book cannot be served: {why}"), "");
        }
    }
    Exit::Unusable
}

/// Listens on the port asked for; where none is, on the usual one or the next that is free.
fn listen(options: &Serving, terminal: &Terminal) -> Result<Listener, BindError> {
    let host = &options.hostname;
    let bound = bind(host, options.port.unwrap_or(PORT));
    match &bound {
        Err(error @ BindError::InUse(.., Some(free))) if options.port.is_none() => {
            terminal.say(&format!("{error}; taking port {free}, which is free"));
            bind(host, *free)
        }
        _ => bound,
    }
}

/// What tells findings apart, even where text above them has moved them: rule, path and message.
type Said = (&'static str, String, String);

fn said(found: &Diagnostic) -> Said {
    (found.rule.name, found.path.clone(), found.message.clone())
}
