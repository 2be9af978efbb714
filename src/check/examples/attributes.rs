//! Attributes of an example: what its author says about it.

use super::reply::Reply;
use crate::grammar::{Server, VersionSet};
use crate::markdown::{Allowance, Attribute, Fence};
use crate::msnp::payload::Convention;
use crate::msnp::{Claim, State};
use crate::report::{Diagnostic, Rule, Severity, rules};
use crate::text::{Span, did_you_mean};

/// What the attributes of a fence say.
#[derive(Debug, Clone, Default)]
pub(super) struct Stated {
    /// `version=`, and where it stands.
    pub(super) claim: Option<(Claim, Span)>,
    /// `server=`.
    pub(super) server: Option<Server>,
    /// `session=`: fences of one name make one exchange.
    pub(super) session: Option<String>,
    /// `payload=`.
    pub(super) convention: Option<Convention>,
    /// `expect=`: rules whose findings the example is there to show, and where each stands.
    pub(super) expected: Vec<(String, Span)>,
    /// `template`.
    pub(super) template: bool,
    /// `ignore=`: the reason.
    pub(super) ignored: Option<String>,
    /// `secret="password=..."`.
    pub(super) password: Option<String>,
    /// `secret="binary-secret=..."`.
    pub(super) binary_secret: Option<String>,
    /// `after=`, and where it stands.
    pub(super) after: Option<(After, Span)>,
    /// `reply=`, and where it stands.
    pub(super) reply: Option<(Reply, Span)>,
    /// `hidden`: readers see it on request only.
    pub(super) hidden: bool,
    /// `allow=`: findings that are let stand in this fence.
    pub(super) allowance: Option<Allowance>,
}

/// What a fence goes on from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum After {
    /// The session of this name on the same page.
    Session(String),
    /// A state that is not shown.
    State(State),
}

const KEYS: [&str; 12] = [
    "version", "server", "session", "after", "payload", "reply", "expect", "allow", "template",
    "hidden", "ignore", "secret",
];

/// Reads the attributes of a fence on the page at `path`.
pub(super) fn read(path: &str, fence: &Fence, diagnostics: &mut Vec<Diagnostic>) -> Stated {
    let mut stated = Stated::default();
    let mut seen: Vec<&str> = Vec::new();
    for attribute in &fence.attributes.list {
        let key = attribute.key.as_str();
        if seen.contains(&key) {
            let text = format!("`{key}` is given twice");
            let help = "keep one of them";
            let span = attribute.key_span;
            diagnostics
                .push(Diagnostic::new(&rules::UNKNOWN_ATTRIBUTE, path, span, text).with_help(help));
        }
        seen.push(key);
        if let Err((text, help)) = stated.attribute(attribute, fence.span) {
            let known = KEYS.contains(&key);
            let span = if known { attribute.value_span } else { attribute.key_span };
            diagnostics
                .push(Diagnostic::new(&rules::UNKNOWN_ATTRIBUTE, path, span, text).with_help(help));
        }
    }
    stated
}

impl Stated {
    /// True if the example is there to show a mistake; a note is none.
    pub(super) fn shows_mistakes(&self) -> bool {
        let rules = self.expected.iter().filter_map(|(name, _)| rules::find(name));
        rules.into_iter().any(|rule| rule.severity > Severity::Note)
    }

    /// True if findings of the rule are let stand.
    pub(super) fn allows(&self, rule: &Rule) -> bool {
        let mut rules = self.allowance.iter().flat_map(|allowance| &allowance.rules);
        rules.any(|(allowed, _)| *allowed == rule)
    }

    /// Takes one attribute; an error says what is wrong with it, and how to mend it.
    fn attribute(&mut self, attribute: &Attribute, scope: Span) -> Result<(), (String, String)> {
        let value = attribute.value.as_str();
        let span = attribute.value_span;
        match attribute.key.as_str() {
            "version" => {
                let help = "write `8`, `2..7`, `9..`, `cvr0`, or several joined by `|`";
                let versions = VersionSet::parse(value).map_err(|text| (text, help.to_owned()))?;
                self.claim = Some((Claim { versions, anchor: None, strict: true }, span));
            }
            "server" => {
                let wrong = || {
                    (format!("`{value}` is not a server"), "write `ds`, `ns` or `sb`".to_owned())
                };
                self.server = Some(Server::parse(value).ok_or_else(wrong)?);
            }
            "session" if !value.is_empty() => self.session = Some(value.to_owned()),
            "payload" => {
                let names = Convention::ALL.map(|convention| format!("`{}`", convention.name()));
                let wrong = || {
                    let text = format!("`{value}` is not a way to join the lines of a payload");
                    (text, format!("write one of {}", names.join(", ")))
                };
                self.convention = Some(Convention::parse(value).ok_or_else(wrong)?);
            }
            "expect" => return self.expect(value, span),
            "after" => self.after = Some((after(value)?, span)),
            "reply" => {
                let help = "write `error`, `close`, or the three digits of an error";
                let wrong = || (format!("`{value}` is not a reply"), help.to_owned());
                self.reply = Some((Reply::parse(value).ok_or_else(wrong)?, span));
            }
            "allow" => {
                let allowance = Allowance::parse(value, span.start as usize, ':')?;
                self.allowance = Some(Allowance { scope, ..allowance });
            }
            "hidden" => self.hidden = true,
            "template" => self.template = true,
            "ignore" if !value.is_empty() => self.ignored = Some(value.to_owned()),
            "secret" if value.starts_with("password=") => {
                self.password = value.strip_prefix("password=").map(str::to_owned);
            }
            "secret" if value.starts_with("binary-secret=") => {
                self.binary_secret = value.strip_prefix("binary-secret=").map(str::to_owned);
            }
            key => return Err(wrong(key, value)),
        }
        Ok(())
    }

    fn expect(&mut self, value: &str, span: Span) -> Result<(), (String, String)> {
        for name in value.split([',', '|']).map(str::trim) {
            if rules::find(name).is_none() {
                let names = rules::RULES.iter().map(|rule| rule.name);
                let help = did_you_mean(name, names)
                    .unwrap_or_else(|| "`wirebook explain` lists the rules".to_owned());
                return Err((format!("`{name}` is not a rule"), help));
            }
            self.expected.push((name.to_owned(), span));
        }
        Ok(())
    }
}

/// Reads an `after=` value.
fn after(value: &str) -> Result<After, (String, String)> {
    if let Some(name) = value.strip_prefix("session@").filter(|name| !name.is_empty()) {
        return Ok(After::Session(name.to_owned()));
    }
    let states = State::ALL.map(State::name);
    let wrong = || {
        let known = states.map(|name| format!("`{name}`")).join(", ");
        let help = did_you_mean(value, states)
            .unwrap_or_else(|| format!("write one of {known}, or `session@name`"));
        (format!("`{value}` is nothing that an example can go on from"), help)
    };
    State::parse(value).map(After::State).ok_or_else(wrong)
}

/// What is said of an attribute that does not exist, or whose value cannot be taken.
fn wrong(key: &str, value: &str) -> (String, String) {
    match key {
        "session" => ("`session` has no name".to_owned(), "write `session=name`".to_owned()),
        "ignore" => {
            let help = "write `ignore=\"why\"`, so that the next reader knows";
            ("`ignore` gives no reason".to_owned(), help.to_owned())
        }
        "secret" => {
            let help = "write `secret=\"password=...\"` or `secret=\"binary-secret=...\"`";
            (format!("`{value}` is not a secret"), help.to_owned())
        }
        key => {
            let known = || KEYS.map(|key| format!("`{key}`")).join(", ");
            let help = did_you_mean(key, KEYS)
                .unwrap_or_else(|| format!("the attributes are {}", known()));
            (format!("`{key}` is not an attribute of an example"), help)
        }
    }
}
