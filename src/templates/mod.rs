//! Templates: the environment that renders them, and what they can do with texts and languages. Knows nothing of what
//! is rendered.

pub mod environment;
mod filters;
mod words;
