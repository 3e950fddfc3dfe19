// Audit books: the second sums.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/audit_books.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "cmd/accepted.hpp"
#include "cmd/contract.hpp"
#include "waterfall/exact/correction.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

/// The accounts of this deal: those every deal has, then its reserves.
std::vector<Account> accounts_of(const Book& book)
{
    std::vector<Account> out;
    for (std::size_t i = 0; i < book.size(); ++i) out.push_back(static_cast<Account>(i));
    return out;
}

}  // namespace

/// A book of our own, posted from the journal.
class AuditBalances {
public:
    void start(const Book& book)
    {
        own_.clear();
        for (const Account a : accounts_of(book)) own_.push_back(book.balance(a));
    }
    void post(const Posting& posting)
    {
        for (const auto& [account, amount] : posting.entries)
            own_.at(static_cast<std::size_t>(account)) += account == Account::bank ? amount : -amount;
    }
    [[nodiscard]] Money of(Account a) const { return own_.at(static_cast<std::size_t>(a)); }

private:
    std::vector<Money> own_ = std::vector<Money>(account_count);
};

struct AuditClock {
    std::optional<Date> last;
    int count = 0;
    bool fired = false;
};

struct AuditBooks::Deal {
    explicit Deal(AuditBooks& books_in, std::string id_in) : books(books_in), id(std::move(id_in)) {}

    void find(std::string_view what, std::string message)
    {
        books.findings_.push_back(make_finding(what, std::move(message), height, record));
    }

    void day(const Program& program, const DealState& state, const Journal& journal,
             const DaySheet& sheet);
    void accounts_add_up(const DealState& state, const Journal& journal);
    void bank_agrees(const DealState& state);
    void clause(const Program& program, const DealState& state, std::size_t i);
    void statement(const Record& r);
    void distribution(const Record& r);

    AuditBooks& books;
    std::string id;
    std::int64_t height = -1;   ///< where we are
    std::string record;
    std::vector<std::pair<DealState, Journal>> closed;   ///< days the judge just closed
    AuditBalances balances;
    Money pool;
    std::map<std::string, std::map<Date, Money>> statements;   ///< closing by account and last day
    std::vector<AuditClock> clocks;
};

AuditBooks::AuditBooks() = default;
AuditBooks::~AuditBooks() = default;

void AuditBooks::Deal::accounts_add_up(const DealState& state, const Journal& journal)
{
    for (const Posting& p : journal) {
        ++books.counts_.postings;
        Money sum;
        for (const auto& entry : p.entries) sum += entry.amount;
        if (sum != zero)
            find("audit-posting", fmt::format("{}: posting '{}' sums to {}", p.date.str(), p.why,
                                              sum.str()));
        balances.post(p);
    }
    Money claims;
    for (const Account a : accounts_of(state.book)) {
        ++books.counts_.balances;
        const Money stated = state.book.balance(a);
        if (a != Account::bank) claims += stated;
        if (stated != balances.of(a))
            find("audit-account",
                 fmt::format("{}: account {} is at {}, opening and postings give {}",
                             state.closed_through.str(), name(a), stated.str(),
                             balances.of(a).str()));
    }
    if (claims != state.book.balance(Account::bank))
        find("audit-account", fmt::format("{}: the bank is at {}, the claims on it at {}",
                                          state.closed_through.str(),
                                          state.book.balance(Account::bank).str(), claims.str()));
}

/// On days on which a statement of every account ends.
void AuditBooks::Deal::bank_agrees(const DealState& state)
{
    Money sum;
    for (const auto& [account, closings] : statements) {
        const auto at = closings.find(state.closed_through);
        if (at == closings.end()) return;
        sum += at->second;
    }
    if (statements.empty()) return;
    ++books.counts_.bank;
    if (sum != bank_holds(state))
        find("audit-bank", fmt::format("{}: the bank is at {}, the statements close at {}",
                                       state.closed_through.str(),
                                       bank_holds(state).str(), sum.str()));
}

/// The reading of the day and the count of breach days in a row, from the state and the condition.
void AuditBooks::Deal::clause(const Program& program, const DealState& state, std::size_t i)
{
    const Trigger& trigger = program.triggers[i];
    const TriggerState& t = state.triggers[i];
    AuditClock& clock = clocks[i];
    if (clock.fired && t.effective) return;
    clock.fired = false;
    const Date today = state.closed_through;
    const bool read = !t.run.empty() && t.run.back().date == today && !t.run.back().stale;
    const bool ledgers_moved = state.defaulted == today;   // the values are those before the merger
    if (read && !ledgers_moved) {
        ++books.counts_.readings;
        const Reading& r = t.run.back();
        const Money value = evaluate(program, state, trigger.when.left);
        const Money threshold = evaluate(program, state, trigger.when.right);
        const bool breach = holds(program, state, trigger);
        if (r.value != value || r.threshold != threshold || r.breach != breach)
            find("audit-clause", fmt::format("{}: '{}' is read as {} against {}, recomputed {} "
                                             "against {}", today.str(), trigger.id, r.value.str(),
                                             r.threshold.str(), value.str(), threshold.str()));
        if (trigger.clock == Trigger::Clock::consecutive_days) {
            const bool in_a_row = clock.last && *clock.last + 1 == today;
            clock.count = !breach ? 0 : (in_a_row ? clock.count : 0) + 1;
            if (clock.count != r.count)
                find("audit-clause", fmt::format("{}: '{}' counts {} days, recounted {}",
                                                 today.str(), trigger.id, r.count, clock.count));
        }
        clock.last = today;
    }
    if (!t.effective) return;
    clock.fired = true;
    if (trigger.clock == Trigger::Clock::consecutive_days && read && trigger.grace == 0 &&
        clock.count != trigger.days)
        find("audit-clause", fmt::format("{}: '{}' takes effect after {} days, not {}", today.str(),
                                         trigger.id, clock.count, trigger.days));
    books.triggers_.push_back({id, trigger.id, *t.effective, clock.count});
}

void AuditBooks::Deal::day(const Program& program, const DealState& state, const Journal& journal,
                           const DaySheet& sheet)
{
    ++books.counts_.days;
    accounts_add_up(state, journal);
    bank_agrees(state);
    pool -= sheet.paid + sheet.diluted + sheet.repurchased + sheet.defaulted_face;
    for (const auto& bought : sheet.bought) pool += bought.face;
    if (pool != state.totals.pool_balance)
        find("audit-pool", fmt::format("{}: the pool balance is {}, bought less paid, diluted, "
                                       "repurchased and defaulted gives {}", sheet.date.str(),
                                       state.totals.pool_balance.str(), pool.str()));
    clocks.resize(program.triggers.size());
    for (std::size_t i = 0; i < program.triggers.size(); ++i) clause(program, state, i);
}

void AuditBooks::Deal::statement(const Record& r)
{
    const auto part = parse_statement(r.public_part);
    if (!part || !r.covers) return;
    ++books.counts_.statements;
    Money closing = part->opening;
    for (const auto& d : part->days) {
        closing += d.credits;
        for (const Debit& debit : d.debits) closing -= debit.amount;
    }
    if (closing != part->closing)
        find("audit-statement", fmt::format("account {}, statement {} closes at {}, its days give "
                                            "{}", part->account, part->number,
                                            part->closing.str(), closing.str()));
    statements[part->account][r.covers->to] = part->closing;
}

/// Who got what must be what left the bank; and all of it is in the table of the answer.
void AuditBooks::Deal::distribution(const Record& r)
{
    AuditedDistribution d;
    d.deal = id;
    const Json& part = r.public_part;
    d.date = date_in(part, "date");
    d.paid_on = date_in(part, "paid_on");
    d.priority = text_in(part, "priority");
    d.lines = static_cast<std::int64_t>(list_in(part, "lines").size());
    d.total = money_in(part, "total");
    Money given;
    for (const Json& t : list_in(part, "tranches"))
        given += money_in(t, "interest_paid") + money_in(t, "principal_paid") + money_in(t, "residual_paid");
    for (const Json& f : list_in(part, "fees")) given += money_in(f, "paid") + money_in(f, "above_cap_paid");
    // What a facility lends goes to the payees and never was in the bank.
    for (const Json& f : list_in(part, "facilities"))
        given += money_in(f, "interest_paid") + money_in(f, "premium_paid") + money_in(f, "repaid") -
                 money_in(f, "drawn");
    if (given != d.total)
        find("audit-distribution", fmt::format("{} pays {}, its tranches and fees add up to {}",
                                               d.date.str(), d.total.str(), given.str()));
    books.counts_.lines += d.lines;
    books.distributions_.push_back(std::move(d));
}

void AuditBooks::follow(std::int64_t height, const Record& record, Session& session)
{
    if (record.deal.empty()) return;
    auto& entry = deals_[record.deal];
    Judge& judge = judge_of(session);
    if (!entry) {
        entry = std::make_unique<Deal>(*this, record.deal);
        ++counts_.deals;
        Deal* deal = entry.get();
        judge.on_day([deal](const DealState& state, const Journal& journal) {
            deal->closed.emplace_back(state, journal);
        });
    }
    Deal& deal = *entry;
    deal.height = height;
    deal.record = record.type + (record.author.empty() ? "" : " of " + record.author);
    if (record.type == record_type::snapshot) {
        deal.balances.start(judge.state().book);
        deal.pool = judge.state().totals.pool_balance;
    } else if (record.type == record_type::statement) {
        deal.statement(record);
    } else if (record.type == record_type::distribution) {
        deal.distribution(record);
    } else if (record.type == record_type::day_close) {
        const auto part = parse_close(record.public_part);
        for (std::size_t i = 0; part && i < part->days.size() && i < deal.closed.size(); ++i)
            deal.day(judge.program(), deal.closed[i].first, deal.closed[i].second, part->days[i]);
        deal.closed.clear();
    }
    // Between closes nothing is posted.
    for (const Account a : accounts_of(judge.state().book))
        if (judge.state().started && judge.state().book.balance(a) != deal.balances.of(a))
            deal.find("audit-account", fmt::format("account {} moved without a close", name(a)));
}

}  // namespace tranchain
