//! Builds that open only what changed: they give what builds give that open everything, whatever was done in between.

use crate::support::site::{Said, Site, configuration};

/// A small generator of numbers that are the same in every run (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

const FEEDS: &str = "[catalog]\ncontent = \"content\"\nstatic = \"static\"\n\
    [feeds]\nlimit = 4\ntags = true\nauthors = true\ntombstones = true\narchive = \"year\"\n";

fn folder(number: u64) -> &'static str {
    ["heart", "skin", "sleep"][usize::try_from(number % 3).unwrap()]
}

/// One of the things that happen to a content folder, to both sites alike.
fn change(sites: [&Site; 2], dice: &mut Dice, step: u64) {
    let (kind, number, other) = (dice.below(18), dice.below(12), dice.below(12));
    let path = format!("content/{}/a{number}.md", folder(number));
    let date = format!("20{}-05-{:02}", 24 + number % 3, 1 + other);
    let text = match kind {
        0 => format!("---\ntitle: Title {step}\ndate: {date}\n---\nText {step}.\n"),
        1 => format!(
            "---\ntitle: Title {number}\ndate: {date}\ntags: [t{other}, x]\nauthor: P{other}\n---\nA {step}.\n"
        ),
        2 => format!(
            "---\ntitle: To {other}\ndate: {date}\n---\nSee [that](../{}/a{other}.md).\n",
            folder(other)
        ),
        3 => format!("---\ntitle: Draft {step}\ndate: {date}\ndraft: true\n---\nNot yet.\n"),
        4 => format!("---\ntitle: Later\ndate: 2026-05-31T{other:02}:00:00Z\n---\nDue in a while.\n"),
        5 => "---\ntitle: [broken\n---\n".to_owned(),
        6 => format!("---\ntitle: Both\ndate: {date}\ncategories: [heart, New {other}]\n---\nIn two.\n"),
        7 => format!("---\ntitle: Same\ndate: {date}\nslug: same\ncategory: heart\n---\nOf one address.\n"),
        8 => format!("---\ntitle: Own\ndate: {date}\nid: tag:example.org,2026:{}\n---\nIts id.\n", other % 3),
        14 => format!(
            "---\ntitle: Code\ndate: {date}\n---\nText.\n\n{}code\n",
            " ".repeat(usize::try_from(4 + step % 3).unwrap())
        ),
        15 => format!("---\ntitle: Seen\ndate: {date}\nimage: /p.png\n---\nWith a picture.\n"),
        _ => String::new(),
    };
    for site in sites {
        let place = site.path(&path);
        match kind {
            0..=8 | 14 | 15 => site.write(&path, &text),
            9 => drop(std::fs::remove_file(&place)),
            10 => {
                std::fs::create_dir_all(site.path("content/moved")).unwrap();
                drop(std::fs::rename(&place, site.path(&format!("content/moved/b{other}.md"))));
            }
            11 => site.write(
                &format!("content/{}/_category.md", folder(other)),
                format!("---\ntitle: C{step}\n---\n"),
            ),
            12 => drop(std::fs::remove_file(site.path(&format!("content/{}/_category.md", folder(other))))),
            16 => site.write("static/p.png", "x".repeat(usize::try_from(100 + step).unwrap())),
            17 => drop(std::fs::remove_file(site.path(&format!("public/{}/rss.xml", folder(other))))),
            _ => {
                if let Ok(text) = std::fs::read(&place) {
                    site.write(&path, text);
                }
            }
        }
        site.settle();
    }
}

fn told(said: &Said) -> serde_json::Value {
    let mut json = said.json();
    json["published"].as_object_mut().unwrap().remove("rendered");
    json["published"].take()
}

#[test]
fn whatever_was_done_in_between_it_gives_what_a_full_build_gives() {
    for seed in [3, 2026] {
        let sites = [Site::new(&configuration(FEEDS)), Site::new(&configuration(FEEDS))];
        let mut dice = Dice(seed);
        let (mut opened, mut all) = (0, 0);
        for step in 0..24 {
            for _ in 0..=dice.below(3) {
                change([&sites[0], &sites[1]], &mut dice, step);
            }
            let now = format!("2026-05-31T{:02}:{:02}:00Z", step / 4, step % 4 * 15);
            let kept = sites[0].run(&["build", "--prune", "--replace", "--json", "--at", &now]);
            let full = sites[1].run(&["build", "--full", "--prune", "--replace", "--json", "--at", &now]);
            assert_eq!(kept.code, full.code, "seed {seed}, step {step}: {}", kept.stderr);
            assert_eq!(kept.stderr, full.stderr, "seed {seed}, step {step}");
            assert_eq!(told(&kept), told(&full), "seed {seed}, step {step}");
            assert_eq!(sites[0].files("public"), sites[1].files("public"), "seed {seed}, step {step}");
            opened += kept.json()["opened"].as_u64().unwrap();
            all += full.json()["opened"].as_u64().unwrap();
        }
        assert!(opened * 2 < all, "{opened} of {all} files were opened");
    }
}

fn small() -> Site {
    let site = Site::new(&configuration(FEEDS));
    for day in 10..30 {
        site.article(&format!("heart/a{day}.md"), &format!("Article {day}"), &format!("2026-05-{day}"));
    }
    site.settle();
    site.run(&["build", "--at", "2026-05-31T00:00:00Z"]).expect(0);
    site
}

/// How many files a build opens, and how many feeds it renders, after one article was edited.
fn after_an_edit(site: &Site) -> (u64, u64) {
    site.article("heart/a20.md", "Another title", "2026-05-20");
    site.settle();
    let said = site.run(&["build", "--json", "--at", "2026-05-31T01:00:00Z"]).expect(0).json();
    (said["opened"].as_u64().unwrap(), said["published"]["rendered"].as_u64().unwrap())
}

#[test]
fn one_edit_opens_one_file_and_renders_the_feeds_that_it_is_in() {
    let site = small();
    site.article("skin/new.md", "New", "2026-05-30");
    site.settle();
    site.run(&["build", "--at", "2026-05-31T00:30:00Z"]).expect(0);
    assert_eq!(after_an_edit(&site), (1, 2), "of the site and the category");
    assert!(site.read("public/heart/rss.xml").contains("Another title"));
    let full = site.run(&["build", "--full", "--json", "--at", "2026-05-31T01:00:00Z"]).expect(0).json();
    assert_eq!(full["published"]["rendered"], 3);
}

/// What it is called, and how it is done.
type Damage<'a> = (&'static str, &'a dyn Fn(&Site));

#[test]
fn what_was_kept_is_not_trusted_when_it_is_damaged_or_of_other_settings() {
    let place = |site: &Site, name: &str| site.path(&format!("state/tidings.{name}"));
    let edit = |site: &Site, name: &str, edit: &dyn Fn(&mut Vec<u8>)| {
        let place = place(site, name);
        let mut bytes = std::fs::read(&place).unwrap();
        edit(&mut bytes);
        std::fs::write(&place, bytes).unwrap();
    };
    let damages: [Damage<'_>; 7] = [
        ("no index", &|site| std::fs::remove_file(place(site, "index")).unwrap()),
        ("no shelf", &|site| std::fs::remove_file(place(site, "shelf")).unwrap()),
        ("half an index", &|site| edit(site, "index", &|bytes| bytes.truncate(bytes.len() / 2))),
        ("a wrong byte in the index", &|site| edit(site, "index", &|bytes| bytes[30] ^= 1)),
        ("an empty shelf", &|site| edit(site, "shelf", &Vec::clear)),
        ("a wrong byte on the shelf", &|site| edit(site, "shelf", &|bytes| bytes[30] ^= 1)),
        ("another configuration", &|site| {
            let text = site.read("config/tidings.toml").replace("limit = 4", "limit = 4\ngzip = false");
            site.write("config/tidings.toml", text.replace("[catalog]", "[catalog]\nsummary_length = 200"));
        }),
    ];
    for (what, damage) in damages {
        let site = small();
        damage(&site);
        assert_eq!(after_an_edit(&site).0, 20, "{what}");
        assert_eq!(after_an_edit(&site).0, 1, "after {what}");
    }
}
