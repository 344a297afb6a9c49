"""Rows for `frozen-state.ron`, and what NumPy finds at their frozen state.

    python3 studies/frozen_state.py

writes `frozen-state.npz` beside this file and prints the table of `frozen-state.md`. Ridge with a learned prior mean: 400 rows
train, 200 validate, batches of 16 with replacement, everything at rest at λ = 0. Nothing here comes from hyperlab.
"""

from pathlib import Path

import numpy as np

PENALTY, BATCH, DRAWS = 0.5, 16, 4000


def rows(seed=0, features=20, training=400, validation=200):
    random = np.random.default_rng(seed)
    scale = np.sqrt(np.linspace(1, 0.1, features))
    X = random.normal(size=(training, features)) * scale
    Xv = random.normal(size=(validation, features)) * scale
    w = 1.5 * random.normal(size=features) * (random.random(features) < 0.4)
    y = X @ w + 0.7 * random.normal(size=training)
    yv = Xv @ w + 0.7 * random.normal(size=validation)
    return X, y, Xv, yv


X, y, Xv, yv = rows()
n, d, m = *X.shape, len(yv)
# One row more than is read: shares of 601 rows come out at 400 and 200.
X_all, y_all = np.vstack([X, Xv, Xv[-1:]]), np.concatenate([y, yv, yv[-1:]])
np.savez(Path(__file__).with_name("frozen-state.npz"), X=X_all, y=y_all)

H, Hv = X.T @ X / n + PENALTY * np.eye(d), Xv.T @ Xv / m
theta = np.linalg.solve(H, X.T @ y / n)
b = Xv.T @ (Xv @ theta - yv) / m
v = np.linalg.solve(H, b)
truth = PENALTY * v
random = np.random.default_rng(1)


def batch(of):
    return random.integers(0, of, BATCH)


def gradient(theta, B):
    return X[B].T @ (X[B] @ theta - y[B]) / BATCH + PENALTY * theta


def product(p, B):
    return X[B].T @ (X[B] @ p) / BATCH + PENALTY * p


def outer(theta, V):
    return Xv[V].T @ (Xv[V] @ theta - yv[V]) / BATCH


def split(directions):
    directions = np.array(directions)
    mean, length = directions.mean(0), np.linalg.norm(truth)
    variance = ((directions - mean) ** 2).sum() / (len(directions) - 1)
    squared = ((mean - truth) ** 2).sum() - variance / len(directions)
    return np.sqrt(max(squared, 0)) / length, np.sqrt(variance) / length


def exact(step, terms):
    left = np.linalg.matrix_power(np.eye(d) - step * H, terms) @ v
    return PENALTY * np.linalg.norm(left) / np.linalg.norm(truth)


def total(step, products):
    term = outer(theta, batch(m))
    whole = term.copy()
    for _ in range(products):
        term = term - step * product(term, batch(n))
        whole += term
    return PENALTY * step * whole


def one_term(step, terms):
    term = terms * step * outer(theta, batch(m))
    for _ in range(random.integers(0, terms)):
        term = term - step * product(term, batch(n))
    return PENALTY * term


print(f"eigenvalues of H {np.linalg.eigvalsh(H)[[0, -1]]}, ‖∇F‖ {np.linalg.norm(truth):.4f}")
for step in (0.1, 0.4):
    for Q in (5, 20, 80):
        bias, noise = split([total(step, Q) for _ in range(DRAWS)])
        print(f"stocbio  η = {step}, Q = {Q:2}: bias {bias:.3f} (exact {exact(step, Q + 1):.6f}), noise {noise:.3f}")
        bias, noise = split([one_term(step, Q) for _ in range(DRAWS)])
        print(f"ttsa     η = {step}, Q = {Q:2}: bias {bias:.3f} (exact {exact(step, Q):.6f}), noise {noise:.3f}")

for rho in (0.4, 0.1, 0.025):
    now, squares = v.copy(), []
    for tick in range(20000):
        now = now - rho * (product(now, batch(n)) - outer(theta, batch(m)))
        if tick > 1000:
            squares.append(((now - v) ** 2).sum())
    print(f"soba     ρ = {rho}: ‖v − v*‖/‖v*‖ {np.sqrt(np.mean(squares)) / np.linalg.norm(v):.3f}")

for is_separate in (False, True):
    for kappa in (3, 30, 300):
        far = np.linalg.solve(H + Hv / kappa, X.T @ y / n + Xv.T @ yv / m / kappa)
        near, directions = theta.copy(), []
        for tick in range(20000):
            B, V = batch(n), batch(m)
            C = batch(n) if is_separate else B
            far, near = far - 0.1 * (gradient(far, C) + outer(far, V) / kappa), near - 0.1 * gradient(near, B)
            if tick > 500:
                directions.append(kappa * PENALTY * (near - far))
        print(f"f2sa     κ = {kappa:3}, {'rows of their own' if is_separate else 'the same rows'}: noise {split(directions)[1]:.3f}")

for kappa in (3, 10, 30, 100, 300):
    at = lambda share: np.linalg.solve(H + share * Hv, X.T @ y / n + share * Xv.T @ yv / m)
    one = kappa * PENALTY * (at(0) - at(1 / kappa))
    two = kappa / 2 * PENALTY * (at(-1 / kappa) - at(1 / kappa))
    bias = [np.linalg.norm(direction - truth) / np.linalg.norm(truth) for direction in (one, two)]
    print(f"f2sa     κ = {kappa:3}, all rows: bias {bias[0]:.9f}, two sides {bias[1]:.9e}")
