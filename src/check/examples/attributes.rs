//! Attributes of an example: what its author says about it.

use crate::grammar::{Server, VersionSet};
use crate::markdown::{Attribute, Fence};
use crate::msnp::Claim;
use crate::msnp::payload::Convention;
use crate::report::{Diagnostic, Severity, rules};
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
}

const KEYS: [&str; 8] =
    ["version", "server", "session", "payload", "expect", "template", "ignore", "secret"];

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
        if let Err((text, help)) = stated.attribute(attribute) {
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

    /// Takes one attribute; an error says what is wrong with it, and how to mend it.
    fn attribute(&mut self, attribute: &Attribute) -> Result<(), (String, String)> {
        let value = attribute.value.as_str();
        match attribute.key.as_str() {
            "version" => {
                let help = "write `8`, `2..7`, `9..`, `cvr0`, or several joined by `|`";
                let versions = VersionSet::parse(value).map_err(|text| (text, help.to_owned()))?;
                self.claim = Some((Claim { versions, anchor: None }, attribute.value_span));
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
            "expect" => return self.expect(value, attribute.value_span),
            "template" => self.template = true,
            "ignore" if !value.is_empty() => self.ignored = Some(value.to_owned()),
            "secret" if value.starts_with("password=") => {
                self.password = value.strip_prefix("password=").map(str::to_owned);
            }
            "secret" if value.starts_with("binary-secret=") => {
                self.binary_secret = value.strip_prefix("binary-secret=").map(str::to_owned);
            }
            "session" => {
                return Err(("`session` has no name".into(), "write `session=name`".into()));
            }
            "ignore" => {
                let help = "write `ignore=\"why\"`, so that the next reader knows";
                return Err(("`ignore` gives no reason".to_owned(), help.to_owned()));
            }
            "secret" => {
                let help = "write `secret=\"password=...\"` or `secret=\"binary-secret=...\"`";
                return Err((format!("`{value}` is not a secret"), help.to_owned()));
            }
            key => {
                let known = || KEYS.map(|key| format!("`{key}`")).join(", ");
                let help = did_you_mean(key, KEYS)
                    .unwrap_or_else(|| format!("the attributes are {}", known()));
                return Err((format!("`{key}` is not an attribute of an example"), help));
            }
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
