"""Each objective on small random batches: padded as packed, and what every gradient in closed form must keep."""

import importlib
import inspect
import math
import pkgutil

import pytest
import torch

import lossmith_objectives

NAMES = [module.name for module in pkgutil.iter_modules(lossmith_objectives.__path__)]
LEVELS = {"token": 4 * 6, "response": 4, "prompt": 2, "whole": 1}
MASK = torch.arange(6) < torch.tensor([6, 3, 0, 4])[:, None]
GROUP = torch.tensor([7, 7, 9, 9])


def objective(name):
    module = importlib.import_module(f"lossmith_objectives.{name}")
    return module, getattr(module, module.__all__[1])


def columns(function, seed):
    """A column for each argument, of the level at which the function takes it."""
    random = torch.Generator().manual_seed(seed)
    source = inspect.getsource(function)
    columns = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.annotation.startswith("Tensor"):
            level = next((level for level in LEVELS if f"b.{level}({name}," in source), "token")
            x = torch.rand(LEVELS[level], generator=random, dtype=torch.float64)
            columns[name] = (-0.1 - 2 * x if "log_prob" in name else x).reshape((4, 6) if level == "token" else -1)
            if name == "sign":
                columns[name] = torch.tensor([1.0, -1.0, 1.0, -1.0], dtype=torch.float64)
    return columns


def run(module, function, batch, columns):
    live = {name: x.clone().requires_grad_() for name, x in columns.items()}
    loss, metrics = function(batch, **live)
    if loss.requires_grad:
        loss.backward()
    return loss.item(), {name: x.grad for name, x in live.items()}, metrics


@pytest.mark.parametrize("name", NAMES)
def test_padded_is_packed_and_masked_slots_are_never_read(name):
    module, function = objective(name)
    given = columns(function, 1)
    packed = module.Batch.packed(MASK.nonzero()[:, 0], GROUP)
    flat = {n: x[MASK] if x.shape == MASK.shape else x for n, x in given.items()}
    expected, slopes, _ = run(module, function, packed, flat)
    junk = {n: torch.where(MASK, x, math.nan) if x.shape == MASK.shape else x for n, x in given.items()}
    found, gradients, metrics = run(module, function, module.Batch.padded(MASK, GROUP), junk)
    assert math.isfinite(found) and found == expected
    assert all(math.isfinite(m) for m in metrics.values())
    for n, gradient in gradients.items():
        if gradient is not None and gradient.shape == MASK.shape:
            assert (gradient[~MASK] == 0).all() and torch.equal(gradient[MASK], slopes[n])


@pytest.mark.parametrize("name", NAMES)
def test_a_column_of_another_shape_is_refused(name):
    module, function = objective(name)
    given = columns(function, 2)
    first = next(iter(given))
    with pytest.raises(ValueError, match=first.rstrip("_")):
        function(module.Batch.padded(MASK, GROUP), **{**given, first: torch.zeros(3, 3)})
