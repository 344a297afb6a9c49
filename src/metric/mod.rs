//! What is recorded of a trial, as a list.
//!
//! A metric is read at every λ, at every measured inner step or at every outer step. Columns of CSV and JSON, the
//! reading panel, the comparison table and the chart of any metric against any clock derive from [`ALL`]. To add
//! one: one file here, one line in the list. A metric that a problem cannot have says why in its `needs`.
//!
//! The contract ([`Metric`], [`Seen`], [`Reading`]) lives in [`trial`](crate::trial), which is handed this list and
//! records at the right moments; what there is to record is up here, where everything of a trial can be asked.

mod accuracy;
mod adjoint;
mod baseline;
mod bound;
mod cleaning;
mod clock;
mod control;
mod cost;
mod drift;
mod efficiency;
mod error;
mod excess;
mod gap;
mod hypergradient;
mod lambda;
mod lineage;
mod loss;
mod needs;
mod new_task;
mod objective;
mod quantity;
mod refit;
mod score;
mod search;
mod signs;
mod solver;
mod step_size;
mod structural;
mod students;
mod support;
mod surrogate;
mod theta;
mod truth;
mod value;

pub use crate::trial::{Kind, Metric, Reading, Readings, Record, Records, Seen, Subject, Unit, When};
pub use accuracy::{TEST_ACCURACY, TRAINING_ACCURACY, VALIDATION_ACCURACY};
pub use adjoint::{ADJOINT, ADJOINT_ERROR};
pub use baseline::{Baseline, baselines};
pub use bound::ERROR_BOUND;
pub use cleaning::{F1, PRECISION, RECALL, ROW_WEIGHTS};
pub use clock::{CALLS, Clock, INNER_STEPS, OUTER_STEP, ROW_CALLS, RUN_CALLS, TOTAL_INNER_STEPS};
pub use control::{BEST_RESPONSE, DISCOUNTED_RADIUS, PLANT_STIFFNESS, REGRET, RESPONSE};
pub use cost::{COST_BYTES, COST_CROSS_PRODUCTS, COST_FACTORIZATIONS, COST_GRADIENTS, COST_HVPS};
pub use drift::{AGE_WEIGHTS, COMMON_WINDOW, FILTERED_NORM, LOCAL_REGRET};
pub use efficiency::{EFFICIENCY_CONSTANT, PREDICTED_ERROR};
pub use error::{COSINE, ERROR, INNER_ERROR, RELATIVE_ERROR};
pub use excess::{EXCESS_FLOOR, EXCESS_VALUE, LEAST_NOTE, LEAST_VALUE, in_words, least_of};
pub use gap::GAP;
pub use hypergradient::{FILTERED, HYPERGRADIENT, HYPERGRADIENT_NORM};
pub use lambda::LAMBDA;
pub use lineage::{FOUNDERS, GENERATION, MUTATION, PARENTS, SURVIVING_FOUNDERS, TAKE_OVER};
pub use loss::{TEST_LOSS, TRAINING_LOSS, VALIDATION_LOSS};
pub use new_task::{NEW_TASK, PRIOR};
pub use objective::{INNER_VALUE, OUTER_VALUE};
pub use quantity::{Quantity, QuantityError};
pub use refit::{REFIT_ACCURACY, REFIT_LOSS};
pub use search::{ACTIVE_BOUNDS, BEST_VALUE, LOWER_BOUNDS, UNITS};
pub use signs::{CLIPPED, CONVERGED, CONVERGED_ENTRIES, ENTRY_STEPS, FLIPPED_ENTRIES, FLIPS};
pub use solver::{SOLVER_CONVERGED, SOLVER_ITERATIONS, SOLVER_NEGATIVE_CURVATURE, SOLVER_NOTE, SOLVER_RESIDUAL};
pub use step_size::{LONG_STEP, OUTER_STEP_SIZE, STEP_SIZE};
pub use structural::{LEAST_SQUARES_FUNCTION, STRUCTURAL_FUNCTION};
pub use students::{LEADER, STUDENT_LAMBDA, STUDENT_VALUES};
pub use support::{SUPPORT, SUPPORT_ERROR};
pub use surrogate::{
    BATCHES_SEEN, BATCHES_USED, CURVATURE_CONDITION, CURVATURE_EIGENVALUES, CURVATURE_ERROR, CURVATURE_SMALLEST,
    HESSIAN_EIGENVALUES, RESETS,
};
pub use theta::THETA;
pub use truth::{TRUTH, TRUTH_CONDITION, TRUTH_CONVERGED, TRUTH_FLOOR, TRUTH_NORM};
pub use value::{VALUE, WORSE};

/// The metric with this identifier, also with underscores, as columns spell it.
#[must_use]
pub fn find(name: &str) -> Option<&'static Metric> {
    let id = name.replace('_', "-");
    ALL.iter().copied().find(|metric| metric.card.id == id)
}

/// Every metric, in the order shown.
pub static ALL: &[&Metric] = &[
    &OUTER_STEP,
    &INNER_STEPS,
    &TOTAL_INNER_STEPS,
    &CALLS,
    &ROW_CALLS,
    &RUN_CALLS,
    &UNITS,
    &INNER_VALUE,
    &OUTER_VALUE,
    &BEST_VALUE,
    &VALUE,
    &WORSE,
    &EXCESS_VALUE,
    &EXCESS_FLOOR,
    &LEAST_VALUE,
    &LEAST_NOTE,
    &INNER_ERROR,
    &ERROR,
    &ERROR_BOUND,
    &RELATIVE_ERROR,
    &COSINE,
    &HYPERGRADIENT_NORM,
    &FILTERED_NORM,
    &LOCAL_REGRET,
    &REGRET,
    &DISCOUNTED_RADIUS,
    &PLANT_STIFFNESS,
    &TRUTH_NORM,
    &TRUTH_CONVERGED,
    &TRUTH_FLOOR,
    &TRUTH_CONDITION,
    &PREDICTED_ERROR,
    &EFFICIENCY_CONSTANT,
    &ADJOINT_ERROR,
    &TRAINING_LOSS,
    &VALIDATION_LOSS,
    &TEST_LOSS,
    &GAP,
    &TRAINING_ACCURACY,
    &VALIDATION_ACCURACY,
    &TEST_ACCURACY,
    &REFIT_LOSS,
    &REFIT_ACCURACY,
    &PRECISION,
    &RECALL,
    &F1,
    &SUPPORT,
    &SUPPORT_ERROR,
    &STEP_SIZE,
    &CLIPPED,
    &FLIPS,
    &CONVERGED,
    &OUTER_STEP_SIZE,
    &ACTIVE_BOUNDS,
    &LOWER_BOUNDS,
    &LONG_STEP,
    &COST_GRADIENTS,
    &COST_HVPS,
    &COST_CROSS_PRODUCTS,
    &COST_FACTORIZATIONS,
    &COST_BYTES,
    &SOLVER_ITERATIONS,
    &SOLVER_RESIDUAL,
    &SOLVER_CONVERGED,
    &SOLVER_NEGATIVE_CURVATURE,
    &SOLVER_NOTE,
    &CURVATURE_ERROR,
    &CURVATURE_SMALLEST,
    &CURVATURE_CONDITION,
    &BATCHES_SEEN,
    &BATCHES_USED,
    &RESETS,
    &CURVATURE_EIGENVALUES,
    &HESSIAN_EIGENVALUES,
    &LAMBDA,
    &ENTRY_STEPS,
    &FLIPPED_ENTRIES,
    &CONVERGED_ENTRIES,
    &HYPERGRADIENT,
    &FILTERED,
    &TRUTH,
    &ADJOINT,
    &THETA,
    &ROW_WEIGHTS,
    &AGE_WEIGHTS,
    &NEW_TASK,
    &PRIOR,
    &STRUCTURAL_FUNCTION,
    &LEAST_SQUARES_FUNCTION,
    &RESPONSE,
    &BEST_RESPONSE,
    &LEADER,
    &SURVIVING_FOUNDERS,
    &GENERATION,
    &TAKE_OVER,
    &STUDENT_LAMBDA,
    &STUDENT_VALUES,
    &FOUNDERS,
    &PARENTS,
    &MUTATION,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_says_what_it_is_and_can_be_found_by_either_spelling() {
        for (index, metric) in ALL.iter().enumerate() {
            let card = &metric.card;
            assert!(std::ptr::eq(find(card.id).unwrap(), *metric), "{} is there twice", card.id);
            assert!(std::ptr::eq(find(&metric.column()).unwrap(), *metric));
            for text in [card.name, card.summary, card.cost, card.fails, metric.symbol] {
                assert!(!text.is_empty(), "{}", card.id);
            }
            assert!(card.knobs.is_empty(), "{}", card.id);
            let same_rank = |other: &&&Metric| other.rank == metric.rank;
            assert!(metric.rank == 0 || ALL[..index].iter().find(same_rank).is_none(), "the rank of {}", card.id);
        }
    }
}
