// Orders of payments and breaks, to canonical JSON and back.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/state_orders.hpp"

#include <utility>

#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

Json order_line(const PaymentOrder::Line& l)
{
    return Json::object({{"payee", l.payee},
                         {"item", l.item},
                         {"income", l.income},
                         {"principal", l.principal},
                         {"reserves", l.reserves}});
}

Json order_holders(const PaymentOrder::Holders& h)
{
    return Json::object({{"tranche", h.tranche},
                         {"units", h.units},
                         {"interest", h.interest},
                         {"principal", h.principal},
                         {"residual", h.residual},
                         {"rounding_left", h.rounding_left}});
}

Json order_json(const std::string& reference, const PaymentOrder& o)
{
    Json json = Json::object({{"reference", reference},
                              {"due", o.due},
                              {"status", name_of(o.status)},
                              {"lines", json_list(o.lines, order_line)}});
    if (!o.holders.empty()) json["holders"] = json_list(o.holders, order_holders);
    if (o.transfer) json["transfer"] = *o.transfer;
    if (o.record) json["record"] = *o.record;
    if (!o.instruction.empty()) json["instruction"] = o.instruction;
    if (o.missing) {
        json["missing"] = Json::object({{"date", o.missing->date}, {"amount", o.missing->amount}});
    }
    return json;
}

Json break_json(const BankBreak& b)
{
    return Json::object({{"date", b.date}, {"reference", b.reference}, {"amount", b.amount}});
}

Json explained_json(const Explained& e)
{
    Json json = break_json(e.gap);
    json["ledger"] = name(e.ledger);
    return json;
}

} // namespace

void add_orders(const DealState& s, Json& json)
{
    Json::Array orders;
    for (const auto& [reference, order] : s.orders) orders.push_back(order_json(reference, order));
    if (!orders.empty()) json["orders"] = std::move(orders);
    if (!s.breaks.empty()) json["breaks"] = json_list(s.breaks, break_json);
    if (!s.explained.empty()) json["explained"] = json_list(s.explained, explained_json);
}

namespace {

void finish_into(Fields& f, Errors& errors)
{
    for (Error& e : f.finish()) errors.push_back(std::move(e));
}

template <class T, class Read>
std::vector<T> read_list(Fields& f, std::string_view key, Errors& errors, Read read)
{
    std::vector<T> result;
    for (const Json& item : f.array(key)) {
        Fields g(item, "state." + std::string(key));
        result.push_back(read(g));
        finish_into(g, errors);
    }
    return result;
}

PaymentOrder read_order(Fields& f, Errors& errors)
{
    PaymentOrder o;
    o.due = f.date("due");
    o.lines = read_list<PaymentOrder::Line>(f, "lines", errors, [](Fields& g) {
        return PaymentOrder::Line{g.text("payee"), g.text("item"), g.money("income"),
                                  g.money("principal"), g.money("reserves")};
    });
    if (o.lines.empty()) f.add("lines", "are none");
    if (f.has("holders")) {
        o.holders = read_list<PaymentOrder::Holders>(f, "holders", errors, [](Fields& g) {
            return PaymentOrder::Holders{g.text("tranche"),   g.integer_from("units", 1),
                                         g.money("interest"), g.money("principal"),
                                         g.money("residual"), g.money("rounding_left")};
        });
    }
    if (f.has("transfer")) o.transfer = f.date("transfer");
    if (f.has("record")) o.record = f.date("record");
    const auto status = from_name<PaymentOrder::Status>(f.text("status"));
    if (!status) f.add("status", "is not one of an order");
    o.status = status.value_or(PaymentOrder::Status::ordered);
    if (f.has("instruction")) o.instruction = f.hash("instruction");
    if (o.instruction.empty() != (o.status == PaymentOrder::Status::ordered)) {
        f.add("status", "does not fit the instruction");
    }
    if (f.has("missing")) {
        Fields g(f.object("missing"), "state.orders.missing");
        o.missing = PaymentOrder::Missing{g.date("date"), g.money("amount")};
        finish_into(g, errors);
    }
    return o;
}

BankBreak read_break(Fields& f)
{
    return {f.date("date"), f.text("reference"), f.money("amount")};
}

} // namespace

std::optional<Account> bearing_ledger(std::string_view word)
{
    for (const Account account : {Account::income, Account::principal, Account::unapplied}) {
        if (word == name(account)) return account;
    }
    return std::nullopt;
}

void read_orders(Fields& f, DealState& s, Errors& errors)
{
    if (f.has("orders")) {
        for (const Json& item : f.array("orders")) {
            Fields g(item, "state.orders");
            const std::string reference = g.text("reference");
            s.orders[reference] = read_order(g, errors);
            finish_into(g, errors);
        }
    }
    if (f.has("breaks")) s.breaks = read_list<BankBreak>(f, "breaks", errors, read_break);
    if (!f.has("explained")) return;
    s.explained = read_list<Explained>(f, "explained", errors, [](Fields& g) {
        const auto ledger = bearing_ledger(g.text("ledger"));
        if (!ledger) g.add("ledger", "is not income, principal or unapplied");
        return Explained{read_break(g), ledger.value_or(Account::income)};
    });
}

} // namespace tranchain
