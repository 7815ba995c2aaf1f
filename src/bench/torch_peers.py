"""What a user would run instead, on the same work: PyTorch eager, torch.compile, and a chunked fused-linear loss.

The objective is the one that `bench` measures: ratio clipped to 0.8 and 1.28, entropy bonus 0.01, token-mean; float32.
  logits: logits [rows, vocabulary]                          -> loss and d loss / d logits
  hidden: hidden [rows, width], weight [vocabulary, width]   -> loss, d loss / d hidden, d loss / d weight
  copy:   a tensor of that size copied on the device, whatever the way: what no kernel can beat
`chunked` takes the gradient of each chunk of rows as soon as the chunk's loss is known, so that the whole matrix of
logits never exists, as the fused-linear losses of trainers do.

Run:  python torch_peers.py {logits,hidden,copy} {eager,compile,chunked} ROWS VOCABULARY WIDTH THREADS [--device cuda]
Prints one line: the first call, median_ms and the best, peak memory in MiB above the inputs.
"""

import argparse
import resource
import time

import torch

CHUNK = 256

RUNS = 9
WARM_RUNS, WARM_SECONDS = 30, 5  # that do not count, as in `bench`; the compiling one besides


def surrogate(logits, token, old, advantage, rows):
    log_pi = torch.log_softmax(logits, -1)
    log_prob = log_pi.gather(1, token[:, None]).squeeze(1)
    entropy = -(log_pi.exp() * log_pi).sum(-1)
    ratio = torch.exp(log_prob - old)
    gain = torch.minimum(ratio * advantage, ratio.clamp(0.8, 1.28) * advantage) + 0.01 * entropy
    return -gain.sum() / rows


class Device:
    def __init__(self, name):
        self.name = name
        self.cuda = name.startswith("cuda")

    def wait(self):
        if self.cuda:
            torch.cuda.synchronize()

    def peak_mib(self):
        if self.cuda:
            return torch.cuda.max_memory_allocated() / 2**20
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def work(given, device):
    """The inputs and one step on them."""
    rows = given.rows
    token = torch.randint(0, given.vocabulary, (rows,), device=device.name)
    old = torch.rand(rows, device=device.name) - 10
    advantage = torch.rand(rows, device=device.name) * 2 - 1
    loss_of = torch.compile(surrogate) if given.way == "compile" else surrogate

    if given.surface == "logits":
        logits = (torch.rand(rows, given.vocabulary, device=device.name) * 8 - 4).requires_grad_()
        return [logits], lambda: loss_of(logits, token, old, advantage, rows).backward()
    if given.surface == "copy":
        source = torch.rand(rows, given.vocabulary, device=device.name)
        target = torch.empty_like(source)
        return [], lambda: target.copy_(source)

    hidden = torch.randn(rows, given.width, device=device.name).requires_grad_()
    weight = (torch.randn(given.vocabulary, given.width, device=device.name) / given.width**0.5).requires_grad_()

    def step():
        if given.way != "chunked":
            loss_of(hidden @ weight.T, token, old, advantage, rows).backward()
            return
        hidden.grad, weight.grad = torch.empty_like(hidden), torch.zeros_like(weight)
        for start in range(0, rows, CHUNK):
            part = slice(start, min(start + CHUNK, rows))
            with torch.no_grad():
                logits = hidden[part] @ weight.T
            logits.requires_grad_()
            loss_of(logits, token[part], old[part], advantage[part], rows).backward()
            with torch.no_grad():
                hidden.grad[part] = logits.grad @ weight
                weight.grad.addmm_(logits.grad.T, hidden[part])

    return [hidden, weight], step


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("surface", choices=["logits", "hidden", "copy"])
    parser.add_argument("way", choices=["eager", "compile", "chunked"])
    for size in ("rows", "vocabulary", "width", "threads"):
        parser.add_argument(size, type=int)
    parser.add_argument("--device", default="cpu")
    given = parser.parse_args()
    device = Device(given.device)
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    inputs, step = work(given, device)

    def once():
        for tensor in inputs:
            tensor.grad = None
        device.wait()
        start = time.perf_counter()
        step()
        device.wait()
        return (time.perf_counter() - start) * 1e3

    before, times = device.peak_mib(), [once()]
    warm = time.perf_counter() + WARM_SECONDS
    while len(times) < 2 or (len(times) < WARM_RUNS and time.perf_counter() < warm):
        times.append(once())
    steady = sorted(once() for _ in range(RUNS))
    print(
        f"torch {torch.__version__} {given.device} {given.surface} {given.way} rows={given.rows} "
        f"vocabulary={given.vocabulary} width={given.width} first_ms={times[0]:.0f} "
        f"median_ms={steady[len(steady) // 2]:.2f} best_ms={steady[0]:.2f} "
        f"peak_above_inputs_mib={device.peak_mib() - before:.0f}"
    )


if __name__ == "__main__":
    main()
