//! How wrong an estimate is, and what it is held against.

use super::Term;

pub(super) static TERMS: &[Term] = &[
    Term {
        id: "inner-error",
        name: "inner error",
        spelled: &["‖θ−θ*‖", "‖θ − θ*‖", "e"],
        plain: "How far training still is from its end: the distance of the parameters from the exact inner solution.",
        more: "‖θ − θ*(λ)‖. It falls with every inner step. What an estimator makes of it is its slope.",
        see: &["hypergradient-error", "slope", "inner-solution"],
    },
    Term {
        id: "hypergradient-error",
        name: "hypergradient error",
        spelled: &["‖ĥ−∇F‖", "‖ĥ − ∇F‖", "relative", "relative error"],
        plain: "How far the estimate is from the true hypergradient.",
        more: "‖ĥ − ∇F‖; `relative` divides it by the length of the truth, so that 0.01 is one percent. An error below the \
               digits of the truth is shown as large as they are.",
        see: &["inner-error", "slope", "truth", "digits"],
    },
    Term {
        id: "cosine",
        name: "cosine to the truth",
        spelled: &["cos", "cosine"],
        plain: "Whether the estimate points the right way: 1 is exactly right, 0 is sideways, below 0 is uphill.",
        more: "cos(ĥ, ∇F) does not mind how long the estimate is. While it is above 0, a small enough step improves F.",
        see: &["hypergradient-error"],
    },
    Term {
        id: "slope",
        name: "slope",
        spelled: &["slope 1", "slope 2", "order", "guide line"],
        plain: "How fast the hypergradient error falls when training gets better: slope 1 is just as fast, slope 2 is squared.",
        more: "The exponent p in error ≈ C · (inner error)^p, read off as the slope of the curve on logarithmic axes. When the \
               inner error falls ten times, slope 1 divides the hypergradient error by 10, slope 2 by 100. A flat curve \
               (slope 0) is an error that more training does not mend.",
        see: &["super-efficient", "decade", "efficiency-constant"],
    },
    Term {
        id: "super-efficient",
        name: "super-efficient",
        spelled: &["super-efficiency"],
        plain: "An estimator whose error is the square of the inner error: ten times better training makes it a hundred times \
                better.",
        more: "Slope 2 where others have slope 1, since what is first order in the error of θ cancels (C = 0). Implicit \
               differentiation after a Newton step has this for every problem; some other estimators have it for some. \
               It is a statement about small inner errors: far from θ* the constants decide.",
        see: &["slope", "efficiency-constant", "newton-step"],
    },
    Term {
        id: "decade",
        name: "needs a decade",
        spelled: &["decade", "decades"],
        plain: "A slope is only measured once the inner error has fallen ten times.",
        more: "A decade is a factor of ten. Over less, or over a bend, a slope would be read from noise: it is that of the widest \
               stretch, from the smallest inner errors above rounding on, that is straight on logarithmic axes. Take more inner steps: n, or N for \
               the whole inner run.",
        see: &["slope"],
    },
    Term {
        id: "efficiency-constant",
        name: "efficiency constant",
        spelled: &["C", "M", "‖Mᵀe‖", "Mᵀe", "predicted", "predicted error"],
        plain: "How much of a small inner error gets into the hypergradient: zero for a super-efficient estimator.",
        more: "ĥ − ∇F = Mᵀ(θ − θ*) + terms of second order, and C is the largest stretch of the matrix M. ‖Mᵀe‖ is the error \
               that this predicts for the θ at hand, with e = θ − θ*. Dotted lines draw it where it is known.",
        see: &["super-efficient", "slope", "inner-error"],
    },
    Term {
        id: "worse",
        name: "F rose",
        spelled: &["F↑"],
        plain: "The last outer step made λ worse instead of better.",
        more: "F(λ) at the new λ is higher than before. The step was too long, or the estimate pointed the wrong way.",
        see: &["value-function", "cosine"],
    },
    Term {
        id: "truth",
        name: "truth",
        spelled: &["held against", "reference", "truth none", "no exact truth", "no truth", "the truth is not exact"],
        plain: "What estimates are compared with; the screen always names which truth it is.",
        more: "`same data`: the exact hypergradient of the very rows. `of the run`: the exact derivative of the inner run as it \
               was taken. `population`: what infinitely many rows would give. `none`: nothing is computed. `!` behind it \
               says that it could not be solved to rounding.",
        see: &["same-data", "of-the-run", "truth-population", "digits"],
    },
    Term {
        id: "same-data",
        name: "truth of the same data",
        spelled: &["truth same data", "same data"],
        plain: "The exact hypergradient of the very rows that the estimate saw.",
        more: "What is wrong with the estimate is then the algorithm's fault alone. What is wrong with the data is for the \
               bias-variance measurement to say.",
        see: &["truth", "bias", "truth-population"],
    },
    Term {
        id: "of-the-run",
        name: "truth of the run",
        spelled: &["truth of the run", "of the run"],
        plain: "The exact derivative of what the whole training run makes of λ.",
        more: "Used where training has no single end (a network) or where λ holds the step sizes, on which θ* does not depend. \
               Reverse and forward unrolling are exact for it.",
        see: &["truth", "unrolling"],
    },
    Term {
        id: "truth-population",
        name: "truth of the population",
        spelled: &["truth population", "training expectation", "truth: training expectation"],
        plain: "The hypergradient that one would get with endlessly many rows.",
        more: "`training expectation`: the average over training samples of the gradient of the population's risk, which is \
               what bias is measured against when data are drawn anew.",
        see: &["truth", "population", "bias"],
    },
    Term {
        id: "digits",
        name: "digits of the truth",
        spelled: &["∇F is rounding", "±∇F", "floor", "rounding", "truth floor"],
        plain: "How many digits of the true hypergradient the computer can know.",
        more: "Near a minimum of F the truth is a difference of large numbers and loses digits. `∇F is rounding` says that not \
               one is left: then there is no ratio and no cosine.",
        see: &["truth", "hypergradient-error"],
    },
];
