//! The terminal: what the screen looks like and how keys reach the laboratory.
//!
//! [`state`] is a value; [`update`] turns keys and clicks into a new state and effects; [`view`]
//! draws the state; [`layout`] says where everything is, to both, and `page` what is read in overlays. [`run`] joins them to a terminal
//! and to an [`Engine`](crate::engine::Engine), which computes on its own thread.

mod colour;
mod config;
#[cfg(unix)]
mod decode;
mod error;
mod event;
mod front;
pub mod keymap;
pub mod layout;
mod options;
mod page;
pub mod palette;
pub mod questions;
mod scheme;
#[cfg(test)]
mod screens;
mod search;
pub mod state;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod update;
pub mod view;
pub mod widget;

pub use config::{Config, load as configuration, template};
pub use error::TuiError;
pub use options::{Options, Start, built_in};
pub use state::Listed;

/// Runs the laboratory until a person leaves it.
///
/// # Errors
/// When there is no terminal, the terminal fails, or what was asked for cannot be opened.
pub fn run(options: Options) -> Result<(), TuiError> {
    let ending = front::run(options);
    // Whoever left in the middle of it leaves nothing half written behind.
    crate::export::abandon();
    let ending = ending?;
    if let Some(signal) = ending {
        event::die_of(signal);
    }
    Ok(())
}
