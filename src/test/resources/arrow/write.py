"""Writes the Arrow files beside it, and rows.jsonl with the same rows: pyarrow 25.0.1."""

import json

import pyarrow as pa
from pyarrow import feather, ipc

ROWS = [
    {"prompt_id": "a", "reward": 1.0, "turns": [[5, 6], [7]], "log_prob": [-0.5, -0.25, -2.0], "ok": True},
    {"prompt_id": "a", "reward": 0.0, "turns": [[8]], "log_prob": [-1.0], "ok": False},
    {"prompt_id": "b", "reward": None, "turns": [[5], [], [6]], "log_prob": [-3.0, -0.125], "ok": True},
    {"prompt_id": "b", "reward": 0.5, "turns": [[9, 9]], "log_prob": [-1.5, None], "ok": True},
    {"prompt_id": "b", "reward": -0.5, "turns": [[1, 2]], "log_prob": [-4.0, -0.75], "ok": False},
]
MASK = [[1] * 3, [1], [1] * 2, [1, 0], [1] * 2]

rows = [
    {
        "prompt_id": row["prompt_id"],
        "score": {"value": row["reward"], "note": "ä"},
        "tokens": row["turns"],
        "log_prob": row["log_prob"],
        "loss_mask": mask,
        "finished": row["ok"],
        "advantage": [2**53 - 1.0] * len(mask),
    }
    for row, mask in zip(ROWS, MASK)
]
table = pa.table(
    {
        "prompt_id": pa.array([row["prompt_id"] for row in rows]).dictionary_encode(),
        "score": [row["score"] for row in rows],
        "tokens": pa.array([row["tokens"] for row in rows], pa.list_(pa.list_(pa.uint16()))),
        "log_prob": pa.array([row["log_prob"] for row in rows], pa.large_list(pa.float16())),
        "loss_mask": pa.array([row["loss_mask"] for row in rows], pa.list_(pa.int8())),
        "finished": [row["finished"] for row in rows],
        "advantage": pa.array([row["advantage"] for row in rows], pa.list_(pa.uint64())),
    }
)
feather.write_feather(table, "lz4.feather")
feather.write_feather(table, "zstd.feather", compression="zstd")
feather.write_feather(table, "batches.arrow", compression="uncompressed", chunksize=2)
with pa.OSFile("stream.arrow", "wb") as out, ipc.new_stream(out, table.schema) as writer:
    writer.write_table(table, max_chunksize=3)
with open("rows.jsonl", "w", encoding="utf-8") as out:
    out.writelines(json.dumps(row) + "\n" for row in rows)
