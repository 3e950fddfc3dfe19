// Instruction: what an accepted distribution or purchase has paid, by whom, to whom and by when; and
// the custodian's answer.
//
// Computed is not paid. Where the terms ask for it, each payment is instructed (划款指令), executed or
// refused, and closed by the debits of the bank's statement that name its reference. Both records are
// computed from the order in the state, so nobody types an amount and the custodian recomputes what
// he executes. Terms ask by naming who authors `instruction` and `execution`.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/error.hpp"
#include "data/json.hpp"
#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

/// Finding id of a debit whose instruction is not executed so far: the answer may still come.
inline constexpr std::string_view not_executed = "not-executed";
inline constexpr std::size_t refusal_limit = 400; ///< bytes of the reason of a refusal

bool asks_instructions(const Program& program);

/// Lines in the order of the priority, those of one payee and item added up; what facilities pay
/// themselves is in none. Their sum is the distribution's total.
PaymentOrder distribution_order(const Program& program, const Distribution& distribution);
PaymentOrder purchase_order(const PendingPurchase& purchase);

/// A purchase that settles at a lower price, since receivables dropped out: its order follows, an
/// instruction not answered yet lapses, and at zero there is nothing left to pay.
void lower_order(DealState& state, const std::string& reference, Money price);

/// Nobody asks for its instruction, or the custodian has executed it.
bool may_be_paid(const DealState& state, const std::string& reference);
/// After a debit: the order is closed, or it says by how much it was paid short on `day`.
void close_order(DealState& state, const std::string& reference, Date day);

/// {reference, payer, currency, amount, capitals, latest, ledgers, lines, depository, after}; the last
/// two where they apply. tranchain-chain(5).
Json instruction_part(const Program& program,
                      const std::string& reference,
                      const PaymentOrder& order);

/// {instruction, reference, amount, result, reason}
struct ExecutionPart {
    std::string instruction; ///< its record's hash, hex
    std::string reference;
    Money amount;
    std::optional<std::string> refusal; ///< why; none: executed
};
Json execution_part(const ExecutionPart& execution);
[[nodiscard]] Checked<ExecutionPart> parse_execution(const Json& part);

/// An amount per unit in yuan, cut to the decimals of the deal (at least two); `amount` >= 0.
std::string amount_per_unit(const Program& program, Money amount, std::int64_t units);

/// What a line pays out of the bank, such as `interest`; empty for moves between ledgers.
std::string_view paid_item(Step::Kind kind);

/// Why nothing may be distributed: what the bank paid is not what the books say. None: they agree, or
/// will once the next days are closed: what statements of open days pay counts, and so does what is
/// explained. A day that waits for the distribution could be closed by nothing else.
std::optional<std::string> unexplained(const DealState& state);

} // namespace tranchain
