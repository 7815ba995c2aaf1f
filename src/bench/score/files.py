"""Writes rollouts of a given size: the embedded sample again and again, every copy with prompts of its own.

usage: python files.py TOKENS FILE.parquet|FILE.jsonl
"""
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

tokens, path = int(float(sys.argv[1])), sys.argv[2]
sample = parquet.read_table(Path(__file__).parents[2] / "main/resources/sample/rollouts.parquet")
sample = sample.select(["prompt_id", "reward", "log_prob", "old_log_prob", "entropy"])
own = sum(len(row) for row in sample["log_prob"].to_pylist())
ids = sample["prompt_id"].to_pylist()


def copies():
    for copy in range(-(-tokens // own)):
        yield sample.set_column(0, "prompt_id", pa.array([f"{id}-{copy}" for id in ids]))


if path.endswith("parquet"):
    writer = None
    batch = []
    for table in copies():
        batch.append(table)
        if len(batch) == 64:
            writer = writer or parquet.ParquetWriter(path, table.schema, use_dictionary=False)
            writer.write_table(pa.concat_tables(batch))
            batch = []
    writer = writer or parquet.ParquetWriter(path, sample.schema if not batch else batch[0].schema, use_dictionary=False)
    if batch:
        writer.write_table(pa.concat_tables(batch))
    writer.close()
else:
    with open(path, "w") as file:
        for table in copies():
            for row in table.to_pylist():
                file.write(json.dumps(row) + "\n")
