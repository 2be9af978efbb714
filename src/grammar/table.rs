//! The grammar of a whole wiki, for look-up.

use std::collections::{BTreeMap, BTreeSet};

use super::{ContentType, Direction, FenceGrammar, Form, Piece, ServerSet, Version, VersionSet};
use crate::report::{Diagnostic, rules};
use crate::text::{Span, did_you_mean};

/// A command word, or an error code, with its forms.
#[derive(Debug, Clone, Default)]
pub struct Command {
    /// The word.
    pub name: String,
    /// Its forms, in the order of pages and lines.
    pub forms: Vec<Form>,
}

impl Command {
    /// Versions in which some form holds; variants do not count.
    pub fn versions(&self) -> VersionSet {
        let forms = self.forms.iter().filter(|form| form.variant.is_none());
        forms.fold(VersionSet::EMPTY, |set, form| set.union(form.versions))
    }

    /// Servers on which some form holds.
    pub fn servers(&self) -> ServerSet {
        self.forms.iter().fold(ServerSet::EMPTY, |set, form| set.union(form.servers))
    }

    /// Versions in which `direction` can send it; variants do not count.
    pub fn sent_by(&self, direction: Direction) -> VersionSet {
        let forms = self.forms.iter().filter(|f| f.direction == direction && f.variant.is_none());
        forms.fold(VersionSet::EMPTY, |set, form| set.union(form.versions))
    }

    /// True if some form in this direction has a payload.
    pub fn has_payload(&self, direction: Direction) -> bool {
        self.forms.iter().any(|form| form.direction == direction && form.payload.is_some())
    }

    /// True for an error code.
    pub fn is_error(&self) -> bool {
        self.name.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Path of the page that declares its first form.
    pub fn path(&self) -> &str {
        self.forms.first().map_or("", |form| form.path.as_str())
    }
}

/// A key pair for challenges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductKey {
    /// What a client sends in the open.
    pub id: String,
    /// What it keeps.
    pub key: String,
    /// Versions it is known from.
    pub versions: VersionSet,
}

/// What a version does to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It comes.
    Added,
    /// Its forms differ from those of the version before.
    Changed,
    /// It goes.
    Removed,
}

/// Every fact of a wiki's grammar fences.
#[derive(Debug, Clone, Default)]
pub struct Grammar {
    /// Commands and error codes by name.
    pub commands: BTreeMap<String, Command>,
    /// Key pairs by product id.
    pub product_keys: BTreeMap<String, ProductKey>,
    /// Content types of messages by name, in lower case; `*` holds for all of them.
    pub content_types: BTreeMap<String, ContentType>,
    /// Named values, such as `password`.
    pub constants: BTreeMap<String, String>,
    /// Names of the parameters that count rows, by the command whose answer has them.
    counted: BTreeMap<String, BTreeSet<String>>,
}

impl Grammar {
    /// Puts the fences of all pages together, in the order given, and looks up the names they mention.
    pub fn assemble(fences: impl IntoIterator<Item = FenceGrammar>) -> (Self, Vec<Diagnostic>) {
        let mut grammar = Self::default();
        let mut diagnostics = Vec::new();
        for fence in fences {
            for form in fence.forms {
                if let (Some(answer), Some(count)) = (&form.inside, &form.counted) {
                    grammar.counted.entry(answer.clone()).or_default().insert(count.clone());
                }
                let command = grammar.commands.entry(form.name.clone()).or_default();
                command.name.clone_from(&form.name);
                command.forms.push(form);
            }
            for key in fence.product_keys {
                grammar.product_keys.insert(key.id.clone(), key);
            }
            for content in fence.content_types {
                match grammar.content_types.get_mut(&content.name) {
                    Some(known) => known.extend(content),
                    None => drop(grammar.content_types.insert(content.name.clone(), content)),
                }
            }
            grammar.constants.extend(fence.constants);
            diagnostics.extend(fence.diagnostics);
        }
        diagnostics.extend(grammar.unknown_names());
        (grammar, diagnostics)
    }

    /// The command or error code of this name.
    pub fn command(&self, name: &str) -> Option<&Command> {
        self.commands.get(name)
    }

    /// The versions that have a command word.
    pub fn versions(&self) -> VersionSet {
        self.words().fold(VersionSet::EMPTY, |set, command| set.union(command.versions()))
    }

    /// Commands, without error codes, by name.
    pub fn words(&self) -> impl Iterator<Item = &Command> {
        self.commands.values().filter(|command| !command.is_error())
    }

    /// Error codes in order.
    pub fn errors(&self) -> impl Iterator<Item = &Command> {
        self.commands.values().filter(|command| command.is_error())
    }

    /// Names of the parameters with which an answer to `name` counts its rows.
    pub fn counted_in(&self, name: &str) -> impl Iterator<Item = &str> {
        self.counted.get(name).into_iter().flatten().map(String::as_str)
    }

    /// The help with the command word nearest to one that is not known.
    pub fn did_you_mean(&self, name: &str) -> Option<String> {
        did_you_mean(name, self.words().map(|command| command.name.as_str()))
    }

    /// What `version` does to the command, compared with the version before; `None` for nothing.
    pub fn change(&self, command: &Command, version: Version) -> Option<Change> {
        let now = forms_in(command, version);
        let Some(previous) = version.previous() else {
            return (!now.is_empty()).then_some(Change::Added);
        };
        let before = forms_in(command, previous);
        match (before.is_empty(), now.is_empty()) {
            (true, true) => None,
            (true, false) => Some(Change::Added),
            (false, true) => Some(Change::Removed),
            (false, false) if before == now => None,
            (false, false) => Some(Change::Changed),
        }
    }

    /// Findings for names in `answers=` and `in=` that are no command.
    fn unknown_names(&self) -> Vec<Diagnostic> {
        let forms = self.commands.values().flat_map(|command| &command.forms);
        let named = forms.clone().flat_map(|form| {
            let requests = form.answers.iter().chain(&form.follows).map(|request| &request.command);
            requests.chain(&form.inside).map(move |name| (form, name))
        });
        let unknown = named.filter(|(_, name)| !self.commands.contains_key(*name));
        let unknown = unknown.map(|(form, name)| self.unknown_name(form, name));
        unknown.chain(forms.filter_map(|form| self.unknown_count(form))).collect()
    }

    /// A finding where `counted=` names no parameter of the answer that the form is a row of.
    fn unknown_count(&self, form: &Form) -> Option<Diagnostic> {
        let counted = form.counted.as_deref()?;
        let answer = form.inside.as_ref().and_then(|name| self.command(name));
        let forms = answer.into_iter().flat_map(|command| &command.forms);
        let mut pieces = forms.flat_map(|form| form.shapes.iter().flatten());
        let named = |piece: &Piece| matches!(piece, Piece::Parameter(p) if p.name == counted);
        if pieces.any(named) {
            return None;
        }
        let message =
            format!("no answer that `{}` is a row of has a parameter `{counted}`", form.name);
        let help = "name the answer with `in=`, and its parameter with `counted=`";
        let diagnostic = Diagnostic::new(&rules::GRAMMAR_NAME, &form.path, form.span, message);
        Some(diagnostic.with_help(help))
    }

    fn unknown_name(&self, form: &Form, name: &str) -> Diagnostic {
        let span: Span = form.span;
        let message = format!("`{name}` has no grammar, so `{}` cannot belong to it", form.name);
        let diagnostic = Diagnostic::new(&rules::GRAMMAR_NAME, &form.path, span, message);
        let otherwise = || format!("add a grammar fence for `{name}`, or drop it");
        diagnostic.with_help(self.did_you_mean(name).unwrap_or_else(otherwise))
    }
}

/// The forms of a command in one version, as comparable text; variants left out.
fn forms_in(command: &Command, version: Version) -> Vec<(Direction, &str, Option<&str>)> {
    let forms = command.forms.iter();
    let held = forms.filter(|form| form.versions.contains(version) && form.variant.is_none());
    held.map(|form| (form.direction, form.text.as_str(), form.payload.as_deref())).collect()
}
