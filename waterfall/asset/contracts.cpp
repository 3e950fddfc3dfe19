// Contract lists.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/asset/contracts.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/core.h>

#include "data/tape_schema.hpp"
#include "data/text.hpp"
#include "waterfall/exact/price.hpp"

namespace tranchain {

bool ContractLine::present(std::string_view column)
{
    if (has(column)) return true;
    if (table_.column(column) < 0)
        cells_.fail(row_, -1, fmt::format("column '{}' is missing for this kind of asset", column));
    else
        fail(column, fmt::format("'{}' is empty", column));
    return false;
}

bool ContractLine::has(std::string_view column) const
{
    const int at = table_.column(column);
    return at >= 0 && !row_.fields[static_cast<std::size_t>(at)].empty();
}

void ContractLine::fail(std::string_view column, std::string message, std::string hint)
{
    cells_.fail(row_, table_.column(column), std::move(message), std::move(hint));
}

Money ContractLine::money(std::string_view column)
{
    if (!present(column)) return zero;
    const Money amount = cells_.money(row_, table_.column(column));
    if (amount >= zero) return amount;
    fail(column, fmt::format("'{}' is below zero", amount.str()));
    return zero;
}

Rate ContractLine::rate(std::string_view column)
{
    if (!present(column)) return {};
    const std::string text = cells_.ascii(row_, table_.column(column));
    const auto rate = Rate::parse(text);
    if (rate && *rate >= Rate{} && *rate <= Rate::ppb(Rate::one)) return *rate;
    fail(column, fmt::format("'{}' is not a rate from 0% to 100%", text), "write 12.00%");
    return {};
}

Date ContractLine::date(std::string_view column)
{
    return present(column) ? cells_.date(row_, table_.column(column)) : Date{};
}

std::int64_t ContractLine::count(std::string_view column, std::int64_t low, std::int64_t high)
{
    if (!present(column)) return low;
    const std::int64_t n = cells_.integer(row_, table_.column(column));
    if (n >= low && n <= high) return n;
    fail(column, fmt::format("{} is not a number from {} to {}", n, low, high));
    return low;
}

std::size_t ContractLine::word(std::string_view column, std::span<const std::string_view> words)
{
    if (!present(column)) return 0;
    const std::string text = cells_.ascii(row_, table_.column(column));
    const auto found = std::find(words.begin(), words.end(), text);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    const std::vector<std::string> known(words.begin(), words.end());
    const auto near = closest(text, known);
    fail(column, fmt::format("'{}' is not a word of column '{}'", text, column),
         near ? fmt::format("did you mean '{}'?", *near) : "one of " + join(known, ", "));
    return 0;
}

namespace {

constexpr std::array<std::string_view, 16> common{
    "contract_no",   "asset_type",       "snapshot_date",   "contract_date", "seller_code",
    "obligor_code",  "obligor_name",     "obligor_group",   "obligor_rating", "obligor_industry",
    "obligor_region", "seller_name",     "currency",        "recourse",      "paid",
    "servicer_ref"};

class ContractReader {
public:
    explicit ContractReader(CsvTable table) : table_(std::move(table)), cells_(table_, errors_) {}

    Checked<std::vector<AssetContract>> read()
    {
        match_columns();
        if (!errors_.empty()) return tl::make_unexpected(std::move(errors_));
        for (std::size_t i = 0; i < table_.rows.size();) i = contract(i);
        if (errors_.empty() && out_.empty()) {
            errors_.push_back(
                {Code::invalid_input, "the list holds no contract", {table_.file, 1, 1, 0}, {}});
        }
        if (!errors_.empty()) return tl::make_unexpected(std::move(errors_));
        return std::move(out_);
    }

private:
    void match_columns()
    {
        std::vector<std::string> known(common.begin(), common.end());
        for (const AssetAdapter* a : adapters()) {
            known.insert(known.end(), a->columns().begin(), a->columns().end());
        }
        for (std::size_t i = 0; i < table_.header.size(); ++i) {
            const std::string& name = table_.header[i];
            if (std::find(known.begin(), known.end(), name) != known.end()) continue;
            const auto near = closest(name, known);
            errors_.push_back({Code::invalid_input, fmt::format("unknown column '{}'", name),
                               table_.at(static_cast<int>(i)),
                               near ? fmt::format("did you mean '{}'?", *near)
                                    : "tranchain-pool(5) lists the columns"});
        }
        for (std::size_t i = 0; i < required_contract_columns; ++i) {
            if (table_.column(common[i]) >= 0) continue;
            errors_.push_back({Code::invalid_input,
                               fmt::format("column '{}' is missing", common[i]),
                               {table_.file, 1, 0, 0},
                               {}});
        }
    }

    std::string text(const CsvTable::Row& row, std::string_view column, bool free)
    {
        const int at = table_.column(column);
        if (at < 0) return {};
        return free ? cells_.free_text(row, at) : cells_.text(row, at);
    }

    /// One contract from row i on; returns the row after it.
    std::size_t contract(std::size_t i)
    {
        const CsvTable::Row& row = table_.rows[i];
        const std::size_t known = errors_.size();
        ContractLine line(table_, cells_, row);
        const auto type = static_cast<AssetType>(line.word("asset_type", names_of<AssetType>()));
        if (errors_.size() > known) return i + 1; // of what kind its cells are is not known
        const AssetAdapter& adapter = adapter_of(type);
        AssetContract c;
        c.line = row.line;
        Receivable& r = c.terms;
        r.contract_no = text(row, "contract_no", false);
        r.asset_type = type;
        r.snapshot_date = line.date("snapshot_date");
        r.invoice_date = line.date("contract_date");
        r.seller_code = text(row, "seller_code", false);
        r.obligor_code = text(row, "obligor_code", false);
        r.obligor_name = text(row, "obligor_name", true);
        r.obligor_group = text(row, "obligor_group", true);
        if (r.obligor_group.empty()) r.obligor_group = r.obligor_code;
        r.obligor_rating = text(row, "obligor_rating", true);
        r.obligor_industry = text(row, "obligor_industry", true);
        r.obligor_region = text(row, "obligor_region", true);
        r.seller_name = text(row, "seller_name", true);
        r.servicer_ref = text(row, "servicer_ref", true);
        if (line.has("currency")) r.currency = text(row, "currency", false);
        if (line.has("recourse"))
            r.recourse = static_cast<Recourse>(line.word("recourse", names_of<Recourse>()));
        std::size_t end = i + 1;
        while (adapter.many_lines() && end < table_.rows.size() && same(table_.rows[end], row)) ++end;
        foreign(i, end, adapter);
        std::vector<ContractLine> lines;
        for (std::size_t k = i; k < end; ++k) lines.emplace_back(table_, cells_, table_.rows[k]);
        if (errors_.size() == known) c.schedule = adapter.schedule(lines);
        if (errors_.size() == known) judge(line, c);
        if (errors_.size() == known) out_.push_back(std::move(c));
        return end;
    }

    [[nodiscard]] bool same(const CsvTable::Row& a, const CsvTable::Row& b) const
    {
        const auto at = static_cast<std::size_t>(table_.column("contract_no"));
        return a.fields[at] == b.fields[at];
    }

    /// Cells that belong to another kind of asset.
    void foreign(std::size_t from, std::size_t end, const AssetAdapter& adapter)
    {
        const auto own = adapter.columns();
        for (const AssetAdapter* other : adapters()) {
            for (const std::string_view column : other->columns()) {
                if (std::find(own.begin(), own.end(), column) != own.end()) continue;
                for (std::size_t k = from; k < end; ++k) {
                    ContractLine line(table_, cells_, table_.rows[k]);
                    if (!line.has(column) || !told_.emplace(k, column).second) continue;
                    line.fail(column, fmt::format("'{}' says nothing of an asset of type '{}'",
                                                  column, name(adapter.type())),
                              "leave the cell empty");
                }
            }
        }
    }

    void judge(ContractLine& line, AssetContract& c)
    {
        const Receivable& r = c.terms;
        const auto [first, fresh] = numbers_.emplace(r.contract_no, c.line);
        if (!fresh) {
            line.fail("contract_no", fmt::format("contract '{}' appears a second time", r.contract_no),
                      fmt::format("it stands first on line {}", first->second));
        }
        if (r.contract_no.size() > 60) line.fail("contract_no", "is longer than 60 bytes");
        if (static_cast<std::int64_t>(c.schedule.size()) > payments_max) {
            line.fail("contract_no", fmt::format("more than {} payments", payments_max));
        }
        if (!out_.empty() && r.snapshot_date != out_.front().terms.snapshot_date) {
            line.fail("snapshot_date", fmt::format("{} differs from {} of the first contract",
                                                   r.snapshot_date.str(),
                                                   out_.front().terms.snapshot_date.str()));
        }
        if (!out_.empty() && r.currency != out_.front().terms.currency) {
            line.fail("currency", fmt::format("'{}' differs from '{}' of the first contract",
                                              r.currency, out_.front().terms.currency));
        }
        if (r.invoice_date > r.snapshot_date) {
            line.fail("contract_date", "the contract is younger than the list");
        }
        for (const Due& due : c.schedule) {
            if (due.date >= r.invoice_date) continue;
            line.fail("contract_date", fmt::format("a payment falls due on {}, before the contract",
                                                   due.date.str()));
            break;
        }
        const auto size = static_cast<std::int64_t>(c.schedule.size());
        if (line.has("paid")) {
            c.paid = line.count("paid", 0, size);
        } else {
            c.paid = std::count_if(c.schedule.begin(), c.schedule.end(), [&](const Due& due) {
                return due.date <= r.snapshot_date;
            });
        }
        for (const Flaw& flaw : flaws(c)) {
            line.fail(flaw.column, flaw.message, flaw.hint);
        }
    }

    /// What is wrong with the contract's payments as receivables: that of the first is enough.
    static std::vector<Flaw> flaws(const AssetContract& c)
    {
        const auto rows = receivables_of(c, nullptr, c.terms.snapshot_date);
        return rows.empty() ? std::vector<Flaw>() : check_receivable(rows.front());
    }

    CsvTable table_;
    Errors errors_;
    CsvCells cells_;
    std::vector<AssetContract> out_;
    std::map<std::string, int> numbers_;
    std::set<std::pair<std::size_t, std::string_view>> told_;
};

Checked<std::vector<AssetContract>> from_table(Checked<CsvTable> table)
{
    if (!table) return tl::make_unexpected(std::move(table.error()));
    return ContractReader(std::move(*table)).read();
}

} // namespace

std::span<const std::string_view> contract_columns()
{
    return common;
}

Checked<std::vector<AssetContract>> read_contracts(const std::string& path)
{
    return from_table(read_csv(path));
}

Checked<std::vector<AssetContract>> parse_contracts(std::string_view bytes, std::string name)
{
    return from_table(parse_csv(bytes, std::move(name)));
}

std::string payment_id(std::string_view contract, std::size_t k)
{
    return fmt::format("{}.{:03}", contract, k);
}

std::vector<Receivable> receivables_of(const AssetContract& c, const Purchase* terms, Date settle)
{
    std::vector<Receivable> out;
    for (std::size_t k = static_cast<std::size_t>(c.paid); k < c.schedule.size(); ++k) {
        const Due& due = c.schedule[k];
        if (due.face() == zero) continue;
        Receivable r = c.terms;
        r.asset_id = payment_id(c.terms.contract_no, k + 1);
        r.trade_contract_no = r.registry_no = r.contract_no;
        r.invoice_amount = r.original_balance = r.current_balance = due.face();
        r.financed_amount = due.principal;
        r.due_date = due.date;
        r.purchase_date = settle;
        r.purchase_price = terms == nullptr
                               ? due.principal
                               : price_of(*terms, due.face(), due.principal, settle, due.date);
        r.confirmation = Confirmation::electronic;
        r.days_past_due = std::max(0, r.snapshot_date - r.due_date);
        r.status = r.days_past_due > 0 ? Status::delinquent : Status::performing;
        out.push_back(std::move(r));
    }
    return out;
}

Tape tape_of(std::vector<Receivable> receivables)
{
    Tape tape;
    const auto required = required_tape_columns();
    static constexpr std::array<std::string_view, 8> more{
        "seller_name",      "obligor_name",   "obligor_group", "obligor_rating",
        "obligor_industry", "obligor_region", "servicer_ref",  "asset_type"};
    for (const std::string_view column : tape_columns()) {
        if (std::find(required.begin(), required.end(), column) != required.end() ||
            std::find(more.begin(), more.end(), column) != more.end()) {
            tape.columns.emplace_back(column);
        }
    }
    tape.receivables = std::move(receivables);
    return tape;
}

} // namespace tranchain
