"""What somebody would run instead of `score`: pyarrow and torch in float64, four losses with their gradients.

usage: python peer.py FILE.parquet|FILE.jsonl
Columns: prompt_id, reward, and lists log_prob, old_log_prob, entropy. Prints loss, norm of dL/dlog_prob and the share of zeros
of grpo, dapo, cispo and gspo, each as in its paper.
"""
import sys

import numpy as np
import pyarrow as pa
import torch

torch.set_num_threads(2)


def read(path):
    if path.endswith("parquet"):
        import pyarrow.parquet as parquet

        table = parquet.read_table(path)
    else:
        import pyarrow.json as json

        table = json.read_json(path, read_options=json.ReadOptions(block_size=64 << 20))
    return table.combine_chunks()


def lists(table, name):
    column = table.column(name)
    array = column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)
    numbers = array.flatten().to_numpy(zero_copy_only=False).astype(np.float64)
    return torch.from_numpy(numbers), np.diff(array.offsets.to_numpy())


table = read(sys.argv[1])
log_prob, lengths = lists(table, "log_prob")
old_log_prob, _ = lists(table, "old_log_prob")
entropy, _ = lists(table, "entropy")
reward = torch.tensor(table.column("reward").to_numpy().astype(float))
prompts = np.unique(table.column("prompt_id").to_numpy(zero_copy_only=False), return_inverse=True)[1]
group = torch.from_numpy(prompts)
length = torch.from_numpy(lengths.astype(np.int64))
responses, groups = len(length), int(group.max()) + 1
response = torch.repeat_interleave(torch.arange(responses), length)


def add(x, index, size):
    return torch.zeros(size, dtype=x.dtype).index_add_(0, index, x)


group_size = add(torch.ones(responses, dtype=torch.float64), group, groups)


def normalised(reward):
    mean = add(reward, group, groups) / group_size
    std = (add((reward - mean[group]) ** 2, group, groups) / group_size).sqrt()
    apart = (reward - mean[group]) / torch.where(std > 0, std, 1.0)[group]
    return torch.where(std[group] > 0, apart, 0.0)


def response_mean(x):
    return add(x, response, responses) / length


def group_mean(x):
    return (add(response_mean(x), group, groups) / group_size).mean()


def clipped(ratio, advantage, low, high):
    return torch.minimum(ratio * advantage, ratio.clamp(1 - low, 1 + high) * advantage)


advantage = normalised(reward)
per_token = advantage[response]
overlong = reward + ((20480 - 4096 - length) / 4096).clamp(-1, 0)
least = torch.full((groups,), 1e30, dtype=torch.float64).scatter_reduce(0, group, reward, "amin")
most = torch.full((groups,), -1e30, dtype=torch.float64).scatter_reduce(0, group, reward, "amax")
kept = (least < most)[group][response]


def grpo(x):
    return -group_mean(clipped((x - old_log_prob).exp(), per_token, 0.2, 0.2))


def dapo(x):
    surrogate = clipped((x - old_log_prob).exp(), normalised(overlong)[response], 0.2, 0.28)
    return -torch.where(kept, surrogate, 0.0).sum() / kept.sum()


def cispo(x):
    return -group_mean((x - old_log_prob).exp().clamp(0.8, 1.2).detach() * per_token * x)


def gspo(x):
    mean = response_mean(x - old_log_prob).detach()[response]
    return -response_mean(clipped((x - x.detach() + mean).exp(), per_token, 3e-4, 4e-4)).mean()


for loss in (grpo, dapo, cispo, gspo):
    x = log_prob.clone().requires_grad_(True)
    value = loss(x)
    value.backward()
    print(loss.__name__, value.item(), x.grad.norm().item(), (x.grad == 0).double().mean().item())
print("entropy", entropy.mean().item())
