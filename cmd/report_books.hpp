// Report books: what the papers of a deal are made of, gathered while a copy is checked again block by
// block; so a paper holds nothing that the judge has not accepted.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chain/contract.hpp"
#include "data/date.hpp"
#include "data/json.hpp"
#include "data/money.hpp"
#include "data/record.hpp"
#include "waterfall/exact/correction.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/ledger.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

/// A day that is closed.
struct ReportDay {
    Date date;
    std::int64_t height = 0;                      ///< of the block that holds its close
    DaySheet sheet;
    Figures totals;                               ///< at its end
    Money outstanding;                            ///< principal of all tranches at its end
    Book book;                                    ///< at its end
    Journal journal;                              ///< of the day
    std::vector<std::optional<Reading>> readings; ///< as Program::triggers; none: not judged
    std::map<std::string, Money> payables;        ///< ordered, not left the bank at its end; by reference
    Money bank;                                   ///< what the bank holds at its end; below the book while a break is open
    [[nodiscard]] Money not_borne() const { return book.balance(Account::bank) - bank; }
};

struct ReportStatement {
    StatementPart part;
    Record::Covers covers;
};

/// A trigger that took effect.
struct ReportEffect {
    std::size_t trigger = 0; ///< of Program::triggers
    Date date;               ///< at whose end
};
/// A notice, and where it and its answers are sealed.
struct ReportNotice {
    std::string hash; ///< of the record, hex
    std::int64_t height = 0;
    Json part;
    std::vector<std::pair<std::string, std::int64_t>> answers; ///< member, block
};

/// An instruction of a payment, and the custodian's answer.
struct ReportPayment {
    std::string hash; ///< of the instruction's record, hex
    std::int64_t height = 0;
    Json part;
    std::int64_t answered = -1;         ///< block of the answer; -1: none
    std::optional<std::string> refusal; ///< why he refused
};
/// A break between ledgers and bank, and who bears it.
struct ReportCorrection {
    std::int64_t height = 0;
    CorrectionPart part;
};
/// A record of the deal, as its block holds it.
struct ReportRecord {
    std::int64_t height = 0;
    std::string type, author, hash; ///< hex
    std::optional<Date> date;       ///< its business date, or the last day it declares complete
    std::int64_t rows = 0;
    std::string root; ///< of its rows, hex
    bool corrects = false;
};
/// The live receivables as the close of a day states them.
struct ReportLive {
    Date date;
    std::int64_t height = 0, count = 0;
    std::string root;
};

struct ReportDeal {
    Program program;
    std::string source_sha256;         ///< of the deal file, hex
    Book opening;                      ///< after the pool of closing was bought
    Money opening_pool;                ///< unpaid face then
    std::vector<ReportDay> days;       ///< from closing, without gaps
    std::vector<Json> distributions;   ///< public parts
    std::vector<std::vector<FeeState>> fees_after; ///< each of them; as Program::fees
    std::vector<ReportStatement> statements;
    std::vector<ReportEffect> effects; ///< in the order of their days
    std::vector<ReportNotice> notices;
    std::vector<ReportPayment> payments; ///< in the order of their instructions
    std::vector<ReportCorrection> corrections;
    std::vector<ReportRecord> records; ///< in the order of the chain
    std::vector<ReportLive> live;      ///< one for every close
    std::vector<std::pair<Date, std::string>> insolvent; ///< groups of obligors
    Phase phase = Phase::revolving;    ///< at the end of the last closed day

    /// Closed days `from` to `to`, both inclusive.
    [[nodiscard]] std::vector<const ReportDay*> between(Date from, Date to) const;
    /// The day before `date`; null where that is before closing.
    [[nodiscard]] const ReportDay* before(Date date) const;
    /// The day whose close booked the last debit of a distribution that the bank paid in full by the end
    /// of `through`; of one that pays nothing, its day.
    [[nodiscard]] std::optional<Date> left_bank(const Json& distribution, Date through) const;
    /// The block that closed `date`; -1 where it is not closed.
    [[nodiscard]] std::int64_t closed_in(Date date) const;
};

class ReportBooks {
public:
    /// Blocks above `last` are not looked at.
    explicit ReportBooks(std::int64_t last) : last_(last) {}

    /// After the judge of `session` accepted the record of block `height`.
    void follow(std::int64_t height, const Record& record, Session& session);
    [[nodiscard]] const std::map<std::string, ReportDeal>& deals() const { return deals_; }

private:
    void close(std::int64_t height, const Record& record, ReportDeal& deal);

    std::int64_t last_;
    std::map<std::string, ReportDeal> deals_;
    std::vector<std::pair<DealState, Journal>> closed_; ///< days the judge just closed
};

} // namespace tranchain
