// Asset adapters: what makes a contract into payments that the plan can own.
//
// A deal owns receivables, each one payment due on one day. An adapter turns a contract of its kind
// into such payments, principal and charge apart, so that ledgers, defaults, limits and roll-forward
// need no second description: payment k of contract C is the receivable `C.00k`, its face is
// principal plus charge, and its principal is the amount financed. What it brings in above its price
// is income.
//
// A new kind of asset is one file with its adapter, a word of AssetType, and a line in registry.cpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv.hpp"
#include "data/date.hpp"
#include "data/error.hpp"
#include "data/money.hpp"
#include "data/rate.hpp"
#include "data/tape.hpp"
#include "waterfall/generate.hpp"

namespace tranchain {

/// One payment that a contract promises; it is worth principal + charge.
struct Due {
    Date date;
    Money principal;
    Money charge; ///< interest or fee
    [[nodiscard]] Money face() const { return principal + charge; }
    bool operator==(const Due&) const = default;
};

/// One line of a contract list. Every getter reports what is wrong at the cell's place and returns
/// something harmless.
class ContractLine {
public:
    ContractLine(const CsvTable& table, CsvCells& cells, const CsvTable::Row& row)
        : table_(table), cells_(cells), row_(row)
    {
    }
    /// The list has the column and the cell is not empty.
    [[nodiscard]] bool has(std::string_view column) const;
    Money money(std::string_view column); ///< not below zero
    Rate rate(std::string_view column);   ///< 0% to 100%
    Date date(std::string_view column);
    std::int64_t count(std::string_view column, std::int64_t low, std::int64_t high);
    /// The index of one of `words`; the closest is named when it is another.
    std::size_t word(std::string_view column, std::span<const std::string_view> words);
    void fail(std::string_view column, std::string message, std::string hint = {});

private:
    [[nodiscard]] bool present(std::string_view column);
    const CsvTable& table_;
    CsvCells& cells_;
    const CsvTable::Row& row_;
};

class AssetAdapter {
public:
    virtual ~AssetAdapter() = default;
    [[nodiscard]] virtual AssetType type() const = 0;
    /// What the kind is, in a few words.
    [[nodiscard]] virtual std::string_view about() const = 0;
    /// Columns of a contract list that only this kind has.
    [[nodiscard]] virtual std::span<const std::string_view> columns() const = 0;
    /// A contract of several lines: one for each payment.
    [[nodiscard]] virtual bool many_lines() const { return false; }
    /// The payments of one contract by date, at most payments_max. Problems are reported through the
    /// lines; the result is then not used.
    [[nodiscard]] virtual std::vector<Due> schedule(std::span<ContractLine> lines) const = 0;
    /// How a receivable of this kind is paid by itself, before any assumption.
    [[nodiscard]] virtual Fate
    fate(std::uint64_t seed, const Receivable& receivable, Date owned) const = 0;
};

inline constexpr std::int64_t payments_max = 600;

/// All adapters, in the order of AssetType.
std::span<const AssetAdapter* const> adapters();
const AssetAdapter& adapter_of(AssetType type);

} // namespace tranchain
