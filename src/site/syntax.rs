//! Grammar fences as readable syntax: one row a form, its parameters links to where the page explains them.

use std::collections::BTreeSet;

use super::block::{DEEPEST, Writer};
use super::example::capitalised;
use super::href;
use super::lens;
use crate::grammar::{Direction, Form, Login, Parameter, Piece, Place, Request, ServerSet};
use crate::markdown::Fence;
use crate::text::Span;

/// Choices whose words were written out already, by name and words.
type Listed<'a> = BTreeSet<(&'a str, &'a [String])>;

impl<'a> Writer<'a> {
    /// Writes a grammar fence.
    pub(super) fn syntax(&mut self, fence: &'a Fence) {
        let (forms, plain) = self.forms(fence);
        if !forms.is_empty() {
            self.form_table(&forms);
        }
        if !plain.is_empty() {
            self.html.raw("<pre><code>");
            for (index, line) in plain.iter().enumerate() {
                if index > 0 {
                    self.html.raw("\n");
                }
                self.html.text(self.entry.source.slice(*line));
            }
            self.html.raw("</code></pre>");
        }
    }

    /// The forms of a fence in its order, and the lines that belong to none.
    fn forms(&self, fence: &Fence) -> (Vec<&'a Form>, Vec<Span>) {
        let path = self.entry.page.path.as_str();
        let all = self.shared.book.grammar.commands.values().flat_map(|command| &command.forms);
        let inside = all.filter(|f| f.path == path && fence.span.contains(f.span.start));
        let mut forms: Vec<&Form> = inside.collect();
        forms.sort_by_key(|form| form.span);
        let mut plain = Vec::new();
        let mut after_form = false;
        for line in &fence.lines {
            let text = self.entry.source.slice(*line);
            let on_line = |f: &&Form| f.span.start <= line.end && line.start <= f.span.end;
            let payload = after_form && text.trim_start().starts_with("payload");
            if text.trim().is_empty() || forms.iter().any(on_line) || payload {
                after_form = !text.trim().is_empty();
            } else {
                after_form = false;
                plain.push(*line);
            }
        }
        (forms, plain)
    }

    fn form_table(&mut self, forms: &[&'a Form]) {
        let servers = forms.iter().fold(ServerSet::EMPTY, |set, form| set.union(form.servers));
        let shared = SaidAbove {
            servers: forms.iter().all(|form| form.servers == servers),
            login: forms.iter().all(|form| form.login == Some(Login::Before)),
        };
        let label = format!("{}: forms", self.section_title());
        self.html.open("table", &[("class", "syntax"), ("aria-label", &label)]);
        let mut above = Vec::new();
        if shared.servers && !servers.is_empty() {
            let when = if shared.login { ", also before the login is done" } else { "" };
            above.push(format!("on the {}{when}", server_names(servers)));
        }
        let mut said: Vec<Vec<String>> = forms.iter().map(|form| notes(form, shared)).collect();
        let common = common(&said);
        above.extend(common.iter().cloned());
        if !above.is_empty() {
            self.html.element("caption", &[], &capitalised(&above.join("; ")));
        }
        for notes in &mut said {
            notes.retain(|note| !common.contains(note));
        }
        self.html.raw("<thead><tr>");
        for head in ["From", "Line", "Versions"] {
            self.html.element("th", &[("scope", "col")], head);
        }
        self.html.raw("</tr></thead><tbody>");
        let mut listed = BTreeSet::new();
        for (form, notes) in forms.iter().zip(&said) {
            self.form(form, notes, &mut listed);
        }
        self.html.raw("</tbody></table>");
    }

    /// Writes a form with what else it says. `listed` are the choices whose words were written out above: once is enough.
    fn form(&mut self, form: &'a Form, notes: &[String], listed: &mut Listed<'a>) {
        let (class, who) = match form.direction {
            Direction::Client => ("c", "Client"),
            Direction::Server => ("s", "Server"),
        };
        let versions = lens::data(form.versions);
        self.html.open("tr", &[("class", class), ("data-v", &versions)]);
        self.html.element("th", &[("scope", "row")], who);
        self.html.raw("<td><code>");
        match self.name_link(&form.name) {
            Some(href) => {
                self.links += 1;
                self.html.element("a", &[("class", "k"), ("href", &href)], &form.name);
            }
            None => self.html.element("b", &[("class", "k")], &form.name),
        }
        self.pieces(&form.pieces, true, listed, 0);
        self.html.raw("</code>");
        if let Some(payload) = &form.payload {
            self.html.raw("<div>followed by a payload: <code>");
            self.html.text(payload);
            self.html.raw("</code>");
            if !form.xml.roots.is_empty() {
                self.html.raw(", in it <code>");
                self.html.text(&form.xml.roots.join(" | "));
                self.html.raw("</code>");
            }
            self.html.raw("</div>");
        }
        if !notes.is_empty() {
            self.html.element("div", &[], &capitalised(&notes.join("; ")));
        }
        self.html.raw("</td>");
        self.html.element("td", &[], &capitalised(&form.versions.to_string()));
        self.html.raw("</tr>");
    }

    /// Writes pieces; `lead` asks for a blank before the first too.
    fn pieces(&mut self, pieces: &'a [Piece], lead: bool, listed: &mut Listed<'a>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for (index, piece) in pieces.iter().enumerate() {
            if lead || index > 0 {
                self.html.raw(" ");
            }
            match piece {
                Piece::Literal(text) => self.html.element("span", &[("class", "w")], text),
                Piece::Choice { name, words } => self.choice(name, words, listed),
                Piece::Parameter(parameter) => self.parameter(parameter),
                Piece::Optional(inner) => {
                    self.html.raw("[");
                    self.pieces(inner, false, listed, depth + 1);
                    self.html.raw("]");
                }
            }
        }
    }

    fn choice(&mut self, name: &'a str, words: &'a [String], listed: &mut Listed<'a>) {
        if name.is_empty() {
            return self.html.element(
                "span",
                &[("class", "w")],
                &format!("({})", words.join(" | ")),
            );
        }
        let id = self.terms.get(name).copied().unwrap_or_default();
        self.explained(id, "n", name);
        if listed.insert((name, words)) {
            self.html.element("small", &[], &format!(":({})", words.join(" | ")));
        }
    }

    fn parameter(&mut self, parameter: &'a Parameter) {
        if !parameter.prefix.is_empty() {
            self.html.element("span", &[("class", "w")], &parameter.prefix);
        }
        let id = self.terms.get(parameter.name.as_str()).copied().unwrap_or_default();
        self.explained(id, "n", &parameter.name);
        if parameter.kind != parameter.name {
            self.html.element("small", &[], &format!(":{}", parameter.kind));
        }
        if parameter.list {
            self.html.raw(",…");
        }
        if parameter.repeated {
            self.html.raw(" …");
        }
    }

    fn explained(&mut self, id: &str, class: &str, text: &str) {
        if id.is_empty() || self.in_link {
            return self.html.element("span", &[("class", class)], text);
        }
        self.links += 1;
        let href = href::with_fragment(String::new(), id);
        self.html.element("a", &[("class", class), ("href", &href)], text);
    }
}

/// What the head of a table says of all its forms.
#[derive(Debug, Clone, Copy)]
struct SaidAbove {
    servers: bool,
    login: bool,
}

/// What all forms of a table say, where there are several: its head says it once.
fn common(said: &[Vec<String>]) -> Vec<String> {
    let Some((first, rest)) = said.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return Vec::new();
    };
    let shared = first.iter().filter(|note| rest.iter().all(|other| other.contains(note)));
    shared.cloned().collect()
}

/// What else a form says, as short clauses.
fn notes(form: &Form, above: SaidAbove) -> Vec<String> {
    let mut notes = Vec::new();
    if !above.servers {
        notes.push(format!("on the {}", server_names(form.servers)));
    }
    if form.asynchronous {
        notes.push("may come unasked, with transaction id 0".to_owned());
    }
    let others = form.answers.iter().filter(|r| r.command != form.name || !r.words.is_empty());
    let others: Vec<String> = others.map(request).collect();
    if !others.is_empty() {
        notes.push(format!("answers {}", others.join(", ")));
    }
    if let Some(outer) = &form.inside {
        notes.push(format!("a row of the answer to {outer}"));
    }
    if let Some(count) = &form.counted {
        notes.push(format!("counted by its `{count}`"));
    }
    match form.place {
        Some(Place::First) => notes.push("the first command of a connection".to_owned()),
        Some(Place::Once) => notes.push("once a connection".to_owned()),
        None => {}
    }
    if let Some(before) = &form.follows {
        notes.push(format!("after the server's {}", request(before)));
    }
    match form.login {
        Some(Login::Before) if above.login && above.servers => {}
        Some(Login::Before) => notes.push("allowed before the login is done".to_owned()),
        Some(Login::Done) => notes.push("the login is done with it".to_owned()),
        None => {}
    }
    if form.closes {
        notes.push("the connection ends after it".to_owned());
    }
    if let Some(who) = &form.variant {
        notes.push(format!("a variant: {who}"));
    }
    notes.extend(form.status.map(|status| status.phrase().to_owned()));
    notes
}

/// `MSG with A or D`.
fn request(request: &Request) -> String {
    if request.words.is_empty() {
        return request.command.clone();
    }
    format!("{} with {}", request.command, request.words.join(" or "))
}

/// `notification server and switchboard`.
pub(super) fn server_names(servers: ServerSet) -> String {
    let names: Vec<&str> = servers.iter().map(crate::grammar::Server::name).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "server".to_owned(),
    }
}
