//! What makes a changed line wrong beyond doubt, said without the checker: the wiki's grammar, and which parameters of a reply
//! repeat those of its request. Kinds of mistake ask it so that no mutant is made that is right by accident.

use std::collections::BTreeMap;

use wirebook::grammar::{Command, Direction, Form, Grammar, ServerSet, VersionSet};
use wirebook::msnp::message::{Slot, Word, hold_form};
use wirebook::msnp::payload::{Convention, candidates};
use wirebook::text::Span;

use crate::exchange::{Exchange, Message};

/// The grammar, and payloads of other examples.
pub(crate) struct Law<'a> {
    pub(crate) grammar: &'a Grammar,
    /// Payloads of the wiki with their kind, as texts.
    pub(crate) payloads: Vec<(String, String)>,
}

/// Commands whose reply has parameters of the same name that are no echo: `SYN` answers with the newest list version, `FND`
/// with somebody who was found, `VER` with a choice from what was offered.
const NO_ECHO: [&str; 3] = ["FND", "SYN", "VER"];

impl Law<'_> {
    /// Versions in which a line is legal, variants of known programs counted in.
    pub(crate) fn legal(&self, direction: Direction, texts: &[String]) -> VersionSet {
        let forms = self.holding(direction, texts);
        forms.iter().fold(VersionSet::EMPTY, |set, (form, _)| set.union(form.versions))
    }

    /// Servers on which a line is legal in one of the versions.
    pub(crate) fn servers(&self, message: &Message, versions: VersionSet) -> ServerSet {
        let forms = self.holding(message.direction, &message.texts());
        let forms =
            forms.iter().filter(|(form, _)| !form.versions.intersection(versions).is_empty());
        forms.fold(ServerSet::EMPTY, |set, (form, _)| set.union(form.servers))
    }

    fn holding(&self, direction: Direction, texts: &[String]) -> Vec<(&Form, Vec<Slot<'_>>)> {
        let words: Vec<Word<'_>> =
            (texts.iter()).map(|text| Word::new(text.as_str().into(), Span::default())).collect();
        let command = texts.first().and_then(|name| self.grammar.command(name));
        let forms = command.into_iter().flat_map(|command: &Command| &command.forms);
        let forms = forms.filter(|form| form.direction == direction);
        forms.filter_map(|form| Some((form, hold_form(form, &words).ok()?))).collect()
    }

    /// True if the exchange does not allow a line of these words.
    pub(crate) fn is_illegal(
        &self,
        x: &Exchange<'_>,
        direction: Direction,
        texts: &[String],
    ) -> bool {
        let legal = self.legal(direction, texts);
        if x.strict {
            return !x.versions.is_subset(legal);
        }
        x.versions.intersection(legal).is_empty()
    }

    /// True if the exchange is wrong with these words in place of those of the message at `index`: by the grammar, or for a
    /// reply that does not repeat what was asked.
    pub(crate) fn breaks(&self, x: &Exchange<'_>, index: usize, texts: &[String]) -> bool {
        let Some(message) = x.messages.get(index) else { return false };
        if self.is_illegal(x, message.direction, texts) {
            return true;
        }
        let name = message.name();
        let request = message.request.and_then(|at| x.messages.get(at));
        if name == "VER" && message.direction == Direction::Server {
            return request.is_some_and(|request| is_not_offered(request, texts));
        }
        let replies = x.replies(index).map(|(_, reply)| (texts.to_vec(), reply.texts()));
        let asked = request.map(|request| (request.texts(), texts.to_vec()));
        let pairs = replies.chain(asked).filter(|(a, b)| a.first() == b.first());
        !NO_ECHO.contains(&name) && pairs.into_iter().any(|(a, b)| self.differ(x, &a, &b))
    }

    /// True if a reply has another value than its request for a parameter of the same name, or leaves out one that both
    /// may leave out.
    fn differ(&self, x: &Exchange<'_>, request: &[String], reply: &[String]) -> bool {
        let asked = self.values(x, Direction::Client, request);
        let told = self.values(x, Direction::Server, reply);
        let (Some((_, asked)), Some((form, told))) = (asked, told) else { return false };
        asked.iter().any(|(name, value)| match told.get(name) {
            Some(other) => other != value,
            None => is_optional(form, name) && name != "nickname",
        }) || told.iter().any(|(name, _)| {
            let request = self.values(x, Direction::Client, request);
            !asked.contains_key(name) && request.is_some_and(|(form, _)| is_optional(form, name))
        })
    }

    /// The named values of a line, in the first form that holds it in the exchange's versions.
    fn values(
        &self,
        x: &Exchange<'_>,
        direction: Direction,
        texts: &[String],
    ) -> Option<(&Form, BTreeMap<String, String>)> {
        let holding = self.holding(direction, texts);
        let fits = |form: &Form| !form.versions.intersection(x.versions).is_empty();
        let (form, slots) = holding.into_iter().find(|(form, _)| fits(form))?;
        let named = slots.iter().zip(texts.iter().skip(1));
        let named = named.filter(|(slot, _)| {
            !matches!(slot.kind(), "trid" | "length" | "list-version") && !slot.name().is_empty()
        });
        Some((form, named.map(|(slot, text)| (slot.name().to_owned(), text.clone())).collect()))
    }

    /// Kind of the message's payload.
    pub(crate) fn payload_kind(&self, message: &Message) -> Option<String> {
        let holding = self.holding(message.direction, &message.texts());
        holding.iter().find_map(|(form, _)| form.payload.clone())
    }

    /// True if a reply of this name can answer a request of that name.
    pub(crate) fn can_answer(&self, reply: &Message, request: &Message) -> bool {
        if reply.is_error() {
            return true;
        }
        let holding = self.holding(reply.direction, &reply.texts());
        holding.iter().any(|(form, _)| {
            let own =
                form.answers.is_empty() && form.inside.is_none() && form.name == request.name();
            let has = |word: &String| request.words.iter().any(|own| own.text == *word);
            let named = form.answers.iter().any(|asked| {
                asked.command == request.name()
                    && (asked.words.is_empty() || asked.words.iter().any(has))
            });
            own || named || form.inside.as_deref() == Some(request.name())
        })
    }
}

/// True if the choice from an offer of dialects holds one that was not offered. A refusal, `0`, names what the server speaks.
fn is_not_offered(request: &Message, texts: &[String]) -> bool {
    let offered: Vec<&str> = request.words.iter().map(|word| word.text.as_str()).collect();
    let mut chosen = texts.iter().skip(2).peekable();
    let refused = chosen.peek().is_some_and(|first| *first == "0");
    !refused && chosen.any(|text| !offered.contains(&text.as_str()))
}

fn is_optional(form: &Form, name: &str) -> bool {
    use wirebook::grammar::Piece;
    fn holds(pieces: &[Piece], name: &str, optional: bool) -> bool {
        pieces.iter().any(|piece| match piece {
            Piece::Optional(inner) => holds(inner, name, true),
            Piece::Parameter(parameter) => optional && parameter.name == name,
            Piece::Choice { name: own, .. } => optional && own == name,
            Piece::Literal(_) => false,
        })
    }
    holds(&form.pieces, name, false)
}

/// Every length that the lines of a payload can stand for.
pub(crate) fn lengths(lines: &[&str]) -> Vec<usize> {
    let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
    let all = Convention::INFERRED.into_iter().flat_map(|way| candidates(&lines, way));
    all.map(|bytes| bytes.len()).collect()
}

/// The length of lines joined by CRLF.
pub(crate) fn plain_length(lines: &[&str]) -> usize {
    lines.iter().map(|line| line.len() + 2).sum::<usize>().saturating_sub(2)
}
