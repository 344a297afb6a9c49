//! What wakes the front: one channel for input, signals, the laboratory and background work.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;

use crossbeam_channel::Sender;
#[cfg(unix)]
use crossbeam_channel::{Receiver, RecvTimeoutError};
use crossterm::event as input;

#[cfg(unix)]
use super::decode::Decoder;
use super::state::FolderContents;
use crate::engine::{Engine, caught};
use crate::export::Written;
use crate::scenario::Draft;

/// Something happened.
pub(super) enum Event {
    /// A key, the mouse, a paste or another size.
    Input(input::Event),
    /// There will be no more input.
    InputEnded(std::io::Error),
    /// The laboratory has something new to show, or is done.
    Laboratory,
    /// Something was opened, or why not; with the number of the request.
    Opened(usize, Result<Opened, String>),
    /// A folder was looked into.
    Folder(FolderContents),
    /// Files were written, or why not.
    Written(Result<Written, String>),
    /// A signal.
    Signal(i32),
}

/// What was opened.
pub(super) enum Opened {
    /// A laboratory, and what is to be said of how it came about.
    Laboratory(Box<Engine>, Option<Told>),
    /// A table: the draft of a scenario over it.
    Table(Box<Draft>, PathBuf),
}

/// What became of a scenario that was to be written.
pub(super) struct Told {
    /// In words.
    pub(super) text: String,
    /// Where it is, if it was written.
    pub(super) path: Option<PathBuf>,
}

/// Bytes read at once: a paste comes in portions.
#[cfg(unix)]
const PORTION: usize = 1 << 14;

/// Portions read before anybody has looked at them; a terminal waits when it has sent more.
#[cfg(unix)]
const AHEAD: usize = 16;

/// Reads the terminal's input on threads of their own, so that nobody has to poll: one waits for bytes, one for what they
/// say or for the moment at which nothing more will come of them.
#[cfg(unix)]
pub(super) fn listen_to_input(events: Sender<Event>) -> std::io::Result<()> {
    let (portions, inbox) = crossbeam_channel::bounded(AHEAD);
    let decode = move || {
        let ended = caught(|| decode(&inbox, &events)).unwrap_or_else(|defect| Some(std::io::Error::other(defect)));
        // Where nobody listens any more, nobody need hear.
        ended.map(|error| events.send(Event::InputEnded(error)));
    };
    thread::Builder::new().name("input".to_owned()).spawn(decode)?;
    thread::Builder::new().name("bytes".to_owned()).spawn(move || read(&portions)).map(drop)
}

/// Reads until there is no more, which is said, or nobody listens.
#[cfg(unix)]
fn read(portions: &Sender<std::io::Result<Vec<u8>>>) {
    use std::io::{Error, ErrorKind, Read};
    loop {
        let mut portion = vec![0; PORTION];
        let read = match std::io::stdin().lock().read(&mut portion) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Ok(0) => Err(Error::new(ErrorKind::UnexpectedEof, "the terminal is gone")),
            Ok(count) => {
                portion.truncate(count);
                Ok(portion)
            }
            Err(error) => Err(error),
        };
        let is_last = read.is_err();
        if portions.send(read).is_err() || is_last {
            return;
        }
    }
}

/// Sends what the bytes say, until they end: why they do.
#[cfg(unix)]
fn decode(inbox: &Receiver<std::io::Result<Vec<u8>>>, events: &Sender<Event>) -> Option<std::io::Error> {
    let mut decoder = Decoder::default();
    loop {
        let portion = match decoder.patience() {
            Some(patience) => inbox.recv_timeout(patience),
            None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let heard = match portion {
            Ok(Ok(bytes)) => decoder.take_in(&bytes),
            Ok(Err(error)) => return Some(error),
            Err(RecvTimeoutError::Timeout) => decoder.give_up(),
            Err(RecvTimeoutError::Disconnected) => return None,
        };
        for event in heard {
            events.send(Event::Input(event)).ok()?;
        }
    }
}

#[cfg(not(unix))]
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

/// The front has so long to end by itself after a signal. One that hangs, because nobody takes what it draws, is ended.
#[cfg(unix)]
const GRACE: std::time::Duration = std::time::Duration::from_secs(2);

/// The signal that ends the program, once there was one: whoever works through what was typed before it looks here in
/// between, so that nobody waits for that.
#[derive(Clone, Default)]
pub(super) struct Ending(Arc<AtomicI32>);

impl Ending {
    /// The signal, if there was one.
    pub(super) fn signal(&self) -> Option<i32> {
        Some(self.0.load(Ordering::SeqCst)).filter(|signal| *signal != 0)
    }

    #[cfg(unix)]
    fn set(&self, signal: i32) {
        self.0.store(signal, Ordering::SeqCst);
    }
}

/// Turns signals into events, so that the terminal is restored before they take effect. One that ends the program is told
/// ahead of them.
#[cfg(unix)]
pub(super) fn listen_to_signals(events: Sender<Event>, ending: Ending) -> std::io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};

    let heard = [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH];
    let mut signals = signal_hook::iterator::Signals::new(heard)?;
    let listen = move || {
        for signal in &mut signals {
            let (columns, rows) = match signal {
                SIGWINCH => crossterm::terminal::size().unwrap_or_default(),
                _ => (0, 0),
            };
            let event = match signal {
                SIGWINCH => Event::Input(input::Event::Resize(columns, rows)),
                _ => Event::Signal(signal),
            };
            let is_end = signal != SIGWINCH && meaning(signal) == Meaning::End;
            if is_end {
                ending.set(signal);
            }
            // Where nobody listens any more the program is ending, and what was begun by hand ends by signal.
            let is_heard = events.send(event).is_ok();
            if is_end {
                if is_heard {
                    thread::sleep(GRACE);
                }
                super::terminal::abandon();
                die_of(signal);
            }
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(listen).map(drop)
}

#[cfg(not(unix))]
pub(super) fn listen_to_signals(_: Sender<Event>, _: Ending) -> std::io::Result<()> {
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
    crate::export::abandon();
    let _ = signal_hook::low_level::emulate_default_handler(signal);
}

#[cfg(not(unix))]
pub(super) fn die_of(_: i32) {}
