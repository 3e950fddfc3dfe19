// day_close: what rows say about each day, in sums.
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "waterfall/exact/facts.hpp"

namespace tranchain {

namespace {

Json to_json(const DaySheet& s)
{
    Json::Array bought;
    for (const auto& b : s.bought) {
        bought.push_back(Json::object({{"reference", b.reference},
                                       {"count", b.count},
                                       {"face", b.face},
                                       {"price", b.price}}));
    }
    Json out = Json::object({{"date", s.date},
                         {"to_principal", s.to_principal},
                         {"to_income", s.to_income},
                         {"recovered", s.recovered},
                         {"paid", s.paid},
                         {"diluted", s.diluted},
                         {"loss", s.loss},
                         {"defaults", s.defaults},
                         {"defaulted_face", s.defaulted_face},
                         {"defaulted_cost", s.defaulted_cost},
                         {"bought", std::move(bought)},
                         {"live_count", s.live_count}});
    if (s.repurchased > zero) out["repurchased"] = s.repurchased;
    if (s.net_pool) {
        out["eligible"] = s.net_pool->eligible;
        out["excess_concentration"] = s.net_pool->excess;
    }
    return out;
}

DaySheet parse_sheet(const Json& json, Errors& errors)
{
    Fields f(json, "day_close.days");
    DaySheet s;
    s.date = f.date("date");
    const auto amount = [&](std::string_view key) {
        const Money m = f.money(key);
        if (m < zero) f.add(key, "is below zero");
        return m;
    };
    const auto number = [&](std::string_view key) {
        const std::int64_t n = f.integer(key);
        if (n < 0) f.add(key, "is below zero");
        return n;
    };
    s.to_principal = amount("to_principal");
    s.to_income = amount("to_income");
    s.recovered = amount("recovered");
    s.paid = amount("paid");
    s.diluted = amount("diluted");
    s.loss = amount("loss");
    s.defaults = number("defaults");
    s.defaulted_face = amount("defaulted_face");
    s.defaulted_cost = amount("defaulted_cost");
    for (const Json& one : f.array("bought")) {
        Fields b(one, "day_close.days.bought");
        DaySheet::Bought bought{b.text("reference"), b.integer("count"), b.money("face"),
                                b.money("price")};
        if (bought.count < 0 || bought.face < zero || bought.price < zero) {
            b.add("count", "is below zero");
        }
        s.bought.push_back(std::move(bought));
        for (Error& e : b.finish()) errors.push_back(std::move(e));
    }
    s.live_count = number("live_count");
    if (f.has("repurchased")) {
        s.repurchased = f.money("repurchased");
        if (s.repurchased <= zero) f.add("repurchased", "is not above zero");
    }
    if (f.has("eligible") || f.has("excess_concentration")) {
        s.net_pool = NetPool{amount("eligible"), amount("excess_concentration")};
    }
    for (Error& e : f.finish()) errors.push_back(std::move(e));
    return s;
}

} // namespace

Record build_close(const ClosePart& close)
{
    Json::Array days;
    for (const DaySheet& s : close.days) days.push_back(to_json(s));
    Record r;
    r.type = record_type::day_close;
    r.business_date = close.through;
    r.public_part = Json::object(
        {{"through", close.through},
         {"days", std::move(days)},
         {"live", Json::object({{"count", close.live_count}, {"root", close.live_root}})}});
    return r;
}

Checked<ClosePart> parse_close(const Json& part)
{
    Fields f(part, "day_close");
    ClosePart close;
    close.through = f.date("through");
    Errors inner;
    for (const Json& day : f.array("days")) close.days.push_back(parse_sheet(day, inner));
    Fields live(f.object("live"), "day_close.live");
    close.live_count = live.integer("count");
    close.live_root = live.hash("root");
    Errors e = f.finish();
    for (Error& problem : live.finish()) e.push_back(std::move(problem));
    e.insert(e.end(), inner.begin(), inner.end());
    if (!e.empty()) return tl::make_unexpected(std::move(e));
    return close;
}

} // namespace tranchain
