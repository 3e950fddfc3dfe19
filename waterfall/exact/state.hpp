// DealState: where a deal stands, as a pure function of the public parts of its records.
//
// Records add facts to days that are not closed yet (sums, so their order within a day does not
// matter); a close moves the rest. What comes from rows reaches the state only through figures that
// a public part states, so an auditor without rows arrives at the same bytes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/json.hpp"
#include "data/money.hpp"
#include "waterfall/exact/ledger.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// Totals at the end of a day. `_to_date` figures run from closing and never fall.
struct Figures {
    Money pool_balance; ///< unpaid face of receivables owned and not defaulted
    Money principal, income, collection, unapplied;
    Money income_to_date;    ///< booked to income
    Money defaulted_to_date; ///< face when defaulted
    Money bought_to_date;    ///< face at closing + face bought
    Money losses_to_date;    ///< cost lost to default and dilution
    Money recovered_to_date; ///< recoveries booked to principal
    bool operator==(const Figures&) const = default;
};

/// What a borrowing base lends on, at the end of a day; both from rows (net_pool.hpp).
struct NetPool {
    Money eligible; ///< part of the pool balance
    Money excess;   ///< concentration; part of eligible
    bool operator==(const NetPool&) const = default;
};

/// The ledgers at the end of a calculation date.
struct Mark {
    Date date;
    Phase phase = Phase::revolving;
    Figures figures;
    bool operator==(const Mark&) const = default;
};

struct TrancheState {
    Money balance; ///< outstanding principal
    Money arrears; ///< interest due on a past payment date and not paid
    bool operator==(const TrancheState&) const = default;
};

struct FeeState {
    Money due;                  ///< accrued to the last distribution and not paid
    Money above_cap;            ///< due too, but only on its own later line
    Money paid_in_year;         ///< within the cap, on distributions named in `year`
    Date year;                  ///< first day of that fee year
    std::int64_t base_days = 0; ///< sum over days of the base at the start of each, since closing
    Money paid_to_date;         ///< of a target fee; else zero
    bool operator==(const FeeState&) const = default;
};

/// Of a facility, after the last distribution.
struct FacilityState {
    Money drawn;        ///< lent and not repaid
    Money lent_to_date; ///< never falls
    Money interest;     ///< accrued to the last distribution and not paid
    Money premium;      ///< the same
    bool operator==(const FacilityState&) const = default;
};

/// `base_days` of every fee as it stood when the day before `date` was closed.
struct BaseMark {
    Date date; ///< an unadjusted payment date
    std::vector<std::int64_t> base_days;
    bool operator==(const BaseMark&) const = default;
};

/// One judged day of a trigger.
struct Reading {
    Date date;
    Money value, threshold;
    bool breach = false;
    int count = 0;      ///< breach days in a row, this one included; stays at its maximum
    bool stale = false; ///< the day was missing: carried forward, or breach by policy
    bool operator==(const Reading&) const = default;
};

struct TriggerState {
    std::optional<Date> effective; ///< the day at whose end it fired; for ever, or until cured
    std::optional<Date> cured;     ///< the day at whose end its last effect was cured
    std::optional<Date> due;       ///< in breach: takes effect at the end of that day, if it lasts
    int compliant = 0;             ///< compliant judgements in a row, while it is in effect
    bool lapsed = false;           ///< its phase is over
    int count = 0;
    int missing = 0;          ///< missing days in a row
    std::vector<Reading> run; ///< the running breach, oldest first; else the last reading alone
    bool operator==(const TriggerState&) const = default;
};

struct Debit {
    std::string reference; ///< `purchase/SETTLE-DATE/seq` or `distribution/UNADJUSTED-DATE`
    Money amount;
    auto operator<=>(const Debit&) const = default;
};
struct GroupInsolvency {
    std::string group;
    std::int64_t count = 0; ///< obligors
    auto operator<=>(const GroupInsolvency&) const = default;
};

/// Facts of one day that is not closed yet.
struct OpenDay {
    Money credits;             ///< of all accounts
    std::vector<Debit> debits; ///< sorted
    Money collected;           ///< allocated to receivables
    Money unapplied;           ///< net change of unapplied cash
    Money other_income;        ///< interest on cash, late charges
    Money support;             ///< of the supporter
    Money diluted;
    std::vector<GroupInsolvency> insolvent; ///< sorted
    bool operator==(const OpenDay&) const = default;
};

struct PendingPurchase {
    Date settle;
    std::int64_t count = 0;
    Money face, price;
    bool operator==(const PendingPurchase&) const = default;
};

/// What a line `judge` found inside a distribution.
struct LineJudgement {
    int trigger = 0;
    Money value, threshold;
    bool breach = false;
    bool operator==(const LineJudgement&) const = default;
};

/// A distribution computed and accepted: what its payment does to the books when `booked` is
/// closed.
struct Payout {
    Date unadjusted, adjusted, calculation;
    Date booked;                     ///< the day it is paid: `adjusted`, later if it came late
    bool paid = false;               ///< booked is closed
    Money income_out, principal_out; ///< net, after moves between the two; may be negative
    Money total;                     ///< leaves the bank
    Money loan, covered;             ///< principal to income; income to principal by `cover losses`
    std::vector<TrancheState> tranches; ///< after it
    std::vector<FeeState> fees;         ///< after it (base_days not used)
    std::vector<Money> reserves_out;    ///< net, as Program::reserves; may be negative
    std::vector<FacilityState> facilities; ///< after it
    std::vector<LineJudgement> judged;     ///< counted at the end of `booked`, in this order
    bool operator==(const Payout&) const = default;
};

/// Days one source declared.
struct SourceState {
    Date complete_through;
    std::int64_t number = 0; ///< last statement
    Money closing;           ///< of the last statement
    bool operator==(const SourceState&) const = default;
};

/// A trigger that took effect, or what takes effect without one.
struct Fired {
    static constexpr int expected_maturity = -1; ///< missed: the deal accelerates
    static constexpr int support = -2;           ///< demanded on a calculation date
    int trigger = 0;
    Date effective;
    auto operator<=>(const Fired&) const = default;
};

struct NoticeOwed {
    std::int64_t revealed = 0; ///< height of the close
    std::vector<Fired> fired;  ///< in rank order
    bool operator==(const NoticeOwed&) const = default;
};

struct NoticeGiven {
    std::string hash; ///< of the notice record, hex
    std::vector<Fired> fired;
    std::vector<std::string> acknowledged; ///< parties (roles), sorted
    bool operator==(const NoticeGiven&) const = default;
};

/// A claim on the supporter. Shown as unpaid until money comes in: nothing is assumed.
struct Demand {
    Date distribution;
    std::string covers; ///< `interest B`, `principal B`
    Money amount;
    Date by;
    Money received;     ///< of the supporter
    Money lapsed;       ///< no longer missing: other funds paid it
    bool operator==(const Demand&) const = default;
};

/// A payment that an accepted distribution or purchase ordered, where the terms ask for instructions
/// (instruction.hpp), until the bank has paid all of it.
struct PaymentOrder {
    /// stored by name: never rename
    enum class Status : std::uint8_t {
        ordered,    ///< nobody has instructed it
        instructed, ///< the custodian has not answered
        executed,   ///< his answer; the bank's debit is awaited
        refused,    ///< his answer: to be instructed again
        lapsed,     ///< the amount was lowered before his answer: to be instructed again
    };
    struct Line {
        std::string payee; ///< fee, tranche or facility; `originator` of a purchase
        std::string item;  ///< what is paid: `fee`, `interest`, `principal`, `price`, ...
        Money income, principal, reserves; ///< out of which ledger; none is negative
        [[nodiscard]] Money amount() const { return income + principal + reserves; }
        bool operator==(const Line&) const = default;
    };
    /// What the holders of a tranche get; part of it may come from a facility and not from the bank.
    struct Holders {
        std::string tranche;
        std::int64_t units = 0;
        Money interest, principal, residual;
        Money rounding_left; ///< of the period's interest, after rounding per unit
        bool operator==(const Holders&) const = default;
    };
    /// The bank paid, and not all of it.
    struct Missing {
        Date date; ///< of the newest debit
        Money amount;
        bool operator==(const Missing&) const = default;
    };
    Date due;                         ///< the day the bank pays
    std::optional<Date> transfer;     ///< by then holders' money is at the depository
    std::optional<Date> record;       ///< whose holders are paid
    std::vector<Line> lines;          ///< one for each payee and item
    std::vector<Holders> holders;     ///< as Program::tranches, those that are paid
    Status status = Status::ordered;
    std::string instruction;          ///< hash of the newest, hex; empty: there was none
    std::optional<Missing> missing;
    [[nodiscard]] Money amount() const;
    bool operator==(const PaymentOrder&) const = default;
};

/// A debit of the bank that no order covers, where the terms let it be explained: the ledgers hold so
/// much more than the bank, and nothing is distributed until a correction says who bears it.
struct BankBreak {
    Date date;
    std::string reference; ///< the debit's
    Money amount;
    auto operator<=>(const BankBreak&) const = default;
};
/// A break that is explained: the next close takes it out of the ledger.
struct Explained {
    BankBreak gap;
    Account ledger = Account::income;
    auto operator<=>(const Explained&) const = default;
};

struct DealState {
    std::int64_t v = 1;
    Phase phase = Phase::revolving;
    bool started = false;                ///< the snapshot of closing is accepted
    Date closed_through;                 ///< the day before closing at first
    std::optional<Date> revolving_ended; ///< last revolving day, known when that day is closed
    std::optional<Date> defaulted;       ///< effective day of the event of default

    std::map<std::string, SourceState> sources;
    Book book;
    std::vector<TrancheState> tranches; ///< as Program::tranches
    std::vector<FeeState> fees;         ///< as Program::fees
    std::vector<FacilityState> facilities; ///< as Program::facilities
    Figures totals;                     ///< pool and `_to_date` figures; cash of the book

    Date accrued_from;  ///< unadjusted date of the last distribution, or closing
    Date calculated;    ///< its calculation date, or the day before closing
    Money income_taken; ///< income_to_date at `calculated`
    Money loans_to_date, covered_to_date;

    std::vector<TriggerState> triggers; ///< as Program::triggers
    std::map<Date, OpenDay> open;
    std::map<std::string, PendingPurchase> purchases; ///< by reference
    std::map<std::string, Money> payables;            ///< ordered, not left the bank; by reference
    std::map<std::string, PaymentOrder> orders;       ///< by reference, if the terms ask for them
    std::vector<BankBreak> breaks;                    ///< not explained; sorted
    std::vector<Explained> explained;                 ///< since the last close; sorted
    std::vector<Mark> marks;          ///< of calculation dates after `calculated`, ascending
    std::vector<Mark> periods;        ///< the last calculation dates, if the program asks for them
    std::vector<BaseMark> base_marks; ///< of unadjusted dates after `accrued_from`, ascending
    std::vector<Payout> payouts;      ///< not booked yet, or booked after `calculated`
    std::optional<NoticeOwed> notice_owed;
    std::vector<NoticeGiven> notices;
    std::vector<Demand> demands;
    Date support_judged; ///< the payment date judged last, or closing; only if the terms receive support
    std::vector<Fired> fired;
    std::int64_t live_count = 0; ///< receivables in pool_balance
    std::string live_root;       ///< hex; RFC 6962 over them (pool.hpp); empty at first
    std::optional<NetPool> net_pool; ///< if the program asks for it

    bool operator==(const DealState&) const = default;
};

/// Where a deal stands before its first record.
DealState opening_state(const Program& program);

Json to_json(const DealState& state, const Program& program);
[[nodiscard]] Checked<DealState> state_from_json(const Json& json, const Program& program);

/// Index by id; -1 if there is none.
int tranche_index(const Program& program, std::string_view id);
int fee_index(const Program& program, std::string_view id);
int reserve_index(const Program& program, std::string_view id);
int facility_index(const Program& program, std::string_view id);

/// Payment dates as they stand now: quarterly ones to the end of the revolving period, then
/// monthly. Once the deal has ended, only those that a distribution was named after.
std::vector<PaymentDate> payment_dates(const Program& program, const DealState& state);
/// The first payment date that no accepted distribution is named after; none once the deal has ended.
std::optional<PaymentDate> next_payment(const Program& program, const DealState& state);

/// Values at the end of `closed_through`. Payouts not booked yet have no effect.
Money measure(const Program& program, const DealState& state, Measure what, std::string_view name);
/// Targets of reserves are those of `day`.
Money measure(const Program& program,
              const DealState& state,
              Measure what,
              std::string_view name,
              Date day);
Money evaluate(const Program& program, const DealState& state, const Expr& expr);
/// Amount, rate and test of a formula; tables, dates and triggers are those of `day`.
/// A sum or difference of rates stays within 100% of zero.
Money evaluate(const Program& program, const DealState& state, const Expr& expr, Date day);
Rate evaluate_rate(const Program& program, const DealState& state, const Expr& expr, Date day);
bool holds(const Program& program, const DealState& state, const Expr& test, Date day);
/// The target of a reserve: not below zero, not above amount_limit.
Money required(const Program& program, const DealState& state, std::size_t reserve, Date day);
/// What a facility could lend on `day`: its limit less what is drawn, or less all ever lent when it
/// does not replenish; not below zero.
Money undrawn(const Program& program, const DealState& state, std::size_t facility, Date day);
bool holds(const Program& program, const DealState& state, const Condition& condition);
/// The test of a trigger at the end of closed_through.
bool holds(const Program& program, const DealState& state, const Trigger& trigger);

/// True when `day` is the calculation date of a payment date, as those stand now: the last day of a
/// collection period.
bool ends_period(const Program& program, const DealState& state, Date day);
/// How many periods back the program looks; 0: it does not.
int periods_kept(const Program& program);
/// Of a measure at, or what it grew by in the periods to, the last calculation dates, rounded once.
/// Before the first: what the measure is now, or nothing.
Money average_of(const Program& program, const DealState& state, const Expr& average);
/// The measure as a figure of a day, if a figure of it is kept.
std::optional<Money> figure_of(const Figures& figures, Measure what);

/// One line of a table: the state at the end of a day.
struct DayView {
    Date date;
    Phase phase = Phase::revolving;
    Figures figures;
    Money bank, payable;
    std::vector<TrancheState> tranches;
    std::vector<Money> reserves;
    struct TriggerView {
        std::string id;
        Money value, threshold;
        int count = 0;
        std::optional<Date> effective;
    };
    std::vector<TriggerView> triggers;
};
DayView day_view(const Program& program, const DealState& state);

} // namespace tranchain
