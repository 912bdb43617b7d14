//! When: which slot of a digest is due. Pure, told the time, and knows nothing of what a digest holds.

pub mod catch_up;
pub mod reader_clock;
pub mod timetable;
