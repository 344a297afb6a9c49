//! Charts: what the laboratory knows, as figures.
//!
//! A chart exists once, as a [`Figure`]: plain data with axes, layers and notes. The screen draws
//! it in cells, the exports draw it on paper, and both take ticks, colours, markers and clipping
//! from here, so that they cannot disagree. To add a chart: one file here, one line in [`ALL`].

pub mod figure;
pub mod palette;

mod accuracy;
mod age_weights;
mod best_f;
mod bias_variance;
mod bias_variance_sweep;
mod choice;
mod clock;
mod cosine;
mod cosine_sweep;
mod descent;
mod doubted;
mod eigenvalues;
mod error_against_cost;
mod error_bound;
mod excess;
mod excess_error;
mod foresight;
mod found;
mod founders;
mod frozen;
mod frozen_sweep;
mod gap;
mod horizon_cost;
mod hypergradient_error;
mod hyperparameters;
mod landscape;
mod last_run;
mod learned_schedule;
mod lineage;
mod losses;
mod metric;
mod mutation;
mod one_task;
mod outer_error;
mod overfitting;
mod parallel;
mod paths;
mod pixels;
mod recommend;
mod response;
mod row_weights;
mod sharing;
mod smoothing;
mod stability;
mod staleness;
mod stationary;
mod stationary_sweep;
mod strips;
mod structural;
mod student_paths;
mod student_values;
mod students;
mod success;
mod super_efficiency;
mod super_efficiency_seeds;
mod suspicious_digits;
mod swept;
mod value;
mod value_against_cost;
mod whole_runs;

pub use crate::catalog::Scale;
pub use choice::Choice;
pub use clock::{clock_of, next_clock, on_clock};
pub use figure::{Axis, Empty, Figure, Fit, Ink, Layer, Lens, Others, Shape, Style, Truth, Weight, set_off};
pub use metric::Against;
pub use palette::Marker;
pub use strips::strips;

use crate::catalog::{Card, Carded, Catalog};
use crate::lab::{Snapshot, TrialView};
use crate::math::number::{counted, noun};
use crate::metric::{Clock, Metric};
use crate::probe::Question;
use crate::probe::bias_variance::BiasVariance;
use crate::reference::{Gives, LARGE_CONDITION};

/// Every chart, in the order shown.
pub static ALL: &[Entry] = &[
    super_efficiency::ENTRY,
    losses::ENTRY,
    hypergradient_error::ENTRY,
    hyperparameters::ENTRY,
    error_against_cost::ENTRY,
    cosine::ENTRY,
    value::ENTRY,
    outer_error::ENTRY,
    error_bound::ENTRY,
    eigenvalues::ENTRY,
    staleness::ENTRY,
    bias_variance::ENTRY,
    bias_variance_sweep::ENTRY,
    cosine_sweep::ENTRY,
    frozen::ENTRY,
    frozen_sweep::ENTRY,
    stationary::ENTRY,
    stationary_sweep::ENTRY,
    super_efficiency_seeds::ENTRY,
    overfitting::ENTRY,
    gap::ENTRY,
    excess_error::TRAJECTORY,
    excess_error::AVERAGED,
    stability::TWINS,
    stability::GAP,
    stability::TRIALS,
    stability::AGAINST,
    stability::GAP_BY_VALUE,
    stability::ROWS,
    recommend::CALLS,
    recommend::MEMORY,
    accuracy::ENTRY,
    row_weights::ENTRY,
    suspicious_digits::ENTRY,
    one_task::ENTRY,
    structural::ENTRY,
    response::ENTRY,
    age_weights::ENTRY,
    pixels::ENTRY,
    value_against_cost::ENTRY,
    excess::VALUE,
    excess::GRADIENT,
    descent::VALUE,
    descent::GRADIENT,
    sharing::WINDOWS,
    sharing::STEPS,
    sharing::SOURCES,
    foresight::ENTRY,
    learned_schedule::ENTRY,
    horizon_cost::MEMORY,
    horizon_cost::CALLS,
    paths::ENTRY,
    student_paths::ENTRY,
    student_values::ENTRY,
    best_f::ENTRY,
    success::UNITS,
    success::ROUNDS,
    success::ENDS,
    success::TESTED,
    lineage::ENTRY,
    mutation::ENTRY,
    parallel::ENTRY,
    landscape::ENTRY,
    metric::ENTRY,
];

/// A chart that can be shown.
pub struct Entry {
    /// What it shows.
    pub card: Card,
    /// The lab as this figure.
    pub draw: fn(&Snapshot) -> Figure,
    /// What has to be measured for it; nothing, where the run itself is drawn.
    pub finding: Option<Question>,
}

/// The list of charts.
pub struct Charts;

impl Catalog for Charts {
    type Entry = Entry;
    const ITEM: &'static str = "chart";

    fn all() -> &'static [Entry] {
        ALL
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.card.id)
    }
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}

/// The look of a trial: its identifier is its place in the palette, so that it keeps its colour
/// whatever else comes and goes.
fn ink(trial: &TrialView) -> Style {
    Style::trial(usize::try_from(trial.id).unwrap_or(usize::MAX))
}

/// The first number in the palette that no trial shown has.
fn first_free(snapshot: &Snapshot) -> usize {
    snapshot.shown().filter_map(|trial| usize::try_from(trial.id).ok()).max().map_or(0, |id| id + 1)
}

/// The look of number `series` of what is no trial, where trials are seen beside it: with none of their colours and markers.
fn beside_trials(snapshot: &Snapshot, series: usize) -> Style {
    Style::series(first_free(snapshot) + series)
}

/// What a chart of outer steps says before the first of them.
fn no_outer_step() -> Empty {
    Empty::because("no outer step yet").helped("press N for one")
}

/// The least value of F as a line, where it is known in closed form.
fn least(snapshot: &Snapshot) -> Option<Layer> {
    snapshot.problem.minimum.as_ref().map(|minimum| Layer::horizontal("minimum of F", minimum.value))
}

/// Says why no trial shown has what is drawn, where that is so: no point will ever come, whatever is pressed.
fn say_lack(figure: &mut Figure, snapshot: &Snapshot, metrics: &[&Metric]) {
    let has_any = |trial: &TrialView| metrics.iter().any(|metric| trial.offers.has(metric));
    if snapshot.shown().any(has_any) {
        return;
    }
    let lack = |trial: &TrialView| metrics.iter().find_map(|metric| trial.offers.lack(metric).map(str::to_owned));
    if let Some(lack) = snapshot.shown().find_map(lack) {
        figure.empty = Empty::because(lack);
        figure.layers.retain(|layer| layer.shape.is_reference());
    }
}

/// Says that a chart of one trial shows the first of several.
fn say_first(figure: &mut Figure, snapshot: &Snapshot) {
    if snapshot.shown().count() > 1 {
        figure.notes.push("of the first trial shown".to_owned());
        figure.hints.push("hide it to see the next".to_owned());
    }
}

/// Whether outer steps are the better horizontal axis: there are at least two to draw.
fn by_outer_step(snapshot: &Snapshot) -> bool {
    snapshot.shown().any(|trial| trial.outer_records.len() >= 2)
}

/// Says what the estimates are held against, and why there may be nothing to draw.
fn say_truth(figure: &mut Figure, snapshot: &Snapshot) {
    figure.truth = Truth { short: truth(snapshot, Gives::words), full: truth(snapshot, Gives::in_full) };
    let is_lost = |trial: &TrialView| trial.truth_doubt.is_some() || trial.truth_digits < 1.0;
    if snapshot.shown().next().is_some() && snapshot.shown().all(is_lost) {
        figure.empty = Empty::because("not even the first digit of ∇F is known at this λ");
    }
}

/// What the estimates are held against, by trial where it differs.
fn truth(snapshot: &Snapshot, words: fn(Gives) -> &'static str) -> String {
    let mut kinds: Vec<(&str, Vec<&str>)> = Vec::new();
    for trial in snapshot.shown() {
        let (words, name) = (words(trial.held_against), trial.setting.name.as_str());
        match kinds.iter_mut().find(|(known, _)| *known == words) {
            Some((_, names)) => names.push(name),
            None => kinds.push((words, vec![name])),
        }
    }
    match &kinds[..] {
        [] => String::new(),
        [(words, _)] => (*words).to_owned(),
        several => {
            let each = several.iter().map(|(words, names)| format!("{words} ({})", names.join(", ")));
            each.collect::<Vec<_>>().join("; ")
        }
    }
}

/// The inner run that is shown, by its λ.
fn of_the_run(snapshot: &Snapshot) -> String {
    if snapshot.run == "0" {
        "inner run at λ₀".to_owned()
    } else {
        format!("inner run at λ of outer step {}", snapshot.run)
    }
}

/// λ of a trial as it is now. At equal cost trials are not at the same outer step.
fn of_now(trial: &TrialView) -> String {
    match trial.outer {
        0 => "at λ₀".to_owned(),
        steps => format!("λ after {}", counted(steps, "outer step")),
    }
}

/// What every chart says in the same words: who has stopped, whose truth is none, why nothing can be seen.
fn finish(mut figure: Figure, snapshot: &Snapshot) -> Figure {
    if figure.moment.is_empty() {
        figure.moment = match last_outer_step(&figure).unwrap_or(snapshot.outer) {
            0 => "at λ₀".to_owned(),
            last => format!("outer steps 0 to {last}"),
        };
    }
    let mut stopped = 0;
    for trial in snapshot.shown() {
        if let Some(stop) = trial.status.stop() {
            // What stopped is the cause of what is missing, and stands before all other notes.
            figure.notes.insert(stopped, format!("{}: {}", trial.setting.name, trial.status));
            stopped += 1;
            mark_stopped(&mut figure, trial, stop);
        }
        let name = &trial.setting.name;
        match &trial.truth_doubt {
            Some(doubt) => figure.notes.push(format!("{name}: no truth at this λ, {doubt}")),
            None if trial.truth_digits < 1.0 => {
                figure.notes.push(format!("{name}: ∇F is rounding at this λ, so that there is no ratio and no cosine"));
            }
            None if trial.truth_condition >= LARGE_CONDITION => {
                let condition = trial.truth_condition;
                figure.notes.push(format!("{name}: H is nearly singular at this λ (condition {condition:.0e})"));
            }
            None => {}
        }
    }
    figure.notes.extend(thinned(snapshot));
    if snapshot.trials.is_empty() {
        figure.empty = Empty::because("no trials").helped("press a to add one");
    } else if snapshot.shown().next().is_none() {
        figure.empty = Empty::because("every trial is hidden").helped("press h to show one");
    } else if let Some(reason) = figure.why_nothing_shows().filter(|_| !figure.empty.help.is_empty()) {
        // Points are there: what would bring some is no help. A reason that no key changes is the better one.
        figure.empty = Empty::because(reason);
    }
    figure
}

/// The last outer step that is drawn, where outer steps are the horizontal axis. What is read where an inner run is over ends
/// one before the λ that its last step led to.
fn last_outer_step(figure: &Figure) -> Option<usize> {
    // By its label, which is how a figure says it; the room of clocks needs this one.
    if figure.x.label != Clock::Outer.words() {
        return None;
    }
    let steps = figure.layers.iter().flat_map(Layer::samples).filter(|(x, y)| x.is_finite() && y.is_finite());
    steps.map(|(x, _)| x as usize).max()
}

/// Says in the legend that a trial has stopped, where its name stands.
fn mark_stopped(figure: &mut Figure, trial: &TrialView, stop: &str) {
    let ink = ink(trial).ink;
    let is_its = |layer: &&mut Layer| layer.style.ink == ink && layer.name == trial.setting.name;
    if let Some(layer) = figure.layers.iter_mut().find(is_its) {
        layer.badge = Some(match layer.badge.take() {
            Some(badge) => format!("{badge}, {stop}"),
            None => stop.to_owned(),
        });
    }
}

/// That not all samples of the run are there any more, where that is so.
fn thinned(snapshot: &Snapshot) -> Option<String> {
    let stride = |trial: &TrialView| trial.outer_records.stride().max(trial.run.steps.stride());
    let stride = snapshot.shown().map(stride).max().filter(|stride| *stride > 1)?;
    Some(format!("a long run: one of {stride} samples is kept, and the last"))
}

/// What estimates were held against, how often, and whether that could be computed.
fn terms(finding: &BiasVariance) -> Vec<String> {
    let count = &finding.replicates;
    let converged = (!finding.truth.converged).then(|| "the truth did not converge".to_owned());
    let is_one = count.training * count.validation == 1;
    let replicates = format!("{} × {} {}", count.training, count.validation, noun("replicate", is_one));
    [finding.truth.in_words(), replicates].into_iter().chain(converged).collect()
}
