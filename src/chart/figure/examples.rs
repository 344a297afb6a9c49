//! Figures that look like real ones, for the tests of screen and paper.

use super::{Arrow, Axis, Figure, Grid, Layer, Shape, Style};
use crate::catalog::Scale;

/// Every example, by name.
pub(crate) fn all() -> Vec<Figure> {
    vec![super_efficiency(), losses(), many_trials(), bias_and_variance(), landscape(), short_range()]
}

/// Log-log, five trials with badges, dashed predictions, guides, rounding left out.
pub(crate) fn super_efficiency() -> Figure {
    let x = Axis::logarithmic("inner error ‖θ − θ*‖");
    let y = Axis::logarithmic("hypergradient error ‖ĥ − ∇F‖").within(1e-11, 1e2);
    let mut figure = Figure::new("super-efficiency", "Super-efficiency", x, y);
    let trials = [
        ("vanilla IFT", 1.0, 0.8),
        ("Newton", 2.0, 0.3),
        ("CG, 5 iterations", 1.0, 0.05),
        ("diagonal preconditioner", 1.02, 0.004),
        ("L-BFGS", 1.5, 0.1),
    ];
    for (series, (name, slope, constant)) in trials.into_iter().enumerate() {
        let errors = (0..60).map(|k| 10f64.powf(0.9 - f64::from(k) * 0.07));
        let wiggle = |k: usize| 1.0 + 0.3 * f64::sin(k as f64 * 0.9 + series as f64);
        let mut points: Vec<(f64, f64)> =
            errors.enumerate().map(|(k, e)| (e, constant * e.powf(slope) * wiggle(k))).collect();
        if series == 1 {
            points.push((1e-4, 0.0));
        }
        let predicted = [8.0, 1e-3].map(|e: f64| (e, constant * e.powf(slope)));
        let style = Style::series(series);
        let layer = Layer::line(name, style.emphasized(series == 1), points);
        figure.layers.push(layer.badge(format!("slope {slope:.2}")));
        let prediction = Layer::line("", style.dashed(), predicted.to_vec()).whose(name);
        figure.layers.push(prediction.quantity("predicted from the first-order constant"));
    }
    figure.layers.push(Layer::guide("slope 1", 1.0, (1e-2, 1e-1)));
    figure.layers.push(Layer::guide("slope 2", 2.0, (1e-2, 1e-8)));
    figure
}

/// Linear in steps, thousands of points, a band, a gap, a diverging run, the clock.
pub(crate) fn losses() -> Figure {
    let mut figure = Figure::new("losses", "Losses", Axis::steps("inner step"), Axis::linear("loss (nats)"));
    let steps = || (0..=4000).map(f64::from);
    let train = |t: f64| 0.2 + (-t / 600.0).exp() + 0.02 * (t * 0.37).sin() * (-t / 2000.0).exp();
    let validation = |t: f64| 0.35 + 0.9 * (-t / 500.0).exp() + 4e-5 * t;
    figure.layers.push(Layer::band(
        "±1 sd",
        Style::series(1),
        steps().step_by(20).map(|t| (t, validation(t) - 0.06, validation(t) + 0.06)).collect(),
    ));
    figure.layers.push(Layer::line("training", Style::series(0), steps().map(|t| (t, train(t))).collect()));
    figure.layers.push(Layer::line("validation", Style::series(1), steps().map(|t| (t, validation(t))).collect()));
    let broken = |t: f64| if (1500.0..2000.0).contains(&t) { f64::NAN } else { 0.7 + 0.1 * (t / 400.0).cos() };
    figure.layers.push(Layer::line("test", Style::series(2), steps().step_by(100).map(|t| (t, broken(t))).collect()));
    figure.layers.push(Layer::horizontal("best validation", 0.43));
    figure.layers.push(Layer::vertical("now", 2600.0));
    figure.notes.push("validation is flat".to_owned());
    figure
}

/// Twelve trials with long names.
pub(crate) fn many_trials() -> Figure {
    let x = Axis::steps("outer step");
    let y = Axis::logarithmic("hypergradient error ‖ĥ − ∇F‖ / ‖∇F‖");
    let mut figure = Figure::new("hypergradient-error", "Hypergradient error of every trial", x, y);
    for series in 0..12usize {
        let points = (0..=20u32).map(f64::from).map(|k| {
            let rate = 0.05 + 0.02 * series as f64;
            (k, 10f64.powf(-(series as f64) * 0.35 - rate * k))
        });
        let name = format!("conjugate gradient, {} iterations, damping 1e-{series}", 2 + series);
        figure.layers.push(Layer::line(name, Style::series(series), points.collect()));
    }
    figure
}

/// Stacked bars by category.
pub(crate) fn bias_and_variance() -> Figure {
    let names = ["vanilla IFT", "Newton", "Neumann, 20 terms", "unrolled"];
    let mut figure = Figure::new(
        "bias-variance",
        "Where the error comes from",
        Axis::categories("trial", names),
        Axis::linear("mean squared error"),
    );
    let bars = |name: &str, series, heights| Layer::bars(name, Style::series(series), heights).quantity(name);
    figure.layers.push(bars("bias²", 0, vec![0.8e-4, 0.1e-4, 2.1e-4, 0.4e-4]));
    figure.layers.push(bars("variance", 1, vec![1.3e-4, 1.6e-4, 0.3e-4, 0.9e-4]));
    let ends = [(0, 0.6e-4, 1.0e-4), (1, -0.1e-4, 0.3e-4), (2, 2.0e-4, 2.2e-4), (3, 0.3e-4, 0.5e-4)];
    let ends = ends.map(|(category, low, high)| (f64::from(category) - 0.2, low, high)).to_vec();
    figure.layers.push(Layer::whiskers("± 1 standard error", Style::foreground(), ends).quantity("± 1 standard error"));
    figure
}

/// A heat map under a path of arrows.
pub(crate) fn landscape() -> Figure {
    let mut figure = Figure::new("landscape", "Value function", Axis::linear("λ₁"), Axis::linear("λ₂"));
    let edges: Vec<f64> = (0..=24).map(|k| -3.0 + 0.25 * f64::from(k)).collect();
    let value = |x: f64, y: f64| (x - 0.5).powi(2) + 0.5 * (y + 0.3 * x).powi(2);
    let centres: Vec<f64> = edges.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect();
    let rows = centres.iter().map(|y| centres.iter().map(|x| value(*x, *y)).collect()).collect();
    figure.layers.push(Layer::heatmap(Grid {
        x_edges: edges.clone(),
        y_edges: edges,
        rows,
        label: "F(λ)".to_owned(),
        scale: Scale::Linear,
    }));
    let path = [(-2.5, 2.5), (-1.5, 1.9), (-0.6, 1.0), (0.0, 0.4), (0.4, 0.0)];
    let arrows = path.windows(2).map(|pair| Arrow { from: pair[0], to: pair[1] }).collect();
    figure.layers.push(Layer::arrows("Newton", Style::series(1), arrows));
    figure.layers.push(Layer::points("start", Style::series(4), vec![path[0]]));
    figure
}

/// A logarithmic axis over less than a decade, few points, an axis without a legend.
pub(crate) fn short_range() -> Figure {
    let mut figure = Figure::new("short", "Cosine", Axis::steps("outer step"), Axis::logarithmic("1 − cos(ĥ, ∇F)"));
    let points = vec![(0.0, 0.25), (1.0, 0.6), (2.0, 0.3), (3.0, 1.1)];
    figure.layers.push(Layer::new("", Style::series(0), Shape::Line(points)));
    figure
}
