//! What lies in the content folder and must not be followed or opened.

use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::Duration;

use super::{NOW, build, titles};
use crate::support::site::{Said, Site, configuration};

/// Nothing here takes a second; a pipe that is opened takes for ever.
const PATIENCE: Duration = Duration::from_secs(20);

fn site() -> Site {
    let site = Site::new(&configuration(""));
    site.article("heart/salt.md", "Salt", "2026-05-01");
    site
}

/// Builds, with problems, and gives what was said; fails rather than hangs.
#[track_caller]
fn refused(site: &Site) -> Said {
    let mut command = assert_cmd::Command::from_std(site.command(&["build", "--json", "--at", NOW]));
    Said::from(command.timeout(PATIENCE).output().unwrap()).expect(1)
}

#[test]
fn a_symbolic_link_out_of_the_content_folder_is_refused_and_nothing_behind_it_is_shown() {
    let site = site();
    site.write("private/letter.md", "---\ntitle: Dear diary\ndate: 2026-05-01\n---\nPrivate.\n");
    site.write("private/note.md", "Top secret\n");
    symlink(site.path("private/letter.md"), site.path("content/heart/letter.md")).unwrap();
    symlink(site.path("private/note.md"), site.path("content/heart/note.md")).unwrap();
    symlink("../../private", site.path("content/heart/private")).unwrap();
    let said = refused(&site);
    assert_eq!(said.json()["errors"], 3);
    for name in ["letter.md", "note.md", "private"] {
        assert!(said.stderr.contains(&format!("content/heart/{name}:1:1")), "{}", said.stderr);
    }
    assert!(!said.stderr.contains("secret"), "{}", said.stderr);
    assert_eq!(titles(&site, "rss.xml"), ["Salt"]);
}

#[test]
fn a_pipe_is_refused_and_not_opened() {
    let site = site();
    assert!(Command::new("mkfifo").arg(site.path("content/heart/pipe.md")).status().unwrap().success());
    let said = refused(&site);
    assert!(said.stderr.contains("content/heart/pipe.md:1:1"), "{}", said.stderr);
    assert!(said.stderr.contains("neither a file nor a folder"), "{}", said.stderr);
    assert_eq!(titles(&site, "rss.xml"), ["Salt"]);
}

#[test]
fn links_that_lead_back_up_or_nowhere_are_refused_once_each() {
    let site = site();
    symlink(".", site.path("content/heart/here")).unwrap();
    symlink("..", site.path("content/heart/up")).unwrap();
    symlink("missing.md", site.path("content/heart/nowhere.md")).unwrap();
    assert_eq!(refused(&site).json()["errors"], 3);
    assert_eq!(titles(&site, "rss.xml"), ["Salt"]);
}

#[test]
fn a_symbolic_link_within_the_content_folder_is_followed() {
    let site = site();
    site.write("content/.drafts/pepper.md", "---\ntitle: Pepper\ndate: 2026-05-02\n---\nHot.\n");
    symlink("../.drafts/pepper.md", site.path("content/heart/pepper.md")).unwrap();
    build(&site, NOW);
    assert_eq!(titles(&site, "rss.xml"), ["Pepper", "Salt"]);
}
