"""The tables of `natural.md`, by this program: every trial of a scenario over several seeds.

    python3 studies/natural.py studies/natural-online.ron --seeds 8 --at 49,199,999,3999 --middle median
    python3 studies/natural.py studies/natural.ron --seeds 5 --at 0,5,30,60

runs `hyperlab run SCENARIO --set seed=1 --json` and so on, one after the other, and prints a row a trial: relative error and cosine after so
many outer steps, and the passes over the rows that the run took. Means come with their standard errors over seeds, medians with
the least and the largest. Further `--set` go to hyperlab as they are. A seed whose JSON is already in `--keep FOLDER` is not run again.
"""

import argparse
import json
import os
import statistics
import subprocess


def run(arguments, seed, marks):
    """Of every trial its name, error and cosine at the marks, and the calls of its run: all else is let go of."""
    kept = os.path.join(arguments.keep, f"{seed}.json") if arguments.keep else None
    if kept and os.path.exists(kept):
        with open(kept) as file:
            said = file.read()
    else:
        command = [arguments.hyperlab, "run", arguments.scenario, "--json", "--set", f"seed={seed}"]
        for path in arguments.set:
            command += ["--set", path]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if kept:
            with open(kept, "w") as file:
                file.write(said)
    trials = json.loads(said)["trials"]
    columns = {column: [] for column in ("relative_error", "cosine")}
    return [
        {
            "trial": trial["trial"],
            "calls": trial["steps"][-1]["metrics"]["calls"],
            **{column: [trial["steps"][mark][column] for mark in marks] for column in columns},
        }
        for trial in trials
    ]


def number(value):
    return f"{value:.2g}" if abs(value) >= 10 else f"{value:.3f}".replace("0.", ".", 1)


def middle(values, kind):
    if kind == "median":
        return f"{number(statistics.median(values))} [{number(min(values))}, {number(max(values))}]"
    error = statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else float("nan")
    return f"{number(statistics.mean(values))} ± {number(error)}"


parser = argparse.ArgumentParser()
parser.add_argument("scenario")
parser.add_argument("--seeds", type=int, default=5)
parser.add_argument("--at", default="0,5,30,60")
parser.add_argument("--middle", choices=["mean", "median"], default="mean")
parser.add_argument("--set", action="append", default=[])
parser.add_argument("--hyperlab", default="target/release/hyperlab")
parser.add_argument("--keep")
arguments = parser.parse_args()
marks = [int(mark) for mark in arguments.at.split(",")]
runs = [run(arguments, seed, marks) for seed in range(1, arguments.seeds + 1)]
heads = [f"{what} {mark}" for what in ("error", "cosine") for mark in marks] + ["calls"]
print("| trial | " + " | ".join(heads) + " |")
print("|---" * (len(heads) + 1) + "|")
for index, trial in enumerate(runs[0]):
    cells = [trial["trial"]]
    for column in ("relative_error", "cosine"):
        for place in range(len(marks)):
            found = [run[index][column][place] for run in runs]
            cells.append("–" if None in found else middle(found, arguments.middle))
    calls = [run[index]["calls"] for run in runs]
    cells.append(f"{statistics.mean(calls):.0f}")
    print("| " + " | ".join(cells) + " |", flush=True)
