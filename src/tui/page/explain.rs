//! A card, in full: what something is, where it is from, what it costs, when it fails.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::catalog::{Card, Knobs};
use crate::front::wrap;
use crate::scenario::Scenario;
use crate::trial::Setting;
use crate::tui::state::{App, Explained, Screen};
use crate::tui::text::clean;

/// The lines of a page at a width.
pub(in crate::tui) fn lines(app: &App, page: Explained, columns: usize) -> Vec<Line<'static>> {
    let mut text = Text { app, columns, lines: Vec::new() };
    match page {
        Explained::Scenario => scenario(app, &mut text),
        Explained::Chart => match app.shown_lab() {
            Some(lab) => text.card(&lab.chart().card, None),
            None => text.say("Charts are explained once the laboratory is open."),
        },
        Explained::Problem => problem(app, &mut text),
        Explained::Estimator | Explained::Dynamics | Explained::Rule => match setting(app) {
            Some(setting) => {
                let (card, knobs) = match page {
                    Explained::Estimator => (setting.estimator.card(), &setting.estimator.knobs),
                    Explained::Dynamics => (setting.inner.dynamics.card(), &setting.inner.dynamics.knobs),
                    _ => (setting.outer.rule.card(), &setting.outer.rule.knobs),
                };
                text.card(card, Some(knobs));
            }
            None => text.say("No trial is selected: a adds one."),
        },
    }
    text.lines
}

/// The selected trial's setting; on the start page, that of the scenario's first trial.
fn setting(app: &App) -> Option<Setting> {
    if let Some(lab) = app.shown_lab() {
        return lab.selected().map(|trial| trial.setting.clone());
    }
    let scenario = &app.chosen().filter(|_| app.screen == Screen::Start)?.scenario;
    scenario.trials.first().map(|trial| Setting::of(trial, scenario))
}

fn scenario(app: &App, text: &mut Text<'_>) {
    if let Some(lab) = app.shown_lab() {
        let snapshot = &lab.snapshot;
        text.heading(&snapshot.title);
        text.say(&snapshot.about);
        let sizes = snapshot.problem.dimensions;
        text.field("problem", snapshot.problem.card.name);
        text.field("θ", &format!("{} parameters", sizes.inner));
        if let Some(trial) = lab.selected() {
            let named = names(&trial.lambda_names);
            text.field("λ", &format!("{} hyperparameters: {named}", trial.lambda.len()));
        }
        if sizes.training > 0 {
            text.field("rows", &format!("{} train, {} validate", sizes.training, sizes.validation));
        }
        text.field("seed", &snapshot.seed.to_string());
    } else if let Some(chosen) = app.chosen() {
        let Scenario { title, about, seed, problem, data, .. } = &chosen.scenario;
        text.heading(title);
        text.say(about);
        text.field("problem", problem.card().name);
        if let Some(data) = data {
            text.field("data", &crate::data::in_words(data));
        }
        text.field("seed", &seed.to_string());
    }
}

fn names(names: &[String]) -> String {
    let shown = names.iter().take(6).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 6 { format!("{shown}, …") } else { shown }
}

fn problem(app: &App, text: &mut Text<'_>) {
    if let Some(lab) = app.shown_lab() {
        text.card(lab.snapshot.problem.card, Some(&lab.snapshot.problem.knobs));
    } else if let Some(chosen) = app.chosen() {
        text.card(chosen.scenario.problem.card(), Some(&chosen.scenario.problem.knobs));
    }
}

/// Lines being written.
struct Text<'a> {
    app: &'a App,
    columns: usize,
    lines: Vec<Line<'static>>,
}

impl Text<'_> {
    fn heading(&mut self, words: &str) {
        let look = self.app.theme.heading();
        self.lines.extend(wrap(&clean(words), self.columns).into_iter().map(|line| Line::styled(line, look)));
        self.lines.push(Line::default());
    }

    fn say(&mut self, words: &str) {
        self.lines.extend(wrap(&clean(words), self.columns).into_iter().map(Line::from));
        self.lines.push(Line::default());
    }

    fn field(&mut self, name: &str, words: &str) {
        const INDENT: usize = 10;
        let quiet = self.app.theme.quiet();
        for (row, line) in wrap(&clean(words), self.columns.saturating_sub(INDENT)).into_iter().enumerate() {
            let margin = format!("{:<INDENT$}", if row == 0 { name } else { "" });
            self.lines.push(Line::from(vec![Span::styled(margin, quiet), Span::raw(line)]));
        }
    }

    fn card(&mut self, card: &Card, knobs: Option<&Knobs>) {
        self.heading(card.name);
        let look = self.app.theme.focus();
        let room = self.columns.saturating_sub(2);
        self.lines.extend(wrap(card.equation, room).into_iter().map(|line| Line::styled(format!("  {line}"), look)));
        self.lines.push(Line::default());
        self.say(card.summary);
        self.field("source", card.source);
        self.field("cost", card.cost);
        self.field("fails", card.fails);
        for (index, (knob, value)) in knobs.into_iter().flat_map(Knobs::iter).enumerate() {
            if index == 0 {
                self.lines.push(Line::default());
                self.lines.push(Line::styled("Knobs", self.app.theme.heading()));
            }
            let name = knob.key.replace('_', " ");
            self.lines.push(Line::from(vec![
                Span::styled(format!("{name} = {value}"), Style::new().patch(self.app.theme.focus())),
                Span::styled(
                    format!("  {}, default {}", knob.expected().replace('`', ""), knob.default()),
                    self.app.theme.quiet(),
                ),
            ]));
            let mut help = |words: &str| {
                let lines = wrap(words, self.columns.saturating_sub(4));
                self.lines.extend(lines.into_iter().map(|line| Line::from(format!("    {line}"))));
            };
            help(knob.help);
            for (option, words) in knob.kind.options().filter(|(_, words)| !words.is_empty()) {
                help(&format!("{option}: {words}"));
            }
        }
    }
}
