//! Figures for whoever watches the server: counters in the text format of Prometheus (version 0.0.4).

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::store::deliveries::Waiting;

/// What is counted since the server began.
#[derive(Debug, Default)]
pub struct Figures {
    /// Requests to be subscribed that were written down.
    pub requests: AtomicU64,
    /// Requests that were turned away, for too many came.
    pub limited: AtomicU64,
    /// Requests that were confirmed.
    pub confirmed: AtomicU64,
    /// Preferences that were saved.
    pub saved: AtomicU64,
    /// People who left a digest or everything.
    pub left: AtomicU64,
    /// Letters that were handed over.
    pub letters: AtomicU64,
    /// Letters that could not be handed over, and are tried again or were given up.
    pub letters_failed: AtomicU64,
    /// Pages that could not be shown for a fault of ours.
    pub troubles: AtomicU64,
}

impl Figures {
    /// As text, with what waits to be sent.
    #[must_use]
    pub fn text(&self, waiting: Option<&Waiting>) -> String {
        let counters = [
            ("requests_total", "Requests to be subscribed.", &self.requests),
            ("requests_limited_total", "Requests turned away for too many came.", &self.limited),
            ("confirmations_total", "Requests confirmed.", &self.confirmed),
            ("preferences_saved_total", "Preferences saved.", &self.saved),
            ("departures_total", "People who left a digest or everything.", &self.left),
            ("letters_total", "Letters handed over.", &self.letters),
            ("letters_failed_total", "Letters put off or given up.", &self.letters_failed),
            ("web_troubles_total", "Pages not shown for a fault of ours.", &self.troubles),
        ];
        let mut text = String::new();
        for (name, help, counter) in counters {
            let value = counter.load(Ordering::Relaxed);
            let _ = write!(
                text,
                "# HELP tidings_{name} {help}\n# TYPE tidings_{name} counter\ntidings_{name} {value}\n"
            );
        }
        if let Some(waiting) = waiting {
            text.push_str("# HELP tidings_deliveries Deliveries that are not settled, by what they wait for.\n# TYPE tidings_deliveries gauge\n");
            let states = [
                ("ready", waiting.ready),
                ("deferred", waiting.deferred),
                ("in_hand", waiting.in_hand),
                ("uncertain", waiting.uncertain),
                ("held", waiting.held),
            ];
            for (state, number) in states {
                let _ = writeln!(text, "tidings_deliveries{{state=\"{state}\"}} {number}");
            }
        }
        text
    }
}

/// Counts one more.
pub fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
