// Deal now.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/deal_now.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "chain/verify.hpp"
#include "cmd/as_of.hpp"
#include "cmd/choose.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/exact/business_day.hpp"

namespace tranchain {

void bind_deal_now(Setup& s, std::optional<std::string>& deal)
{
    s.option("--deal", deal, "ID", "which deal, if the chain has several");
    s.as_of(AsOf::block);
}

Result<DealNow> DealNow::open(const Globals& globals, const std::optional<std::string>& deal)
{
    Globals keyless = globals;
    keyless.key.clear();
    DealNow now;
    TRANCHAIN_TRY(const std::int64_t time, time_now());
    now.today_ = globals.as_of.value_or(business_day(time));
    TRANCHAIN_TRY(now.desk_, open_desk(keyless, Open::read, NeedKey::no));
    if (globals.as_of_height && *globals.as_of_height < now.desk_->tip()) {
        TRANCHAIN_DO(now.open_at(*globals.as_of_height, deal));
        return now;
    }
    if (globals.as_of_height && *globals.as_of_height > now.desk_->tip())
        TRANCHAIN_DO(height_as_of(source_of(now.desk_->store()), globals));
    std::vector<std::string> ids;
    for (const auto& [id, hash] : now.desk_->state().deals) ids.push_back(id);
    TRANCHAIN_DO(now.choose_deal_of(std::move(ids), deal));
    TRANCHAIN_TRY(now.executor_, now.desk_->executor());
    TRANCHAIN_TRY(Session* const session, now.executor_->session(now.id_));
    now.judge_ = &judge_of(*session);
    now.members_ = now.desk_->state().members;
    return now;
}

Result<> DealNow::choose_deal_of(std::vector<std::string> ids, const std::optional<std::string>& deal)
{
    TRANCHAIN_TRY(const std::size_t index, choose({"the chain", "deal", "--deal"}, ids, deal.value_or("")));
    id_ = ids[index];
    return {};
}

Result<> DealNow::open_at(std::int64_t height, const std::optional<std::string>& deal)
{
    TRANCHAIN_TRY(const auto places, replica().store().records());
    std::map<std::string, std::string> newest; // record of each deal then, by hash
    for (const RecordPlace& p : places)
        if (p.height <= height && !p.deal.empty()) newest[p.deal] = p.hash;
    std::vector<std::string> ids;
    for (const auto& [id, hash] : newest) ids.push_back(id);
    TRANCHAIN_DO(choose_deal_of(std::move(ids), deal));
    const DealContract contract(replica().store().has_rows_file());
    VerifyOptions options;
    options.on_record = [&](std::int64_t, const Record& record, Session& session) {
        if (record.deal == id_ && hex(record.hash()) == newest[id_])
            earlier_ = std::make_unique<Judge>(judge_of(session));
    };
    TRANCHAIN_TRY(const VerifyReport report,
                  verify_chain(cut_source(source_of(replica().store()), height), contract, options));
    if (!earlier_)
        return fail(Code::answer_no, "this copy does not hold", {replica().store().path()},
                    "see 'tranchain chain verify'");
    judge_ = earlier_.get();
    today_ = business_day(report.newest_time);
    TRANCHAIN_TRY(const ChainState then, replica().in_force(height + 1));
    members_ = then.members;
    return {};
}

std::string DealNow::holders(const std::string& role) const
{
    std::vector<std::string> names;
    for (const Member& m : members_.all())
        if (std::find(m.roles.begin(), m.roles.end(), role) != m.roles.end()) names.push_back(m.name);
    return names.empty() ? role : join(names, ", ");
}

} // namespace tranchain
