// Sample contracts.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/asset/sample.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/core.h>

#include "data/csv.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t hundred = 100'00; // fen

/// A principal in hundreds of yuan: bands with their weights in percent.
std::int64_t draw_hundreds(Sampler& s)
{
    struct Band {
        std::int64_t weight, low, high;
    };
    static constexpr std::array<Band, 4> bands{
        {{30, 6, 30}, {35, 31, 80}, {25, 81, 150}, {10, 151, 300}}};
    std::int64_t u = s.below(100);
    for (const Band& b : bands) {
        if (u < b.weight) return s.between(b.low, b.high);
        u -= b.weight;
    }
    return bands[0].low;
}

} // namespace

ContractSampler::ContractSampler(std::uint64_t seed)
    : sampler_(seed, "contracts"), seed_(seed), seller_(sample_credit_code(9001, sampler_))
{
}

std::string ContractSampler::list(Date as_of, Money principal)
{
    static const std::vector<std::string> columns{
        "contract_no", "asset_type", "snapshot_date", "contract_date", "seller_code",
        "obligor_code", "method",    "principal",     "rate",          "instalments",
        "first_due",    "recourse",  "servicer_ref"};
    static constexpr std::array<int, 3> counts{3, 6, 12};
    std::string text = csv_line(columns);
    for (std::int64_t left = principal.in_fen() / hundred; left > 0;) {
        const std::int64_t part = std::min(left, draw_hundreds(sampler_));
        left -= part;
        ++serial_;
        const Date made = as_of - static_cast<std::int32_t>(sampler_.between(1, 27));
        const bool flat = sampler_.chance(4, 5);
        const int count = counts[static_cast<std::size_t>(sampler_.below(3))];
        text += csv_line(std::vector<std::string>{
            fmt::format("BT-{:06}", serial_), "instalment", as_of.str(), made.str(), seller_,
            fmt::format("P-{:08}", serial_ * 7'654'321 % 100'000'000), flat ? "flat_fee" : "level",
            Money::fen(part * hundred).str(), flat ? "0.60%" : "14.40%", std::to_string(count),
            made.plus_months(1).str(), "full", fmt::format("sample-{}", seed_)});
    }
    return text;
}

} // namespace tranchain
