// Mapping: how to read a servicer's own ledger export, told by a TOML file (tranchain-pool(5)).
//
// A ledger has one line per invoice with its settlement, if any. Its invoices become receivables of
// a tape as of a day, its settlements collections. Nothing about one servicer's export is in code.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/money.hpp"
#include "data/tape.hpp"
#include "data/toml.hpp"

namespace tranchain {

/// A way to write dates: `YYYY`, `MM` or `M`, `DD` or `D`, each once, and anything between them.
/// A single letter means one or two digits, a pair exactly two.
class DateFormat {
public:
    [[nodiscard]] static Result<DateFormat> parse(std::string_view text);
    [[nodiscard]] Result<Date> read(std::string_view text) const;
    [[nodiscard]] const std::string& str() const { return text_; }

private:
    std::string text_ = "YYYY-MM-DD";
};

/// A mapping file that was read and makes sense by itself.
struct Mapping {
    std::string file;
    DateFormat dates;
    char decimal_mark = '.';
    char thousands_mark = ',';
    std::map<std::string, Located, std::less<>> columns;       ///< our name, the ledger's column
    std::map<std::string, std::string, std::less<>> constants; ///< tape column, canonical text
    /// Of a file of payments, credits and write-offs: our name, its column; and our word for what a
    /// line is, the file's. What is not here has our name there, too.
    std::map<std::string, Located, std::less<>> events, kinds;
};
/// How a ledger is read that has our names in its own header: dates as YYYY-MM-DD, currency CNY
/// unless it has a column for it. Of other columns only those of the obligor's group, rating, industry
/// and region are read: what nobody needs cannot be wrong. What is required and not there is found
/// missing by the reader.
Mapping plain_mapping(const std::vector<std::string>& header);
[[nodiscard]] Checked<Mapping> parse_mapping(std::string_view text, std::string file_name);
[[nodiscard]] Checked<Mapping> read_mapping(const std::string& path);
/// The table [file] of any mapping: date_format, decimal_mark, thousands_mark.
void read_mapping_file(TomlTable table, Mapping& mapping);

/// One line of a ledger.
struct Invoice {
    std::string id;
    std::string obligor;
    Date invoice_date;
    Date due_date;
    std::optional<Date> settled_date; ///< none: not settled when the ledger was made
    Money amount;
    int line = 0;
    std::vector<std::pair<std::string, std::string>> more; ///< other mapped tape columns
    int settled_column = 0; ///< where settled_date stands on the line, from 1; 0 without

    /// Outstanding at the end of `day`: invoice_date <= day < settled_date.
    [[nodiscard]] bool outstanding(Date day) const
    {
        return invoice_date <= day && (!settled_date || day < *settled_date);
    }
};

struct Ledger {
    std::string file;
    std::vector<Invoice> invoices; ///< in the order of the file
    std::vector<std::string> conversions;
};
/// Reports all problems: a mapped column the ledger lacks (with the closest it has), cells that do
/// not parse, an id met twice, a negative amount, due or settled before invoiced.
[[nodiscard]] Checked<Ledger>
parse_ledger(std::string_view bytes, std::string file_name, const Mapping& mapping);
[[nodiscard]] Checked<Ledger> read_ledger(const std::string& path, const Mapping& mapping);

/// The invoices outstanding at the end of `day`, as a tape of that day. Columns the ledger does not
/// have and the mapping gives no constant for stay empty; so check_receivable may find flaws.
Tape receivables_on(const Ledger& ledger, const Mapping& mapping, Date day);

/// Money that came in for one invoice.
struct Settlement {
    Date date;
    std::string asset_id;
    std::string obligor;
    Money amount;
    bool operator==(const Settlement&) const = default;
};
/// Settlements from `from` to `to` inclusive, by date, then in the order of the ledger.
std::vector<Settlement> settlements(const Ledger& ledger, Date from, Date to);

} // namespace tranchain
