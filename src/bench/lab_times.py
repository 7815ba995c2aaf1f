"""Seconds a step of a run of `train`, as `torch_lab.py` prints them.

Run:  python lab_times.py FOLDER [--untimed 150]
"""

import argparse
import json
import pathlib


def main():
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("folder", type=pathlib.Path)
    given.add_argument("--untimed", type=int, default=150)
    given = given.parse_args()
    rows = map(json.loads, (given.folder / "metrics.jsonl").read_text().splitlines())
    timed = [row for row in rows if row["step"] > given.untimed]
    spent = {name: sum(row[f"timing_s/{name}"] for row in timed) for name in ("step", "gen", "network", "loss")}
    tokens = sum(row["perf/throughput"] * row["timing_s/step"] for row in timed)
    print(
        f"{spent['step'] / len(timed):.4f} s a step: sampling {spent['gen'] / len(timed):.4f}, "
        f"network {spent['network'] / len(timed):.4f}, loss {spent['loss'] / len(timed):.4f}; "
        f"{tokens / spent['step']:.0f} tokens/s"
    )


if __name__ == "__main__":
    main()
