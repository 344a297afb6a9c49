//! TTSA and BSA: the implicit formula with `H⁻¹` replaced by one term of a Neumann series, whose number is drawn:
//! `v = Qη Π_{j=1..k} (I − ηH_j) ∇_θ f` with k uniform on 0, …, Q − 1.
//!
//! Its mean over k is that of the sum with Q terms; one term in place of the sum makes it noisier. Source: Ghadimi and
//! Wang 2018, algorithm 3; Hong, Wai, Wang and Yang 2020 (TTSA), equation 17, whose steps fall with the powers 2/5 (θ) and
//! 3/5 (λ). Cost: k Hessian-vector products, (Q − 1)/2 on average. Diverges for η > 2/L.

use super::own_step::{OF_SERIES, OwnStep, inverse_bound};
use super::{Entry, Estimate, Estimator, Family, Order, Point, Reach, Solver, implicit};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::draw::{Draw, PerStep};
use crate::math::vector::{axpy, is_finite};
use crate::problem::Requirement;

const TERMS: Knob = Knob {
    key: "terms",
    help: "Q: the number of products is one of 0, …, Q − 1, all alike.",
    kind: Kind::Integer { default: 10, range: (1, 100_000), scale: Scale::Logarithmic },
};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "ttsa",
        name: "One random term (TTSA)",
        source: "Hong, Wai, Wang and Yang 2020, equation 17; Ghadimi and Wang 2018, algorithm 3",
        equation: "ĥ = ∇_λ f − Jᵀ v,  v = Qη_t Π_{j≤k} (I − η_t H_j) ∇_θ f,  k uniform on 0, …, Q − 1",
        summary: "Solves the linear system behind the hypergradient by one term of a series, drawn at random. On \
                  average it is the sum of the first Q terms, for half the products and with much more noise.",
        cost: "(Q − 1)/2 Hessian-vector products on average, 1 cross product, 1 outer gradient",
        fails: "Noise grows with Q; too few terms leave a bias at θ*; diverges for η > 2/L.",
        knobs: &[TERMS, OF_SERIES[0], OF_SERIES[1], OF_SERIES[2]],
    },
    order: Order::None,
    family: Family::Implicit,
    build: |knobs| Box::new(Ttsa { terms: knobs.count("terms"), step: OwnStep::of_series(knobs) }),
};

#[derive(Clone)]
struct Ttsa {
    terms: usize,
    step: OwnStep,
}

impl Ttsa {
    /// The drawn term where the point's oracle stands, every product over rows of its own.
    fn term(&self, at: &mut Point<'_>, b: &[f64]) -> (Vec<f64>, Solver) {
        let length = at.motion.draws().length(at.clock, self.terms);
        let inverse = || inverse_bound(&**at.oracle.problem(), at.lambda);
        let step = self.step.once(at.motion, at.clock, inverse);
        let mut term: Vec<f64> = b.iter().map(|value| self.terms as f64 * step * value).collect();
        let mut product = vec![0.0; b.len()];
        for index in 0..length {
            at.draw(Draw::Adjoint, index);
            at.oracle.hvp(&term, &mut product);
            axpy(-step, &product, &mut term);
        }
        let solver = Solver { iterations: length, converged: is_finite(&term), ..Solver::none() };
        (term, solver)
    }
}

impl Estimator for Ttsa {
    fn effort(&self) -> &'static [&'static str] {
        &["terms"]
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn requires(&self) -> &'static [Requirement] {
        self.step.requires()
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        PerStep { length: Some(self.terms), ..implicit::lists(inner_steps, self.terms - 1) }
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let size = at.oracle.inner_dimension();
        implicit::estimate(at, 2 * size, |at, b| self.term(at, b))
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
