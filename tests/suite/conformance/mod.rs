//! What every entry of a list promises, held against finite differences and against the others.

mod dynamics;
mod estimators;
mod outer;
mod problems;
