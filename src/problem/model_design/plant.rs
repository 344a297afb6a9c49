//! Linear-quadratic control of a plant with two states, angle and rate, and one action.
//!
//! `x₁′ = x₁ + dt x₂`, `x₂′ = x₂ + dt(κ x₁ − damping x₂ + b u) + N(0, noise²)`, cost `x₁² + rate_cost x₂² + action_cost u²`, discount γ. A pair
//! (κ, b) is a plant or a model of one. Its least cost from x on is `xᵀPx + k` with P of the discounted Riccati equation and
//! `k = γ tr(PW)/(1−γ)`; the cost of any other gain is a discounted Lyapunov equation (Anderson and Moore 1989).

pub(super) type Pair = [f64; 2];
pub(super) type Square = [[f64; 2]; 2];

/// Coefficients of `h(x, u)` in the features `x₁², 2x₁x₂, x₂², 2x₁u, 2x₂u, u², 1`.
pub(super) const FEATURES: usize = 7;
pub(super) type Coefficients = [f64; FEATURES];

/// Steps of value iteration at most, after which there is no controller to speak of.
const MOST_ITERATIONS: usize = 20_000;

/// Doublings of a series at most: 2⁶⁰ terms.
const MOST_DOUBLINGS: usize = 60;

/// What all plants and models share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plant {
    pub time_step: f64,
    pub damping: f64,
    pub discount: f64,
    pub rate_cost: f64,
    pub action_cost: f64,
    /// Standard deviation of what moves the rate by chance in a step.
    pub noise: f64,
}

/// The best controller of a model, and its value function.
#[derive(Debug, Clone, Copy)]
pub(super) struct Controller {
    pub value: Square,
    pub gain: Pair,
    /// k of `V(x) = xᵀPx + k`.
    pub constant: f64,
    closed: Square,
}

impl Plant {
    /// The features of a state and an action.
    pub fn features([angle, rate]: Pair, action: f64) -> Coefficients {
        [
            angle * angle,
            2.0 * angle * rate,
            rate * rate,
            2.0 * angle * action,
            2.0 * rate * action,
            action * action,
            1.0,
        ]
    }

    /// Cost of a state and an action.
    pub fn cost(&self, [angle, rate]: Pair, action: f64) -> f64 {
        angle * angle + self.rate_cost * rate * rate + self.action_cost * action * action
    }

    /// Where a model expects to be next.
    pub fn next(&self, [stiffness, lever]: Pair, [angle, rate]: Pair, action: f64) -> Pair {
        let acceleration = stiffness * angle - self.damping * rate + lever * action;
        [angle + self.time_step * rate, rate + self.time_step * acceleration]
    }

    fn matrices(&self, [stiffness, lever]: Pair) -> (Square, Pair) {
        let dt = self.time_step;
        ([[1.0, dt], [dt * stiffness, 1.0 - dt * self.damping]], [0.0, dt * lever])
    }

    fn state_cost(&self) -> Square {
        [[1.0, 0.0], [0.0, self.rate_cost]]
    }

    /// By value iteration, and two steps of policy iteration from there, which square what is left of the error. Not numbers where no
    /// action keeps the cost finite.
    pub fn controller(&self, model: Pair) -> Controller {
        let (a, b) = self.matrices(model);
        let mut value = self.state_cost();
        for _ in 0..MOST_ITERATIONS {
            let gain = self.gain(&value, (&a, b));
            let next = self.backup(&value, &closed(&a, b, gain), gain);
            let change = largest(&sum(&next, &scaled(-1.0, &value)));
            value = next;
            if change.is_nan() || change <= 1e-13 * largest(&value) {
                break;
            }
        }
        for _ in 0..2 {
            let gain = self.gain(&value, (&a, b));
            value = self.evaluated(&closed(&a, b, gain), gain);
        }
        let gain = self.gain(&value, (&a, b));
        let constant = self.drift(&value);
        Controller { value, gain, constant, closed: closed(&a, b, gain) }
    }

    /// K of `u = −Kx`, the least of a backup of `xᵀPx`.
    fn gain(&self, value: &Square, (a, b): (&Square, Pair)) -> Pair {
        let pb = applied(value, b);
        let weight = self.action_cost + self.discount * inner(b, pb);
        applied(&transposed(a), pb).map(|entry| self.discount * entry / weight)
    }

    /// `Q + KᵀRK + γ A_cᵀ P A_c`.
    fn backup(&self, value: &Square, closed: &Square, gain: Pair) -> Square {
        let actions = scaled(self.action_cost, &outer(gain, gain));
        let here = sum(&self.state_cost(), &actions);
        sum(&here, &scaled(self.discount, &congruent(closed, value)))
    }

    /// P of a gain: the sum of all discounted costs.
    fn evaluated(&self, closed: &Square, gain: Pair) -> Square {
        let here = sum(&self.state_cost(), &scaled(self.action_cost, &outer(gain, gain)));
        self.series(closed, here)
    }

    /// `Σ_k γᵏ (A_cᵏ)ᵀ S A_cᵏ` by doubling; infinite where it has no end.
    fn series(&self, closed: &Square, first: Square) -> Square {
        let (mut total, mut power) = (first, scaled(self.discount.sqrt(), closed));
        for _ in 0..MOST_DOUBLINGS {
            let more = congruent(&power, &total);
            total = sum(&total, &more);
            power = product(&power, &power);
            if largest(&more) <= f64::EPSILON * 1e-3 * largest(&total) || largest(&power) == 0.0 {
                return total;
            }
        }
        [[f64::INFINITY; 2]; 2]
    }

    /// `γ tr(PW)/(1−γ)`, what the noise costs for good.
    fn drift(&self, value: &Square) -> f64 {
        self.discount * self.noise * self.noise * value[1][1] / (1.0 - self.discount)
    }

    /// Derivatives of P in κ and b: `dP = γA_cᵀ dP A_c + γ(dA_cᵀPA_c + A_cᵀP dA_c)`. K is the best one, so that its own change drops out.
    pub fn value_slopes(&self, of: &Controller) -> [Square; 2] {
        self.model_slopes().map(|(da, db)| {
            let moved = sum(&da, &scaled(-1.0, &outer(db, of.gain)));
            let half = product(&transposed(&moved), &product(&of.value, &of.closed));
            self.series(&of.closed, scaled(self.discount, &sum(&half, &transposed(&half))))
        })
    }

    /// Derivatives of A and B in κ and b.
    fn model_slopes(&self) -> [(Square, Pair); 2] {
        let dt = self.time_step;
        [([[0.0, 0.0], [dt, 0.0]], [0.0, 0.0]), ([[0.0, 0.0], [0.0, 0.0]], [0.0, dt])]
    }

    /// `h = c + γ E V(model(x, u))` as coefficients of the features, and its derivatives in κ and b.
    pub fn action_value(&self, model: Pair) -> (Coefficients, [Coefficients; 2]) {
        let controller = self.controller(model);
        let (a, b) = self.matrices(model);
        let (p, gamma) = (&controller.value, self.discount);
        let states = sum(&self.state_cost(), &scaled(gamma, &congruent(&a, p)));
        let mixed = applied(&transposed(&a), applied(p, b)).map(|entry| gamma * entry);
        let actions = self.action_cost + gamma * inner(b, applied(p, b));
        let value = coefficients(&states, mixed, actions, controller.constant);
        let [by_stiffness, by_lever] = self.value_slopes(&controller);
        let [stiffness, lever] = self.model_slopes();
        let slope = |dp: &Square, (da, db): (Square, Pair)| {
            let half = product(&transposed(&da), &product(p, &a));
            let states = sum(&congruent(&a, dp), &sum(&half, &transposed(&half)));
            let of_b = applied(&transposed(&a), added(applied(dp, b), applied(p, db)));
            let mixed = added(of_b, applied(&transposed(&da), applied(p, b)));
            let actions = inner(b, applied(dp, b)) + 2.0 * inner(db, applied(p, b));
            let scaled_states = scaled(gamma, &states);
            coefficients(&scaled_states, mixed.map(|entry| gamma * entry), gamma * actions, self.drift(dp))
        };
        (value, [slope(&by_stiffness, stiffness), slope(&by_lever, lever)])
    }

    /// √γ times the spectral radius of `A − BK` on a plant: from 1 on, costs have no end.
    pub fn radius(&self, plant: Pair, gain: Pair) -> f64 {
        let (a, b) = self.matrices(plant);
        let [[first, second], [third, fourth]] = closed(&a, b, gain);
        let (middle, determinant) = (0.5 * (first + fourth), first * fourth - second * third);
        let discriminant = middle * middle - determinant;
        let radius = if discriminant >= 0.0 { middle.abs() + discriminant.sqrt() } else { determinant.max(0.0).sqrt() };
        self.discount.sqrt() * radius
    }

    /// What `u = −Kx` costs on a plant from `x₀ ~ N(0, start² I)`; infinite where it does not hold it.
    pub fn expected_cost(&self, plant: Pair, gain: Pair, start: f64) -> f64 {
        if self.radius(plant, gain) >= 1.0 {
            return f64::INFINITY;
        }
        let (a, b) = self.matrices(plant);
        let value = self.evaluated(&closed(&a, b, gain), gain);
        start * start * (value[0][0] + value[1][1]) + self.drift(&value)
    }
}

fn coefficients(states: &Square, mixed: Pair, actions: f64, constant: f64) -> Coefficients {
    [states[0][0], states[0][1], states[1][1], mixed[0], mixed[1], actions, constant]
}

fn closed(a: &Square, b: Pair, gain: Pair) -> Square {
    sum(a, &scaled(-1.0, &outer(b, gain)))
}

fn sum(a: &Square, b: &Square) -> Square {
    std::array::from_fn(|i| std::array::from_fn(|j| a[i][j] + b[i][j]))
}

fn scaled(factor: f64, a: &Square) -> Square {
    a.map(|row| row.map(|entry| factor * entry))
}

fn product(a: &Square, b: &Square) -> Square {
    std::array::from_fn(|i| std::array::from_fn(|j| a[i][0] * b[0][j] + a[i][1] * b[1][j]))
}

fn transposed(a: &Square) -> Square {
    std::array::from_fn(|i| std::array::from_fn(|j| a[j][i]))
}

/// `MᵀSM`.
fn congruent(m: &Square, s: &Square) -> Square {
    product(&transposed(m), &product(s, m))
}

pub(super) fn applied(a: &Square, x: Pair) -> Pair {
    a.map(|row| inner(row, x))
}

fn added(x: Pair, y: Pair) -> Pair {
    [x[0] + y[0], x[1] + y[1]]
}

fn inner(x: Pair, y: Pair) -> f64 {
    x[0] * y[0] + x[1] * y[1]
}

fn outer(x: Pair, y: Pair) -> Square {
    x.map(|entry| y.map(|other| entry * other))
}

/// The largest entry; not a number where one is none.
fn largest(a: &Square) -> f64 {
    a.iter().flatten().fold(0.0, |most: f64, entry| if entry.is_nan() { f64::NAN } else { most.max(entry.abs()) })
}
