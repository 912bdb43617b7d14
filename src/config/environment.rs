//! Settings from the environment: `TIDINGS_SMTP__PASSWORD` is `password` in `[smtp]`.

use std::fmt::Write as _;

use toml::de::DeValue;

/// What every variable of ours begins with.
const PREFIX: &str = "TIDINGS_";

/// What divides a section from its key.
const BETWEEN: &str = "__";

/// Keys whose values are text whatever they look like: a password of digits is no number.
const TEXTS: [&str; 2] = ["password", "username"];

/// The variables that override the file, as TOML. Others with our prefix belong to the command line.
#[must_use]
pub fn overrides() -> String {
    #[allow(clippy::disallowed_methods)] // the one place
    let variables = std::env::vars_os();
    // A variable that is not UTF-8 is none of ours.
    let mut variables: Vec<(String, String)> = variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    variables.sort();
    as_toml(&variables)
}

/// One line `smtp.password = "…"` for each variable that is ours. Values are TOML where they can be, else text.
fn as_toml(variables: &[(String, String)]) -> String {
    let mut toml = String::new();
    for (name, value) in variables {
        let Some(path) = name.strip_prefix(PREFIX).filter(|path| path.contains(BETWEEN)) else {
            continue;
        };
        let key = path.to_lowercase().replace(BETWEEN, ".");
        let is_text = TEXTS.iter().any(|text| key.ends_with(text)) || DeValue::parse(value).is_err();
        let value = if is_text { serde_json::Value::from(value.as_str()).to_string() } else { value.clone() };
        let _ = writeln!(toml, "{key} = {value}");
    }
    toml
}

#[cfg(test)]
mod tests {
    use super::as_toml;

    #[test]
    fn variables_become_keys() {
        let variables = [
            ("PATH", "/bin"),
            ("TIDINGS_CONFIG", "x"),
            ("TIDINGS_FEEDS__LIMIT", "5"),
            ("TIDINGS_SITE__TITLE", "A \"b\""),
            ("TIDINGS_SMTP__PASSWORD", "123"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            as_toml(&variables),
            "feeds.limit = 5\nsite.title = \"A \\\"b\\\"\"\nsmtp.password = \"123\"\n"
        );
    }
}
