//! The command as a user runs it: exit codes, what goes where, and what is never written.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const GOOD: &str = "# Presence\n\n```msnp {version=8}\nC: CHG 1 NLN 52\nS: CHG 1 NLN 52\n```\n";
const BAD: &str = "# Presence\n\n```msnp {version=8}\nC: CHG 1 NLN 52\nS: CHG 2 NLN 52\n```\n";
const NOTED: &str =
    "# Presence\n\n```msnp\nC: CHG TrID {status}\n```\n\n```msnp\nC: CHG 1 NLN 52\n```\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn wirebook(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirebook"));
    command.current_dir(folder).args(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn exit_codes_follow_the_findings_and_the_level() {
    let codes = |text: &str, arguments: &[&str]| {
        let folder = folder(&[("index.md", text)]);
        code(&wirebook(folder.path(), &[&["check"], arguments].concat()))
    };
    assert_eq!(codes(GOOD, &[]), 0);
    assert_eq!(codes(GOOD, &["--fail-on", "note"]), 0);
    assert_eq!(codes(BAD, &[]), 1);
    assert_eq!(codes(NOTED, &[]), 0);
    assert_eq!(codes(NOTED, &["--fail-on", "warning"]), 0);
    assert_eq!(codes(NOTED, &["--fail-on", "note"]), 1);
    assert_eq!(codes("# Words only\n", &[]), 0);
    assert_eq!(codes("# Words only\n", &["."]), 3);
    assert_eq!(codes(BAD, &["gone"]), 2);
    assert_eq!(codes(BAD, &["--report", "yaml"]), 2);
    assert_eq!(codes(BAD, &["--no-such-thing"]), 2);
    assert_eq!(codes(BAD, &["--report", "json=no/such/folder/x.json"]), 2);
}

#[test]
fn the_report_is_on_standard_output_and_the_summary_is_not() {
    let folder = folder(&[("index.md", BAD)]);
    let run = wirebook(folder.path(), &["check", "--report", "concise"]);
    assert!(out(&run).starts_with("index.md:5:8: error[trid-mismatch] "), "{}", out(&run));
    assert_eq!(
        err(&run),
        "checked 1 example in 1 page: 1 error, 0 warnings, 0 notes\n\
         help: `wirebook check --fix --unsafe-fixes` probably mends 1 finding\n"
    );
    let run = wirebook(folder.path(), &["-q", "check"]);
    assert!(out(&run).starts_with("error[trid-mismatch]: "), "{}", out(&run));
    assert!(out(&run).contains("--> index.md:5:8"), "{}", out(&run));
    assert!(!out(&run).contains('\u{1b}'), "no colour where nobody can see it");
    assert_eq!(err(&run), "");
}

#[test]
fn reports_go_to_files_and_to_standard_output_at_once() {
    let folder = folder(&[("book.toml", "[book]\nsrc = \"wiki\"\n"), ("wiki/index.md", BAD)]);
    let arguments = ["check", "wiki", "--report", "json=r.json", "--report", "github"];
    let run = wirebook(folder.path(), &arguments);
    assert!(out(&run).starts_with("::error file=wiki/index.md,line=5,endLine=5,"), "{}", out(&run));
    let json = fs::read_to_string(folder.path().join("r.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 1);
    assert_eq!(json[0]["path"], "wiki/index.md");
    assert_eq!(json[0]["rule"], "trid-mismatch");
    assert_eq!((&json[0]["line"], &json[0]["column"]), (&5.into(), &8.into()));
    assert_eq!(json[0]["example"], "Presence");
}

#[test]
fn settings_are_reported_and_rules_can_be_switched_off() {
    let with = |own: &str| {
        let toml =
            format!("[book]\nsrc = \"wiki\"\ntitel = \"x\"\n[preprocessor.wirebook]\n{own}\n");
        let folder = folder(&[("book.toml", &toml), ("wiki/index.md", BAD)]);
        out(&wirebook(folder.path(), &["check", "--report", "concise"]))
    };
    assert!(with("").contains("book.toml:3:1: error[config] `titel` "), "{}", with(""));
    assert!(with("").contains("wiki/index.md:5:8: error[trid-mismatch] "));
    assert_eq!(with("off = { config = \"why\", trid-mismatch = \"why\" }"), "");
}

#[test]
fn what_cannot_be_read_is_said_with_help() {
    let folder = folder(&[("index.md", GOOD)]);
    let file = wirebook(folder.path(), &["check", "index.md"]);
    assert_eq!(code(&file), 2);
    assert!(
        err(&file).contains("error: `index.md` is a file, not a folder\nhelp: "),
        "{}",
        err(&file)
    );
    let gone = wirebook(folder.path(), &["build", "a\u{1b}[2J"]);
    assert_eq!(err(&gone), "error: there is no folder `a␛[2J`\n");
}

#[test]
fn a_site_is_written_even_with_errors_and_is_not_read_as_a_wiki() {
    let folder = folder(&[("index.md", BAD)]);
    let run = wirebook(folder.path(), &["build", ".", "-d", "out/site"]);
    assert_eq!(code(&run), 1, "{}", err(&run));
    let page = fs::read_to_string(folder.path().join("out/site/index.html")).unwrap();
    assert!(page.contains("Presence") && !page.contains("__wirebook"));
    let again = wirebook(folder.path(), &["build", ".", "-d", "out/site"]);
    assert!(err(&again).contains("in 1 page:"), "{}", err(&again));
    assert!(err(&again).contains("wrote 0 of "), "{}", err(&again));
    let default = wirebook(folder.path(), &["build"]);
    assert!(err(&default).ends_with(" files to `book`\n"), "{}", err(&default));
    assert!(folder.path().join("book/index.html").is_file());
}

#[test]
fn a_folder_that_is_not_ours_is_not_written() {
    let folder = folder(&[("index.md", GOOD), ("other/letter.txt", "mine")]);
    let run = wirebook(folder.path(), &["build", "-d", "other"]);
    assert_eq!(code(&run), 2, "{}", err(&run));
    assert!(!folder.path().join("other/index.html").exists());
    let none = wirebook(folder.path(), &["build", "other"]);
    assert_eq!(code(&none), 3, "{}", err(&none));
}

#[test]
fn rules_are_explained_and_listed() {
    let folder = folder(&[]);
    let page = wirebook(folder.path(), &["explain", "payload-length"]);
    assert_eq!(code(&page), 0);
    assert!(out(&page).starts_with("# payload-length\n"));
    let list = out(&wirebook(folder.path(), &["explain"]));
    assert_eq!(list.lines().count(), wirebook::report::rules::RULES.len());
    assert!(list.contains("\nnote     variant "), "{list}");
    let unknown = wirebook(folder.path(), &["explain", "payload-lenght"]);
    assert_eq!(code(&unknown), 2);
    assert_eq!(
        err(&unknown),
        "error: `payload-lenght` is not a rule\nhelp: did you mean `payload-length`?\n"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let many = BAD.repeat(400);
    let folder = folder(&[("index.md", &many)]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_wirebook"))
        .current_dir(folder.path())
        .arg("check")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let run = child.wait_with_output().unwrap();
    assert_eq!(code(&run), 1);
    assert!(!err(&run).contains("panicked"), "{}", err(&run));
}

#[test]
fn equal_books_give_equal_bytes_whatever_the_number_of_threads() {
    let pages: Vec<(String, String)> = (0..40)
        .map(|n| (format!("p{n}.md"), format!("{BAD}\n[next](p{}.md#gone)\n", n + 1)))
        .collect();
    let pages: Vec<_> = pages.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let folder = folder(&pages);
    let run = |threads: &str, dest: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wirebook"));
        command.current_dir(folder.path()).env("RAYON_NUM_THREADS", threads);
        out(&command.args(["build", "-d", dest, "--report", "json"]).output().unwrap())
    };
    assert_eq!(run("1", "one"), run("4", "four"));
    let files = |dest: &str| {
        let root = folder.path().join(dest);
        let entries = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter();
        let files = entries.map(Result::unwrap).filter(|entry| entry.file_type().is_file());
        files
            .map(|e| {
                (e.path().strip_prefix(&root).unwrap().to_owned(), fs::read(e.path()).unwrap())
            })
            .collect::<Vec<_>>()
    };
    assert!(files("one").len() > 40);
    assert_eq!(files("one"), files("four"));
}

#[test]
fn a_port_in_use_is_named() {
    let folder = folder(&[("index.md", GOOD)]);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = wirebook(folder.path(), &["serve", "-p", &port]);
    assert_eq!(code(&run), 2);
    assert!(
        err(&run).starts_with(&format!("error: port {port} of `127.0.0.1` is in use")),
        "{}",
        err(&run)
    );
    assert!(err(&run).contains("--port "), "{}", err(&run));
}

const MENDABLE: &str = "# A\n\n```msnp {version=8}\nC:  CHG 1 NLN 52\nS: CHG 1 NLN 52\n```\n\n\
    ## B\n\n```msnp {version=8}\nC: CHG 1 NLN 52\nS: CHG 2 NLN 52\n```\n";

#[test]
fn what_can_be_mended_is_said_and_mended_and_the_code_is_that_of_what_is_left() {
    let folder = folder(&[("wiki/index.md", MENDABLE)]);
    let page = folder.path().join("wiki/index.md");
    let plain = wirebook(folder.path(), &["check", "wiki"]);
    let advice = "help: `wirebook check --fix wiki` mends 1 finding; \
                  `--unsafe-fixes` probably mends 1 more\n";
    assert!(err(&plain).ends_with(advice), "{}", err(&plain));

    let shown = wirebook(folder.path(), &["check", "wiki", "--diff", "--unsafe-fixes"]);
    assert_eq!(code(&shown), 0, "{}", err(&shown));
    assert!(out(&shown).starts_with("diff --git a/index.md b/index.md\n--- a/index.md\n"));
    assert!(out(&shown).contains("\n-S: CHG 2 NLN 52\n+S: CHG 1 NLN 52\n"), "{}", out(&shown));
    assert_eq!(fs::read_to_string(&page).unwrap(), MENDABLE);

    let safe = wirebook(folder.path(), &["check", "wiki", "--fix", "--report", "concise"]);
    assert_eq!(code(&safe), 1, "{}", err(&safe));
    assert!(out(&safe).starts_with("index.md:12:8: error[trid-mismatch] "), "{}", out(&safe));
    assert!(err(&safe).starts_with("made 1 fix in 1 page\n"), "{}", err(&safe));
    let all = wirebook(folder.path(), &["check", "wiki", "--fix", "--unsafe-fixes"]);
    assert_eq!((code(&all), out(&all).as_str()), (0, ""), "{}", err(&all));
    let good = MENDABLE.replace("C:  ", "C: ").replace("CHG 2", "CHG 1");
    assert_eq!(fs::read_to_string(&page).unwrap(), good);
    let again = wirebook(folder.path(), &["check", "wiki", "--fix", "--unsafe-fixes"]);
    assert!(err(&again).starts_with("made 0 fixes in 0 pages\n"), "{}", err(&again));
}

#[test]
fn options_of_mending_need_each_other() {
    let folder = folder(&[("index.md", GOOD)]);
    for wrong in [&["--unsafe-fixes"][..], &["--patch"], &["--fix", "--from", "x"]] {
        let run = wirebook(folder.path(), &[&["check"], wrong].concat());
        assert_eq!(code(&run), 2, "{wrong:?}: {}", err(&run));
    }
}

#[test]
fn pages_that_are_not_utf_8_are_not_written() {
    let folder = folder(&[("a.md", MENDABLE), ("index.md", "# Front\n\n[A](a.md)\n")]);
    let page = folder.path().join("a.md");
    let bytes = [MENDABLE.as_bytes(), b"\xff\n"].concat();
    fs::write(&page, &bytes).unwrap();
    let run = wirebook(folder.path(), &["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(code(&run), 1, "{}", err(&run));
    assert_eq!(fs::read(&page).unwrap(), bytes);
    assert!(!err(&wirebook(folder.path(), &["check"])).contains("help:"));
}

#[test]
fn git_applies_the_mail_and_gives_the_mended_pages() {
    let unix = MENDABLE;
    let windows = MENDABLE.replace('\n', "\r\n");
    let folder = folder(&[
        ("book.toml", "[book]\nsrc = \"wiki\"\n"),
        ("wiki/index.md", "# Front\n\n[A](a%20b.md) [B](é.md)\n"),
        ("wiki/a b.md", unix.trim_end()),
        ("wiki/é.md", &windows),
    ]);
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(folder.path()).args([
            "-c",
            "user.name=T",
            "-c",
            "user.email=t@example.com",
        ]);
        command.args(["-c", "core.autocrlf=false", "-c", "commit.gpgsign=false"]);
        command.args(arguments).output().ok()
    };
    if git(&["init", "-q"]).is_none() {
        return;
    }
    git(&["add", "-A"]).unwrap();
    assert!(git(&["commit", "-qm", "first"]).unwrap().status.success());
    let arguments = ["check", "--fix", "--unsafe-fixes", "--patch"];
    let letter = ["--from", "Zoë <z@example.com>", "--subject", "Mend é"];
    let run = wirebook(folder.path(), &[&arguments[..], &letter[..]].concat());
    assert_eq!(code(&run), 0, "{}", err(&run));
    assert!(err(&run).contains("`git am --keep-cr`"), "{}", err(&run));
    assert!(git(&["status", "--porcelain"]).unwrap().stdout.is_empty(), "nothing is written");

    fs::write(folder.path().join(".git/mail"), &run.stdout).unwrap();
    let applied = git(&["am", "-q", "--keep-cr", ".git/mail"]).unwrap();
    assert!(applied.status.success(), "{}\n{}", err(&applied), out(&run));
    let log = git(&["log", "-1", "--format=%an %ae %ad %s", "--date=iso"]).unwrap();
    assert_eq!(out(&log), "Zoë z@example.com 2001-09-17 00:00:00 +0000 Mend é\n");
    let page = |name: &str| fs::read_to_string(folder.path().join("wiki").join(name)).unwrap();
    let good = |text: &str| text.replace("C:  ", "C: ").replace("CHG 2", "CHG 1");
    assert_eq!(page("a b.md"), good(unix.trim_end()));
    assert_eq!(page("é.md"), good(&windows));
    let clean = wirebook(folder.path(), &["check", "--fix", "--patch"]);
    assert_eq!((code(&clean), out(&clean).as_str()), (0, ""), "{}", err(&clean));
}

#[test]
fn ci_formats_are_written_together() {
    let folder = folder(&[("index.md", BAD), ("good.md", GOOD), ("noted.md", NOTED)]);
    let arguments =
        ["check", "--report", "junit=j.xml", "--report", "sarif=s.json", "--report", "gitlab"];
    let run = wirebook(folder.path(), &arguments);
    assert_eq!(code(&run), 1);
    let gitlab: serde_json::Value = serde_json::from_str(&out(&run)).unwrap();
    assert!(gitlab.as_array().unwrap().iter().any(|issue| issue["check_name"] == "trid-mismatch"));
    let junit = fs::read_to_string(folder.path().join("j.xml")).unwrap();
    let totals =
        "<testsuites name=\"wirebook\" tests=\"6\" failures=\"1\" errors=\"0\" skipped=\"1\">";
    assert!(junit.contains(totals), "{junit}");
    let passing = "classname=\"good.md\" name=\"Presence\" file=\"good.md\" line=\"3\"/>";
    assert!(junit.contains(passing), "{junit}");
    let sarif = fs::read_to_string(folder.path().join("s.json")).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
}

#[test]
fn findings_are_withheld_and_counted_on_request() {
    let two = format!("{BAD}\n[a](gone.md)\n");
    let folder = folder(&[("index.md", &two)]);
    let arguments = ["check", "--report", "concise", "--max-diagnostics", "1", "--statistics"];
    let run = wirebook(folder.path(), &arguments);
    let lines: Vec<_> = out(&run).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[1], "1 more finding is not shown");
    assert!(
        err(&run).starts_with("     1  error    broken-link\n     1  error    trid-mismatch\n")
    );
    let json = wirebook(folder.path(), &["check", "--report", "json", "--max-diagnostics", "1"]);
    let json: serde_json::Value = serde_json::from_str(&out(&json)).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2);
}

#[test]
fn a_baseline_forgives_what_it_names_and_only_shrinks() {
    let folder = folder(&[("index.md", BAD)]);
    let file = folder.path().join("known.txt");
    let check = |more: &[&str]| {
        wirebook(folder.path(), &[&["check", "--baseline", "known.txt"], more].concat())
    };
    let none = check(&[]);
    assert_eq!(code(&none), 2, "{}", err(&none));
    assert!(err(&none).contains("help: `--write-baseline` writes it"), "{}", err(&none));
    assert_eq!(code(&check(&["--write-baseline"])), 0);
    let first = fs::read_to_string(&file).unwrap();
    assert!(first.get(64..).unwrap().starts_with(" index.md: trid-mismatch: "), "{first}");

    fs::write(folder.path().join("index.md"), format!("Moved.\n\n{BAD}")).unwrap();
    let moved = check(&["--report", "concise"]);
    assert_eq!((code(&moved), out(&moved)), (0, String::new()), "{}", err(&moved));

    fs::write(folder.path().join("more.md"), BAD).unwrap();
    assert_eq!(code(&check(&[])), 1);
    let refused = check(&["--write-baseline"]);
    assert_eq!(code(&refused), 1);
    assert!(err(&refused).contains("a baseline only shrinks"), "{}", err(&refused));
    assert_eq!(fs::read_to_string(&file).unwrap(), first);

    fs::remove_file(folder.path().join("more.md")).unwrap();
    fs::write(folder.path().join("index.md"), GOOD).unwrap();
    let stale = check(&[]);
    assert_eq!(code(&stale), 1);
    assert!(err(&stale).contains("names a finding that is gone: index.md: "), "{}", err(&stale));
    assert_eq!(code(&check(&["--write-baseline"])), 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), "");
    assert_eq!(code(&check(&[])), 0);

    fs::write(&file, "nonsense\n").unwrap();
    assert_eq!(code(&check(&[])), 2);
}

#[test]
fn what_is_mended_is_taken_out_of_the_baseline() {
    let folder = folder(&[("index.md", MENDABLE)]);
    let (page, file) = (folder.path().join("index.md"), folder.path().join("known.txt"));
    let check = |more: &[&str]| {
        wirebook(folder.path(), &[&["check", "--baseline", "known.txt"], more].concat())
    };
    assert_eq!(code(&check(&["--write-baseline"])), 0);
    let known = || fs::read_to_string(&file).unwrap();
    assert_eq!(known().lines().count(), 2, "{}", known());

    // What is known is mended all the same; its entry is then one too many.
    let mended = check(&["--fix"]);
    assert_eq!(code(&mended), 1, "{}", err(&mended));
    assert_eq!(out(&mended), "", "what is left is known");
    assert!(err(&mended).contains("names a finding that is gone: index.md: "), "{}", err(&mended));
    assert!(err(&mended).contains("made 1 fix in 1 page\n"), "{}", err(&mended));
    assert_eq!(fs::read_to_string(&page).unwrap(), MENDABLE.replace("C:  ", "C: "));

    let shrunk = check(&["--fix", "--write-baseline"]);
    assert_eq!(code(&shrunk), 0, "{}", err(&shrunk));
    assert!(err(&shrunk).contains("made 0 fixes in 0 pages\n"), "{}", err(&shrunk));
    assert_eq!(known().lines().count(), 1, "{}", known());
    assert!(known().contains(" index.md: trid-mismatch: "), "{}", known());

    // In one go: mended, and the baseline written after it.
    let whole = check(&["--fix", "--unsafe-fixes", "--write-baseline"]);
    assert_eq!((code(&whole), known()), (0, String::new()), "{}", err(&whole));
    // A finding that is new is mended, or reported: the baseline takes none in.
    fs::write(&page, MENDABLE).unwrap();
    let new = check(&["--fix", "--write-baseline", "--report", "concise"]);
    assert_eq!((code(&new), known()), (1, String::new()), "{}", err(&new));
    assert!(out(&new).contains("error[trid-mismatch]"), "{}", out(&new));
}

const HALF_SHOWN: &str = "# CHG\n\n```msnp-grammar {server=ns}\nC: CHG trid status:presence {version=2..7}\n\
    S: CHG trid status:presence {version=2..7}\n```\n\n```msnp {version=2..4}\nC: CHG 1 NLN\n```\n\n\
    <!-- wirebook: coverage -->\n";

#[test]
fn what_no_example_shows_is_printed_and_changes_no_exit_code() {
    let folder = folder(&[("book.toml", "[book]\nsrc = \"wiki\"\n"), ("wiki/chg.md", HALF_SHOWN)]);
    let text = wirebook(folder.path(), &["check", "--coverage", "--report", "json=r.json"]);
    assert_eq!(code(&text), 0, "{}", err(&text));
    assert_eq!(
        out(&text),
        "command    forms   versions\n\
         CHG          1/2       3/12\n  \
         wiki/chg.md:4: C: CHG trid status:presence: not in MSNP5 to MSNP7\n  \
         wiki/chg.md:5: S: CHG trid status:presence: no example\n\
         total: 1 of 2 forms (50 %), 1 of 2 directions (50 %), 3 of 12 versions of forms (25 %), \
         0 of 0 error codes (100 %)\n"
    );
    assert_eq!(fs::read_to_string(folder.path().join("r.json")).unwrap(), "[]\n");

    let json = out(&wirebook(folder.path(), &["check", "--coverage=json", "wiki"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["totals"]["forms"], serde_json::json!({"shown": 1, "all": 2}));
    assert_eq!(json["totals"]["error_codes"], serde_json::json!({"shown": 0, "all": 0}));
    let form = &json["forms"][0];
    assert_eq!((&form["path"], &form["line"]), (&"wiki/chg.md".into(), &4.into()));
    assert_eq!(form["shown"], serde_json::json!(["MSNP2", "MSNP3", "MSNP4"]));
    assert_eq!(form["missing"], serde_json::json!(["MSNP5", "MSNP6", "MSNP7"]));
    assert_eq!(
        (&form["examples"][0]["path"], &form["examples"][0]["line"]),
        (&"wiki/chg.md".into(), &9.into())
    );

    wirebook(folder.path(), &["build", "-d", "site"]);
    let page = fs::read_to_string(folder.path().join("site/chg.html")).unwrap();
    assert!(page.contains("<code>S: CHG trid status:presence</code></div>"), "{page}");
    assert!(page.contains("</code> in MSNP5 to MSNP7</div>"), "{page}");

    assert_eq!(code(&wirebook(folder.path(), &["check", "--coverage", "--fix"])), 2);
    assert_eq!(code(&wirebook(folder.path(), &["check", "--coverage=xml"])), 2);
}

#[test]
fn the_built_in_grammar_has_no_places_in_a_wiki_without_one() {
    let folder = folder(&[("index.md", GOOD)]);
    let text = out(&wirebook(folder.path(), &["check", "--coverage"]));
    assert!(text.contains("\n  C: ACK ") || text.contains("\n  S: ACK "), "{text}");
    let json = out(&wirebook(folder.path(), &["check", "--coverage=json"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json["forms"][0]["path"].is_null() && json["forms"][0]["line"].is_null());
}
