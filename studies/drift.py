"""The tables of `functional.md` about drift, by this program: every trial of a scenario over several seeds.

    python3 studies/drift.py studies/drift.ron --seeds 10
    python3 studies/drift.py studies/drift.ron --seeds 10 --set data.source.rate=0.2

runs `hyperlab run SCENARIO --set seed=1 --json` and so on, one after the other, and prints a row a trial: the mean loss on the curve itself after
outer step 100, its difference to the first trial seed by seed with the standard error of that, and the local regret at the end, a median.
Trials of a seed see the same rows. Further `--set` go to hyperlab as they are.
"""

import argparse
import json
import statistics
import subprocess

FIRST = 100


def run(arguments, seed):
    """Of every trial its name, mean clean loss and regret."""
    command = [arguments.hyperlab, "run", arguments.scenario, "--json", "--set", f"seed={seed}"]
    for path in arguments.set:
        command += ["--set", path]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = []
    for trial in json.loads(said)["trials"]:
        metrics = [step["metrics"] for step in trial["steps"]]
        loss = statistics.fmean(step["test_loss"] for step in metrics[FIRST:-1])
        regret = [step["local_regret"] for step in metrics if step.get("local_regret") is not None][-1]
        found.append((trial["trial"], loss, regret))
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--hyperlab", default="target/release/hyperlab")
    arguments = parser.parse_args()
    runs = [run(arguments, seed) for seed in range(1, arguments.seeds + 1)]
    for place, (name, _, _) in enumerate(runs[0]):
        losses = [found[place][1] for found in runs]
        apart = [found[place][1] - found[0][1] for found in runs]
        error = statistics.stdev(apart) / len(apart) ** 0.5 if len(apart) > 1 else float("nan")
        regret = statistics.median(found[place][2] for found in runs)
        difference = f"{statistics.fmean(apart):+.4f} ± {error:.4f}" if place else ""
        print(f"{name:24} loss {statistics.fmean(losses):.4f} {difference:20} regret {regret:.1f}")


if __name__ == "__main__":
    main()
