"""`score` beside peer.py on the same files: whole processes in turn, median seconds of five and the largest peak memory.

usage: python compare.py "COMMAND THAT ENDS BEFORE THE FILE" FILE…
as in: python compare.py "java -jar src/target/lossmith.jar score --recipe grpo,dapo,cispo,gspo" 10m.parquet 10m.jsonl
"""
import os
import shlex
import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 5


def run(command):
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{shlex.join(command)}: {errors.decode(errors='replace')[-500:]}")
    return time.monotonic() - began, usage.ru_maxrss / 1024


ours = shlex.split(sys.argv[1])
peer = [sys.executable, str(Path(__file__).with_name("peer.py"))]
print("| file | score | peak MiB | pyarrow + torch | peak MiB |")
print("|---|---|---|---|---|")
for file in sys.argv[2:]:
    for command in (ours, peer):
        run([*command, file])  # the files are in the cache from here on
    pairs = [(run([*ours, file]), run([*peer, file])) for _ in range(RUNS)]
    cells = []
    for runs in zip(*pairs):
        cells += [f"{statistics.median(t for t, _ in runs):.1f} s", f"{max(m for _, m in runs):.0f}"]
    print(f"| {Path(file).name} | " + " | ".join(cells) + " |", flush=True)
