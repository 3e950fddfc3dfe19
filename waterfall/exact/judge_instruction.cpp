// Judging and making instructions of payments, and the custodian's answers.
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <fmt/core.h>

#include "waterfall/exact/correction.hpp"
#include "waterfall/exact/instruction.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/judge_parts.hpp"

namespace tranchain {

namespace {

using OrderStatus = PaymentOrder::Status;

/// Why an order takes no instruction, or no answer; with the id of the finding.
Error answered(const std::string& reference, const PaymentOrder& order)
{
    const char* what = order.status == OrderStatus::executed  ? "is executed"
                       : order.status == OrderStatus::refused ? "is refused"
                       : order.status == OrderStatus::lapsed  ? "has lapsed, since less is to be paid"
                                                         : "waits for its execution";
    return {Code::answer_no, fmt::format("the instruction of '{}' {}", reference, what), {}, {},
            "already-answered"};
}

Verdict refuse_unasked()
{
    return refused("not-asked", "the terms ask for no instructions: [authors] of the deal names "
                                "nobody for them");
}

/// A payment nobody knows: its distribution or purchase may still come, or it is paid, or it is none.
Error unordered(const DealState& state, const std::string& reference)
{
    if (may_be_ordered(state, reference)) {
        return {Code::busy, fmt::format("the record that orders '{}'", reference), {}, {}, ""};
    }
    return refused("not-ordered", fmt::format("'{}' is no payment that is ordered and not yet paid",
                                              reference))
        .findings.front();
}

Verdict as_verdict(Error e)
{
    if (e.code == Code::busy) return not_yet(std::move(e.message));
    return refused(Errors{std::move(e)});
}

/// `reference` of a public part, as far as it is one.
std::string reference_in(const Json& part)
{
    const Json* named = part.is_object() ? part.find("reference") : nullptr;
    return named != nullptr && named->is_string() ? named->as_string() : std::string{};
}

Error first_of(Verdict verdict)
{
    return std::move(verdict.findings.front());
}

} // namespace

Result<Record> Judge::make_instruction(const std::string& reference) const
{
    if (!program_) return fail(Code::busy, "the terms of the deal");
    if (!asks_instructions(*program_)) return tl::make_unexpected(first_of(refuse_unasked()));
    const auto at = state_.orders.find(reference);
    if (at == state_.orders.end()) return tl::make_unexpected(unordered(state_, reference));
    if (at->second.status == OrderStatus::instructed || at->second.status == OrderStatus::executed) {
        return tl::make_unexpected(answered(reference, at->second));
    }
    Record r;
    r.type = record_type::instruction;
    r.business_date = at->second.due;
    r.public_part = instruction_part(*program_, reference, at->second);
    return r;
}

Verdict Judge::judge_instruction(const Record& record)
{
    if (!asks_instructions(*program_)) return refuse_unasked();
    const std::string reference = reference_in(record.public_part);
    auto expected = make_instruction(reference);
    if (!expected) return as_verdict(std::move(expected.error()));
    if (auto no = judge_as_computed(record, *expected->business_date, expected->public_part)) return *no;
    PaymentOrder& order = state_.orders.at(reference);
    order.instruction = hex(record.hash());
    order.status = OrderStatus::instructed;
    return accepted();
}

Result<Record> Judge::make_execution(const std::string& reference,
                                     const std::optional<std::string>& refusal) const
{
    if (!program_) return fail(Code::busy, "the terms of the deal");
    if (!asks_instructions(*program_)) return tl::make_unexpected(first_of(refuse_unasked()));
    const auto at = state_.orders.find(reference);
    if (at == state_.orders.end()) return tl::make_unexpected(unordered(state_, reference));
    const PaymentOrder& order = at->second;
    if (order.status == OrderStatus::ordered) {
        return fail(Code::busy, fmt::format("the instruction of '{}'", reference));
    }
    if (order.status != OrderStatus::instructed) {
        return tl::make_unexpected(answered(reference, order));
    }
    Record r;
    r.type = record_type::execution;
    r.business_date = order.due;
    r.public_part = execution_part({order.instruction, reference, order.amount(), refusal});
    return r;
}

Verdict Judge::judge_execution(const Record& record)
{
    auto part = parse_execution(record.public_part);
    if (!part) return refused(std::move(part.error()));
    auto expected = make_execution(part->reference, part->refusal);
    if (!expected) return as_verdict(std::move(expected.error()));
    if (auto no = judge_as_computed(record, *expected->business_date, expected->public_part)) return *no;
    PaymentOrder& order = state_.orders.at(part->reference);
    order.status = part->refusal ? OrderStatus::refused : OrderStatus::executed;
    return accepted();
}

} // namespace tranchain
