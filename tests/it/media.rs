//! Sound, films and republished articles: as enclosures, with what directories of podcasts want to know.

use crate::feeds::{NOW, build, parsed};
use crate::support::site::{Site, configuration};

const PODCAST: &str = "[feeds]\npage = false\nurl = \"https://example.org/feeds\"\n\n\
    [[feed]]\nname = \"pod\"\ntitle = \"Talk & more\"\ncategories = [\"talk\"]\n\n\
    [feed.podcast]\nauthor = \"The <Desk>\"\nowner = \"Ana & Co\"\nemail = \"ana@example.org\"\n\
    categories = [\"Health & Fitness > Nutrition\", \"Science\"]\ntype = \"episodic\"\nimage = \"https://example.org/cover.png\"\n";

fn site() -> Site {
    let site = Site::new(&configuration(PODCAST));
    site.write("content/_static/audio/salt.mp3", vec![0; 4321]);
    site.write(
        "content/talk/salt/index.md",
        "---\ntitle: Salt\ndate: 2026-05-03\nsummary: On salt\naudio: {url: /audio/salt.mp3, duration: \"1:02:03\", title: Salt & pepper}\n\
         enclosure: [notes.pdf]\nimage: /images/none.png\npodcast: {episode: 7, season: 2, episodeType: full, explicit: no, image: /images/salt.png}\n---\nText\n",
    );
    site.write("content/talk/salt/notes.pdf", "12345");
    site.write(
        "content/talk/film.md",
        "---\ntitle: A film\ndate: 2026-05-02\nvideo: https://cdn.example/film?a=1&b=2\nsource: {title: The <Other> Paper, url: https://other.example/feed.xml?a=1&b=2}\n---\nText\n",
    );
    site.write(
        "content/talk/remark.md",
        "---\ntitle: A remark\ndate: 2026-05-01\nsource: my own head\n---\nText\n",
    );
    site
}

#[test]
fn files_that_come_with_an_article_are_measured_and_written_in_every_format() {
    let site = site();
    let said = build(&site, NOW);
    assert_eq!(said.stderr, "");
    for (name, path) in [("rss", "pod/rss.xml"), ("atom", "pod/atom.xml"), ("json", "pod/feed.json")] {
        insta::assert_snapshot!(name, site.read(&format!("public/{path}")));
    }
}

#[test]
fn a_reader_finds_the_sound_with_its_length_and_type() {
    let site = site();
    build(&site, NOW);
    let feed = parsed(&site, "pod/rss.xml");
    let media = feed.entries[0].media.iter().flat_map(|media| &media.content);
    let found = media
        .filter(|content| content.url.as_ref().unwrap().as_str() == "https://example.org/audio/salt.mp3");
    let found: Vec<_> =
        found.map(|content| (content.size, content.content_type.as_ref().unwrap().to_string())).collect();
    assert!(found.contains(&(Some(4321), "audio/mpeg".to_owned())), "{found:?}");
    let atom = parsed(&site, "pod/atom.xml");
    let enclosures = atom.entries[0].links.iter().filter(|link| link.rel.as_deref() == Some("enclosure"));
    let lengths: Vec<_> = enclosures.map(|link| (link.length, link.media_type.clone().unwrap())).collect();
    // Beside the article, its files are under its page.
    assert_eq!(lengths, [(Some(4321), "audio/mpeg".to_owned()), (Some(5), "application/pdf".to_owned())]);
}

#[test]
fn what_can_be_no_file_is_a_problem_with_its_place() {
    let site = site();
    for (number, keys) in [
        "audio: {length: 3}",
        "video: {url: /a.mp4, duration: long}",
        "enclosure: {url: /a.mp4, type: film}",
        "podcast: {episode: first}",
        "itunes: {episodeType: whole}",
        "source: {title: x}",
    ]
    .iter()
    .enumerate()
    {
        site.write(
            &format!("content/wrong/{number}.md"),
            format!("---\ntitle: x\ndate: 2026-05-01\n{keys}\n---\nx\n"),
        );
    }
    let found = site.run(&["check", "--json", "--at", NOW]).expect(1).json();
    let problems: Vec<_> =
        found["problems"].as_array().unwrap().iter().map(|problem| &problem["line"]).collect();
    assert_eq!(problems, [4; 6], "{found}");
}
