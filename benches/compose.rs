//! How many messages one core composes in a second: stamped from a stencil, against rendering the templates and
//! building a message with lettre for each recipient, in one run.
