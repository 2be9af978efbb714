//! A run, watched: how long its stages take, and on a terminal a line that tells how far it is.
//!
//! The line stands on standard error, is written again in place ten times a second at most, and is gone before anything else
//! is printed. Work of less than half a second, pipes and CI never see it.

use std::env;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::Terminal;
use super::outcome::counted;
use super::timings::Timings;
use crate::progress::{Progress, Stage};

/// Between two drawings of the line.
const PAUSE: Duration = Duration::from_millis(100);
/// What takes less is done before anybody asks how far it is, and is too little to estimate from.
const SHORT: Duration = Duration::from_millis(500);

/// What is known of a run.
pub(super) struct Watch {
    timings: Mutex<Timings>,
    /// How much the stage has to do and has done.
    pages: AtomicUsize,
    pages_done: AtomicUsize,
    examples_done: AtomicUsize,
    began: Instant,
    visible: bool,
}

impl Watch {
    /// A watch over a run that begins now.
    pub(super) fn new(terminal: &Terminal) -> Self {
        let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
        let watched = io::stderr().is_terminal() && !dumb && env::var_os("CI").is_none();
        let zero = || AtomicUsize::new(0);
        Self {
            timings: Mutex::new(Timings::default()),
            pages: zero(),
            pages_done: zero(),
            examples_done: zero(),
            began: Instant::now(),
            visible: watched && !terminal.is_quiet(),
        }
    }

    /// Does some work, of which the line tells. The work prints nothing.
    pub(super) fn show<T>(&self, work: impl FnOnce() -> T) -> T {
        if !self.visible {
            return work();
        }
        thread::scope(|scope| {
            let (over, is_over) = mpsc::channel::<()>();
            let goes_on = move || is_over.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout);
            scope.spawn(|| self.draw(goes_on, &mut io::stderr()));
            let result = work();
            drop(over);
            result
        })
    }

    /// How long each stage took, as a table. The last one is over.
    pub(super) fn timings(&self) -> Vec<String> {
        let mut timings = self.lock();
        timings.end(Instant::now());
        timings.table()
    }

    /// Draws the line as long as the work goes on, which `goes_on` tells after a pause, and takes it away. That it cannot be drawn
    /// is no reason to stop.
    fn draw(&self, mut goes_on: impl FnMut() -> bool, out: &mut impl Write) {
        let mut drawn = false;
        while goes_on() {
            if self.began.elapsed() < SHORT {
                continue;
            }
            let Some(line) = self.line(Instant::now()) else { continue };
            // A line longer than the screen is wide is cut, not continued: a second row would stay.
            let _ = out.write_all(format!("\x1b[?7l\r{line}\x1b[K\x1b[?7h").as_bytes());
            drawn = true;
        }
        if drawn {
            let _ = out.write_all(b"\r\x1b[K");
        }
    }

    /// `check examples: 312 of 2000 pages, 1480 examples, 12 s left`; `None` before the first stage.
    fn line(&self, now: Instant) -> Option<String> {
        let (stage, began) = self.lock().current()?;
        let read = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        let (pages, done) = (read(&self.pages), read(&self.pages_done));
        let mut line = stage.name().to_owned();
        // Writing to a string cannot fail.
        if pages > 0 {
            let noun = if stage == Stage::Write { "file" } else { "page" };
            let _ = write!(line, ": {done} of {}", counted(pages, noun));
        }
        if stage == Stage::Examples {
            let _ = write!(line, ", {}", counted(read(&self.examples_done), "example"));
        }
        if let Some(left) = left(now.saturating_duration_since(began), done, pages) {
            let _ = write!(line, ", {} s left", left.as_secs_f64().ceil());
        }
        Some(line)
    }

    fn lock(&self) -> MutexGuard<'_, Timings> {
        self.timings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Watch {
    fn begins(&self, stage: Stage, pages: usize) {
        self.pages.store(pages, Ordering::Relaxed);
        self.pages_done.store(0, Ordering::Relaxed);
        self.examples_done.store(0, Ordering::Relaxed);
        self.lock().begin(stage, Instant::now());
    }

    fn done(&self, examples: usize) {
        self.pages_done.fetch_add(1, Ordering::Relaxed);
        self.examples_done.fetch_add(examples, Ordering::Relaxed);
    }
}

/// How long the rest of a stage takes if it goes on as it went; `None` where that is a guess.
fn left(spent: Duration, done: usize, all: usize) -> Option<Duration> {
    let rest = all.checked_sub(done).filter(|rest| *rest > 0 && done > 0 && spent >= SHORT)?;
    let done = u32::try_from(done).ok()?;
    Some(spent / done * u32::try_from(rest).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch() -> Watch {
        Watch {
            began: Instant::now().checked_sub(SHORT).unwrap(),
            ..Watch::new(&Terminal::new(true))
        }
    }

    #[test]
    fn the_line_tells_the_stage_and_what_of_it_is_done() {
        let watch = watch();
        assert_eq!(watch.line(Instant::now()), None);
        watch.begins(Stage::Examples, 40);
        for _ in 0..10 {
            watch.done(3);
        }
        let (_, began) = watch.lock().current().unwrap();
        let line = |seconds| watch.line(began + Duration::from_secs(seconds)).unwrap();
        assert_eq!(line(0), "check examples: 10 of 40 pages, 30 examples");
        assert_eq!(line(4), "check examples: 10 of 40 pages, 30 examples, 12 s left");
        watch.begins(Stage::Parse, 1);
        let (_, began) = watch.lock().current().unwrap();
        assert_eq!(watch.line(began + SHORT).unwrap(), "parse: 0 of 1 page");
        watch.begins(Stage::Write, 2);
        let (_, began) = watch.lock().current().unwrap();
        assert_eq!(watch.line(began + SHORT).unwrap(), "make and write: 0 of 2 files");
        watch.begins(Stage::Search, 0);
        assert_eq!(watch.line(Instant::now()).unwrap(), "search");
    }

    #[test]
    fn the_line_is_taken_away_when_the_work_is_over() {
        let watch = watch();
        watch.begins(Stage::Search, 0);
        let mut drawn = Vec::new();
        let mut pauses = 0..2;
        watch.draw(|| pauses.next().is_some(), &mut drawn);
        let line = "\x1b[?7l\rsearch\x1b[K\x1b[?7h";
        assert_eq!(String::from_utf8(drawn).unwrap(), format!("{line}{line}\r\x1b[K"));

        let short = Watch::new(&Terminal::new(true));
        let mut drawn = Vec::new();
        short.draw(|| false, &mut drawn);
        assert_eq!(drawn, b"", "nothing was drawn, so nothing is taken away");
    }

    #[test]
    fn what_cannot_be_estimated_is_not() {
        let second = Duration::from_secs(1);
        assert_eq!(left(second, 0, 10), None);
        assert_eq!(left(second, 10, 10), None);
        assert_eq!(left(second, 11, 10), None);
        assert_eq!(left(SHORT / 2, 5, 10), None);
        assert_eq!(left(second, 5, 10), Some(second));
    }
}
