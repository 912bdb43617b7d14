//! Wishes as the database groups by them: one text for each subscriber of a digest, equal for those who get equal
//! mails.

/// Each active subscriber of a digest with their wishes as one text: equal texts are one cohort.
macro_rules! wishes {
    ($rest:literal) => {
        concat!(
            "WITH wishes AS (
                SELECT c.subscriber,
                       string_agg(c.category || '=' || coalesce(c.served::text, 'b' || c.base, 'f' || c.joined, ''), '|' ORDER BY c.category)
                           || coalesce('~' || s.language, '') AS signature
                FROM subscriptions c JOIN subscribers s ON s.id = c.subscriber
                WHERE c.digest = $1 AND s.state = 'active'
                  AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.key = s.key)
                GROUP BY c.subscriber, s.id
            ) ",
            $rest
        )
    };
}

pub(super) use wishes;
