//! Collecting what is wrong, each with its place in the file.

use crate::config::fault::Fault;
use crate::config::layers::Layers;

/// What was found so far.
#[derive(Debug)]
pub struct Faults<'a> {
    layers: &'a Layers<'a>,
    found: Vec<Fault>,
}

impl<'a> Faults<'a> {
    /// None yet.
    #[must_use]
    pub fn new(layers: &'a Layers<'a>) -> Self {
        Self { layers, found: Vec::new() }
    }

    /// Something is wrong with what stands at this path of tables and keys.
    pub fn add(&mut self, path: &[&str], message: impl Into<String>, hint: impl Into<String>) {
        self.found.push(Fault { at: self.layers.position(path), message: message.into(), hint: hint.into() });
    }

    /// Whether the file says something at this path.
    #[must_use]
    pub fn is_said(&self, path: &[&str]) -> bool {
        self.layers.position(path).is_some()
    }

    /// All of them, in the order of the file.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Fault> {
        self.found.sort_by_key(|fault| fault.at);
        self.found
    }
}
