//! Outer variables that are the coefficients of a function: what a problem says of it beside its derivatives.

/// A function f_λ of a regressor, and what another method makes of the same rows.
pub trait Structural: Send + Sync {
    /// The column of the only regressor; nothing where there are several.
    fn regressor(&self) -> Option<usize>;

    /// Values of the regressor that f_λ is drawn at, ascending; none where there are several, which no plane shows.
    fn places(&self) -> &[f64];

    /// f_λ there.
    fn curve(&self, lambda: &[f64]) -> Vec<f64>;

    /// λ by least squares of the target on the same functions of the regressors, where there is one.
    fn least_squares(&self) -> Option<&[f64]>;
}
