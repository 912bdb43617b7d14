//! The subject: what it must not look like.

use crate::digest::lint::finding::{Part, Report, rules, said};

rules! {
    EMPTY = Error "mail-subject-empty", "RFC 5322, 3.6.5; SpamAssassin, MISSING_SUBJECT",
        "let subject.txt.j2 print something: a mail without a subject is taken for spam";
    LONG = Warning "mail-subject-long", "Our own limit: 150 characters; inboxes show 30 to 80",
        "shorten it: `issue.lead | shorten(80)`";
    CAPITALS = Warning "mail-subject-capitals", "SpamAssassin, SUBJ_ALL_CAPS",
        "write it as a sentence: filters take capitals for shouting";
    EXCLAIMED = Warning "mail-subject-exclaimed", "SpamAssassin, PLING_QUERY",
        "leave all but one exclamation mark out";
    MONEY = Warning "mail-subject-money", "SpamAssassin, SUBJ_DOLLARS",
        "write sums as words and numbers";
    FAKED_REPLY = Warning "mail-subject-reply", "RFC 5322, 3.6.5; 15 U.S.C. 7704(a)(2): no misleading subjects",
        "leave \"Re:\" and \"Fwd:\" to answers: in front of a new mail they are a trick of spam";
}

/// Characters; far more than any inbox shows.
const LONGEST: usize = 150;

/// Letters from which capitals are no abbreviation any more.
const SHOUTED: usize = 10;

/// What mail programs of several languages put in front of answers and of what is passed on.
const REPLIES: [&str; 12] = ["re", "fw", "fwd", "aw", "wg", "sv", "vs", "antw", "rif", "odp", "res", "tr"];

/// Looks at the subject.
pub fn check(subject: &str, report: &mut Report) {
    let mut add = |rule, message: String| report.add(Part::Subject, rule, message, &[said(subject)]);
    if subject.trim().is_empty() {
        add(&EMPTY, "the subject is empty".to_owned());
        return;
    }
    let length = subject.chars().count();
    if length > LONGEST {
        add(&LONG, format!("the subject has {length} characters"));
    }
    let cased = subject.chars().filter(|c| c.is_lowercase() || c.is_uppercase());
    if cased.clone().count() >= SHOUTED && cased.clone().all(char::is_uppercase) {
        add(&CAPITALS, format!("the subject is all in capitals: {subject:?}"));
    }
    let is_exclaimed = subject.matches(['!', '¡', '！']).count() > 2
        || ["!!", "!?", "?!"].iter().any(|marks| subject.contains(marks));
    if is_exclaimed {
        add(&EXCLAIMED, format!("the subject has too many exclamation marks: {subject:?}"));
    }
    if ["$$", "€€", "££", "$ $"].iter().any(|sign| subject.contains(sign)) {
        add(&MONEY, format!("the subject shows signs of money in a row: {subject:?}"));
    }
    let front = subject.split_once(':').map(|(front, _)| front.trim().to_lowercase());
    if front.is_some_and(|front| REPLIES.contains(&front.as_str())) {
        add(&FAKED_REPLY, format!("the subject looks like that of an answer: {subject:?}"));
    }
}
