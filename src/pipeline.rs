//! The whole flow as one pure function: [`run`] takes the files of a book and gives a site and a report.
//!
//! In: a [`Config`] and [`Sources`], wherever they come from. Out: an [`Outcome`]. Nothing is read from disk, network, clock
//! or environment; equal inputs give equal outputs, whatever the number of threads.
//!
//! 1. Each page is parsed, and its grammar fences with it (in parallel; a [`Memo`] skips pages that are the same as before).
//! 2. The fences become the grammar; a wiki without any is checked by the grammar of wirebook's own, which is built in.
//! 3. Pages and grammar become a book, the book is checked, and the findings of rules that are switched off are dropped.
//! 4. What is left becomes the site.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use include_dir::{Dir, include_dir};
use rayon::prelude::*;

use crate::book::{self, Book};
use crate::check::{self, Checked, Part, Shard};
use crate::config::Config;
use crate::grammar::{self, FenceGrammar, Grammar};
use crate::markdown::{self, Fence, Page};
use crate::progress::{Progress, Stage};
use crate::report::{Diagnostic, Report};
use crate::site::{self, Assets, Naming, Site, Theme};
use crate::text::{History, Source, Sources};

/// wirebook's own wiki about MSNP.
static WIKI: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/wiki");

/// Language of the fences that declare grammar.
const GRAMMAR_LANGUAGE: &str = "msnp-grammar";

/// What a run gives.
#[derive(Debug)]
pub struct Outcome {
    /// The book with what is known of each example.
    pub checked: Arc<Checked>,
    /// The site, also where there are errors.
    pub site: Site,
    /// All findings, those about the site's making too.
    pub report: Report,
}

/// What can be kept from one run to the next: pages by path, their examples, and the theme. A hit is always right, for all are pure
/// functions of what they are kept with.
#[derive(Debug, Default)]
pub struct Memo {
    pages: BTreeMap<String, Parsed>,
    examples: check::Memo,
    last: Option<Last>,
    theme: Option<(Assets, String, Arc<Theme>, Vec<Diagnostic>)>,
}

/// A check of a whole book, and what it was made of besides pages.
#[derive(Debug)]
struct Last {
    checked: Arc<Checked>,
    config: Config,
    found: Vec<Diagnostic>,
    history: Arc<History>,
}

/// More pages at once are no edit.
const EDIT: usize = 64;

/// Runs everything, for a site that is written. `found` are the findings of whoever made `sources`.
pub fn run(config: &Config, sources: &Sources, found: Vec<Diagnostic>, memo: &mut Memo) -> Outcome {
    run_watched(config, sources, found, memo, &())
}

/// The same, while somebody watches.
pub fn run_watched(
    config: &Config,
    sources: &Sources,
    found: Vec<Diagnostic>,
    memo: &mut Memo,
    progress: &dyn Progress,
) -> Outcome {
    let checked = checked_part(config, sources, found, memo, Part { shard: None, progress });
    made(checked, config, sources, memo, (Naming::Hashed, progress))
}

/// Runs everything, for a site of which only what is asked for is made.
pub fn live(
    config: &Config,
    sources: &Sources,
    found: Vec<Diagnostic>,
    memo: &mut Memo,
) -> Outcome {
    let checked = checked(config, sources, found, memo);
    made(checked, config, sources, memo, (Naming::Plain, &()))
}

fn made(
    checked: Arc<Checked>,
    config: &Config,
    sources: &Sources,
    memo: &mut Memo,
    (naming, progress): (Naming, &dyn Progress),
) -> Outcome {
    let (theme, mut found) = memo.theme(config, sources);
    progress.begins(Stage::Search, 0);
    let (site, unmade) = site::render(&checked, sources, &theme, config, naming);
    found.extend(unmade);
    found.extend(template_findings(&site, &theme, progress));
    let report = if found.is_empty() {
        checked.report.clone()
    } else {
        found.extend(checked.report.diagnostics().iter().cloned());
        Report::new(found).without(&config.off)
    };
    Outcome { checked, site, report }
}

fn template_findings(site: &Site, theme: &Theme, progress: &dyn Progress) -> Vec<Diagnostic> {
    if !theme.has_own_templates() {
        return Vec::new();
    }
    progress.begins(Stage::Templates, 0);
    site.template_findings()
}

/// Finds what [`run`] finds, of a shard or of the whole book, and makes no site: that of the outcome is empty.
pub fn inspect(
    config: &Config,
    sources: &Sources,
    found: Vec<Diagnostic>,
    part: Part<'_>,
) -> Outcome {
    let mut memo = Memo::default();
    let (theme, mut all) = memo.theme(config, sources);
    // A template can fail because of what became of an example on any page.
    let is_first = part.shard.is_none_or(Shard::is_first);
    let needs_all = is_first && theme.has_own_templates();
    let shard = part.shard.filter(|_| !needs_all);
    let checked = checked_part(config, sources, found, &mut memo, Part { shard, ..part });
    drop(memo);
    if is_first {
        let (site, found) = site::render(&checked, sources, &theme, config, Naming::Plain);
        all.extend(found);
        all.extend(template_findings(&site, &theme, part.progress));
    }
    let mut checked = Arc::unwrap_or_clone(checked);
    all.extend(checked.report.diagnostics().iter().cloned());
    checked.report = Report::new(all).without(&config.off);
    if let Some(shard) = part.shard {
        checked = shard.share(checked);
    }
    Outcome { report: checked.report.clone(), checked: Arc::new(checked), site: Site::default() }
}

/// Runs everything but the making of the site.
pub fn checked(
    config: &Config,
    sources: &Sources,
    found: Vec<Diagnostic>,
    memo: &mut Memo,
) -> Arc<Checked> {
    checked_part(config, sources, found, memo, Part::default())
}

fn checked_part(
    config: &Config,
    sources: &Sources,
    found: Vec<Diagnostic>,
    memo: &mut Memo,
    part: Part<'_>,
) -> Arc<Checked> {
    let before = std::mem::take(&mut memo.pages);
    memo.pages = parse_all(sources, &before, part.progress);
    part.progress.begins(Stage::Assemble, 0);
    if part.shard.is_none()
        && let Some(checked) = memo.revised(config, sources, &found, &before)
    {
        return checked;
    }
    memo.last = None;
    let (book, diagnostics) = assemble(config, sources, &memo.pages);
    let all = found.iter().cloned().chain(diagnostics).collect();
    let declared =
        memo.pages.values().map(|parsed| &parsed.declared).filter(|text| !text.is_empty());
    memo.examples.declare(declared.cloned().collect());
    let checked = check::check_part(Arc::new(book), all, config, &mut memo.examples, part);
    let checked = Arc::new(checked);
    if part.shard.is_none() {
        let (config, history) = (config.clone(), Arc::clone(&sources.history));
        memo.last = Some(Last { checked: Arc::clone(&checked), config, found, history });
    }
    checked
}

/// A page and what its grammar fences declare.
#[derive(Debug, Clone)]
struct Parsed {
    source: Arc<Source>,
    page: Arc<Page>,
    fences: Arc<[FenceGrammar]>,
    /// Everything that `fences` say, but for their places; empty for none.
    declared: Arc<str>,
}

impl Parsed {
    /// True if this is what parsing the source gives.
    fn is_of(&self, source: &Arc<Source>) -> bool {
        Arc::ptr_eq(&self.source, source) || self.source.text == source.text
    }

    /// True if the other declares the same at the same places, so that a grammar made of one is that of the other.
    fn declares_as(&self, other: &Self) -> bool {
        let fences = |page: &Page| {
            let fences = page.fences.iter().filter(|fence| fence.language == GRAMMAR_LANGUAGE);
            fences.map(|fence| fence.span).collect::<Vec<_>>()
        };
        self.declared == other.declared && fences(&self.page) == fences(&other.page)
    }
}

fn parse_all(
    sources: &Sources,
    before: &BTreeMap<String, Parsed>,
    progress: &dyn Progress,
) -> BTreeMap<String, Parsed> {
    progress.begins(Stage::Parse, sources.pages.len());
    let pages: Vec<(&String, &Arc<Source>)> = sources.pages.iter().collect();
    let parsed: Vec<(String, Parsed)> = pages
        .into_par_iter()
        .map(|(path, source)| {
            let kept = before.get(path).filter(|parsed| parsed.is_of(source));
            (path.clone(), kept.cloned().unwrap_or_else(|| parse(source)))
        })
        .inspect(|_| progress.done(0))
        .collect();
    parsed.into_iter().collect()
}

fn parse(source: &Arc<Source>) -> Parsed {
    let page = markdown::parse(source);
    let fences = || page.fences.iter().filter(|fence| fence.language == GRAMMAR_LANGUAGE);
    let said = |fence: &Fence| {
        let attributes = fence.attributes.list.iter().map(|one| (&one.key, &one.value));
        let attributes: Vec<_> = attributes.collect();
        format!("{}\n{attributes:?}\n{}\n", source.path, source.slice(fence.span))
    };
    let declared = fences().map(said).collect::<String>().into();
    let fences = fences().map(|fence| grammar::parse(source, fence)).collect();
    Parsed { source: Arc::clone(source), page: Arc::new(page), fences, declared }
}

fn assemble(
    config: &Config,
    sources: &Sources,
    parsed: &BTreeMap<String, Parsed>,
) -> (Book, Vec<Diagnostic>) {
    let foreign = parsed.values().all(|parsed| parsed.fences.is_empty());
    let (grammar, diagnostics) = if foreign {
        (built_in_grammar(), Vec::new())
    } else {
        let (grammar, found) = grammar_of(parsed);
        (Arc::new(grammar), found)
    };
    let pages = parsed.iter().map(|(path, parsed)| (path.clone(), Arc::clone(&parsed.page)));
    let pages: BTreeMap<String, Arc<Page>> = pages.collect();
    let book = book::assemble(sources, &pages, config, grammar, foreign);
    (book, diagnostics)
}

fn grammar_of(parsed: &BTreeMap<String, Parsed>) -> (Grammar, Vec<Diagnostic>) {
    Grammar::assemble(parsed.values().flat_map(|parsed| parsed.fences.iter().cloned()))
}

/// The grammar of the wiki in this program, read once.
pub fn built_in_grammar() -> Arc<Grammar> {
    static GRAMMAR: OnceLock<Arc<Grammar>> = OnceLock::new();
    let grammar = GRAMMAR.get_or_init(|| {
        let mut wiki = built_in_wiki();
        wiki.pages.retain(|_, source| source.text.contains("```msnp-grammar"));
        let parsed = parse_all(&wiki, &BTreeMap::new(), &());
        // A test keeps wirebook's own wiki free of findings.
        Arc::new(grammar_of(&parsed).0)
    });
    Arc::clone(grammar)
}

/// The pages of wirebook's own wiki, as they are in this program.
pub fn built_in_wiki() -> Sources {
    let mut pages = Vec::new();
    let mut folders = vec![&WIKI];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let is_page = file.path().extension().is_some_and(|ending| ending == "md");
            let path = file.path().to_string_lossy().replace('\\', "/");
            pages.extend(file.contents_utf8().filter(|_| is_page).map(|text| (path, text)));
        }
    }
    Sources::from_pages(pages)
}

impl Memo {
    /// The check of the book, where its pages differ from those `before` by an edit that leaves them where they stand in it.
    fn revised(
        &mut self,
        config: &Config,
        sources: &Sources,
        found: &[Diagnostic],
        before: &BTreeMap<String, Parsed>,
    ) -> Option<Arc<Checked>> {
        let last = self.last.take()?;
        let same_files = before.keys().eq(self.pages.keys())
            && last.checked.book.assets.iter().eq(sources.assets.keys());
        let same_rest =
            last.config == *config && last.found == found && last.history == sources.history;
        let pages = before.values().zip(self.pages.values());
        let changed = pages.filter(|(before, now)| !Arc::ptr_eq(&before.page, &now.page));
        let changed: Vec<(&Parsed, &Parsed)> = changed.take(EDIT + 1).collect();
        let is_edit = changed.len() <= EDIT && changed.iter().all(|(a, b)| a.declares_as(b));
        if !same_files || !same_rest || !is_edit {
            return None;
        }
        let new = |(_, now): &(_, &Parsed)| (Arc::clone(&now.source), Arc::clone(&now.page));
        let new: Vec<(Arc<Source>, Arc<Page>)> = changed.iter().map(new).collect();
        let book = Arc::new(book::revise(&last.checked.book, &new)?);
        let paths: Vec<&str> = new.iter().map(|(_, page)| page.path.as_str()).collect();
        let checked = check::recheck(&last.checked, book, &paths, config, &mut self.examples)?;
        let checked = Arc::new(checked);
        self.last = Some(Last { checked: Arc::clone(&checked), ..last });
        Some(checked)
    }

    fn theme(&mut self, config: &Config, sources: &Sources) -> (Arc<Theme>, Vec<Diagnostic>) {
        let kept = self.theme.as_ref();
        let same = kept.filter(|kept| kept.0 == sources.theme && kept.1 == config.theme_folder);
        if let Some((.., theme, found)) = same {
            return (Arc::clone(theme), found.clone());
        }
        let (theme, found) = Theme::new(&sources.theme, &config.theme_folder);
        let theme = Arc::new(theme);
        let folder = config.theme_folder.clone();
        self.theme = Some((sources.theme.clone(), folder, Arc::clone(&theme), found.clone()));
        (theme, found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(pages: &[(&str, &str)]) -> Sources {
        Sources::from_pages(pages.iter().copied())
    }

    #[test]
    fn a_memo_changes_nothing_but_the_time() {
        let config = Config::default();
        let mut memo = Memo::default();
        let steps = [
            book(&[("index.md", "# One\n"), ("a.md", "# A\n")]),
            book(&[("index.md", "# Two\n"), ("a.md", "# A\n")]),
            book(&[("index.md", "# Two\n\n[a](gone.md)\n")]),
        ];
        let grammar = |version: &str, above: &str| {
            let page = format!(
                "# CHG\n\n{above}```msnp-grammar\nC: CHG trid status:presence {{version={version}}}\n```\n"
            );
            let use_it = "# A\n\n*Since MSNP8.*\n\n```msnp\nC: CHG 1 NLN\n```\n";
            book(&[("index.md", "# Two\n"), ("chg.md", &page), ("a.md", use_it)])
        };
        let attribute = "<!-- wirebook: server=sb -->\n";
        let steps = steps.into_iter().chain([
            grammar("8..", ""),
            grammar("8..", "Words.\n\n"),
            grammar("9..", "Words.\n\n"),
            grammar("9..", attribute),
            book(&[("index.md", "# Two\n"), ("a.md", "# A\n\n```msnp\nC: CHG 1 NLN\n```\n")]),
        ]);
        for sources in &steps.collect::<Vec<_>>() {
            let warm = run(&config, sources, Vec::new(), &mut memo);
            let cold = run(&config, sources, Vec::new(), &mut Memo::default());
            assert_eq!(warm.site.files(), cold.site.files());
            assert_eq!(warm.report.diagnostics(), cold.report.diagnostics());
            assert_eq!(memo.pages.len(), sources.pages.len());
        }
    }

    #[test]
    fn a_wiki_without_grammar_is_checked_by_the_built_in_one() {
        let config = Config::default();
        let foreign = |pages: &[(&str, &str)]| {
            run(&config, &book(pages), Vec::new(), &mut Memo::default()).checked.book.foreign
        };
        assert!(foreign(&[("index.md", "# A\n")]));
        let own = "# OUT\n\n```msnp-grammar\nC: OUT\n```\n";
        assert!(!foreign(&[("index.md", "# A\n"), ("out.md", own)]));
        assert!(built_in_grammar().command("MSG").is_some());
    }

    #[test]
    fn rules_that_are_off_are_not_reported() {
        let found = |off: &[&str]| {
            let off = off.iter().map(|&name| name.to_owned()).collect();
            let config = Config { off, ..Config::default() };
            let rule = &crate::report::rules::CONFIG;
            let given = Diagnostic::new(rule, "book.toml", crate::text::Span::default(), "m");
            run(&config, &book(&[("index.md", "# A\n")]), vec![given], &mut Memo::default())
                .report
                .diagnostics()
                .iter()
                .filter(|d| d.rule.name == "config")
                .count()
        };
        assert_eq!((found(&[]), found(&["config"])), (1, 0));
    }
}
