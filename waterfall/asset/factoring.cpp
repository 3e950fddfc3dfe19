// Factoring: one receivable, paid in one sum on its due date.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/asset/adapter.hpp"

namespace tranchain {

namespace {

class Factoring : public AssetAdapter {
public:
    [[nodiscard]] AssetType type() const override { return AssetType::factoring; }
    [[nodiscard]] std::string_view about() const override
    {
        return "an invoice, paid in one sum on due_date: the advance is its principal";
    }
    [[nodiscard]] std::span<const std::string_view> columns() const override
    {
        static constexpr std::string_view names[]{"due_date", "face", "advance"};
        return names;
    }
    [[nodiscard]] std::vector<Due> schedule(std::span<ContractLine> lines) const override
    {
        ContractLine& line = lines.front();
        const Money face = line.money("face");
        const Money advance = line.money("advance");
        if (advance > face) line.fail("advance", "the advance is above the face");
        if (face == zero) line.fail("face", "the face is zero");
        return {{line.date("due_date"), min(face, advance), face - min(face, advance)}};
    }
    [[nodiscard]] Fate fate(std::uint64_t seed, const Receivable& r, Date owned) const override
    {
        return fate_of(seed, r.asset_id, r.current_balance, r.due_date, owned);
    }
};

} // namespace

const AssetAdapter& factoring_adapter()
{
    static const Factoring adapter;
    return adapter;
}

} // namespace tranchain
