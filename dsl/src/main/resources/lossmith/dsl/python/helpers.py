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
    sequence_id: Tensor | None = None

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

    def spread(self, x: Tensor) -> Tensor:
        """A number of each token for each slot, 0 in those that are masked."""
        x = x.expand_as(self.sequence)
        return x if self.mask is None else x.new_zeros(self.mask.shape).masked_scatter(self.mask, x)

    def response(self, x: Tensor, name: str) -> Tensor:
        """A number for each response."""
        return self.column(x, name, len(self.group))

    def prompt(self, x: Tensor, name: str) -> Tensor:
        """A number for each prompt, in the order of what `group` calls them."""
        return self.column(x, name, self.prompts)

    def whole(self, x: Tensor | float, name: str) -> Tensor:
        """A number for the whole batch."""
        return self.column(torch.as_tensor(x), name, 1)

    def column(self, x: Tensor, name: str, n: int) -> Tensor:
        """A number for each of n."""
        if x.numel() != n:
            raise ValueError(f"{name} has {x.numel()} numbers, expected {n}")
        return x.reshape(n).to(self.one)

    def number(self, x: float) -> Tensor:
        """One number for the whole batch."""
        return self.one * x

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
    def all_sequences(self) -> Over:
        """All responses."""
        return Over(torch.zeros_like(self.group), 1, self.one, self.everywhere)

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


def in_one_place(over: Over) -> None:
    """Refuses to order what is elsewhere too."""
    if over.everywhere is not None:
        raise ValueError("this objective orders all tokens, which a part of the batch cannot")


def descending(key: Tensor, over: Over) -> Tensor:
    """The members, parent after parent, from the largest key to the smallest; ties as they come."""
    in_one_place(over)
    order = torch.argsort(key.expand_as(over.of) + 0.0, descending=True, stable=True)
    return order[torch.argsort(over.of[order], stable=True)]


def rank(x: Tensor, over: Over, where: Tensor | None = None) -> Tensor:
    """0 for the largest member that counts, 1 for the next; of others, how many count."""
    n = count(over, where)
    counts = torch.ones_like(over.of, dtype=torch.bool) if where is None else where
    order = descending(x, over)
    order = order[counts.expand_as(over.of)[order]]
    place = torch.arange(len(order), device=order.device) - (n.cumsum(0) - n)[over.of[order]]
    return n[over.of].index_put((order,), place.to(over.one))


def quantile_of(x: Tensor, share: Tensor, over: Over, where: Tensor | None = None) -> Tensor:
    """The number with this share of the members that count below it, 0 of none."""
    n = count(over, where)
    counts = torch.ones_like(over.of, dtype=torch.bool) if where is None else where
    order = descending(-x, over)
    order = order[counts.expand_as(over.of)[order]]
    ascending = torch.cat([x.expand_as(over.of)[order], over.one])
    at = share.clamp(0, 1) * (n - 1).clamp(min=0)
    first = n.cumsum(0) - n
    below = ascending[(first + at.floor()).long()]
    above = ascending[(first + torch.minimum(at.floor() + 1, (n - 1).clamp(min=0))).long()]
    return torch.where(n == 0, 0, below + (at - at.floor()) * (above - below))


def shifted(x: Tensor, over: Over, step: int, edge: float | Tensor) -> Tensor:
    """What stands `step` members further on, `edge` where that is another parent's."""
    at = torch.arange(len(over.of), device=over.of.device) + step
    inside = at.clamp(0, len(over.of) - 1)
    same = (at == inside) & (over.of[inside] == over.of)
    return torch.where(same, x.expand_as(over.of)[inside], edge)


def scan(addend: Tensor, coefficient: Tensor, over: Over, step: int) -> Tensor:
    """x with x_t = addend_t + coefficient_t * x_(t + step), in as many steps as a length has bits."""
    x = addend.expand_as(over.of)
    coefficient = shifted(over.one, over, step, 0) * coefficient
    longest = int(count(over).max()) if len(over.of) else 0
    while abs(step) < longest:
        x = torch.where(coefficient == 0, x, x + coefficient * shifted(x, over, step, 0))
        coefficient = coefficient * shifted(coefficient, over, step, 0)
        step *= 2
    return x


def sum_by_key(x: Tensor, key: Tensor, over: Over, up_to: bool = False) -> Tensor:
    """The sum over the members with the same key, or with a key up to this one."""
    in_one_place(over)
    pairs = torch.stack([over.of.to(over.one), key.expand_as(over.of) + 0.0], dim=1)
    unique, place = torch.unique(pairs, dim=0, return_inverse=True)
    sums = total(x, Over(place, len(unique), over.one))
    if up_to:
        sums = scan(sums, over.one, Over(unique[:, 0].long(), over.n, over.one), -1)
    return sums[place]


def permuted(x: Tensor, key: Tensor, over: Over, undo: bool = False) -> Tensor:
    """x of each parent from the largest key to the smallest, or what was in that order, put back."""
    slots, order = torch.argsort(over.of, stable=True), descending(key, over)
    to, source = (order, slots) if undo else (slots, order)
    x = x.expand_as(over.of)
    return torch.empty_like(x).index_copy(0, to, x[source])


def uniform(seed: float, step: float, batch: Batch) -> Tensor:
    """A number in [0, 1) for each token: a hash of seed, step, response and position."""

    def mix(x: Tensor) -> Tensor:  # the finaliser of SplitMix64
        x = x - 0x61C8864680B583EB
        x = (x ^ (x >> 30 & (1 << 34) - 1)) * -0x40A7B892E31B1A47
        x = (x ^ (x >> 27 & (1 << 37) - 1)) * -0x6B2FB644ECCEEE15
        return x ^ (x >> 31 & (1 << 33) - 1)

    ids = torch.arange(len(batch.group), device=batch.group.device)
    ids = ids if batch.sequence_id is None else batch.sequence_id
    bits = mix(torch.full_like(batch.sequence, int(seed))) ^ int(step)
    bits = mix(mix(bits) ^ ids[batch.sequence])
    bits = mix(bits ^ batch.position)
    return ((bits >> 11) & (1 << 53) - 1).to(batch.one) * 2.0**-53


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


def expm1(x: Tensor) -> Tensor:
    """e^x - 1, flat where it would overflow."""
    return torch.expm1(x.clamp(-saturation(x), saturation(x)))


def exp_remainder(x: Tensor) -> Tensor:
    """e^x - 1 - x, flat where it would overflow; near 0, where that cancels, by its series."""
    x = x.clamp(-saturation(x), saturation(x))
    series = torch.ones_like(x)
    for k in range(16, 2, -1):
        series = 1 + x / k * series
    return torch.where(x.abs() < 0.5, x.square() / 2 * series, torch.expm1(x) - x)


def exp_remainder_slope(x: Tensor) -> Tensor:
    """The slope of e^x - 1 - x, 0 where it is flat."""
    return torch.where(x.abs() <= saturation(x), expm1(x), 0)


def log1m_exp(x: Tensor) -> Tensor:
    """log(1 - e^x) of x < 0, exact near both ends."""
    return torch.where(x > -math.log(2), torch.log(-torch.expm1(x)), torch.log1p(-torch.exp(x)))


def sigmoid_diff(x: Tensor, y: Tensor) -> Tensor:
    """e^x / (e^x + e^y), 0 where x is -inf."""
    return torch.where(x == -math.inf, 0, torch.sigmoid(x - y))


def prob_times(log_prob: Tensor, x: Tensor) -> Tensor:
    """e^log_prob * x, 0 where the probability is, whatever x is."""
    return under(torch.exp(log_prob), zeros(log_prob), x)


def zeros(log_prob: Tensor) -> Tensor | None:
    """Where the probability is 0; None where it is nowhere, which on a processor is soon seen."""
    seen = log_prob.is_cpu and not torch.compiler.is_compiling() and log_prob.numel() > 0
    return None if seen and bool(log_prob.amin() > -math.inf) else log_prob == -math.inf


def under(pi: Tensor, nowhere: Tensor | None, x: Tensor | float) -> Tensor:
    """pi * x, 0 where the probability is, whatever x is."""
    product = pi * x
    return product if nowhere is None else product.masked_fill_(nowhere, 0)


def row_mass(pi: Tensor, log_prob: Tensor) -> Tensor:
    """The sum of the probabilities of a row; compiled code takes them again rather than keep them."""
    pi = torch.exp(log_prob) if torch.compiler.is_compiling() else pi
    return pi.sum(-1, keepdim=True)


def row_rank(x: Tensor, where: Tensor | None = None) -> Tensor:
    """0 for the largest entry of a row that counts, 1 for the next; of others, how many count."""
    counts = torch.ones_like(x, dtype=torch.bool) if where is None else where
    order = torch.argsort(torch.where(counts, x, -math.inf), dim=-1, descending=True, stable=True)
    order = order.gather(-1, torch.argsort(~counts.gather(-1, order), dim=-1, stable=True))
    place = torch.arange(x.shape[-1], device=x.device).expand_as(order)
    rank = torch.empty_like(order).scatter_(-1, order, place)
    return torch.where(counts, rank, counts.sum(-1, keepdim=True)).to(x)


@torch.compiler.disable  # it looks at numbers, and compiled it would keep tensors of whole rows
def row_largest(x: Tensor, k: float) -> tuple[Tensor, Tensor, Tensor | None]:
    """The k-th largest entry of a row, the place of the last that counts of those equal to it, and all k places.

    The places are None where an equal one is left out.
    """
    n = max(1, min(math.ceil(k), x.shape[-1]))
    values, at = x.topk(min(n + 1, x.shape[-1]))  # one more tells whether an equal one is left out
    least, next_one = values[:, n - 1 : n], values[:, n:]
    equal = (values[:, :n] == least).sum(-1, keepdim=True)
    if bool((next_one == least).any()):
        return least, ((x == least).cumsum(-1, dtype=torch.int32) < equal).sum(-1, keepdim=True), None
    return least, torch.full_like(equal, x.shape[-1]), at[:, :n]


def row_least(x: Tensor, k: float) -> tuple[Tensor, Tensor]:
    """The k-th largest entry of a row, and the place of the last that counts of those equal to it."""
    return row_largest(x, k)[:2]


def row_top(x: Tensor, least: Tensor, last: Tensor) -> Tensor:
    """Whether an entry is among the k largest of its row; of equal ones those are that come first."""
    if not torch.compiler.is_compiling() and bool((last >= x.shape[-1]).all()):
        return ~(x < least)
    place = torch.arange(x.shape[-1], device=x.device)
    return ~(x <= least) | ((x == least) & (place <= last))


def row_top_sum(x: Tensor, of: Tensor, least: Tensor, last: Tensor, at: Tensor | None) -> Tensor:
    """The sum of x over the k largest entries of a row, taken at their places where these are known."""
    top = torch.where(row_top(of, least, last), x, 0) if at is None else x.gather(-1, at)
    return top.sum(-1, keepdim=True)


def row_permuted(x: Tensor, key: Tensor, undo: bool = False) -> Tensor:
    """The entries of each row from the largest key to the smallest, or put back from that order."""
    order = torch.argsort(key + 0.0, dim=-1, descending=True, stable=True)
    return torch.empty_like(x).scatter_(-1, order, x) if undo else x.gather(-1, order)


def row_sum_by_key(b: Batch, x: Tensor, key: Tensor, up_to: bool = False) -> Tensor:
    """The sum over the entries of a row with the same key, or with a key up to this one."""
    of = torch.arange(len(x), device=x.device).repeat_interleave(x.shape[1])
    return sum_by_key(x.flatten(), key.flatten(), Over(of, len(x), b.one), up_to).reshape(x.shape)


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
