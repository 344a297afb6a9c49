//! The first row: what this is, when it is, whether it runs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::tui::state::{App, LabState, Screen};
use crate::tui::text::{clean, cut, width};

pub(super) fn draw(app: &App, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let Some(lab) = app.shown_lab() else {
        let words = match app.screen {
            Screen::Start => "a visual laboratory for hypergradients",
            Screen::Columns => "what is to be learned from this table?",
            _ => "",
        };
        let left = Line::from(vec![Span::styled(" hyperlab  ", app.theme.heading()), Span::raw(words)]);
        return left.render(area, buffer);
    };
    let right = clock(lab, columns);
    let name = if columns >= 80 { " hyperlab  " } else { " " };
    let room = columns.saturating_sub(width(&right) + width(name) + 2);
    let title = cut(&clean(&lab.snapshot.title), room);
    Line::from(vec![Span::styled(name, app.theme.heading()), Span::raw(title)]).render(area, buffer);
    Line::styled(format!("{right} "), app.theme.heading()).right_aligned().render(area, buffer);
}

/// When it is and how fast it goes; the less important parts only where there is room.
fn clock(lab: &LabState, columns: usize) -> String {
    let snapshot = &lab.snapshot;
    let speed = match (lab.is_running, lab.is_busy) {
        _ if lab.until.is_some() && columns >= 60 => format!("▶ until {}", lab.until.as_deref().unwrap_or_default()),
        (true, _) => format!("▶ {}", lab.speed_label()),
        (false, true) => "computing…".to_owned(),
        (false, false) => "paused".to_owned(),
    };
    let time = time(lab, columns);
    let measured = measured(lab, columns);
    let branch = if snapshot.branches.len() > 1 { format!("branch {}   ", snapshot.branch + 1) } else { String::new() };
    match columns {
        100.. => format!("{measured}{branch}{time}   {speed}   seed {}", snapshot.seed),
        60.. => format!("{measured}{branch}{time}   {speed}"),
        _ => format!("{time}  {speed}"),
    }
}

/// Where the clock is; where each trial has its own, the selected one's, and how they share it, where there is room.
fn time(lab: &LabState, columns: usize) -> String {
    let snapshot = &lab.snapshot;
    let (outer, inner) = snapshot.clock(lab.timed());
    let clock = |steps: usize| format!("outer {outer} · inner {inner}/{steps}");
    match lab.selected().filter(|_| lab.timed().is_some()) {
        Some(trial) => {
            let clock = clock(trial.setting.inner.steps);
            if columns < 60 { clock } else { format!("{} · {clock}", snapshot.pace.card().name.to_lowercase()) }
        }
        None => clock(snapshot.inner_steps),
    }
}

/// What is being measured and how far it is, or that it will be.
fn measured(lab: &LabState, columns: usize) -> String {
    let findings = &lab.snapshot.findings;
    match findings.under_way {
        Some(job) if columns >= 100 => format!("measuring {} {} %   ", job.question.name(), job.percent()),
        Some(job) => format!("measuring {} %   ", job.percent()),
        None if findings.keeps.is_some() => "keeps measuring   ".to_owned(),
        None => String::new(),
    }
}
