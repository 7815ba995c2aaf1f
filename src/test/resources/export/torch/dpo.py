"""Direct preference optimisation.

    L = -(1/N) Σ_g log σ(beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·s)
      where s = sign

Its gradient:

    ∂L/∂log π(y_t) = -(1/N)·beta·σ(-beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·s)·s
      where s = sign

Source: Direct Preference Optimization: Your Language Model is Secretly a Reward Model; eq 7; https://arxiv.org/abs/2305.18290

Columns
    log_prob, one number per token: log π(y_t)
    ref_log_prob, one number per token
    sign, one number per sequence

Parameters
    beta = 0.1 in [1e-6, 1000]

Fingerprint b20fb94253588f208c1da907ae36b6850a1df21c4f509ee27fdf0ae4f0680d89
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn.functional import logsigmoid

__all__ = ["Batch", "dpo", "dpo_of_logits", "dpo_of_hidden", "Sums", "all_ranks"]


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

    def slots(self, x: Tensor, name: str, width: int) -> Tensor:
        """So many numbers for each slot, masked or not."""
        shape = self.sequence.shape if self.mask is None else self.mask.shape
        if x.numel() != shape.numel() * width:
            raise ValueError(f"{name} is {list(x.shape)}, expected {[*shape, width]}")
        return x.reshape(-1, width)

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
    def group_tokens(self) -> Over:
        """The tokens of each prompt."""
        return Over(self.group[self.sequence], self.prompts, self.one)

    @cached_property
    def sequences(self) -> Over:
        """The responses to each prompt."""
        return Over(self.group, self.prompts, self.one)

    @cached_property
    def groups(self) -> Over:
        """All prompts."""
        return Over(self.group.new_zeros(self.prompts), 1, self.one, self.everywhere)


class NotKnown(Exception):
    """A number of the whole batch that its parts have not told yet."""


class Sums:
    """Numbers of a batch that comes in parts, each of whole prompts; its gradients then add up.

    A column of one number for the batch has its whole gradient in each part.

    sums = Sums()
    while sums.learning():
        for part in parts:
            with sums:  # which leaves at the first number that other parts must tell
                loss, metrics = objective(replace(part, everywhere=sums), ...)
                loss.backward()  # once for each part; the loss is that of the batch
    """

    def __init__(self, ranks: Callable[[Tensor, str], Tensor] | None = None) -> None:
        """Of the parts of one process, or with `all_ranks` of those of all."""
        self.ranks, self.known, self.begun = ranks, [], False
        self.at, self.op, self.sum = 0, "", None

    def learning(self) -> bool:
        """Whether all parts are to be run, again."""
        again, self.begun = self.sum is not None or not self.begun, True
        if self.sum is not None:
            self.known.append(self.ranks(self.sum, self.op) if self.ranks else self.sum)
            self.sum = None
        return again

    def __enter__(self) -> None:
        self.at = 0

    def __exit__(self, kind: type | None, *_: Any) -> bool:
        return kind is NotKnown

    def __call__(self, x: Tensor, op: str) -> Tensor:
        self.at += 1
        if self.at <= len(self.known):
            return self.known[self.at - 1]
        both = {"sum": torch.add, "max": torch.maximum}[op]
        self.op, self.sum = op, x if self.sum is None else both(self.sum, x)
        raise NotKnown


def all_ranks(x: Tensor, op: str) -> Tensor:
    """The `everywhere` of a batch of which each process has whole prompts."""
    x = x.clone()
    torch.distributed.all_reduce(x, getattr(torch.distributed.ReduceOp, op.upper()))
    return x


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


@dataclass(frozen=True)
class Rows:
    """How an objective reads logits, a few rows at a time."""

    b: Batch
    statistics: Callable[..., tuple[Tensor, ...]]
    slope: Callable[..., Tensor]
    live: int  # how many of the statistics carry gradient, which come first
    given: tuple[Tensor, ...]  # what both read beside logits, a row for each slot
    settings: dict[str, float]
    size: int
    overwrite: bool = False

    def pieces(self) -> Iterator[tuple[slice, slice | Tensor, tuple[Tensor, ...]]]:
        """Some tokens, the slots that they stand in, and what is given of them."""
        slots = None if self.b.mask is None else self.b.mask.flatten().nonzero().squeeze(1)
        for start in range(0, len(self.b.sequence), self.size):
            part = slice(start, start + self.size)
            at = part if slots is None else slots[part]
            given = (x[at] for x in self.given)
            yield part, at, tuple(x.to(self.b.one) if x.is_floating_point() else x for x in given)

    def blocks(self, logits: Tensor) -> Iterator[slice]:
        """Some of these rows at a time: on a processor as many as its caches hold."""
        size = len(logits) if logits.is_cuda else max(1, 2**20 // logits.shape[1])
        for start in range(0, len(logits), size):
            yield slice(start, start + size)

    def log_pi(self, logits: Tensor) -> Tensor:
        """The log-probs of rows of logits."""
        logits, temperature = logits.to(self.b.one), self.settings["temperature"]
        return torch.log_softmax(logits if temperature == 1 else logits / temperature, -1)

    def statistics_of(self, log_pi: Tensor, x: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Each statistic of some rows."""
        return self.statistics(self.b, log_pi, *x, **self.settings)

    def slope_of(self, log_pi: Tensor, x: tuple[Tensor, ...], d: tuple[Tensor, ...]) -> Tensor:
        """The gradient at some rows, by that at the statistics of them that carry one."""
        return self.slope(self.b, log_pi, *x, *d, **self.settings)

    def keep(self, found: list[Tensor], part: slice, i: slice, new: tuple[Tensor, ...]) -> None:
        """Writes statistics to the columns of all tokens, which the first of them make."""
        if not found:
            found += [column.new_zeros(len(self.b.sequence)) for column in new]
        for column, numbers in zip(found, new):
            column[part][i] = numbers.squeeze(1)

    def found(self, logits_of: Callable[[slice | Tensor], Tensor]) -> tuple[Tensor, ...]:
        """Each statistic of all tokens."""
        found: list[Tensor] = []
        for part, at, x in self.pieces():
            logits = logits_of(at)
            for i in self.blocks(logits):
                new = self.statistics_of(self.log_pi(logits[i]), tuple(y[i] for y in x))
                self.keep(found, part, i, new)
        return tuple(found)

    def slopes(
        self, logits_of: Callable[[slice | Tensor], Tensor], d: tuple[Tensor, ...]
    ) -> Iterator[tuple[slice | Tensor, Tensor]]:
        """Some slots, and the gradient at their logits."""
        for part, at, x in self.pieces():
            logits, columns = logits_of(at), [column[part, None] for column in d[: self.live]]
            slope = torch.empty_like(logits, dtype=self.b.one.dtype)
            for i in self.blocks(logits):
                given, slopes = (tuple(y[i] for y in all_) for all_ in (x, columns))
                slope[i] = self.slope_of(self.log_pi(logits[i]), given, slopes)
            yield at, slope


class OfLogits(torch.autograd.Function):
    """The statistics of logits [slots, vocabulary]."""

    @staticmethod
    def forward(ctx: Any, rows: Rows, logits: Tensor) -> tuple[Tensor, ...]:
        found = rows.found(logits.__getitem__)
        ctx.rows = rows
        ctx.save_for_backward(logits)
        ctx.mark_non_differentiable(*found[rows.live :])
        return found

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *d: Tensor) -> tuple[None, Tensor]:
        rows, (logits,) = ctx.rows, ctx.saved_tensors
        if rows is None:
            raise RuntimeError("the logits were overwritten by their gradient")
        gradient = logits if rows.overwrite else torch.empty_like(logits)
        for at, slope in rows.slopes(logits.__getitem__, d):
            gradient[at] = slope.to(gradient)
        if rows.b.mask is not None:
            gradient[~rows.b.mask.flatten()] = 0
        ctx.rows = None if rows.overwrite else rows
        return None, gradient


class OfHidden(torch.autograd.Function):
    """The statistics of hidden states [slots, width] times a weight [vocabulary, width]."""

    @staticmethod
    def forward(ctx: Any, rows: Rows, hidden: Tensor, weight: Tensor) -> tuple[Tensor, ...]:
        found = rows.found(lambda at: hidden[at] @ weight.T)
        ctx.rows = rows
        ctx.save_for_backward(hidden, weight)
        ctx.mark_non_differentiable(*found[rows.live :])
        return found

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *d: Tensor) -> tuple[None, Tensor, Tensor]:
        hidden, weight = ctx.saved_tensors
        d_hidden = torch.zeros_like(hidden)
        d_weight = torch.zeros_like(weight, dtype=ctx.rows.b.one.dtype)
        for at, slope in ctx.rows.slopes(lambda at: hidden[at] @ weight.T, d):
            d_hidden[at] = slope.to(weight) @ weight
            d_weight.addmm_(slope.T, hidden[at].to(slope))
        return None, d_hidden, d_weight.to(weight)


def dpo(
    batch: Batch,
    log_prob: Tensor,
    ref_log_prob: Tensor,
    sign: Tensor,
    *,
    beta: float = 0.1,
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss of a batch, and what is logged."""
    b = batch.like(log_prob)
    log_prob = b.token(log_prob, "log_prob")
    with torch.no_grad():
        ref_log_prob = b.token(ref_log_prob, "ref_log_prob")
        sign = b.response(sign, "sign")

        # The loss.
        s = sign[b.tokens.of]
        product = total(total((log_prob - ref_log_prob) * s, b.tokens), b.sequences) * beta
        loss = -mean(logsigmoid(product), b.groups)

        # Its gradient.
        product2 = torch.sigmoid(-product)[b.group_tokens.of] * beta
        d_log_prob = -product2 * s / count(b.groups)
        metrics = {}
    return ClosedForm.apply(loss, d_log_prob, log_prob), metrics


def statistics(
    b: Batch, log_pi: Tensor, token: Tensor, *, temperature: float
) -> tuple[Tensor, ...]:
    """What is read of each row of log-probs: log_prob."""
    log_prob = log_pi.gather(-1, token)
    return log_prob,


def slope(
    b: Batch, log_pi: Tensor, token: Tensor, d_log_prob: Tensor, *, temperature: float
) -> Tensor:
    """The gradient at the logits of each row, by that at what is read of it."""
    sampled = torch.arange(log_pi.shape[-1], device=log_pi.device) == token
    return (d_log_prob * (b.indicator(sampled) - torch.exp(log_pi))) / temperature


def dpo_of_logits(
    batch: Batch,
    logits: Tensor,
    token: Tensor,
    *,
    temperature: float = 1,
    rows: int = 64,
    overwrite: bool = False,
    **given: Any,
) -> tuple[Tensor, dict[str, Tensor]]:
    """The same of logits [..., vocabulary], of which a few rows are looked at at a time.

    With `overwrite` their gradient takes their place, once.
    """
    b = batch.like(logits)
    width = logits.shape[-1]
    inputs = (b.slots(token, "token", 1),)
    settings = {"temperature": temperature}
    rows_ = Rows(b, statistics, slope, 1, inputs, settings, rows, overwrite)
    log_prob, = OfLogits.apply(rows_, b.slots(logits, "logits", width))
    return dpo(batch, log_prob=log_prob, **given)


def dpo_of_hidden(
    batch: Batch,
    hidden: Tensor,
    weight: Tensor,
    token: Tensor,
    *,
    temperature: float = 1,
    rows: int = 256,
    **given: Any,
) -> tuple[Tensor, dict[str, Tensor]]:
    """The same of hidden states [..., width] and a weight [vocabulary, width].

    Logits are there a few rows at a time alone.
    """
    b = batch.like(hidden)
    inputs = (b.slots(token, "token", 1),)
    settings = {"temperature": temperature}
    rows_ = Rows(b, statistics, slope, 1, inputs, settings, rows)
    log_prob, = OfHidden.apply(rows_, b.slots(hidden, "hidden", weight.shape[1]), weight)
    return dpo(batch, log_prob=log_prob, **given)
