#!/usr/bin/python3
"""Monte Carlo of a pool's monthly cash in numpy: the baseline of mc_obligor and mc_receivable.

    bench_simulation.py ROWS PATHS      prints JSON: CPU seconds, sums and squares of cash by month

The model of the bench, written with all that numpy is good at: a factor for all on each path, chances
by class and month tabulated once for 4,096 values of the factor, single-precision words, and only
the rows of those who default or pay late touched. ROWS: the header that write() makes, then one line for each
receivable. Another generator than ours draws, so that figures agree as far as chance lets them.
SPDX-License-Identifier: Apache-2.0
"""
import json
import math
import random
import sys
import time

CORRELATION = 0.15
MONTHS = 24
YEARLY = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12)
LATE = ((0.10, 1), (0.05, 2), (0.03, 3))  # share of debtors, months
COLUMNS = MONTHS + 3                      # the last who are late pay after the others


def write(path, receivables, obligors):
    """Debtor (each its own where there are as many), class, month and fen of each receivable."""
    draw = random.Random(24)
    ppb = [round(y * 1e9) for y in YEARLY]
    shares = [n for share, months in LATE for n in (round(share * 1e9), months)]
    grade = [draw.randrange(len(YEARLY)) for _ in range(obligors)]
    with open(path, "w", encoding="ascii") as f:
        f.write(" ".join(map(str, [round(CORRELATION * 1e9), MONTHS, *ppb, *shares])) + "\n")
        for n in range(receivables):
            debtor = n % obligors
            f.write(f"{debtor} {grade[debtor]} {draw.randrange(1, MONTHS + 1)} "
                    f"{draw.randrange(10_000_00, 500_000_00)}\n")


def mean_and_error(sums, squares, paths):
    """Of the mean cash of each month: (mean, standard error)."""
    out = []
    for s, q in zip(sums, squares):
        mean = s / paths
        out.append((mean, math.sqrt(max(0.0, q / paths - mean * mean) / (paths - 1))))
    return out


def simulate(rows, paths):
    """Sums and squares of the cash of each month, and the CPU seconds of the paths alone."""
    import numpy as np
    from statistics import NormalDist
    table = np.loadtxt(rows, dtype=np.int64, skiprows=1)
    obligors = int(table[:, 0].max()) + 1
    grade = np.zeros(obligors, dtype=np.int64)
    grade[table[:, 0]] = table[:, 1]
    cash = np.zeros((obligors, COLUMNS))
    np.add.at(cash, (table[:, 0], table[:, 2] - 1), table[:, 3])
    late = [np.zeros_like(cash) for _ in LATE]
    for shifted, (_, months) in zip(late, LATE):
        shifted[:, months:] = cash[:, :-months]
    change = [shifted - cash for shifted in late]
    total = cash.sum(axis=0)
    normal, own = NormalDist(), math.sqrt(1 - CORRELATION)
    quantile = [[normal.inv_cdf(1 - (1 - y) ** (t / 12)) for t in range(1, MONTHS + 1)] for y in YEARLY]
    factors = [math.sqrt(CORRELATION) * normal.inv_cdf((i + 0.5) / 4096) for i in range(4096)]
    chances = np.array([[[math.erfc((f - q) / own / math.sqrt(2)) / 2 for q in row]
                         for row in quantile] for f in factors])
    ends = np.cumsum([share for share, _ in LATE])
    order = np.argsort(grade, kind="stable")  # classes side by side: a chance for each stretch
    grade, cash = grade[order], cash[order]
    late, change = [m[order] for m in late], [m[order] for m in change]
    bounds = np.searchsorted(grade, np.arange(len(YEARLY) + 1))
    draw = np.random.Generator(np.random.SFC64(2018))
    sums, squares = np.zeros(COLUMNS), np.zeros(COLUMNS)
    column = np.arange(COLUMNS)
    begun = time.process_time()
    for _ in range(paths):
        chance = chances[draw.integers(4096)]
        own = draw.random(obligors, dtype=np.float32)
        tardy = draw.random(obligors, dtype=np.float32)
        hit = np.concatenate([a + np.flatnonzero(own[a:b] < chance[g, -1]) for g, (a, b)
                              in enumerate(zip(bounds[:-1], bounds[1:]))])
        month = (own[hit, None] >= chance[grade[hit]]).sum(axis=1)  # from 0
        income = total.copy()
        below = 0.0
        unpaid = cash[hit]
        for k, end in enumerate(ends):
            income += change[k][np.flatnonzero((tardy >= below) & (tardy < end))].sum(axis=0)
            mine = (tardy[hit] >= below) & (tardy[hit] < end)
            unpaid[mine] = late[k][hit[mine]]
            below = end
        income -= np.where(column >= month[:, None], unpaid, 0).sum(axis=0)
        sums += income
        squares += income * income
    return sums.tolist(), squares.tolist(), time.process_time() - begun


def main():
    sums, squares, cpu = simulate(sys.argv[1], int(sys.argv[2]))
    print(json.dumps({"cpu": cpu, "sums": sums, "squares": squares}))


if __name__ == "__main__":
    main()
