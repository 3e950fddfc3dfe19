// Running the user's command for new notices.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/on_notice.hpp"

#include <fmt/core.h>

#include "chain/block.hpp"
#include "cmd/child.hpp"
#include "data/attempt.hpp"
#include "waterfall/exact/facts.hpp"

namespace tranchain {

void bind_on_notice(Setup& s, std::optional<std::string>& command)
{
    s.option("--on-notice", command, "COMMAND",
             "run for each notice that comes in, which it reads as JSON");
}

Result<> tell_notices(const std::optional<std::string>& command, Replica& replica, std::int64_t seen,
                      Output& out)
{
    if (!command) return {};
    int failed = 0;
    for (std::int64_t height = seen + 1; height <= replica.tip(); ++height) {
        TRANCHAIN_TRY(const auto block, replica.store().block(height));
        if (!block) return fail(Code::io, fmt::format("there is no block {}", height));
        TRANCHAIN_TRY(const auto records, one(parse_body(block->body)));
        for (const SignedRecord& r : records) {
            if (r.record.type != record_type::notice) continue;
            const std::string hash = hex(r.record.hash());
            const Json json = Json::object({{"schema", "tranchain.on-notice/1"},
                                            {"chain", replica.chain()},
                                            {"deal", r.record.deal},
                                            {"height", height},
                                            {"notice", hash},
                                            {"record", r.record.public_part}});
            out.say(fmt::format("block {}: notice {} of {}: running '{}'", height, hash.substr(0, 12),
                                r.record.deal, *command));
            TRANCHAIN_TRY(const ChildEnd end, run_child({"sh", "-c", *command},
                                                        json.canonical() + "\n", ChildOutput::pass));
            if (end.status == 0) continue;
            ++failed;
            out.say(fmt::format("the command ended with status {}", end.status));
        }
    }
    if (failed == 0) return {};
    return fail(Code::io, fmt::format("{} of the commands for new notices failed", failed), {},
                "the blocks are stored; 'tranchain notice list' has the notices");
}

} // namespace tranchain
