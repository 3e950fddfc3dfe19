// Where a deal starts, and the payment dates that lie before it.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/state.hpp"

#include <algorithm>
#include <iterator>

#include "waterfall/exact/net_pool.hpp"
#include "waterfall/exact/support.hpp"

namespace tranchain {

namespace {

template <class T>
int index_in(const std::vector<T>& items, std::string_view id)
{
    const auto at = std::find_if(items.begin(), items.end(),
                                 [&](const T& item) { return item.id == id; });
    return at == items.end() ? -1 : static_cast<int>(std::distance(items.begin(), at));
}

} // namespace

DealState opening_state(const Program& program)
{
    DealState s;
    s.closed_through = program.closing - 1;
    s.phase = program.revolving_until < program.closing ? Phase::amortization : Phase::revolving;
    if (s.phase == Phase::amortization) s.revolving_ended = program.closing - 1;
    for (const DaySource& source : program.sources) {
        s.sources[source.id].complete_through = program.closing - 1;
    }
    s.book = Book(program.reserves.size());
    for (const Tranche& t : program.tranches) {
        s.tranches.push_back({t.notional.empty() ? t.face : zero, zero});
    }
    s.facilities.resize(program.facilities.size());
    s.fees.resize(program.fees.size());
    for (FeeState& fee : s.fees) fee.year = program.closing;
    s.accrued_from = program.closing;
    s.calculated = program.closing - 1;
    if (receives_support(program)) s.support_judged = program.closing;
    s.triggers.resize(program.triggers.size());
    if (asks_net_pool(program)) s.net_pool = NetPool{};
    return s;
}

int tranche_index(const Program& program, std::string_view id)
{
    return index_in(program.tranches, id);
}

int fee_index(const Program& program, std::string_view id)
{
    return index_in(program.fees, id);
}

int reserve_index(const Program& program, std::string_view id)
{
    return index_in(program.reserves, id);
}

int facility_index(const Program& program, std::string_view id)
{
    return index_in(program.facilities, id);
}

namespace {

/// Hands the payment dates over, in order, until `use` gives true.
template <class Use>
void visit_payment_dates(const Program& program, const DealState& state, Use use)
{
    const auto counts = [&](const PaymentDate& d) {
        return d.calculation >= program.closing && d.unadjusted > program.closing &&
               (state.phase != Phase::ended || d.unadjusted <= state.accrued_from);
    };
    for (const PaymentDate& d : program.revolving_dates) {
        const bool before = !state.revolving_ended || d.unadjusted <= *state.revolving_ended;
        if (counts(d) && before && use(d)) return;
    }
    if (!state.revolving_ended) return;
    for (const PaymentDate& d : program.monthly_dates) {
        if (counts(d) && d.unadjusted > *state.revolving_ended && use(d)) return;
    }
}

} // namespace

std::vector<PaymentDate> payment_dates(const Program& program, const DealState& state)
{
    std::vector<PaymentDate> dates;
    visit_payment_dates(program, state, [&](const PaymentDate& d) {
        dates.push_back(d);
        return false;
    });
    return dates;
}

std::optional<PaymentDate> next_payment(const Program& program, const DealState& state)
{
    std::optional<PaymentDate> next;
    visit_payment_dates(program, state, [&](const PaymentDate& d) {
        if (d.unadjusted > state.accrued_from) next = d;
        return next.has_value();
    });
    return next;
}

DayView day_view(const Program& program, const DealState& state)
{
    DayView view;
    view.date = state.closed_through;
    view.phase = state.phase;
    view.figures = state.totals;
    view.bank = state.book.balance(Account::bank);
    view.payable = state.book.balance(Account::payable);
    view.tranches = state.tranches;
    for (std::size_t i = 0; i < program.reserves.size(); ++i) {
        view.reserves.push_back(state.book.balance(reserve_account(i)));
    }
    for (std::size_t i = 0; i < program.triggers.size(); ++i) {
        const TriggerState& t = state.triggers[i];
        DayView::TriggerView line;
        line.id = program.triggers[i].id;
        line.count = t.count;
        line.effective = t.effective;
        if (!t.run.empty()) {
            line.value = t.run.back().value;
            line.threshold = t.run.back().threshold;
        }
        view.triggers.push_back(std::move(line));
    }
    return view;
}

} // namespace tranchain
