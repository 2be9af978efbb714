//! The walls inside the crate, kept by reading its source: which module may use which, who prints, who touches the machine.
#![expect(clippy::expect_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use walkdir::WalkDir;
use wirebook::report::rules::RULES;

/// A module uses modules of lower layers, and nothing else of the crate.
const LAYERS: [(&str, u8); 17] = [
    ("progress", 0),
    ("text", 0),
    ("report", 1),
    ("config", 2),
    ("markdown", 2),
    ("grammar", 3),
    ("load", 3),
    ("msnp", 4),
    ("book", 5),
    ("check", 6),
    ("site", 7),
    ("pipeline", 8),
    ("fix", 9),
    ("serve", 9),
    ("patch", 9),
    ("cli", 10),
    ("main", 11),
];

/// The engine knows nothing of Markdown and settings, though they lie below it.
const MSNP_SEES: [&str; 3] = ["text", "report", "grammar"];

/// Who may touch files, network, clock, environment and processes.
const MACHINE: [&str; 6] = ["load", "serve", "patch", "cli", "site/write.rs", "fix/write.rs"];

/// A source file: path below `src`, module, text without comments and without unit tests, and the whole text.
struct File {
    path: String,
    module: String,
    code: String,
    text: String,
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = WalkDir::new(&root).sort_by_file_name().into_iter();
    let rust = entries
        .map(|entry| entry.expect("src can be read"))
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "rs"));
    rust.map(|entry| {
        let below = entry.path().strip_prefix(&root).expect("below src");
        let path = below.to_string_lossy().replace('\\', "/");
        let module = path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(entry.path()).expect("source is UTF-8");
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let lines = lines.take_while(|line| line.trim() != "mod tests {");
        let code = lines.collect::<Vec<_>>().join("\n");
        File { path, module, code, text }
    })
    .collect()
}

/// Names of the crate's modules that the code uses: `crate::a`, `crate::{a::x, b}`.
fn used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, start) in code.match_indices("crate::") {
        // `wirebook_crate::x` and `$crate::x` are not ours to judge.
        let before = code.get(..at).unwrap_or_default().chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = code.get(at + start.len()..).unwrap_or_default();
        match rest.strip_prefix('{') {
            Some(group) => used.extend(names_in_group(group)),
            None => used.extend(Some(name(rest))),
        }
    }
    used.retain(|name| !name.is_empty());
    used
}

/// The first name of each item between braces.
fn names_in_group(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut depth, mut expecting) = (0, true);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expecting = true,
            c if expecting && !c.is_whitespace() => {
                names.push(name(group.get(at..).unwrap_or_default()));
                expecting = false;
            }
            _ => {}
        }
    }
    names
}

fn name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn modules_use_lower_layers_only() {
    let layers = BTreeMap::from(LAYERS);
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.path != "lib.rs") {
        let Some(own) = layers.get(file.module.as_str()) else {
            wrong.push(format!("src/{} is in no layer", file.path));
            continue;
        };
        for used in used(&file.code).into_iter().filter(|used| *used != file.module) {
            let below = layers.get(used.as_str()).is_some_and(|layer| layer < own);
            let hidden = file.module == "msnp" && !MSNP_SEES.contains(&used.as_str());
            if !below || hidden {
                wrong.push(format!("src/{} uses `{used}`, which is not below it", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_uses_sees_every_way_to_write_them() {
    let code =
        "use crate::a::B;\nuse crate::{c::{D, e}, f, g as h};\nlet x = crate::i::j(); $crate::k!()";
    assert_eq!(used(code).into_iter().collect::<Vec<_>>(), ["a", "c", "f", "g", "i"]);
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<_> =
        files().into_iter().filter(|file| !file.text.starts_with("//! ")).collect();
    assert!(silent.is_empty(), "{:?}", silent.iter().map(|file| &file.path).collect::<Vec<_>>());
}

#[test]
fn only_the_command_line_prints() {
    let printing = ["println!", "eprintln!", "print!(", "stdout()", "stderr()", "dbg!"];
    for file in files().iter().filter(|file| file.module != "cli") {
        for word in printing {
            assert!(!file.code.contains(word), "src/{} uses `{word}`", file.path);
        }
    }
}

#[test]
fn the_flow_is_pure_between_load_and_write() {
    let machine = [
        "std::fs",
        "fs::",
        "std::env",
        "env::",
        "std::net",
        "std::process",
        "SystemTime",
        "Instant",
    ];
    let pure = |file: &&File| {
        !MACHINE.contains(&file.module.as_str()) && !MACHINE.contains(&file.path.as_str())
    };
    for file in files().iter().filter(|file| file.module != "main").filter(pure) {
        for word in machine {
            assert!(!file.code.contains(word), "src/{} uses `{word}`", file.path);
        }
    }
}

#[test]
fn every_rule_has_a_name_of_its_own_and_a_page() {
    let mut names = BTreeSet::new();
    for rule in RULES {
        let words = rule.name.split('-');
        let kebab = words.into_iter().all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        assert!(kebab, "`{}` is not in kebab case", rule.name);
        assert!(names.insert(rule.name), "`{}` stands twice in the table", rule.name);
        assert!(rule.page.starts_with(&format!("# {}\n", rule.name)), "page of `{}`", rule.name);
        let summary = rule.summary();
        assert!(
            summary.ends_with('.') && summary.len() < 200,
            "summary of `{}`: {summary}",
            rule.name
        );
        for heading in ["\n## Why it matters\n", "\n## Bad\n", "\n## Good\n"] {
            assert!(rule.page.contains(heading), "`{}` has no {}", rule.name, heading.trim());
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("wiki/manual/rules");
    for entry in fs::read_dir(folder).expect("the folder of pages") {
        let path = entry.expect("a page").path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        assert!(names.contains(stem.as_str()), "the page `{stem}.md` belongs to no rule");
    }
}
