// agenda: what is due, from whom, and what is late, by the frozen timetable and the books of one deal.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/deal_now.hpp"
#include "cmd/notices.hpp"
#include "cmd/output.hpp"
#include "data/attempt.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/support.hpp"
#include "waterfall/exact/timetable.hpp"

namespace tranchain {

namespace {

struct AgendaOptions {
    std::optional<std::string> deal;
    std::int64_t days = 7;
};

constexpr std::int64_t agenda_days_max = 3'660;

struct Duty {
    Date due;
    std::string role, what;
    std::optional<Money> amount = {};
};

/// Sources that have not declared all days before today.
void add_sources(const DealNow& now, std::vector<Duty>& duties)
{
    for (const DaySource& source : now.program().sources) {
        const auto at = now.state().sources.find(source.id);
        if (at == now.state().sources.end()) continue;
        const Date next = at->second.complete_through + 1;
        if (next >= now.today()) continue;
        duties.push_back({next + source.latest_days, source.by,
                          fmt::format("{} '{}' for {} and later", source.type, source.id, next.str())});
    }
}

/// The last day that every source has declared, when the books stand before it.
void add_close(const DealNow& now, std::vector<Duty>& duties)
{
    std::optional<Date> through;
    for (const auto& [id, source] : now.state().sources)
        through = through ? std::min(*through, source.complete_through) : source.complete_through;
    if (!through || *through <= now.state().closed_through) return;
    duties.push_back({now.today(), "any member",
                      fmt::format("close of the days through {}", through->str())});
}

/// Whose duty a milestone is, and the payment itself.
const char* role_of(Milestone::Kind kind)
{
    switch (kind) {
    case Milestone::Kind::remittance:
    case Milestone::Kind::servicer_report: return "servicer";
    case Milestone::Kind::custodian_report:
    case Milestone::Kind::transfer: return "custodian";
    case Milestone::Kind::allocation:
    case Milestone::Kind::report:
    case Milestone::Kind::record: break;
    }
    return "plan_manager";
}

/// Payment dates without a distribution. What the papers of the timetable say is on no chain, so
/// they are due until the distribution is.
void add_payments(const DealNow& now, Date last, std::vector<Duty>& duties)
{
    const Program& program = now.program();
    for (const PaymentDate& payment : payment_dates(program, now.state())) {
        if (payment.unadjusted <= now.state().accrued_from || payment.calculation > last) continue;
        for (const Milestone& m : program.timetable)
            duties.push_back({milestone_day(program, m, payment), role_of(m.kind),
                              fmt::format("{} of {}", milestone_words(m.kind),
                                          payment.unadjusted.str())});
        duties.push_back({payment.adjusted, "plan_manager",
                          fmt::format("distribution of {}", payment.unadjusted.str())});
    }
}

/// Who may author a record of the deal, as the terms name him first.
std::string author_of(const DealNow& now, std::string_view type)
{
    const auto at = now.program().authors.find(std::string(type));
    return at == now.program().authors.end() || at->second.empty() ? "any member"
                                                                   : at->second.front();
}

/// Where the terms ask for instructions: who must do the next thing. False: the bank may pay.
bool add_order(const DealNow& now, const std::string& reference, std::vector<Duty>& duties)
{
    const auto at = now.state().orders.find(reference);
    if (at == now.state().orders.end()) return false;
    const PaymentOrder& order = at->second;
    using Status = PaymentOrder::Status;
    const auto duty = [&](std::string_view type, std::string what) {
        duties.push_back({order.due, author_of(now, type), std::move(what), order.amount()});
    };
    switch (order.status) {
    case Status::ordered:
        duty(record_type::instruction, "instruction of " + reference);
        return true;
    case Status::refused:
    case Status::lapsed:
        duty(record_type::instruction,
             fmt::format("instruction of {} again, the last one {}", reference,
                         order.status == Status::refused ? "was refused" : "lapsed"));
        return true;
    case Status::instructed:
        duty(record_type::execution, "execution of " + reference);
        return true;
    case Status::executed:
        break;
    }
    if (!order.missing) return false;
    duties.push_back({order.missing->date, "custodian",
                      fmt::format("rest of {}, paid short on {}", reference,
                                  order.missing->date.str()),
                      order.missing->amount});
    return true;
}

/// What was ordered and has not left the bank.
void add_payables(const DealNow& now, std::vector<Duty>& duties)
{
    const DealState& state = now.state();
    for (const Payout& p : state.payouts)
        if (!p.paid && p.total > zero && !add_order(now, distribution_reference(p.unadjusted), duties))
            duties.push_back({p.booked, "custodian",
                              fmt::format("payment of distribution/{}", p.unadjusted.str()), p.total});
    for (const auto& [reference, p] : state.purchases)
        if (!add_order(now, reference, duties))
            duties.push_back({p.settle, "custodian", "payment of " + reference, p.price});
    for (const auto& [reference, amount] : state.payables)
        if (!add_order(now, reference, duties))
            duties.push_back({state.closed_through, "custodian", "payment of " + reference, amount});
}

/// Debits of the bank that nothing orders: nothing is distributed before they are explained.
void add_breaks(const DealNow& now, std::vector<Duty>& duties)
{
    for (const BankBreak& b : now.state().breaks)
        duties.push_back({b.date, author_of(now, record_type::correction),
                          fmt::format("correction of '{}', which nothing orders", b.reference),
                          b.amount});
}

void add_support(const DealNow& now, std::vector<Duty>& duties)
{
    if (now.state().phase == Phase::ended) return;
    for (const Demand& d : now.state().demands)
        if (open_claim(d) > zero)
            duties.push_back({d.by, now.program().support ? now.program().support->by : "supporter",
                              fmt::format("{} of {}", d.covers, d.distribution.str()), open_claim(d)});
}

Result<> add_notices(const DealNow& now, std::vector<Duty>& duties)
{
    if (now.state().notice_owed)
        duties.push_back({now.today(), "any member", "notice of a trigger that took effect"});
    TRANCHAIN_TRY(const auto notices, notices_of(now));
    for (const Notice& notice : notices)
        for (const NoticeAddressee& a : notice.addressees)
            if (!a.acknowledged)
                duties.push_back({a.by, a.party,
                                  fmt::format("acknowledgement of notice {}", notice.hash.substr(0, 8))});
    return {};
}

Outcome run_agenda(const AgendaOptions& o, const Globals& globals, Output& out)
{
    if (o.days < 0 || o.days > agenda_days_max)
        return Error{Code::usage, fmt::format("--days is 0 to {}", agenda_days_max), {}, {}};
    const auto now = DealNow::open(globals, o.deal);
    if (!now) return now.error();
    const Date last = now->today() + static_cast<std::int32_t>(o.days);
    std::vector<Duty> duties;
    add_sources(*now, duties);
    add_close(*now, duties);
    add_payments(*now, last, duties);
    add_payables(*now, duties);
    add_breaks(*now, duties);
    add_support(*now, duties);
    TRANCHAIN_DO(add_notices(*now, duties));
    std::erase_if(duties, [&](const Duty& d) { return d.due > last; });
    std::stable_sort(duties.begin(), duties.end(),
                     [](const Duty& a, const Duty& b) { return a.due < b.due; });
    Answer answer("tranchain.agenda/1");
    answer.field("deal", "deal", now->id())
        .field("today", "today", now->today())
        .field("until", "until", last)
        .field("closed_through", "days closed through", now->state().closed_through);
    Table& t = answer.table("duties", {{"due"}, {"when"}, {"role"}, {"members"}, {"what"}, {"amount"}});
    for (const Duty& d : duties) {
        const char* when = d.due < now->today() ? "late" : d.due == now->today() ? "today" : "ahead";
        t.add({d.due, when, d.role, d.role == "any member" ? d.role : now->holders(d.role), d.what,
               d.amount ? Value(*d.amount) : Value()});
    }
    return out.write(answer);
}

} // namespace

void add_agenda(Tree& tree)
{
    tree.noun("agenda", "what is due in a deal, from whom, and what is late");
    tree.add<AgendaOptions>("agenda", "", "what is due in a deal, from whom, and what is late", run_agenda,
                            [](Setup& s, AgendaOptions& o) {
                                bind_deal_now(s, o.deal);
                                s.option("--days", o.days, "N", "how far ahead; a week if left out");
                            });
}

} // namespace tranchain
