// Record files: what a custodian and a servicer hand in, as CSV (tranchain-pool(5)).
//
//   statement    account,statement,entry,date,amount,balance,reference,counterparty,obligor_code
//                the first row is the `opening` entry on the first day covered, the last one the
//                `closing` entry on the last; balances run from one to the other
//   collections  date,receipt,asset_id,kind,amount; first and last rows of kind `opening` and
//                `closing` say which days are covered, the last one the sum; the columns
//                `confidence` and `reason` of a proposal may be there and are not read
//   dilutions    asset_id,date,amount,reason; with `due` where something is extended
//   insolvency   date,obligor_group,obligor_code; one group and one day
// Snapshots and purchases are tapes (data/tape.hpp).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/error.hpp"
#include "data/record.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/state.hpp"
#include "waterfall/matching.hpp"

namespace tranchain {

struct StatementFile {
    std::string account;
    std::int64_t number = 0;
    Record::Covers covers;
    Money opening, closing;
    std::vector<StatementEntry> entries;
};
std::string statement_csv(const StatementFile& statement);
/// Errors: rows that do not parse, balances that do not run, entries outside the days covered.
[[nodiscard]] Checked<StatementFile> read_statement_file(const std::string& path);
[[nodiscard]] Checked<StatementFile> parse_statement_file(std::string_view bytes, std::string name);
/// A bank repeats what it was told, so a debit may say `purchase/SETTLE-DATE` or carry another
/// number: where the state has one order for that day, the entry takes its reference.
void match_references(StatementFile& statement, const DealState& state);

struct CollectionsFile {
    Record::Covers covers;
    std::vector<Allocation> allocations;
};
std::string collections_csv(const CollectionsFile& collections);
/// The same file with why each line was proposed.
std::string proposal_csv(Record::Covers covers, const std::vector<ProposedAllocation>& proposed);
[[nodiscard]] Checked<CollectionsFile> read_collections_file(const std::string& path);
[[nodiscard]] Checked<CollectionsFile> parse_collections_file(std::string_view bytes,
                                                              std::string name);

std::string dilutions_csv(const std::vector<Dilution>& dilutions);
[[nodiscard]] Checked<std::vector<Dilution>> read_dilutions_file(const std::string& path);

struct InsolvencyFile {
    Date date;
    std::string group;
    std::vector<std::string> obligors;
};
std::string insolvency_csv(const InsolvencyFile& insolvency);
[[nodiscard]] Checked<InsolvencyFile> read_insolvency_file(const std::string& path);

}  // namespace tranchain
