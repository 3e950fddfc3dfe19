// Reading what is special about a tranche, and groups of tranches.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "waterfall/exact/deal_reader.hpp"

namespace tranchain {

void DealReader::tranche_terms(TomlTable& table, Tranche& t)
{
    t.lockout = table.optional_date("lockout");
    if (table.has("notional")) notional_[t.id] = table.texts("notional");
    if (auto text = table.optional_text("capitalises")) capitalises_[t.id] = std::move(*text);
    resets(table, t);
    for (const char* key : {"notional", "capitalises"}) {
        if (!t.coupon && table.has(key)) table.fail(key, "a tranche without a coupon has no interest");
    }
    for (const char* key : {"lockout", "capitalises"}) {
        if (table.has("notional") && table.has(key)) {
            table.fail(key, "a tranche with a notional has no principal");
        }
    }
}

/// `26 Feb, Aug`: each such day from closing to the legal final date.
void DealReader::resets(TomlTable& table, Tranche& t)
{
    const auto text = table.optional_text("reset");
    if (!text) return;
    if (!t.coupon_rule) table.fail("reset", "a coupon that is no formula is never reset");
    const PayRule rule = take(parse_pay_rule(*text));
    for (int year = p().closing.year(); year <= p().legal_final.year(); ++year) {
        for (const unsigned month : rule.months) {
            const Date last = Date::of(year, month, 1).end_of_month();
            const Date day = std::min(last, Date::of(year, month, 1) +
                                                (static_cast<std::int32_t>(rule.day) - 1));
            if (day >= p().closing && day <= p().legal_final) t.resets.push_back(day);
        }
    }
}

void DealReader::late_terms()
{
    for (Tranche& t : p().tranches) {
        if (const auto at = capitalises_.find(t.id); at != capitalises_.end()) {
            t.capitalises = take(parse_test(at->second, names_));
        }
        const auto at = notional_.find(t.id);
        if (at == notional_.end()) continue;
        for (const Located& of : at->second) {
            if (notional_.contains(of.text) || std::find(names_.tranches.begin(), names_.tranches.end(),
                                                         of.text) == names_.tranches.end()) {
                unknown(of, "a tranche with a principal", names_.tranches);
            } else {
                t.notional.push_back(of.text);
            }
        }
    }
}

void DealReader::group(TomlTable& table)
{
    const std::string name = id(table, "group", groups_);
    for (const auto* taken : {&names_.tranches, &names_.rate_tables, &names_.amount_tables}) {
        if (std::find(taken->begin(), taken->end(), name) != taken->end()) {
            table.fail("id", fmt::format("'{}' is the name of something else", name));
        }
    }
    std::vector<std::string> members;
    const auto listed = table.texts("of");
    if (listed.empty()) table.fail("of", fmt::format("group '{}' is empty", name));
    for (const Located& of : listed) {
        const auto& known = names_.tranches;
        if (std::find(known.begin(), known.end(), of.text) == known.end()) {
            unknown(of, "a tranche", known);
        } else if (std::find(members.begin(), members.end(), of.text) != members.end()) {
            table.fail("of", fmt::format("'{}' is named twice", of.text));
        } else {
            members.push_back(of.text);
        }
    }
    if (members.empty()) return;
    names_.groups[name] = std::move(members);
}

} // namespace tranchain
