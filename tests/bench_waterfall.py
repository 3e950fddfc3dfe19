# The priorities of one deal in plain Python integers: the baseline of waterfall_run.
#
# It knows nothing of deals in general: three tranches, five fees, fourteen lines, as write() puts
# them into a deal file. Amounts are fen; every rounding is written where it happens.
# SPDX-License-Identifier: Apache-2.0
import random
from datetime import date

UNIT = 100_00
FACES = (1_080_000_000_00, 419_250_000_00, 750_000_00)  # A, B, SUB
COUPONS = (41, 59)                                      # of 1000
FEES = (1, 5, 10)                                       # of 10000 a year on the notes
PERIODS = 24


def write(deal, periods):
    """Writes the deal, and what came in before each payment date; gives the latter."""
    draw = random.Random(24)
    came = []
    for n in range(PERIODS):
        income = draw.randrange(2_000_000_00, 9_000_000_00)
        principal = draw.randrange(20_000_000_00, 70_000_000_00)
        if n % 7 == 3:  # too little for interest: principal lends
            income = draw.randrange(100_000_00)
        came.append((income, principal))
    came[-2] = (0, 900_000_000_00)
    with open(periods, "w", encoding="ascii") as f:
        f.writelines(f"{income} {principal}\n" for income, principal in came)
    with open(deal, "w", encoding="ascii") as f:
        f.write("""[deal]
id = "run"
closing = 2018-11-08
expected_maturity = 2020-11-26
legal_final = 2022-11-26
unit = "100.00"

[[tranche]]
id = "A"
rank = 1
face = "1080000000.00"
coupon = "4.10%"
[[tranche]]
id = "B"
rank = 2
face = "419250000.00"
coupon = "5.90%"
[[tranche]]
id = "SUB"
rank = 3
face = "750000.00"

[[fee]]
id = "vat"
rate = "3.26%"
of = "income collected"
[[fee]]
id = "custody"
rate = "0.01%"
per = "year"
of = "outstanding notes"
[[fee]]
id = "management"
rate = "0.05%"
per = "year"
of = "outstanding notes"
[[fee]]
id = "servicing"
rate = "0.10%"
per = "year"
of = "outstanding notes"
[[fee]]
id = "rating"
amount = "100000.00"
per = "year"

[[schedule]]
during = "amortization, accelerated, default"
pay = "26 monthly"
first = 2018-12-26
calendar = "china-bank"

[priority.amortization]
income = ["pay vat", "pay custody", "pay management", "pay rating", "pay servicing", "pay interest A",
          "pay interest B", "cover losses", "pay rest to principal"]
principal = ["cover income shortfall", "pay principal A", "pay principal B", "pay principal SUB",
             "pay rest to SUB"]
""")
    return came


def half_up(n, d):
    return (2 * n + d) // (2 * d)


def dates():
    """Unadjusted payment dates."""
    return [date(2018 + (11 + n) // 12, (11 + n) % 12 + 1, 26) for n in range(PERIODS)]


DAYS = [(b - a).days for a, b in zip([date(2018, 11, 8)] + dates(), dates())]


def whole_units(amount, face):
    """As much of the amount as is 0.0001 a unit; fen."""
    units = face // UNIT
    return half_up(amount * 100 // units * units, 100)


def run(came):
    """What each period pays: fees, then interest, principal, residual, arrears and balance of each
    tranche, then loan, losses covered, income and principal left."""
    balance, arrears, carried = list(FACES), [0, 0, 0], [0] * 5
    income_left = principal_left = loans = covers = 0
    out = []
    for (income, principal), days in zip(came, DAYS):
        notes = sum(balance)
        due = [carried[0] + half_up(income * 326, 10_000)]
        due += [carried[i + 1] + half_up(notes * FEES[i] * days, 3_650_000) for i in range(3)]
        due.append(carried[4] + half_up(100_000_00 * days, 365))
        funds, lendable = income_left + income, principal_left + principal
        loan, kept, fees = 0, 0, [0] * 5
        for i in (0, 1, 2, 4, 3):
            fees[i] = min(due[i], funds + lendable)
            lent = max(0, fees[i] - funds)
            funds -= fees[i] - lent
            lendable -= lent
            loan += lent
            carried[i] = due[i] - fees[i]
        interest = [0, 0, 0]
        for i in (0, 1):
            owed = arrears[i] + whole_units(half_up(balance[i] * COUPONS[i] * days, 365_000),
                                            FACES[i])
            reach = funds + lendable
            paid = owed if owed <= reach else whole_units(reach, FACES[i])
            lent = max(0, paid - funds)
            funds -= paid - lent
            lendable -= lent
            loan += lent
            if owed > reach:
                kept, funds, lendable = kept + funds, 0, 0
            interest[i], arrears[i] = paid, owed - paid
        cover = min(max(0, loans - covers + loan), funds)
        rest = funds - cover
        funds = max(0, principal_left + principal - loan) + cover + rest
        paid_back, held = [0, 0, 0], 0
        for i in (0, 1, 2):
            if balance[i] <= funds:
                paid_back[i] = balance[i]
                funds -= balance[i]
            else:
                paid_back[i] = whole_units(funds, FACES[i])
                held, funds = held + funds - paid_back[i], 0
        residual = whole_units(funds, FACES[2])
        loans, covers = loans + loan, covers + cover
        income_left, principal_left = kept, funds - residual + held
        line = list(fees)
        for i in (0, 1, 2):
            balance[i] -= paid_back[i]
            line += [interest[i], paid_back[i], residual if i == 2 else 0, arrears[i], balance[i]]
        out.append(line + [loan, cover, income_left, principal_left])
    return out
