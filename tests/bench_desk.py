# The entries of bench.py about the desk: grids of scenarios, Monte Carlo, yields.
# SPDX-License-Identifier: Apache-2.0
import itertools
import json
import math
import os

import bench_simulation as rival
from bench_run import Run, Skip, entry, prove


class Entries:
    """Of Bench, whose engine(), tranchain() and path() they use."""

    def grid_1000(self):
        axes = [["0%", "2%", "5%", "9%", "14%"], ["0%", "10%", "20%", "40%"],
                ["0%", "1%", "2%", "4%", "8%"], [str(d) for d in range(0, 20, 2)]]
        if self.quick:
            axes = [a[:2] for a in axes[:3]] + [["0"]]
        if not os.path.exists(self.path("sample")):
            self.tranchain("pool", "generate", "--seed", "15", "-o", "sample")

        def ours(threads, *shares):
            names = ("--default", "--recovery", "--dilution", "--delay")
            options = itertools.chain(*zip(names, shares))
            return self.tranchain("scenario", "grid", "sample/jdht-2018-6.toml", "--pool", "sample",
                                  "--recovery-days", "90", *options, "--threads", threads, "-f", "csv")
        whole = [",".join(a) for a in axes]
        one = ours("1", *whole)
        lines = one.text.splitlines()
        count = math.prod(len(a) for a in axes)
        prove("lines", len(lines), count + 1)
        two = ours("2", *whole)
        prove("the same bytes on one thread and on two", one.text, two.text)
        corner = ours("1", *(a[-1] for a in axes)).text.splitlines()
        prove("the last of the grid, alone", lines[-1], corner[-1])
        return entry("grid_1000", one.cpu, f"s CPU, {count} scenarios of the sample deal", None, None,
                     "at most 1 s", one.cpu <= 1,
                     {"wall on two threads, s": two.wall, "peak MiB": one.mib})

    def monte_carlo(self, name, obligors, most, receivables=100_000, paths=10_000):
        """Both draw the same model; their mean cash of each month must agree within chance."""
        if Run(["/usr/bin/python3", "-c", "import numpy"], fails=True).status != 0:
            raise Skip("there is no numpy for /usr/bin/python3 (Debian: python3-numpy)")
        if self.quick:
            receivables, obligors, paths = 400, min(obligors, 100), 400
        rows = self.path(name)
        rival.write(rows, receivables, obligors)
        theirs_paths = paths if self.quick or obligors < receivables else paths // 20
        one = self.engine("cash", rows, str(paths), "1")
        os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench_simulation.py")
        theirs = json.loads(Run(["/usr/bin/python3", "-B", script, rows, str(theirs_paths)]).text)
        pairs = zip(rival.mean_and_error(one["sums"], one["squares"], paths),
                    rival.mean_and_error(theirs["sums"], theirs["squares"], theirs_paths))
        for month, ((a, ea), (b, eb)) in enumerate(pairs):
            prove(f"cash of month {month + 1} within 4.5 errors: {a:.0f} +- {ea:.0f}, {b:.0f} +- {eb:.0f}",
                  abs(a - b) <= 4.5 * math.hypot(ea, eb) + 1, True)
        two = self.engine("cash", rows, str(paths), "2")
        prove("the same sums on one thread and on two", (one["sums"], one["squares"]),
              (two["sums"], two["squares"]))
        value, base = one["cpu_ns"] / 1e9, theirs["cpu"] * paths / theirs_paths
        faster = one["wall_ns"] / two["wall_ns"]
        scaled = "" if paths == theirs_paths else f", {theirs_paths} paths scaled"
        return entry(name, value, f"s CPU, {receivables} receivables x {paths} paths, {obligors} drawn",
                     f"numpy{scaled}", base, f"at most {most} s, and 1.7 times faster on two threads",
                     value <= most and faster >= 1.7, {"times faster on two threads": faster})

    def mc_obligor(self):
        return self.monte_carlo("mc_obligor", 5_000, 0.5)

    def mc_receivable(self):
        return self.monte_carlo("mc_receivable", 400 if self.quick else 100_000, 2.5)

    def price(self):
        got = self.engine("yield", "5" if self.quick else "300")
        prove("yields within 1e-10 of QuantLib's", got["off"] <= 1e-10, True)
        value, base = got["ours_ns"] / 1000, got["theirs_ns"] / 1000
        return entry("price", value, "us CPU a yield of 24 flows", "QuantLib's CashFlows::yield", base,
                     "at least 100 times faster", base >= 100 * value, {"largest difference": got["off"]})
