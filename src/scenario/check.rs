//! Every mistake in a scenario, each with its place.

use std::sync::Arc;

use super::batches::Rows;
use super::build;
use super::dependent::dependent_columns;
use super::diagnostic::{Diagnostic, Severity};
use super::failure::BuildFailure;
use super::locate::Document;
use super::long_steps::{Bounds, LongStep, long_step, within};
use super::requirements::Asked;
use super::suggest::did_you_mean;
use super::unmoved::{Unmoved, unmoved};
use super::{InnerSpec, OuterSpec, Scenario, Setting, Study, TrialSpec, ages, parse, start, students, worlds};
use crate::catalog::Knobs;
use crate::data::{Files, Prepared};
use crate::draw::{Drawing, Products};
use crate::math::number::{counted, written};
use crate::problem::Problem;
use crate::reference;

/// The screen has room for so many charts.
pub const MOST_CHARTS: usize = 9;

/// Reads a scenario and looks for every mistake in it. `charts` are the charts that exist. The scenario comes back when nothing worse than a warning was found.
pub fn check_text(
    text: &str,
    files: &dyn Files,
    charts: &(impl KnownCharts + ?Sized),
) -> (Option<Scenario>, Vec<Diagnostic>) {
    match parse(text) {
        Err(diagnostic) => (None, vec![diagnostic]),
        Ok(scenario) => {
            let found = check(&scenario, text, files, charts);
            let is_usable = !found.iter().any(Diagnostic::is_error);
            (is_usable.then_some(scenario), found)
        }
    }
}

/// Every mistake in a scenario that was parsed from `text`, errors and warnings, in the order of the text.
pub fn check(
    scenario: &Scenario,
    text: &str,
    files: &dyn Files,
    charts: &(impl KnownCharts + ?Sized),
) -> Vec<Diagnostic> {
    let mut report = Report { document: Document::new(text), found: Vec::new() };
    check_loops(scenario, &mut report);
    check_charts(scenario, charts, &mut report);
    for (message, help) in charts.mistakes_of_study(&scenario.study) {
        report.add(Severity::Error, "study.knobs", message, help);
    }
    check_names(scenario, &mut report);
    check_pace(scenario, &mut report);
    check_parts(scenario, files, &mut report);
    report.found.sort_by_key(|diagnostic| diagnostic.span.as_ref().map(|span| span.start));
    report.found
}

/// What was found so far.
struct Report<'a> {
    document: Document<'a>,
    found: Vec<Diagnostic>,
}

impl Report<'_> {
    fn add(&mut self, severity: Severity, path: &str, message: impl Into<String>, help: Option<String>) {
        let span = self.document.underline(path);
        self.found.push(Diagnostic::at(severity, message, self.document.text(), span).with_help(help));
    }

    fn error(&mut self, path: &str, message: impl Into<String>) {
        self.add(Severity::Error, path, message, None);
    }

    fn failure(&mut self, failure: BuildFailure) {
        // A target can only be pointed at where the source has one.
        let path = match failure.field.strip_suffix(".target") {
            Some(source) if self.document.find(&failure.field).is_none() => source.to_owned(),
            _ => failure.field,
        };
        self.add(Severity::Error, &path, failure.message, failure.help);
    }
}

/// The loops of the scenario and of every trial that has its own, by path.
fn check_loops(scenario: &Scenario, report: &mut Report<'_>) {
    check_inner("inner", &scenario.inner, report);
    check_outer("outer", &scenario.outer, report);
    for (index, trial) in scenario.trials.iter().enumerate() {
        if let Some(inner) = &trial.inner {
            check_inner(&format!("trials[{index}].inner"), inner, report);
        }
        if let Some(outer) = &trial.outer {
            check_outer(&format!("trials[{index}].outer"), outer, report);
        }
    }
    for (field, message) in scenario.study.mistakes() {
        report.error(&format!("study.{field}"), message);
    }
    if scenario.trials.is_empty() {
        report.error("trials", "there are no trials; expected at least 1");
    }
    if scenario.measure_every == 0 {
        report.error("measure_every", "`measure_every` is 0; expected at least 1");
    }
}

fn check_inner(path: &str, inner: &InnerSpec, report: &mut Report<'_>) {
    for (field, message) in inner.mistakes() {
        report.error(&format!("{path}.{field}"), message);
    }
}

fn check_outer(path: &str, outer: &OuterSpec, report: &mut Report<'_>) {
    // A front may ask for no outer step, to draw the start; a file has no reason to.
    if outer.steps == 0 {
        report.error(&format!("{path}.steps"), "`steps` is 0, so λ never moves; expected at least 1");
    }
    for (field, message) in outer.mistakes() {
        report.error(&format!("{path}.{field}"), message);
    }
}

/// The charts that exist, and the probes behind them, which live above a scenario.
pub trait KnownCharts {
    /// What is wrong with the knobs of probes that a study sets, and what to do about it.
    fn mistakes_of_study(&self, _study: &Study) -> Vec<(String, Option<String>)> {
        Vec::new()
    }

    /// Why a chart that a scenario asks for stays empty there, and what to do about it.
    fn doubt(&self, _chart: &str, _scenario: &Scenario) -> Option<(String, Option<String>)> {
        None
    }

    /// What is wrong with the chart that a scenario asks for, and what to do about it.
    fn mistake(&self, chart: &str, scenario: &Scenario) -> Option<(String, Option<String>)>;
}

/// Charts by their identifiers alone.
impl KnownCharts for [&str] {
    fn mistake(&self, chart: &str, _: &Scenario) -> Option<(String, Option<String>)> {
        if self.contains(&chart) {
            return None;
        }
        let known = self.iter().map(|chart| format!("`{chart}`")).collect::<Vec<_>>().join(", ");
        let message = format!("there is no chart `{}`; expected one of {known}", crate::data::display_text(chart));
        Some((message, did_you_mean(chart, self.iter().copied())))
    }
}

fn check_charts(scenario: &Scenario, charts: &(impl KnownCharts + ?Sized), report: &mut Report<'_>) {
    for (index, chart) in scenario.charts.iter().enumerate() {
        let path = format!("charts[{index}]");
        if let Some((message, help)) = charts.mistake(chart, scenario) {
            report.add(Severity::Error, &path, message, help);
        } else if let Some((message, help)) = charts.doubt(chart, scenario) {
            report.add(Severity::Warning, &path, message, help);
        }
    }
    if scenario.charts.len() > MOST_CHARTS {
        let message = format!("found {} charts; expected at most {MOST_CHARTS}", scenario.charts.len());
        report.error(&format!("charts[{MOST_CHARTS}]"), message);
    }
    if let Some((rows, columns)) = scenario.grid
        && !(1..=MOST_CHARTS).contains(&rows.saturating_mul(columns))
    {
        let message = format!(
            "found {} of {}; expected 1 to {MOST_CHARTS} charts in all",
            counted(rows, "row"),
            counted(columns, "chart")
        );
        report.error("grid", message);
    }
}

fn check_names(scenario: &Scenario, report: &mut Report<'_>) {
    for (index, trial) in scenario.trials.iter().enumerate() {
        let Some(name) = &trial.name else { continue };
        let first = scenario.trials[..index].iter().position(|other| other.name.as_ref() == Some(name));
        if let Some(first) = first {
            let message = format!("trials {first} and {index} are both named `{name}`");
            report.add(Severity::Warning, &format!("trials[{index}].name"), message, None);
        }
    }
}

fn check_pace(scenario: &Scenario, report: &mut Report<'_>) {
    if let Some(message) = scenario.pace.entry().idle(scenario.trials.len()) {
        report.add(Severity::Warning, "pace", message, None);
    }
}

/// Builds what can be built, and goes on past what cannot.
fn check_parts(scenario: &Scenario, files: &dyn Files, report: &mut Report<'_>) {
    let (failures, otherwise) = build::asked_in_vain(scenario);
    failures.into_iter().for_each(|failure| report.failure(failure));
    if let Some(otherwise) = otherwise {
        // The rows are looked at all the same: what is wrong with them is said in the same round.
        let built = build::data(&otherwise, files, None);
        let built = built.and_then(|data| build::problem(&otherwise, data.as_ref()).map(drop));
        return built.err().into_iter().for_each(|failure| report.failure(failure));
    }
    let data = match build::data(scenario, files, None) {
        Ok(data) => data,
        Err(failure) => return report.failure(failure),
    };
    let problem = match build::problem(scenario, data.as_ref()) {
        Ok(problem) => problem,
        Err(failure) => return report.failure(failure),
    };
    // Tasks are drawn: what the first bears another may not.
    if let Err(failure) = build::other_tasks(scenario, data.as_ref()) {
        return report.failure(failure);
    }
    for note in data.iter().flat_map(|data| &data.notes) {
        let severity = if note.is_warning { Severity::Warning } else { Severity::Note };
        report.add(severity, &format!("data.{}", note.field), note.text.clone(), None);
    }
    let lambda = match start::lambda(&scenario.lambda, problem.as_ref(), scenario.seed) {
        Ok(lambda) => lambda,
        Err(failure) => return report.failure(failure),
    };
    let dependent = data.as_ref().and_then(|data| dependent_columns(&problem, &lambda, &data.split));
    if let Some(note) = dependent {
        report.add(Severity::Warning, &format!("data.{}", note.field), note.text, None);
    }
    if let Err(failure) = start::theta(&scenario.theta, &problem, &lambda, &mut start::theta_stream(scenario.seed)) {
        report.failure(failure);
    }
    for failure in build::ensemble_failures(scenario, data.as_ref(), problem.as_ref()) {
        report.failure(failure);
    }
    for failure in (worlds::Rows { scenario, data: data.as_ref(), problem: problem.as_ref() }).in_vain() {
        report.failure(failure);
    }
    check_divisions(scenario, data.as_ref(), report);
    check_memory(scenario, data.as_ref(), report);
    let asked = Asked { scenario, problem: &problem, lambda: &lambda };
    for failure in asked.in_vain() {
        report.failure(failure);
    }
    for failure in students::in_vain(&asked).into_iter().chain(ages::in_disorder(&asked)) {
        report.failure(failure);
    }
    if let Err(failure) = build::check_reference(scenario, problem.as_ref()) {
        report.failure(failure);
    }
    let rows = Rows { problem: problem.as_ref(), name: scenario.problem.card().ron_name() };
    for failure in rows.in_vain(scenario) {
        report.failure(failure);
    }
    check_groups(scenario, problem.as_ref(), report);
    check_price(scenario, problem.as_ref(), report);
    check_start(&asked, report);
    for Unmoved { path, message, help } in unmoved(&asked) {
        report.add(Severity::Warning, &path, message, Some(help));
    }
    check_idle(scenario, report);
    check_warm_loops(scenario, report);
    check_lists(scenario, problem.as_ref(), report);
    check_batches(scenario, report);
    check_starts(scenario, report);
    check_steps(scenario, &problem, &lambda, report);
}

/// Rows that take much memory.
fn check_memory(scenario: &Scenario, data: Option<&Prepared>, report: &mut Report<'_>) {
    let policies = scenario.trials.iter().map(|trial| trial.ensemble.as_ref().unwrap_or(&scenario.ensemble));
    let members: usize = policies.map(|policy| policy.entry().splits(&policy.knobs)).sum();
    if let Some(note) = data.and_then(|data| data.memory(members)) {
        report.add(Severity::Note, "data.source", note.text, None);
    }
}

/// Ensembles and worlds that divide rows anew otherwise than the split did.
fn check_divisions(scenario: &Scenario, data: Option<&Prepared>, report: &mut Report<'_>) {
    let (Some(spec), Some(data)) = (&scenario.data, data) else { return };
    let trials = || scenario.trials.iter().enumerate();
    let ensembles =
        trials().filter_map(|(index, trial)| Some((format!("trials[{index}].ensemble"), trial.ensemble.as_ref()?)));
    for (path, policy) in std::iter::once(("ensemble".to_owned(), &scenario.ensemble)).chain(ensembles) {
        if spec.split.is_ordered() && policy.entry().divides {
            report.add(Severity::Warning, &path, NO_ORDER, None);
        }
        let has_classes = !data.split.labels.is_empty();
        if spec.split.is_stratified() && has_classes && !policy.entry().keeps_classes(&policy.knobs) {
            let message = "the split is stratified, and the members divide its rows without regard to classes";
            report.add(Severity::Note, &path, message, Some("`by_class: true` keeps them in their shares".to_owned()));
        }
    }
    let worlds = trials().filter_map(|(index, trial)| Some((format!("trials[{index}].world"), trial.world.as_ref()?)));
    for (path, world) in std::iter::once(("world".to_owned(), &scenario.world)).chain(worlds) {
        if spec.split.is_ordered() && !world.entry().is_in_order {
            report.add(Severity::Warning, &path, NO_ORDER, None);
        }
    }
}

const NO_ORDER: &str = "the split is ordered in time, and this divides its rows without regard to their order: what validates no \
                        longer comes after what trains";

/// Groups that nothing reads.
fn check_groups(scenario: &Scenario, problem: &dyn Problem, report: &mut Report<'_>) {
    let are_listed = scenario.data.as_ref().is_some_and(|data| !data.groups.is_empty());
    if are_listed && !problem.reads_groups() {
        let message = "groups of columns are listed, but λ has no entry for each; expected `penalty: PerGroup`, where the \
                       problem has that knob, or no `groups`";
        report.add(Severity::Warning, "data.groups", message, None);
    }
}

/// Exact answers that take long.
fn check_price(scenario: &Scenario, problem: &dyn Problem, report: &mut Report<'_>) {
    if let Some(message) = reference::notice(&scenario.truth, problem) {
        report.add(Severity::Warning, "truth", message, Some(reference::cheaper(&scenario.truth)));
    }
}

/// A λ outside the bounds jumps at the first outer step.
fn check_start(asked: &Asked<'_>, report: &mut Report<'_>) {
    let Scenario { outer, inner, seed, .. } = asked.scenario;
    let blocks = outer.in_force(asked.declared(inner), *seed);
    let mut entries = asked.lambda.iter().zip(blocks.bounds());
    if let Some((value, (low, high))) = entries.find(|(value, (low, high))| !(low..=high).contains(value)) {
        let message =
            format!("λ starts at {}, outside the bounds {} and {}", written(*value), written(low), written(high));
        report.add(Severity::Warning, "lambda", message, None);
    }
}

/// What methods that go on from one outer step to the next do not read, and that one which begins anew never gets anywhere.
fn check_warm_loops(scenario: &Scenario, report: &mut Report<'_>) {
    for (index, trial) in scenario.trials.iter().enumerate() {
        let inner = trial.inner.as_ref().unwrap_or(&scenario.inner);
        let estimator = (trial.estimator.entry().build)(&trial.estimator.knobs);
        if !estimator.goes_on() {
            continue;
        }
        let (path, name) = (format!("trials[{index}].estimator"), trial.estimator.card().ron_name());
        let lists = estimator.lists(inner.steps);
        if inner.products != Products::AsInner && lists.adjoint + lists.cross == 0 {
            let message =
                format!("`products` is not read by `{name}`, which takes all its products over the rows of the step");
            report.add(Severity::Warning, &path, message, None);
        }
        if !inner.warm_start {
            let message = format!(
                "`{name}` counts on θ going on from one outer step to the next, and here it begins anew at each"
            );
            let help = Some("`warm_start: true` in its inner loop lets θ go on where it was".to_owned());
            report.add(Severity::Warning, &path, message, help);
        }
    }
}

/// A start that is drawn anew at every outer step and an inner run that goes on from the last one.
fn check_starts(scenario: &Scenario, report: &mut Report<'_>) {
    for (index, trial) in scenario.trials.iter().enumerate() {
        let Setting { world, inner, .. } = Setting::of(trial, scenario);
        if !(inner.warm_start && (world.entry().restarts)(&world.knobs)) {
            continue;
        }
        let path = if trial.world.is_some() { format!("trials[{index}].world") } else { "world".to_owned() };
        let name = world.card().ron_name();
        let message =
            format!("`{name}` draws another θ₀ at every outer step, which `warm_start: true` never begins from");
        let help = "`warm_start: false` begins anew at every outer step (UD); `start: false` goes on over the new rows";
        report.add(Severity::Warning, &path, message, Some(help.to_owned()));
    }
}

/// Knobs of estimators that are set and not read.
fn check_idle(scenario: &Scenario, report: &mut Report<'_>) {
    for (index, trial) in scenario.trials.iter().enumerate() {
        let estimator = &trial.estimator;
        let usual = Knobs::defaults(estimator.card().knobs);
        let idle = (estimator.entry().build)(&estimator.knobs).idle();
        for (key, reader) in idle.into_iter().filter(|(key, _)| usual.get(key) != estimator.knobs.get(key)) {
            let message = format!("`{key}` does nothing here: it is read by {reader}");
            report.add(Severity::Warning, &format!("trials[{index}].estimator.{key}"), message, None);
        }
    }
}

/// Lists of rows that must name some of them twice. Where a method takes lists of distinct rows that is a mistake, which is
/// named elsewhere.
fn check_lists(scenario: &Scenario, problem: &dyn Problem, report: &mut Report<'_>) {
    let wants_distinct = |trial: &TrialSpec| {
        let setting = Setting::of(trial, scenario);
        let estimator = (setting.estimator.entry().build)(&setting.estimator.knobs);
        estimator.lists(setting.inner.steps).distinct
    };
    let all = || scenario.trials.iter();
    let own = all().enumerate().filter(|(_, trial)| !wants_distinct(trial));
    let own = own.filter_map(|(index, trial)| Some((format!("trials[{index}].draws"), trial.draws.as_ref()?)));
    let is_shared = !all().any(|trial| trial.draws.is_none() && wants_distinct(trial));
    let shared = is_shared.then(|| ("draws".to_owned(), &scenario.draws));
    for (path, draws) in shared.into_iter().chain(own) {
        let Drawing::Explicit { training, validation, .. } = draws else { continue };
        let sizes = problem.dimensions();
        for (level, lists, rows) in
            [("training", training, sizes.training), ("validation", validation, sizes.validation)]
        {
            let Some((index, list)) = lists.iter().enumerate().find(|(_, list)| list.len() > rows) else { continue };
            let message = format!(
                "a list of {} of {}: some are named twice, and count twice in its mean",
                counted(list.len(), "row"),
                counted(rows, &format!("{level} row"))
            );
            let help = Some(format!("at most {rows} are distinct; without lists, all of them are `Full`"));
            report.add(Severity::Warning, &format!("{path}.{level}[{index}]"), message, help);
        }
    }
}

/// Sizes of batches that nothing reads: rows that are written out are batches of their own sizes, and where there are none for a level it
/// runs over all of its rows.
fn check_batches(scenario: &Scenario, report: &mut Report<'_>) {
    let settings = scenario.trials.iter().map(|trial| (trial, Setting::of(trial, scenario)));
    for (index, (trial, Setting { inner, outer, draws, .. })) in settings.enumerate() {
        let Drawing::Explicit { training, validation, .. } = &draws else { continue };
        let path = |is_own: bool| if is_own { format!("trials[{index}].") } else { String::new() };
        let levels = [
            ("training", training.is_empty() && !inner.batch.is_full(), path(trial.inner.is_some()) + "inner.batch"),
            (
                "validation",
                validation.is_empty() && !outer.batch.is_full(),
                path(trial.outer.is_some()) + "outer.batch",
            ),
        ];
        for (level, _, path) in levels.into_iter().filter(|(_, is_idle, _)| *is_idle) {
            let message = format!(
                "no batches are drawn where rows are written out, and `draws` lists no {level} rows: all of them are taken"
            );
            let help = format!("`{level}: [[…], …]` among the lists, or `batch: Full`");
            report.add(Severity::Warning, &path, message, Some(help));
        }
    }
}

/// Fixed steps beyond the stability limit, where that is known for certain.
fn check_steps(scenario: &Scenario, problem: &Arc<dyn Problem>, lambda: &[f64], report: &mut Report<'_>) {
    let mut bounds = Bounds::new(problem, lambda);
    for (path, inner) in inner_loops(scenario) {
        if let Some(LongStep { message, help, .. }) = long_step(inner, &mut bounds) {
            report.add(Severity::Warning, &format!("{path}.dynamics.step"), message, Some(help));
        }
    }
    for (index, trial) in scenario.trials.iter().enumerate() {
        let steps = within(&mut bounds, &Setting::of(trial, scenario), 0);
        for LongStep { field, message, help } in steps.into_iter().filter(|step| step.field == "estimator") {
            report.add(Severity::Warning, &format!("trials[{index}].{field}"), message, Some(help));
        }
    }
}

/// Every inner loop of a scenario with its path: the one that trials share, then their own.
fn inner_loops(scenario: &Scenario) -> impl Iterator<Item = (String, &InnerSpec)> {
    let own = scenario.trials.iter().enumerate();
    let own =
        own.filter_map(|(index, trial)| trial.inner.as_ref().map(|inner| (format!("trials[{index}].inner"), inner)));
    std::iter::once(("inner".to_owned(), &scenario.inner)).chain(own)
}
