//! Whether what the configuration says of what comes back makes sense.

use std::net::IpAddr;

use crate::config::Config;
use crate::config::faults::Faults;
use crate::digest::letterhead;

/// What a token needs of a local part with its `+`, of the 64 bytes that there are (RFC 5321, 4.5.3.1.1).
const TOKEN: usize = 45;

/// Everything that is wrong with `[ingest]`, `[bounces]` and `mail.verp`.
pub fn check(config: &Config, faults: &mut Faults<'_>) {
    if let Some(mail) = config.mail.as_ref().filter(|mail| mail.verp == Some(true)) {
        let sender = letterhead::sender(&mail.from).ok().map(|(_, address)| address);
        if let Some(bounces) = mail.bounces.as_ref().or(sender.as_ref())
            && bounces.local().len() + TOKEN > 64
        {
            let message = format!("{bounces} leaves no room for what tells readers apart");
            let hint =
                "the part before the @ may have 19 bytes at most, as in bounces@…; or write verp = false";
            faults.add(&["mail", "bounces"], message, hint);
        }
    }
    if let Some(imap) = config.ingest.as_ref().and_then(|ingest| ingest.imap.as_ref()) {
        let path = |key| ["ingest", "imap", key];
        let host = imap.host.as_str();
        let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        if imap.allow_plain && !here {
            let message =
                format!("allow_plain would send the password to {host} so that anybody can read it");
            faults.add(&path("allow_plain"), message, "it is for 127.0.0.1 and localhost; leave it out");
        }
        if imap.password.is_none() {
            let hint = "set TIDINGS_INGEST__IMAP__PASSWORD, or password_file in [ingest.imap]";
            faults.add(&path("username"), "[ingest.imap] has no password", hint);
        }
        if imap.timeout.is_zero() {
            faults.add(&path("timeout"), "the timeout is 0", "1m is usual");
        }
    }
    if let Some(subscribe) = config.ingest.as_ref().and_then(|ingest| ingest.subscribe.as_ref())
        && let Some(mail) = &config.mail
    {
        let sender = letterhead::sender(&mail.from).ok().map(|(_, address)| address);
        let others = [mail.bounces.as_ref(), mail.unsubscribe_mailto.as_ref(), sender.as_ref()];
        if others.into_iter().flatten().any(|other| other.key() == subscribe.key()) {
            let message = format!("{subscribe} is for other mails, too");
            let hint = "what comes to it asks to be subscribed; take one of its own, as in subscribe@…";
            faults.add(&["ingest", "subscribe"], message, hint);
        }
    }
    if config.ingest.is_some() && config.mail.is_none() {
        faults.add(&["ingest"], "there is [ingest], and no [mail]", "add [mail], or leave [ingest] out");
    }
    if config.bounces.hard == 0 {
        faults.add(&["bounces", "hard"], "bounces.hard is 0", "2 is usual: one report may be wrong");
    }
    if !config.bounces.soft.is_finite() || config.bounces.soft < 1.0 {
        faults.add(
            &["bounces", "soft"],
            "bounces.soft is below 1",
            "4 is usual: a full mailbox may be emptied",
        );
    }
    if config.bounces.soft_half_life.is_zero() {
        faults.add(&["bounces", "soft_half_life"], "bounces.soft_half_life is 0", "90d is usual");
    }
}
