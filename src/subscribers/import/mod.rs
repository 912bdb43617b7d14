//! Import of subscribers: files of ours and exports of other services, read one line at a time. Every line becomes somebody
//! to add, or a rejected line with its reason.

pub mod accept;
pub mod columns;
pub mod csv;
pub mod dates;
pub mod json_lines;
pub mod line;
pub mod offer;
pub mod rejected;
pub mod services;
pub mod tags;
pub mod text;
