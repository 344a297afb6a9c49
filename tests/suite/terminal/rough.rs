//! A terminal that is treated roughly: halves of reports, pastes without end, signals at any moment, one that goes.

use std::path::Path;

use super::*;

fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder.join("hyperlab-export")) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn halves_of_reports_and_pastes_keep_nobody_from_typing() {
    let folder = folder();
    let mut terminal = Terminal::hyperlab(&["quadratic"], folder.path());
    terminal.see("inner 0/");
    terminal.press("\x1b[<0;10");
    std::thread::sleep(Duration::from_millis(600));
    terminal.press("n");
    terminal.see("inner 1/");
    terminal.press("\x1b[200~half a paste");
    std::thread::sleep(Duration::from_millis(2500));
    terminal.press("n");
    terminal.see("inner 2/");
    terminal.press("\x1b[200~half");
    std::thread::sleep(Duration::from_millis(100));
    terminal.press("\x03");
    assert!(terminal.end().success());
    terminal.assert_restored();
}

#[test]
fn a_megabyte_is_pasted_at_once_cut_and_said() {
    let folder = folder();
    let mut terminal = Terminal::hyperlab(&["quadratic"], folder.path());
    terminal.see("inner 0/");
    terminal.press(":");
    terminal.see("Commands");
    terminal.press(&format!("\x1b[200~{}\x1b[201~", "x".repeat(1 << 20)));
    terminal.see("no more than 4096 letters");
    terminal.press("\x03");
    assert!(terminal.end().success());
}

#[test]
fn leaving_waits_for_what_is_being_written() {
    for keys in ["wqqq", "sqqq"] {
        let folder = folder();
        let mut terminal = Terminal::hyperlab(&["quadratic"], folder.path());
        terminal.see("inner 0/");
        terminal.press(keys);
        assert!(terminal.end().success());
        terminal.assert_restored();
        let files = files(folder.path());
        assert!(files.iter().any(|name| name.ends_with(".ron")), "{keys}: {files:?}");
        assert!(!files.iter().any(|name| name.ends_with(".partial")), "{keys}: {files:?}");
    }
}

/// Processor time that a process has taken, in ticks.
#[cfg(target_os = "linux")]
fn ticks(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// One of these measurements would take many minutes, and fifteen were asked for.
#[cfg(target_os = "linux")]
#[test]
fn esc_ends_a_measurement_within_a_replicate() {
    let folder = folder();
    let steps = ["quadratic", "--set", "inner.steps=1000000", "--set", "measure_every=1000000"];
    let mut terminal = Terminal::hyperlab(&steps, folder.path());
    terminal.see("inner 0/");
    for _ in 0..15 {
        terminal.press("o");
        std::thread::sleep(Duration::from_millis(20));
    }
    terminal.see("measuring overfitting");
    terminal.press("\x1b");
    let process = terminal.child.process_id().unwrap();
    terminal.wait("an idle process", |_| {
        let before = ticks(process);
        std::thread::sleep(Duration::from_secs(1));
        ticks(process) - before <= 2
    });
    terminal.press("\x03");
    assert!(terminal.end().success());
}

/// Without a reader of its own, so that nothing else holds the terminal.
#[test]
fn a_terminal_that_goes_ends_the_program_without_a_panic() {
    let folder = folder();
    let size = PtySize { rows: 40, cols: 140, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_hyperlab"));
    command.arg("quadratic");
    command.cwd(folder.path());
    command.env("TERM", "xterm-256color");
    command.env("XDG_STATE_HOME", folder.path().join("state"));
    command.env("XDG_CONFIG_HOME", folder.path().join("config"));
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut seen = Vec::new();
    let mut portion = [0; 4096];
    while !String::from_utf8_lossy(&seen).contains("inner 0/") {
        let count = reader.read(&mut portion).unwrap();
        assert!(count > 0);
        seen.extend_from_slice(&portion[..count]);
    }
    drop(reader);
    drop(pair.master);
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(start.elapsed() < PATIENCE, "it goes on without a terminal");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(!status.success() && status.exit_code() != 101, "{status:?}");
}
