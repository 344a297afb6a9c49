"""Ticks per second of stochastic bilevel methods: Hyperlab beside the same ticks in NumPy and in JAX.

    pip install numpy jax
    taskset -c 0 python benches/peers/run.py

Runs `cargo bench --bench peers`, which writes rows, lists and steps to target/peers/, takes the same ticks over the same
lists in both peers, checks that all end at the same lambda (1e-9 of its length), and prints seconds and ratios. Every
number is the fastest of five runs in this one run of the script; JAX is timed without its compilation. Both peers are
written as a person would who wants them fast: NumPy takes all twins in one batched product, JAX compiles the whole run
with `lax.scan`.
"""

import json
import pathlib
import subprocess
import time

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

ROOT = pathlib.Path(__file__).resolve().parents[2]
REPEATS = 5
PULL = 0.5  # rho of the problem


def fastest(run):
    """Seconds of the fastest run, and what it gave."""
    best, found = float("inf"), None
    for _ in range(REPEATS):
        start = time.perf_counter()
        found = run()
        best = min(best, time.perf_counter() - start)
    return best, np.asarray(found)


def soba_directions(dot, row, state, lists):
    """D_theta, D_v, D_lambda over one list of training rows and one of validation rows."""
    (X, y, X_val, y_val), (theta, v, lam), (B, V) = row, state, lists
    X_b, X_v = X[B], X_val[V]
    d_theta = dot(X_b.T, dot(X_b, theta) - y[B]) / len(B) + PULL * (theta - lam)
    b = dot(X_v.T, dot(X_v, theta) - y_val[V]) / len(V)
    d_v = dot(X_b.T, dot(X_b, v)) / len(B) + PULL * v - b
    return d_theta, d_v, PULL * v


def soba_numpy(row, training, validation):
    rho, gamma = 0.1, 0.4
    theta, v, lam = (np.zeros(row[0].shape[1]) for _ in range(3))
    for B, V in zip(training, validation):
        d_theta, d_v, d_lam = soba_directions(np.dot, row, (theta, v, lam), (B, V))
        theta, v, lam = theta - rho * d_theta, v - rho * d_v, lam - gamma * d_lam
    return [lam]


def soba_jax(row, training, validation):
    rho, gamma = 0.1, 0.4
    row = tuple(jnp.asarray(part) for part in row)
    lists = jnp.asarray(training), jnp.asarray(validation)

    @jax.jit
    def run(row, lists):
        def tick(state, lists):
            d_theta, d_v, d_lam = soba_directions(jnp.dot, row, state, lists)
            theta, v, lam = state
            return (theta - rho * d_theta, v - rho * d_v, lam - gamma * d_lam), None

        start = tuple(jnp.zeros(row[0].shape[1]) for _ in range(3))
        return jax.lax.scan(tick, start, lists)[0][2][None]

    run(row, lists).block_until_ready()
    return lambda: run(row, lists).block_until_ready()


RUNS, DECAY = 11, 0.1


def validation_sets(X_val, y_val):
    """Of the base run and its twins: twin i has the last row but i in the place of row i."""
    X_all, y_all = np.repeat(X_val[None], RUNS, 0), np.repeat(y_val[None], RUNS, 0)
    for i in range(RUNS - 1):
        X_all[i + 1, i], y_all[i + 1, i] = X_val[len(y_val) - 1 - i], y_val[len(y_val) - 1 - i]
    return X_all, y_all


def twins_numpy(row, training, validation):
    rho, gamma = 0.1, 0.5
    X, y, X_val, y_val = row
    X_all, y_all = validation_sets(X_val, y_val)
    theta, lam = np.zeros((RUNS, X.shape[1])), np.zeros((RUNS, X.shape[1]))
    for B, V in zip(training, validation):
        X_b, X_v = X[B], X_all[:, V]
        theta = theta - rho * ((theta @ X_b.T - y[B]) @ X_b / len(B) + PULL * (theta - lam))
        residual = (X_v @ theta[:, :, None])[:, :, 0] - y_all[:, V]
        a = (residual[:, None, :] @ X_v)[:, 0, :] / len(V)
        lam = lam - gamma * (rho * PULL * a + DECAY * lam)
    return lam


def twins_jax(row, training, validation):
    rho, gamma = 0.1, 0.5
    X, y = jnp.asarray(row[0]), jnp.asarray(row[1])
    X_all, y_all = (jnp.asarray(part) for part in validation_sets(row[2], row[3]))
    lists = jnp.asarray(training), jnp.asarray(validation)

    @jax.jit
    def run(X, y, X_all, y_all, lists):
        def one(X_val, y_val):
            def tick(state, lists):
                (theta, lam), (B, V) = state, lists
                X_b, X_v = X[B], X_val[V]
                theta = theta - rho * (X_b.T @ (X_b @ theta - y[B]) / len(B) + PULL * (theta - lam))
                a = X_v.T @ (X_v @ theta - y_val[V]) / len(V)
                return (theta, lam - gamma * (rho * PULL * a + DECAY * lam)), None

            start = jnp.zeros(X.shape[1]), jnp.zeros(X.shape[1])
            return jax.lax.scan(tick, start, lists)[0][1]

        return jax.vmap(one)(X_all, y_all)

    run(X, y, X_all, y_all, lists).block_until_ready()
    return lambda: run(X, y, X_all, y_all, lists).block_until_ready()


def main():
    subprocess.run(["cargo", "bench", "--quiet", "--bench", "peers"], cwd=ROOT, check=True)
    print(f"\n{'row':8}{'ticks':>8}{'ours, s':>10}{'NumPy':>10}{'JAX':>10}{'ours/NumPy':>12}{'ours/JAX':>10}")
    for name, in_numpy, in_jax in [("soba", soba_numpy, soba_jax), ("twins", twins_numpy, twins_jax)]:
        of = json.loads((ROOT / "target" / "peers" / f"{name}.json").read_text())
        tables = of["training"]["X"], of["training"]["y"], of["validation"]["X"], of["validation"]["y"]
        row = tuple(np.array(table) for table in tables)
        lists = np.array(of["training_lists"]), np.array(of["validation_lists"])
        expected = np.array(of["lambda"])
        seconds = []
        for run in (lambda: in_numpy(row, *lists), in_jax(row, *lists)):
            took, found = fastest(run)
            off = np.linalg.norm(found - expected) / np.linalg.norm(expected)
            assert off < 1e-9, f"{name}: ends {off:.1e} away"
            seconds.append(took)
        ours = of["seconds"]
        ratios = [ours / took for took in seconds]
        print(
            f"{name:8}{of['ticks']:8}{ours:10.4f}{seconds[0]:10.4f}{seconds[1]:10.4f}{ratios[0]:12.3f}{ratios[1]:10.3f}"
        )


if __name__ == "__main__":
    main()
