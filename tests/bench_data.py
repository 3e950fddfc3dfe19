# What `make bench` measures on: a deal, its tape, a statement and its allocations, all from a seed.
#
# Everything is written by a forked child, so that the parent stays small: Linux counts the memory
# of the process that started a command among that command's peak.
# SPDX-License-Identifier: Apache-2.0
import os
import random
from datetime import date, timedelta

CLOSING = date(2018, 11, 8)
COLUMNS = (
    "asset_id,contract_no,snapshot_date,seller_code,seller_name,obligor_code,obligor_name,"
    "obligor_group,invoice_type,invoice_code,invoice_no,invoice_amount,trade_contract_no,"
    "delivery_date,invoice_date,due_date,currency,original_balance,current_balance,"
    "financed_amount,purchase_date,purchase_price,discount_rate,recourse,disclosed,confirmation,"
    "confirmation_date,registry_no,status,days_past_due,collected_cum,dilution_cum,writeoff_cum,"
    "recovery_cum,servicer_ref")


def in_child(work):
    """Runs work() in a child; ends the program if it fails."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    if os.waitpid(pid, 0)[1] != 0:
        raise SystemExit("bench: the data could not be written")


def credit_code(serial):
    """A unified social credit code (GB 32100) with its check character."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    organization = "MA%06d" % serial
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(w * int(c, 36) for w, c in zip(weights, organization)) % 11
    code = "91110105" + organization + {10: "X", 11: "0"}.get(rest, str(rest))
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(code))
    return code + alphabet[(31 - total % 31) % 31]


def money(fen):
    return "%s%d.%02d" % ("-" if fen < 0 else "", abs(fen) // 100, abs(fen) % 100)


def receivables(count):
    """(id, obligor, face, due date, price) of each; faces in fen, a multiple of 100."""
    draw = random.Random(2018)
    for i in range(1, count + 1):
        face = draw.randrange(5_000_00, 25_000_00, 100)
        days = draw.randrange(20, 151)
        price = (face * (36500 - 7 * days) * 2 + 36500) // (2 * 36500)
        yield "R-%06d" % i, draw.randrange(300), face, CLOSING + timedelta(days), price


def write_tape(path, count):
    obligors = [credit_code(1000 + i) for i in range(300)]
    sellers = [credit_code(5000 + i) for i in range(50)]
    with open(path, "w", encoding="utf-8") as f:
        f.write(COLUMNS + "\n")
        for n, (name, obligor, face, due, price) in enumerate(receivables(count), 1):
            amount = money(face)
            f.write(",".join((
                name, "FC-2018-%06d" % n, "2018-11-08", sellers[n % 50], "Seller %03d" % (n % 50),
                obligors[obligor], "Buyer %03d" % obligor, "G%02d" % (obligor % 60), "ordinary",
                "011001800304", "%08d" % n, amount, "PO-%08d" % n, "2018-10-23", "2018-10-23",
                due.isoformat(), "CNY", amount, amount, money(face * 9 // 10), "2018-11-08",
                money(price), "7.00%", "full", "notified", "electronic", "2018-10-24",
                "ZDW%012d" % n, "performing", "0", "0.00", "0.00", "0.00", "0.00", "bench")) + "\n")


def write_deal(path, count):
    """A deal without purchases whose notes are just worth the tape; says what is left of them."""
    price = sum(r[4] for r in receivables(count))
    senior = -(-price // 100_00) * 100_00
    with open(path, "w", encoding="utf-8") as f:
        f.write(f"""[deal]
id = "bench"
closing = 2018-11-08
expected_maturity = 2019-06-26
legal_final = 2021-06-26
unit = "100.00"

[[tranche]]
id = "A"
rank = 1
face = "{money(senior)}"
coupon = "4.10%"
[[tranche]]
id = "SUB"
rank = 2
face = "100.00"

[[schedule]]
during = "amortization, accelerated, default"
pay = "26 monthly"
first = 2018-12-26
calendar = "china-bank and china-exchange"

[priority.amortization]
income = ["pay interest A", "cover losses", "pay rest to principal"]
principal = ["cover income shortfall", "pay principal A", "pay principal SUB", "pay rest to SUB"]
""")


def opening_cash(count):
    price = sum(r[4] for r in receivables(count))
    return -(-price // 100_00) * 100_00 + 100_00 - price


def write_events(statement, collections, count, events):
    """`events` receipts over the first 20 days, each allocated to one receivable in part."""
    pool = list(receivables(count))
    codes = [credit_code(1000 + i) for i in range(300)]
    each = -(-events // count)
    last = CLOSING + timedelta(19)
    balance = opening_cash(count)
    with open(statement, "w", encoding="utf-8") as s, open(collections, "w", encoding="utf-8") as c:
        s.write("account,statement,entry,date,amount,balance,reference,counterparty,obligor_code\n")
        s.write(f"plan,1,opening,{CLOSING},0.00,{money(balance)},,,\n")
        c.write("date,receipt,asset_id,kind,amount\n")
        c.write(f"{CLOSING},,,opening,0.00\n")
        total = 0
        for n in range(events):
            name, obligor, face, _, _ = pool[n * 7919 % count]
            day = (CLOSING + timedelta(n * 20 // events)).isoformat()
            amount = face // (each + 1)
            total += amount
            balance += amount
            text = money(amount)
            s.write(f"plan,1,{n + 1},{day},{text},{money(balance)},{name},Buyer {obligor:03d},"
                    f"{codes[obligor]}\n")
            c.write(f"{day},plan/000001/{n + 1:08d},{name},payment,{text}\n")
        s.write(f"plan,1,closing,{last},0.00,{money(balance)},,,\n")
        c.write(f"{last},,,closing,{money(total)}\n")


def write_quiet_day(path, number, day, balance):
    """A statement of one day on which nothing moved."""
    with open(path, "w", encoding="utf-8") as s:
        s.write("account,statement,entry,date,amount,balance,reference,counterparty,obligor_code\n")
        for entry in ("opening", "closing"):
            s.write(f"plan,{number},{entry},{day},0.00,{money(balance)},,,\n")
