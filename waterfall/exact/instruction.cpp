// Orders of payments, and what their instructions and executions say.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/instruction.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "data/capitals.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/timetable.hpp"

namespace tranchain {

Money PaymentOrder::amount() const
{
    Money sum;
    for (const Line& line : lines) sum += line.amount();
    return sum;
}

bool asks_instructions(const Program& program)
{
    return program.authors.contains(std::string(record_type::instruction));
}

std::string_view paid_item(Step::Kind kind)
{
    switch (kind) {
    case Step::Kind::pay_fees:
        return "fee";
    case Step::Kind::pay_fees_above_cap:
        return "fee above cap";
    case Step::Kind::pay_interest:
        return "interest";
    case Step::Kind::pay_principal:
        return "principal";
    case Step::Kind::pay_rest_to_tranche:
        return "residual";
    case Step::Kind::pay_facility_interest:
        return "facility interest";
    case Step::Kind::pay_facility_premium:
        return "facility premium";
    case Step::Kind::repay_facility:
        return "repayment";
    case Step::Kind::cover_losses:
    case Step::Kind::pay_rest_to_principal:
    case Step::Kind::cover_income_shortfall:
    case Step::Kind::buy_receivables:
    case Step::Kind::keep_rest:
    case Step::Kind::fund_reserve:
    case Step::Kind::release_reserve:
    case Step::Kind::judge_trigger:
        break;
    }
    return {};
}

namespace {

/// Paid through the depository.
bool is_holders(const PaymentOrder::Line& line)
{
    return line.item == "interest" || line.item == "principal" || line.item == "residual";
}

PaymentOrder::Line& line_of(PaymentOrder& order, const std::string& payee, std::string_view item)
{
    for (PaymentOrder::Line& line : order.lines) {
        if (line.payee == payee && line.item == item) return line;
    }
    return order.lines.emplace_back(
        PaymentOrder::Line{payee, std::string(item), zero, zero, zero});
}

std::optional<Date> day_of(const Program& program, Milestone::Kind kind, const PaymentDate& date)
{
    for (const Milestone& m : program.timetable) {
        if (m.kind == kind) return milestone_day(program, m, date);
    }
    return std::nullopt;
}

void add_holders(const Program& program, const Distribution& d, PaymentOrder& order)
{
    for (const TrancheLine& t : d.tranches) {
        if (t.interest_paid + t.principal_paid + t.residual_paid == zero) continue;
        order.holders.push_back({t.id, t.units, t.interest_paid, t.principal_paid,
                                 t.residual_paid, t.rounding_left});
    }
    if (order.holders.empty()) return;
    order.transfer = day_of(program, Milestone::Kind::transfer, d.date);
    order.record = day_of(program, Milestone::Kind::record, d.date);
}

} // namespace

PaymentOrder distribution_order(const Program& program, const Distribution& d)
{
    PaymentOrder order;
    order.due = d.booked;
    // One pot before a default: its principal pays first, as the payout says.
    const bool shared = d.merged && d.priority < Phase::defaulted;
    Money principal_left = shared ? max(zero, d.payout.principal_out) : zero;
    for (const Line& l : d.lines) {
        const std::string_view item = paid_item(l.kind);
        const Money own = l.paid - l.lent - l.drawn - l.borrowed;
        if (item.empty() || l.paid == l.borrowed) continue;
        PaymentOrder::Line& line = line_of(order, l.payee, item);
        line.principal += l.lent;
        line.reserves += l.drawn;
        if (l.book == "income") {
            line.income += own;
        } else if (!shared) {
            line.principal += own;
        } else {
            const Money part = min(own, principal_left);
            principal_left -= part;
            line.principal += part;
            line.income += own - part;
        }
    }
    add_holders(program, d, order);
    invariant(order.amount() == d.total);
    return order;
}

PaymentOrder purchase_order(const PendingPurchase& purchase)
{
    PaymentOrder order;
    order.due = purchase.settle;
    order.lines.push_back({"originator", "price", zero, purchase.price, zero});
    return order;
}

void lower_order(DealState& state, const std::string& reference, Money price)
{
    const auto at = state.orders.find(reference);
    if (at == state.orders.end() || at->second.amount() == price) return;
    if (price == zero) {
        state.orders.erase(at);
        return;
    }
    PaymentOrder& order = at->second;
    order.lines.front().principal = price;
    if (order.status == PaymentOrder::Status::instructed) {
        order.status = PaymentOrder::Status::lapsed;
    }
}

bool may_be_paid(const DealState& state, const std::string& reference)
{
    const auto at = state.orders.find(reference);
    return at == state.orders.end() || at->second.status == PaymentOrder::Status::executed;
}

void close_order(DealState& state, const std::string& reference, Date day)
{
    const auto at = state.orders.find(reference);
    if (at == state.orders.end()) return;
    const auto left = state.payables.find(reference);
    if (left == state.payables.end())
        state.orders.erase(at);
    else
        at->second.missing = PaymentOrder::Missing{day, left->second};
}

std::string amount_per_unit(const Program& program, Money amount, std::int64_t units)
{
    const int places = std::max(program.per_unit_places, 2);
    std::int64_t fine = 1; // parts of a fen
    for (int i = 2; i < places; ++i) fine *= 10;
    const std::int64_t whole = fine * 100;
    const Int128 parts = Int128{amount.in_fen()} * fine / units;
    return fmt::format("{}.{:0{}}", static_cast<std::int64_t>(parts / whole),
                       static_cast<std::int64_t>(parts % whole), places);
}

namespace {

Json line_part(const PaymentOrder::Line& line)
{
    Json json =
        Json::object({{"payee", line.payee}, {"item", line.item}, {"amount", line.amount()}});
    if (line.income != zero) json["income"] = line.income;
    if (line.principal != zero) json["principal"] = line.principal;
    if (line.reserves != zero) json["reserves"] = line.reserves;
    return json;
}

Json ledgers_part(const PaymentOrder& order)
{
    Money income, principal, reserves;
    for (const PaymentOrder::Line& line : order.lines) {
        income += line.income;
        principal += line.principal;
        reserves += line.reserves;
    }
    Json json = Json::object({{"income", income}, {"principal", principal}});
    if (reserves != zero) json["reserves"] = reserves;
    return json;
}

Json holders_part(const Program& program, const PaymentOrder::Holders& h)
{
    const auto each = [&](Money amount) { return amount_per_unit(program, amount, h.units); };
    Json json = Json::object({{"tranche", h.tranche},
                              {"units", h.units},
                              {"interest", h.interest},
                              {"interest_per_unit", each(h.interest)},
                              {"principal", h.principal},
                              {"principal_per_unit", each(h.principal)},
                              {"rounding_left", h.rounding_left}});
    if (h.residual != zero) {
        json["residual"] = h.residual;
        json["residual_per_unit"] = each(h.residual);
    }
    return json;
}

Json depository_part(const Program& program, const PaymentOrder& order)
{
    Money amount;
    for (const PaymentOrder::Line& line : order.lines) {
        if (is_holders(line)) amount += line.amount();
    }
    Json json = Json::object(
        {{"amount", amount},
         {"tranches", json_list(order.holders, [&](const PaymentOrder::Holders& h) {
              return holders_part(program, h);
          })}});
    if (order.transfer) {
        json["by"] = *order.transfer;
        json["time"] = "16:00";
    }
    if (order.record) json["record_date"] = *order.record;
    return json;
}

/// The account of the plan: the first whose statements the terms ask for.
std::string payer_of(const Program& program)
{
    for (const DaySource& source : program.sources) {
        if (source.type == record_type::statement) return source.id;
    }
    return {};
}

} // namespace

Json instruction_part(const Program& program,
                      const std::string& reference,
                      const PaymentOrder& order)
{
    Json part = Json::object({{"reference", reference},
                              {"payer", payer_of(program)},
                              {"currency", program.currency},
                              {"amount", order.amount()},
                              {"capitals", capitals(order.amount())},
                              {"latest", order.due},
                              {"ledgers", ledgers_part(order)},
                              {"lines", json_list(order.lines, line_part)}});
    if (!order.holders.empty()) part["depository"] = depository_part(program, order);
    if (!order.instruction.empty()) part["after"] = order.instruction;
    return part;
}

Json execution_part(const ExecutionPart& e)
{
    Json part = Json::object({{"instruction", e.instruction},
                              {"reference", e.reference},
                              {"amount", e.amount},
                              {"result", e.refusal ? "refused" : "executed"}});
    if (e.refusal) part["reason"] = *e.refusal;
    return part;
}

Checked<ExecutionPart> parse_execution(const Json& part)
{
    Fields f(part, "execution");
    ExecutionPart e;
    e.instruction = f.hash("instruction");
    e.reference = f.text("reference");
    e.amount = f.money("amount");
    const std::string result = f.text("result");
    if (result == "refused") {
        e.refusal = f.text("reason");
        if (e.refusal->empty() || e.refusal->size() > refusal_limit) {
            f.add("reason", fmt::format("is empty or longer than {} bytes", refusal_limit));
        }
    } else if (result != "executed") {
        f.add("result", "is neither 'executed' nor 'refused'");
    }
    if (Errors errors = f.finish(); !errors.empty()) return tl::make_unexpected(std::move(errors));
    return e;
}

std::optional<std::string> unexplained(const DealState& state)
{
    const auto stated = [&](const std::string& reference) {
        Money sum;
        for (const auto& [day, open] : state.open) {
            for (const Debit& d : open.debits) {
                if (d.reference == reference) sum += d.amount;
            }
        }
        return sum;
    };
    for (const auto& [reference, order] : state.orders) {
        if (!order.missing || stated(reference) >= order.missing->amount) continue;
        return fmt::format("the rest of '{}', which the bank paid {} short on {}", reference,
                           order.missing->amount.str(), order.missing->date.str());
    }
    for (const BankBreak& b : state.breaks) {
        return fmt::format("the correction of {}: the bank paid {} for '{}', which nothing orders",
                           b.date.str(), b.amount.str(), b.reference);
    }
    return std::nullopt;
}

} // namespace tranchain
