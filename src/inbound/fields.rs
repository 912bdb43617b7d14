//! Fields of a header, and of the reports that are written like headers (RFC 5322, 2.2; RFC 3464, 2.1). Knows nothing of
//! what a field means.

/// Fields in their order. Names are in lower case, values on one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    rows: Vec<(String, String)>,
}

impl Fields {
    /// From pairs of a name and a value as it stands in a message, folded or not.
    pub fn from_pairs<'p>(pairs: impl IntoIterator<Item = (&'p str, String)>) -> Self {
        let rows = pairs.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), one_line(&value)));
        Self { rows: rows.collect() }
    }

    /// The groups of a text, which empty lines divide. A line that is no field belongs to the value above it: some
    /// servers forget to fold.
    #[must_use]
    pub fn groups(text: &str) -> Vec<Self> {
        let mut groups = vec![Self::default()];
        for line in text.lines() {
            let line = line.trim_end_matches('\r');
            let Some(group) = groups.last_mut() else { break };
            if line.trim().is_empty() {
                if !group.rows.is_empty() {
                    groups.push(Self::default());
                }
                continue;
            }
            match field(line) {
                Some((name, value)) => group.rows.push((name, value)),
                None => {
                    if let Some((_, value)) = group.rows.last_mut() {
                        value.push(' ');
                        value.push_str(line.trim());
                    }
                }
            }
        }
        groups.retain(|group| !group.rows.is_empty());
        for (_, value) in groups.iter_mut().flat_map(|group| &mut group.rows) {
            *value = one_line(value);
        }
        groups
    }

    /// The first value of a name, which is given in lower case; none where it is empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a name that are not empty, from the top.
    pub fn all<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        let rows = self.rows.iter().filter(move |(own, value)| own == name && !value.is_empty());
        rows.map(|(_, value)| value.as_str())
    }

    /// Whether there is a field of this name, be it empty.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.rows.iter().any(|(own, _)| own == name)
    }

    /// All fields.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rows.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A line that begins a field: a name without blanks, a colon, and the value.
fn field(line: &str) -> Option<(String, String)> {
    if line.starts_with([' ', '\t']) {
        return None;
    }
    let (name, value) = line.split_once(':')?;
    let name = name.trim_end();
    let legal = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<');
    // `550:` or `http://…` in a line that was not folded are no names.
    let begins = name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && !value.starts_with("//");
    (legal && begins).then(|| (name.to_ascii_lowercase(), value.trim().to_owned()))
}

/// Without folds, and without characters that would disturb a log.
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn groups_are_read_however_they_are_written() {
        let text = "REPORTING-mta : dns; a.example\r\n\r\n\r\nFinal-Recipient:rfc822;x@example.org\n\
                    Diagnostic-Code: smtp; 550\n\t5.1.1 no\nsuch user\nStatus: 5.1.1\n \n";
        let groups = Fields::groups(text);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].get("reporting-mta"), Some("dns; a.example"));
        assert_eq!(groups[1].get("diagnostic-code"), Some("smtp; 550 5.1.1 no such user"));
        assert_eq!(groups[1].get("status"), Some("5.1.1"));
    }
}
