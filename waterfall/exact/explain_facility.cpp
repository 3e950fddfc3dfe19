// Facilities in words.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "waterfall/exact/explain.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

std::string explain(const Facility& f, const Program& p, Language l)
{
    const std::string limit = explain(f.limit, p, l);
    const std::string_view days = name_of(f.day_count);
    if (l == Language::chinese) {
        return fmt::format("“{}”：由{}提供，额度为{}，{}；已提取部分年利率{}，未提取部分年承诺费率{}（{}）；"
                           "在支付日为指明的各项提取，不经过专项计划账户",
                           f.id, f.provider, limit,
                           f.replenishes ? "偿还后可再次提取" : "偿还后不得再次提取", f.rate.str(),
                           f.premium.str(), days);
    }
    return fmt::format("'{}' is lent by {} on payment dates for the lines that name it, up to {}; {}; "
                       "it bears {} a year on what is drawn and {} on what is not ({}); what it "
                       "lends does not pass through the bank account",
                       f.id, f.provider, limit,
                       f.replenishes ? "what is repaid can be drawn again"
                                     : "what is repaid cannot be drawn again",
                       f.rate.str(), f.premium.str(), days);
}

/// The order is that in which they are drawn.
std::string explain_supports(const Step& s, const Program& p, Language l)
{
    const bool en = l == Language::english;
    std::string out = en ? ", drawing what is lacking from " : "，不足部分由";
    bool of_facility = false;
    for (std::size_t i = 0; i < s.supports.size(); ++i) {
        const bool facility = facility_index(p, s.supports[i]) >= 0;
        if (i > 0) out += en ? ", " : "、";
        if (i == 0 || facility != of_facility) {
            out += facility ? (en ? "facility " : "流动性额度") : (en ? "reserve " : "储备金");
        }
        of_facility = facility;
        out += s.supports[i];
    }
    return out + (en ? "" : "补足");
}

} // namespace tranchain
