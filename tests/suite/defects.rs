//! A defect ends what it happened in, says so, and leaves laboratory and session whole.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyperlab::catalog::Card;
use hyperlab::engine::{Engine, EngineError, Request};
use hyperlab::lab::{Command, History, Lab, Newer, Snapshot, Standing};
use hyperlab::probe::{Case, Entry, Outcome, Question, Scope, Watcher, super_efficiency};
use hyperlab::problem::{Block, Cache, Dimensions, Location, OuterObjective, Problem};
use hyperlab::scenario::{Experiment, NoFiles, experiment, parse};
use rayon::prelude::*;

const SCENARIO: &str = r#"Scenario(
    title: "A test", about: "Something in it breaks.", problem: Quadratic(inner_dimension: 4, outer_dimension: 2),
    inner: Inner(dynamics: GradientDescent(), steps: 10),
    trials: [Trial(estimator: Direct), Trial(estimator: Reverse)],
)"#;

fn sound() -> Experiment {
    experiment(&parse(SCENARIO).unwrap(), &NoFiles).unwrap()
}

/// A problem with a defect at one θ.
struct Fragile {
    sound: Arc<dyn Problem>,
    breaks_at: Vec<f64>,
}

impl Problem for Fragile {
    fn dimensions(&self) -> Dimensions {
        self.sound.dimensions()
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        assert!(at.theta != self.breaks_at, "this θ is not thought of");
        self.sound.prepare(at, cache);
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.sound.inner_value(at, cache)
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.sound.inner_gradient(at, cache, out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.sound.inner_lambda_gradient(at, cache, out);
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.sound.hvp(at, cache, v, out);
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.sound.cross_vjp(at, cache, v, out);
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]) {
        self.sound.cross_jvp(at, cache, u, out);
    }

    fn outer(&self) -> &dyn OuterObjective {
        self.sound.outer()
    }

    fn solve(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        self.sound.solve(lambda)
    }

    fn curvature_bound(&self, lambda: &[f64]) -> Option<f64> {
        self.sound.curvature_bound(lambda)
    }

    fn is_quadratic(&self) -> bool {
        self.sound.is_quadratic()
    }

    fn blocks(&self) -> Vec<Block> {
        self.sound.blocks()
    }
}

/// Ticks of the clock that go well before the defect is met.
const SOUND_TICKS: usize = 16;

/// A history that breaks once so many ticks are followed by a command, and what a sound one shows before that.
fn fragile(command: &Command) -> (History, Snapshot) {
    let mut history = History::new(Lab::new(sound()));
    for _ in 0..SOUND_TICKS {
        history.apply(&Command::Tick).unwrap();
    }
    let shown = Snapshot::of(&history);
    history.apply(command).unwrap();
    let breaks_at = history.lab().trials().next().unwrap().theta().to_vec();
    let experiment = sound();
    let problem = Arc::new(Fragile { sound: Arc::clone(&experiment.problem), breaks_at });
    (History::new(Lab::new(Experiment { problem, ..experiment })), shown)
}

fn wait(engine: &Engine) -> Arc<Snapshot> {
    let start = Instant::now();
    while engine.pending() > 0 || engine.snapshot().findings.under_way.is_some() {
        assert!(start.elapsed() < Duration::from_secs(120), "the laboratory hangs");
        std::thread::sleep(Duration::from_millis(1));
    }
    engine.snapshot()
}

/// What a person sees of the trials, as bits.
fn bits(snapshot: &Snapshot) -> Vec<u64> {
    let of = |trial: &hyperlab::lab::TrialView| {
        let mut numbers = vec![trial.outer as f64, trial.inner as f64, trial.cost.calls()];
        numbers.extend(trial.lambda.iter());
        numbers
    };
    snapshot.trials.iter().flat_map(of).map(f64::to_bits).collect()
}

#[test]
fn a_step_that_panics_is_undone_and_the_laboratory_goes_on() {
    let (history, sound) = fragile(&Command::Tick);
    let engine = Engine::start(history).unwrap();
    engine.send(Request::Ticks(100));
    let undone = wait(&engine);
    let errors = engine.take_errors();
    assert!(matches!(&errors[..], [EngineError::Undone(_)]), "{errors:?}");
    assert!(errors[0].to_string().contains("a defect in hyperlab: this θ is not thought of"), "{}", errors[0]);
    assert_eq!((undone.position, undone.length), (SOUND_TICKS, SOUND_TICKS));
    assert!(bits(&undone) == bits(&sound), "every tick before it stays, to the bit");
    // Again, and it is said again.
    engine.send(Request::Outer(None));
    assert_eq!((wait(&engine).position, engine.take_errors().len()), (SOUND_TICKS, 1));
    // The session is the one of what went well.
    engine.send(Request::Save);
    wait(&engine);
    let session = engine.take_session().unwrap();
    let replayed = session.replay(&NoFiles).unwrap();
    assert!(bits(&Snapshot::of(&replayed)) == bits(&sound));
    // Another way leads on.
    engine.send(Request::SeekOuter { forward: false, trial: None });
    let turn = Command::Turn { trial: 0, path: "inner.dynamics.step".into(), value: "0.01".into() };
    engine.send(Request::Apply(turn));
    engine.send(Request::Outer(None));
    engine.send(Request::Outer(None));
    let on = wait(&engine);
    assert_eq!(engine.take_errors(), []);
    assert!(on.outer >= 3 && on.branches.len() == 2);
    // And back on the branch where it broke, all is as it was.
    engine.send(Request::Switch(0));
    assert!(bits(&wait(&engine)) == bits(&sound));
}

/// A turned knob takes the inner run again, and may meet the defect as a step does.
#[test]
fn a_command_that_panics_is_undone() {
    let turn = Command::Turn { trial: 0, path: "inner.dynamics.step".into(), value: "0.01".into() };
    let (history, sound) = fragile(&turn);
    let engine = Engine::start(history).unwrap();
    engine.send(Request::Ticks(SOUND_TICKS));
    engine.send(Request::Apply(turn));
    let undone = wait(&engine);
    assert!(matches!(&engine.take_errors()[..], [EngineError::Undone(_)]));
    assert_eq!((undone.position, undone.branches.len()), (SOUND_TICKS, 1));
    assert!(bits(&undone) == bits(&sound));
    assert_eq!(undone.trials[0].setting, sound.trials[0].setting, "the knob is where it was");
    engine.send(Request::Ticks(3));
    assert_eq!((wait(&engine).position, engine.take_errors()), (SOUND_TICKS + 3, Vec::new()));
}

const fn broken(id: &'static str, run: fn(&Case<'_>, &mut Watcher<'_>) -> Outcome) -> Entry {
    let card = Card { id, name: id, source: "", equation: "", summary: "", cost: "", fails: "", knobs: &[] };
    Entry { card, scope: Scope::AtLambda, stands: |_| false, key: '!', sweeps: None, budget: &[], run }
}

static AT_ONCE: Entry = broken("broken at once", |_, _| panic!("the probe broke"));

static ON_A_THREAD: Entry = broken("broken on a thread", |case, watcher| {
    (0..8).into_par_iter().for_each(|replicate| assert!(replicate != 5, "replicate {replicate} broke"));
    (super_efficiency::ENTRY.run)(case, watcher)
});

#[test]
fn a_probe_that_panics_ends_that_measurement_alone() {
    let engine = Engine::start(History::new(Lab::new(sound()))).unwrap();
    for (entry, words) in [(&AT_ONCE, "the probe broke"), (&ON_A_THREAD, "replicate 5 broke")] {
        let question = Question::of(entry);
        engine.send(Request::KeepMeasuring(Some(question)));
        let snapshot = wait(&engine);
        let errors = engine.take_errors();
        assert!(matches!(&errors[..], [EngineError::Unmeasurable { .. }]), "{errors:?}");
        let said = errors[0].to_string();
        assert!(
            said.contains(entry.card.id) && said.contains("a defect in hyperlab") && said.contains(words),
            "{said}"
        );
        let answer = snapshot.findings.answer(question).unwrap();
        assert!(answer.latest.is_none() && matches!(&answer.newer, Newer::Failed(why) if why.contains(words)));
        assert_eq!(snapshot.findings.keeps, None, "it is not tried again and again");
    }
    // The laboratory goes on, and so do other measurements.
    let question = Question::of(&super_efficiency::ENTRY);
    engine.send(Request::Ticks(3));
    engine.send(Request::Measure(question));
    let snapshot = wait(&engine);
    assert_eq!((snapshot.position, engine.take_errors()), (3, Vec::new()));
    assert_eq!(snapshot.findings.latest(question).unwrap().standing, Standing::Current);
}
