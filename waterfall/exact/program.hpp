// Program: the terms of a deal compiled to typed steps and explicit dates; what members execute.
//
// A program is made once, from a deal file, by waterfall/compile.hpp, stored in the terms record as
// canonical JSON (program_json.hpp) and read back from there; the TOML never runs. It needs no
// calendar library, no clock and no locale: every payment date, every business day is in it.
// Each clause keeps its words and its place, and every trace, error, explanation and audit line
// quotes them. Words mean what tranchain-deal(5) says.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/date.hpp"
#include "data/money.hpp"
#include "data/rate.hpp"

namespace tranchain {

/// A sentence of the deal file. `number` is its path, such as `priority.revolving.income.3` or
/// `trigger.pool-shortfall`; line 0 when the program was read from a record without its source.
struct Clause {
    std::string number;
    std::string text;
    int line = 0;
    int column = 0;
    bool operator==(const Clause&) const = default;
};

/// stored by name: never rename. In the order in which a deal moves on; it never goes back.
enum class Phase : std::uint8_t {
    revolving, amortization, accelerated, defaulted,
    enforcement,          ///< after default; pays by its own priority, else by that of default
    ended,                ///< nothing is judged and nothing distributed any more
};
enum class DayCount : std::uint8_t {
    act_365f, act_360,
    thirty_360,          ///< 30E/360 under its older word
    act_act_isda, thirty_360_us, thirty_e_360, thirty_e_360_isda, nl_365,
};
enum class Compare : std::uint8_t { less, less_equal, equal, not_equal, greater_equal, greater };

/// stored by name: never rename. Amounts at the end of a day unless said otherwise.
enum class Measure : std::uint8_t {
    pool_balance, principal_cash, income_cash, collection_account, unapplied_cash,
    senior_balance,       ///< outstanding principal of all tranches but those without a coupon
    outstanding_notes,    ///< outstanding principal of all tranches
    tranche_balance,      ///< of `name`
    interest_unpaid,      ///< of tranche `name`: due on a past payment date and not paid
    principal_unpaid,     ///< of tranche `name`: outstanding after its due day
    income_collected,     ///< booked to income in the collection period
    defaulted_cumulative, ///< face when defaulted, since closing
    bought_cumulative,    ///< face at closing + face bought since
    losses_cumulative,    ///< cost lost to default and dilution, since closing
    recovered_cumulative, ///< recoveries booked to principal, since closing
    uncovered_losses,     ///< the two's difference and loans to income, less what covered them
    tranche_face,         ///< of `name`
    income_cumulative,    ///< booked to income since closing
    reserve_balance,      ///< of reserve `name`
    reserve_required,     ///< its target on the day, not below zero
    reserve_shortfall,    ///< what it lacks of that
    eligible_balance,     ///< part of pool_balance that still meets the criteria (net_pool.hpp)
    excess_concentration, ///< what of it the limits leave out
    net_pool_balance,     ///< the rest: what a borrowing base lends on
    facility_drawn,       ///< of facility `name`: lent and not repaid
    facility_undrawn,     ///< what it could lend on the day, not below zero
};

/// stored by name: never rename
enum class ExprType : std::uint8_t { amount, rate, truth, number };

/// A formula: an amount in fen, a rate, or a test. A product of an amount and a rate is rounded once
/// by the deal's amount rounding.
struct Expr {
    enum class Kind : std::uint8_t {
        constant, measure, add, subtract, scale, minimum, maximum,
        rate,         ///< a constant one
        amount_table, ///< `name`, on the day
        rate_table,
        product,      ///< operands[0], an amount, times operands[1], a rate
        compare,      ///< of two amounts
        every, some, negate,
        fired,        ///< trigger `name` took effect before the day, and is not cured
        since,        ///< the day is `date` or later
        choose,       ///< operands[0] ? operands[1] : operands[2]
        count,        ///< receivables in the pool balance, a number
        times,        ///< operands[0], an amount, times operands[1], a number
        average,      ///< of `measure` over the last `periods` calculation dates (average_of)
    };
    Kind kind = Kind::constant;
    Money constant;
    Measure measure = Measure::pool_balance;
    std::string name;             ///< tranche or fee, for measures that have one
    Rate rate;                    ///< for scale: rate * operands[0]
    std::vector<Expr> operands;
    Compare compare = Compare::less;
    Date date;
    int periods = 0;              ///< average: 1 to periods_limit; of those there are so far
    bool flow = false;            ///< average of what `measure` grew by in each collection period
    bool operator==(const Expr&) const = default;
};
/// What a formula is; that of its operands follows (program_sound.cpp).
ExprType type_of(const Expr& expr);

/// Values by date: a planned balance, an index, steps of a limit. Before its first date a table has
/// its first value, after its last date its last.
struct ValueTable {
    struct Point {
        Date from;
        std::int64_t value = 0; ///< fen or ppb
        bool operator==(const Point&) const = default;
    };
    std::string id;
    bool is_rate = false;
    std::vector<Point> points; ///< ascending, at least one
    Clause clause;
    bool operator==(const ValueTable&) const = default;
};

/// Strict comparison is strict: equal is compliant with `<` as the breach.
struct Condition {
    Expr left;
    Compare compare = Compare::less;
    Expr right;
    bool operator==(const Condition&) const = default;
};

struct Tranche {
    std::string id;
    int rank = 0;                      ///< 1 is paid first; tranches of one rank share
    Money face;                        ///< a whole number of units
    std::optional<Rate> coupon;        ///< simple, on outstanding principal; none = residual
    DayCount day_count = DayCount::act_365f;
    std::string rating;
    /// Says the coupon, then zero above, on the first day of each interest period.
    std::optional<Expr> coupon_rule = {};
    std::optional<Rate> deferred = {}; ///< simple, on interest due and unpaid; none = nothing
    /// Takes no principal on payment dates before it, but in default.
    std::optional<Date> lockout = {};
    /// Interest only: it runs on the principal of these, and there is none of its own.
    std::vector<std::string> notional = {};
    /// While it holds on a payment date, interest is not due but becomes principal.
    std::optional<Expr> capitalises = {};
    /// Days on which the rule is read, ascending; none: the first day of each interest period.
    std::vector<Date> resets = {};
    bool operator==(const Tranche&) const = default;
};

struct Fee {
    enum class Kind : std::uint8_t {
        flat_rate, annual_rate, annual_amount,
        each_payment,                  ///< `formula`, on every payment date
        on_dates,                      ///< `formula`, on each of `dates`
        target,                        ///< what `formula` is above all paid so far
    };
    std::string id;
    Kind kind = Kind::flat_rate;
    Rate rate;                         ///< flat_rate, annual_rate
    Money amount;                      ///< annual_amount: amount / 365 a day
    Measure base = Measure::income_collected;  ///< flat_rate: per collection period; annual: at start of day
    /// In the place of `base` for a rate; the amount, not below zero, of the three later kinds.
    std::optional<Expr> formula = {};
    std::vector<Date> dates = {};      ///< ascending, closing to legal_final
    Clause clause;
    bool operator==(const Fee&) const = default;
};

/// Cash set aside inside the bank account: not distributed but by the lines that name it. An event
/// of default merges it with the ledgers.
struct Reserve {
    std::string id;
    Expr target;                       ///< an amount; below zero is zero
    Money opening;                     ///< set aside at closing, out of the notes' proceeds
    Clause clause;
    bool operator==(const Reserve&) const = default;
};

/// Money that a provider lends on payment dates for the lines that name it, and gets back on lines of
/// its own. What is lent never passes through the bank account of the deal.
struct Facility {
    std::string id;
    std::string provider;
    Expr limit;                        ///< an amount, of the payment date; below zero is zero
    bool replenishes = true;           ///< what was repaid can be drawn again
    Rate rate;                         ///< simple, a year, on what is drawn
    Rate premium;                      ///< ... on what could still be drawn
    DayCount day_count = DayCount::act_365f;
    Clause clause;
    bool operator==(const Facility&) const = default;
};

/// One fee that a price leaves out; rounded half-up to the fen by itself.
struct PriceFee {
    /// stored by name: never rename
    enum class Kind : std::uint8_t {
        fixed,
        of_face,            ///< once
        per_started_period, ///< of face, for each `days` days begun from settlement to due
        per_full_period,    ///< ... for each ended
        a_year_of_financed, ///< days from settlement to due / 365
    };
    Kind kind = Kind::fixed;
    Money amount;                      ///< fixed
    Rate rate;                         ///< all others
    int days = 0;                      ///< of a period
    bool operator==(const PriceFee&) const = default;
};

/// What a receivable costs (price_of in price.hpp); days run from settlement to due.
struct Purchase {
    /// stored by name: never rename
    enum class Form : std::uint8_t {
        discount,           ///< face * (1 - discount * days / basis)
        face,
        financed,           ///< the amount financed, what is outstanding of the advance
        yield,              ///< face / (1 + discount * days / basis)
    };
    Rate discount;                     ///< discount and yield, a year
    int basis = 365;
    int settle_days = 1;               ///< T+n in days of `calendar`
    std::string calendar = "china-bank";
    Clause clause;
    Form form = Form::discount;
    std::vector<PriceFee> fees = {};   ///< their sum is left out
    bool operator==(const Purchase&) const = default;
};

struct Criterion {
    enum class Kind : std::uint8_t {
        tenor_at_most, due_at_latest, not_past_due, obligor_solvent, confirmed,
        yield_at_least,                ///< (face - price) / price * 365 / days to due
        undisputed,
    };
    Kind kind = Kind::not_past_due;
    std::int64_t days = 0;             ///< tenor_at_most: purchase day to due date
    Date date;                         ///< due_at_latest
    Rate rate = {};                    ///< yield_at_least
    Clause clause = {};
    bool operator==(const Criterion&) const = default;
};

/// Share of the `count` largest obligor groups together, of pool balance plus principal cash.
struct Limit {
    int count = 1;
    bool each = true;                  ///< true: every single group; false: the top `count` together
    Rate share;
    Clause clause;
    bool operator==(const Limit&) const = default;
};

/// Interest runs between unadjusted dates; the payment itself is made on `adjusted`.
struct PaymentDate {
    Date unadjusted;                   ///< names the distribution
    Date adjusted;
    Date calculation;                  ///< last calendar day of the month before `unadjusted`
    bool provisional = false;          ///< past the calendars' last covered day
    bool operator==(const PaymentDate&) const = default;
};

/// Monday to Friday, but for `exceptions`: weekdays that are closed and weekend days that are open.
struct Calendar {
    std::string name;                  ///< `china-bank`, `china-exchange`
    Date from, to;                     ///< covered, inclusive
    std::vector<Date> exceptions;      ///< ascending
    bool operator==(const Calendar&) const = default;
};

/// A day of the timetable of each distribution (timetable.hpp).
struct Milestone {
    /// stored by name: never rename. In the order in which they come.
    enum class Kind : std::uint8_t {
        remittance, custodian_report, servicer_report, allocation, report, transfer, record
    };
    Kind kind = Kind::remittance;
    bool before_payment = false;       ///< else after the calculation date
    int days = 0;                      ///< of `calendar`
    std::string calendar;
    Clause clause;
    bool operator==(const Milestone&) const = default;
};

struct Trigger {
    enum class Clock : std::uint8_t {
        consecutive_days,   ///< true at the end of `days` calendar days in a row; effective that day
        days_after_payment, ///< still true at the end of the `days`-th `calendar` day after a payment date
        days_after_final,   ///< ... after legal_final
        calculation_dates,  ///< true at `days` of the last `of_last` calculation dates, or in a row
        before_payments,    ///< ... ends of the day before a payment date
        after_payments,     ///< ... ends of a day on which a distribution was paid
        inside_payments,    ///< ... lines `judge` of a distribution, and nowhere else
    };
    /// What it does to the deal; whatever it is, there is a notice and formulas may ask for it.
    enum class Effect : std::uint8_t {
        accelerate, event_of_default, stop_buying, notice,
        call,               ///< the originator may take the pool back; nothing more is bought
        enforce,            ///< default becomes enforcement; judged in default only
        end,                ///< the deal ends with that day
    };
    std::string id;
    Condition when;                    ///< of a `test`: its first comparison, shown in readings
    std::optional<Expr> test = {};     ///< when it is more than one comparison
    Clock clock = Clock::consecutive_days;
    int days = 1;                      ///< breaches it takes: days, or judged dates
    int of_last = 0;                   ///< of so many judged dates; 0: in a row
    std::string calendar;              ///< for days_after_payment and days_after_final
    int grace = 0;                     ///< days from the last breach to the effect, if it lasts
    std::string grace_calendar;        ///< empty: calendar days
    int cured_by = 0;                  ///< compliant judgements in a row that end it; 0: for ever
    std::optional<Phase> during;       ///< judged only in this phase; a running count then lapses
    int carry_forward_days = 0;        ///< a missing day: the last value, so many days, then breach
    Effect effect = Effect::accelerate;
    std::optional<Expr> price = {};    ///< of a call: for the whole pool, at the end of that day
    int rank = 0;                      ///< on one day the graver effect comes first
    Clause clause;
    bool operator==(const Trigger&) const = default;
};

/// One line of a priority of payments.
struct Step {
    enum class Kind : std::uint8_t {
        pay_fees,               ///< payees = fees, pro rata to due when more than one
        pay_interest,           ///< payees = tranches, in order
        pay_principal,          ///< payees = tranches, in order
        cover_losses,           ///< income repays principal its losses and loans
        pay_fees_above_cap,     ///< what a yearly cap left due
        pay_rest_to_principal,  ///< from income to the principal ledger
        pay_rest_to_tranche,    ///< payees = one residual tranche
        cover_income_shortfall, ///< principal lends what income lacks for tax, capped fees, servicing, interest
        buy_receivables,        ///< the rest stays in principal to be spent on purchases
        keep_rest,
        fund_reserve,           ///< payees = one reserve: up to what it lacks of its target
        release_reserve,        ///< payees = one reserve: what it has above its target
        pay_facility_interest,  ///< payees = one facility
        pay_facility_premium,   ///< payees = one facility
        repay_facility,         ///< payees = one facility: all that is drawn
        judge_trigger,          ///< payees = one trigger, whose clock is inside_payments
    };
    Kind kind = Kind::keep_rest;
    std::vector<std::string> payees;
    bool pro_rata = false;
    std::optional<Money> cap_per_year; ///< pay_fees: together, on distributions named within a fee year
    std::optional<Expr> limit;         ///< `up to ...`: the step pays no more than this
    std::optional<Rate> due_share = {}; ///< `up to ...% of due`: nor more than this share of it
    std::optional<Expr> keep = {};     ///< `keep ...`: what the step must leave in its ledger
    /// Reserves and facilities that pay what the ledger lacks, in order.
    std::vector<std::string> supports = {};
    std::optional<Expr> only_if;       ///< a test: else the step pays nothing
    std::vector<Step> otherwise;       ///< at most one: what is done when the test fails
    Clause clause;
    bool operator==(const Step&) const = default;
};

/// Either `income` and `principal`, or `all` when the ledgers are merged.
struct Priority {
    std::vector<Step> income;
    std::vector<Step> principal;
    std::vector<Step> all;
    bool operator==(const Priority&) const = default;
};

struct Support {
    std::string by;
    struct Cover {
        bool interest = false;         ///< else principal
        std::string tranche;
        bool at_expected_maturity = false;
        bool operator==(const Cover&) const = default;
    };
    std::vector<Cover> covers;
    int days_before = 3;
    std::string calendar;
    std::string into = {};             ///< reserve that holds what is paid; empty: none is received
    Clause clause;
    bool operator==(const Support&) const = default;
};

/// Who must declare days complete, and who does so in his place.
struct DaySource {
    std::string id;                    ///< account name for statements, `servicer` for collections
    std::string type;                  ///< record type: `statement`, `collections`
    std::string by;                    ///< role
    int latest_days = 10;              ///< after the day; from then on `instead` may declare it
    std::string instead;               ///< role
    bool operator==(const DaySource&) const = default;
};

struct Program {
    std::int64_t v = 1;
    std::string id, name, currency;
    Date cut_off, closing, expected_maturity, legal_final;
    Date revolving_until;              ///< last revolving day, inclusive; before closing if none
    Money unit;                        ///< face of one unit, 100.00
    Rounding amount_rounding = Rounding::half_up;
    int per_unit_places = 4;           ///< decimals of a yuan per unit
    Rounding per_unit_rounding = Rounding::down;

    std::vector<Tranche> tranches;     ///< by rank
    std::vector<Fee> fees;
    std::vector<ValueTable> tables;
    std::vector<Reserve> reserves;
    std::vector<Facility> facilities;
    std::optional<Purchase> purchase;
    std::vector<Criterion> criteria;
    std::vector<Limit> limits;
    std::vector<PaymentDate> revolving_dates;  ///< while revolving, ascending
    std::vector<PaymentDate> monthly_dates;    ///< amortization, accelerated, default; ascending, to legal_final
    std::vector<Milestone> timetable;  ///< at most one of each kind, in their order
    std::vector<Trigger> triggers;     ///< by rank
    std::map<Phase, Priority> priorities; ///< not of `ended`
    std::optional<Support> support;
    std::vector<DaySource> sources;
    std::vector<Calendar> calendars;
    std::map<std::string, std::vector<std::string>> approvals;  ///< record type -> roles, beside the author
    std::map<std::string, std::vector<std::string>> authors;    ///< record type -> roles that may author it

    bool operator==(const Program&) const = default;
};

/// The lines of a priority in the order written, what follows `else` after its line.
std::vector<const Step*> lines_of(const Priority& priority);

/// By which a deal in `phase` pays; null: there is none.
const Priority* priority_of(const Program& program, Phase phase);

/// Every formula of a program, wherever it stands; not the parts of one.
void for_each_formula(const Program& program, const std::function<void(const Expr&)>& use);

/// How grave an effect is: default, enforcement, acceleration, call, stop of purchases, end, notice.
int gravity(Trigger::Effect effect);
/// Whether it can end again.
bool can_be_cured(Trigger::Effect effect);
/// Judged on dates of the deal, not on every day.
bool is_dated(Trigger::Clock clock);
/// The comparison of a test that readings show; none: zero against zero.
Condition first_comparison(const Expr& test);

/// True when banks (or exchanges) of `calendar` work on `day`. Outside its cover: Monday to Friday.
bool is_business_day(const Calendar& calendar, Date day);
/// The n-th business day after `day` (n >= 1).
Date add_business_days(const Calendar& calendar, Date day, int n);

}  // namespace tranchain
