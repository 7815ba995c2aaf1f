"""Runs exported objectives on the cases of a file, one JSON object a line, and writes what comes out.

usage: agreement.py CASES RESULTS, beside which each objective stands as a file of its own
"""

import importlib.util
import json
import keyword
import math
import re
import sys
from dataclasses import fields, replace
from pathlib import Path

import torch

CASES, RESULTS = map(Path, sys.argv[1:])
MODULES = {}


def module(name):
    if name not in MODULES:
        spec = importlib.util.spec_from_file_location(name, CASES.parent / f"{name}.py")
        MODULES[name] = importlib.util.module_from_spec(spec)
        sys.modules[name] = MODULES[name]
        spec.loader.exec_module(MODULES[name])
    return MODULES[name]


def argument(name):
    name = re.sub(r"\W+", "_", name)
    return name + "_" * keyword.iskeyword(name)


def padded(x, mask):
    y = torch.full(mask.shape, math.nan, dtype=torch.float64)
    y[mask] = x
    return y


def run(case, slots=None):
    code = module(case["objective"])
    sequence, group, position = (torch.tensor(case[k], dtype=torch.int64) for k in ("sequence", "group", "position"))
    columns = {name: torch.tensor(c["values"], dtype=torch.float64) for name, c in case["columns"].items()}
    if slots is None:
        batch = replace(code.Batch.packed(sequence, group), position=position)
    else:
        mask = torch.zeros(len(group), slots, dtype=torch.bool)
        mask[sequence, position] = True
        batch = code.Batch.padded(mask, group)
        columns = {n: padded(x, mask) if case["columns"][n]["level"] == "token" else x for n, x in columns.items()}
    if any(f.name == "sequence_id" for f in fields(code.Batch)):
        batch = replace(batch, sequence_id=torch.tensor(case["ids"], dtype=torch.int64))
    trained = {name: columns[name].requires_grad_() for name in case["trained"]}

    def loss(*inputs):
        given = {**columns, **dict(zip(trained, inputs))}
        named = {argument(name): x for name, x in (given | case["parameters"]).items()}
        return getattr(code, code.__all__[-1])(batch, **named)

    value, metrics = loss(*trained.values())
    if trained:
        value.backward()
    gradients = {name: (x.grad if slots is None or x.dim() == 1 else x.grad[mask]) + 0.0 for name, x in trained.items()}
    if slots is not None:
        assert all((x.grad[~mask] == 0).all() for x in trained.values() if x.dim() == 2), "gradient at a masked slot"
    return loss, trained, value.item(), {n: m.item() for n, m in metrics.items()}, {n: g.tolist() for n, g in gradients.items()}


def result(case):
    loss, trained, *numbers = run(case)
    slots = max(case["position"], default=-1) + 2
    if json.dumps(run(case, slots)[2:]) != json.dumps(numbers):
        raise AssertionError("padded and packed differ")
    if case["smooth"]:
        torch.autograd.gradcheck(lambda *x: loss(*x)[0], tuple(trained.values()), eps=1e-5, atol=1e-6, rtol=1e-4)
    return dict(zip(("value", "metrics", "gradients"), numbers))


with CASES.open() as cases, RESULTS.open("w") as results:
    for line in cases:
        case = json.loads(line)
        try:
            found = result(case)
        except Exception as problem:  # a finding, told with its case
            found = {"problem": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(found), file=results)
