//! Columns: what each one of a file holds, by its name. Knows no service.

/// What a column or key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The address.
    Address,
    /// What somebody is called.
    Name,
    /// Their first name, where there are two.
    First,
    /// Their last name.
    Last,
    /// The language of their mails.
    Language,
    /// Their time zone.
    TimeZone,
    /// When they want their mail, as in `07:30`.
    Hour,
    /// A digest's name.
    Digest,
    /// Categories of that digest, divided by `;`.
    Categories,
    /// Digests and categories, as in `weekly:heart;daily:*`.
    Choices,
    /// Tags, labels or lists of another service.
    Tags,
    /// The state, in the words of whoever wrote the file.
    State,
    /// Whether they want mail: `true` or `false`.
    WantsMail,
    /// When they subscribed.
    Since,
    /// When their state changed last.
    Changed,
    /// The consent that came with them, in words.
    Consent,
    /// When they asked.
    Asked,
    /// From which address of the internet.
    AskedFrom,
    /// When they confirmed.
    Confirmed,
    /// From where.
    ConfirmedFrom,
    /// When they left.
    Left,
    /// Why, in words.
    LeftWhy,
    /// When mail to them came back for good.
    Bounced,
    /// Why they must never be mailed: a cause.
    Suppressed,
    /// That in words.
    Reason,
}

/// A file's columns.
#[derive(Clone, Debug)]
pub struct Columns {
    roles: Vec<Option<Role>>,
}

/// Names of columns of our own files, as [`plain`] writes them.
pub const OURS: [(&str, Role); 25] = [
    ("address", Role::Address),
    ("email", Role::Address),
    ("e mail", Role::Address),
    ("email address", Role::Address),
    ("name", Role::Name),
    ("first name", Role::First),
    ("last name", Role::Last),
    ("language", Role::Language),
    ("lang", Role::Language),
    ("locale", Role::Language),
    ("time zone", Role::TimeZone),
    ("timezone", Role::TimeZone),
    ("hour", Role::Hour),
    ("digest", Role::Digest),
    ("categories", Role::Categories),
    ("category", Role::Categories),
    ("choices", Role::Choices),
    ("tags", Role::Tags),
    ("state", Role::State),
    ("status", Role::State),
    ("since", Role::Since),
    ("changed", Role::Changed),
    ("consent", Role::Consent),
    ("suppressed", Role::Suppressed),
    ("reason", Role::Reason),
];

impl Columns {
    /// Of the names in a file's first line.
    #[must_use]
    pub fn new<'a>(names: impl Iterator<Item = &'a str>, known: &[(&str, Role)]) -> Self {
        let mut roles: Vec<Option<Role>> = Vec::new();
        for name in names {
            let role = known.iter().find(|(known, _)| *known == plain(name)).map(|(_, role)| *role);
            // Of two columns for the same, the first one counts.
            roles.push(role.filter(|role| !roles.contains(&Some(*role))));
        }
        Self { roles }
    }

    /// What a column holds.
    #[must_use]
    pub fn role(&self, column: usize) -> Option<Role> {
        self.roles.get(column).copied().flatten()
    }

    /// Whether there is a column for this.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&Some(role))
    }
}

/// A column's name without what spreadsheets and services write in their own way: case, `_` and `-`.
#[must_use]
pub fn plain(name: &str) -> String {
    let name = name.trim().trim_matches('"').to_lowercase().replace(['_', '-'], " ");
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
