//! Hyperlab's binary.
fn main() {}
