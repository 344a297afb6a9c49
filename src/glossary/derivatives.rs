//! What estimators compute with.

use super::Term;

pub(super) static TERMS: &[Term] = &[
    Term {
        id: "implicit",
        name: "implicit differentiation",
        spelled: &["implicit", "IFT", "implicit function theorem"],
        plain: "Getting the hypergradient from the end of training alone, by asking how that end shifts when λ does.",
        more: "ĥ = ∇_λ f − Jᵀ v with H v = ∇_θ f, at the θ where training stopped. Exact at θ*; off by about the inner error \
               elsewhere (slope 1).",
        see: &["hessian", "cross-derivative", "adjoint", "unrolling"],
    },
    Term {
        id: "unrolling",
        name: "unrolling",
        spelled: &["reverse", "forward", "truncated", "RHG", "T-RHG", "FMD", "tape"],
        plain: "Getting the hypergradient by differentiating every training step that was taken.",
        more: "Reverse (RHG) goes backwards over a tape of all states, forward (FMD) carries a tangent for each \
               hyperparameter along, truncated (T-RHG) stops after the last K steps. Few steps are biased and vary little; \
               many are the other way round.",
        see: &["implicit", "of-the-run", "memory"],
    },
    Term {
        id: "hessian",
        name: "Hessian",
        spelled: &["H", "inner Hessian", "curvature"],
        plain: "How the training loss bends: the second derivatives over the parameters.",
        more: "H = ∂²g/∂θ², a d × d matrix. Its largest and smallest bend (L and μ) set how fast training is and how hard the \
               linear system. `H ≈ I` pretends that it bends alike in every direction.",
        see: &["condition", "adjoint", "hvp", "negative-curvature"],
    },
    Term {
        id: "fisher-matrix",
        name: "Fisher matrix",
        spelled: &["Fisher", "empirical Fisher", "scores"],
        plain: "The mean square of the gradients of single rows: what natural hypergradients have in place of the Hessian.",
        more: "(1/n) Σ sᵢsᵢᵀ with sᵢ the gradient of row i by θ, its score. It tends to the Hessian of the loss where labels are \
               drawn from the model, and to something else where the model is wrong.",
        see: &["hessian", "damping"],
    },
    Term {
        id: "cross-derivative",
        name: "cross derivative",
        spelled: &["J", "Jᵀ"],
        plain: "How the slope of the training loss changes when λ does.",
        more: "J = ∂²g/∂θ∂λ, a d × p matrix. A product with it or its transpose is a cross product.",
        see: &["cross-product", "implicit"],
    },
    Term {
        id: "adjoint",
        name: "adjoint",
        spelled: &["v", "v*", "‖v−v*‖", "b", "v = b", "error of the adjoint"],
        plain: "The solution of the linear system inside implicit differentiation: how much a shift of each parameter matters \
                to the outer objective.",
        more: "v solves H v = b with b = ∇_θ f. v* is the one at θ*, and ‖v−v*‖ how far off it is. `v = b` skips the system, as \
               if H were the identity.",
        see: &["implicit", "residual", "hessian"],
    },
    Term {
        id: "residual",
        name: "residual",
        spelled: &["iterations", "solver", "not converged", "solver gave up", "solved"],
        plain: "How far the linear system is from solved: 0 is exact.",
        more: "‖b − Hv‖ / ‖b‖, computed anew from the v that a solver returns. A system is solved where it is at most 1e-8, \
               whichever solver it is; `residual 0.3` in the list of trials says that it is not.",
        see: &["adjoint", "solver-budget", "damping"],
    },
    Term {
        id: "solver-budget",
        name: "budget of the solver",
        spelled: &["K", "CG", "Neumann series", "tolerance"],
        plain: "How many products the linear solver may take before it has to answer.",
        more: "Conjugate gradients (CG) and the Neumann series come closer to the adjoint with every product. K is how many \
               terms or steps; of an ensemble, how many members.",
        see: &["residual", "hvp", "condition"],
    },
    Term {
        id: "t1-t2",
        name: "T1–T2",
        spelled: &["H ≈ I", "identity"],
        plain: "The name of the method that replaces the Hessian by the identity.",
        more: "From Luketina and others (2016), who took gradient steps on two sets, training (T1) and validation (T2). It \
               solves nothing, so it is cheap, and it may point anywhere.",
        see: &["adjoint", "hessian"],
    },
    Term {
        id: "newton-step",
        name: "Newton step",
        spelled: &["corrected", "Newton", "P", "preconditioner", "preconditioned step"],
        plain: "A step of training that uses the curvature and lands almost at the end at once.",
        more: "θ − H⁻¹ ∇g. Taken before the implicit formula, it squares the error that is left (slope 2). With an \
               approximation P of the Hessian it makes the constant smaller and keeps slope 1.",
        see: &["super-efficient", "hessian", "efficiency-constant"],
    },
    Term {
        id: "damping",
        name: "damping",
        spelled: &["damped"],
        plain: "A number added to the curvature to make the linear system easier, at the price of a wrong answer.",
        more: "H + damping · I in place of H. The error it brings does not fall with the inner error.",
        see: &["hessian", "residual"],
    },
    Term {
        id: "condition",
        name: "condition number",
        spelled: &["condition", "L/μ", "κ"],
        plain: "How much more the training loss bends in its steepest direction than in its flattest.",
        more: "L/μ. Large ones make gradient descent and linear solvers slow.",
        see: &["hessian", "solver-budget"],
    },
    Term {
        id: "negative-curvature",
        name: "negative curvature",
        spelled: &["saddle"],
        plain: "The training loss bends downwards somewhere, so training has not reached a minimum there.",
        more: "Implicit formulas need a minimum: what they say at such a point is not to be trusted.",
        see: &["hessian", "implicit"],
    },
    Term {
        id: "calls",
        name: "oracle calls",
        spelled: &["calls", "run calls", "cost", "oracle", "gradients"],
        plain: "The price of an estimate: how often derivatives of the objectives were asked for.",
        more: "Gradients, Hessian-vector products and cross products, counted as they happen; over a mini-batch, as its share \
               of all rows. `run calls` counts from the start of the inner run.",
        see: &["hvp", "cross-product", "factorization", "memory"],
    },
    Term {
        id: "hvp",
        name: "Hessian-vector product",
        spelled: &["hvp", "hvps"],
        plain: "One product of the curvature with a vector, which costs about as much as a gradient.",
        more: "H v, without writing H down. A dense Hessian counts as d of them.",
        see: &["calls", "hessian"],
    },
    Term {
        id: "cross-product",
        name: "cross product",
        spelled: &["cross", "cross products"],
        plain: "One product of the cross derivative with a vector, which costs about as much as a gradient.",
        more: "Jᵀ v or J u. Implicit differentiation needs one, unrolling one for every step.",
        see: &["calls", "cross-derivative"],
    },
    Term {
        id: "factorization",
        name: "factorization",
        spelled: &["factorizations", "Cholesky"],
        plain: "Taking a matrix apart once, so that systems with it are solved at once.",
        more: "Its work grows as d³, so it is counted by itself and is no oracle call.",
        see: &["calls", "hessian"],
    },
    Term {
        id: "memory",
        name: "memory",
        spelled: &["bytes"],
        plain: "The largest amount of memory the estimator held so far.",
        more: "A tape of states for reverse unrolling, tangents for forward unrolling, a matrix for a direct solve.",
        see: &["unrolling", "calls"],
    },
    Term {
        id: "warm-start",
        name: "warm start",
        spelled: &["warm-started", "warm", "cold"],
        plain: "Beginning where the last outer step ended, instead of anew.",
        more: "Of training: θ begins at the last θ. Of a linear solver: v begins at the last v. Cheaper, but the start then \
               depends on the past.",
        see: &["inner-loop", "single-loop"],
    },
    Term {
        id: "single-loop",
        name: "single loop",
        spelled: &["SOBA", "stocBiO", "AmIGO"],
        plain: "A method that moves θ, the adjoint and λ together, one step each.",
        more: "SOBA does so. stocBiO and AmIGO are the Neumann series and the warm fixed point over mini-batches, with an \
               inner loop.",
        see: &["warm-start", "batch", "adjoint"],
    },
    Term {
        id: "support",
        name: "support",
        spelled: &["‖θ‖₀", "wrong zeros", "zeros", "sparse", "lasso", "active set"],
        plain: "Which entries of θ are not zero: the features that a sparse model uses.",
        more: "A penalty on |θ| makes entries exactly zero. As long as the support stays the same everything is smooth along it, \
               and derivatives are taken there. `wrong zeros` counts where it differs from that of θ*.",
        see: &["kink", "proximal"],
    },
    Term {
        id: "kink",
        name: "kink",
        spelled: &["kinks", "nonsmooth", "subgradient"],
        plain: "A place where a function bends sharply: it has a slope on either side, but none there.",
        more: "|θ| has one at zero, and F wherever a feature enters or leaves the support: the hypergradient jumps there. Nothing is claimed of \
               the slope of F on a kink itself.",
        see: &["support", "value-function"],
    },
    Term {
        id: "proximal",
        name: "proximal operator",
        spelled: &["prox", "ISTA", "soft threshold", "proximal gradient"],
        plain: "The step that minimizes a penalty without going far, also where the penalty has kinks.",
        more: "Of the penalty t|θ| it is the soft threshold: what is smaller than t becomes zero, the rest moves towards zero by t. A \
               gradient step on the smooth part followed by it is one step of ISTA.",
        see: &["support", "kink"],
    },
];
