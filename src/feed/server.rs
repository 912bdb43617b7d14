//! Rules for web servers, which know no feeds: the right types, short caching, and where feeds have moved to.
//!
//! Written beside the feeds, one file for each kind of server that the configuration names.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::catalog::settings::Site;
use crate::feed::address;
use crate::feed::model::Format;
use crate::feed::settings::{Server, Settings};
use crate::feed::write::Document;

/// For five minutes nobody asks again, so that a correction reaches readers soon. Then a server answers 304 while the
/// file is as it was: Tidings does not touch one that did not change, and `ETag` and `Last-Modified` follow from it.
const CACHING: &str = "public, max-age=300";

/// Lists of feeds, by the ending that their type goes with.
const LIST: (&str, &str) = ("feeds.opml", "text/x-opml; charset=utf-8");

/// The files with rules for the servers that the configuration names. `paths` are those of all else that is published.
#[must_use]
pub fn rules(paths: &[String], site: &Site, settings: &Settings) -> Vec<Document> {
    let types = types(settings);
    let servers: BTreeSet<Server> = settings.server_rules.iter().copied().collect();
    let mut files = Vec::new();
    let mut add = |path: &str, text: String| {
        files.push(Document { path: path.to_owned(), bytes: text.into_bytes() });
    };
    for server in servers {
        match server {
            Server::Nginx => add("feeds.nginx.conf", nginx(&types, site, settings)),
            Server::Apache => add(".htaccess", apache(&types, settings)),
            Server::Caddy => add("feeds.Caddyfile", caddy(&types, site, settings)),
            Server::Netlify => {
                add("_headers", headers(paths, &types, site, settings));
                add("_redirects", redirects(&settings.redirects));
            }
        }
    }
    files
}

/// What a file's name ends in, and its type. JSON is UTF-8 by definition, and its types know no charset (RFC 8259, 11).
fn types(settings: &Settings) -> Vec<(&str, String)> {
    let of_format = |format: Format| {
        let charset = if format == Format::Json { "" } else { "; charset=utf-8" };
        (settings.files.of(format), format!("{}{charset}", format.media_type()))
    };
    let list = (LIST.0, LIST.1.to_owned());
    Format::ALL.into_iter().map(of_format).chain([list]).collect()
}

/// The type of what is published at a path; none where any server knows it. Files of past issues are always called as
/// feeds are by default.
#[must_use]
pub fn media_type(path: &str, settings: &Settings) -> Option<String> {
    let usual = [("/rss.xml", Format::Rss), ("/atom.xml", Format::Atom), ("/feed.json", Format::Json)];
    let own = types(settings).into_iter().find(|(name, _)| path.ends_with(name)).map(|(_, kind)| kind);
    let usual = usual.into_iter().find(|(name, _)| path.ends_with(name));
    own.or_else(|| usual.map(|(_, format)| format.media_type().to_owned()))
}

/// Regular expression locations win over plain ones, and take the root of the server block.
fn nginx(types: &[(&str, String)], site: &Site, settings: &Settings) -> String {
    let mut text = String::from("# Feeds. In the server block: include /path/to/feeds.nginx.conf;\n");
    for (name, media_type) in types {
        let _ = write!(
            text,
            "\nlocation ~ {}$ {{\n    types {{ }}\n    default_type \"{media_type}\";\n    \
             add_header Cache-Control \"{CACHING}\";\n    add_header Access-Control-Allow-Origin \"*\";\n{}    \
             etag on;\n}}\n",
            pattern(name),
            if settings.gzip { "    gzip_static on;\n    gzip_vary on;\n" } else { "" },
        );
    }
    let own = address::of_file("feeds.nginx.conf", site, settings);
    let _ = writeln!(text, "\nlocation = {} {{ return 404; }}", own.path());
    for (from, to) in &settings.redirects {
        let _ = writeln!(text, "location = {from} {{ return 301 {to}; }}");
    }
    text
}

/// A compressed sibling has the type of what it holds, and `gzip` as its encoding.
fn apache(types: &[(&str, String)], settings: &Settings) -> String {
    let mut text = String::from(
        "# Feeds. Apache reads this file where AllowOverride has FileInfo.\nFileETag MTime Size\n",
    );
    let packed = if settings.gzip { "(\\.gz)?" } else { "" };
    for (name, media_type) in types {
        let _ = write!(
            text,
            "\n<FilesMatch \"{}{packed}$\">\n    ForceType \"{media_type}\"\n    <IfModule mod_headers.c>\n        \
             Header set Cache-Control \"{CACHING}\"\n        Header set Access-Control-Allow-Origin \"*\"\n    \
             </IfModule>\n</FilesMatch>\n",
            pattern(name),
        );
    }
    if settings.gzip {
        text.push_str(
            "\n<FilesMatch \"\\.gz$\">\n    SetEnv no-gzip 1\n    <IfModule mod_headers.c>\n        \
             Header set Content-Encoding \"gzip\"\n        Header append Vary \"Accept-Encoding\"\n    </IfModule>\n\
             </FilesMatch>\n<FilesMatch \"\\.html\\.gz$\">\n    ForceType \"text/html; charset=utf-8\"\n</FilesMatch>\n\
             <FilesMatch \"\\.css\\.gz$\">\n    ForceType \"text/css; charset=utf-8\"\n</FilesMatch>\n\
             <IfModule mod_rewrite.c>\n    RewriteEngine On\n    RewriteCond %{HTTP:Accept-Encoding} gzip\n    \
             RewriteCond %{REQUEST_FILENAME}.gz -f\n    RewriteRule ^(.+)$ $1.gz [L]\n</IfModule>\n",
        );
    }
    if !settings.redirects.is_empty() {
        text.push('\n');
    }
    for (from, to) in &settings.redirects {
        let _ = writeln!(text, "Redirect 301 {from} {to}");
    }
    text
}

/// A star at the start of a path matches whatever it ends in.
fn caddy(types: &[(&str, String)], site: &Site, settings: &Settings) -> String {
    let mut text = String::from("# Feeds. In the site's block: import /path/to/feeds.Caddyfile\n");
    if settings.gzip {
        text.push_str("# For the .gz files: file_server { precompressed gzip }\n");
    }
    for (number, (name, media_type)) in types.iter().enumerate() {
        let _ = write!(
            text,
            "\n@tidings{number} path *{name}\nheader @tidings{number} {{\n\tContent-Type \"{media_type}\"\n\t\
             Cache-Control \"{CACHING}\"\n\tAccess-Control-Allow-Origin \"*\"\n}}\n",
        );
    }
    let own = address::of_file("feeds.Caddyfile", site, settings);
    let _ = writeln!(text, "\nrespond {} 404", own.path());
    for (from, to) in &settings.redirects {
        let _ = writeln!(text, "redir {from} {to} 301");
    }
    text
}

/// Netlify and Cloudflare Pages read `_headers` at the root of the site. Each path stands alone, for they differ in
/// what a star means; both compress by themselves.
fn headers(paths: &[String], types: &[(&str, String)], site: &Site, settings: &Settings) -> String {
    let mut text =
        String::from("# Feeds. Netlify and Cloudflare Pages read this at the root of what they publish.\n");
    for path in paths {
        let Some((_, media_type)) = types.iter().find(|(name, _)| path.ends_with(name)) else {
            continue;
        };
        let place = address::of_file(path, site, settings);
        let _ = write!(
            text,
            "{}\n  Content-Type: {media_type}\n  Cache-Control: {CACHING}\n  Access-Control-Allow-Origin: *\n",
            place.path()
        );
    }
    text
}

fn redirects(moved: &BTreeMap<String, String>) -> String {
    moved.iter().fold(String::new(), |text, (from, to)| text + from + " " + to + " 301\n")
}

/// A file's name as the end of a regular expression: what it may hold, and no expression would take for itself, stays.
fn pattern(name: &str) -> String {
    let mut pattern = String::with_capacity(name.len() + 2);
    for character in name.chars() {
        if character.is_ascii_punctuation() && !"-_~".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}
