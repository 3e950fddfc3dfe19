// Sampling: strata and weights.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/sampling.hpp"

#include <algorithm>
#include <numeric>

namespace tranchain {

Sampling Sampling::stratified() { return {std::vector<std::int64_t>(strata, 1)}; }

Sampling Sampling::importance()
{
    return {{1, 1, 1, 1, 3, 3, 3, 3, 12, 12, 12, 12, 48, 48, 48, 48}};
}

std::string Sampling::name() const
{
    if (is_plain()) return "plain";
    return heaviest() > 1 ? "importance" : "stratified";
}

std::int64_t Sampling::weight(std::int64_t path) const
{
    return is_plain() ? 1 : weights[static_cast<std::size_t>(path % strata)];
}

std::int64_t Sampling::total() const
{
    return is_plain() ? 1 : std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
}

double Sampling::heaviest() const
{
    if (is_plain()) return 1;
    const std::int64_t most = *std::max_element(weights.begin(), weights.end());
    return static_cast<double>(most * strata) / static_cast<double>(total());
}

std::uint32_t Sampling::market(std::int64_t path, std::uint32_t word) const
{
    if (is_plain()) return word;
    const std::int64_t unit = values / total();
    const auto mine = weights.begin() + path % strata;
    const std::int64_t first = unit * std::accumulate(weights.begin(), mine, std::int64_t{0});
    const std::int64_t value = first + ((std::int64_t{word} * unit * *mine) >> 32);
    return static_cast<std::uint32_t>(value << 20);
}

Json strata_json(const Sampling& sampling)
{
    Json::Array out;
    for (const std::int64_t w : sampling.weights) out.emplace_back(w);
    return out;
}

Sampling read_strata(Fields& f, std::int64_t paths)
{
    if (!f.has("strata")) return Sampling::plain();
    const Json::Array& stored = f.array("strata");
    for (const Sampling& known : {Sampling::stratified(), Sampling::importance()}) {
        if (strata_json(known) != Json(stored)) continue;
        if (!known.fits(paths)) f.add("paths", "are not whole chunks, two or more");
        return known;
    }
    f.add("strata", "are not the weights of stratified or importance sampling");
    return Sampling::stratified();
}

} // namespace tranchain
