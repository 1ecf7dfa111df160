//! Outputs respect what is there: links, devices, volumes, folders of others; and a run that ends early leaves nothing.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use crate::cli::flong;

/// A folder with `in.jsonl`, three documents.
fn here() -> tempfile::TempDir {
    let here = tempfile::tempdir().unwrap();
    write_documents(&here.path().join("in.jsonl"), 3);
    here
}

fn write_documents(path: &Path, count: usize) {
    let mut file = std::io::BufWriter::new(File::create(path).unwrap());
    for n in 0..count {
        let words: Vec<String> = (0..40).map(|word| format!("w{}", (n * 7919 + word * 104_729) % 50_021)).collect();
        writeln!(file, "{{\"id\": \"d{n}\", \"text\": \"{}\"}}", words.join(" ")).unwrap();
    }
}

/// Runs and expects an exit code.
fn run(folder: &Path, arguments: &str, code: i32) -> Output {
    let output = flong(folder, arguments, None);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "flong {arguments}\n{said}");
    output
}

/// What a folder holds, hidden entries too.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// All files below a folder, by path, with what they hold.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push((path.strip_prefix(folder).unwrap().to_path_buf(), fs::read(&path).unwrap())),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn what_clean_accepts_restore_gives_back() {
    let here = tempfile::tempdir().unwrap();
    let long = "z".repeat(251);
    let upper = long.to_uppercase();
    let names: Vec<Vec<u8>> = vec![
        format!("{long}.txt").into(),
        format!("{upper}.txt").into(),
        [&b"\xff".repeat(120)[..], b".txt"].concat(),
        [&b"\xfe".repeat(120)[..], b".txt"].concat(),
        b"\xe9t\xe9/A.txt".to_vec(),
        b"\\xE9.txt".to_vec(),
        b"a.txt".to_vec(),
        b"other/a.txt".to_vec(),
        b"A.TXT/a.txt".to_vec(),
        b"dot. /con.txt".to_vec(),
        b"10:00?*.txt".to_vec(),
        b"e\xcc\x81.txt".to_vec(),
        b"\xc3\xa9.txt".to_vec(),
        [&b"deep/".repeat(180)[..], b"x.txt"].concat(),
    ];
    for (n, name) in names.iter().enumerate() {
        let path = here.path().join("in").join(OsStr::from_bytes(name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("Text number {n} of those whose names are odd.\n")).unwrap();
    }
    run(here.path(), "clean in --out out -q", 0);
    run(here.path(), "restore out --out back -q", 0);
    assert_eq!(files(&here.path().join("back/in")), files(&here.path().join("in")));
    for (path, _) in files(&here.path().join("out")) {
        let path = path.to_str().expect("names of outputs are UTF-8");
        assert!(path.split('/').all(|name| name.len() <= 255) && path.len() < 800, "{path}");
        assert!(!path.contains([':', '?', '\\']), "{path}");
    }
    // Names that lead out of the folder stay in it.
    run(&here.path().join("in/other"), "clean ../a.txt a.txt --out ../../apart -q", 0);
    run(here.path(), "restore apart --out apart-back -q", 0);
    assert_eq!(files(&here.path().join("apart-back")).len(), 2);
}

#[test]
fn an_output_file_is_written_through_links_and_devices() {
    let here = here();
    let at = |name: &str| here.path().join(name);
    fs::write(at("real"), "old").unwrap();
    fs::set_permissions(at("real"), PermissionsExt::from_mode(0o640)).unwrap();
    symlink("real", at("link")).unwrap();
    for option in
        ["--output-file link", "--write-baseline link", "--baseline link --prune-baseline --output-file dangling"]
    {
        symlink("elsewhere", at("dangling")).ok();
        run(here.path(), &format!("check in.jsonl -q --output-format json {option}"), 0);
        assert!(at("link").is_symlink() && at("dangling").is_symlink(), "{option}");
        assert_ne!(fs::read_to_string(at("real")).unwrap(), "old", "{option}");
        assert_eq!(fs::metadata(at("real")).unwrap().mode() & 0o7777, 0o640, "{option}");
    }
    assert!(at("elsewhere").is_file());
    run(here.path(), "check in.jsonl --output-file /dev/null", 0);
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let told = run(here.path(), "check in.jsonl --output-file /dev/stdout", 0);
    assert!(String::from_utf8_lossy(&told.stdout).contains("no findings"));
    run(here.path(), "check in.jsonl --output-file .", 2);
    assert_eq!(names(here.path()), ["dangling", "elsewhere", "in.jsonl", "link", "real"]);
}

#[test]
fn standard_output_keeps_what_others_write_to_it() {
    let here = here();
    let script = "echo head; $FLONG check in.jsonl -q --output-format junit --output-file /dev/stdout; echo tail";
    let status = Command::new("sh")
        .args(["-c", &format!("{{ {script}; }} > all")])
        .env("FLONG", env!("CARGO_BIN_EXE_flong"))
        .current_dir(here.path())
        .status()
        .unwrap();
    assert!(status.success());
    let all = fs::read_to_string(here.path().join("all")).unwrap();
    assert!(all.starts_with("head\n<?xml") && all.ends_with("tail\n"), "{all}");
}

#[test]
fn a_pipe_is_written_to() {
    let here = here();
    let pipe = here.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    run(here.path(), "check in.jsonl -q --output-format sarif --output-file pipe", 0);
    assert!(reader.join().unwrap().contains("sarif"));
    assert!(fs::metadata(pipe).unwrap().file_type().is_fifo());
}

#[test]
fn force_replaces_only_what_flong_wrote() {
    let here = here();
    let at = |name: &str| here.path().join(name);
    fs::create_dir(at("precious")).unwrap();
    fs::write(at("precious/thesis.tex"), "years of work").unwrap();
    run(here.path(), "clean in.jsonl --out out -q", 0);
    for command in ["find in.jsonl", "clean in.jsonl", "restore out"] {
        let refused = run(here.path(), &format!("{command} --out precious --force"), 2);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains("thesis.tex") && said.contains("another folder"), "{said}");
        assert_eq!(files(&at("precious")), [("thesis.tex".into(), b"years of work".to_vec())], "{command}");
        // Each replaces its own output, and those of the others.
        run(here.path(), &format!("{command} --out earlier --force"), 0);
        run(here.path(), &format!("{command} --out earlier --force"), 0);
        fs::remove_dir_all(at("earlier")).unwrap();
        run(here.path(), "find in.jsonl --out earlier -q", 0);
        run(here.path(), &format!("{command} --out earlier --force -q"), 0);
        fs::remove_dir_all(at("earlier")).unwrap();
    }
    // What was put into an output, or changed in what was restored, is not lost either.
    fs::write(at("out/notes.txt"), "mine").unwrap();
    run(here.path(), "clean in.jsonl --out out --force", 2);
    run(here.path(), "restore out --out back -q", 0);
    fs::write(at("back/in.jsonl"), "edited\n").unwrap();
    run(here.path(), "restore out --out back --force", 2);
    assert_eq!(fs::read_to_string(at("back/in.jsonl")).unwrap(), "edited\n");
    assert_eq!(names(here.path()), ["back", "in.jsonl", "out", "precious"]);
    // What nobody has touched gives way to what another run took apart.
    write_documents(&at("other.jsonl"), 5);
    run(here.path(), "clean other.jsonl --out other -q", 0);
    run(here.path(), "restore out --out again -q", 0);
    let replaced = flong(here.path(), "restore other --out again --force -q", None);
    // Where the file system has no attributes, it is refused.
    let left = if replaced.status.success() { "other.jsonl" } else { "in.jsonl" };
    assert_eq!(names(&at("again")), [left]);
    fs::write(at("again/new"), "mine").unwrap();
    run(here.path(), "restore out --out again --force -q", 2);
}

/// Whether the tests run as root, who may mount and may write everywhere.
fn is_root(folder: &Path) -> bool {
    fs::metadata(folder).unwrap().uid() == 0
}

/// A file system of its own at a folder, until this is dropped; `None` where it may not be mounted.
struct Mount(PathBuf);

impl Mount {
    fn at(folder: &Path, size: &str) -> Option<Mount> {
        fs::create_dir_all(folder).unwrap();
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(folder).output();
        let mounted = mount.is_ok_and(|output| output.status.success());
        if !mounted {
            println!("skipped: nothing can be mounted here");
        }
        mounted.then(|| Mount(folder.to_path_buf()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

/// Checks that outputs of all commands are written to `vol`, anew and over earlier ones.
fn check_volume(here: &Path) {
    let vol = here.join("vol");
    run(here, "find in.jsonl --out vol -q", 0);
    assert_eq!(names(&vol), ["clusters.jsonl", "matches.jsonl", "summary.json"]);
    run(here, "clean in.jsonl --out vol -q", 2);
    run(here, "clean in.jsonl --out vol --force -q", 0);
    run(here, "clean in.jsonl --out plain -q", 0);
    assert_eq!(names(&vol), names(&here.join("plain")));
    assert_eq!(fs::read(vol.join("documents.jsonl")).unwrap(), fs::read(here.join("in.jsonl")).unwrap());
    // What a killed run left is removed; what it had begun to put in place is finished or undone.
    fs::create_dir_all(vol.join(".flong-abc123/documents")).unwrap();
    fs::create_dir(vol.join(".flong-def456.in")).unwrap();
    fs::rename(vol.join("layout.jsonl"), vol.join(".flong-def456.in/layout.jsonl")).unwrap();
    let torn = run(here, "restore vol --out back", 2);
    assert!(String::from_utf8_lossy(&torn.stderr).contains("not finished"));
    run(here, "clean in.jsonl --out vol -q", 2);
    assert_eq!(names(&vol), names(&here.join("plain")));
    fs::write(vol.join("notes.txt"), "mine").unwrap();
    run(here, "clean in.jsonl --out vol --force -q", 2);
    fs::remove_file(vol.join("notes.txt")).unwrap();
    run(here, "restore vol --out back -q", 0);
    run(here, "restore plain --out vol --force -q", 0);
    run(here, "restore plain --out vol --force -q", 0);
    assert_eq!(names(&vol), ["in.jsonl"]);
}

#[test]
fn an_output_folder_may_be_a_mount_point() {
    let here = here();
    let Some(_mount) = Mount::at(&here.path().join("vol"), "20m") else { return };
    check_volume(here.path());
}

#[test]
fn an_output_folder_may_be_in_one_that_cannot_be_written() {
    let here = here();
    if is_root(here.path()) {
        return println!("skipped: root writes everywhere");
    }
    let parent = here.path().join("parent");
    fs::create_dir_all(parent.join("vol")).unwrap();
    symlink("parent/vol", here.path().join("vol")).unwrap();
    fs::write(parent.join("report"), "old and long").unwrap();
    fs::set_permissions(&parent, PermissionsExt::from_mode(0o555)).unwrap();
    check_volume(here.path());
    run(here.path(), "check in.jsonl -q --output-file parent/report", 0);
    let report = fs::read_to_string(parent.join("report"));
    run(here.path(), "check in.jsonl -q --output-file parent/other", 2);
    run(here.path(), "clean in.jsonl -q --out parent/other", 2);
    fs::set_permissions(&parent, PermissionsExt::from_mode(0o755)).unwrap();
    assert_eq!(report.unwrap(), "");
}

#[test]
fn a_full_disk_leaves_the_old_output() {
    let here = here();
    let Some(_mount) = Mount::at(&here.path().join("disk"), "1m") else { return };
    let disk = here.path().join("disk");
    write_documents(&here.path().join("large.jsonl"), 6000);
    fs::create_dir(disk.join("x")).unwrap();
    run(here.path(), "clean in.jsonl --out disk/x/out -q", 0);
    run(here.path(), "check in.jsonl --output-file disk/x/report --output-format json", 0);
    let before = files(&disk);
    let refuse = |arguments: &str| {
        let output = run(here.path(), arguments, 2);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("disk/") && said.contains("make room") && !said.contains(".flong-"), "{said}");
        assert_eq!(files(&disk), before, "{arguments}");
    };
    refuse("clean large.jsonl --out disk/x/out --force -q");
    run(here.path(), "clean large.jsonl --out large -q", 0);
    refuse("restore large --out disk/back -q");
    assert_eq!(names(&disk), ["x"]);
    fs::write(disk.join("fill"), vec![0; 2 << 20]).unwrap_err();
    let before = files(&disk);
    let full = run(here.path(), "check $CORPUS --output-file disk/x/report --output-format json", 2);
    assert!(String::from_utf8_lossy(&full.stderr).contains("make room"));
    assert_eq!(files(&disk), before);
}

/// Starts a run that waits for its input.
fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flong"));
    command.args(arguments).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap().success());
}

/// Waits until the folder holds something.
fn wait_for(folder: &Path) {
    while fs::read_dir(folder).map_or(0, Iterator::count) == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_signal_ends_a_run_and_nothing_stays() {
    let here = tempfile::tempdir().unwrap();
    for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let mut child = start(here.path(), &["clean", "-", "--out", "w/deep/out", "-q"]);
        wait_for(&here.path().join("w/deep"));
        signal(&child, name);
        assert_eq!(child.wait().unwrap().code(), Some(code), "{name}");
        let mut said = String::new();
        child.stderr.unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((said.as_str(), names(here.path())), ("", vec![]), "{name}");
    }
}

#[test]
fn a_signal_at_any_time_leaves_the_old_output_or_the_new() {
    let here = here();
    let at = |name: &str| here.path().join(name);
    write_documents(&at("large.jsonl"), 3000);
    fs::create_dir(at("w")).unwrap();
    run(here.path(), "clean in.jsonl --out w/out -q", 0);
    run(here.path(), "clean large.jsonl --out new -q", 0);
    let (old, new) = (fs::read(at("w/out/layout.jsonl")).unwrap(), fs::read(at("new/layout.jsonl")).unwrap());
    for step in 0..40 {
        let child = start(here.path(), &["clean", "large.jsonl", "--out", "w/out", "--force", "-q"]);
        std::thread::sleep(Duration::from_millis(step * 25));
        signal(&child, "TERM");
        let code = child.wait_with_output().unwrap().status;
        assert_eq!(names(&at("w")), ["out"], "{code:?}");
        let now = fs::read(at("w/out/layout.jsonl")).unwrap();
        // Before it watches for signals, the system ends it.
        assert!(matches!(code.code().or(code.signal()), Some(0 | 143 | 15)), "{code:?}");
        assert!(now == old || now == new);
        if code.success() {
            break;
        }
    }
}

#[test]
fn what_a_killed_run_left_the_next_removes() {
    let here = here();
    fs::create_dir(here.path().join("w")).unwrap();
    let mut child = start(here.path(), &["clean", "-", "--out", "w/out", "-q"]);
    wait_for(&here.path().join("w"));
    signal(&child, "KILL");
    child.wait().unwrap();
    assert_eq!(names(&here.path().join("w")).len(), 1);
    run(here.path(), "clean in.jsonl --out w/out -q", 0);
    assert_eq!(names(&here.path().join("w")), ["out"]);
}

#[test]
fn a_signal_that_was_ignored_stays_so() {
    let here = here();
    let script = "trap '' HUP; $FLONG clean - --out w/out -q < in.pipe & child=$!; exec 3> in.pipe; \
        while [ ! -d w ]; do sleep 0.05; done; kill -HUP $child; cat in.jsonl >&3; exec 3>&-; wait $child";
    assert!(Command::new("mkfifo").arg(here.path().join("in.pipe")).status().unwrap().success());
    let status = Command::new("sh")
        .args(["-c", script])
        .env("FLONG", env!("CARGO_BIN_EXE_flong"))
        .current_dir(here.path())
        .status()
        .unwrap();
    assert!(status.success(), "{status:?}");
    assert!(here.path().join("w/out/documents.jsonl").exists());
}
