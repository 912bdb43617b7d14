//! Everything that fuzzing began with and everything that it found, through the same doors as there.

use std::path::Path;
use std::time::{Duration, Instant};

#[path = "../../fuzz/src/doors.rs"]
#[allow(unreachable_pub)] // it is a library's for the targets
mod doors;

/// A second is the promise, for the program as it is released. Tests run without optimisation, many at a time, on
/// machines that have other things to do; what hangs takes minutes.
const LONGEST: Duration = Duration::from_secs(20);

#[test]
fn seeds_and_found_cases_neither_panic_nor_hang() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let mut count = 0;
    for (name, door) in doors::DOORS {
        for folder in ["seeds", "cases"] {
            let Ok(files) = std::fs::read_dir(root.join(folder).join(name)) else { continue };
            for file in files {
                let file = file.unwrap().path();
                let bytes = std::fs::read(&file).unwrap();
                let begin = Instant::now();
                door(&bytes);
                assert!(begin.elapsed() < LONGEST, "{} took {:?}", file.display(), begin.elapsed());
                count += 1;
            }
        }
    }
    assert!(count >= doors::DOORS.len() * 2, "{count} cases");
}
