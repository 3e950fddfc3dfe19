// Pool ledger: the ledger of a seller, read and described.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/pool_ledger.hpp"

#include <fmt/core.h>

#include "cmd/inputs.hpp"
namespace tranchain {

void bind_ledger(Setup& s, LedgerOptions& files)
{
    s.positional("LEDGER", files.ledger, "invoices as CSV, one line each").file();
    s.option("--map", files.map, "FILE", "how to read the ledger, see tranchain-pool(5)").file();
    s.option("--events", files.events, "FILE", "payments, credits, write-offs as CSV").file();
    s.option("--default-days", files.default_days, "N", "more than N days past due is a default");
    s.as_of(AsOf::day);
}

Checked<SellerLedger> open_ledger(const LedgerOptions& files, const Globals& globals)
{
    if (files.default_days < 0 || files.default_days > 1000) {
        return tl::make_unexpected(
            Errors{{Code::usage, fmt::format("--default-days: {} is not 0 to 1000", files.default_days), {}, {}}});
    }
    if ((files.ledger == "-") + (files.map == "-") + (files.events == "-") > 1) {
        return tl::make_unexpected(Errors{{Code::usage, "standard input can be read once", {},
                                           "write ledger, mapping and events to files, all but one of them"}});
    }
    return read_seller_ledger({files.ledger, files.map, files.events, globals.as_of});
}

void describe_ledger(Answer& answer, const SellerLedger& ledger, const LedgerOptions& files)
{
    Money sum;
    for (const SellerInvoice& i : ledger.invoices) sum += i.amount;
    answer.field("ledger", "ledger", files.ledger);
    answer.field("first", "first invoice", ledger.first);
    answer.field("observed", "observed to", ledger.observed);
    answer.field("invoices", "invoices", static_cast<std::int64_t>(ledger.invoices.size()));
    answer.field("sales", "sum of them", sum);
    answer.field("default_days", "default after days", files.default_days);
    answer.field("later", "lines after that", ledger.later);
    answer.field("excess_count", "events too much", ledger.excess().count);
    answer.field("excess", "amount too much", ledger.excess().amount);
    answer.field("excess_paid", "of it paid", ledger.paid_above.amount);
    answer.field("excess_credited", "of it credited", ledger.credited_above.amount);
    answer.field("excess_written_off", "of it written off", ledger.written_off_above.amount);
    answer.field("settled_lost", "settled when lost", ledger.settled_lost);
    for (const std::string& line : left_out_lines(ledger)) answer.note("Left out: " + line + ".");
    for (const std::string& made : ledger.conversions) answer.note(ledger.file + ": " + made);
}

std::vector<std::string> left_out_lines(const SellerLedger& ledger)
{
    std::vector<std::string> out;
    const auto add = [&](const LedgerExcess& excess, const char* what, const char* effect) {
        if (excess.count == 0) return;
        out.push_back(fmt::format("{} {}{}, {} above what was unpaid{}", excess.count, what,
                                  excess.count == 1 ? "" : "s", excess.amount.str(), effect));
    };
    add(ledger.paid_above, "payment", "");
    add(ledger.credited_above, "credit", ": dilution is without it");
    add(ledger.written_off_above, "write-off", "");
    if (ledger.settled_lost > 0) {
        out.push_back(fmt::format("{} settled_date{} after all was written off: recoveries are without {}; a "
                                  "payment among the events says how much came back",
                                  ledger.settled_lost, ledger.settled_lost == 1 ? "" : "s",
                                  ledger.settled_lost == 1 ? "it" : "them"));
    }
    return out;
}

void add_ledger_inputs(Answer& answer, const SellerLedger& ledger)
{
    std::vector<InputDigest> digests;
    for (const LedgerInput& input : ledger.inputs) digests.push_back({input.file, input.sha256});
    add_digests(answer, digests);
}

} // namespace tranchain
