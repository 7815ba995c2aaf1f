@dataclass(frozen=True)
class Over:
    """Members and what they are members of: `of[i]` is the parent of member i, of n parents."""

    of: Tensor
    n: int
    one: Tensor  # 1 in the numbers that are computed with


@dataclass(frozen=True)
class Batch:
    """Which tokens exist, of which response each of them is, and of which prompt each response."""

    sequence: Tensor  # [tokens], ascending
    group: Tensor  # [responses]
    prompts: int
    position: Tensor  # [tokens], the place of each in its response
    mask: Tensor | None = None  # [responses, width], where columns come padded
    one: Tensor = torch.ones(1)
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
        if x.shape != shape:
            raise ValueError(f"{name} is {list(x.shape)}, expected {list(shape)}")
        return (x if self.mask is None else x[self.mask]).to(self.one)

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
        return Over(torch.zeros_like(self.sequence), 1, self.one)

    @cached_property
    def all_sequences(self) -> Over:
        """All responses."""
        return Over(torch.zeros_like(self.group), 1, self.one)

    @cached_property
    def groups(self) -> Over:
        """All prompts."""
        return Over(self.group.new_zeros(self.prompts), 1, self.one)


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
    return over.one.new_zeros(over.n).index_add(0, over.of, x.expand_as(over.of))


def count(over: Over, where: Tensor | None = None) -> Tensor:
    """How many members count."""
    return total(over.one if where is None else where.to(over.one), over)


def mean(x: Tensor, over: Over, where: Tensor | None = None) -> Tensor:
    """The mean of the members that count, 0 of none."""
    return total(x, over, where) / count(over, where).clamp(min=1)


def largest(x: Tensor, over: Over, where: Tensor | None = None) -> Tensor:
    """The largest of the members that count, 0 of none."""
    x = x.expand_as(over.of) if where is None else x.expand_as(over.of)[where.expand_as(over.of)]
    of = over.of if where is None else over.of[where.expand_as(over.of)]
    return over.one.new_zeros(over.n).scatter_reduce(0, of, x, "amax", include_self=False)


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


def descending(key: Tensor, over: Over) -> Tensor:
    """The members, parent after parent, from the largest key to the smallest; ties as they come."""
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


def quantile(x: Tensor, share: Tensor, over: Over, where: Tensor | None = None) -> Tensor:
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
    return torch.where(log_prob == -math.inf, 0, exp(log_prob) * x)
