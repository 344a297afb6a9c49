//! A signal while a command works: what is half written goes, then it takes effect.

/// Listens on a thread of its own.
///
/// # Errors
/// When the system gives no thread, or does not let itself be listened to.
#[cfg(unix)]
pub fn listen() -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGINT, SIGHUP, SIGQUIT])?;
    let listen = move || {
        for signal in &mut signals {
            crate::export::abandon();
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(listen).map(drop)
}

/// Signals are not heard here.
#[cfg(not(unix))]
pub fn listen() -> std::io::Result<()> {
    Ok(())
}
