// As of.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/as_of.hpp"

#include <utility>

#include <fmt/core.h>

#include "chain/block.hpp"
#include "data/attempt.hpp"
#include "waterfall/exact/business_day.hpp"

namespace tranchain {

namespace {

Result<std::optional<Date>> day_of_block(const ChainSource& source, std::int64_t height)
{
    TRANCHAIN_TRY(const auto block, source.block(height));
    if (!block) return std::optional<Date>();
    const auto header = Header::parse(block->header);
    if (!header) return std::optional<Date>();
    return std::optional(business_day(header->time));
}

} // namespace

Result<std::optional<std::int64_t>> height_as_of(const ChainSource& source, const Globals& globals)
{
    if (!globals.as_of && !globals.as_of_height) return std::optional<std::int64_t>();
    TRANCHAIN_TRY(const auto heights, source.heights());
    if (heights.empty()) return fail(Code::not_found, "there is no final block yet");
    if (globals.as_of_height) {
        if (*globals.as_of_height > heights.back())
            return fail(Code::not_found, fmt::format("there is no block {}", *globals.as_of_height), {},
                        fmt::format("this copy ends at block {}", heights.back()));
        return globals.as_of_height;
    }
    for (auto at = heights.rbegin(); at != heights.rend(); ++at) {
        TRANCHAIN_TRY(const auto day, day_of_block(source, *at));
        if (day && *day <= *globals.as_of) return std::optional(*at);
    }
    TRANCHAIN_TRY(const auto first, day_of_block(source, heights.front()));
    return fail(Code::not_found, fmt::format("no block is dated {} or before", globals.as_of->str()), {},
                first ? "the first is of " + first->str() : std::string());
}

ChainSource cut_source(ChainSource source, std::int64_t last)
{
    const auto heights = source.heights;
    source.heights = [heights, last]() -> Result<std::vector<std::int64_t>> {
        TRANCHAIN_TRY(auto all, heights());
        std::erase_if(all, [last](std::int64_t h) { return h > last; });
        return all;
    };
    if (const auto index = source.index) {
        source.index = [index, last]() -> Result<std::vector<RecordPlace>> {
            TRANCHAIN_TRY(auto all, index());
            std::erase_if(all, [last](const RecordPlace& p) { return p.height > last; });
            return all;
        };
    }
    source.store = nullptr; // it is of the newest block
    return source;
}

} // namespace tranchain
