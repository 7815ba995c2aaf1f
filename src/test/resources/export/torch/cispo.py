"""Clipped importance weights that never stop a token's gradient.

    L = -(1/N) Σ_g (1/G) Σ_i (1/|y_i|) Σ_t sg(clip(r, 1 - clip_low, 1 + clip_high))·A·log π(y_t)
      where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward) / std_i(reward)
      where r = exp(log π(y_t) - log π_old(y_t))

Its gradient:

    ∂L/∂log π(y_t) = -(1/(N·G·|y_i|))·clip(r, 1 - clip_low, 1 + clip_high)·A
      where r = exp(log π(y_t) - log π_old(y_t))
      where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward) / std_i(reward)

Source: MiniMax-M1: Scaling Test-Time Compute Efficiently with Lightning Attention; eqs 4 and 5; Entropy Collapse, eq 7 with its log π; https://arxiv.org/abs/2506.13585
Differs: The bounds are 1 − clip_low and 1 + clip_high on both sides.
Differs: The mean is GRPO's, as eq 7 prints it; MiniMax-M1 divides by the tokens of a group.

Columns
    log_prob, one number per token: log π(y_t)
    reward, one number per sequence
    old_log_prob, one number per token; where it is absent sg(log π(y_t))

Parameters
    clip_low = 0.2 in [0, 1]
    clip_high = 0.2 in [0, 100]

Fingerprint 95bd4cd7f7aaeb4a0c69463861cdd0fcae1dee0a626fe5e02e6b4ec688f6783f
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

__all__ = ["Batch", "cispo", "cispo_of_logits", "cispo_of_hidden", "Sums", "all_ranks"]


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
    def all_tokens(self) -> Over:
        """All tokens."""
        return Over(torch.zeros_like(self.sequence), 1, self.one, self.everywhere)

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


def tempered(one: Tensor, logits: Tensor, temperature: float) -> Tensor:
    """Logits divided by the temperature."""
    logits = logits.to(one)
    return logits if temperature == 1 else logits / temperature


def log_pi_of(one: Tensor, logits: Tensor, temperature: float) -> tuple[Tensor, Tensor, Tensor]:
    """The log-probs of rows of logits, and of each row what finds them again in one pass.

    That is the largest logit, and how much more the log of the sum of their exponentials is.
    """
    logits = tempered(one, logits, temperature)
    largest = logits.amax(-1, keepdim=True)
    if torch.compiler.is_compiling():  # which makes one pass of what follows
        mass = (logits - largest).exp().sum(-1, keepdim=True).log()
        return logits - largest - mass, largest, mass
    log_pi = torch.log_softmax(logits, -1)
    return log_pi, largest, -log_pi.amax(-1, keepdim=True)


def at_logits(
    function: Callable[..., Any], b: Batch, logits: Tensor, *given: Tensor, **settings: float
) -> tuple[Tensor, ...]:
    """What a function reads of the log-probs of rows of logits, and what finds these again."""
    log_pi, *mass = log_pi_of(b.one, logits, settings["temperature"])
    return *function(b, log_pi, *given, **settings), *mass


def slope_at_logits(
    function: Callable[..., Any],
    b: Batch,
    to: Tensor | None,
    logits: Tensor,
    largest: Tensor,
    mass: Tensor,
    *given: Tensor,
    **settings: float,
) -> Tensor:
    """What a function of the log-probs of rows of logits gives, written where that is asked."""
    log_pi = (tempered(b.one, logits, settings["temperature"]) - largest).sub_(mass)
    slope = function(b, log_pi, *given, **settings)
    return slope if to is None else to.copy_(slope)


@cache
def compiled_once(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same through torch.compile, which needs a C++ compiler, or on a GPU Triton."""
    return torch.compile(function)


@dataclass(frozen=True)
class Rows:
    """How an objective reads logits, a few rows at a time."""

    b: Batch
    statistics: Callable[..., tuple[Tensor, ...]]
    slope: Callable[..., Tensor]
    read: int  # how many of the statistics the objective reads; those behind are for `slope`
    live: int  # how many of them carry gradient, which come first
    given: tuple[Tensor, ...]  # what both read beside logits, a row for each slot
    settings: dict[str, float]
    size: int
    compiled: bool = False
    overwrite: bool = False

    @cached_property
    def slots(self) -> Tensor | None:
        """Where the tokens stand that count; none where all do."""
        return None if self.b.mask is None else self.b.mask.flatten().nonzero().squeeze(1)

    def parts(self, tokens: slice, size: int) -> list[slice]:
        """These tokens, so many at a time; of none one part without any."""
        starts = range(tokens.start, max(tokens.stop, 1), size)
        return [slice(i, min(i + size, tokens.stop)) for i in starts]

    def all(self, size: int) -> list[slice]:
        """All tokens, so many at a time."""
        return self.parts(slice(0, len(self.b.sequence)), size)

    def closed(self, over: Over | None) -> Iterator[slice]:
        """Tokens with all others of their parents: as many as are looked at at a time, or more of one."""
        if over is None:
            yield from self.all(self.size)
            return
        place = torch.arange(len(over.of), device=over.of.device)
        last = over.of.new_zeros(over.n).scatter_reduce(0, over.of, place, "amax")
        ends = (torch.cummax(last[over.of], 0).values == place).nonzero().squeeze(1) + 1
        start = stop = 0
        for end in ends.tolist():
            if end - start > self.size and stop > start:
                yield slice(start, stop)
                start = stop
            stop = end
        yield slice(start, stop)

    def of(self, part: slice) -> tuple[slice | Tensor, tuple[Tensor, ...]]:
        """The slots that some tokens stand in, and what is given of them."""
        at = part if self.slots is None else self.slots[part]
        given = (x[at] for x in self.given)
        return at, tuple(x.to(self.b.one) if x.is_floating_point() else x for x in given)

    def few(self, logits: Tensor, width: int) -> int:
        """How many rows at a time: on a processor as many as its nearest cache holds."""
        whole = logits.is_cuda or self.compiled
        return self.size if whole else max(1, min(self.size, 2**18 // width))

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """A function, compiled where that is asked."""
        function = compiled_once(function) if self.compiled else function
        return function(*arguments, **self.settings)

    def find(self, found: list[Tensor], part: slice, x: Tensor, keep: bool) -> None:
        """Writes what is found of some rows of logits to the columns of all tokens.

        The first of them make the columns. Log-probs may be kept in place of the logits.
        """
        given = self.of(part)[1]
        if keep:
            log_pi, *mass = log_pi_of(self.b.one, x, self.settings["temperature"])
            new = (*self.statistics(self.b, log_pi, *given, **self.settings), *mass)
            x.copy_(log_pi)
        else:
            new = self.call(at_logits, self.statistics, self.b, x, *given)
        if not found:
            found += [column.new_zeros(len(self.b.sequence)) for column in new]
        for column, numbers in zip(found, new):
            column[part] = numbers.squeeze(1)

    def slope_of(
        self, to: Tensor, part: slice, x: Tensor, kept: bool, d: Sequence[Tensor], more: Sequence[Tensor]
    ) -> None:
        """Writes the gradient at some rows of logits, by that at the statistics of all tokens.

        `more` was found beside the statistics; log-probs may have been kept in place of the logits.
        """
        columns = [column[part, None] for column in (*d[: self.live], *more)]
        given = (*self.of(part)[1], *columns[:-2])
        if kept:
            to.copy_(self.slope(self.b, x, *given, **self.settings))
        else:
            out = None if to is x else to  # in its place torch.compile fails for some functions
            slope = self.call(slope_at_logits, self.slope, self.b, out, x, *columns[-2:], *given)
            if out is None:
                to.copy_(slope)


class OfLogits(torch.autograd.Function):
    """The statistics of logits [slots, vocabulary]."""

    @staticmethod
    def forward(ctx: Any, rows: Rows, logits: Tensor) -> tuple[Tensor, ...]:
        found: list[Tensor] = []
        for part in rows.all(rows.few(logits, logits.shape[1])):
            rows.find(found, part, logits.detach()[rows.of(part)[0]], keep=False)
        ctx.rows, ctx.more = rows, found[rows.read :]
        ctx.save_for_backward(logits)
        ctx.mark_non_differentiable(*found[rows.live : rows.read])
        return tuple(found[: rows.read])

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *d: Tensor) -> tuple[None, Tensor]:
        rows, (logits,) = ctx.rows, ctx.saved_tensors
        if rows is None:
            raise RuntimeError("the logits were overwritten by their gradient")
        gradient = logits if rows.overwrite else torch.empty_like(logits)
        for part in rows.all(rows.few(logits, logits.shape[1])):
            at = rows.of(part)[0]
            x = logits.detach()[at]
            to = x if rows.overwrite or rows.slots is not None else gradient[at]
            rows.slope_of(to, part, x, False, d, ctx.more)
            if rows.slots is not None:
                gradient[at] = to
        if rows.b.mask is not None:
            gradient[~rows.b.mask.flatten()] = 0
        ctx.rows = None if rows.overwrite else rows
        return None, gradient


@dataclass(frozen=True)
class Projection:
    """Logits as hidden states [slots, width] times a weight [vocabulary, width], of a few rows."""

    rows: Rows
    hidden: Tensor
    weight: Tensor

    @cached_property
    def space(self) -> Tensor:
        """Where the logits of a few rows stand, one after the other."""
        return self.weight.new_empty(min(self.rows.size, len(self.hidden)), len(self.weight))

    def logits(self, part: slice) -> Tensor:
        """The logits of some tokens, until the next are asked for."""
        hidden, weight = self.hidden[self.rows.of(part)[0]], self.weight
        if weight.is_cpu and hidden.dtype == weight.dtype:  # others have their memory at hand
            return torch.mm(hidden, weight.T, out=self.space[: len(hidden)]).to(self.rows.b.one)
        return (hidden @ weight.T).to(self.rows.b.one)

    def blocks(self, part: slice, chunk: Tensor) -> Iterator[tuple[slice, Tensor]]:
        """Those of these tokens that are looked at at a time, each with its rows."""
        for block in self.rows.parts(part, self.rows.few(self.hidden, len(self.weight))):
            yield block, chunk[block.start - part.start : block.stop - part.start]

    def find(self, found: list[Tensor], part: slice) -> Tensor:
        """Writes the statistics of some tokens to the columns of all.

        Gives what is there of their logits: log-probs, or where functions are compiled, which look
        at a row as often as they like, logits.
        """
        chunk = self.logits(part)
        for block, x in self.blocks(part, chunk):
            self.rows.find(found, block, x, keep=not self.rows.compiled)
        return chunk

    def slopes(
        self, part: slice, d: Sequence[Tensor], more: Sequence[Tensor], there: Tensor | None = None
    ) -> Tensor:
        """The gradient at the logits of some tokens, in place of what is there of them."""
        kept = there is not None and not self.rows.compiled
        chunk = self.logits(part) if there is None else there
        for block, x in self.blocks(part, chunk):
            self.rows.slope_of(x, block, x, kept, d, more)
        return chunk

    def pull(self, part: slice, slopes: Tensor, d_hidden: Tensor, d_weight: Tensor) -> None:
        """What the gradient at the logits of some tokens adds to that at hidden states and weight."""
        at = self.rows.of(part)[0]
        d_hidden[at] = slopes.to(self.weight) @ self.weight
        d_weight.addmm_(slopes.T, self.hidden[at].to(slopes))


class OfHidden(torch.autograd.Function):
    """The statistics of hidden states [slots, width] times a weight [vocabulary, width]."""

    @staticmethod
    def forward(ctx: Any, rows: Rows, hidden: Tensor, weight: Tensor) -> tuple[Tensor, ...]:
        found: list[Tensor] = []
        of = Projection(rows, hidden, weight)
        for part in rows.all(rows.size):
            of.find(found, part)
        ctx.rows, ctx.more = rows, found[rows.read :]
        ctx.save_for_backward(hidden, weight)
        ctx.mark_non_differentiable(*found[rows.live : rows.read])
        return tuple(found[: rows.read])

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *d: Tensor) -> tuple[None, Tensor, Tensor]:
        rows, (hidden, weight) = ctx.rows, ctx.saved_tensors
        of = Projection(rows, hidden, weight)
        d_hidden = torch.zeros_like(hidden)
        d_weight = torch.zeros_like(weight, dtype=rows.b.one.dtype)
        for part in rows.all(rows.size):
            of.pull(part, of.slopes(part, d, ctx.more), d_hidden, d_weight)
        return None, d_hidden, d_weight.to(weight)


class Taken(torch.autograd.Function):
    """A number whose gradients by hidden states and a weight are there already."""

    @staticmethod
    def forward(ctx: Any, value: Tensor, hidden: Tensor, weight: Tensor, *gradients: Tensor) -> Tensor:
        ctx.gradients = gradients
        return value.clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        if ctx.gradients is None:
            raise RuntimeError("the gradients of this loss were taken: they are there once")
        gradients, ctx.gradients = ctx.gradients, None
        return slope, *(gradient.mul_(slope) for gradient in gradients), None, None


def row_by_row(
    rows: Rows,
    objective: Callable[..., tuple[Tensor, dict[str, Tensor]]],
    over: Over | None,
    hidden: Tensor,
    weight: Tensor,
) -> tuple[Tensor, dict[str, Tensor]]:
    """An objective of hidden states [slots, width] times a weight [vocabulary, width].

    Its gradient at a token reads what is found of the tokens of the same parent `over` (without
    one: of that token), so that it is taken while their logits are there. Those of a parent with
    more tokens than are looked at at a time are computed twice, but for the last of them. Where
    other parts of the batch are to be asked, gradients are taken afterwards.
    """
    b, trains = rows.b, torch.is_grad_enabled() and (hidden.requires_grad or weight.requires_grad)
    if not trains or b.everywhere is not None or len(b.sequence) == 0:
        return objective(*OfHidden.apply(rows, hidden, weight))
    of, found = Projection(rows, hidden.detach(), weight.detach()), []
    d_hidden = torch.zeros_like(hidden)
    d_weight = torch.zeros_like(weight, dtype=b.one.dtype)
    for piece in rows.closed(over):
        there, parts = None, rows.parts(piece, rows.size)
        with torch.no_grad():
            for part in parts:
                there = of.find(found, part)
        live = [column.clone().requires_grad_() for column in found[: rows.live]]
        d = torch.autograd.grad(objective(*live, *found[rows.live : rows.read])[0], live)
        with torch.no_grad():
            for part in reversed(parts):
                of.pull(part, of.slopes(part, d, found[rows.read :], there), d_hidden, d_weight)
                there = None
    loss, metrics = objective(*found[: rows.read])
    return Taken.apply(loss, hidden, weight, d_hidden, d_weight.to(weight)), metrics


def cispo(
    batch: Batch,
    log_prob: Tensor,
    reward: Tensor,
    old_log_prob: Tensor | None = None,
    *,
    clip_low: float = 0.2,
    clip_high: float = 0.2,
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss of a batch, and what is logged."""
    b = batch.like(log_prob)
    log_prob = b.token(log_prob, "log_prob")
    with torch.no_grad():
        reward = b.response(reward, "reward")
        old_log_prob = log_prob if old_log_prob is None else b.token(old_log_prob, "old_log_prob")

        # The loss.
        difference = largest(reward, b.sequences) - smallest(reward, b.sequences)
        holds = (8 * ulp(reward, b.sequences) < difference)[b.sequences.of]
        difference2 = reward - mean(reward, b.sequences)[b.sequences.of]
        quotient = difference2 / std(reward, b.sequences)[b.sequences.of]
        A = torch.where(holds, quotient, 0)[b.tokens.of]
        log_r = log_prob - old_log_prob
        r = exp(log_r)
        clipped_r = clip(r, 1 - clip_low, 1 + clip_high)
        loss = -mean(mean(mean(log_prob * A * clipped_r, b.tokens), b.sequences), b.groups)

        # Its gradient.
        product = count(b.groups) * count(b.sequences)[b.group_tokens.of]
        d_log_prob = -(clipped_r * A / (product * count(b.tokens)[b.tokens.of]))

        # What is logged.
        clip_fraction_low = mean(b.indicator((r < 1 - clip_low) & (A < 0)), b.all_tokens)
        clip_fraction_high = mean(b.indicator((1 + clip_high < r) & (0 < A)), b.all_tokens)
        metrics = {
            "approx_kl": mean(-log_r, b.all_tokens).squeeze(),
            "token_ratio_mean": mean(r, b.all_tokens).squeeze(),
            "clip_fraction_low": clip_fraction_low.squeeze(),
            "clip_fraction_high": clip_fraction_high.squeeze(),
        }
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
    quotient = d_log_prob / temperature
    return torch.exp(log_pi).mul_(-quotient).scatter_add_(-1, token, quotient)


def cispo_of_logits(
    batch: Batch,
    logits: Tensor,
    token: Tensor,
    *,
    temperature: float = 1,
    rows: int = 128,
    compiled: bool = False,
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
    rows_ = Rows(b, statistics, slope, 1, 1, inputs, settings, rows, compiled, overwrite)
    log_prob, = OfLogits.apply(rows_, b.slots(logits, "logits", width))
    return cispo(batch, log_prob=log_prob, **given)


def cispo_of_hidden(
    batch: Batch,
    hidden: Tensor,
    weight: Tensor,
    token: Tensor,
    *,
    temperature: float = 1,
    rows: int = 256,
    compiled: bool = False,
    **given: Any,
) -> tuple[Tensor, dict[str, Tensor]]:
    """The same of hidden states [..., width] and a weight [vocabulary, width].

    Logits are there a few rows at a time alone.
    """
    b = batch.like(hidden)
    inputs = (b.slots(token, "token", 1),)
    settings = {"temperature": temperature}
    rows_ = Rows(b, statistics, slope, 1, 1, inputs, settings, rows, compiled)

    def of_rows(log_prob: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        return cispo(batch, log_prob=log_prob, **given)

    return row_by_row(rows_, of_rows, None, b.slots(hidden, "hidden", weight.shape[1]), weight)
