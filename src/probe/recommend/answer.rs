//! Which setting is advised, as a function of what was measured and of the limits.

use super::choice::Choice;
use super::finding::Recommendation;
use super::limits::Limits;
use super::words;

/// What is advised.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The setting, by its place; the nearest one, where none is within the limits. Nothing, where nothing was measured.
    pub chosen: Option<usize>,
    /// Whether it is within all limits.
    pub is_within: bool,
    /// In sentences, the answer first.
    pub words: Vec<String>,
}

impl Answer {
    pub(super) fn of(found: &Recommendation, limits: &Limits) -> Self {
        let choice = Choice::of(&found.settings, limits);
        Self {
            chosen: choice.as_ref().map(|choice| choice.place),
            is_within: choice.as_ref().is_some_and(|choice| choice.is_within),
            words: words::of(found, limits, choice.as_ref()),
        }
    }
}

impl Recommendation {
    /// What is advised under such limits.
    #[must_use]
    pub fn answer(&self, limits: &Limits) -> Answer {
        Answer::of(self, limits)
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Measured, OwnRun, SCHEMA};
    use super::*;
    use crate::catalog::Spec;
    use crate::estimator::Estimators;

    /// A setting that was made by hand, at 100 inner steps.
    fn setting(estimator: &str, calls: f64, bytes: f64, error: f64) -> Measured {
        Measured {
            estimator: estimator.to_owned(),
            setting: format!("{estimator} {calls}"),
            spec: Spec::<Estimators>::new(estimator).unwrap(),
            inner_steps: 100,
            is_as_set: false,
            calls,
            gradients: calls,
            hvps: 0.0,
            cross_products: 0.0,
            factorizations: 0.0,
            bytes,
            is_rounding: false,
            noise: f64::NAN,
            errors: vec![error / 2.0, error, error * 2.0],
            own_run: None,
        }
    }

    fn found(settings: Vec<Measured>) -> Recommendation {
        Recommendation {
            schema: SCHEMA,
            scenario: "by hand".to_owned(),
            seed: 0,
            id: 0,
            trial: "first".to_owned(),
            truth: "same data",
            inner_steps: 100,
            inner_steps_measured: vec![10, 33, 100, 300],
            outer_steps: 9,
            planned: Some(9),
            visited: vec![0, 4, 8],
            repetitions: 5,
            is_noisy: false,
            inner_dimension: 50,
            outer_dimension: 2,
            granted: 1000.0,
            asked: 1000.0,
            limits: Limits::default(),
            settings,
            left_out: Vec::new(),
        }
    }

    fn some() -> Recommendation {
        let direct = Measured { factorizations: 1.0, ..setting("direct", 160.0, 40_000.0, 1e-4) };
        found(vec![
            direct,
            setting("cg", 105.0, 400.0, 0.3),
            setting("cg", 120.0, 400.0, 2e-4),
            setting("neumann", 130.0, 400.0, 0.05),
            setting("identity", 101.0, 0.0, 0.8),
            setting("reverse", 300.0, 80_000.0, 5e-3),
        ])
    }

    fn limits(calls: Option<f64>, memory: Option<f64>, error: Option<f64>) -> Limits {
        Limits { calls, memory, error }
    }

    fn chosen(found: &Recommendation, limits: &Limits) -> (String, bool) {
        let answer = found.answer(limits);
        (found.settings[answer.chosen.unwrap()].setting.clone(), answer.is_within)
    }

    #[test]
    fn limits_choose_and_what_is_nearest_stands_in() {
        let found = some();
        for ((calls, memory, error), setting, is_within) in [
            // Nothing said: the cheapest within 1 %.
            ((None, None, None), "cg 120", true),
            // Calls alone: the least wrong within them.
            ((Some(119.0), None, None), "cg 105", true),
            ((Some(1000.0), None, None), "direct 160", true),
            // Memory alone.
            ((None, Some(1000.0), None), "cg 120", true),
            ((None, Some(0.0), None), "identity 101", true),
            // An error alone: the cheapest below it.
            ((None, None, Some(0.5)), "cg 105", true),
            ((None, None, Some(1.5e-4)), "direct 160", true),
            // All together.
            ((Some(150.0), Some(500.0), Some(0.1)), "cg 120", true),
            // Not to be had: the least wrong that can be afforded.
            ((Some(150.0), None, Some(1e-5)), "cg 120", false),
            ((None, None, Some(1e-9)), "direct 160", false),
            // Nothing can be afforded: the cheapest there is.
            ((Some(10.0), None, None), "identity 101", false),
        ] {
            assert_eq!(chosen(&found, &limits(calls, memory, error)), (setting.to_owned(), is_within), "{calls:?}");
        }
    }

    fn words(found: &Recommendation, limits: &Limits) -> String {
        found.answer(limits).words.join("\n")
    }

    #[test]
    fn the_answer_has_its_numbers_and_says_what_is_lost_and_won_beside_it() {
        let words = words(&some(), &limits(Some(250.0), Some(65_536.0), Some(0.01)));
        let lines: Vec<&str> = words.lines().collect();
        assert_eq!(
            lines[0],
            "Within 250 oracle calls and 64.0 KiB of memory a step, for an error of 1 %: `cg 120` after 100 inner steps. \
             Median error 2.00e-4 (from 1.00e-4 to 4.00e-4), 120 calls a step, 400 B."
        );
        assert_eq!(lines[1], "Its errors are those along the run of `first`; by itself it was not run.");
        assert_eq!(lines[2], "A tenth of that error: no setting that was measured has it.");
        assert!(
            words.contains("6 settings of 5 estimators after 10, 33, 100 and 300 inner steps (about a tenth"),
            "{words}"
        );
        assert!(
            words.contains("Budget: 3 states (`states`), 1000 oracle calls an estimator (`spend`). Where"),
            "{words}"
        );
        assert!(words.contains(
            "the command line takes 5 states and 50000 calls, the laboratory and exported charts 4 and 10000."
        ));
    }

    #[test]
    fn what_a_run_by_itself_showed_is_said_beside_the_advice() {
        let run = |errors: &[f64], stopped: Option<(usize, String)>| OwnRun {
            outer_steps: 9,
            visited: vec![0, 4, 8],
            errors: errors.to_vec(),
            is_rounding: false,
            values: [2.0, 0.5],
            stopped,
        };
        let said = |own_run: OwnRun| {
            let one = Measured { own_run: Some(own_run), ..setting("cg", 120.0, 400.0, 2e-3) };
            let words = found(vec![one]).answer(&Limits::default()).words;
            words[1].clone()
        };
        assert_eq!(
            said(run(&[0.002, 0.001, 0.003], None)),
            "Run by itself from λ₀ for 9 outer steps: median error 0.2 % (from 0.1 % to 0.3 %) at its own λ, F from 2.000 to 0.5000."
        );
        let worse = said(run(&[0.9, 0.5, 0.7], None));
        assert!(worse.contains("median error 70 % (from 50 % to 90 %) at its own λ"), "{worse}");
        assert!(
            worse.ends_with("worse than along the run of `first`, by which it was chosen: other λ, another past."),
            "{worse}"
        );
        let stopped = said(run(&[0.001, f64::INFINITY, f64::INFINITY], Some((3, "diverged".to_owned()))));
        assert!(
            stopped.starts_with(
                "Run by itself from λ₀ for 9 outer steps it stops at outer step 3: diverged. That is worse"
            ),
            "{stopped}"
        );
        let exact = said(run(&[1e-15, 1e-16, 1e-15], None));
        assert!(exact.contains("it is exact to rounding at its own λ as well, F from"), "{exact}");
    }

    #[test]
    fn what_cannot_be_had_is_said_with_what_is_nearest_and_what_it_takes() {
        let found = some();
        let few = words(&found, &limits(Some(10.0), None, None));
        assert!(
            few.starts_with("Nothing that was measured stays within 10 oracle calls a step; nearest is `identity 101`"),
            "{few}"
        );
        let exact = words(&found, &limits(Some(150.0), None, Some(1.5e-4)));
        assert!(
            exact.contains("good enough within 150 oracle calls a step, for an error of 1.50e-4; nearest is `cg 120`"),
            "{exact}"
        );
        assert!(exact.contains("What it takes: `direct 160` after 100 inner steps, 160 calls a step"), "{exact}");
        let none = words(&found, &limits(None, None, Some(1e-9)));
        assert!(none.contains("No setting that was measured is as exact, whatever it costs."), "{none}");
    }

    #[test]
    fn what_limits_an_error_is_read_off_its_neighbours() {
        let after = |steps: usize, one: Measured| Measured { inner_steps: steps, setting: "Cg".to_owned(), ..one };
        let limit = |others: Vec<Measured>, one: Measured| {
            let all = found(std::iter::once(one).chain(others).collect());
            let words = words(&all, &limits(Some(all.settings[0].calls), None, None));
            words.lines().find(|line| line.contains("imits it")).unwrap().to_owned()
        };
        let one = || after(100, setting("cg", 110.0, 400.0, 0.01));
        let longer = limit(vec![after(300, setting("cg", 310.0, 400.0, 1e-4))], one());
        assert!(longer.starts_with("What limits it: the inner error, not the linear system."), "{longer}");
        let same = || after(300, setting("cg", 310.0, 400.0, 0.01));
        let more = limit(vec![setting("cg", 150.0, 400.0, 1e-4), same()], one());
        assert!(more.starts_with("What limits it: the linear system, not the inner error. `cg 150`"), "{more}");
        let both = limit(vec![after(300, setting("cg", 310.0, 0.0, 1e-3)), setting("cg", 150.0, 0.0, 1e-3)], one());
        assert!(both.contains("both the inner error and the linear system"), "{both}");
        let alone = limit(vec![setting("cg", 150.0, 400.0, 1e-4)], one());
        assert!(alone.starts_with("What limits it: the linear system. `cg 150`"), "{alone}");
        let bias = limit(vec![setting("direct", 500.0, 0.0, 1e-6), same()], one());
        assert!(
            bias.contains("the method itself, neither the inner error nor the linear system; after as many"),
            "{bias}"
        );
        let unknown = limit(vec![], one());
        assert!(unknown.contains("whether more inner steps help was not measured"), "{unknown}");
        let noise = limit(vec![], Measured { noise: 0.9, ..one() });
        assert!(noise.contains("noise, 90 % of its mean squared error. Larger batches"), "{noise}");
        let rounding =
            limit(vec![setting("direct", 500.0, 0.0, 1e-15)], after(100, setting("cg", 110.0, 400.0, 1e-14)));
        assert_eq!(rounding, "Nothing limits it: what is left of the error is rounding.");
    }

    #[test]
    fn numbers_at_rounding_level_are_no_ratios() {
        // Ten times less than rounding is not less: the cheaper one is advised, and no tenth is asked for.
        let found = found(vec![setting("direct", 160.0, 0.0, 1e-16), setting("cg", 120.0, 0.0, 3e-15)]);
        assert_eq!(chosen(&found, &limits(Some(1e6), None, None)), ("cg 120".to_owned(), true));
        let words = words(&found, &limits(Some(1e6), None, None));
        assert!(words.contains("Exact to rounding") && !words.contains("A tenth"), "{words}");
    }

    #[test]
    fn an_estimate_that_fails_at_half_of_the_places_has_no_median() {
        let failing =
            Measured { errors: vec![0.1, f64::INFINITY, f64::INFINITY], ..setting("neumann", 10.0, 0.0, 1.0) };
        let found = found(vec![failing, setting("cg", 120.0, 0.0, 0.5)]);
        assert_eq!(chosen(&found, &limits(Some(200.0), None, None)).0, "cg 120");
        let nothing = super::tests::found(vec![found.settings[0].clone()]).answer(&Limits::default());
        assert_eq!(nothing.chosen, None);
        assert!(nothing.words[0].starts_with("No estimator gave a finite estimate"), "{:?}", nothing.words);
    }

    #[test]
    fn the_front_holds_what_nothing_beats() {
        let all = some().settings;
        let named = |places: Vec<usize>| places.into_iter().map(|place| all[place].setting.clone()).collect::<Vec<_>>();
        let by_calls = super::super::choice::front(&all, &[|one| one.calls]);
        assert_eq!(named(by_calls), ["identity 101", "cg 105", "cg 120", "direct 160"]);
        let by_memory = super::super::choice::front(&all, &[|one| one.bytes]);
        assert_eq!(named(by_memory), ["identity 101", "cg 120", "direct 160"]);
    }
}
