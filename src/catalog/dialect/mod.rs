//! Dialects: how other generators write their content folders, read as they are. What differs between them is
//! data here; the reader knows only of dialects, never of one of them.

pub mod adapt;
pub mod bodies;
pub mod detect;
pub mod embed;
pub mod expression;
pub mod folders;
pub mod generator;
pub mod habits;
pub mod jekyll;
pub mod jsx;
pub mod kramdown;
pub mod links;
pub mod liquid;
pub mod loose_date;
pub mod mdx;
pub mod names;
pub mod page;
pub mod rewrite;
pub mod shortcodes;
pub mod tags;
