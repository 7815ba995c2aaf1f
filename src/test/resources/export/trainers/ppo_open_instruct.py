"""Proximal policy optimisation, clipped.

    L = -(1/Σ|y|) Σ_{i,t} min(r·A, clip(r, 1 - clip_low, 1 + clip_high)·A)
      where r = exp(log π(y_t) - log π_old(y_t))
      where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward) / std_i(reward)

Its gradient:

    ∂L/∂log π(y_t) = -(1/Σ|y|)·1[r·A ≤ clip(r, 1 - clip_low, 1 + clip_high)·A]·r·A
      where r = exp(log π(y_t) - log π_old(y_t))
      where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward) / std_i(reward)
    exp saturates at ±700 (float64), ±80 (float32); its slope is 0 there

Source: Proximal Policy Optimization Algorithms; eq 7; https://arxiv.org/abs/1707.06347
Differs: The advantage is the group-normalised reward: there is no value head.

Columns
    log_prob, one number per token: log π(y_t)
    reward, one number per sequence
    old_log_prob, one number per token; where it is absent sg(log π(y_t))

Parameters
    clip_low = 0.2 in [0, 1]
    clip_high = 0.2 in [0, 100]

Fingerprint a440521d9743c5380333ad55f295a7ab8f600d9c3af69b122339dcb4334b54a3
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

import importlib.metadata
import inspect
import warnings

import open_instruct
from open_instruct import grpo_utils

try:
    VERSION = getattr(open_instruct, "__version__", None) or importlib.metadata.version("open-instruct")
except importlib.metadata.PackageNotFoundError:
    VERSION = "unknown"
if VERSION.partition("+")[0].split(".")[:2] != "".split(".") and "e6c3044" not in VERSION.partition("+")[2]:
    warnings.warn(
        f"this file is for open-instruct at e6c3044aa, found version {VERSION}: who divides the loss by what, and which rows a step has, may be"
        " others there; compare a first step with what you expect, install that version, or export the objective again",
        stacklevel=2,
    )


def takes(owner: Any, name: str, *expected: str, others: bool = False) -> None:
    """Ends where something of open_instruct takes other arguments than this file was written for."""
    function = getattr(owner, name, None)
    found = list(inspect.signature(function).parameters) if callable(function) else []
    if found != list(expected) and not (others and set(expected) <= set(found)):
        raise ImportError(
            f"this file is for open-instruct at e6c3044aa, found version {VERSION}, where {owner.__name__}.{name}"
            f" {'takes ' + ', '.join(found) if found else 'does not exist'}, expected {', '.join(expected)}:"
            " install that version, or export the objective again with a Lossmith that knows this one"
        )


GIVEN = ["new_logprobs", "ratio", "advantages", "ref_logprobs", "config", "rho_weights"]
takes(grpo_utils, "compute_grpo_loss", *GIVEN)

__all__ = ["compute_grpo_loss"]


@dataclass(frozen=True)
class Over:
    """Members and what they are members of: `of[i]` is the parent of member i, of n parents."""

    of: Tensor
    n: int
    one: Tensor  # 1 in the numbers that are computed with
    everywhere: Callable[[Tensor, str], Tensor] | None = None  # makes the whole batch's of a part's

    def whole(self, x: Tensor, op: str) -> Tensor:
        """Of numbers of these members, those of all members wherever they are."""
        return x if self.everywhere is None else self.everywhere(x, op)


@dataclass(frozen=True)
class Batch:
    """Which tokens exist, of which response each of them is, and of which prompt each response."""

    sequence: Tensor  # [tokens], ascending
    group: Tensor  # [responses]
    prompts: int
    position: Tensor  # [tokens], the place of each in its response
    mask: Tensor | None = None  # [responses, width], where columns come padded
    one: Tensor = torch.ones(1)
    everywhere: Callable[[Tensor, str], Tensor] | None = None  # of a part

    @staticmethod
    def padded(response_mask: Tensor, group: Tensor) -> Batch:
        """Columns of tokens are [responses, width], of which the mask [responses, width] counts.

        `group` [responses] says which responses share a prompt.
        """
        mask = response_mask.bool()
        sequence, position = mask.nonzero(as_tuple=True)
        ids, group = torch.unique(group, return_inverse=True)
        return Batch(sequence, group, len(ids), position, mask)

    @staticmethod
    def packed(sequence: Tensor, group: Tensor) -> Batch:
        """Columns of tokens are [tokens], response after response, as `sequence` [tokens] says."""
        if bool((sequence.diff() < 0).any()):
            raise ValueError("sequence descends: the tokens of a response must stand together")
        ids, group = torch.unique(group, return_inverse=True)
        first = torch.searchsorted(sequence, sequence)
        position = torch.arange(len(sequence), device=sequence.device) - first
        return Batch(sequence, group, len(ids), position)

    def like(self, x: Tensor) -> Batch:
        """The same batch for numbers such as these, of float32 at least."""
        dtype = torch.promote_types(x.dtype, torch.float32)
        return replace(self, one=torch.ones(1, dtype=dtype, device=x.device))

    def token(self, x: Tensor, name: str) -> Tensor:
        """A number for each token that exists; what stands in masked slots is never read."""
        shape = self.sequence.shape if self.mask is None else self.mask.shape
        if x.shape != shape and x.shape != self.sequence.shape:
            raise ValueError(f"{name} is {list(x.shape)}, expected {list(shape)}")
        return (x if x.shape == self.sequence.shape else x[self.mask]).to(self.one)

    def response(self, x: Tensor, name: str) -> Tensor:
        """A number for each response."""
        return self.column(x, name, len(self.group))

    def whole(self, x: Tensor | float, name: str) -> Tensor:
        """A number for the whole batch."""
        return self.column(torch.as_tensor(x), name, 1)

    def column(self, x: Tensor, name: str, n: int) -> Tensor:
        """A number for each of n."""
        if x.numel() != n:
            raise ValueError(f"{name} has {x.numel()} numbers, expected {n}")
        return x.reshape(n).to(self.one)

    def indicator(self, condition: Tensor) -> Tensor:
        """1 where a condition holds, 0 elsewhere."""
        return condition.to(self.one)

    @cached_property
    def tokens(self) -> Over:
        """The tokens of each response."""
        return Over(self.sequence, len(self.group), self.one)

    @cached_property
    def sequences(self) -> Over:
        """The responses to each prompt."""
        return Over(self.group, self.prompts, self.one)

    @cached_property
    def all_tokens(self) -> Over:
        """All tokens."""
        return Over(torch.zeros_like(self.sequence), 1, self.one, self.everywhere)


class ClosedForm(torch.autograd.Function):
    """A number, followed by its gradient with respect to an input and that input, for each input."""

    @staticmethod
    def forward(ctx: Any, value: Tensor, *gradients_and_inputs: Tensor) -> Tensor:
        pairs = zip(gradients_and_inputs[::2], gradients_and_inputs[1::2])
        ctx.save_for_backward(*(gradient.expand_as(x) for gradient, x in pairs))
        return value.reshape(()).clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        both = [(None, slope * gradient) for gradient in ctx.saved_tensors]
        return (None, *(x for pair in both for x in pair))


def total(x: Tensor, over: Over, where: Tensor | None = None) -> Tensor:
    """The sum of the members that count."""
    x = x if where is None else torch.where(where, x, 0)
    sums = over.one.new_zeros(over.n).index_add(0, over.of, x.expand_as(over.of))
    return over.whole(sums, "sum")


def count(over: Over, where: Tensor | None = None) -> Tensor:
    """How many members count."""
    return total(over.one if where is None else where.to(over.one), over)


def mean(x: Tensor, over: Over, where: Tensor | None = None) -> Tensor:
    """The mean of the members that count, 0 of none."""
    return total(x, over, where) / count(over, where).clamp(min=1)


def largest(x: Tensor, over: Over, where: Tensor | None = None) -> Tensor:
    """The largest of the members that count, 0 of none."""
    x = x.expand_as(over.of) if where is None else torch.where(where, x, -math.inf)
    least = over.one.new_full((over.n,), -math.inf)
    most = over.whole(least.scatter_reduce(0, over.of, x.expand_as(over.of), "amax"), "max")
    return torch.where(count(over, where) == 0, 0, most)


def smallest(x: Tensor, over: Over, where: Tensor | None = None) -> Tensor:
    """The smallest of the members that count, 0 of none."""
    return -largest(-x, over, where)


def std(x: Tensor, over: Over, where: Tensor | None = None, ddof: int = 0) -> Tensor:
    """The deviation of the members that count, 0 where they are equal or no more than ddof."""
    equal = largest(x, over, where) == smallest(x, over, where)
    far = x - mean(x, over, where)[over.of]
    scale = largest(far.abs(), over, where)  # squares of 1e200 or 1e-200 are no numbers
    scale = torch.where(equal | (scale == 0), 1, scale)
    squares = total((far / scale[over.of]).square(), over, where)
    n = count(over, where) - ddof
    return torch.where(equal | (n <= 0), 0, scale * (squares / n.clamp(min=1)).sqrt())


def ulp(x: Tensor, over: Over, where: Tensor | None = None) -> Tensor:
    """The spacing of the numbers that the members were recorded in, at the largest of them."""
    single = smallest((x.float() == x).to(over.one), over, where) == 1
    whole = smallest((x.floor() == x).to(over.one), over, where) == 1
    coarse = (single & ~whole) | (over.one.dtype != torch.float64)
    return largest(x.abs(), over, where) * torch.where(coarse, 2.0**-23, 2.0**-52).to(over.one)


def saturation(x: Tensor) -> float:
    """Beyond this the exponential is flat."""
    return 700.0 if x.dtype == torch.float64 else 80.0


def exp(x: Tensor) -> Tensor:
    """e^x, flat where it would overflow."""
    return torch.exp(x.clamp(-saturation(x), saturation(x)))


def clip(x: Tensor, low: float | Tensor, high: float | Tensor) -> Tensor:
    """x, no less than low and no more than high."""
    return x.clamp(max=high).clamp(min=low)


def exp_slope(x: Tensor) -> Tensor:
    """The slope of e^x, 0 where it is flat."""
    return torch.where(x.abs() <= saturation(x), exp(x), 0)


def ppo_prepared(
    batch: Batch,
    like: Tensor,
    reward: Tensor,
) -> dict[str, Tensor]:
    """What is known of a whole batch before its policy is: a number per response, or per slot."""
    b = batch.like(like)
    with torch.no_grad():
        reward = b.response(reward, "reward")
        difference = largest(reward, b.sequences) - smallest(reward, b.sequences)
        holds = (8 * ulp(reward, b.sequences) < difference)[b.sequences.of]
        difference2 = reward - mean(reward, b.sequences)[b.sequences.of]
        quotient = difference2 / std(reward, b.sequences)[b.sequences.of]
        return {
            "A": torch.where(holds, quotient, 0).expand_as(b.group),
        }


def ppo(
    batch: Batch,
    weight: Tensor,
    log_prob: Tensor,
    A: Tensor,
    old_log_prob: Tensor | None = None,
    *,
    clip_low: float = 0.2,
    clip_high: float = 0.2,
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss of a batch, and what is logged."""
    b = batch.like(weight)
    weight = b.token(weight, "weight")
    log_prob = b.token(log_prob, "log_prob")
    with torch.no_grad():
        A = b.response(A, "A")
        old_log_prob = log_prob if old_log_prob is None else b.token(old_log_prob, "old_log_prob")

        # The loss.
        log_r = log_prob - old_log_prob
        r = exp(log_r)
        A2 = A[b.tokens.of]
        bounded = clip(r, 1 - clip_low, 1 + clip_high) * A2
        x = torch.minimum(r * A2, bounded)
        loss = total(weight * x, b.all_tokens)

        # Its gradient.
        d_weight = x
        r_slope = exp_slope(log_r)
        d_log_prob = torch.where(r * A2 <= bounded, weight * A2 * r_slope, 0)

        # What is logged.
        clip_fraction_low = mean(b.indicator((r < 1 - clip_low) & (A2 < 0)), b.all_tokens)
        clip_fraction_high = mean(b.indicator((1 + clip_high < r) & (0 < A2)), b.all_tokens)
        metrics = {
            "approx_kl": mean(-log_r, b.all_tokens).squeeze(),
            "token_ratio_mean": mean(r, b.all_tokens).squeeze(),
            "clip_fraction_low": clip_fraction_low.squeeze(),
            "clip_fraction_high": clip_fraction_high.squeeze(),
        }
    return ClosedForm.apply(loss, d_weight, weight, d_log_prob, log_prob), metrics


SETTINGS: dict[str, float] = {"clip_low": 0.2, "clip_high": 0.2}  # the parameters of the objective


def compute_grpo_loss(
    new_logprobs: Tensor,
    ratio: Tensor,
    advantages: Tensor,
    ref_logprobs: Tensor | None = None,
    config: Any = None,
    rho_weights: Tensor | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """ppo at each token, of which open-instruct takes the mean over all tokens; no clip fraction and no divergence beside."""
    if rho_weights is not None and bool((rho_weights != 1).any()):
        raise ValueError("ppo knows of no weights for the policy of the rollouts: leave out --use_rho_correction")
    log_prob = new_logprobs.detach().flatten().requires_grad_()
    weights = {
        "weight": torch.full_like(log_prob, -1).requires_grad_(),
    }
    columns = {
        "log_prob": log_prob,
        "old_log_prob": log_prob.detach() - ratio.detach().flatten().log(),
        "A": advantages.expand_as(new_logprobs).flatten(),
        **weights,
    }
    slot = torch.arange(len(log_prob), device=log_prob.device)
    with torch.enable_grad():
        total_of_all, _ = ppo(
            Batch.packed(slot, slot),  # each token by itself
            weight=columns["weight"],
            log_prob=columns["log_prob"],
            A=columns["A"],
            old_log_prob=columns["old_log_prob"],
            clip_low=SETTINGS["clip_low"],
            clip_high=SETTINGS["clip_high"],
        )
        slope, *added = torch.autograd.grad(total_of_all, [log_prob, *weights.values()])
    each = sum(weight.detach() * x for weight, x in zip(weights.values(), added))
    loss = each.view_as(new_logprobs) + slope.view_as(new_logprobs) * (new_logprobs - new_logprobs.detach())
    nothing = torch.zeros_like(new_logprobs)
    return loss, nothing, nothing


grpo_utils.compute_grpo_loss = compute_grpo_loss
