//! The two levels of the problem.

use super::Term;

pub(super) static TERMS: &[Term] = &[
    Term {
        id: "bilevel",
        name: "bilevel optimization",
        spelled: &["bilevel"],
        plain: "Choosing hyperparameters λ so that a model trained with them does well on rows that it was not trained on.",
        more: "The inner level trains the parameters θ with λ held fixed; the outer level moves λ. The outer level only sees \
               λ through the trained model, which is why its gradient is hard to get.",
        see: &[
            "hyperparameters",
            "parameters",
            "inner-objective",
            "outer-objective",
            "value-function",
            "hypergradient",
        ],
    },
    Term {
        id: "hyperparameters",
        name: "hyperparameters",
        spelled: &["λ", "lambda", "outer variable"],
        plain: "The numbers that the outer loop chooses, such as how strongly large weights are punished.",
        more: "Mostly logarithms, so that they may be any number: a log penalty of −2.3 is a penalty of 0.1. `λ at a bound` \
               says that an entry can go no further.",
        see: &["parameters", "block", "start"],
    },
    Term {
        id: "parameters",
        name: "parameters",
        spelled: &["θ", "theta", "weights", "inner variable"],
        plain: "The numbers that training finds: the weights of the model.",
        more: "The inner loop moves θ downhill on the training objective while λ stands still.",
        see: &["inner-loop", "inner-solution"],
    },
    Term {
        id: "inner-objective",
        name: "inner objective",
        spelled: &["g", "g(λ,θ)", "training loss with its penalty"],
        plain: "What the inner loop makes small: the loss on the training rows, with its penalty.",
        more: "g(λ, θ). Its minimum over θ, at a given λ, is θ*(λ).",
        see: &["inner-solution", "outer-objective"],
    },
    Term {
        id: "outer-objective",
        name: "outer objective",
        spelled: &["f", "f(λ,θ)"],
        plain: "What λ is judged by: mostly the loss of the trained model on the validation rows.",
        more: "f(λ, θ) at any θ. At the exact inner solution it is the value function F(λ). b is its gradient over θ.",
        see: &["value-function", "inner-objective"],
    },
    Term {
        id: "inner-solution",
        name: "exact inner solution",
        spelled: &["θ*", "θ*(λ)", "theta*"],
        plain: "The parameters that training would find if it went on for ever.",
        more: "θ*(λ) = argmin over θ of g(λ, θ). A real inner run stops before; how far it still is from θ* is the inner \
               error. Where training can end in several places there is no single θ*, and estimates are held against the \
               derivative of the run.",
        see: &["inner-error", "of-the-run"],
    },
    Term {
        id: "value-function",
        name: "value function",
        spelled: &["F", "F(λ)"],
        plain: "How good λ really is: the outer objective of a model that was trained to the end with it.",
        more: "F(λ) = f(λ, θ*(λ)). The outer loop tries to minimize it. Beside H, on charts of eigenvalues, F is the Fisher matrix.",
        see: &["hypergradient", "worse", "fisher-matrix"],
    },
    Term {
        id: "hypergradient",
        name: "hypergradient",
        spelled: &["∇F", "‖∇F‖", "∇F(λ)"],
        plain: "The direction and steepness in which λ changes how good the trained model is: the gradient for hyperparameters.",
        more: "∇F(λ). It needs the exact inner solution and a linear system, so in practice it is only estimated. ‖∇F‖, the \
               length of the truth, is zero where λ is at a minimum.",
        see: &["estimate", "implicit", "unrolling", "truth"],
    },
    Term {
        id: "estimate",
        name: "estimate of the hypergradient",
        spelled: &["ĥ", "‖ĥ‖", "estimator"],
        plain: "What an estimator returns in place of the hypergradient, and what moves λ.",
        more: "ĥ. Every trial has an estimator; the laboratory shows how far its ĥ is from the truth, why, and what it cost. \
               `ĥ not finite` says that the numbers overflowed.",
        see: &["hypergradient-error", "cosine", "bias"],
    },
    Term {
        id: "inner-loop",
        name: "inner loop",
        spelled: &["inner", "inner step", "inner run", "dynamics", "all inner"],
        plain: "The training: steps that move θ while λ stands still.",
        more: "`inner 8/40` in the first row: 8 of 40 inner steps are done. n takes one. An inner run is all steps between \
               two moves of λ.",
        see: &["outer-loop", "inner-steps", "warm-start"],
    },
    Term {
        id: "outer-loop",
        name: "outer loop",
        spelled: &["outer", "outer step", "outer rule"],
        plain: "The tuning: every outer step trains, estimates the hypergradient, and moves λ against it.",
        more: "`outer 12`: λ has moved 12 times. N finishes the outer step. The rule says how an estimate becomes a move.",
        see: &["inner-loop", "estimate", "horizon"],
    },
    Term {
        id: "start",
        name: "starting point",
        spelled: &["λ₀", "θ₀"],
        plain: "Where λ and θ begin.",
        more: "New trials start at λ₀. `at λ₀` on a chart says that the measurement was made there, wherever the outer loop \
               has gone since.",
        see: &["hyperparameters", "parameters"],
    },
    Term {
        id: "horizon",
        name: "horizon",
        spelled: &["planned end"],
        plain: "Where a run is planned to end.",
        more: "Of the outer loop: the scenario's number of outer steps or oracle calls, where space stops; a second space \
               goes beyond. Of an inner run: its number of inner steps T.",
        see: &["outer-loop", "inner-steps"],
    },
];
