//! The terminal: what the screen looks like and how keys reach the laboratory.

pub mod theme;
pub mod widget;
