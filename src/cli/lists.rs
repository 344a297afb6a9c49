//! Every list of things that have an identifier, under the names the command line gives them.

use clap::ValueEnum;

use crate::catalog::{Card, Carded};
use crate::data::fields;
use crate::scenario::{BUILTIN, Builtin, parse};
use crate::trial::Setting;
use crate::{
    chart, ensemble, estimator, filter, glossary, inner, metric, outer, pace, population, probe, problem, reference,
    world,
};

/// A list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Starting points of experiments
    Scenarios,
    /// Bilevel problems
    Problems,
    /// Inner loops
    Dynamics,
    /// From an inner run to a hypergradient
    Estimators,
    /// From hypergradients to the next λ
    Outer,
    /// From the estimates so far to what the outer rule is given
    Filters,
    /// Which rows an outer step sees, and where it starts
    Worlds,
    /// How rows are divided among the members of a trial
    Ensembles,
    /// How many students a trial has, and where they start
    Populations,
    /// What is recorded of a trial
    Metrics,
    /// How trials share the clock
    Paces,
    /// What estimates are held against
    References,
    /// Measurements without a screen
    Probes,
    /// What is drawn
    Charts,
    /// Words and symbols on the screen, explained
    Glossary,
}

/// A scenario that comes with the program, as it describes itself.
pub struct About {
    /// Its identifier.
    pub id: &'static str,
    /// One line.
    pub title: String,
    /// What to watch for.
    pub about: String,
    /// Its problem.
    pub problem: &'static str,
    /// Names of its trials.
    pub trials: Vec<String>,
}

impl Kind {
    /// Every list, in the order shown.
    pub const ALL: [Self; 15] = [
        Self::Scenarios,
        Self::Problems,
        Self::Dynamics,
        Self::Estimators,
        Self::Outer,
        Self::Filters,
        Self::Worlds,
        Self::Ensembles,
        Self::Populations,
        Self::Metrics,
        Self::Paces,
        Self::References,
        Self::Probes,
        Self::Charts,
        Self::Glossary,
    ];

    /// Its name on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scenarios => "scenarios",
            Self::Problems => "problems",
            Self::Dynamics => "dynamics",
            Self::Estimators => "estimators",
            Self::Outer => "outer",
            Self::Filters => "filters",
            Self::Worlds => "worlds",
            Self::Ensembles => "ensembles",
            Self::Populations => "populations",
            Self::Metrics => "metrics",
            Self::Paces => "paces",
            Self::References => "references",
            Self::Probes => "probes",
            Self::Charts => "charts",
            Self::Glossary => "glossary",
        }
    }

    /// What one item of it is called.
    pub fn item(self) -> &'static str {
        match self {
            Self::Scenarios => "scenario",
            Self::Problems => "problem",
            Self::Dynamics => "inner dynamics",
            Self::Estimators => "estimator",
            Self::Outer => "outer rule",
            Self::Filters => "filter",
            Self::Worlds => "world",
            Self::Ensembles => "ensemble",
            Self::Populations => "population",
            Self::Metrics => "metric",
            Self::Paces => "pace",
            Self::References => "reference",
            Self::Probes => "probe",
            Self::Charts => "chart",
            Self::Glossary => "word",
        }
    }

    /// Its cards; scenarios have none, see [`scenarios`], nor have words, see [`glossary::terms`].
    pub fn cards(self) -> Vec<&'static Card> {
        fn of<T: Carded>(list: &'static [T]) -> Vec<&'static Card> {
            list.iter().map(Carded::card).collect()
        }
        match self {
            Self::Scenarios | Self::Glossary => Vec::new(),
            Self::Problems => of(problem::ALL),
            Self::Dynamics => of(inner::ALL),
            Self::Estimators => of(estimator::ALL),
            Self::Outer => of(outer::ALL),
            Self::Filters => of(filter::ALL),
            Self::Worlds => of(world::ALL),
            Self::Ensembles => of(ensemble::ALL),
            Self::Populations => of(population::ALL),
            Self::Metrics => metric::ALL.iter().map(|metric| metric.card()).collect(),
            Self::Paces => of(pace::ALL),
            Self::References => of(reference::ALL),
            Self::Probes => of(probe::ALL),
            Self::Charts => of(chart::ALL),
        }
    }
}

/// The scenarios that come with the program.
pub fn scenarios() -> Vec<About> {
    let about = |builtin: &Builtin| {
        let scenario = parse(builtin.text).ok()?;
        Some(About {
            id: builtin.id,
            problem: scenario.problem.card().name,
            trials: scenario.trials.iter().map(|trial| Setting::of(trial, &scenario).name).collect(),
            title: scenario.title,
            about: scenario.about,
        })
    };
    BUILTIN.iter().filter_map(about).collect()
}

/// Every identifier there is.
pub fn identifiers() -> Vec<&'static str> {
    let cards = Kind::ALL.into_iter().flat_map(Kind::cards).map(|card| card.id);
    let terms = glossary::terms().map(|term| term.id);
    let words = fields().iter().map(|field| field.name);
    let knobs = Kind::ALL.into_iter().flat_map(Kind::cards).flat_map(|card| card.knobs).map(|knob| knob.key);
    BUILTIN.iter().map(|builtin| builtin.id).chain(cards).chain(terms).chain(words).chain(knobs).collect()
}
