//! What wakes the front: one channel for input, signals, the laboratory and background work.

use std::thread;

use crossbeam_channel::Sender;
use crossterm::event as input;

use super::state::FolderContents;
use crate::engine::{Engine, caught};
use crate::export::Written;

/// Something happened.
pub(super) enum Event {
    /// A key, the mouse, a paste or another size.
    Input(input::Event),
    /// There will be no more input.
    InputEnded(std::io::Error),
    /// The laboratory has something new to show, or is done.
    Laboratory,
    /// A laboratory was opened, or why not; with the number of the request.
    Opened(usize, Result<Box<Engine>, String>),
    /// A folder was looked into.
    Folder(FolderContents),
    /// Files were written, or why not.
    Written(Result<Written, String>),
    /// A signal.
    Signal(i32),
}

/// Reads the terminal's input on a thread of its own, so that nobody has to poll.
pub(super) fn listen_to_input(events: Sender<Event>) -> std::io::Result<()> {
    let listen = move || {
        loop {
            let event = caught(input::read).unwrap_or_else(|defect| Err(std::io::Error::other(defect)));
            let is_last = event.is_err();
            let sent = events.send(event.map_or_else(Event::InputEnded, Event::Input));
            if is_last || sent.is_err() {
                return;
            }
        }
    };
    thread::Builder::new().name("input".to_owned()).spawn(listen).map(drop)
}

/// Turns signals into events, so that the terminal is restored before they take effect.
#[cfg(unix)]
pub(super) fn listen_to_signals(events: Sender<Event>) -> std::io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};

    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT])?;
    let listen = move || {
        for signal in &mut signals {
            if events.send(Event::Signal(signal)).is_err() {
                return;
            }
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(listen).map(drop)
}

#[cfg(not(unix))]
pub(super) fn listen_to_signals(_: Sender<Event>) -> std::io::Result<()> {
    Ok(())
}

/// What a signal is to the front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Stop for a while.
    Suspend,
    /// Go on.
    Resume,
    /// End.
    End,
}

/// What a signal asks for.
#[cfg(unix)]
pub(super) fn meaning(signal: i32) -> Meaning {
    use signal_hook::consts::{SIGCONT, SIGTSTP};
    match signal {
        SIGTSTP => Meaning::Suspend,
        SIGCONT => Meaning::Resume,
        _ => Meaning::End,
    }
}

#[cfg(not(unix))]
pub(super) fn meaning(_: i32) -> Meaning {
    Meaning::End
}

/// Stops this process as Ctrl-Z would, until it is told to go on.
#[cfg(unix)]
pub(super) fn stop_process() {
    // Where it cannot be stopped, it goes on.
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
}

#[cfg(not(unix))]
pub(super) fn stop_process() {}

/// Ends this process as the signal would have, so that its parent sees why.
#[cfg(unix)]
pub(super) fn die_of(signal: i32) {
    let _ = signal_hook::low_level::emulate_default_handler(signal);
}

#[cfg(not(unix))]
pub(super) fn die_of(_: i32) {}
