//! The terminal itself: taken over, drawn to, and left as it was found, whatever happens.

use std::io::{self, IsTerminal, Stdout, Write, stderr, stdin, stdout};
use std::mem::ManuallyDrop;
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread::{self, ThreadId};

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::execute;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};

use super::TuiError;
use super::theme::Depth;

/// Whether the terminal is taken over now.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The thread that draws.
static DRAWS: Mutex<Option<ThreadId>> = Mutex::new(None);

/// Panics of other threads, which nobody could read while the terminal was taken over.
static UNREAD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Panics kept to be read: more say no more.
const MOST_UNREAD: usize = 8;

/// The terminal, taken over. Dropping it gives the terminal back.
pub struct Screen {
    /// Never dropped: it would write to a terminal that may be gone, and complain to one that is.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<Stdout>>>,
}

impl Screen {
    /// Takes the terminal over, for the thread that calls. A panic on this thread gives it back before it is said. A
    /// panic on another is for whoever waits for that thread; its words are kept until the terminal is given back.
    ///
    /// # Errors
    /// When standard input or output is no terminal, or the terminal fails.
    pub fn enter() -> Result<Self, TuiError> {
        for (name, is_terminal) in [("input", stdin().is_terminal()), ("output", stdout().is_terminal())] {
            if !is_terminal {
                return Err(TuiError::NoTerminal(name));
            }
        }
        *lock(&DRAWS) = Some(thread::current().id());
        install_hook();
        take()?;
        match Terminal::new(CrosstermBackend::new(stdout())) {
            Ok(terminal) => Ok(Self { terminal: ManuallyDrop::new(terminal) }),
            Err(error) => {
                give_back();
                Err(error.into())
            }
        }
    }

    /// Draws a frame. The terminal shows it at once or not at all, where it can.
    ///
    /// # Errors
    /// When the terminal fails.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        execute!(stdout(), BeginSynchronizedUpdate)?;
        let drawn = self.terminal.draw(draw).map(drop);
        execute!(stdout(), EndSynchronizedUpdate)?;
        drawn
    }

    /// Gives the terminal back while `meanwhile` runs, then takes it over again.
    ///
    /// # Errors
    /// When the terminal fails.
    pub fn step_aside(&mut self, meanwhile: impl FnOnce()) -> io::Result<()> {
        give_back();
        meanwhile();
        take()?;
        self.redraw()
    }

    /// Forgets what was drawn: whatever is on the screen now, the next frame draws all of it.
    ///
    /// # Errors
    /// When the terminal fails.
    pub fn redraw(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(ratatui::layout::Rect::new(0, 0, size.width, size.height))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
        say_unread();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let taken = execute!(stdout(), EnterAlternateScreen, EnableMouseCapture, EnableBracketedPaste);
    if taken.is_err() {
        give_back();
    }
    taken
}

/// Undoes [`take`], once. Each part is tried whether or not the others fail: there is no better
/// moment to report to.
fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = execute!(stdout(), EndSynchronizedUpdate, DisableBracketedPaste, DisableMouseCapture);
        let _ = execute!(stdout(), LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

/// Gives back what can be without anybody taking what is written: the modes of the line. For a process that ends although
/// its terminal takes nothing any more.
pub(super) fn abandon() {
    if TAKEN.load(Ordering::SeqCst) {
        let _ = disable_raw_mode();
    }
}

/// Installs the hook once in the life of the process. A panic of the thread that draws lands on the ordinary screen,
/// where it can be read; one of another thread would be written into the picture, and waits.
fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if *lock(&DRAWS) == Some(thread::current().id()) {
                give_back();
            }
            if TAKEN.load(Ordering::SeqCst) { keep_unread(info) } else { previous(info) }
        }));
    });
}

fn keep_unread(info: &PanicHookInfo<'_>) {
    let mut unread = lock(&UNREAD);
    if unread.len() < MOST_UNREAD {
        let thread = thread::current();
        unread.push(format!("thread '{}' {info}", thread.name().unwrap_or("without a name")));
    }
}

/// What went wrong while nobody could read it, for whoever reports it.
fn say_unread() {
    let unread = std::mem::take(&mut *lock(&UNREAD));
    if !unread.is_empty() {
        // Whoever would read it may be gone.
        let mut errors = stderr().lock();
        let _ = writeln!(errors, "A part of the laboratory failed while it ran. This is a defect in hyperlab:");
        let words = unread.iter().map(|words| words.replace('\n', "\n  "));
        let _ = words.into_iter().try_for_each(|words| writeln!(errors, "  {words}"));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many colours this terminal can show.
#[must_use]
pub fn depth() -> Depth {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    depth_of(&variable("NO_COLOR"), &variable("TERM"), &variable("COLORTERM"))
}

fn depth_of(no_color: &str, term: &str, colorterm: &str) -> Depth {
    if !no_color.is_empty() || term == "dumb" {
        Depth::None
    } else if colorterm == "truecolor" || colorterm == "24bit" || term.ends_with("-direct") {
        Depth::True
    } else if term.contains("256color") || term.contains("kitty") || term.contains("alacritty") {
        Depth::Indexed
    } else {
        Depth::Ansi
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_follow_what_the_terminal_says_of_itself() {
        assert_eq!(depth_of("1", "xterm-256color", "truecolor"), Depth::None);
        assert_eq!(depth_of("", "xterm-256color", "truecolor"), Depth::True);
        assert_eq!(depth_of("", "tmux-256color", ""), Depth::Indexed);
        assert_eq!(depth_of("", "xterm", ""), Depth::Ansi);
        assert_eq!(depth_of("", "dumb", ""), Depth::None);
    }
}
