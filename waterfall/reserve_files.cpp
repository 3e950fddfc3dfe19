// Reserve, files: the terms of a programme as TOML, a seller's history as CSV.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "data/csv.hpp"
#include "data/rate.hpp"
#include "data/toml.hpp"
#include "waterfall/reserve.hpp"

namespace tranchain {

namespace {

constexpr Parts highest = 100'000'000'000; ///< a factor or a number of months up to 100

/// A number such as "2.5", at least `lowest`.
Parts decimal(TomlTable& table, std::string_view key, Parts lowest)
{
    if (!table.has(key)) {
        table.fail(key, fmt::format("'{}' is missing", key), "write it as a text, such as \"2.5\"");
        return 0;
    }
    const auto read = Rate::parse(table.text(key).text + "%");
    const Parts value = read ? read->in_ppb() * 100 : -1;
    if (value < lowest || value > highest) {
        table.fail(key, fmt::format("'{}' is a number from {} to 100", key, lowest / 1'000'000'000),
                   "write it as a text, such as \"2.5\"");
    }
    return value;
}

Parts percentage(TomlTable& table, std::string_view key)
{
    const Parts value = table.rate(key).in_ppb();
    if (value < 0 || value > 1'000'000'000) {
        table.fail(key, fmt::format("'{}' lies between 0% and 100%", key));
    }
    return value;
}

std::int64_t lag(TomlTable& table, std::string_view key)
{
    const std::int64_t months = table.integer(key);
    if (months < 0 || months > 24) table.fail(key, fmt::format("'{}' is 0 to 24 months", key));
    return months;
}

} // namespace

Checked<ReserveTerms> read_reserve_terms(const std::string& path)
{
    auto file = TomlFile::read(path);
    if (!file) return tl::make_unexpected(file.error());
    TomlTable root = file->root();
    ReserveTerms t;
    t.stress = decimal(root, "stress", 0);
    t.default_lag = lag(root, "default_lag");
    t.dilution_lag = lag(root, "dilution_lag");
    t.loss_horizon = decimal(root, "loss_horizon", 0);
    t.dilution_horizon = decimal(root, "dilution_horizon", 0);
    t.concentration = percentage(root, "concentration");
    t.rate = percentage(root, "rate");
    t.fees = percentage(root, "fees");
    t.servicing_fee = percentage(root, "servicing_fee");
    t.rate_factor = decimal(root, "rate_factor", 0);
    t.yield_factor = decimal(root, "yield_factor", 0);
    t.servicing_factor = decimal(root, "servicing_factor", 0);
    Errors errors = file->finish();
    if (!errors.empty()) return tl::make_unexpected(errors);
    return t;
}

Checked<std::vector<ReserveMonth>> read_reserve_history(const std::string& path)
{
    auto table = read_csv(path);
    if (!table) return tl::make_unexpected(table.error());
    Errors errors;
    int columns[4];
    constexpr const char* names[4] = {"month", "sales", "defaults", "dilution"};
    for (int i = 0; i < 4; ++i) {
        columns[i] = table->column(names[i]);
        if (columns[i] < 0) {
            errors.push_back({Code::invalid_input, fmt::format("column '{}' is missing", names[i]),
                              table->at(0), "the columns are month, sales, defaults, dilution"});
        }
    }
    if (!errors.empty()) return tl::make_unexpected(errors);
    CsvCells cells(*table, errors);
    std::vector<ReserveMonth> months;
    const std::size_t rows = table->rows.size();
    for (std::size_t i = 0; i < rows; ++i) {
        const CsvTable::Row& row = table->rows[i];
        ReserveMonth m;
        const auto first = Date::parse(cells.ascii(row, columns[0]) + "-01");
        if (!first) {
            cells.fail(row, columns[0], "not a month", "write it as 2019-06");
            continue;
        }
        m.first = *first;
        if (!months.empty() && m.first != months.back().first.end_of_month() + 1) {
            cells.fail(row, columns[0],
                       fmt::format("does not follow {}", months.back().first.str().substr(0, 7)));
        }
        const auto amount = [&](int column) {
            const Money value = cells.money(row, column);
            if (value < zero) cells.fail(row, column, "an amount is not negative");
            return value;
        };
        const auto later = [&](int column) -> std::optional<Money> {
            if (i + 12 < rows && row.fields[static_cast<std::size_t>(column)].empty())
                return std::nullopt;
            return amount(column);
        };
        m.sales = amount(columns[1]);
        m.defaults = later(columns[2]);
        m.dilution = later(columns[3]);
        months.push_back(m);
    }
    if (!errors.empty()) return tl::make_unexpected(errors);
    return months;
}

} // namespace tranchain
