//! Where descent along a direction ends, and where it does not: held against a closed form on rows whose zeros another program
//! bisected (NumPy, from θ* = H⁻¹c and the eigen-free products of (I − ηH)), and against an F that is known.

use std::ops::ControlFlow;

use hyperlab::catalog::{Knobs, Value};
use hyperlab::probe::stationary::{self, StationaryPoint, SweepFinding};
use hyperlab::probe::{Case, Finding};
use hyperlab::scenario::{NoFiles, Scenario, Sweep, check_text};

/// Eight rows that train and six that validate, numbers of a seeded generator.
const UP: &str = "source: Rows(features: [[0.3456, 0.8216, 0.3304, -1.3032, 0.9054], [0.4464, -0.537, 0.5811, 0.3646, 0.2941], [0.0284, 0.5467, -0.7365, -0.1629, -0.4821], [0.5988, 0.0397, -0.2925, -0.7819, -0.2572], [0.0081, -0.2756, 1.2941, 1.0067, -2.7112], [-1.889, -0.1748, -0.4222, 0.2136, 0.2173], [2.1178, -1.112, -0.3776, 2.0428, 0.6467], [0.6631, -0.514, -1.6481, 0.1675, 0.109], [-1.2274, -0.6832, -0.072, -0.9448, -0.0983], [0.0955, 0.0356, -0.5063, 0.5937, 0.8912], [0.3208, -0.8182, 0.7317, -0.5014, 0.8792], [-1.0718, 0.9145, -0.0201, -1.2487, -0.3139], [0.0541, 0.2728, -0.9822, -1.1074, 0.1996], [-0.4667, 0.2355, 0.7595, -1.6488, 0.2544], [1.2246, -0.2975, -0.8108, 0.7522, 0.2534], [0.8959, -0.3452, -1.4818, -0.11, -0.4458], [0.7753, 0.1936, -1.6308, -1.1952, 0.8838], [0.6798, -0.6402, -0.001, 0.4456, 0.4684], [0.8762, 0.2565, -0.0948, -0.2588, 1.0557], [-2.2509, -0.1387, 0.033, -1.4253, 0.3328]],
    targets: [0.865, -0.6623, -0.9083, -0.279, -3.092, 1.196, -0.0636, -0.5189, -0.1068, 1.5326, -0.2635, -0.0862, 0.0604, -0.8985, 0.1928, -0.5501, -0.6181, -1.3588, 1.0845, 2.068]), split: Indices(training: [1, 14, 17, 0, 5, 19, 7, 2], validation: [10, 3, 12, 13, 11, 16], test: [8, 4, 15, 18, 9, 6])";

/// Eight rows that train and six that validate, numbers of a seeded generator.
const DOWN: &str = "source: Rows(features: [[-0.6518, -0.1747, 1.6637, 0.6591, -1.6414], [-0.0052, -0.6235, 0.1486, -1.6082, 0.2418], [0.2354, 1.5756, 0.3166, 0.5105, -1.4931], [2.2527, -1.9156, 1.1018, -0.3299, -0.8806], [-0.6563, -0.672, 0.3802, -0.1101, 1.4826], [-1.8296, -0.0031, -0.8921, 0.7759, -2.1181], [-0.3437, 0.2102, -1.4843, 0.9852, 0.1787], [1.0069, 0.9592, -0.9799, -0.7978, -0.2033], [0.748, 0.851, -0.7097, -0.6072, -0.7978], [-0.5842, -0.2379, -0.1318, 2.0581, -0.5064], [-0.2887, 0.4586, -0.9531, -0.3686, 0.0133], [0.7741, -1.316, 1.3715, -0.3525, 0.1694], [0.8471, 0.6608, 1.0592, 0.1732, -0.0196], [0.3165, -0.9957, 1.2142, -0.7754, -1.2602], [2.0564, -0.1364, -1.1791, 1.8523, -0.3297], [1.0621, -0.8295, -0.2488, -1.6885, -1.9089], [-0.9764, -0.078, 0.798, 2.4262, -1.0319], [1.009, -0.6043, -0.1525, -1.4812, -1.479], [-0.7785, -1.1931, -0.0036, -0.7025, 1.2507], [0.153, 0.1652, 1.1374, 0.5181, -0.0373]],
    targets: [2.1865, -1.2073, 0.2379, -0.0731, 1.6801, -0.9166, -0.6638, -1.6619, -1.7072, 1.2392, -0.7444, 1.4095, 0.6542, 0.5505, -0.9623, -1.4569, 2.394, -1.8608, 1.2475, 2.6587]), split: Indices(training: [5, 13, 19, 6, 8, 9, 2, 11], validation: [12, 4, 14, 10, 3, 16], test: [1, 15, 17, 0, 7, 18])";

/// Eight rows that train and six that validate, numbers of a seeded generator.
const FAR: &str = "source: Rows(features: [[-0.8019, -1.3244, -0.2484, 0.4204, 1.136], [0.1097, -0.5526, -0.7848, 0.7487, 1.6348], [0.2728, -1.2333, -0.9583, 1.6, 0.2029], [-1.7321, -0.0837, -1.1632, -0.6293, -0.488], [-0.7133, 0.5534, -0.0631, -0.5894, 0.4096], [0.8299, -1.643, -0.2567, -0.9807, -0.1732], [-1.2894, 0.0207, -0.0379, -0.3043, -1.0479], [-0.3962, -1.0913, -1.3552, 0.2248, -1.1093], [1.1703, 0.7166, -1.9978, 0.2721, -1.1017], [0.0331, 0.0436, -1.9884, -0.2334, -0.2558], [0.962, -1.1814, 0.738, -1.099, -0.3313], [-0.8405, 1.4487, 0.5682, 2.4317, 0.6419], [0.845, 0.8407, -0.6066, -0.07, 1.3504], [-0.3966, 0.1888, -0.0212, 0.6092, -0.3649], [-0.1524, 0.2424, 0.103, -0.865, 0.8958], [-1.2985, -1.2011, -1.2825, 0.967, -0.3606], [-0.971, -1.136, 0.4211, -1.0548, -1.2721], [0.614, -1.1967, -0.3224, -0.0068, -0.4453], [-0.0541, 1.3388, -0.5169, -1.2593, -1.8367], [-0.2048, -0.3523, 0.2651, -0.4642, -0.4786]],
    targets: [2.1318, 0.2013, -1.0855, 2.1636, 0.656, 0.0991, 1.3772, 0.4478, -2.0585, -0.6188, -0.0736, -0.892, -0.447, -0.2463, 0.6298, 1.8892, 1.0244, 0.2141, -0.5984, -0.0278]), split: Indices(training: [17, 12, 15, 7, 19, 4, 5, 11], validation: [14, 2, 1, 3, 16, 8], test: [18, 9, 10, 0, 13, 6])";

fn scenario(problem: &str, data: &str, trial: &str, more: &str) -> Scenario {
    let text = format!(
        "Scenario(title: \"\", about: \"\", problem: {problem}, data: Data({data}, standardize: Off),
        inner: Inner(dynamics: Newton, steps: 1), outer: Outer(rule: GradientDescent(step: 0.1), steps: 5),
        trials: [Trial(name: \"it\", estimator: {trial})], {more})"
    );
    let (scenario, found) = check_text(&text, &NoFiles, &[][..]);
    scenario.unwrap_or_else(|| panic!("{found:?}"))
}

/// A series of four terms, on ridge with one log penalty, from λ = −1.
fn truncated(data: &str) -> Scenario {
    let start = "lambda: Explicit([-1.0])";
    scenario("Ridge(penalty: Scalar)", data, "Neumann(iterations: 3, step: Fixed(0.2))", start)
}

fn stationary(scenario: &Scenario, reach: f64) -> StationaryPoint {
    let mut knobs = Knobs::defaults(stationary::ENTRY.card.knobs);
    knobs.set("reach", Value::Real(reach)).unwrap();
    let case = Case::of("", scenario, &NoFiles, &knobs).unwrap();
    stationary::run(&case, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// The zeros of the direction of four terms and of ∇F over [−9, 7], and F there, of these rows: a scan of 1601 places and ninety
/// halvings in NumPy.
#[test]
fn what_one_descent_finds_stands_where_the_other_runs_off() {
    let found = stationary(&truncated(UP), 8.0);
    let up = &found.trials[0];
    assert!((up.lambda[0] - 2.137_757_992_861_66).abs() < 1e-10, "{up:?}");
    assert!((up.value - 0.140_876_926_686_202_64).abs() < 1e-12);
    assert!(up.exact_lambda.is_empty() && up.excess.is_nan() && up.distance.is_nan() && !up.is_none());
    let reason = up.exact_lack.as_deref().unwrap();
    assert!(up.lack.is_none() && reason.contains("along ∇F takes λ up beyond reach"), "{reason}");
    let note = found.summary().rows[0].last().unwrap().to_string();
    assert!(note.contains("∇F takes λ up") && !note.contains("rounding"), "{note}");

    let found = stationary(&truncated(DOWN), 8.0);
    let down = &found.trials[0];
    assert!((down.lambda[0] + 1.186_319_501_952_554_8).abs() < 1e-10, "{down:?}");
    assert!((down.value - 0.320_075_306_144_811_67).abs() < 1e-12);
    assert!(down.exact_lack.as_deref().unwrap().contains("along ∇F takes λ down"));
    let [other] = &down.others[..] else { panic!("{:?}", down.others) };
    assert!((other.lambda - 2.257_487_478_526_694).abs() < 1e-9 && !other.rests && other.is_spurious);
    assert!((other.value - 0.775_615_611_166_210_3).abs() < 1e-9 && other.excess.is_nan());

    // The other way round: ∇F has an end and the direction has none.
    let found = stationary(&truncated(FAR), 8.0);
    let far = &found.trials[0];
    assert!((far.exact_lambda[0] + 8.102_121_141_660_088).abs() < 1e-6, "{far:?}");
    assert!((far.exact_value - 0.246_346_369_811_610_73).abs() < 1e-12);
    assert!(far.lambda.is_empty() && far.exact_lack.is_none());
    assert!(far.lack.as_deref().unwrap().contains("along its direction takes λ down beyond reach"));
    assert!(!far.curve.direction.is_empty() && !far.curve.exact.is_empty(), "both are drawn all the same");
}

/// Orthogonal columns, `θ_j = c_j / (1 + e^{λ_j})`, and validation targets of which the second wants θ₂ beyond zero: F falls as λ₂
/// grows, without end. Where it wants a quarter of c₂ instead, the least F is at λ = (0, ln 3).
#[test]
fn a_lambda_that_runs_off_is_no_stationary_point() {
    let data = |second: f64| {
        let target = |a: f64, b: f64| -> Vec<f64> { vec![a + b, a - b, b - a, -a - b] };
        let rows = "[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]";
        let targets = [target(2.0, 1.0), target(1.0, second)].concat();
        format!(
            "source: Rows(features: [{rows}, {rows}], targets: {targets:?}),
            split: Indices(training: [0, 1, 2, 3], validation: [4, 5, 6, 7], test: [])"
        )
    };
    let of = |second: f64| {
        let start = "lambda: Explicit([1.0, 0.5])";
        stationary(&scenario("Ridge(penalty: PerFeature)", &data(second), "Direct", start), 8.0).trials.remove(0)
    };
    let ends = of(0.25);
    assert_eq!((&ends.lack, &ends.exact_lack), (&None, &None));
    assert!(ends.lambda[0].abs() < 1e-6 && (ends.lambda[1] - 3.0_f64.ln()).abs() < 1e-6, "{ends:?}");
    let runs_off = of(-0.2);
    let why = runs_off.exact_lack.as_deref().unwrap();
    assert!(why.contains("along ∇F takes λ of") && why.contains("up without end"), "{why}");
    assert!(runs_off.lack.as_deref().unwrap().contains("its direction takes λ"));
    assert!(runs_off.lambda.is_empty() && runs_off.excess.is_nan());
}

/// A sweep keeps the values at which one of the two has no end, and says so.
#[test]
fn a_sweep_says_where_there_is_no_end() {
    let scenario = truncated(UP);
    let knobs = Knobs::defaults(stationary::ENTRY.card.knobs);
    let values = ["3", "5"].map(str::to_owned).to_vec();
    let sweep = Sweep { path: "trials[0].estimator.iterations".to_owned(), values };
    let case = Case { sweep: Some(&sweep), ..Case::of("", &scenario, &NoFiles, &knobs).unwrap() };
    let found = stationary::ENTRY.measure(&case, &mut |_| ControlFlow::Continue(())).unwrap();
    let found: &SweepFinding = found.get().unwrap();
    let notes: Vec<String> = found.summary().rows.iter().map(|row| row.last().unwrap().to_string()).collect();
    assert!(notes.len() == 2 && notes.iter().all(|note| note.contains("along ∇F takes λ up")), "{notes:?}");
}
