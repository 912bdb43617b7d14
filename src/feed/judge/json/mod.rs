//! JSON Feed 1.1: <https://www.jsonfeed.org/version/1.1/>.

pub mod feed;
pub mod item;
pub mod read;
pub mod value;
