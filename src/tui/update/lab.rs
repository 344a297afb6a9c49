//! The laboratory's keys.

use super::effect::{Effect, open, open_palette};
use super::selection::{distance, moved};
use super::travel::{seek, travel};
use super::{charts, marks, measuring};
use crate::catalog::Kind;
use crate::chart::Choice;
use crate::engine::Request;
use crate::lab::{Command, Goal, Landmark, Until};
use crate::pace;
use crate::tui::keymap::Action;
use crate::tui::layout::Layout;
use crate::tui::state::{
    Address, App, Content, Explained, Focus, Help, KnobRow, LabState, Overlay, SPEEDS, Screen, Section, Sorting, Tried,
    turned,
};

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if marks::refuses(app, action) {
        return Vec::new();
    }
    let shown = Layout::of(app).charts;
    let Some(lab) = app.lab.as_mut() else {
        return Vec::new();
    };
    match action {
        Action::Run => run(lab),
        Action::InnerStep => step(lab, Request::Ticks(1)),
        Action::OuterStep => {
            lab.awaits_outer = true;
            step(lab, Request::Outer(lab.timed()))
        }
        Action::InnerEnd => {
            let whose = lab.timed();
            until(app, Until { goal: Goal::InnerEnd, whose })
        }
        Action::ToHorizon => until(app, Until { goal: Goal::Horizon, whose: None }),
        Action::Until => open_palette(app, "until "),
        Action::Back => seek(lab, Request::SeekBy(-1)),
        Action::Forward => seek(lab, Request::SeekBy(1)),
        Action::OuterBack => seek(lab, Request::SeekOuter { forward: false, trial: lab.timed() }),
        Action::OuterForward => seek(lab, Request::SeekOuter { forward: true, trial: lab.timed() }),
        Action::ToStart => seek(lab, Request::Seek(0)),
        Action::ToEnd => seek(lab, Request::Seek(usize::MAX)),
        Action::Faster | Action::Slower => {
            let by = if action == Action::Faster { 1 } else { -1 };
            lab.speed = moved(lab.speed, by, SPEEDS.len());
            let words = format!("speed {}", lab.speed_label());
            app.say(words);
            Vec::new()
        }
        Action::Next => focus(lab, true),
        Action::Previous => focus(lab, false),
        Action::PageUp | Action::PageDown if lab.focus == Focus::Knobs => {
            select_section(lab, action == Action::PageDown)
        }
        Action::Up | Action::Down | Action::PageUp | Action::PageDown => {
            select_by(lab, distance(action).unwrap_or(0), shown.len())
        }
        Action::TurnDown => turn_selected(app, -1),
        Action::TurnUp => turn_selected(app, 1),
        Action::TurnBack => turn_back(app),
        Action::TypeValue => type_value(app),
        Action::TurnAll => turn_all(app),
        Action::Add => open(app, Overlay::picker()),
        Action::Duplicate => duplicate(app),
        Action::Remove => remove(app),
        Action::Hide => hide(lab),
        Action::Solo => solo(app),
        Action::Rename => rename(app),
        Action::MoveUp => reorder(app, -1),
        Action::MoveDown => reorder(app, 1),
        Action::Pin => marks::pin(app),
        Action::Bookmark => marks::bookmark(app),
        Action::BookmarkBack => marks::seek(app, false),
        Action::BookmarkForward => marks::seek(app, true),
        Action::Undo => travel(lab, Request::Undo),
        Action::Redo => travel(lab, Request::Redo),
        Action::Explain => {
            let page = match lab.focus {
                Focus::Charts => Explained::Chart,
                Focus::Trials => Explained::Estimator,
                Focus::Knobs => explained_knob(lab),
            };
            open(app, Overlay::Explain { page, scroll: 0 })
        }
        Action::Measure(question) => measuring::begin_or_cancel(app, question),
        Action::Findings => open(app, Overlay::Findings { scroll: 0 }),
        Action::Compare => open(app, Overlay::Comparison { sorting: Sorting::default(), scroll: 0 }),
        Action::KeepMeasuring => measuring::keep_measuring(app),
        Action::FewerReplicates => measuring::scale_replicates(app, false),
        Action::MoreReplicates => measuring::scale_replicates(app, true),
        Action::Snapshot => {
            let mut charts: Vec<Choice> = shown.iter().map(|(pane, _)| lab.choice(*pane)).collect();
            if charts.is_empty() {
                charts.push(lab.choice(lab.pane));
            }
            app.say("writing the charts and the session…");
            vec![Effect::Export(charts)]
        }
        Action::Save => {
            app.say("writing the session…");
            vec![Effect::Export(Vec::new())]
        }
        Action::Branches => {
            let here = lab.snapshot.branch;
            let is_here = |mark: &Landmark| matches!(mark, Landmark::Branch { number, .. } if *number == here);
            let selected = lab.snapshot.landmarks().iter().position(is_here).unwrap_or(0);
            open(app, Overlay::Branches { selected })
        }
        Action::Metric => open_palette(app, "metric "),
        Action::Commands => open_palette(app, ""),
        Action::Help => open(app, Overlay::Help(Help::at(Section::Here))),
        Action::Close => rest(app),
        Action::Leave => leave(app),
        other => charts::act(app, other),
    }
}

/// Runs until something is so; the laboratory says where it stopped, and why.
pub(super) fn until(app: &mut App, until: Until) -> Vec<Effect> {
    let Some(lab) = app.lab.as_mut() else {
        return Vec::new();
    };
    lab.until = Some(until.goal.to_string());
    step(lab, Request::Until(until))
}

pub(super) fn run(lab: &mut LabState) -> Vec<Effect> {
    if lab.until.take().is_some() {
        return vec![Effect::Stop];
    }
    lab.is_running = !lab.is_running;
    // Where everybody has arrived, running on is what is meant.
    lab.goes_beyond = lab.is_running && lab.snapshot.has_arrived;
    if lab.is_running { Vec::new() } else { vec![Effect::Stop] }
}

/// A step by hand ends running by itself: one of the two drives.
fn step(lab: &mut LabState, request: Request) -> Vec<Effect> {
    let stop = std::mem::take(&mut lab.is_running).then_some(Effect::Stop);
    stop.into_iter().chain([Effect::Ask(request)]).collect()
}

fn focus(lab: &mut LabState, forward: bool) -> Vec<Effect> {
    const ORDER: [Focus; 3] = [Focus::Trials, Focus::Knobs, Focus::Charts];
    lab.focus = turned(&ORDER, lab.focus, forward);
    Vec::new()
}

fn select_by(lab: &mut LabState, by: isize, panes: usize) -> Vec<Effect> {
    match lab.focus {
        Focus::Trials => lab.trial = moved(lab.trial, by, lab.snapshot.trials.len()),
        Focus::Knobs => lab.knob = moved(lab.knob, by, lab.knobs().len()),
        // With one pane, the others wait behind it.
        Focus::Charts => lab.pane = moved(lab.pane, by, if panes > 1 { panes } else { lab.panes.len() }),
    }
    Vec::new()
}

/// The first row of the next section, or of this one and then of the one before.
fn select_section(lab: &mut LabState, forward: bool) -> Vec<Effect> {
    let rows = lab.knobs();
    let begins = |at: &usize| *at == 0 || rows[at - 1].section != rows[*at].section;
    let mut firsts = (0..rows.len()).filter(begins);
    let found = if forward { firsts.find(|at| *at > lab.knob) } else { firsts.take_while(|at| *at < lab.knob).last() };
    lab.knob = found.unwrap_or(lab.knob);
    Vec::new()
}

fn explained_knob(lab: &LabState) -> Explained {
    let path = lab.selected_knob().map(|row| row.address.path()).unwrap_or_default();
    match path.split('.').next() {
        Some("estimator") => Explained::Estimator,
        Some("inner") => Explained::Dynamics,
        Some("outer") => Explained::Rule,
        _ => Explained::Problem,
    }
}

pub(super) fn turn_selected(app: &mut App, stops: i32) -> Vec<Effect> {
    let Some((lab, row)) = app.lab.as_ref().and_then(|lab| Some((lab, lab.selected_knob()?))) else {
        return Vec::new();
    };
    // A choice that was refused is passed over.
    let is_refused = |tried: &&Tried| row.is_choice() && tried.address == row.address && tried.from == row.content;
    let from = lab.tried.as_ref().filter(is_refused).map_or(&row.content, |tried| &tried.to);
    match from.nudged(stops) {
        Some(content) => turn(app, &row, content),
        None => {
            app.say(format!("{} is typed: Enter opens it", row.label));
            Vec::new()
        }
    }
}

/// The selected knob to where its slider is pointed at: a cell of so many.
pub(super) fn slide_selected(app: &mut App, cell: usize, cells: usize) -> Vec<Effect> {
    let Some(row) = app.lab.as_ref().and_then(LabState::selected_knob) else {
        return Vec::new();
    };
    match row.content.slid(cell, cells) {
        Some(content) => turn(app, &row, content),
        None => Vec::new(),
    }
}

/// Back to what stands there when nothing is said.
fn turn_back(app: &mut App) -> Vec<Effect> {
    let Some(row) = app.lab.as_ref().and_then(LabState::selected_knob) else {
        return Vec::new();
    };
    match row.content.default() {
        Some(content) => turn(app, &row, content),
        None => {
            app.say(format!("{} has no default to go back to; ← goes back to before it was changed", row.label));
            Vec::new()
        }
    }
}

/// Sets a row. While the laboratory is busy only the latest value waits, so that holding a key
/// down leaves no queue of turns behind.
pub(super) fn turn(app: &mut App, row: &KnobRow, content: Content) -> Vec<Effect> {
    if let Address::Trial(trial, _) | Address::Name(trial) = row.address
        && marks::refuses_turn(app, trial)
    {
        return Vec::new();
    }
    let Some(lab) = app.lab.as_mut().filter(|_| row.content != content) else {
        return Vec::new();
    };
    let address = row.address.clone();
    let other = lab.turned.as_ref().filter(|_| lab.turn_waits).filter(|(earlier, _)| *earlier != address);
    let mut effects: Vec<Effect> =
        other.map(|(earlier, content)| Effect::Ask(earlier.turn(content))).into_iter().collect();
    lab.is_unsaved |= !address.is_beside();
    lab.tried = Some(Tried { address: address.clone(), from: row.content.clone(), to: content.clone() });
    lab.turned = Some((address, content.clone()));
    lab.turn_waits = true;
    if !lab.is_pending {
        effects.extend(ask_for_turn(lab));
    }
    let trials = lab.snapshot.of_the_laboratory().count();
    let begins_anew = row.begins_anew;
    if let Some(idle) = chosen_pace(&row.address, &content).and_then(|pace| pace.idle(trials)) {
        app.say(idle);
    } else if begins_anew {
        app.say(format!("{} = {}: every trial begins anew", row.label, content.to_text()));
    }
    effects
}

/// The pace that a turn puts in force, where it is about that.
fn chosen_pace(address: &Address, content: &Content) -> Option<&'static pace::Entry> {
    let name = content.to_text();
    let is_pace = matches!(address, Address::Scenario(path) if path == "pace");
    pace::ALL.iter().find(|entry| is_pace && entry.card.ron_name() == name)
}

/// The knob turned, once the laboratory is free for it.
pub(super) fn ask_for_turn(lab: &mut LabState) -> Vec<Effect> {
    if !std::mem::take(&mut lab.turn_waits) {
        return Vec::new();
    }
    lab.turned.iter().map(|(address, content)| Effect::Ask(address.turn(content))).collect()
}

fn ask(command: Command) -> Effect {
    Effect::Ask(Request::Apply(command))
}

/// A choice or a toggle goes to its next value; everything else is typed.
fn type_value(app: &mut App) -> Vec<Effect> {
    let Some(lab) = app.lab.as_mut() else {
        return Vec::new();
    };
    let Some(row) = lab.selected_knob() else {
        return Vec::new();
    };
    if matches!(&row.content, Content::Knob(knob, _) if matches!(knob.kind, Kind::Choice { .. } | Kind::Toggle { .. }))
    {
        return turn_selected(app, 1);
    }
    open(app, Overlay::value(row))
}

/// The selected knob's value for every trial that has such a knob.
fn turn_all(app: &mut App) -> Vec<Effect> {
    let Some(row) = app.lab.as_ref().and_then(LabState::selected_knob) else {
        return Vec::new();
    };
    let Address::Trial(_, path) = &row.address else {
        app.say("all trials share this knob already");
        return Vec::new();
    };
    assign(app, &format!("trials[*].{path}"), &row.content.to_text())
}

/// Sets a value of the scenario by its path.
pub(super) fn assign(app: &mut App, path: &str, value: &str) -> Vec<Effect> {
    app.say(format!("{path} = {value}"));
    changed(app, Command::Set { path: path.into(), value: value.into() })
}

fn duplicate(app: &mut App) -> Vec<Effect> {
    let Some((id, name)) = selected(app) else {
        return Vec::new();
    };
    app.say(format!("duplicated {name}; the copy starts at λ₀"));
    changed(app, Command::Duplicate(id))
}

fn remove(app: &mut App) -> Vec<Effect> {
    if app.lab.as_ref().and_then(LabState::selected).is_some_and(|trial| trial.is_pinned) {
        return marks::release(app);
    }
    let Some((id, name)) = selected(app) else {
        return Vec::new();
    };
    app.say(format!("removed {name}; ← brings it back"));
    changed(app, Command::Remove(id))
}

fn selected(app: &App) -> Option<(u64, String)> {
    app.lab.as_ref()?.selected().map(|trial| (trial.id, trial.setting.name.clone()))
}

/// Applies a command that stepping would not bring back.
pub(super) fn changed(app: &mut App, command: Command) -> Vec<Effect> {
    if let Some(lab) = app.lab.as_mut() {
        lab.is_unsaved = true;
    }
    vec![ask(command)]
}

/// Shows the selected trial alone, or all again.
fn solo(app: &mut App) -> Vec<Effect> {
    let Some((id, name)) = selected(app) else {
        return Vec::new();
    };
    let is_alone = app.lab.as_ref().is_some_and(|lab| lab.snapshot.solo == Some(id));
    app.say(if is_alone { "all trials again".to_owned() } else { format!("{name} alone; S shows all again") });
    vec![ask(Command::Solo((!is_alone).then_some(id)))]
}

fn rename(app: &mut App) -> Vec<Effect> {
    let Some((id, name)) = selected(app) else {
        return Vec::new();
    };
    open(app, Overlay::value(KnobRow::name(id, &name)))
}

/// Moves the selected trial in the list.
fn reorder(app: &mut App, by: isize) -> Vec<Effect> {
    let Some((id, _)) = selected(app) else {
        return Vec::new();
    };
    let place = app.lab.as_ref().map(|lab| (lab.trial, moved(lab.trial, by, lab.snapshot.of_the_laboratory().count())));
    match place {
        Some((from, to)) if from != to => changed(app, Command::Move(id, to)),
        _ => Vec::new(),
    }
}

fn hide(lab: &mut LabState) -> Vec<Effect> {
    let Some(trial) = lab.selected() else {
        return Vec::new();
    };
    vec![ask(Command::Hide(trial.id, !trial.hidden))]
}

/// Pauses and breaks off, and says what; when all is at rest, returns to the charts.
fn rest(app: &mut App) -> Vec<Effect> {
    let Some(lab) = app.lab.as_mut() else {
        return Vec::new();
    };
    let measuring = lab.snapshot.findings.under_way.map(|job| job.question);
    let was_running = lab.is_running || lab.is_pending;
    if !was_running && measuring.is_none() {
        lab.posed = None;
        lab.focus = Focus::Charts;
        return Vec::new();
    }
    lab.is_running = false;
    let broken_off = measuring.map(|question| measuring::broken_off(lab, question));
    let said = match (was_running, &broken_off) {
        (true, Some(measurement)) => format!("the run is paused, and {measurement}"),
        (true, None) => "the run is paused".to_owned(),
        (false, measurement) => measurement.clone().unwrap_or_default(),
    };
    app.say(said);
    let cancel = broken_off.is_some().then_some(Effect::Ask(Request::Cancel));
    std::iter::once(Effect::Stop).chain(cancel).collect()
}

/// Back to the start page; the laboratory stays as it is.
fn leave(app: &mut App) -> Vec<Effect> {
    if let Some(lab) = app.lab.as_mut() {
        lab.is_running = false;
    }
    app.screen = Screen::Start;
    app.say("Esc returns to the laboratory; q quits");
    vec![Effect::Stop]
}
