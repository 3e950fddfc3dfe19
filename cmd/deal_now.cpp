// Deal now.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/deal_now.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/exact/business_day.hpp"

namespace tranchain {

Result<DealNow> DealNow::open(const Globals& globals, const std::optional<std::string>& deal)
{
    Globals keyless = globals;
    keyless.key.clear();
    DealNow now;
    TRANCHAIN_TRY(const std::int64_t time, time_now());
    now.today_ = globals.as_of.value_or(business_day(time));
    TRANCHAIN_TRY(now.desk_, open_desk(keyless, Open::read, NeedKey::no));
    std::vector<std::string> ids;
    for (const auto& [id, hash] : now.desk_->state().deals) ids.push_back(id);
    if (ids.empty()) return fail(Code::not_found, "no deal is on this chain yet");
    if (!deal && ids.size() > 1)
        return fail(Code::usage, fmt::format("the chain has {} deals", ids.size()), {},
                    "name one with --deal: " + join(ids, ", "));
    now.id_ = deal.value_or(ids.front());
    if (std::find(ids.begin(), ids.end(), now.id_) == ids.end()) {
        const auto near = closest(now.id_, ids);
        return fail(Code::not_found, fmt::format("the chain has no deal '{}'", now.id_), {},
                    near ? fmt::format("did you mean '{}'?", *near) : "it has " + join(ids, ", "));
    }
    TRANCHAIN_TRY(now.executor_, now.desk_->executor());
    TRANCHAIN_TRY(Session* const session, now.executor_->session(now.id_));
    now.judge_ = &judge_of(*session);
    return now;
}

std::string DealNow::holders(const std::string& role) const
{
    std::vector<std::string> names;
    for (const Member& m : replica().state().members.all())
        if (std::find(m.roles.begin(), m.roles.end(), role) != m.roles.end()) names.push_back(m.name);
    return names.empty() ? role : join(names, ", ");
}

} // namespace tranchain
