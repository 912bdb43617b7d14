//! The processor's time, for benchmarks on machines where others want one, too.

use std::time::{Duration, Instant};

/// Rounds per second of the processor's time. `work` says whether a round did what it should: a failure would be fast, and
/// must not count.
pub(crate) fn rate(work: &mut dyn FnMut() -> bool, span: Duration) -> f64 {
    let (start, mut rounds, before) = (Instant::now(), 0_u32, on_processor());
    while start.elapsed() < span {
        rounds += u32::from((0..8).all(|_| std::hint::black_box(work()))) * 8;
    }
    let passed = on_processor().zip(before).map(|(now, before)| now.saturating_sub(before));
    f64::from(rounds) / passed.unwrap_or_else(|| start.elapsed()).as_secs_f64()
}

/// How long this thread has had a processor, where the system tells (Linux).
fn on_processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}
