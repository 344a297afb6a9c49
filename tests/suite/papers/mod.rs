//! What the papers found, at toy scale.

mod bias_variance;
mod cleaning_and_tasks;
mod horizons;
mod natural;
mod overfitting;
mod super_efficiency;
