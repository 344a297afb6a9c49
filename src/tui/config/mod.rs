//! The configuration: a RON file with what a person has set once and for all.
//!
//! Whatever is not in it is as it is without; what is wrong in it is reported at its line and column, and everything else
//! counts. [`template()`] writes all of it, with the values that hold when nothing is said.

mod keys;
mod load;
mod read;
mod template;
#[cfg(test)]
mod tests;
mod value;

pub use load::load;
pub use read::{in_words, read};
pub use template::template;
pub use value::Config;
