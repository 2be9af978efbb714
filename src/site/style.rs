//! The style, which stands inside each page: those of the theme's stylesheets that the page has something for.
//!
//! A page is painted without waiting for a second file. Its policy allows the style by its SHA-256, so that no other style gets
//! in. Stylesheets of an own theme that name further files cannot move into pages of other folders: they stay one file that
//! pages link to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::Theme;
use super::shared::Naming;

/// Stylesheets in the order in which they follow each other, and what of a page's HTML asks for each. Every page has the first.
const PARTS: [(&str, &[&str]); 5] = [
    ("site.css", &[]),
    (
        "text.css",
        &[
            "<pre",
            "<dl",
            "<blockquote",
            "<kbd",
            "<sup",
            "<hr",
            "<img",
            "=\"timeline",
            "=\"tasks",
            "=\"known ",
            "=\"questions",
            "=\"broken",
            "=\"alert",
            "=\"footnotes",
        ],
    ),
    ("wire.css", &["=\"wire", "=\"syntax", "=\"facts", "=\"bar", "=\"findings", "=\"mark"]),
    (
        "tables.css",
        &[
            "=\"commands",
            "=\"changes",
            "=\"tally",
            "=\"errors",
            "=\"coverage",
            "=\"matrix",
            "=\"difference",
            "=\"all",
            "=\"index",
            "=\"jump",
        ],
    ),
    ("filters.css", &["=\"filters"]),
];

/// What a template puts into a page's head: text and its hash, or else a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Style {
    /// The text of a `style` element; empty where a file is linked.
    text: String,
    /// The text's hash as a policy names it, without quotation marks: `sha256-…`; empty where a file is linked.
    hash: String,
    /// Path of the file to link from the site's root; mostly empty.
    file: String,
}

/// The styles that pages may have, each made once.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// By which parts it has: part `n` for bit `n - 1`.
    made: Vec<Style>,
    /// True where templates of the book's own may hold what only they know.
    whole: bool,
}

impl Styles {
    /// The styles of a theme, and the bytes of the file to link, by its path, where one is.
    pub(super) fn new(theme: &Theme, naming: Naming) -> (Self, Option<(String, Vec<u8>)>) {
        let texts = PARTS.map(|(name, _)| String::from_utf8_lossy(theme.file(name)).into_owned());
        let sets = 1_usize << (PARTS.len() - 1);
        if texts.iter().any(|text| text.contains("url(") || text.contains("@import")) {
            let bytes = texts.join("\n").into_bytes();
            let file = naming.name("site", "css", &bytes);
            let style = Style { file: file.clone(), ..Style::default() };
            return (Self { made: vec![style; sets], whole: true }, Some((file, bytes)));
        }
        let texts = texts.map(|text| inner(&text));
        let has = |set: usize, part: usize| part == 0 || set & (1 << (part - 1)) != 0;
        let style = |set| {
            let parts = texts.iter().enumerate().filter(|(part, _)| has(set, *part));
            let text: String = parts.map(|(_, text)| text.as_str()).collect();
            let hash = format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())));
            Style { text, hash, file: String::new() }
        };
        (Self { made: (0..sets).map(style).collect(), whole: theme.has_own_templates() }, None)
    }

    /// The style of a page with this HTML.
    pub(super) fn of(&self, html: &[&str]) -> &Style {
        let asked = |wanted: &&str| html.iter().any(|text| text.contains(*wanted));
        let wanted = PARTS.iter().skip(1).map(|(_, wanted)| wanted.iter().any(&asked));
        let set = wanted.enumerate().fold(0, |set, (bit, held)| set | (usize::from(held) << bit));
        self.get(if self.whole { usize::MAX } else { set })
    }

    /// The style with all parts.
    pub(super) fn all(&self) -> &Style {
        self.get(usize::MAX)
    }

    fn get(&self, set: usize) -> &Style {
        static NONE: Style =
            Style { text: String::new(), hash: String::new(), file: String::new() };
        self.made.get(set).or(self.made.last()).unwrap_or(&NONE)
    }
}

/// A stylesheet without remarks that begin a line, and without indents. It cannot end the element that it stands in.
fn inner(text: &str) -> String {
    let mut inner = String::new();
    // Inside a remark that is left out, or after a line that may begin one: what follows there is kept as it is.
    let (mut left_out, mut kept) = (false, false);
    for mut line in text.lines().map(str::trim) {
        while left_out || (!kept && line.starts_with("/*")) {
            let inside = if left_out { line } else { line.get(2..).unwrap_or_default() };
            let rest = inside.split_once("*/").map(|(_, rest)| rest.trim_start());
            (left_out, line) = (rest.is_none(), rest.unwrap_or_default());
            if left_out {
                break;
            }
        }
        if line.is_empty() {
            continue;
        }
        inner.push_str(&line.replace("</", "<\\/"));
        inner.push('\n');
        let (begins, ends) = (line.rfind("/*"), line.rfind("*/"));
        kept = if ends.is_none() { kept || begins.is_some() } else { begins > ends };
    }
    inner
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;

    fn styles(css: &str) -> (Styles, Option<(String, Vec<u8>)>) {
        let own = BTreeMap::from([("site.css".to_owned(), Arc::from(css.as_bytes()))]);
        Styles::new(&Theme::new(&own, "theme").0, Naming::Hashed)
    }

    #[test]
    fn a_page_has_the_parts_that_it_asks_for() {
        let (styles, file) = Styles::new(&Theme::built_in(), Naming::Hashed);
        assert_eq!(file, None);
        let has = |html: &str, rule: &str| styles.of(&[html]).text.contains(rule);
        assert!(has("", "body {") && !has("", ".lanes") && !has("", ".matrix"));
        assert!(
            has("<figure class=\"wire\">", ".lanes") && !has("<figure class=\"wire\">", ".matrix")
        );
        assert!(has("<table class=\"matrix\">", ".matrix"));
        assert_eq!(
            styles.all(),
            styles.of(&["<pre>", "class=\"wire\"", "class=\"index\" class=\"filters\""])
        );
    }

    #[test]
    fn the_hash_is_that_of_the_text() {
        let (styles, _) = styles("b { c: d }\n");
        let style = styles.of(&[]);
        assert_eq!(style.text, "b { c: d }\n");
        assert_eq!(style.hash, "sha256-gmml3L+7v3wN2MffmGuK1vNgPBXGphCbBb56Msr0KcE=");
    }

    #[test]
    fn remarks_and_indents_are_left_out_and_nothing_ends_the_element() {
        assert_eq!(
            inner("/* a\n b */\n  c {}\r\n\nd::after { content: \"</style>/*\" }"),
            "c {}\nd::after { content: \"<\\/style>/*\" }\n"
        );
        assert_eq!(inner("/* a */ b {}\n/* c */\nd {}"), "b {}\nd {}\n");
        assert_eq!(inner("/* a\n*/ b {} /* c */\nd {}"), "b {} /* c */\nd {}\n");
        // A remark that begins behind a rule stays, whatever its lines begin with.
        assert_eq!(inner("a {} /* b\n/* c */\n/* d */ e {}"), "a {} /* b\n/* c */\ne {}\n");
    }

    #[test]
    fn a_stylesheet_that_names_files_stays_a_file() {
        let (styles, file) = styles("b { background: url(theme/b.png) }");
        let (path, bytes) = file.unwrap();
        assert_eq!(styles.of(&[]), &Style { file: path, ..Style::default() });
        assert!(String::from_utf8(bytes).unwrap().contains(".lanes"));
    }
}
