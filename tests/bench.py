#!/usr/bin/python3
"""make bench: speed against named rivals, as a table and as build/bench.json.

    bench.py [--quick] [--only NAME]... OUT.json

Every entry first proves that both sides do the same work, then runs them in turn (A, B, A, B), so
that what else the machine does hits both. Unless its unit says otherwise a figure is the median
CPU time (user + system) of whole commands, as the kernel counts it; memory is their peak, of
which about 16 MiB may be those of this program that started them.
An entry: name, value, unit, baseline, baseline_value, ratio (value / baseline_value), target,
holds (null where there is no target, and in a quick run), parts; or name and skipped, with why.
--quick makes everything small: it proves that the measuring works, and measures nothing.
Exit status 1 if a proof fails or a command does; a missed target is only shown.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import timedelta

import bench_data as data
import bench_desk
import bench_waterfall as plain
from bench_run import Run, Skip, Wrong, entry, in_turn, median, prove

PROGRAM = os.path.abspath(os.environ.get("TRANCHAIN", "build/release/tranchain"))
ENGINE = os.path.join(os.path.dirname(PROGRAM), "bench_engine")  # tests/bench/engine.cpp
TEST_TIME = 1_543_600_000  # 2018-11-30: the members' clock
MEMBERS = ("agent", "b", "c")


class Bench(bench_desk.Entries):
    def __init__(self, folder, quick):
        self.folder = folder
        self.quick = quick
        self.rounds = 1 if quick else 5
        self.receivables = 200 if quick else 100_000
        self.events = int(os.environ.get("BENCH_EVENTS", 1_000 if quick else 1_000_000))
        self.blocks = 2 if quick else 50
        self.chain_parts = None
        self.height = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def tranchain(self, *arguments):
        return Run([PROGRAM, *arguments], self.folder)

    def import_csv(self, *files):
        """sqlite3 .import of the files into a new database, durable as SQLite's shell does it."""
        def remove():
            for end in ("", "-journal"):
                if os.path.exists(self.path("import.db" + end)):
                    os.remove(self.path("import.db" + end))
        remove()
        return Run(["sqlite3", "import.db", ".mode csv", *(f".import {f} {f[:-4]}" for f in files)],
                   self.folder)

    def sql(self, text):
        return Run(["sqlite3", "import.db", text], self.folder).text.strip()

    def prepare(self):
        def work():
            data.write_tape(self.path("tape.csv"), self.receivables)
            data.write_deal(self.path("deal.toml"), self.receivables)
            data.write_events(self.path("statement.csv"), self.path("collections.csv"),
                              self.receivables, self.events)
        data.in_child(work)

    # ---- start and files -------------------------------------------------------------------------

    def startup(self):
        theirs = ["/usr/bin/python3", "-I", "-S", "-c", "pass"]
        if not os.path.exists(theirs[0]):
            raise Skip("there is no /usr/bin/python3")
        prove("version", Run([PROGRAM, "--version"]).text.split()[0], "tranchain")
        a, b = in_turn(3 if self.quick else 100, lambda: Run([PROGRAM, "--version"]),
                       lambda: Run(theirs))
        ours, base = median(a, "wall") * 1000, median(b, "wall") * 1000
        return entry("startup", ours, "ms wall", " ".join(theirs), base,
                     "at most 8 ms and 0.6 of the baseline", ours <= 8 and ours <= 0.6 * base,
                     {"peak MiB": a[0].mib})

    def pool_import(self):
        def ours():
            return self.tranchain("pool", "check", "tape.csv", "--json")
        answer = json.loads(ours().text)
        self.import_csv("tape.csv")
        count, fen = self.sql("select count(*), sum(cast(replace(current_balance, '.', '') as "
                              "integer)) from tape").split("|")
        prove("rows and face", (answer["receivables"], answer["face"]),
              (int(count), data.money(int(fen))))
        a, b = in_turn(self.rounds, ours, lambda: self.import_csv("tape.csv"))
        return entry("pool_import", median(a), f"s CPU, {count} rows",
                     "sqlite3 .import of the same file", median(b), None, None,
                     {"peak MiB": median(a, "mib")})

    # ---- the deal --------------------------------------------------------------------------------

    def deal(self, count, rounds, tape="tape.csv", deal="deal.toml"):
        """Runs of a deal of so many receivables, after a proof that no fen is lost."""
        def ours():
            return self.tranchain("waterfall", "run", deal, "--pool", tape, "--json")
        checked = json.loads(self.tranchain("pool", "check", tape, "--json").text)
        prove("receivables", checked["receivables"], count)
        runs = [ours() for _ in range(rounds)]
        periods = json.loads(runs[0].text)["periods"]

        def total(rows, *columns):
            return sum(int(row[c].replace(".", "")) for row in rows for c in columns)
        came = total(periods, "income_collected", "principal_collected")
        went = total(periods, "A_interest", "A_principal", "SUB_interest", "SUB_principal", "fees")
        prove("what came in is what went out and what is left", data.opening_cash(count) + came,
              went + total(periods[-1:], "cash_left"))
        return runs

    def deal_100k(self):
        runs = self.deal(self.receivables, self.rounds)
        cpu, mib = median(runs), median(runs, "mib")
        return entry("deal_100k", cpu, f"s CPU, {self.receivables} receivables", None, None,
                     "at most 0.4 s and 150 MiB", cpu <= 0.4 and mib <= 150, {"peak MiB": mib})

    def deal_1m(self):
        few, many = (100, 1_000) if self.quick else (10_000, 1_000_000)
        runs = {}
        for count, rounds in ((few, self.rounds), (many, 1)):
            data.in_child(lambda: (data.write_tape(self.path("size.csv"), count),
                                   data.write_deal(self.path("size.toml"), count)))
            runs[count] = self.deal(count, rounds, "size.csv", "size.toml")
            os.remove(self.path("size.csv"))
        empty = median([self.tranchain("--version") for _ in range(self.rounds)])
        each = {n: (median(r) - empty) / n * 1e6 for n, r in runs.items()}
        return entry("deal_1m", each[many], f"us CPU a receivable, {many} of them, start-up taken off",
                     f"the same of {few}", each[few], "at most 1.3 times the baseline",
                     each[many] <= 1.3 * each[few], {"s CPU": median(runs[many]),
                                                     "peak MiB": median(runs[many], "mib")})

    def scenarios_1000(self):
        count = 10 if self.quick else 1_000
        self.tranchain("pool", "generate", "--seed", "15", "-o", "sample")
        os.mkdir(self.path("scenarios"))
        for n in range(count):
            with open(self.path(f"scenarios/{n:04d}.toml"), "w", encoding="ascii") as f:
                f.write(f'name = "{n}"\nseed = {15 + n % 50}\ndelay_days = {n % 21}\n')

        def ours(threads, scenario):
            return self.tranchain("waterfall", "run", "sample/jdht-2018-6.toml", "--pool", "sample",
                                  "--scenario", scenario, "--threads", threads, "-f", "csv")
        with open(self.path("sample/tape-2018-11-08.csv"), encoding="utf-8") as f:
            prove("receivables at the start", sum(1 for _ in f), 2001)
        two = ours("2", "scenarios")
        lines = [line.split(",") for line in two.text.splitlines()]
        prove("lines", len(lines), count + 1)
        for n in (0, count // 2, count - 1):  # each alone, by the columns of another table
            alone = [line.split(",") for line in
                     ours("1", f"scenarios/{n:04d}.toml").text.splitlines()]
            at = alone[0].index("A_interest")
            interest = sum(int(row[at].replace(".", "")) for row in alone[1:])
            prove(f"interest of scenario {n}", lines[n + 1][lines[0].index("A_interest")],
                  data.money(interest))
        run = ours("1", "scenarios")
        prove("the same bytes on one thread and on two", run.text, two.text)
        empty = self.tranchain("waterfall", "run", "sample/jdht-2018-6.toml", "--pool", "sample",
                               "-f", "csv")
        return entry("scenarios_1000", run.cpu, f"s CPU, {count} scenarios in one process", None,
                     None, "at most 1 s", run.cpu <= 1,
                     {"one scenario alone, s": empty.cpu, "peak MiB": run.mib,
                      "wall on two threads, s": two.wall})

    def engine(self, *arguments):
        if not os.path.exists(ENGINE):
            raise Skip(f"there is no {ENGINE}")
        return json.loads(Run([ENGINE, *arguments], self.folder).text)

    def waterfall_run(self):
        periods = plain.write(self.path("run.toml"), self.path("periods"))
        ours = self.engine("waterfall", "run.toml", "periods", "10" if self.quick else "2000")
        prove("steps and periods", (ours["steps"], len(ours["periods"])), (14, 24))
        prove("every amount of every period", ours["periods"], plain.run(periods))
        times = []
        for _ in range(3 if self.quick else 200):
            begun = time.process_time_ns()
            plain.run(periods)
            times.append(time.process_time_ns() - begun)
        value, base = ours["ns"] / 1000, statistics.median(times) / 1000
        return entry("waterfall_run", value, "us CPU a run, 14 steps x 24 periods", "plain Python "
                     "integers", base, "at most 5 us and 1/25 of the baseline",
                     value <= 5 and 25 * value <= base, {})

    def calendar(self):
        """The clock of 30 days over ten years of days: now and then a breach, once for 30 days."""
        days = 3_652
        breaches = [int(d % 61 < 25 or 3_000 <= d) for d in range(days)]
        with open(self.path("readings"), "w", encoding="ascii") as f:
            f.write("\n".join(map(str, breaches)) + "\n")
        ours = self.engine("clock", "readings", "10" if self.quick else "500")
        count, counted, effective = 0, 0, None
        for d, breach in enumerate(breaches):
            if effective is None:
                count = count + 1 if breach else 0
            counted += count
            if effective is None and count == 30:
                effective = data.CLOSING + timedelta(d)
        prove("counts and the effective day", (ours["counted"], ours["effective"]),
              (counted, effective.isoformat()))
        value = ours["ns"] / 1e6
        return entry("calendar", value, f"ms CPU, the 30-day clock over {days} days", None, None,
                     "at most 1 ms", value <= 1, {})

    # ---- the chain -------------------------------------------------------------------------------

    def member(self, name, *arguments):
        """A command of a member; what the agent's cost is kept by command."""
        run = self.tranchain(*arguments, "-C", f"{name}.db", "--key", f"{name}.key", "--no-input")
        if name == "agent" and self.chain_parts is not None:
            what = " ".join(arguments[:2])
            known = self.chain_parts.get(what, (0, 0))
            self.chain_parts[what] = (known[0] + run.cpu, max(known[1], run.mib))
        return run

    def found(self):
        """An alliance of three: the agent does all that is measured, two others agree."""
        os.environ["TRANCHAIN_TEST_TIME"] = str(TEST_TIME)
        os.environ["TRANCHAIN_TEST_RANDOM"] = "bench"
        text = 'name = "bench"\norderer = "agent"\nsuccession = ["agent", "b", "c"]\n'
        for n, m in enumerate(MEMBERS, 1):
            keys = []
            for path, seed in ((f"{m}.key", n), (f"{m}.recovery", 100 + n)):
                with open(self.path("seed"), "w", encoding="ascii") as f:
                    f.write(f"{seed:064d}\n")
                self.tranchain("key", "new", path, "--no-passphrase", "--seed-file", "seed")
                keys.append(self.tranchain("key", "show", path, "--public").text.strip())
            roles = '"originator", "servicer", "custodian", "plan_manager", "supporter"'
            text += (f'[[member]]\nname = "{m}"\nroles = [{roles if n == 1 else chr(34) + "trustee" + chr(34)}]'
                     f'\nkey = "{keys[0]}"\nrecovery_key = "{keys[1]}"\n')
        with open(self.path("alliance.toml"), "w", encoding="ascii") as f:
            f.write(text)
        self.member("agent", "chain", "init", "alliance.toml")
        for m in MEMBERS[1:]:
            self.member("agent", "chain", "export", "--to", m, "-o", "to.tcb")
            self.member(m, "chain", "import", "to.tcb")
            self.member(m, "chain", "endorse")
            self.member(m, "chain", "export", "-o", "from.tcb")
            self.member("agent", "chain", "import", "from.tcb")
        self.member("agent", "chain", "export", "-o", "to.tcb")
        for m in MEMBERS[1:]:
            self.member(m, "chain", "import", "to.tcb")
        self.member("agent", "anchor", "terms", "deal.toml")
        self.member("agent", "anchor", "snapshot", "tape.csv")
        self.seal()

    def seal(self):
        """What the agent has submitted becomes a final block at all three."""
        self.height += 1
        since = ("--since", str(self.height))
        self.member("agent", "chain", "propose")
        parts, self.chain_parts = self.chain_parts, None  # what the others' mail costs is not ours
        for m in MEMBERS[1:]:
            self.member("agent", "chain", "export", "--to", m, *since, "-o", "to.tcb")
            self.member(m, "chain", "import", "to.tcb")
            self.member(m, "chain", "ready")
            self.member(m, "chain", "export", *since, "-o", f"from-{m}.tcb")
        self.chain_parts = parts
        self.member("agent", "chain", "import", "from-b.tcb", "from-c.tcb")
        self.member("agent", "chain", "endorse")
        self.member("agent", "chain", "export", *since, "-o", "to.tcb")
        for m in MEMBERS[1:]:
            self.member(m, "chain", "import", "to.tcb")
            self.member(m, "chain", "endorse")
            self.member(m, "chain", "export", *since, "-o", f"from-{m}.tcb")
        self.member("agent", "chain", "import", "from-b.tcb", "from-c.tcb")
        parts, self.chain_parts = self.chain_parts, None
        self.member("agent", "chain", "export", *since, "-o", "to.tcb")
        for m in MEMBERS[1:]:
            self.member(m, "chain", "import", "to.tcb")
        self.chain_parts = parts

    def events_block(self):
        if self.height >= 2:
            return
        self.found()
        self.chain_parts = {}
        self.member("agent", "anchor", "statement", "statement.csv")
        self.member("agent", "anchor", "collections", "collections.csv")
        self.seal()
        self.event_parts, self.chain_parts = self.chain_parts, None

    def anchor_events(self):
        self.events_block()
        files = ("statement.csv", "collections.csv")
        self.import_csv(*files)
        lines = int(self.sql("select count(*) from statement where entry not in "
                             "('opening', 'closing')"))
        allocations = int(self.sql("select count(*) from collections where kind = 'payment'"))
        report = json.loads(self.tranchain("chain", "verify", "agent.db", "--json").text)
        prove("rows on the chain", report["rows"], lines + allocations + self.receivables)
        prove("the block is final", report["newest"], 2)
        base = median([self.import_csv(*files) for _ in range(1 if self.quick else 3)])
        value = sum(cpu for cpu, _ in self.event_parts.values())
        parts = {f"{what}, s": cpu for what, (cpu, _) in self.event_parts.items()}
        parts["peak MiB"] = max(mib for _, mib in self.event_parts.values())
        parts["lines a second"] = lines / value
        return entry("anchor_events", value, f"s CPU, {lines} lines and {allocations} allocations",
                     "sqlite3 .import of both files", base, "at least 400000 lines a second",
                     lines / value >= 400_000, parts)

    def anchor_events_plain(self):
        raise Skip("no way to anchor without commitments: a record is its commitment")

    def verify_events(self):
        self.events_block()
        report = json.loads(self.tranchain("chain", "verify", "agent.db", "--json").text)
        prove("every row was hashed", report["rows"], self.receivables + 2 * self.events)
        files = ["tape.csv", "statement.csv", "collections.csv"]
        a, b = in_turn(1 if self.quick else 3,
                       lambda: self.tranchain("chain", "verify", "--quick", "agent.db"),
                       lambda: Run(["sha256sum", *files], self.folder))
        whole = self.tranchain("chain", "verify", "agent.db")
        ours, base = median(a), median(b)
        return entry("verify_events", ours, "s CPU, chain verify --quick", "sha256sum of the files",
                     base, "at most 2 times the baseline", ours <= 2 * base,
                     {"peak MiB": median(a, "mib"), "every record judged again, s": whole.cpu})

    def verify_blocks(self):
        """Small blocks, one empty statement each, on a chain of their own."""
        outer, self.folder = self.folder, self.path("blocks")
        outer_height, self.height = self.height, 0
        try:
            os.mkdir(self.folder)
            count = 200
            data.in_child(lambda: (data.write_tape(self.path("tape.csv"), count),
                                   data.write_deal(self.path("deal.toml"), count)))
            self.found()
            cash = data.opening_cash(count)
            for n in range(1, self.blocks + 1):
                day = data.CLOSING + timedelta(n - 1)
                data.write_quiet_day(self.path("day.csv"), n, day, cash)
                os.environ["TRANCHAIN_TEST_TIME"] = str(TEST_TIME + n * 86_400)
                self.member("agent", "anchor", "statement", "day.csv")
                self.seal()
            report = json.loads(self.tranchain("chain", "verify", "agent.db", "--json").text)
            prove("blocks", report["blocks"], self.blocks + 2)
            signatures = report["endorsements"]
            runs = [self.tranchain("chain", "verify", "agent.db") for _ in range(self.rounds)]
            empty = [self.tranchain("--version") for _ in range(self.rounds)]
            value = (median(runs) - median(empty)) / report["blocks"] * 1e6
            speed = Run(["openssl", "speed", "-mr", "-seconds", "1", "ed25519"]).text
            verify = [line.split(":") for line in speed.splitlines() if line.startswith("+F6:")]
            each = 1e6 / float(verify[0][-1])
            return entry("verify_blocks", value, "us CPU a block, start-up taken off",
                         "openssl speed ed25519, as many verifications",
                         each * signatures / report["blocks"], None, None,
                         {"blocks": report["blocks"], "endorsements": signatures})
        finally:
            self.folder, self.height = outer, outer_height

    def verify_tip(self):
        raise Skip("no command makes 10000 blocks in reasonable time")

    def proof_check(self):
        self.events_block()
        self.tranchain("proof", "make", "--receivable", "R-000007", "-C", "agent.db", "-o",
                       "proof.json")
        with open(self.path("proof.json"), encoding="utf-8") as f:
            text = f.read()
        with open(self.path("changed.json"), "w", encoding="utf-8") as f:
            f.write(text.replace("R-000007", "R-000008"))
        changed = Run([PROGRAM, "proof", "check", "changed.json"], self.folder, fails=True)
        prove("a changed proof is refused", changed.status, 1)
        a, b = in_turn(3 if self.quick else 50,
                       lambda: self.tranchain("proof", "check", "proof.json"),
                       lambda: self.tranchain("--version"))
        ours, base = median(a, "wall") * 1000, median(b, "wall") * 1000
        return entry("proof_check", ours, "ms wall, the whole command", "tranchain --version", base,
                     "under 10 ms", ours < 10,
                     {"bytes of the proof": len(text.encode()), "peak MiB": median(a, "mib")})

    def daily_commands(self):
        """Commands of a day beside a chain of few blocks: the target asks for 10,000."""
        if not os.path.exists(self.path("blocks/agent.db")):
            raise Skip("verify_blocks did not make its chain")
        folder = self.path("blocks")
        runs = {c: [Run([PROGRAM, "chain", *c.split(), "-C", "agent.db"], folder)
                    for _ in range(self.rounds)] for c in ("status", "log", "show 2")}
        slowest = max(median(r, "wall") for r in runs.values()) * 1000
        return entry("daily_commands", slowest, f"ms wall, the slowest, {self.blocks + 2} blocks",
                     None, None, "at most 100 ms on 10000 blocks", None,
                     {f"chain {c}, ms": median(r, "wall") * 1000 for c, r in runs.items()})


ENTRIES = ("startup", "pool_import", "deal_100k", "deal_1m", "scenarios_1000", "waterfall_run",
           "calendar", "grid_1000", "mc_obligor", "mc_receivable", "price",
           "anchor_events", "anchor_events_plain", "verify_events", "verify_blocks", "verify_tip",
           "daily_commands", "proof_check")


def show(e):
    if "skipped" in e or "wrong" in e:
        print(f"{e['name']:<20} {'skipped: ' + e['skipped'] if 'skipped' in e else e['wrong']}")
        return
    ratio = f"{e['ratio']:.2f} x {e['baseline']} ({e['baseline_value']:.4g})" if e["ratio"] else ""
    print(f"{e['name']:<20} {e['value']:>10.4g} {e['unit']}  {ratio}")
    if e["target"]:
        verdict = {True: "holds", False: "MISSED", None: "not judged"}[e["holds"]]
        print(f"{'':<20} target: {e['target']}: {verdict}")
    for what, figure in e["parts"].items():
        print(f"{'':<20}   {what}: {figure:.4g}")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description="Speed against named rivals.")
    parser.add_argument("--quick", action="store_true", help="small sizes, no judgement")
    parser.add_argument("--only", action="append", choices=ENTRIES, help="this entry; repeatable")
    parser.add_argument("out", help="the JSON file to write")
    options = parser.parse_args()
    os.environ["LC_ALL"] = "C.UTF-8"
    folder = tempfile.mkdtemp(prefix="tranchain-bench-", dir=os.environ.get("TMPDIR", "/tmp"))
    entries = []
    try:
        bench = Bench(folder, options.quick)
        bench.prepare()
        for name in options.only or ENTRIES:
            try:
                e = getattr(bench, name)()
                if options.quick:
                    e["holds"] = None
            except Skip as why:
                e = {"name": name, "skipped": str(why)}
            except Wrong as why:
                e = {"name": name, "wrong": str(why)}
            entries.append(e)
            show(e)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with open(options.out, "w", encoding="utf-8") as f:
        json.dump(entries, f, indent=1)
        f.write("\n")
    wrong = sum("wrong" in e for e in entries)
    print(f"{len(entries) - wrong} passed, {wrong} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
