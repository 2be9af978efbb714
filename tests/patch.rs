//! Patches by mail against real git repositories: what is refused, what a review says, and what a repository looks like afterwards.
#![expect(clippy::unwrap_used, reason = "tests")]
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const INDEX: &str = "# A wiki\n\nWords.\n\n- [CHG](chg.md)\n";
const CHG: &str = "# CHG\n\n```msnp-grammar {server=ns}\nC: CHG trid status:presence   {version=2..}\n\
    S: CHG trid status:presence   {version=2..}\nC: QRY trid key:product-id length   {version=6..}\n   \
    payload text\nS: QRY trid   {version=6..}\n```\n\n*Only in MSNP2 to MSNP8.*\n\n```msnp\nC: CHG 1 NLN\nS: CHG 1 NLN\n```\n\n\
    ## More\n\n```msnp\nC: CHG 2 AWY\nS: CHG 2 AWY\n```\n\n```msnp\nC: QRY 3 msmsgs@msnmsgr.com 9\nabc\n```\n";

/// A repository with a wiki, a clone of it to work in, a place for mails and one for temporary files.
struct World {
    folder: TempDir,
}

impl World {
    fn new() -> Self {
        Self::with(&["init", "-q", "-b", "main"], "")
    }

    fn with(init: &[&str], below: &str) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        for name in ["repo", "tmp", "home", "out"] {
            fs::create_dir_all(world.at(name)).unwrap();
        }
        world.git("repo", init);
        let root = world.at("repo").join(below);
        fs::create_dir_all(root.join("wiki")).unwrap();
        fs::write(root.join("book.toml"), "[book]\nsrc = \"wiki\"\n").unwrap();
        fs::write(root.join("wiki/index.md"), INDEX).unwrap();
        fs::write(root.join("wiki/chg.md"), CHG).unwrap();
        world.git("repo", &["add", "."]);
        world.git("repo", &["commit", "-qm", "A wiki"]);
        world.git(".", &["clone", "-q", "repo", "work"]);
        world
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.current_dir(self.at(folder)).args(arguments);
        for (name, value) in [
            ("HOME", self.at("home").to_str().unwrap()),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_AUTHOR_NAME", "Ann"),
            ("GIT_AUTHOR_EMAIL", "ann@example.org"),
            ("GIT_COMMITTER_NAME", "Ann"),
            ("GIT_COMMITTER_EMAIL", "ann@example.org"),
        ] {
            command.env(name, value);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", err(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn command(&self, folder: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wirebook"));
        command.current_dir(self.at(folder)).arg("patch").args(arguments);
        command.env("TMPDIR", self.at("tmp")).env("HOME", self.at("home"));
        command.env("GIT_COMMITTER_NAME", "Mia").env("GIT_COMMITTER_EMAIL", "mia@example.org");
        command
    }

    fn patch(&self, arguments: &[&str]) -> Output {
        self.command("repo", arguments).output().unwrap()
    }

    /// Commits `text` as `path` in the clone, and gives the file that `git format-patch` makes of it.
    fn mail(&self, title: &str, changes: &[(&str, &str)]) -> String {
        for (path, text) in changes {
            fs::write(self.at("work").join(path), text).unwrap();
        }
        self.git("work", &["add", "."]);
        self.git("work", &["commit", "-qsm", title, "--date", "2024-01-02T03:04:05+0530"]);
        self.git(
            "work",
            &["format-patch", "-q", "--base=HEAD~1", "-o", self.at("out").to_str().unwrap(), "-1"],
        );
        let files = fs::read_dir(self.at("out")).unwrap().map(|entry| entry.unwrap().path());
        files.max().unwrap().to_str().unwrap().to_owned()
    }

    /// Every file of the repository with its bytes.
    fn state(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = walkdir::WalkDir::new(self.at("repo")).into_iter().map(Result::unwrap);
        let files = entries.filter(|entry| entry.file_type().is_file());
        files.map(|file| (file.path().to_owned(), fs::read(file.path()).unwrap())).collect()
    }

    fn left(&self) -> Vec<PathBuf> {
        fs::read_dir(self.at("tmp")).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn mails() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails")
}

#[test]
fn every_hostile_mail_ends_as_it_should_and_leaves_nothing() {
    let world = World::new();
    let before = world.state();
    let mut wrong = Vec::new();
    for line in fs::read_to_string(mails().join("expected.txt")).unwrap().lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let file = mails().join(format!("{}.mbox", words[0]));
        let run = world.patch(&["check", file.to_str().unwrap()]);
        let said = out(&run) + &err(&run);
        let named = words[2] == "-" || said.contains(&format!("[{}]", words[2]));
        if code(&run).to_string() != words[1] || !named {
            wrong.push(format!("{line}, not {}: {said}", code(&run)));
        }
        assert!(
            !said.contains('\u{1b}') && !said.contains("##vso[") && !said.contains("\n::"),
            "{said}"
        );
        assert_eq!(world.left(), Vec::<PathBuf>::new(), "{line}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(world.state(), before);
    let long = world.at("out/long.mbox");
    fs::write(&long, "x".repeat(1 << 21)).unwrap();
    assert_eq!(code(&world.patch(&["check", long.to_str().unwrap()])), 4);
}

#[test]
fn apply_refuses_what_check_refuses() {
    let world = World::new();
    let before = world.state();
    for name in
        ["link", "path-dot-git", "forged-sign-off", "spoofed-second", "in-body-from", "conflict"]
    {
        let file = mails().join(format!("{name}.mbox"));
        let check = world.patch(&["check", file.to_str().unwrap()]);
        let apply = world.patch(&["apply", file.to_str().unwrap()]);
        assert_eq!(code(&apply), code(&check), "{name}: {}", err(&apply));
        assert_ne!(code(&apply), 0, "{name}");
    }
    assert_eq!(world.state(), before);
}

#[test]
fn a_corrected_length_is_a_fix() {
    let world = World::new();
    let mail =
        world.mail("CHG: mend a length", &[("wiki/chg.md", &CHG.replace(" 9\nabc", " 3\nabc"))]);
    let run = world.patch(&["check", &mail]);
    assert_eq!(code(&run), 0, "{}{}", out(&run), err(&run));
    assert!(out(&run).contains("fixes wiki/chg.md:"), "{}", out(&run));
    assert!(out(&run).contains("error[payload-length]"), "{}", out(&run));
    let json: serde_json::Value =
        serde_json::from_str(&out(&world.patch(&["check", &mail, "--report", "json"]))).unwrap();
    assert_eq!(json["result"], "clean");
    assert_eq!(json["total"]["fixed"][0]["rule"], "payload-length");
    let [review, page] = previewed(&world, &mail, ["/_patch_review.html", "/chg.html"]);
    assert!(review.contains("Fixed in chg.md: ") && review.contains("is right"), "{review}");
    assert!(page.contains("Changed by the patch under review"), "{page}");
    applied(&world, &mail, "CHG: mend a length");
}

/// Applies a mail, and looks at the commit.
fn applied(world: &World, mail: &str, title: &str) {
    let run = world.patch(&["apply", mail]);
    assert_eq!(code(&run), 0, "{}{}", out(&run), err(&run));
    let head = world.git("repo", &["log", "-1", "--format=%an|%ae|%ad|%cn|%s|%b", "--date=iso"]);
    let author = "Ann|ann@example.org|2024-01-02 03:04:05 +0530|Mia|";
    assert_eq!(head.trim(), format!("{author}{title}|Signed-off-by: Ann <ann@example.org>"));
    assert_eq!(world.git("repo", &["status", "--porcelain"]), "");
    assert_eq!(
        world.git("repo", &["rev-parse", "HEAD^{tree}"]),
        world.git("work", &["rev-parse", "HEAD^{tree}"])
    );
    world.git("repo", &["fsck", "--strict"]);
    assert_eq!(world.left(), Vec::<PathBuf>::new());
    assert!(!world.at("repo/.git/wirebook-apply").exists());
}

#[test]
fn a_new_command_is_told_in_the_protocols_words() {
    let world = World::new();
    let page = "# PNG\n\n```msnp-grammar {server=ns}\nC: PNG   {version=2..9}\nS: QNG   {version=2..9}\n```\n\n```msnp\nC: PNG\nS: QNG\n```\n";
    let index = INDEX.replace("- [CHG]", "- [PNG](png.md)\n- [CHG]");
    let mail = world.mail("PNG: describe it", &[("wiki/png.md", page), ("wiki/index.md", &index)]);
    let run = world.patch(&["check", &mail]);
    assert!(
        out(&run).contains("changes: PNG is new: `C: PNG` in MSNP2 to MSNP9"),
        "{}{}",
        out(&run),
        err(&run)
    );
    assert_eq!(code(&run), 0, "{}", out(&run));
    let [review, page] = previewed(&world, &mail, ["/_patch_review.html", "/png.html"]);
    assert!(review.contains("PNG is new") && review.contains("png.html"), "{review}");
    assert!(page.contains("Changed by the patch under review"), "{page}");
    applied(&world, &mail, "PNG: describe it");
}

#[test]
fn a_narrowed_hint_is_no_finding() {
    let world = World::new();
    let mail = world
        .mail("CHG: narrow", &[("wiki/chg.md", &CHG.replace("MSNP2 to MSNP8", "MSNP3 to MSNP8"))]);
    let run = world.patch(&["check", &mail]);
    assert_eq!(code(&run), 0, "{}{}", out(&run), err(&run));
    assert!(out(&run).contains("introduces 0 errors"), "{}", out(&run));
    let [review] = previewed(&world, &mail, ["/_patch_review.html"]);
    assert!(
        review.contains("<del>MSNP2</del>") && review.contains("<strong>MSNP3</strong>"),
        "{review}"
    );
    applied(&world, &mail, "CHG: narrow");
}

#[test]
fn broken_examples_are_answered_with_the_lines_quoted() {
    let world = World::new();
    let text = CHG.replace("S: CHG 1 NLN", "S: CHG 4 NLN").replace("S: CHG 2 AWY", "S: CHG 5 AWY");
    let mail = world.mail("CHG: break", &[("wiki/chg.md", &text)]);
    let run = world.patch(&["check", &mail]);
    assert_eq!(code(&run), 1, "{}{}", out(&run), err(&run));
    assert!(out(&run).contains("introduces 2 errors"), "{}", out(&run));
    let text = fs::read_to_string(&mail).unwrap();
    let with_id = text.replace("Subject: ", "Message-ID: <two@x>\nIn-Reply-To: <one@x>\nSubject: ");
    fs::write(&mail, with_id).unwrap();
    let reply = out(&world.patch(&["check", &mail, "--reply", "--from", "Mia <mia@x>"]));
    assert!(
        reply.starts_with(
            "From: Mia <mia@x>\nTo: Ann <ann@example.org>\nSubject: Re: [PATCH] CHG: break\n"
        ),
        "{reply}"
    );
    assert!(reply.contains("In-Reply-To: <two@x>\nReferences: <one@x>\n <two@x>\n"), "{reply}");
    assert!(reply.contains("> +S: CHG 4 NLN\n"), "{reply}");
    let long = reply.lines().find(|line| !line.starts_with('>') && line.chars().count() > 72);
    assert_eq!(long, None);
    let junit = out(&world.patch(&["check", &mail, "--report", "junit"]));
    assert!(junit.contains("failures=\"2\""), "{junit}");
    let github = out(&world.patch(&["check", &mail, "--report", "github"]));
    assert_eq!(github.matches("::error file=wiki/chg.md").count(), 2, "{github}");
    let [review] = previewed(&world, &mail, ["/_patch_review.html"]);
    assert!(review.contains("introduces 2 errors"), "{review}");
    assert_eq!(review.matches("New error in chg.md, line").count(), 2, "{review}");
    assert!(review.contains("The example in line 13 is wrong."), "{review}");
    let b4 = world.patch(&["check", &mail, "--b4"]);
    let results: serde_json::Value = serde_json::from_str(&out(&b4)).unwrap();
    assert_eq!((code(&b4), &results[0]["status"]), (1, &"fail".into()), "{results}");
    assert!(results[0]["details"].as_str().unwrap().contains("trid-mismatch"), "{results}");
    let patchwork = out(&world.patch(&["check", &mail, "--patchwork"]));
    let object: serde_json::Value = serde_json::from_str(&patchwork).unwrap();
    assert_eq!((&object["state"], &object["context"]), (&"fail".into(), &"wirebook".into()));
    let before = world.state();
    assert_eq!(code(&world.patch(&["apply", &mail])), 1);
    assert_eq!(world.state(), before);
    assert_eq!(code(&world.patch(&["apply", &mail, "--allow", "findings"])), 0);
}

#[test]
fn a_series_comes_in_order_from_files_mailboxes_and_maildirs() {
    let world = World::new();
    for (number, word) in [(1, "One"), (2, "Two"), (3, "Three")] {
        world.mail(
            &format!("Say {word}"),
            &[("wiki/index.md", &INDEX.replace("Words", &format!("{word} {number}")))],
        );
    }
    fs::remove_dir_all(world.at("out")).unwrap();
    let target = world.at("out").to_str().unwrap().to_owned();
    world.git("work", &["format-patch", "-q", "-o", &target, "--cover-letter", "origin/main"]);
    let mut files: Vec<PathBuf> =
        fs::read_dir(&target).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let folder = world.patch(&["check", &target]);
    assert_eq!(code(&folder), 0, "{}", err(&folder));
    assert!(out(&folder).contains("patch 3/3: Say Three"), "{}", out(&folder));
    let maildir = world.at("maildir/new");
    fs::create_dir_all(&maildir).unwrap();
    let mut all = Vec::new();
    for (number, file) in files.iter().rev().enumerate() {
        fs::copy(file, maildir.join(format!("{number}.host"))).unwrap();
        all.extend(fs::read(file).unwrap());
    }
    let run = world.patch(&["check", world.at("maildir").to_str().unwrap()]);
    assert_eq!(out(&run), out(&folder));
    let mut child = world
        .command("repo", &["check", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&all).unwrap();
    assert_eq!(out(&child.wait_with_output().unwrap()), out(&folder));
    assert_eq!(code(&world.patch(&["apply", &target])), 0);
    assert_eq!(world.git("repo", &["log", "--format=%s"]), "Say Three\nSay Two\nSay One\nA wiki\n");
}

#[test]
fn a_mistake_that_a_later_patch_mends_is_told() {
    let world = World::new();
    let broken = CHG.replace("S: CHG 1 NLN", "S: CHG 4 NLN");
    for (number, text) in [CHG, &broken, CHG].into_iter().enumerate() {
        world.mail(
            &format!("Step {number}"),
            &[("wiki/chg.md", &format!("{text}\nWords {number}.\n"))],
        );
    }
    let mails = world.git("work", &["format-patch", "--stdout", "origin/main"]);
    fs::write(world.at("out/series.mbox"), mails).unwrap();
    let run = world.patch(&["check", world.at("out/series.mbox").to_str().unwrap()]);
    let text = out(&run);
    let of = |number: usize| text.split("patch ").nth(number).unwrap_or_default().to_owned();
    assert_eq!(code(&run), 0, "{text}{}", err(&run));
    assert!(of(2).contains("introduces wiki/chg.md:15: error[trid-mismatch]"), "{text}");
    assert!(of(3).contains("fixes [trid-mismatch]") && !of(1).contains("introduces"), "{text}");
}

#[test]
fn repositories_of_every_kind_work_or_say_why() {
    let mail_of = |world: &World, path: &str| {
        world.mail("Other words", &[(path, &INDEX.replace("Words", "Other words"))])
    };
    let sha256 = World::with(&["init", "-q", "-b", "main", "--object-format=sha256"], "");
    let mail = mail_of(&sha256, "wiki/index.md");
    assert_eq!(code(&sha256.patch(&["apply", &mail])), 0);

    let below = World::with(&["init", "-q", "-b", "main"], "docs");
    let mail = mail_of(&below, "docs/wiki/index.md");
    for folder in ["repo/docs", "repo/docs/wiki"] {
        let run = below.command(folder, &["check", &mail]).output().unwrap();
        assert_eq!(code(&run), 0, "{}", err(&run));
    }
    assert_eq!(code(&below.command("repo/docs", &["apply", &mail]).output().unwrap()), 0);
    assert!(fs::read_to_string(below.at("repo/docs/wiki/index.md")).unwrap().contains("Other"));

    let world = World::new();
    let mail = mail_of(&world, "wiki/index.md");
    world.git(".", &["clone", "-q", "--bare", "repo", "bare"]);
    assert_eq!(code(&world.command("bare", &["check", &mail]).output().unwrap()), 0);
    let bare = world.command("bare", &["apply", &mail]).output().unwrap();
    assert_eq!(code(&bare), 2);
    assert!(err(&bare).contains("apply it in a clone"), "{}", err(&bare));
    let url = format!("file://{}", world.at("repo").display());
    world.git(".", &["clone", "-q", "--depth=1", &url, "shallow"]);
    assert_eq!(code(&world.command("shallow", &["check", &mail]).output().unwrap()), 0);

    let none = world.command("out", &["check", &mail]).output().unwrap();
    assert_eq!(code(&none), 2);
    assert!(err(&none).contains("is in no git repository"), "{}", err(&none));
    let missing =
        world.command("repo", &["check", &mail]).env("PATH", "/nowhere").output().unwrap();
    assert!(code(&missing) == 2 && err(&missing).contains("install git"), "{}", err(&missing));
    let old = world.at("old");
    fs::create_dir(&old).unwrap();
    fs::write(old.join("git"), "#!/bin/sh\necho git version 2.39.3\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(old.join("git"), mode).unwrap();
    let run = world.command("repo", &["check", &mail]).env("PATH", &old).output().unwrap();
    assert!(code(&run) == 2 && err(&run).contains("too old"), "{}", err(&run));

    fs::write(world.at("repo/wiki/chg.md"), "# Changed\n").unwrap();
    assert_eq!(code(&world.patch(&["check", &mail])), 0);
    let dirty = world.patch(&["apply", &mail]);
    assert!(code(&dirty) == 2 && err(&dirty).contains("git stash"), "{}", err(&dirty));
    world.git("repo", &["checkout", "-q", "--", "."]);
    world.git("repo", &["checkout", "-q", "--detach"]);
    let run = world.patch(&["apply", &mail]);
    assert_eq!(code(&run), 0, "{}", err(&run));
    assert_ne!(
        world.git("repo", &["rev-parse", "HEAD"]),
        world.git("repo", &["rev-parse", "main"])
    );
}

#[test]
fn nothing_of_the_repository_runs() {
    let world = World::new();
    let mail =
        world.mail("Other words", &[("wiki/index.md", &INDEX.replace("Words", "Other words"))]);
    let ran = world.at("ran");
    let script = format!("#!/bin/sh\ntouch {}\n", ran.display());
    for name in [
        "post-applypatch",
        "applypatch-msg",
        "pre-applypatch",
        "post-commit",
        "pre-commit",
        "reference-transaction",
        "post-index-change",
    ] {
        let hook = world.at("repo/.git/hooks").join(name);
        fs::write(&hook, &script).unwrap();
        fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    assert_eq!(code(&world.patch(&["check", &mail])), 0);
    assert_eq!(code(&world.patch(&["apply", &mail])), 0);
    assert!(!ran.exists());
}

#[test]
fn a_killed_run_leaves_everything_as_it_was() {
    let world = World::new();
    let page = "# PNG\n\nWords.\n";
    let index = INDEX.replace("- [CHG]", "- [PNG](new/png.md)\n- [CHG]");
    fs::create_dir(world.at("work/wiki/new")).unwrap();
    let mail = world.mail("A page", &[("wiki/new/png.md", page), ("wiki/index.md", &index)]);
    let head = world.git("repo", &["rev-parse", "HEAD"]);
    let mut before = world.state();
    let start = Instant::now();
    let (mut whole, mut cut) = (Duration::from_secs(1), 0);
    for step in 0..24 {
        let signal = if step % 2 == 0 { "-KILL" } else { "-TERM" };
        let mut child =
            world.command("repo", &["apply", &mail]).stderr(Stdio::null()).spawn().unwrap();
        // The first comes to its end, and tells how long one takes; files are written in the last part of that.
        if step > 0 {
            std::thread::sleep(whole * (step + 20) / 44);
            // It may have ended already.
            let kill = Command::new("kill").args([signal, &child.id().to_string()]).status();
            kill.unwrap();
        }
        child.wait().unwrap();
        if step == 0 {
            whole = start.elapsed();
        }
        let killed = Instant::now();
        while (!world.left().is_empty() || world.at("repo/.git/wirebook-apply").exists())
            && killed.elapsed().as_secs() < 20
        {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(world.left(), Vec::<PathBuf>::new());
        if world.git("repo", &["rev-parse", "HEAD"]) == head {
            let after = world.state();
            let other = |path: &&PathBuf| before.get(*path) != after.get(*path);
            let differ: Vec<_> = before.keys().chain(after.keys()).filter(other).collect();
            assert!(differ.is_empty(), "step {step}: {differ:?}");
            cut += 1;
        } else {
            assert_eq!(world.git("repo", &["status", "--porcelain"]), "");
            world.git("repo", &["fsck", "--strict"]);
            world.git("repo", &["reset", "-q", "--hard", head.trim()]);
            world.git("repo", &["reflog", "expire", "--expire=now", "--all"]);
            world.git("repo", &["prune", "--expire=now"]);
            before = world.state();
        }
    }
    assert!(cut > 0);
}

#[test]
fn a_failure_at_the_last_step_is_put_back() {
    let world = World::new();
    let mail =
        world.mail("Other words", &[("wiki/index.md", &INDEX.replace("Words", "Other words"))]);
    fs::write(world.at("repo/.git/refs/heads/main.lock"), "").unwrap();
    let before = world.state();
    let run = world.patch(&["apply", &mail]);
    assert!(code(&run) == 2 && err(&run).contains("update-ref"), "{}", err(&run));
    assert_eq!(world.state(), before);
    fs::remove_file(world.at("repo/.git/refs/heads/main.lock")).unwrap();
    assert_eq!(code(&world.patch(&["apply", &mail])), 0);
}

#[test]
fn what_was_left_half_done_is_put_back_only_where_nothing_else_has_changed() {
    let world = World::new();
    let old = world.git("repo", &["rev-parse", "HEAD"]);
    let top = world.at("repo").canonicalize().unwrap();
    let folder = world.at("repo/.git/wirebook-apply");
    let leave = || {
        fs::create_dir_all(&folder).unwrap();
        fs::copy(world.at("repo/.git/index"), folder.join("index")).unwrap();
        fs::write(folder.join("0.old"), INDEX).unwrap();
        fs::write(folder.join("0.new"), "# New\n").unwrap();
        let journal = serde_json::json!({
            "git_dir": top.join(".git"), "top": &top, "branch": "refs/heads/main", "old": old.trim(),
            "new": "0".repeat(40), "objects": top.join(".git/objects"), "coming": [],
            "files": [{"path": "wiki/index.md", "was": true, "is": true}],
        });
        fs::write(folder.join("journal.json"), journal.to_string()).unwrap();
    };
    let before = world.state();
    leave();
    fs::write(world.at("repo/wiki/index.md"), "# N").unwrap();
    let run = world.patch(&["recover"]);
    assert!(code(&run) == 0 && err(&run).contains("as it was"), "{}", err(&run));
    assert_eq!(world.state(), before);
    leave();
    fs::write(world.at("repo/wiki/index.md"), "# Mine\n").unwrap();
    let run = world.patch(&["recover"]);
    assert!(code(&run) == 2 && err(&run).contains("has changed since"), "{}", err(&run));
    assert_eq!(fs::read_to_string(world.at("repo/wiki/index.md")).unwrap(), "# Mine\n");
    assert!(folder.exists());
}

#[test]
fn what_goes_no_further_is_answered_in_the_thread() {
    let world = World::new();
    let mail =
        world.mail("Other words", &[("wiki/index.md", &INDEX.replace("Words", "Other words"))]);
    let text = fs::read_to_string(&mail).unwrap();
    let text =
        text.replace("Subject: ", "Message-ID: <two@x>\nSubject: ").replace("-Words.", "-Word.");
    fs::write(&mail, text).unwrap();
    let run = world.patch(&["check", &mail, "--reply", "--from", "Zoë, M <z@x>"]);
    assert_eq!(code(&run), 3, "{}", err(&run));
    assert!(
        out(&run).starts_with("From: =?UTF-8?q?Zo=C3=AB=2C_M?= <z@x>\nTo: Ann <ann@example.org>\n")
    );
    assert!(out(&run).contains("In-Reply-To: <two@x>\n"), "{}", out(&run));
    let letter = mails().join("no-patch.mbox");
    assert_eq!(out(&world.patch(&["check", letter.to_str().unwrap(), "--b4"])), "[]\n");
}

#[test]
fn prepared_mails_pass_the_check_and_what_is_missing_is_told() {
    let world = World::new();
    world.mail("CHG: mend a length", &[("wiki/chg.md", &CHG.replace(" 9\nabc", " 3\nabc"))]);
    let target = world.at("sent").to_str().unwrap().to_owned();
    let run = world.command("work", &["prepare", "-o", &target]).output().unwrap();
    assert_eq!(code(&run), 0, "{}{}", out(&run), err(&run));
    let cover = fs::read_to_string(world.at("sent/0000-cover-letter.patch")).unwrap();
    assert!(
        cover.contains("It fixes:\n\n- chg.md: ") && cover.contains("base-commit: "),
        "{cover}"
    );
    assert!(world.at("sent/0001-CHG-mend-a-length.patch").exists());
    let check = world.patch(&["check", &target]);
    assert_eq!(code(&check), 0, "{}{}", out(&check), err(&check));
    fs::write(world.at("work/other.txt"), "x\n").unwrap();
    world.git("work", &["add", "."]);
    world.git("work", &["commit", "-qm", "Another file"]);
    let outside = world.command("work", &["prepare", "HEAD~1"]).output().unwrap();
    assert!(
        code(&outside) == 4 && err(&outside).contains("is not in the wiki's folder"),
        "{}",
        err(&outside)
    );
    let nothing = world.command("work", &["prepare", "HEAD"]).output().unwrap();
    assert!(
        code(&nothing) == 2 && err(&nothing).contains("no commit to send"),
        "{}",
        err(&nothing)
    );
    world.git("work", &["checkout", "-qb", "side", "HEAD~1"]);
    world.git("work", &["merge", "-q", "--no-ff", "-m", "Merge", "main"]);
    let merge = world.command("work", &["prepare", "HEAD~1"]).output().unwrap();
    assert!(code(&merge) == 2 && err(&merge).contains("is a merge"), "{}", err(&merge));
}

/// What `preview` serves at some addresses.
fn previewed<const N: usize>(world: &World, mail: &str, paths: [&str; N]) -> [String; N] {
    let mut child = world
        .command("repo", &["preview", mail, "--port", "0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
    let host = url.strip_prefix("http://").unwrap().split('/').next().unwrap();
    assert!(host.starts_with("127.0.0.1:"), "{host}");
    assert_eq!(world.left(), Vec::<PathBuf>::new(), "the site is in memory");
    let texts = paths.map(|path| {
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    });
    child.kill().unwrap();
    child.wait().unwrap();
    texts
}

#[test]
fn the_preview_marks_what_changes() {
    let world = World::new();
    let mail =
        world.mail("Other words", &[("wiki/index.md", &INDEX.replace("Words", "Other words"))]);
    let [page, front, same] = previewed(&world, &mail, ["/_patch_review.html", "/", "/chg.html"]);
    assert!(front.contains("Changed by the patch under review"), "{front}");
    assert!(!same.contains("Changed by the patch under review"), "{same}");
    assert!(
        page.contains("Other words") && page.contains("<del>") && page.contains("<strong>"),
        "{page}"
    );
}
