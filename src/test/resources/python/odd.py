"""Losses that are called, and do not do what a loss does."""

import dataclasses
import functools
import os
import sys
import time

import torch


def right(logp, old_logp, adv, mask):
    kept = mask.bool()
    d = torch.where(kept, logp - old_logp, 0).clamp(-20, 20)
    return -torch.where(kept, torch.exp(d) * adv, 0).sum() / mask.sum()


def hangs(logp, old_logp, adv, mask):
    time.sleep(100)


def crashes(logp, old_logp, adv, mask):
    print("about to crash")
    os._exit(3)


def leaves(logp, old_logp, adv, mask):
    sys.exit(1)


def prints(logp, old_logp, adv, mask):
    print("x" * 300000)
    os.write(1, b"y" * 300000)
    return right(logp, old_logp, adv, mask)


def changes(logp, old_logp, adv, mask):
    old_logp[mask == 0] = 1
    return right(logp, old_logp, adv, mask)


def per_token(logp, old_logp, adv, mask):
    return (logp - old_logp) * adv


def draws(logp, old_logp, adv, mask):
    return right(logp, old_logp, adv, mask) * torch.rand(())


def nothing(logp, old_logp, adv, mask):
    pass


def pair(logp, old_logp, adv, mask):
    return right(logp, old_logp, adv, mask), {"clipfrac": 1.5, "note": "text"}


def named(logp, old_logp, adv, mask):
    return {"loss": right(logp, old_logp, adv, mask), "kl": torch.tensor(0.25)}


def per_response(logp, old_logp, adv, mask):
    assert adv.dim() == 1
    return right(logp, old_logp, adv[:, None], mask)


def unclear(logp, before, adv, mask, width):
    return right(logp, before, adv, mask) * width


def asks(logp, old_logp, adv, mask):
    return right(logp, old_logp, adv, mask) * float(input("how much? "))


def reads(logp, old_logp, adv, mask):
    assert sys.stdin.read() == "" and os.read(0, 9) == b""
    return right(logp, old_logp, adv, mask)


def forks(logp, old_logp, adv, mask):
    os.fork()  # and both come back
    return right(logp, old_logp, adv, mask)


def interrupts(logp, old_logp, adv, mask):
    raise KeyboardInterrupt


def number(logp, old_logp, adv, mask):
    return 3


def integer(logp, old_logp, adv, mask):
    return torch.tensor(3)


def imaginary(logp, old_logp, adv, mask):
    return right(logp, old_logp, adv, mask) * 1j


def undefined(logp, old_logp, adv, mask):
    return right(logp, old_logp, adv, mask) * float("nan")


def empty(logp, old_logp, adv, mask):
    return ()


def elsewhere(logp, old_logp, adv, mask):
    return right(logp, old_logp, adv, mask).to("cuda:99")


def wordy(logp, old_logp, adv, mask):
    raise ValueError("first line\nsecond line " + "x" * 10000)


def huge(logp, old_logp, adv, mask):
    return right(logp, old_logp, adv, mask) + torch.zeros(2**55)[0]


shortened = lambda logp, old_logp, adv, mask: right(logp, old_logp, adv, mask)  # noqa: E731
filled = functools.partial(right)
constant = 3


class Loss:
    def __call__(self, logp, old_logp, adv, mask):
        return right(logp, old_logp, adv, mask)

    def method(self, logp, old_logp, adv, mask):
        return right(logp, old_logp, adv, mask)


class NoLoss:
    pass


held = Loss()


def keywords(*, logp, old_logp, adv, mask):
    return right(logp, old_logp, adv, mask)


def more(logp, old_logp, adv, mask, **kwargs):
    assert not kwargs
    return right(logp, old_logp, adv, mask)


def configured(logp, old_logp, adv, mask, config):
    r = torch.exp(logp - old_logp)
    r = r.clamp(1 - config.clip_low, 1 + config["clip_high"])
    return -(r * adv * mask).sum() / mask.sum()


def centred(rewards, group):
    return rewards - torch.stack([rewards[group == g].mean() for g in group])


def centred_rows(rewards, index, mask):
    assert len({i for i in index}) == 1 and isinstance(index[0], str)
    return {"advantages": ((rewards - rewards.mean())[:, None] * mask).numpy()}


def of_prompts(rewards, prompts):
    assert prompts.dim() == 2
    return (rewards - rewards.mean())[:, None], "returns"


def per_prompt(rewards, group):
    return rewards.reshape(1, -1)


def without_rewards(values, mask):
    return values * mask


def wants_gamma(rewards, mask, config=None):
    return rewards * config.gamma


@dataclasses.dataclass
class Bounds:
    low: float = 0.2
    high: float = 0.2


def bounded(logp, old_logp, adv, mask, bounds: Bounds):
    assert isinstance(bounds, Bounds)
    r = torch.exp(logp - old_logp).clamp(1 - bounds.low, 1 + bounds.high)
    return -(r * adv * mask).sum() / mask.sum()


def of_trl(model, inputs):
    return right(inputs["old_per_token_logps"].requires_grad_(), inputs["old_per_token_logps"].detach(),
                 inputs["advantages"], inputs["completion_mask"])


def live_where_absent(logp, adv, mask, old_logp=None):
    return right(logp, logp if old_logp is None else old_logp, adv, mask)


def stopped_where_absent(logp, adv, mask, old_logp=None):
    return right(logp, logp.detach() if old_logp is None else old_logp, adv, mask)
