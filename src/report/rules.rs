//! The table of rules: each thing wirebook checks, once.
//!
//! A rule's name and severity stand here and nowhere else; its page (what it finds, why it matters, a bad and a
//! good example) is the Markdown file of its name in `wiki/manual/rules/`. `wirebook explain` prints that page.

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; never fails a run.
    Note,
    /// Probably a mistake; fails a run only where warnings are made to.
    Warning,
    /// A mistake; fails a run.
    Error,
}

impl Severity {
    /// The word for it in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing that is checked.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Name in kebab case, as in reports and `wirebook explain`.
    pub name: &'static str,
    /// How much its findings weigh.
    pub severity: Severity,
    /// The rule's page, as Markdown.
    pub page: &'static str,
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $constant:ident $severity:ident $name:literal)+) => {
        $($(#[doc = $doc])+
        pub static $constant: Rule = Rule {
            name: $name,
            severity: Severity::$severity,
            page: include_str!(concat!("../../wiki/manual/rules/", $name, ".md")),
        };)+
        /// Every rule, by name.
        pub static RULES: &[&Rule] = &[$(&$constant),+];
    };
}

rules! {
    /// A file of the book is not UTF-8; what cannot be read is shown as U+FFFD.
    ENCODING Error "encoding"
    /// The front matter of a page is not YAML, or holds an unknown key or value.
    FRONT_MATTER Error "front-matter"
    /// A page holds HTML that is not on the allow-list; it is shown as text.
    RAW_HTML Warning "raw-html"
    /// A tab straddles the indentation of an example, so its bytes are unclear.
    TAB_INDENT Warning "tab-indent"
    /// `book.toml` holds an unknown key, or a value that has the wrong type or names what is not there.
    CONFIG Error "config"
    /// Pages should tell when they were changed, and no repository knows.
    NO_HISTORY Note "no-history"
    /// An address of the site before is in the new one no more.
    LOST_ADDRESS Warning "lost-address"
    /// A file of the book's own theme cannot be used; the built-in one stands in for it.
    THEME Error "theme"
    /// `SUMMARY.md` names a file that is not there, or is not a list of links.
    SUMMARY Error "summary"
    /// A `<!-- wirebook: ... -->` comment is neither a directive nor fence attributes.
    UNKNOWN_DIRECTIVE Error "unknown-directive"
    /// A link or image points to a file that does not exist.
    BROKEN_LINK Error "broken-link"
    /// A link points to a heading that does not exist.
    BROKEN_ANCHOR Error "broken-anchor"
    /// A link's text names one command or version, its target is the page of another.
    LINK_TEXT Warning "link-text"
    /// No other page and no summary leads to this page.
    ORPHAN_PAGE Warning "orphan-page"
    /// Two pages have the same name, so that a mention of it is ambiguous.
    DUPLICATE_NAME Error "duplicate-name"
    /// A section of a command's page is missing, or out of order.
    PAGE_SECTIONS Warning "page-sections"
    /// An open question does not say how sure its answer is, or what would settle it.
    OPEN_QUESTION Note "open-question"
    /// A line of a command that does not exist is quoted in prose.
    UNKNOWN_MENTION Warning "unknown-mention"
    /// An example has an account, GUID or address that is not on the page of constants.
    UNLISTED_CONSTANT Note "unlisted-constant"
    /// A line of a grammar fence cannot be read.
    GRAMMAR_SYNTAX Error "grammar-syntax"
    /// A grammar fence uses a kind of value that does not exist.
    GRAMMAR_KIND Error "grammar-kind"
    /// `answers=` or `in=` names a command that has no grammar.
    GRAMMAR_NAME Error "grammar-name"
    /// Two forms accept the same line in the same version.
    GRAMMAR_AMBIGUOUS Error "grammar-ambiguous"
    /// An example has an attribute that does not exist, is doubled, or has a value of the wrong shape.
    UNKNOWN_ATTRIBUTE Error "unknown-attribute"
    /// A code block without a language looks like a wire example; it is checked.
    UNTAGGED_EXAMPLE Note "untagged-example"
    /// A line stands for many wire lines (`TrID`, `{name}`); it is not checked.
    TEMPLATE Note "template"
    /// Findings are let stand on request.
    ALLOWED Note "allowed"
    /// Findings are let stand where none is found.
    UNUSED_ALLOW Warning "unused-allow"
    /// An example is left unchecked on request.
    IGNORED_EXAMPLE Note "ignored-example"
    /// A wildcard is none of those that exist.
    WILDCARD_SYNTAX Error "wildcard-syntax"
    /// A name of a wildcard stands for two different things in one exchange.
    WILDCARD_MISMATCH Error "wildcard-mismatch"
    /// An example is left unchecked on request, but nothing is wrong with it.
    UNUSED_IGNORE Warning "unused-ignore"
    /// An example shows another reply than its `reply` attribute states.
    REPLY_MISMATCH Error "reply-mismatch"
    /// A line of an example does not begin as `C: ` or `S: ` should.
    LINE_PREFIX Error "line-prefix"
    /// A line without `C: ` or `S: ` follows a command that has no payload.
    STRAY_LINE Error "stray-line"
    /// A continued line can be joined in two ways that both make sense.
    CONTINUATION Note "continuation"
    /// A command in an example has no grammar, so its lines are not checked.
    NO_GRAMMAR Note "no-grammar"
    /// A command in an example is not in the wiki's grammar.
    UNKNOWN_COMMAND Error "unknown-command"
    /// A server answers with an error code that is not in the grammar.
    UNKNOWN_ERROR_CODE Error "unknown-error-code"
    /// A command is known, but only from the other side.
    WRONG_DIRECTION Error "wrong-direction"
    /// A line is known, but not in the version the example is about.
    WRONG_VERSION Error "wrong-version"
    /// A command is known, but not on this kind of server.
    WRONG_SERVER Error "wrong-server"
    /// A line ends before all of its parameters are there.
    PARAMETER_MISSING Error "parameter-missing"
    /// A line has more parameters than its form.
    PARAMETER_EXTRA Error "parameter-extra"
    /// A parameter's value is not of its kind.
    PARAMETER_VALUE Error "parameter-value"
    /// The length of a payload is not the number a line gives.
    PAYLOAD_LENGTH Error "payload-length"
    /// A payload or its length holds a wildcard, so that nobody can count it.
    LENGTH_NOT_VERIFIABLE Note "length-not-verifiable"
    /// A payload's length is right only when its lines are joined in another way than by CRLF.
    PAYLOAD_CONVENTION Note "payload-convention"
    /// A payload cannot be read as what it should be.
    PAYLOAD_FORMAT Error "payload-format"
    /// A reply repeats another transaction id than the request it answers.
    TRID_MISMATCH Error "trid-mismatch"
    /// A client's transaction ids do not rise.
    TRID_ORDER Error "trid-order"
    /// A reply does not repeat what its request asks.
    ECHO_MISMATCH Error "echo-mismatch"
    /// The rows of an answer are not numbered from 1 to their total.
    ROW_NUMBER Error "row-number"
    /// An answer has another number of rows than it announces.
    ROW_COUNT Error "row-count"
    /// A command comes at a time when it cannot: not first, before the login is done, or after the end.
    SESSION_ORDER Error "session-order"
    /// A client gives back another cookie or conversation than a server handed out.
    ISSUED_VALUE Error "issued-value"
    /// A right request gets an error that its command is not known to get.
    UNEXPECTED_ERROR Warning "unexpected-error"
    /// The answer to a challenge is not what the challenge and the product key give.
    CHALLENGE_RESPONSE Error "challenge-response"
    /// A challenge is answered for a product whose key is not known; the answer is not checked.
    UNKNOWN_PRODUCT Note "unknown-product"
    /// The digest of an MD5 login is not what the challenge and the password give.
    LOGIN_DIGEST Error "login-digest"
    /// The response of a login by SSO is not what the nonce and the binary secret give.
    SSO_RESPONSE Error "sso-response"
    /// A document in an `http` fence has no start line of HTTP, or a line among its headers that is none.
    HTTP_FORMAT Error "http-format"
    /// The body of a document in an `http` fence has another length than its header says.
    CONTENT_LENGTH Error "content-length"
    /// XML in a fence of its own is not well-formed.
    XML_FORMAT Error "xml-format"
    /// A header of a message is missing, or its value is not what its content type asks for.
    MIME_HEADER Error "mime-header"
    /// The body of a message is not what its content type asks for.
    MIME_BODY Error "mime-body"
    /// A message between two clients has a header that does not fit its data, or MSNSLP that lacks something.
    P2P_FORMAT Error "p2p-format"
    /// The grammar does not know the content type of a message, so its headers are not checked.
    UNKNOWN_CONTENT_TYPE Note "unknown-content-type"
    /// The checksum of a policy is not what stands inside it gives.
    POLICY_CHECKSUM Error "policy-checksum"
    /// The digest in an MSNObject is not what its attributes give.
    OBJECT_DIGEST Error "object-digest"
    /// An example is said to hold in a version in which it is not legal.
    VERSION_CLAIM Error "version-claim"
    /// An example is said to hold since a version, but stops being legal later.
    OPEN_CLAIM Note "open-claim"
    /// Two statements about the versions of an example cannot both be true.
    CLAIMS_DISAGREE Error "claims-disagree"
    /// Each line of an example is legal in some version, but all of them together in none.
    NO_COMMON_VERSION Error "no-common-version"
    /// A line is not what the protocol asks for, but what a known program does.
    VARIANT Note "variant"
    /// A cell of a table of commands says something else than the grammar.
    TABLE_DISAGREES Error "table-disagrees"
    /// An example announces a finding that did not happen.
    UNFULFILLED_EXPECTATION Error "unfulfilled-expectation"
}

/// The rule of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

impl Rule {
    /// What the rule finds: the first paragraph of its page, on one line.
    pub fn summary(&self) -> String {
        let paragraphs = self.page.split("\n\n").map(str::trim);
        let first = paragraphs.into_iter().find(|text| !text.is_empty() && !text.starts_with('#'));
        first.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
