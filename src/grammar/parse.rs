//! One grammar fence, line by line.
//!
//! A line that cannot be read is a finding and declares nothing; the other lines count all the same. The language:
//!
//! - `C: CHG trid status:presence [capabilities]  {version=8}`: a form; an indented `payload KIND` below it names the kind
//!   of its payload; `payload xml A|B inner=C` also the names of its root, and elements that hold another document.
//! - `product-key ID KEY  {version=11..}`: a key pair for challenges.
//! - `content-type NAME`: a type of messages, with indented lines below that say what belongs to it ([`ContentType`]).
//! - `constant NAME VALUE`: a value that examples may rely on.
//! - `# words`: a comment.

use std::collections::BTreeMap;

use super::pieces::{parse_pieces, shapes};
use super::{
    ContentType, Direction, Form, Login, Piece, Place, ProductKey, Request, ServerSet, Status,
    VersionSet, Xml,
};
use crate::markdown::{Attribute, Attributes, Fence};
use crate::report::{Diagnostic, rules};
use crate::text::{Source, Span, did_you_mean};

/// What one fence declares.
#[derive(Debug, Clone, Default)]
pub struct FenceGrammar {
    /// Its forms, in order.
    pub forms: Vec<Form>,
    /// Its key pairs.
    pub product_keys: Vec<ProductKey>,
    /// Its content types.
    pub content_types: Vec<ContentType>,
    /// Its constants.
    pub constants: BTreeMap<String, String>,
    /// What is wrong in it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a fence of `source`.
pub fn parse(source: &Source, fence: &Fence) -> FenceGrammar {
    let (out, shared) = (FenceGrammar::default(), Shared::default());
    let mut reader = Reader { source, out, shared, in_content: false };
    reader.shared = reader.shared_attributes(&fence.attributes);
    for line in &fence.lines {
        reader.line(*line);
    }
    reader.out
}

/// Attributes that hold for a line, after those of the fence were laid under its own.
#[derive(Debug, Clone, Default)]
struct Shared {
    versions: Option<VersionSet>,
    servers: Option<ServerSet>,
    asynchronous: bool,
    answers: Vec<Request>,
    inside: Option<String>,
    counted: Option<String>,
    place: Option<Place>,
    follows: Option<Request>,
    login: Option<Login>,
    closes: bool,
    variant: Option<String>,
    status: Option<Status>,
}

const KEYS: [&str; 13] = [
    "version", "server", "async", "answers", "in", "counted", "first", "once", "follows", "login",
    "closes", "variant", "status",
];

struct Reader<'a> {
    source: &'a Source,
    out: FenceGrammar,
    shared: Shared,
    /// True if indented lines belong to a content type.
    in_content: bool,
}

impl Reader<'_> {
    fn wrong(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let path = &self.source.path;
        let diagnostic = Diagnostic::new(&rules::GRAMMAR_SYNTAX, path, span, message);
        self.out.diagnostics.push(diagnostic.with_help(help));
    }

    fn line(&mut self, span: Span) {
        let text = self.source.slice(span).to_owned();
        let trimmed = text.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return;
        }
        let indent = text.len() - text.trim_start().len();
        if indent > 0 && self.in_content {
            return self.content(span, trimmed, span.start as usize + indent);
        }
        if indent > 0 {
            return self.payload(span, trimmed);
        }
        self.in_content = text.starts_with("content-type ");
        let (body, attributes) = split_attributes(&text, span);
        match body.split_once(' ') {
            Some(("C:", rest)) => self.form(Direction::Client, rest, span, &attributes),
            Some(("S:", rest)) => self.form(Direction::Server, rest, span, &attributes),
            Some(("product-key", rest)) => self.product_key(rest.trim(), span, &attributes),
            Some(("content-type", rest)) => {
                self.out.content_types.push(ContentType::new(rest.trim(), &self.source.path));
            }
            Some(("constant", rest)) => self.constant(rest.trim(), span),
            _ => self.wrong(
                span,
                "this line is no form, product key, content type or constant",
                "begin a form with `C: ` or `S: ` and the command word, as in `C: CHG trid status:presence`",
            ),
        }
    }

    fn content(&mut self, span: Span, text: &str, offset: usize) {
        let Some(content) = self.out.content_types.last_mut() else { return };
        if let Err((message, help)) = content.add(text, offset) {
            self.wrong(span, message, help);
        }
    }

    fn payload(&mut self, span: Span, text: &str) {
        let rest = text.strip_prefix("payload ").map(str::trim);
        let kind = rest.map(|rest| rest.split_once(' ').unwrap_or((rest, "")));
        let known = |kind: &str, more: &str| {
            let xml = Xml::parse(more).filter(|xml| kind == "xml" || *xml == Xml::default());
            xml.filter(|_| is_name(kind))
        };
        let kind = kind.map(|(kind, more)| (kind, known(kind, more)));
        let form = self.out.forms.last_mut();
        match (kind, form) {
            (Some((kind, Some(xml))), Some(form)) if form.payload.is_some() => {
                form.payload = Some(kind.to_owned());
                form.xml = xml;
            }
            (Some((_, None)), _) => self.wrong(
                span,
                "this is no kind of payload",
                "write `payload KIND`, for XML also with its roots and the elements that hold another document: `payload xml A|B inner=C`",
            ),
            (Some(_), Some(_)) => self.wrong(
                span,
                "the form above has no payload",
                "a form has a payload when its last parameter is `length`",
            ),
            _ => self.wrong(
                span,
                "an indented line names the payload of the form above",
                "write `payload KIND`, such as `payload xml`, or remove the indentation",
            ),
        }
    }

    fn form(&mut self, direction: Direction, rest: &str, line: Span, attributes: &Attributes) {
        let offset = line.start as usize + "C: ".len();
        let Some((name, body, body_offset)) = split_name(rest, offset) else {
            let help = "a command word is three capitals, an error code three digits";
            return self.wrong(line, "there is no command word after the direction", help);
        };
        let parsed = parse_pieces(body, body_offset);
        for (span, message, help) in parsed.problems {
            self.wrong(span, message, help);
        }
        let shared = self.line_attributes(attributes);
        let payload = ends_in_length(&parsed.pieces).then(|| "any".to_owned());
        self.out.forms.push(Form {
            name: name.to_owned(),
            direction,
            servers: shared.servers.unwrap_or_else(ServerSet::all),
            versions: shared.versions.unwrap_or_else(VersionSet::msnp),
            shapes: shapes(&parsed.pieces),
            pieces: parsed.pieces,
            payload,
            xml: Xml::default(),
            asynchronous: shared.asynchronous,
            answers: shared.answers,
            inside: shared.inside,
            counted: shared.counted,
            place: shared.place,
            follows: shared.follows,
            login: shared.login,
            closes: shared.closes,
            variant: shared.variant,
            status: shared.status,
            path: self.source.path.clone(),
            span: line,
            text: format!("{name} {}", body.split_whitespace().collect::<Vec<_>>().join(" "))
                .trim_end()
                .to_owned(),
        });
    }

    fn product_key(&mut self, rest: &str, span: Span, attributes: &Attributes) {
        let words: Vec<&str> = rest.split_whitespace().collect();
        let &[id, key] = words.as_slice() else {
            let help = "write `product-key PRODUCT-ID KEY`";
            return self.wrong(span, "a product key is an id and a key", help);
        };
        let versions = self.line_attributes(attributes).versions.unwrap_or_else(VersionSet::msnp);
        let (id, key) = (id.to_owned(), key.to_owned());
        self.out.product_keys.push(ProductKey { id, key, versions });
    }

    fn constant(&mut self, rest: &str, span: Span) {
        match rest.split_once(' ') {
            Some((name, value)) if is_name(name) => {
                self.out.constants.insert(name.to_owned(), value.trim().to_owned());
            }
            _ => {
                self.wrong(span, "a constant is a name and a value", "write `constant NAME VALUE`");
            }
        }
    }

    fn shared_attributes(&mut self, attributes: &Attributes) -> Shared {
        let mut shared = Shared::default();
        for attribute in &attributes.list {
            self.attribute(attribute, &mut shared);
        }
        shared
    }

    fn line_attributes(&mut self, attributes: &Attributes) -> Shared {
        let mut shared = self.shared.clone();
        for attribute in &attributes.list {
            self.attribute(attribute, &mut shared);
        }
        shared
    }

    fn attribute(&mut self, attribute: &Attribute, shared: &mut Shared) {
        let value = attribute.value.as_str();
        let mut problem = None;
        match attribute.key.as_str() {
            "version" => match VersionSet::parse(value) {
                Ok(versions) => shared.versions = Some(versions),
                Err(message) => problem = Some(message),
            },
            "server" => match ServerSet::parse(value) {
                Ok(servers) => shared.servers = Some(servers),
                Err(message) => problem = Some(message),
            },
            "async" => shared.asynchronous = true,
            "answers" => shared.answers = value.split(',').map(request).collect(),
            "in" => shared.inside = Some(value.to_owned()),
            "counted" => shared.counted = Some(value.to_owned()),
            "first" => shared.place = Some(Place::First),
            "once" => shared.place = Some(Place::Once),
            "follows" => shared.follows = Some(request(value)),
            "login" => match value {
                "" => shared.login = Some(Login::Before),
                "done" => shared.login = Some(Login::Done),
                _ => problem = Some(format!("`{value}` is not a state of a login")),
            },
            "closes" => shared.closes = true,
            "variant" => shared.variant = Some(value.to_owned()),
            "status" => match Status::parse(value) {
                Some(status) => shared.status = Some(status),
                None => problem = Some(format!("`{value}` is not a status")),
            },
            key => {
                let message = format!("`{key}` is not an attribute of a form");
                let known = || KEYS.map(|key| format!("`{key}`")).join(", ");
                let help = did_you_mean(key, KEYS)
                    .unwrap_or_else(|| format!("the attributes are {}", known()));
                self.wrong(attribute.key_span, message, help);
            }
        }
        if let Some(message) = problem {
            let help = match attribute.key.as_str() {
                "version" => "write `8`, `2..7`, `9..`, `cvr0`, or several joined by `|`",
                "server" => "write `ds`, `ns` or `sb`, or several joined by `|`",
                "login" => "write `login`, or `login=done`",
                _ => {
                    "write `observed`, `draft`, `described`, `client`, `server`, `assumed` or `unknown`"
                }
            };
            self.wrong(attribute.value_span, message, help);
        }
    }
}

/// Reads `CHG`, or `MSG A|D`: a command word, and words of which the request has one.
fn request(text: &str) -> Request {
    let (command, words) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    let words = words.split('|').map(str::trim).filter(|word| !word.is_empty());
    Request { command: command.to_owned(), words: words.map(str::to_owned).collect() }
}

/// The line without its final `{...}`, and the attributes in it.
fn split_attributes(text: &str, line: Span) -> (&str, Attributes) {
    let trimmed = text.trim_end();
    let inner = trimmed.strip_suffix('}').and_then(|rest| rest.rsplit_once(" {"));
    let Some((body, inside)) = inner else { return (trimmed, Attributes::default()) };
    let offset = line.start as usize + body.len() + " {".len();
    (body.trim_end(), Attributes::parse(inside, offset))
}

/// The command word, what follows it, and where that begins in the file.
fn split_name(rest: &str, offset: usize) -> Option<(&str, &str, usize)> {
    let start = rest.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    let end = rest.find(' ').unwrap_or(rest.len());
    let (name, body) = rest.split_at_checked(end)?;
    is_command_word(name).then_some((name, body, offset + start + end))
}

/// True for three capitals or three digits.
fn is_command_word(word: &str) -> bool {
    word.len() == 3
        && (word.bytes().all(|byte| byte.is_ascii_uppercase())
            || word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// True for lower-case words joined by hyphens.
pub(super) fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn ends_in_length(pieces: &[Piece]) -> bool {
    match pieces.last() {
        Some(Piece::Parameter(parameter)) => parameter.kind == "length",
        Some(Piece::Optional(inner)) => ends_in_length(inner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> FenceGrammar {
        let source = Source::new("chg.md", text);
        let mut lines = Vec::new();
        let mut at = 0;
        for line in text.split('\n') {
            lines.push(Span::new(at, at + line.len()));
            at += line.len() + 1;
        }
        parse(&source, &Fence { lines, ..Fence::default() })
    }

    #[test]
    fn a_form_has_pieces_attributes_and_payload() {
        let grammar = read(
            "C: QRY trid product-id length  {version=6.. server=ns}\n   payload challenge-answer\nS: QRY trid",
        );
        assert!(grammar.diagnostics.is_empty());
        let form = &grammar.forms[0];
        assert_eq!((form.name.as_str(), form.direction), ("QRY", Direction::Client));
        assert_eq!(form.payload.as_deref(), Some("challenge-answer"));
        assert_eq!(form.versions.to_string(), "MSNP6 and later");
        assert_eq!(form.text, "QRY trid product-id length");
        assert_eq!(grammar.forms[1].payload, None);
    }

    #[test]
    fn xml_has_roots_and_documents_inside() {
        let grammar = read("S: UBX account length\n  payload xml Data|x:A inner=BODY");
        assert!(grammar.diagnostics.is_empty());
        let xml = &grammar.forms[0].xml;
        assert_eq!((xml.roots.join(" "), xml.inner.join(" ")), ("Data x:A".into(), "BODY".into()));
    }

    #[test]
    fn optional_groups_become_shapes() {
        let grammar = read("C: CHG trid status:presence [capabilities [object:msnobj]]");
        let lengths: Vec<usize> = grammar.forms[0].shapes.iter().map(Vec::len).collect();
        assert_eq!(lengths, [4, 3, 2]);
    }

    #[test]
    fn keys_with_braces_and_constants_are_read() {
        let grammar = read(
            "product-key PROD0104U6VVM{UJ VK67B}379XYM5}$T {version=11..}\nconstant password a b",
        );
        assert!(grammar.diagnostics.is_empty());
        assert_eq!(grammar.product_keys[0].key, "VK67B}379XYM5}$T");
        assert_eq!(grammar.constants["password"], "a b");
    }

    #[test]
    fn a_content_type_has_headers_and_a_body() {
        let grammar = read(
            "content-type text/X\n  header A-B:u32\n  header [c:(x|Y)]\n  body ID:\"1\"\n  body emoticons\nS: QRY trid",
        );
        assert!(grammar.diagnostics.is_empty());
        let content = &grammar.content_types[0];
        assert_eq!(content.name, "text/x");
        let headers: Vec<_> =
            content.headers.iter().map(|field| (field.name.as_str(), field.required)).collect();
        assert_eq!(headers, [("A-B", true), ("c", false)]);
        assert_eq!(content.fields[0].value, Piece::Literal("1".to_owned()));
        assert_eq!(content.body.as_ref().map(|body| body.kind.as_str()), Some("emoticons"));
        assert_eq!(content.parameters()[0].kind, "u32");
    }

    #[test]
    fn mistakes_are_findings_with_a_place() {
        for (text, at) in [
            ("CHG trid", "CHG trid"),
            ("C: chg trid", "C: chg trid"),
            ("C: CHG trid {verison=8}", "verison"),
            ("C: CHG trid {version=99}", "99"),
            ("C: CHG [trid", "[trid"),
            ("C: CHG trid]", "]"),
            ("C: CHG ()", "()"),
            ("C: CHG a...  b", "a..."),
            ("C: CHG trid\n  payload xml", "  payload xml"),
            ("C: CHG length\n  payload xml A|", "  payload xml A|"),
            ("C: CHG length\n  payload mime A", "  payload mime A"),
            ("content-type a/b\n  header A", "  header A"),
            ("content-type a/b\n  header A:b c", "  header A:b c"),
            ("content-type a/b\n  foot A:b", "  foot A:b"),
        ] {
            let grammar = read(text);
            let found: Vec<&str> = grammar.diagnostics.iter().map(|d| d.span.of(text)).collect();
            assert_eq!(found, [at], "{text}");
        }
    }
}
