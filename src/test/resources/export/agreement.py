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
torch.set_num_threads(1)  # the batches are tiny


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
    nothing = math.nan if x.is_floating_point() else 0
    y = torch.full((*mask.shape, *x.shape[1:]), nothing, dtype=x.dtype)
    y[mask] = x
    return y


def batch_of(code, case, slots):
    sequence, group, position = (torch.tensor(case[k], dtype=torch.int64) for k in ("sequence", "group", "position"))
    if slots is None:
        batch, mask = replace(code.Batch.packed(sequence, group), position=position), None
    else:
        mask = torch.zeros(len(group), slots, dtype=torch.bool)
        mask[sequence, position] = True
        batch = code.Batch.padded(mask, group)
    if any(f.name == "sequence_id" for f in fields(code.Batch)):
        batch = replace(batch, sequence_id=torch.tensor(case["ids"], dtype=torch.int64))
    return batch, mask


def columns_of(case, mask):
    columns = {}
    for name, column in case["columns"].items():
        x = torch.tensor(column["values"], dtype=torch.int64 if name == "token" else torch.float64)
        if column["level"] == "vocabulary":
            x = x.reshape(len(case["sequence"]), -1)
        columns[name] = x if mask is None or column["level"] not in ("token", "vocabulary") else padded(x, mask)
    return columns


def only_own(case, named):
    """Without the parameters that are asked at logits alone."""
    own = {argument(name) for name in case.get("own", ())}
    return {n: x for n, x in named.items() if n in own or n not in map(argument, case["parameters"])}


def run(case, entry="", slots=None, **more):
    """Value, metrics and the gradients of what is trained, of the function that starts at some inputs."""
    code = module(case["objective"])
    batch, mask = batch_of(code, case, slots)
    columns = columns_of(case, mask)
    inputs = case["inputs"][entry]
    given = {name: columns[name] for name in inputs["given"]}
    if entry == "_of_hidden":  # whose logits are those of the case
        width = columns["logits"].shape[-1]
        columns |= {"hidden": columns["logits"], "weight": torch.eye(width, dtype=torch.float64)}
    trained = {name: columns[name].clone().requires_grad_() for name in inputs["trained"]}

    def loss(*live):
        named = {argument(n): x for n, x in (given | dict(zip(trained, live)) | case["parameters"]).items()}
        if not entry:
            named = only_own(case, named)
        return getattr(code, code.__all__[1] + entry)(batch, **named, **more)

    value, metrics = loss(*trained.values())
    if trained:
        value.backward()
    gradients = {}
    for name, x in trained.items():
        slotted = mask is not None and name != "weight" and x.shape[:2] == mask.shape
        assert not slotted or (x.grad[~mask] == 0).all(), "gradient at a masked slot"
        gradients[name] = ((x.grad[mask] if slotted else x.grad) + 0.0).flatten().tolist()
    found = {"value": value.item(), "metrics": {n: m.item() for n, m in metrics.items()}, "gradients": gradients}
    return found, lambda: torch.autograd.gradcheck(
        lambda *x: loss(*x)[0], tuple(trained.values()), eps=1e-5, atol=1e-6, rtol=1e-4
    )


def result(case):
    slots = max(case["position"], default=-1) + 2
    all_found = {}
    for entry in case["inputs"]:
        found, check = run(case, entry)
        if case["padded"] and json.dumps(run(case, entry, slots)[0]) != json.dumps(found):
            raise AssertionError(f"padded and packed differ{entry}")
        if case["smooth"] and not entry:
            check()
        if not entry and case["ordinary"] and hasattr(module(case["objective"]), "Sums"):
            all_found["parts"] = parts_agree(case, found)
        if entry == "_of_logits" and case["ordinary"]:
            for of in (None, slots):
                overwritten_agrees(case, found, of)
        if entry and case["ordinary"]:
            few_rows_agree(case, entry, found, slots)
        all_found[entry] = found
    return all_found


def overwritten_agrees(case, found, slots):
    """With `overwrite` the gradient takes the place of the logits, once; masked slots get 0."""
    code = module(case["objective"])
    batch, mask = batch_of(code, case, slots)
    columns = columns_of(case, mask)
    given = {name: columns[name] for name in case["inputs"]["_of_logits"]["given"]}
    live = {name: columns[name].clone().requires_grad_() for name in case["inputs"]["_of_logits"]["trained"]}
    logits = live["logits"] * 1  # no leaf, as in a network
    named = {argument(n): x for n, x in (given | live | {"logits": logits} | case["parameters"]).items()}
    value, _ = getattr(code, code.__all__[1] + "_of_logits")(batch, overwrite=True, **named)
    (gradient,) = torch.autograd.grad(value, logits, retain_graph=True)
    assert gradient.data_ptr() == logits.data_ptr(), "the gradient has a place of its own"
    kept = (gradient if mask is None else gradient[mask]) + 0.0
    assert kept.flatten().tolist() == found["gradients"]["logits"], "overwritten logits have another gradient"
    assert mask is None or (gradient[~mask] == 0).all()
    try:
        torch.autograd.grad(value, logits)
    except RuntimeError as told:
        assert "inplace" in str(told) or "overwritten" in str(told), told  # whoever notices first
    else:
        raise AssertionError("logits that are no longer there are read again")


def few_rows_agree(case, entry, found, slots):
    """Of fewer rows at a time than a response or a prompt has, packed and padded, the same comes out.

    So it does where functions are to be compiled, which look at logits twice; here nothing compiles them.
    """
    module(case["objective"]).compiled_once = lambda function: function
    for size, of, compiled in ((1, None, False), (3, slots, False), (2, None, True)):
        few, _ = run(case, entry, of, rows=size, compiled=compiled)
        for kind in ("value", "metrics", "gradients"):
            both = ({"": x[kind]} if kind == "value" else x[kind] for x in (found, few))
            xs, ys = ({n: torch.tensor(x, dtype=torch.float64) for n, x in one.items()} for one in both)
            for name, x in xs.items():
                scale = 1 + x.nan_to_num(posinf=0, neginf=0).abs().sum()
                same = torch.allclose(ys[name], x, rtol=1e-9, atol=1e-9 * scale.item(), equal_nan=True)
                assert same, f"{kind} {name}{entry} of {size} rows at a time: {ys[name]} for {x}"


def parts_agree(case, found):
    """Each prompt as a part of the batch: gradients as those of the whole; None where that is refused."""
    code = module(case["objective"])
    sequence, group, position, ids = (
        torch.tensor(case[k], dtype=torch.int64) for k in ("sequence", "group", "position", "ids")
    )
    columns, inputs = columns_of(case, None), case["inputs"][""]
    gradients = {n: torch.zeros_like(columns[n]) for n in inputs["trained"]}
    values, sums = [], code.Sums()
    while sums.learning():
        for prompt in range(len(set(case["group"]))):
            responses = (group == prompt).nonzero().squeeze(1)
            tokens = (group[sequence] == prompt).nonzero().squeeze(1)
            batch = code.Batch.packed(torch.searchsorted(responses, sequence[tokens]), group[responses])
            batch = replace(batch, position=position[tokens], everywhere=sums)
            if any(f.name == "sequence_id" for f in fields(code.Batch)):
                batch = replace(batch, sequence_id=ids[responses])
            at = {"token": tokens, "sequence": responses, "group": torch.tensor([prompt]), "batch": torch.tensor([0])}
            own = {n: at[case["columns"][n]["level"]] for n in inputs["trained"] + inputs["given"]}
            given = {n: columns[n][i] for n, i in own.items()}
            trained = {n: given[n].clone().requires_grad_() for n in inputs["trained"]}
            named = {argument(n): x for n, x in (given | trained | case["parameters"]).items()}
            named = only_own(case, named)
            with sums:
                try:
                    value, _ = getattr(code, code.__all__[1])(batch, **named)
                except ValueError as refused:
                    assert "orders all tokens" in str(refused)
                    return None
                values.append(value.item())
                if trained:
                    value.backward()
                for n, x in trained.items():
                    once = case["columns"][n]["level"] == "batch"  # whole in each part
                    gradients[n][own[n]] = x.grad if once else gradients[n][own[n]] + x.grad
    for value in values:
        assert math.isclose(value, found["value"], rel_tol=1e-9, abs_tol=1e-9), (value, found["value"])
    for n, gradient in gradients.items():
        whole = torch.tensor(found["gradients"][n], dtype=torch.float64)
        assert torch.allclose(gradient, whole, rtol=1e-9, atol=1e-9 * (1 + whole.abs().max())), f"gradient by {n}"
    return len(values)


with CASES.open() as cases, RESULTS.open("w") as results:
    for line in cases:
        case = json.loads(line)
        try:
            found = result(case)
        except Exception as problem:  # a finding, told with its case
            found = {"problem": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(found), file=results)
