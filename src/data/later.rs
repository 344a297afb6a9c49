//! Rows of a stream as time goes on.

use super::prepare::{chosen, features, fitted_again};
use super::stand_in::emptied;
use super::{DataError, DataSpec, Dataset, Prepared, Rows, Samples, Split};

impl Prepared {
    /// The rows of a stream so many blocks later, shifted and scaled as the first ones were.
    ///
    /// # Errors
    /// See [`Rows::later`].
    pub fn later(&self, spec: &DataSpec, shift: usize) -> Result<Split, DataError> {
        let (dataset, fitted) = (&*self.dataset, fitted_again(spec, self)?);
        let rows = Rows::later(&spec.split, dataset, shift)?;
        let part = |rows: &[usize], targets: &[f64]| {
            let of_rows = dataset.samples(rows);
            let features = features(spec, Dataset { features: of_rows.features, ..emptied(dataset) })?.features;
            let mut samples = Samples { features, targets: chosen(targets, rows), weights: of_rows.weights };
            fitted.apply(&mut samples);
            Ok(samples)
        };
        let judged = if dataset.curve.is_empty() { &dataset.targets } else { &dataset.curve };
        Ok(Split {
            training: part(&rows.training, &dataset.targets)?,
            validation: part(&rows.validation, &dataset.targets)?,
            test: part(&rows.test, judged)?,
            ..self.split.clone()
        })
    }
}
