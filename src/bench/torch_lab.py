"""What a user would write instead of `train`, on the same work: the same transformer from the same start policy, the
same task, batch, updates and objective (GRPO), in PyTorch eager.

A step: 16 prompts of the task `addition`, 8 responses to each sampled with a key/value cache, judged, and four updates
of four prompts each by autograd, gradient-norm clipping and Adam. Prompts are read in one pass, as they are all of one
length; random numbers are PyTorch's own, so responses are others than those of `train`, but as many and as long.

Run:  python torch_lab.py START.npz [--steps 300] [--untimed 150] [--threads 2]
START.npz is a start policy as `train` keeps it (~/.cache/lossmith/addition-*.npz).
Prints seconds a step without those that are untimed, their shares, and tokens/s.
"""

import argparse
import time

import numpy as np
import torch
import torch.nn.functional as F

LAYERS, WIDTH, HEADS, WIDER, PROMPT, LONGEST = 3, 64, 4, 4, 6, 26
PROMPTS, GROUP, MINIBATCHES, RATE, NORM, CLIP = 16, 8, 4, 3e-4, 1.0, 0.2
SYMBOLS = ["<end>", *"0123456789+=,", " right ", " left ", " just ", " answer ", " thus ", " wait "]
END = 0


def parts(vocabulary):
    shapes = [(vocabulary, WIDTH), (PROMPT + LONGEST, WIDTH)]
    for _ in range(LAYERS):
        shapes += [(WIDTH,), (WIDTH, 3 * WIDTH), (WIDTH, WIDTH), (WIDTH,), (WIDTH, WIDER * WIDTH), (WIDER * WIDTH, WIDTH)]
    return shapes + [(WIDTH,), (WIDTH, vocabulary)]


def read(file):
    numbers = torch.from_numpy(np.load(file)["weights"].astype(np.float32))
    weights, at = [], 0
    for shape in parts(len(SYMBOLS)):
        size = int(np.prod(shape))
        weights.append(numbers[at : at + size].reshape(shape).clone().requires_grad_())
        at += size
    assert at == len(numbers), f"{len(numbers)} weights, {at} expected: a start policy of {LAYERS} layers of {WIDTH}"
    return weights


def norm(x, gain):
    return F.layer_norm(x, (WIDTH,), gain)


def network(w, ids, first=0, cache=None):
    """Logits of ids [texts, length], whose first symbol is at position `first`; the cache grows."""
    count, length = ids.shape
    x = w[0][ids] + w[1][first : first + length]
    for layer in range(LAYERS):
        g1, mix, out, g2, up, down = w[2 + 6 * layer : 8 + 6 * layer]
        q, k, v = (norm(x, g1) @ mix).view(count, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        if cache is not None:
            if layer < len(cache):
                k, v = torch.cat([cache[layer][0], k], 2), torch.cat([cache[layer][1], v], 2)
                cache[layer] = (k, v)
            else:
                cache.append((k, v))
        heads = F.scaled_dot_product_attention(q, k, v, is_causal=length > 1)
        x = x + heads.transpose(1, 2).reshape(count, length, WIDTH) @ out
        x = x + F.relu(norm(x, g2) @ up) @ down
    return norm(x, w[-2]) @ w[-1]


@torch.no_grad()
def sample(w, prompts):
    """Responses, as ids behind the prompts, log π of each symbol and which symbols count."""
    cache, drawn, logs = [], [], []
    logits = network(w, prompts, 0, cache)[:, -1]
    done = torch.zeros(len(prompts), dtype=torch.bool)
    counts = []
    for t in range(LONGEST):
        log_pi = F.log_softmax(logits, -1)
        next_one = torch.multinomial(log_pi.exp(), 1)
        drawn.append(next_one)
        logs.append(log_pi.gather(1, next_one))
        counts.append(~done)
        done = done | (next_one[:, 0] == END)
        if bool(done.all()):
            break
        logits = network(w, next_one, PROMPT + t, cache)[:, -1]
    return torch.cat(drawn, 1), torch.cat(logs, 1), torch.stack(counts, 1)


def reward(total, ids, finished):
    if not finished:
        return 0.0
    text = "".join(SYMBOLS[i] for i in ids)
    ends = [text.rfind(m) + len(m) for m in (" just ", " answer ", " thus ") if m in text]
    return float(bool(ends) and text[max(ends) :] == str(total))


def batch(random):
    left, right = random.integers(10, 100, PROMPTS), random.integers(10, 100, PROMPTS)
    texts = [f"{a}+{b}=" for a, b in zip(left, right)]
    ids = torch.tensor([[SYMBOLS.index(c) for c in text] for text in texts])
    return ids.repeat_interleave(GROUP, 0), np.repeat(left + right, GROUP)


def loss_of(log_prob, old, advantage, mask):
    ratio = torch.exp(log_prob - old)
    gain = torch.minimum(ratio * advantage, ratio.clamp(1 - CLIP, 1 + CLIP) * advantage)
    return -((gain * mask).sum(1) / mask.sum(1)).mean()


def main():
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("start")
    given.add_argument("--steps", type=int, default=300)
    given.add_argument("--untimed", type=int, default=150)
    given.add_argument("--threads", type=int, default=2)
    given = given.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    w = read(given.start)
    adam = torch.optim.Adam(w, lr=RATE)
    spent = np.zeros(4)  # all, sampling, network, loss
    tokens = 0
    rewards = []
    for step in range(given.steps):
        began = time.perf_counter()
        prompts, totals = batch(random)
        ids, old, mask = sample(w, prompts)
        lengths = mask.sum(1)
        found = []
        for i, row in enumerate(ids.tolist()):
            length = int(lengths[i])
            finished = row[length - 1] == END
            found.append(reward(totals[i], row[: length - 1] if finished else row[:length], finished))
        r = torch.tensor(found).view(PROMPTS, GROUP)
        a = ((r - r.mean(1, keepdim=True)) / (r.std(1, keepdim=True) + 1e-6)).view(-1, 1)
        drawn = time.perf_counter()
        in_network = in_loss = 0.0
        rows = torch.randperm(PROMPTS).view(MINIBATCHES, -1, 1) * GROUP + torch.arange(GROUP)
        for part in rows.view(MINIBATCHES, -1):
            longest = int(lengths[part].max())
            began_network = time.perf_counter()
            answers = ids[part, :longest]
            logits = network(w, torch.cat([prompts[part], answers[:, :-1]], 1))[:, PROMPT - 1 :]
            forward = time.perf_counter()
            held = logits.detach().requires_grad_()
            log_prob = F.log_softmax(held, -1).gather(2, answers[:, :, None])[:, :, 0]
            loss_of(log_prob, old[part, :longest], a[part], mask[part, :longest].float()).backward()
            judged = time.perf_counter()
            adam.zero_grad()
            logits.backward(held.grad)
            torch.nn.utils.clip_grad_norm_(w, NORM)
            adam.step()
            in_loss += judged - forward
            in_network += forward - began_network + time.perf_counter() - judged
        if step >= given.untimed:
            spent += [time.perf_counter() - began, drawn - began, in_network, in_loss]
            tokens += int(lengths.sum())
        rewards.append(sum(found) / len(found))
    counted = given.steps - given.untimed
    print(
        f"{spent[0] / counted:.4f} s a step: sampling {spent[1] / counted:.4f}, network {spent[2] / counted:.4f}, "
        f"loss {spent[3] / counted:.4f}; {tokens / spent[0]:.0f} tokens/s, {tokens / counted / PROMPTS / GROUP:.1f} "
        f"tokens a response; reward {np.mean(rewards[:5]):.3f} -> {np.mean(rewards[-5:]):.3f}"
    )


if __name__ == "__main__":
    main()
