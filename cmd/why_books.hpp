// Why books: what `audit why` asks of a copy, gathered while it is checked again: the records of each
// deal with their places, the days with their postings, and the state before each distribution.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chain/verify.hpp"
#include "cmd/report_books.hpp"
#include "data/record.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

struct WhyRecord {
    std::int64_t height = 0;
    Record record;
};
struct WhyDistribution {
    std::size_t record = 0; ///< of WhyDeal::records
    DealState before;       ///< from which it was computed
};
struct WhyDeal {
    std::vector<WhyRecord> records; ///< in the order of the chain
    std::vector<WhyDistribution> distributions;
    std::optional<DealState> last; ///< after the last record
};

class WhyBooks {
public:
    /// Blocks above `last` are not looked at.
    explicit WhyBooks(std::int64_t last) : last_(last), reports_(last) {}
    /// After the judge of `session` accepted the record of block `height`.
    void follow(std::int64_t height, const Record& record, Session& session);
    [[nodiscard]] const std::map<std::string, WhyDeal>& deals() const { return deals_; }
    [[nodiscard]] const ReportBooks& reports() const { return reports_; }

private:
    std::int64_t last_;
    ReportBooks reports_;
    std::map<std::string, WhyDeal> deals_;
};

/// Where a record stands, as people and `chain show` name it; remembers what it was asked for.
class RecordRefs {
public:
    RecordRefs(const WhyDeal& deal, ChainSource source) : deal_(deal), source_(std::move(source)) {}
    /// `3/4`: block 3, record 4 of it, from 1.
    [[nodiscard]] std::string operator()(std::size_t record);
    struct Used {
        std::int64_t height = 0, number = 0;
        std::size_t record = 0;
    };
    /// In the order of the chain.
    [[nodiscard]] std::vector<Used> used() const;

private:
    std::int64_t number_of(std::size_t record);

    const WhyDeal& deal_;
    ChainSource source_;
    std::map<std::int64_t, std::map<std::string, std::int64_t>> blocks_; ///< numbers by record hash
    std::map<std::size_t, std::int64_t> used_;
};

} // namespace tranchain
