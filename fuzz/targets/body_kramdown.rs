//! `body_kramdown` of the library, for libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tidings_fuzz::open("body_kramdown", bytes));
