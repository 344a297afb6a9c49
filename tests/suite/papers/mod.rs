//! What the papers found, at toy scale.

mod bias_variance;
mod cleaning_and_tasks;
mod horizon_tables;
mod horizons;
mod natural;
mod overfitting;
mod populations;
mod super_efficiency;
