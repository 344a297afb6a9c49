//! Central differences with one Richardson extrapolation, `O(h⁴)`.

/// Derivative of a vector function along `direction` at `point`; `step` is the larger of the two steps.
pub fn directional(
    mut function: impl FnMut(&[f64]) -> Vec<f64>,
    point: &[f64],
    direction: &[f64],
    step: f64,
) -> Vec<f64> {
    let mut central = |h: f64| -> Vec<f64> {
        let moved = |sign: f64| -> Vec<f64> { point.iter().zip(direction).map(|(x, d)| x + sign * h * d).collect() };
        let forward = function(&moved(1.0));
        let backward = function(&moved(-1.0));
        forward.iter().zip(&backward).map(|(f, b)| (f - b) / (2.0 * h)).collect()
    };
    let coarse = central(step);
    let fine = central(step / 2.0);
    fine.iter().zip(&coarse).map(|(f, c)| (4.0 * f - c) / 3.0).collect()
}

/// Gradient of a scalar function at `point`.
pub fn gradient(mut function: impl FnMut(&[f64]) -> f64, point: &[f64], step: f64) -> Vec<f64> {
    (0..point.len())
        .map(|index| {
            let direction = super::vector::basis(point.len(), index);
            directional(|x| vec![function(x)], point, &direction, step)[0]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn exact_for_a_cubic() {
        let slope = super::gradient(|x| x[0].powi(3) - 2.0 * x[0] * x[1], &[1.5, -0.5], 1e-2);
        assert!((slope[0] - (3.0 * 2.25 + 1.0)).abs() < 1e-10);
        assert!((slope[1] + 3.0).abs() < 1e-10);
    }
}
