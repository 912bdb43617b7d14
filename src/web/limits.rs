//! How often may be asked: by one address of the internet, and by all together. Counted in memory, in bounded room.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// Addresses that are remembered at a time. Whoever has more asks more than all may together.
const MOST: usize = 100_000;

/// Seconds of an hour.
const HOUR: f64 = 3_600.0;

/// A bucket that fills again within an hour.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: DateTime<Utc>,
}

/// Who may ask.
#[derive(Debug)]
pub struct Limits {
    per_ip: f64,
    in_total: f64,
    buckets: Mutex<(Bucket, HashMap<IpAddr, Bucket>)>,
}

impl Limits {
    /// So many in an hour for each address, and for all.
    #[must_use]
    pub fn new(per_ip: u32, in_total: u32, now: DateTime<Utc>) -> Self {
        let (per_ip, in_total) = (f64::from(per_ip), f64::from(in_total));
        Self { per_ip, in_total, buckets: Mutex::new((Bucket { left: in_total, at: now }, HashMap::new())) }
    }

    /// Whether whoever is there may ask now; if so, it counts. Where no address is known, only the limit for all holds.
    pub fn take(&self, from: Option<IpAddr>, now: DateTime<Utc>) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let (total, known) = &mut *buckets;
        total.fill(self.in_total, now);
        if total.left < 1.0 {
            return false;
        }
        if let Some(from) = from.map(network) {
            if known.len() >= MOST && !known.contains_key(&from) {
                known.retain(|_, bucket| {
                    bucket.fill(self.per_ip, now);
                    bucket.left < self.per_ip
                });
                if known.len() >= MOST {
                    return false;
                }
            }
            let own = known.entry(from).or_insert(Bucket { left: self.per_ip, at: now });
            own.fill(self.per_ip, now);
            if own.left < 1.0 {
                return false;
            }
            own.left -= 1.0;
        }
        total.left -= 1.0;
        true
    }
}

impl Bucket {
    fn fill(&mut self, most: f64, now: DateTime<Utc>) {
        let passed = (now - self.at).as_seconds_f64().max(0.0);
        self.left = (self.left + passed * most / HOUR).min(most);
        self.at = now;
    }
}

/// Who has one address of IPv6 has its whole network of 64 bits (RFC 4291, 2.5.1).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    #[test]
    fn each_address_has_its_share_and_all_together_theirs() {
        let now: DateTime<Utc> = "2026-05-01T12:00:00Z".parse().unwrap();
        let limits = Limits::new(3, 8, now);
        let ip = |text: &str| Some(text.parse().unwrap());
        let many = |from: &str, now| (0..9).filter(|_| limits.take(ip(from), now)).count();
        assert_eq!(many("192.0.2.1", now), 3);
        assert_eq!(many("192.0.2.1", now + Duration::minutes(21)), 1, "a third of an hour gives one back");
        let later = now + Duration::hours(2);
        assert_eq!(many("2001:db8::1", later), 3);
        assert_eq!(many("2001:db8::2", later), 0, "the same network");
        assert_eq!(many("::ffff:192.0.2.7", later), 3);
        assert_eq!(many("192.0.2.7", later), 0, "the same address");
        assert_eq!(many("192.0.2.8", later), 2, "all together have asked eight times");
        assert!(!limits.take(None, later));
    }
}
