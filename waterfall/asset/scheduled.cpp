// Scheduled: payments written out one by one, a line each.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "waterfall/asset/adapter.hpp"

namespace tranchain {

namespace {

class Scheduled : public AssetAdapter {
public:
    [[nodiscard]] AssetType type() const override { return AssetType::scheduled; }
    [[nodiscard]] std::string_view about() const override
    {
        return "payments written out, one line for each: due_date, principal, charge";
    }
    [[nodiscard]] std::span<const std::string_view> columns() const override
    {
        static constexpr std::string_view names[]{"due_date", "principal", "charge"};
        return names;
    }
    [[nodiscard]] bool many_lines() const override { return true; }
    [[nodiscard]] std::vector<Due> schedule(std::span<ContractLine> lines) const override
    {
        std::vector<Due> out;
        for (ContractLine& line : lines) {
            const Due due{line.date("due_date"), line.money("principal"),
                          line.has("charge") ? line.money("charge") : zero};
            if (!out.empty() && due.date <= out.back().date) {
                line.fail("due_date", fmt::format("{} is not after {}, the payment before it",
                                                  due.date.str(), out.back().date.str()));
            }
            if (due.face() == zero) line.fail("principal", "nothing is paid that day");
            out.push_back(due);
        }
        return out;
    }
    [[nodiscard]] Fate fate(std::uint64_t, const Receivable& r, Date owned) const override
    {
        Fate fate;
        fate.payments.push_back({std::max(owned + 1, r.due_date), r.current_balance, false});
        return fate;
    }
};

} // namespace

const AssetAdapter& scheduled_adapter()
{
    static const Scheduled adapter;
    return adapter;
}

} // namespace tranchain
