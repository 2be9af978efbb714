//! Titles, kinds, versions and servers of pages, where front matter says nothing.
//!
//! In: a page, and what the book knows of it beside its text. Out: [`Facts`], and findings for front matter whose values
//! mean nothing. A wiki need not be written for wirebook: on many, each page begins with `# Introduction`, and only its
//! path and the links to it tell what it is about.

use std::collections::BTreeMap;

use super::PageKind;
use crate::config::Config;
use crate::grammar::{Grammar, ServerSet, Version, VersionSet};
use crate::markdown::{Block, FrontMatter, Inline, Page, inline_text};
use crate::report::{Diagnostic, rules};
use crate::text::{Source, did_you_mean};

/// What is known of a page.
pub(super) struct Facts {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) kind: PageKind,
    pub(super) versions: VersionSet,
    pub(super) servers: ServerSet,
}

/// What the book knows of its pages beside their text.
pub(super) struct Context<'a> {
    pub(super) config: &'a Config,
    pub(super) grammar: &'a Grammar,
    /// Path of the front page.
    pub(super) front: Option<&'a str>,
    /// What the table of contents and then the front page call a page, by its path.
    pub(super) names: BTreeMap<String, String>,
    /// What other pages call a page, by its path, in the order of paths.
    pub(super) labels: BTreeMap<String, Vec<String>>,
}

/// Finds out what is known of a page.
pub(super) fn facts(
    page: &Page,
    source: &Source,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Facts {
    let front = &page.front;
    let title = title(page, context);
    let stated = front.kind.as_deref().and_then(|name| {
        let kind = PageKind::ALL.into_iter().find(|kind| kind.name() == name);
        if kind.is_none() {
            diagnostics.push(unknown_kind(source, name));
        }
        kind
    });
    let kind = stated.unwrap_or_else(|| kind(&page.path, &title, context.grammar));
    let name = name(&page.path, &title, kind);
    let command = name.as_deref().filter(|_| kind == PageKind::Command);
    let command = command.and_then(|name| context.grammar.command(name));
    let versions = front
        .versions
        .as_deref()
        .and_then(|text| stated_value(source, "versions", VersionSet::parse(text), diagnostics));
    let servers = front
        .server
        .as_deref()
        .and_then(|text| stated_value(source, "server", ServerSet::parse(text), diagnostics));
    let of_kind = || match kind {
        PageKind::Version => name.as_deref().and_then(Version::parse).map(VersionSet::only),
        PageKind::Command => command.map(crate::grammar::Command::versions),
        PageKind::Service | PageKind::File | PageKind::Page => None,
    };
    Facts {
        summary: summary(page, stated_for(page, context)),
        versions: versions.or_else(of_kind).unwrap_or_default(),
        servers: servers
            .or_else(|| command.map(crate::grammar::Command::servers))
            .unwrap_or_default(),
        title,
        kind,
    }
}

/// The command or version that a page of this path and title is about: `CHG`, `MSNP9`.
pub(super) fn name(path: &str, title: &str, kind: PageKind) -> Option<String> {
    let stem = stem(path).to_ascii_uppercase();
    let candidates = [stem.as_str(), title];
    let fits = |candidate: &&&str| match kind {
        PageKind::Command => is_command_word(candidate),
        PageKind::Version => is_version_name(candidate),
        PageKind::Service | PageKind::File | PageKind::Page => false,
    };
    candidates.iter().find(fits).map(|name| (*name).to_owned())
}

/// The name of the file without folder and ending; for the page of a folder, the folder's.
pub(super) fn stem(path: &str) -> &str {
    let bare = path.strip_suffix(".md").unwrap_or(path);
    let (folder, name) = bare.rsplit_once('/').unwrap_or(("", bare));
    if is_index(path) && !folder.is_empty() {
        return folder.rsplit('/').next().unwrap_or(folder);
    }
    name
}

/// True for the page that stands for its folder.
pub(super) fn is_index(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("index.md" | "README.md"))
}

/// True for three capital letters or digits, not all of them digits.
pub(super) fn is_command_word(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    text.len() == 3 && text.bytes().all(plain) && !text.bytes().all(|byte| byte.is_ascii_digit())
}

/// True for `MSNP` or `CVR` with a number, known or not.
pub(super) fn is_version_name(text: &str) -> bool {
    let number = text.strip_prefix("MSNP").or_else(|| text.strip_prefix("CVR"));
    number.is_some_and(|number| {
        (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn title(page: &Page, context: &Context<'_>) -> String {
    if let Some(title) = page.front.title.as_ref().filter(|title| !title.is_empty()) {
        return title.clone();
    }
    let heading = page.headings.iter().find(|heading| heading.level == 1);
    let heading = heading.map(|heading| heading.text.trim()).filter(|text| !is_generic(text));
    if context.front == Some(&page.path) {
        let config = Some(context.config.title.as_str()).filter(|title| !title.is_empty());
        return config.or(heading).unwrap_or("Home").to_owned();
    }
    if let Some(heading) = heading {
        return heading.to_owned();
    }
    let stem = stem(&page.path);
    let upper = stem.to_ascii_uppercase();
    let command = in_folder(&page.path, "commands") && is_command_word(&upper);
    if command || is_version_name(&upper) {
        return upper;
    }
    let named = context.names.get(&page.path);
    let labels = context.labels.get(&page.path).into_iter().flatten();
    let spelled = || labels.map(String::as_str).find(|label| folded(label) == folded(stem));
    named.map(String::as_str).or_else(spelled).map_or_else(|| from_file_name(stem), str::to_owned)
}

/// True for headings that say nothing of what a page is about.
pub(super) fn is_generic(heading: &str) -> bool {
    heading.is_empty() || GENERIC.contains(&heading.to_lowercase().as_str())
}

/// `client_capabilities` as `Client capabilities`.
pub(super) fn from_file_name(stem: &str) -> String {
    let words = stem.replace(['_', '-'], " ");
    let words = words.trim();
    let mut characters = words.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => stem.to_owned(),
    }
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn kind(path: &str, title: &str, grammar: &Grammar) -> PageKind {
    let folder = |kind: &PageKind| in_folder(path, &format!("{}s", kind.name()));
    if !is_index(path)
        && let Some(kind) = PageKind::ALL.into_iter().find(folder)
    {
        return kind;
    }
    // Three capitals alone are no command where the grammar knows better: `SSO` is a way to log in.
    let letters = is_command_word(title) && title.bytes().all(|byte| byte.is_ascii_uppercase());
    let command = letters && (grammar.commands.is_empty() || grammar.command(title).is_some());
    match title {
        _ if command => PageKind::Command,
        _ if is_version_name(title) => PageKind::Version,
        _ => PageKind::Page,
    }
}

fn in_folder(path: &str, folder: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').any(|part| part == folder)
}

fn stated_value<T>(
    source: &Source,
    key: &str,
    value: Result<T, String>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<T> {
    let problem = match value {
        Ok(value) => return Some(value),
        Err(problem) => problem,
    };
    let span = FrontMatter::line(source, key);
    let finding = Diagnostic::new(&rules::FRONT_MATTER, &source.path, span, problem);
    diagnostics.push(finding.with_help(format!("write `{key}` as in an example's attributes")));
    None
}

fn unknown_kind(source: &Source, name: &str) -> Diagnostic {
    let span = FrontMatter::line(source, "kind");
    let message = format!("`{name}` is not a kind of page");
    let finding = Diagnostic::new(&rules::FRONT_MATTER, &source.path, span, message);
    finding.with_help(did_you_mean(name, PageKind::ALL.map(PageKind::name)).unwrap_or_else(|| {
        "the kinds are `command`, `version`, `service`, `file` and `page`".to_owned()
    }))
}

/// What the settings say of a page: of the front page what they say of the whole; empty for nothing.
fn stated_for<'a>(page: &Page, context: &Context<'a>) -> &'a str {
    if context.front == Some(&page.path) { &context.config.description } else { "" }
}

/// The front matter's summary, or what the settings say, or the first paragraph that says something.
pub(super) fn summary(page: &Page, settings: &str) -> String {
    let stated = page.front.summary.as_deref().unwrap_or(settings);
    let stated = Some(stated).filter(|text| !text.is_empty());
    let first = || {
        page.blocks.iter().find_map(|block| match block {
            Block::Paragraph(inlines, _) if says_something(inlines) => Some(inline_text(inlines)),
            _ => None,
        })
    };
    let text = stated.map(str::to_owned).or_else(first).unwrap_or_default();
    shortened(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// False for hints (`*Since MSNP9.*`), lone syntax and lone pictures.
fn says_something(inlines: &[Inline]) -> bool {
    inlines.iter().any(|inline| match inline {
        Inline::Text(text, _) => text.chars().filter(|c| c.is_alphabetic()).count() > 1,
        Inline::Link(_, inner) => says_something(inner) && inlines.len() > 1,
        _ => false,
    })
}

/// At most [`SUMMARY_LENGTH`] characters, cut between words.
fn shortened(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(SUMMARY_LENGTH) else { return text.to_owned() };
    let head = text.get(..end).unwrap_or_default();
    let words = head.rsplit_once(' ').map_or(head, |(words, _)| words);
    format!("{}…", words.trim_end_matches([',', ';', ':', '(', '-']).trim_end())
}

const SUMMARY_LENGTH: usize = 200;

const GENERIC: [&str; 8] = [
    "about",
    "contents",
    "general",
    "information",
    "introduction",
    "overview",
    "summary",
    "table of contents",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;

    fn derived(path: &str, text: &str) -> (Facts, Vec<Diagnostic>) {
        let config = Config::default();
        let grammar = Grammar::default();
        let context = Context {
            config: &config,
            grammar: &grammar,
            front: Some("index.md"),
            names: BTreeMap::from([("files/shields.md".to_owned(), "Shields data".to_owned())]),
            labels: BTreeMap::from([(
                "services/abfindall.md".to_owned(),
                vec!["ABFindAll".to_owned()],
            )]),
        };
        let source = Source::new(path, text);
        let mut diagnostics = Vec::new();
        (facts(&parse(&source), &source, &context, &mut diagnostics), diagnostics)
    }

    #[test]
    fn titles_of_pages_that_begin_with_an_introduction() {
        let title = |path: &str| derived(path, "# Introduction\n\n# Information\n").0.title;
        assert_eq!(title("commands/syn.md"), "SYN");
        assert_eq!(title("versions/msnp9.md"), "MSNP9");
        assert_eq!(title("versions/cvr0.md"), "CVR0");
        assert_eq!(title("files/client_capabilities.md"), "Client capabilities");
        assert_eq!(title("files/shields.md"), "Shields data");
        assert_eq!(title("services/abfindall.md"), "ABFindAll");
        assert_eq!(title("services/README.md"), "Services");
        assert_eq!(title("index.md"), "Home");
        assert_eq!(title("introduction.md"), "Introduction");
    }

    #[test]
    fn titles_come_from_front_matter_and_headings_first() {
        let title = |text: &str| derived("commands/syn.md", text).0.title;
        assert_eq!(title("---\ntitle: A\n---\n# B"), "A");
        assert_eq!(title("text\n\n# B `c`\n\n# D"), "B c");
        assert_eq!(title("## B"), "SYN");
        assert_eq!(derived("index.md", "# A wiki").0.title, "A wiki");
    }

    #[test]
    fn kinds_come_from_folders_and_titles() {
        let kind = |path: &str, text: &str| derived(path, text).0.kind;
        assert_eq!(kind("commands/syn.md", ""), PageKind::Command);
        assert_eq!(kind("a/services/b/c.md", ""), PageKind::Service);
        assert_eq!(kind("commands/index.md", ""), PageKind::Page);
        assert_eq!(kind("a.md", "# CHG"), PageKind::Command);
        assert_eq!(kind("a.md", "# 911"), PageKind::Page);
        assert_eq!(kind("a.md", "# MSNP24"), PageKind::Version);
        assert_eq!(kind("commands/a.md", "---\nkind: file\n---\n"), PageKind::File);
    }

    #[test]
    fn versions_and_servers_are_stated_or_follow_from_the_name() {
        assert_eq!(derived("versions/msnp9.md", "").0.versions.to_string(), "MSNP9");
        assert_eq!(
            derived("a.md", "---\nversions: 8..9\n---\n").0.versions.to_string(),
            "MSNP8 and MSNP9"
        );
        assert!(derived("a.md", "").0.versions.is_empty());
        let text = "---\nversions: 99\nserver: xx\nkind: comand\n---\n";
        let source = Source::new("a.md", text);
        let found = derived("a.md", text).1;
        let lines: Vec<_> = found.iter().map(|d| source.slice(d.span)).collect();
        assert_eq!(lines, ["kind: comand", "versions: 99", "server: xx"]);
        assert_eq!(found[0].help, ["did you mean `command`?"]);
    }

    #[test]
    fn a_summary_is_the_first_paragraph_that_says_something() {
        let summary = |text: &str| derived("a.md", text).0.summary;
        let text =
            "# A\n\n*Since MSNP9.*\n\n`CHG TrID`\n\n![b](c.png)\n\nIt *is*\n`d` [e](f.md).\n\ng";
        assert_eq!(summary(text), "It is d e.");
        let long = summary(&"word ".repeat(100));
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with("word…"));
        assert_eq!(summary("---\nsummary: B\n---\nc"), "B");
        assert_eq!(summary(&"é".repeat(300)).chars().count(), 201);
    }
}
