//! The channel of RSS 2.0.

use crate::feed::judge::facts::Facts;
use crate::feed::judge::finding::{Report, Rule, rules};
use crate::feed::judge::rss::{item, shape};
use crate::feed::judge::space::Space;
use crate::feed::judge::tree::Element;
use crate::feed::judge::values::{self, Base, short};
use crate::feed::judge::{dates, extensions, history, text};

rules! {
    VERSION = Error "rss-version", "RSS 2.0 Specification, Sample files: the version is 2.0",
        "write <rss version=\"2.0\">";
    CHANNEL = Error "rss-channel", "RSS 2.0 Specification, What is RSS: <rss> holds a single <channel>",
        "put everything into one <channel>";
    TITLE = Error "rss-channel-title", "RSS 2.0 Specification, Required channel elements",
        "give the channel a <title>";
    LINK = Error "rss-channel-link", "RSS 2.0 Specification, Required channel elements",
        "give the channel a <link> to its page";
    DESCRIPTION = Error "rss-channel-description", "RSS 2.0 Specification, Required channel elements",
        "give the channel a <description>";
    SELF = Warning "rss-self", "RSS Profile, atom:link: a feed should name its own address",
        "add <atom:link rel=\"self\" type=\"application/rss+xml\" href=\"…\"/>";
    TTL = Error "rss-ttl", "RSS 2.0 Specification, ttl: a number of minutes",
        "write a whole number";
    CLOUD = Error "rss-cloud", "RSS 2.0 Specification, cloud: it has five attributes",
        "give it domain, port, path, registerProcedure and protocol";
    SKIP_HOURS = Error "rss-skip-hours", "RSS 2.0 Specification, skipHours: different numbers from 0 to 23",
        "write each hour of GMT once, in <hour>";
    SKIP_DAYS = Error "rss-skip-days", "RSS 2.0 Specification, skipDays: different days from Monday to Sunday",
        "write each day once, in <day>, in English";
    IMAGE = Error "rss-image", "RSS 2.0 Specification, image: it has url, title and link",
        "give the image all three";
    IMAGE_SIZE = Error "rss-image-size", "RSS 2.0 Specification, image: at most 144 wide and 400 high",
        "use a smaller picture, or leave width and height out";
    IMAGE_MATCH = Warning "rss-image-match", "RSS Profile, image: title and link should be the channel's",
        "repeat the channel's title and link";
    TEXT_INPUT = Error "rss-text-input", "RSS 2.0 Specification, textInput: it has title, description, name and link",
        "give it all four, or leave it out: most readers ignore it";
    PERSON = Error "rss-person", "RSS 2.0 Specification, managingEditor, webMaster, author: an email address",
        "write desk@example.org (The Desk), or use dc:creator for a name";
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Checks a whole document.
pub fn check(root: &Element<'_>, report: &mut Report, facts: &mut Facts) {
    if root.space != Space::None {
        report.add(&shape::NAMESPACED, root.at, "<rss> is in a namespace");
        return;
    }
    match root.attribute("version") {
        None => report.add(&VERSION, root.at, "<rss> has no version"),
        Some(version) if version.value != "2.0" => {
            report.add(&VERSION, version.at, format!("the version is {}", short(&version.value)));
        }
        Some(_) => {}
    }
    shape::attributes(report, root);
    language(report, root);
    let mut channels = root.all(Space::None, "channel");
    let Some(channel) = channels.next() else {
        report.add(&CHANNEL, root.at, "<rss> holds no <channel>");
        return;
    };
    if let Some(second) = channels.next() {
        report.add(&CHANNEL, second.at, "<rss> holds a second <channel>");
    }
    let beside = |child: &&Element<'_>| child.space == Space::None && child.name != "channel";
    if let Some(other) = root.children().find(beside) {
        report.add(&CHANNEL, other.at, format!("<{}> stands beside <channel>", other.name));
    }
    head(channel, report);
    history::check(report, channel, facts);
    self_link(channel, report);
    item::check_all(channel, report, facts);
}

fn head(channel: &Element<'_>, report: &mut Report) {
    shape::check(report, channel, &shape::CHANNEL);
    for (rule, name) in [(&TITLE, "title"), (&LINK, "link"), (&DESCRIPTION, "description")] {
        if channel.child(Space::None, name).is_none_or(|child| child.text().is_empty()) {
            report.add(rule, channel.at, format!("the channel has no {name}"));
        }
    }
    for child in channel.children() {
        if child.space != Space::None {
            extensions::check(report, child, Base::None);
            continue;
        }
        let (text, at) = (child.text(), child.text_at());
        match child.name {
            "title" if !text.is_empty() => text::check_title(report, at, &text),
            "link" if !text.is_empty() => values::check_url(report, at, &text, Base::None),
            "docs" => values::check_url(report, at, &text, Base::None),
            // Of an item it may be HTML, of the channel it is a phrase (profile, "description").
            "description" => text::check_plain(report, at, &text),
            "language" => values::check_language(report, at, &text),
            "managingEditor" | "webMaster" => person(report, child),
            "pubDate" | "lastBuildDate" => {
                dates::check_rss(report, at, &text);
            }
            "ttl" if values::number(&text).is_none() || text.is_empty() => {
                report.add(&TTL, at, format!("{} is no number of minutes", short(&text)));
            }
            "cloud" => cloud(report, child),
            "image" => image(report, child, channel),
            "textInput" => text_input(report, child),
            "skipHours" => skip(report, child, &SKIP_HOURS, "hour", |hour| {
                values::number(hour).is_some_and(|hour| hour < 24)
            }),
            "skipDays" => skip(report, child, &SKIP_DAYS, "day", |day| DAYS.contains(&day)),
            _ => {}
        }
    }
}

/// Checks an address of a person: `email`, or `email (Name)`.
pub fn person(report: &mut Report, element: &Element<'_>) {
    let text = element.text();
    let address = text.split_once(" (").map_or(text.as_ref(), |(address, _)| address);
    if !values::is_email(address) {
        let message = format!("{} in <{}> is no email address", short(&text), element.name);
        report.add(&PERSON, element.text_at(), message);
    }
}

fn language(report: &mut Report, element: &Element<'_>) {
    if let Some(language) = element.xml("lang").filter(|language| !language.value.is_empty()) {
        values::check_language(report, language.at, &language.value);
    }
}

fn self_link(channel: &Element<'_>, report: &mut Report) {
    let mut own = channel
        .all(Space::Atom, "link")
        .filter(|link| link.attribute("rel").is_some_and(|rel| rel.value == "self"));
    let Some(link) = own.next() else {
        if history::has_hub(channel) {
            return;
        }
        report.add(&SELF, channel.at, "the feed does not name its own address");
        return;
    };
    match link.attribute("href") {
        Some(href) => values::check_url(report, href.at, &href.value, Base::None),
        None => report.add(&SELF, link.at, "the link to the feed itself has no href"),
    }
    if let Some(second) = own.next() {
        report.add(&SELF, second.at, "the feed names two addresses of its own");
    }
}

fn cloud(report: &mut Report, cloud: &Element<'_>) {
    let needed = ["domain", "port", "path", "registerProcedure", "protocol"];
    if let Some(missing) = needed.iter().find(|name| cloud.attribute(name).is_none()) {
        report.add(&CLOUD, cloud.at, format!("<cloud> has no {missing}"));
    } else if let Some(port) = cloud.attribute("port").filter(|port| values::number(&port.value).is_none()) {
        report.add(&CLOUD, port.at, format!("{} is no port", short(&port.value)));
    }
}

fn image(report: &mut Report, image: &Element<'_>, channel: &Element<'_>) {
    shape::check(report, image, &shape::IMAGE);
    for name in ["url", "title", "link"] {
        let Some(child) = image.child(Space::None, name).filter(|child| !child.text().is_empty()) else {
            report.add(&IMAGE, image.at, format!("the image has no {name}"));
            continue;
        };
        if name != "title" {
            values::check_url(report, child.text_at(), &child.text(), Base::None);
        }
        let of_channel = channel.child(Space::None, name).map(Element::text);
        if name != "url" && of_channel.is_some_and(|wanted| wanted != child.text()) {
            report.add(&IMAGE_MATCH, child.text_at(), format!("the image's {name} is not the channel's"));
        }
    }
    for (name, most) in [("width", 144), ("height", 400)] {
        let Some(child) = image.child(Space::None, name) else { continue };
        let text = child.text();
        if values::number(&text).is_none_or(|pixels| pixels == 0 || pixels > most) {
            let message = format!("{} can't be the {name} of the image", short(&text));
            report.add(&IMAGE_SIZE, child.text_at(), message);
        }
    }
}

fn text_input(report: &mut Report, input: &Element<'_>) {
    shape::check(report, input, &shape::TEXT_INPUT);
    for name in shape::TEXT_INPUT.once {
        match input.child(Space::None, name).filter(|child| !child.text().is_empty()) {
            Some(link) if *name == "link" => {
                values::check_url(report, link.text_at(), &link.text(), Base::None);
            }
            Some(_) => {}
            None => report.add(&TEXT_INPUT, input.at, format!("<textInput> has no {name}")),
        }
    }
}

fn skip(
    report: &mut Report,
    list: &Element<'_>,
    rule: &'static Rule,
    name: &str,
    is_sound: impl Fn(&str) -> bool,
) {
    shape::check(report, list, &shape::SKIP);
    let mut seen: Vec<String> = Vec::new();
    for child in list.children().filter(|child| child.space == Space::None) {
        let text = child.text().into_owned();
        if child.name != name {
            report.add(rule, child.at, format!("<{}> holds <{}>", list.name, child.name));
        } else if !is_sound(&text) {
            report.add(rule, child.text_at(), format!("{} is no {name}", short(&text)));
        } else if seen.contains(&text) {
            report.add(rule, child.text_at(), format!("the {name} {text} stands there twice"));
        } else {
            seen.push(text);
        }
    }
}
