//! Linear models with an intercept without penalty, and with losses of their own, against an independent oracle.
//!
//! Where nothing else is said: 50 digits of Python's `decimal`; Newton's method with Armijo's rule until a step is below
//! 1e-35, then `v = H⁻¹∇f` by Gaussian elimination and `∂F/∂λ_j = −e^λ_j Σ_k W_jk v_jk`. Even rows train, odd rows validate,
//! features are scaled on the training rows. The level of the last class is held at 0 in the oracle, as no number here depends
//! on it.

use std::fs;
use std::path::Path;

use hyperlab::data::Files;
use hyperlab::math::vector::{distance, norm};
use hyperlab::problem::Truth;
use hyperlab::scenario::{Diagnostic, Experiment, Severity, check_text, experiment, parse, vary};

/// `tests/cases`.
struct Cases;

impl Files for Cases {
    fn read(&self, path: &str) -> Result<String, String> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(path);
        fs::read_to_string(file).map_err(|error| error.to_string())
    }
}

/// Ridge regression of a price with three features, one penalty each.
const ORCHARD: &str = r#"Scenario(
    title: "Orchard",
    about: "Prices, crates, states and sorts of fruit.",
    problem: Ridge(),
    data: Data(
        source: Csv(path: "orchard.csv", target: "price", columns: ["width", "height", "mass"]),
        intercept: Free,
    ),
    lambda: Explicit([-2.0, -1.0, -3.0]),
    inner: Inner(dynamics: Newton, steps: 1),
    trials: [Trial(estimator: Direct)],
    charts: ["losses"],
)"#;

fn text_of(case: &str) -> String {
    if case == "orchard" { ORCHARD.to_owned() } else { Cases.read(&format!("{case}.ron")).unwrap() }
}

fn built(case: &str, changes: &[&str]) -> Experiment {
    let scenario = changes.iter().fold(parse(&text_of(case)).unwrap(), |scenario, change| {
        vary(&scenario, change).unwrap_or_else(|error| panic!("{change}: {error}"))
    });
    experiment(&scenario, &Cases).unwrap_or_else(|failure| panic!("{changes:?}: {failure}"))
}

/// F and ∇F at the start of a case.
fn truth(case: &str, changes: &[&str]) -> Truth {
    let built = built(case, changes);
    Truth::at(&built.problem, &built.lambda)
}

#[track_caller]
fn assert_truth(case: &str, changes: &[&str], value: f64, gradient: &[f64]) {
    let truth = truth(case, changes);
    assert_eq!(truth.doubt, None, "{changes:?}");
    assert!((truth.value / value - 1.0).abs() < 1e-12, "{changes:?}: F = {}", truth.value);
    let off = distance(&truth.hypergradient, gradient);
    assert!(off < 1e-11 * norm(gradient), "{changes:?}: ∇F = {:?}", truth.hypergradient);
}

/// NumPy, closed form on centred targets; another implementation agrees to 1e-13.
#[test]
fn a_free_intercept_of_ridge_is_the_one_that_other_tools_fit() {
    let gradient = [-4.492_126_451_704_225, 20.515_869_825_815_87, 3.578_132_490_871_155];
    let free = "data.intercept=Free";
    assert_truth("level-none", &["problem.penalty=PerFeature", free], 16.498_717_656_352_024, &gradient);
    assert_truth("level-none", &[free], 16.498_717_656_352_024, &[19.601_875_864_982_8]);
    // A column with a penalty of its own that is next to none, and one that shares the penalty.
    let value = |case: &str, changes: &[&str]| truth(case, changes).value;
    for (found, right) in [
        (value("level-none", &[]), 1_034.499_993_150_256_4),
        (value("level-ones", &[]), 113.133_830_028_658_85),
        (value("level-none", &["data.intercept=Penalized"]), 113.133_830_028_658_85),
        (value("level-free", &[]), 16.498_717_656_363_903),
    ] {
        assert!((found / right - 1.0).abs() < 1e-12, "{found}, not {right}");
    }
}

/// Width and mass share a penalty, height has its own: the derivative of a shared one is the sum.
#[test]
fn groups_of_columns_share_a_penalty() {
    let grouped = [
        "problem=Ridge(penalty: PerGroup)",
        "data.groups=[(\"size\", [\"width\", \"mass\"])]",
        "lambda=Explicit([-2.0, -1.0])",
    ];
    let gradient = [-0.535_851_058_158_123_2, -0.040_600_007_951_561_59];
    assert_truth("orchard", &grouped, 5.056_605_780_536_61, &gradient);
    assert_eq!(built("orchard", &grouped).problem.blocks()[0].entries, ["size", "rest"]);
    // All texts of a column are one group, and named by it.
    let texts =
        ["problem=Ridge(penalty: PerGroup)", "data.source.columns=[]", "data.source.texts=OneHot", "lambda=Declared"];
    let names = built("orchard", &texts).problem.blocks()[0].entries.clone();
    assert_eq!(names, ["width", "height", "mass", "crates", "state", "sort"]);
    let by_name = [&texts[..], &["data.groups=[(\"kind\", [\"state\", \"sort\"]), (\"size\", [\"width\"])]"]].concat();
    assert_eq!(built("orchard", &by_name).problem.blocks()[0].entries, ["kind", "size", "rest"]);
    let unread = said("orchard", &["data.groups=[(\"size\", [\"width\"])]"]);
    assert!(unread.iter().any(|found| found.message.contains("expected `penalty: PerGroup`")), "{unread:?}");
}

const STATE: &str = "data.source.target=\"state\"";
const SORT: &str = "data.source.target=\"sort\"";

#[test]
fn a_free_intercept_of_every_loss() {
    let gradient = [-0.358_302_425_415_618_74, -0.039_432_642_022_746_3, -0.124_928_403_778_821_9];
    assert_truth("orchard", &[], 5.232_258_203_938_496, &gradient);
    let gradient = [0.036_528_406_172_314_77, 0.006_429_921_491_094_285, 0.004_037_098_190_120_31];
    assert_truth("orchard", &["problem=Logistic()", STATE], 0.550_339_381_246_826_4, &gradient);
    let gradient = [0.029_872_167_738_854_995, 0.072_646_232_412_696_67, -0.175_343_869_784_531_6];
    assert_truth("orchard", &["problem=Softmax()", SORT], 0.935_407_663_128_859_7, &gradient);
    // The mean is over the nine weights that are penalized.
    let gradient = [-0.022_352_762_569_866_08, 0.031_874_913_012_110_83, -0.312_960_409_684_748_8];
    let mean = "problem=Softmax(reduction: Mean)";
    assert_truth("orchard", &[mean, SORT], 1.314_573_620_689_435_2, &gradient);
}

/// The price has two outliers, and lies around 22.
#[test]
fn robust_and_quantile_regression_with_a_free_intercept() {
    let gradient = [-0.092_025_158_162_766_03, -0.004_956_575_577_265_137, -0.040_435_706_869_437_655];
    assert_truth("orchard", &["problem=Huber(threshold: 1.5)"], 1.902_121_801_231_440_3, &gradient);
    let gradient = [0.068_854_864_458_936_84, 0.007_924_309_046_967_036, 0.047_612_355_763_201_2];
    assert_truth("orchard", &["problem=Quantile(bandwidth: 0.5)"], 1.011_029_643_576_475_2, &gradient);
    // Nine in ten below, almost not smoothed: no curvature anywhere near θ = 0.
    let gradient = [0.003_128_562_971_204_257_6, -0.005_222_935_607_627_259, 0.026_060_120_672_379_12];
    assert_truth("orchard", &["problem=Quantile(level: 0.9, bandwidth: 0.1)"], 0.659_134_690_407_153_6, &gradient);
}

/// Within a threshold that no residual reaches, Huber regression is ridge regression.
#[test]
fn a_huge_threshold_is_least_squares() {
    let gradient = [-0.358_302_425_415_618_74, -0.039_432_642_022_746_3, -0.124_928_403_778_821_9];
    assert_truth("orchard", &["problem=Huber(threshold: 1e6)"], 5.232_258_203_938_496, &gradient);
}

const CRATES: &str = "data.source.target=\"crates\"";

#[test]
fn counts_with_and_without_an_intercept() {
    let gradient = [-0.033_891_401_294_188_21, 0.003_896_777_442_407_731_6, -0.006_533_593_592_475_336];
    assert_truth("orchard", &["problem=Poisson()", CRATES], 0.630_297_009_168_942_9, &gradient);
    let gradient = [-0.304_398_624_824_827_9, 0.104_427_700_321_200_4, -0.087_179_367_261_017_07];
    assert_truth("orchard", &["problem=Poisson()", CRATES, "data.intercept=None"], 3.298_458_853_556, &gradient);
}

#[test]
fn what_counts_cannot_be_is_refused() {
    let only = |changes: &[&str]| {
        let found = said("orchard", &[&["problem=Poisson()"], changes].concat());
        let errors: Vec<Diagnostic> = found.into_iter().filter(Diagnostic::is_error).collect();
        assert_eq!(errors.len(), 1, "{changes:?}: {errors:?}");
        errors[0].message.clone()
    };
    let words = only(&[CRATES, "data.standardize_target=true"]);
    assert!(
        words.contains("`Poisson` takes the target for counts, which shifted and scaled would be negative"),
        "{words}"
    );
    let words = only(&["data.source.target=\"height\"", "data.source.columns=[\"width\"]", "lambda=Declared"]);
    assert!(words.contains("is -0.85, as 9 targets of all are below zero; expected counts"), "{words}");
    let words = only(&["data.source.target=\"state\""]);
    assert!(words.contains("`Poisson` expects numbers"), "{words}");
    let words = only(&[CRATES, "inner.dynamics=GradientDescent(step: Auto)"]);
    assert!(words.contains("a bound L on the curvature of g"), "{words}");
    let missed = said("orchard", &["problem=Poisson()", CRATES, "data.intercept=None"]);
    assert!(missed.iter().any(|found| found.message.contains("where θ = 0 predicts 1")), "{missed:?}");
}

/// What a free intercept says of itself: it is no entry of λ, and the levels of classes sum to zero.
#[test]
fn lambda_has_no_entry_for_a_free_intercept() {
    let names = |changes: &[&str]| built("orchard", changes).problem.blocks()[0].entries.clone();
    assert_eq!(names(&[]), ["width", "height", "mass"]);
    assert_eq!(names(&["lambda=Constant(0.0)", "data.intercept=true"]), ["width", "height", "mass", "intercept"]);
    let theta = truth("orchard", &["problem=Softmax()", SORT]).theta;
    assert!(theta[9..].iter().sum::<f64>().abs() < 1e-14, "{theta:?}");
}

fn said(case: &str, changes: &[&str]) -> Vec<Diagnostic> {
    let scenario =
        changes.iter().fold(parse(&text_of(case)).unwrap(), |scenario, change| vary(&scenario, change).unwrap());
    check_text(
        &scenario.to_ron().unwrap(),
        &Cases,
        &["losses", "hypergradient-error", "hyperparameters", "outer-error"][..],
    )
    .1
}

#[test]
fn an_intercept_that_is_missed_or_penalized_is_told() {
    let only = |case: &str, changes: &[&str]| {
        let said = said(case, changes);
        assert_eq!(said.len(), 1, "{case}, {changes:?}: {said:?}");
        (said[0].severity, said[0].message.clone())
    };
    let (severity, words) = only("level-none", &[]);
    assert_eq!(severity, Severity::Warning);
    assert!(words.contains("the target `level` has mean 42.45") && words.contains("`intercept: Free`"), "{words}");
    let (severity, words) = only("level-ones", &[]);
    assert_eq!(severity, Severity::Warning);
    assert!(words.contains("the intercept is penalized"), "{words}");
    let (severity, words) = only("level-none", &["data.intercept=Free"]);
    assert_eq!(severity, Severity::Note);
    assert!(words.contains("carries no penalty"), "{words}");
    // A target that is centred misses none, and a column of ones that is penalized is told all the same.
    assert_eq!(said("level-none", &["data.standardize_target=true"]), []);
    let (severity, words) = only("level-none", &["data.standardize_target=true", "data.intercept=Penalized"]);
    assert_eq!(severity, Severity::Note);
    assert!(words.contains("penalized as any feature"), "{words}");
    // Where none can be free, what is advised is what there is.
    let (_, words) = only("level-none", &["problem=BiasedRidge()"]);
    assert!(words.contains("`intercept: Penalized`"), "{words}");
    assert_eq!(said("level-none", &["problem=BiasedRidge()", "data.intercept=Penalized"]), []);
}

/// What cannot go without a penalty says so, and why.
#[test]
fn a_free_intercept_is_refused_by_problems_that_have_none() {
    for (problem, target, why) in [
        ("HyperCleaning()", "state", "weighs all of W alike"),
        ("BiasedRidge()", "price", "prior mean of its own"),
        ("Embedding()", "state", "learned features"),
        ("Perceptron()", "state", "the biases of its two layers"),
    ] {
        let target = format!("data.source.target=\"{target}\"");
        let found = said("orchard", &[&format!("problem={problem}"), &target, "lambda=Declared"]);
        assert!(found.len() == 1 && found[0].is_error() && found[0].message.contains(why), "{problem}: {found:?}");
        let again =
            said("orchard", &[&format!("problem={problem}"), &target, "lambda=Declared", "data.intercept=None"]);
        assert!(!again.iter().any(Diagnostic::is_error), "{problem}: {again:?}");
    }
}
