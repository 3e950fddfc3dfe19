// Notices: what the sealed notices of a deal say, and who has answered.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cmd/deal_now.hpp"
#include "data/json.hpp"

namespace tranchain {

struct NoticeAddressee {
    std::string party, action; ///< a role, and what it must do
    Date by;
    bool acknowledged = false;
};
struct Notice {
    std::string hash; ///< of the record, hex
    std::int64_t height = 0;
    Json part;        ///< public part of the record
    std::vector<NoticeAddressee> addressees;
};
/// In the order in which they were sealed.
[[nodiscard]] Result<std::vector<Notice>> notices_of(const DealNow& now);

} // namespace tranchain
