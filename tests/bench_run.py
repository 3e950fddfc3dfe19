# What the entries of bench.py run and say: commands with what they used, proofs, entries.
# SPDX-License-Identifier: Apache-2.0
import os
import statistics
import subprocess
import tempfile
import time


class Wrong(Exception):
    """A proof or a command failed."""


class Skip(Exception):
    """What cannot be measured, and why."""


class Run:
    """One finished command: wall and CPU seconds, peak MiB, what it printed."""

    def __init__(self, arguments, cwd=None, fails=False):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            begun = time.perf_counter()
            child = subprocess.Popen(arguments, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out,
                                     stderr=err)
            _, status, used = os.wait4(child.pid, 0)
            self.wall = time.perf_counter() - begun
            child.returncode = os.waitstatus_to_exitcode(status)
            self.status = child.returncode
            self.cpu = used.ru_utime + used.ru_stime
            self.mib = used.ru_maxrss / 1024
            out.seek(0)
            self.text = out.read().decode()
            if child.returncode != 0 and not fails:
                err.seek(0)
                raise Wrong(f"{' '.join(arguments)}: status {child.returncode}: "
                            f"{err.read().decode()[:500]}")


def prove(what, ours, theirs):
    if ours != theirs:
        raise Wrong(f"{what}: {ours!r} is not {theirs!r}")


def median(runs, of="cpu"):
    return statistics.median(getattr(r, of) for r in runs)


def in_turn(rounds, ours, theirs):
    """Runs both, one after the other, `rounds` times; gives the runs of each."""
    a, b = [], []
    for _ in range(rounds):
        a.append(ours())
        b.append(theirs())
    return a, b


def entry(name, value, unit, baseline, baseline_value, target, holds, parts):
    ratio = value / baseline_value if baseline_value else None
    return {"name": name, "value": value, "unit": unit, "baseline": baseline,
            "baseline_value": baseline_value, "ratio": ratio, "target": target, "holds": holds,
            "parts": parts}
