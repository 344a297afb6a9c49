//! A card, in full: what something is, where it is from, what it costs, when it fails.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::catalog::{Card, Knobs};
use crate::chart::{self, Choice};
use crate::front::wrap;
use crate::glossary::{self, Term};
use crate::lab::TrialView;
use crate::math::number::counted;
use crate::probe::Question;
use crate::scenario::Scenario;
use crate::trial::Setting;
use crate::tui::keymap::{Action, KEYS};
use crate::tui::state::{App, Explained, Focus, LabState, Screen};
use crate::tui::text::clean;

/// The lines of a page at a width.
pub(in crate::tui) fn lines(app: &App, page: Explained, columns: usize) -> Vec<Line<'static>> {
    let mut text = Text { app, columns, lines: Vec::new() };
    match page {
        Explained::Scenario => scenario(app, &mut text),
        Explained::Words => words(app, &mut text),
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
        let shown = (0..lab.panes.len()).map(|pane| lab.chart_of(pane));
        how_to(shown, snapshot.findings.study().sweep.is_some(), text);
        let sizes = snapshot.problem.dimensions;
        text.field("problem", snapshot.problem.card.name);
        text.field("θ", &counted(sizes.inner, "parameter"));
        if let Some(trial) = lab.selected() {
            let named = names(&trial.lambda_names);
            text.field("λ", &format!("{}: {named}", counted(trial.lambda.len(), "hyperparameter")));
        }
        if sizes.training > 0 {
            let test = snapshot.problem.data.as_ref().map_or(0, |data| data.split.test.targets.len());
            text.field("rows", &format!("{} train, {} validate, {test} test", sizes.training, sizes.validation));
        }
        for note in snapshot.problem.data.iter().flat_map(|data| &data.notes) {
            text.field(if note.is_warning { "warning" } else { "data" }, &note.text);
        }
        if let Some(price) = &snapshot.problem.price {
            text.field("cost", price);
        }
        text.field("seed", &snapshot.seed.to_string());
    } else if let Some(chosen) = app.chosen() {
        let Scenario { title, about, seed, problem, data, charts, study, .. } = &chosen.scenario;
        text.heading(title);
        text.say(about);
        let shown = charts.iter().filter_map(|chart| Some(Choice::parse(chart).ok()?.entry));
        how_to(shown, study.sweep.is_some(), text);
        text.field("problem", problem.card().name);
        if let Some(data) = data {
            text.field("data", &crate::data::in_words(data));
        }
        text.field("seed", &seed.to_string());
    }
}

/// What the charts of a scenario show, each once, and what to press.
fn how_to(charts: impl Iterator<Item = &'static chart::Entry>, has_sweep: bool, text: &mut Text<'_>) {
    let mut shown: Vec<&chart::Entry> = Vec::new();
    for entry in charts {
        if !shown.iter().any(|other| std::ptr::eq(*other, entry)) {
            shown.push(entry);
        }
    }
    text.part("What its charts show");
    for entry in &shown {
        text.item(entry.card.name, entry.card.plain());
    }
    text.part("What to press");
    let key =
        |action: Action| KEYS.iter().find(|it| it.action == action).map_or_else(String::new, |it| it.keys[0].label());
    let measured = Question::all().filter(|question| {
        shown.iter().any(|entry| entry.finding == Some(*question)) && (!question.is_over_sweep() || has_sweep)
    });
    for question in measured {
        text.item(&question.key().to_string(), &format!("{}.", question.in_words()));
    }
    text.item(&key(Action::Run), "Run to where the scenario plans to end.");
    text.item(&key(Action::OuterStep), "Finish one outer step; the charts keep its inner run.");
    text.item(
        &key(Action::Explain),
        "Explain what is in focus; → turns the pages, w shows the words that stand there.",
    );
    text.lines.push(Line::default());
}

/// The words and symbols that stand in the panel in focus, in the order of the glossary.
fn words(app: &App, text: &mut Text<'_>) {
    let in_scenario = || app.chosen().map(|it| format!("{} \n {}", it.scenario.title, it.scenario.about));
    let standing = app.shown_lab().map(standing).or_else(in_scenario).unwrap_or_default();
    let terms: Vec<&Term> = glossary::terms().filter(|term| term.stands_in(&standing)).collect();
    if terms.is_empty() {
        return text.say("No word of the glossary stands here. ? has all of them, in the section Words.");
    }
    let place = if app.shown_lab().is_some() { "panel in focus" } else { "text of the scenario" };
    text.say(&format!("The words and symbols that stand in the {place}. ? has all of them, and can be searched."));
    for term in terms {
        text.lines
            .extend(wrap(&term.heading(), text.columns).into_iter().map(|row| Line::styled(row, app.theme.focus())));
        text.indented(term.plain, Style::new());
        text.indented(term.more, app.theme.quiet());
        text.lines.push(Line::default());
    }
}

/// Everything that is written in the panel in focus.
fn standing(lab: &LabState) -> String {
    match lab.focus {
        Focus::Charts => {
            let figure = lab.choice(lab.pane).draw(&lab.snapshot);
            let layers = figure.layers.iter().flat_map(|layer| [Some(layer.name.clone()), layer.badge.clone()]);
            let card = &lab.chart().card;
            let labels =
                [figure.title.clone(), figure.x.label.clone(), figure.y.label.clone(), figure.empty.reason.clone()];
            let own = [card.equation.to_owned(), card.summary.to_owned()];
            let all = labels.into_iter().chain(layers.flatten()).chain(figure.notes.iter().cloned()).chain(own);
            all.collect::<Vec<_>>().join(" \n ")
        }
        Focus::Knobs => {
            let rows = lab.knobs();
            let chosen = rows.get(lab.knob).map(|row| format!("{} {}", row.label, row.help));
            format!("{} \n λ θ", chosen.unwrap_or_default())
        }
        Focus::Trials => lab.selected().map(in_reading).unwrap_or_default(),
    }
}

/// What the reading says of a trial, and the equation of its estimator.
fn in_reading(trial: &TrialView) -> String {
    let symbols = trial.ranked().into_iter().map(|metric| metric.symbol);
    let card = trial.setting.estimator.card();
    let always =
        ["trial", "slope", "C", "needs a decade", "hvps", "cross", "factorizations", "memory", "residual", "F↑"];
    let truth = format!("truth {}", trial.held_against.words());
    let all = symbols.chain(always).chain([card.equation, card.summary, &truth]);
    all.collect::<Vec<_>>().join(" \n ")
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

    /// A heading inside a page.
    fn part(&mut self, words: &str) {
        self.lines.push(Line::styled(words.to_owned(), self.app.theme.heading()));
    }

    /// Something and what is said of it, under one another where that is long.
    fn item(&mut self, name: &str, words: &str) {
        const INDENT: usize = 2;
        for (row, line) in
            wrap(&format!("{name}: {words}"), self.columns.saturating_sub(INDENT)).into_iter().enumerate()
        {
            let line = match line.strip_prefix(name).filter(|_| row == 0) {
                Some(rest) => vec![Span::styled(name.to_owned(), self.app.theme.focus()), Span::raw(rest.to_owned())],
                None => vec![Span::raw(line)],
            };
            self.lines.push(Line::from([vec![Span::raw(" ".repeat(INDENT))], line].concat()));
        }
    }

    fn indented(&mut self, words: &str, look: Style) {
        let rows = wrap(words, self.columns.saturating_sub(2));
        self.lines.extend(rows.into_iter().map(|row| Line::from(vec![Span::raw("  "), Span::styled(row, look)])));
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
        self.say(card.plain());
        let look = self.app.theme.focus();
        let room = self.columns.saturating_sub(2);
        self.lines.extend(wrap(card.equation, room).into_iter().map(|line| Line::styled(format!("  {line}"), look)));
        self.lines.push(Line::default());
        if !card.rest().is_empty() {
            self.say(card.rest());
        }
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
