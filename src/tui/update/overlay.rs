//! The overlays' keys.

use super::effect::{Effect, begin, look_into, open_or_ask};
use super::selection::{distance, moved};
use super::{charts, help, lab, marks, screen, sweep};
use crate::catalog::{Spec, find};
use crate::engine::Request;
use crate::estimator;
use crate::lab::{Command, CommandError, Comparison};
use crate::scenario::{TrialSpec, vary};
use crate::tui::keymap::Action;
use crate::tui::layout::{Layout, inside};
use crate::tui::page;
use crate::tui::palette::{self, Deed};
use crate::tui::state::{
    Address, App, Content, Explained, Help, KnobRow, LabState, Leaving, Overlay, Screen, Wish, to_open,
};
use crate::tui::theme::Depth;

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(effects) = help::act(app, action) {
        return effects;
    }
    if action == Action::Close {
        app.overlay = None;
        return Vec::new();
    }
    match action {
        Action::PageUp => return scroll(app, -page_rows(app)),
        Action::PageDown => return scroll(app, page_rows(app)),
        _ => {}
    }
    if let Some(by) = distance(action) {
        return scroll(app, by);
    }
    match (&mut app.overlay, action) {
        (Some(Overlay::Explain { page, scroll }), Action::Next | Action::Previous) => {
            *page = page.turned(action == Action::Next);
            *scroll = 0;
            Vec::new()
        }
        (Some(Overlay::Explain { page, scroll }), Action::ReadScenario | Action::ReadWords) => {
            *page = if action == Action::ReadScenario { Explained::Scenario } else { Explained::Words };
            *scroll = 0;
            Vec::new()
        }
        (Some(Overlay::Comparison { sorting, .. }), Action::Next | Action::Previous) => {
            let columns = app.lab.as_ref().map_or(0, |lab| Comparison::all(&lab.snapshot).len());
            *sorting = sorting.turned(action == Action::Next, columns);
            Vec::new()
        }
        (Some(Overlay::Comparison { sorting, .. }), Action::Reverse) => {
            sorting.descending = !sorting.descending;
            Vec::new()
        }
        (Some(Overlay::Picker { selected, marked }), Action::Mark) => {
            marked[*selected] = !marked[*selected];
            *selected = moved(*selected, 1, marked.len());
            Vec::new()
        }
        (Some(Overlay::Picker { .. }), Action::Accept) => add_marked(app),
        (Some(Overlay::Branches { selected }), Action::Accept) => {
            let row = *selected;
            marks::go_to(app, row)
        }
        (Some(Overlay::Palette { .. }), Action::Accept) => carry_out(app),
        (Some(Overlay::Palette { input, selected }), Action::Complete) => {
            let (text, row) = (input.value().to_owned(), *selected);
            palette::complete(app, &text, row).map(|completed| retype(app, completed)).unwrap_or_default()
        }
        (Some(Overlay::Value { .. }), Action::Accept) => take_value(app),
        (Some(Overlay::Sweep { .. }), Action::Accept) => sweep::measure(app),
        (Some(Overlay::Sweep { is_for_all, error, .. }), Action::Next) => {
            (*is_for_all, *error) = (!*is_for_all, None);
            Vec::new()
        }
        (Some(Overlay::Question(Leaving::End)), Action::Leave) => vec![Effect::Quit],
        (Some(Overlay::Question(Leaving::For(wish))), Action::Leave) => {
            let wish = Wish::clone(wish);
            begin(app, wish)
        }
        (Some(Overlay::Question(_)), Action::Save) => {
            app.overlay = None;
            app.say("writing the session…");
            vec![Effect::Export(Vec::new())]
        }
        _ => Vec::new(),
    }
}

/// What is typed has changed: another row is the best one, an old error is out of date.
pub(super) fn typed(app: &mut App) -> Vec<Effect> {
    match &mut app.overlay {
        Some(Overlay::Palette { selected, input }) => {
            *selected = 0;
            let typed = input.value().to_owned();
            let path = to_open(&typed).map(str::to_owned);
            return path.map(|path| look_into(app, &path)).unwrap_or_default();
        }
        Some(Overlay::Value { error, .. } | Overlay::Sweep { error, .. }) => *error = None,
        Some(Overlay::Help(help)) => help.scroll = 0,
        _ => {}
    }
    Vec::new()
}

/// A look that is chosen in the palette is shown while it is; when it no longer is, things look as before.
pub(super) fn preview(app: &mut App) {
    let shown = match &app.overlay {
        Some(Overlay::Palette { input, selected }) => palette::look(app, input.value(), *selected),
        _ => None,
    };
    match shown {
        Some(theme) => {
            app.before_preview.get_or_insert(app.theme);
            app.theme = theme;
        }
        None => app.theme = app.before_preview.take().unwrap_or(app.theme),
    }
}

/// Rows of text that are in sight, the last of which says how much there is.
fn text_rows(app: &App) -> u16 {
    let head = app.overlay.as_ref().map_or(0, page::head);
    inside(Layout::of(app).overlay).height.saturating_sub(head)
}

/// How far a page goes: what was last is first then.
fn page_rows(app: &App) -> isize {
    isize::try_from(text_rows(app).saturating_sub(2).max(1)).unwrap_or(1)
}

/// Moves the selection of a list, or the text.
pub(super) fn scroll(app: &mut App, by: isize) -> Vec<Effect> {
    let place = inside(Layout::of(app).overlay);
    let (width, height) = (usize::from(place.width), usize::from(text_rows(app)));
    let lines = app.overlay.as_ref().map_or(0, |overlay| page::length(app, overlay, width));
    let landmarks = app.lab.as_ref().map_or(0, |lab| lab.snapshot.landmarks().len());
    let typed = match &app.overlay {
        Some(Overlay::Palette { input, .. }) => input.value().to_owned(),
        _ => String::new(),
    };
    let candidates = palette::candidates(app, &typed).len();
    match &mut app.overlay {
        Some(
            Overlay::Help(Help { scroll, .. })
            | Overlay::Explain { scroll, .. }
            | Overlay::Findings { scroll }
            | Overlay::Notes { scroll }
            | Overlay::Comparison { scroll, .. }
            | Overlay::Notice { scroll, .. },
        ) => {
            // The last page stays full.
            *scroll = moved((*scroll).min(lines), by, (lines + 2).saturating_sub(height));
        }
        Some(Overlay::Picker { selected, marked }) => *selected = moved(*selected, by, marked.len()),
        Some(Overlay::Branches { selected }) => *selected = moved(*selected, by, landmarks),
        Some(Overlay::Palette { selected, .. }) => *selected = moved(*selected, by, candidates),
        _ => {}
    }
    Vec::new()
}

/// The marked estimators, or the one selected, become trials.
fn add_marked(app: &mut App) -> Vec<Effect> {
    let Some(Overlay::Picker { selected, mut marked }) = app.overlay.take() else {
        return Vec::new();
    };
    if !marked.contains(&true) {
        marked[selected] = true;
    }
    let chosen = estimator::ALL.iter().zip(&marked).filter(|(_, marked)| **marked);
    let specs: Vec<Spec<_>> = chosen.filter_map(|(entry, _)| Spec::new(entry.card.id)).collect();
    if app.screen == Screen::Start {
        app.start.extra = specs;
        app.say("Enter opens the scenario with these estimators as well");
        return Vec::new();
    }
    let names: Vec<&str> = specs.iter().map(|spec| spec.card().name).collect();
    app.say(format!("added {}; new trials start at λ₀", names.join(", ")));
    specs.into_iter().flat_map(|spec| add(app, spec)).collect()
}

/// A trial beside the selected one: its inner and outer loop, another estimator.
pub(super) fn add(app: &mut App, estimator: Spec<estimator::Estimators>) -> Vec<Effect> {
    let Some(lab) = &app.lab else {
        return Vec::new();
    };
    let beside = lab.selected().map(|trial| &trial.setting);
    let taken = |name: &str| lab.snapshot.trials.iter().any(|trial| trial.setting.name == name);
    let stem = estimator.card().name;
    let numbered = (2..).map(|number| format!("{stem} {number}"));
    let name = std::iter::once(stem.to_owned()).chain(numbered).find(|name| !taken(name));
    let spec = TrialSpec {
        name,
        estimator,
        inner: beside.map(|setting| setting.inner.clone()),
        outer: beside.map(|setting| setting.outer.clone()),
        draws: beside.map(|setting| setting.draws.clone()),
        world: beside.map(|setting| setting.world.clone()),
        ensemble: beside.map(|setting| setting.ensemble.clone()),
        population: beside.map(|setting| setting.population.clone()),
    };
    lab::changed(app, Command::Add(Box::new(spec)))
}

fn retype(app: &mut App, text: String) -> Vec<Effect> {
    if let Some(input) = app.input() {
        *input = tui_input::Input::new(text);
    }
    typed(app)
}

/// The selected command of the palette.
fn carry_out(app: &mut App) -> Vec<Effect> {
    let Some(Overlay::Palette { input, selected }) = &app.overlay else {
        return Vec::new();
    };
    let candidates = palette::candidates(app, input.value());
    let Some(candidate) = candidates.into_iter().nth(*selected) else {
        app.complain("no command is called that; Esc closes");
        return Vec::new();
    };
    match candidate.deed {
        Deed::Do(action) => {
            app.overlay = None;
            screen::act(app, action)
        }
        Deed::Type(text) => retype(app, text),
        Deed::Open(name) => {
            app.overlay = None;
            open_or_ask(app, Wish::Named(name))
        }
        Deed::Set(row, content) => {
            app.overlay = None;
            app.say(format!("{} = {}", row.address.path(), content.to_text()));
            lab::turn(app, &row, content)
        }
        Deed::Assign(path, value) => {
            app.overlay = None;
            lab::assign(app, &path, &value)
        }
        Deed::Look(theme) => {
            app.overlay = None;
            (app.theme, app.before_preview) = (theme, None);
            if theme.depth == Depth::None {
                app.say("this terminal shows no colours, or NO_COLOR asks for none");
            } else {
                app.say("so it is until the end; a configuration keeps it: `hyperlab --print-config`");
            }
            Vec::new()
        }
        Deed::Refuse(reason) => {
            app.complain(reason);
            Vec::new()
        }
        Deed::LookUp(word) => {
            app.overlay = Some(Overlay::Help(Help::about(&word)));
            Vec::new()
        }
        Deed::Seek(position) => {
            app.overlay = None;
            vec![Effect::Stop, Effect::Ask(Request::Seek(position))]
        }
        Deed::Bookmark(name) => {
            app.overlay = None;
            marks::name(app, name)
        }
        Deed::Until(until) => {
            app.overlay = None;
            lab::until(app, until)
        }
        Deed::Plot(against) => {
            app.overlay = None;
            charts::show_metric(app, against)
        }
        Deed::Grid(grid) => {
            app.overlay = None;
            charts::set_grid(app, grid);
            Vec::new()
        }
        Deed::Show(chart) => {
            app.overlay = None;
            charts::show_chart(app, chart)
        }
        Deed::Add(id) => {
            app.overlay = None;
            match find(estimator::ALL, id).map(Spec::of) {
                Some(spec) => add(app, spec),
                None => Vec::new(),
            }
        }
    }
}

fn take_value(app: &mut App) -> Vec<Effect> {
    let (Some(Overlay::Value { row, input, error, .. }), Some(lab)) = (&mut app.overlay, &app.lab) else {
        return Vec::new();
    };
    match accepted(row, input.value(), lab) {
        Err(reason) => {
            *error = Some(reason);
            Vec::new()
        }
        Ok(content) => {
            let row = row.clone();
            app.overlay = None;
            lab::turn(app, &row, content)
        }
    }
}

/// What a row is to hold, or why it cannot: of a knob what it takes, of other values what `--set` would say.
fn accepted(row: &KnobRow, typed: &str, lab: &LabState) -> Result<Content, String> {
    let content = row.content.retyped(typed).map_err(|expected| format!("expected {expected}"))?;
    if matches!(row.address, Address::Name(_)) && content.to_text().is_empty() {
        return Err(CommandError::NoName.to_string());
    }
    if let (Address::Scenario(path), Content::Text(text)) = (&row.address, &content) {
        vary(&lab.snapshot.experiment.scenario, &format!("{path}={text}"))?;
    }
    Ok(content)
}
