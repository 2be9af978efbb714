//! Every way to read a line that goes over several lines of a page.
//!
//! A continued line is joined with a blank or with nothing, and where its author does not say which, both are tried:
//! every combination for a few joints, and for more those in which each word fits a form as the line grows.

use std::borrow::Cow;

use super::message::Word;
use super::piece::fits;
use super::transcript::{Joint, Message, Transcript};
use super::wildcard::{self, Pattern};
use crate::grammar::{Form, Piece};
use crate::text::Span;

/// Joints that may be either way beyond this number are not tried in every combination.
const MOST_JOINTS: usize = 6;
/// Beyond this number they are not searched either.
const MOST_SEARCHED: usize = 48;
/// So many beginnings of a line are kept while joints are searched.
const MOST_BEGINNINGS: usize = 32;

/// Every way to read the line, most likely first; one where nothing is open.
pub(super) fn readings<'t>(
    transcript: &'t Transcript,
    message: &Message,
    forms: &[&Form],
) -> Vec<Vec<Word<'t>>> {
    let open = message.joints.iter().filter(|joint| **joint == Joint::Either).count();
    if open == 0 {
        return vec![words(transcript, message, &[])];
    }
    let choices: Vec<Vec<bool>> = if open <= MOST_JOINTS {
        (0..1_usize << open).map(|bits| (0..open).map(|at| bits >> at & 1 == 0).collect()).collect()
    } else {
        let blanks_first = (0..=open).map(|split| (0..open).map(|at| at < split).collect());
        let blanks_last = (1..open).map(|split| (0..open).map(|at| at >= split).collect());
        let searched = search(transcript, message, forms);
        searched.into_iter().chain(blanks_first).chain(blanks_last).collect()
    };
    choices.into_iter().map(|blanks| words(transcript, message, &blanks)).collect()
}

/// Ways to join the open joints of a line so that each word fits a form, as far as a few beginnings at a time show.
fn search(transcript: &Transcript, message: &Message, forms: &[&Form]) -> Vec<Vec<bool>> {
    let open: Vec<usize> = (message.joints.iter().enumerate())
        .filter(|(_, joint)| **joint == Joint::Either)
        .map(|(at, _)| at)
        .collect();
    if open.len() > MOST_SEARCHED {
        return Vec::new();
    }
    let mut ways: Vec<Vec<bool>> = vec![Vec::new()];
    for joint in open {
        let pieces = message.pieces.get(..joint + 2).unwrap_or_default().to_vec();
        let joints = message.joints.get(..=joint).unwrap_or_default().to_vec();
        let beginning = Message { pieces, joints, ..message.clone() };
        let longer = ways.iter().flat_map(|way| {
            [true, false].map(|blank| way.iter().copied().chain([blank]).collect::<Vec<bool>>())
        });
        ways = longer
            .filter(|way| begins(&words(transcript, &beginning, way), forms))
            .take(MOST_BEGINNINGS)
            .collect();
    }
    ways
}

/// True if all words but the last, which may go on, fit the front of a form.
fn begins(words: &[Word<'_>], forms: &[&Form]) -> bool {
    let complete = words.get(1..words.len().saturating_sub(1)).unwrap_or_default();
    let shapes = forms.iter().flat_map(|form| &form.shapes);
    shapes.into_iter().any(|shape| {
        complete.iter().enumerate().all(|(at, word)| {
            let last = shape
                .last()
                .filter(|piece| matches!(piece, Piece::Parameter(parameter) if parameter.repeated));
            let piece = shape.get(at).or(last);
            piece.is_some_and(|piece| fits(piece, word))
        })
    })
}

/// The words of a line; `blanks` says of each open joint whether it is a blank.
fn words<'t>(transcript: &'t Transcript, message: &Message, blanks: &[bool]) -> Vec<Word<'t>> {
    let mut words: Vec<Word<'t>> = Vec::new();
    let mut open = blanks.iter();
    for (index, piece) in message.pieces.iter().enumerate() {
        let joint = index.checked_sub(1).and_then(|before| message.joints.get(before));
        let tight = match joint {
            None | Some(Joint::Blank) => false,
            Some(Joint::Tight) => true,
            Some(Joint::Either) => open.next() == Some(&false),
        };
        let ranges = wildcard::words(transcript.bytes(*piece));
        for (position, range) in ranges.into_iter().enumerate() {
            let span = Span::new(range.start, range.end).shifted(piece.start);
            let text = transcript.text(span);
            match words.last_mut().filter(|_| tight && position == 0) {
                Some(last) => {
                    last.text.to_mut().push_str(&text);
                    last.span = last.span.to(span);
                }
                None => words.push(Word::new(text, span)),
            }
        }
    }
    for word in &mut words {
        word.wild = Pattern::parse(&word.text);
        if let Some(plain) = word.wild.as_ref().and_then(Pattern::plain) {
            word.text = Cow::Owned(String::from_utf8_lossy(&plain).into_owned());
            word.wild = None;
        }
    }
    words
}
