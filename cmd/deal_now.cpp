// Deal now.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/deal_now.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "cmd/choose.hpp"
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
    TRANCHAIN_TRY(const std::size_t index,
                  choose({"the chain", "deal", "--deal"}, ids, deal.value_or("")));
    now.id_ = ids[index];
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
