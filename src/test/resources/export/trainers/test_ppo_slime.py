"""ppo as it is in ppo_slime.py, beside numbers that Lossmith's reference computed in float64."""

import json
import math
from pathlib import Path

import pytest
import torch

pytest.importorskip("slime", reason="ppo_slime.py is for slime 0.3 at 624b824a8, which is not installed")

import ppo_slime as module

CASES = json.loads(Path(__file__).with_suffix(".json").read_text())


class Case:
    """A batch, padded, and what is expected of it."""

    def __init__(self, case):
        self.case, lengths = case, torch.tensor(case["lengths"])
        self.mask = torch.arange(int(lengths.max())) < lengths[:, None]
        self.group = torch.tensor(case["group"])
        self.columns = {name: self.read(x, math.nan) for name, x in case["columns"].items()}
        self.known = {name: self.read(x, 0) for name, x in case["known"].items()}
        self.gradients = {name: self.read(x, 0) for name, x in case["gradients"].items()}

    def read(self, x, masked):
        """A number for each response, or the numbers of its tokens, with something in masked slots."""
        if not isinstance(x[0], list):
            return torch.tensor(x, dtype=torch.float64)
        numbers = torch.tensor([number for row in x for number in row], dtype=torch.float64)
        return torch.full(self.mask.shape, masked, dtype=torch.float64).masked_scatter(self.mask, numbers)

    def loss(self, rows):
        """The loss of some rows, with its gradient."""
        group, given = torch.arange(len(rows)), {**self.columns, **self.known}
        given = {name: x[rows].clone().requires_grad_(name in self.gradients) for name, x in given.items()}
        batch = module.Batch.padded(self.mask[rows], group)
        loss, _ = module.ppo(
            batch,
            log_prob=given["log_prob"],
            weight=given["weight"],
            A=given["A"],
            old_log_prob=given["old_log_prob"],
        )
        loss.backward()
        return loss.detach(), {name: given[name].grad for name in self.gradients}


def close(found, expected):
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-9)


@pytest.fixture(params=CASES, ids=lambda case: f"seed {case['seed']}")
def case(request):
    return Case(request.param)


def test_loss_and_gradient_are_those_of_the_reference(case):
    loss, gradients = case.loss(torch.arange(len(case.mask)))
    close(loss, torch.tensor(case.case["loss"], dtype=torch.float64))
    for name, gradient in gradients.items():
        close(gradient, case.gradients[name])


def test_what_is_known_before_is_that_of_the_reference(case):
    batch = module.Batch.padded(case.mask, case.group)
    found = module.ppo_prepared(
        batch,
        case.columns["log_prob"],
        reward=case.columns["reward"],
    )
    for name, x in found.items():
        close(x, case.known[name])


@pytest.mark.parametrize("parts", [2, 4])
def test_parts_in_any_order_add_up(case, parts):
    order = torch.randperm(len(case.mask), generator=torch.Generator().manual_seed(parts))
    whole = torch.zeros((), dtype=torch.float64)
    for rows in order.tensor_split(parts):
        loss, gradients = case.loss(rows)
        whole += loss
        for name, gradient in gradients.items():
            close(gradient, case.gradients[name][rows])
    close(whole, torch.tensor(case.case["loss"], dtype=torch.float64))
