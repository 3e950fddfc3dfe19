// anchor instruction, anchor execution: what is to be paid, and the custodian's answer.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/submit.hpp"
#include "data/attempt.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain {

namespace {

struct PaymentOptions {
    SubmitOptions submit;
    std::string payment;
    std::optional<std::string> refuse;
    bool approve = false;
};

/// The reference of the payment that a user names by a date, a reference, how a reference begins, or
/// how the hash of its instruction begins; what he wrote if that is no open one, or several.
std::string named_payment(const DealState& state, const std::string& said)
{
    if (const auto day = Date::parse(said)) return distribution_reference(*day);
    std::vector<std::string> found;
    for (const auto& [reference, order] : state.orders) {
        if (reference == said) return said;
        const bool hash = said.size() >= 4 && order.instruction.starts_with(said);
        if (hash || reference.starts_with(said + "/")) found.push_back(reference);
    }
    return found.size() == 1 ? found.front() : said;
}

template <class Make>
Outcome run_payment(const PaymentOptions& o, const Globals& g, Output& out, Make make)
{
    TRANCHAIN_TRY(Composer c, Composer::open(o.submit, g));
    TRANCHAIN_DO(c.needs_terms());
    auto record = make(c.judge(), named_payment(c.judge().state(), o.payment));
    if (!record) {
        Error e = record.error();
        if (e.code == Code::busy) e.message = "not yet: " + e.message;
        e.code = Code::answer_no;
        return e;
    }
    if (o.approve) return c.approve_same(*record, out);
    return c.submit(std::move(*record), {}, out);
}

Outcome run_instruction(const PaymentOptions& o, const Globals& g, Output& out)
{
    return run_payment(o, g, out, [](const Judge& judge, const std::string& reference) {
        return judge.make_instruction(reference);
    });
}

Outcome run_execution(const PaymentOptions& o, const Globals& g, Output& out)
{
    if (o.refuse && o.refuse->empty())
        return fail(Code::usage, "--refuse needs the reason", {}, "write --refuse 'account closed'");
    return run_payment(o, g, out, [&](const Judge& judge, const std::string& reference) {
        return judge.make_execution(reference, o.refuse);
    });
}

void bind_payment(Setup& s, PaymentOptions& o)
{
    s.positional("PAYMENT", o.payment, "a payment date, or the reference of a distribution or purchase");
    s.flag("--approve", o.approve, "approve the one that is submitted");
    bind_submit(s, o.submit);
}

} // namespace

void add_anchor_payments(Tree& tree)
{
    tree.add<PaymentOptions>("anchor", "instruction", "what a distribution or purchase has paid",
                             run_instruction, bind_payment);
    tree.add<PaymentOptions>("anchor", "execution", "the custodian's answer to an instruction",
                             run_execution, [](Setup& s, PaymentOptions& o) {
                                 bind_payment(s, o);
                                 s.option("--refuse", o.refuse, "REASON",
                                          "refuse it; executed if left out");
                             });
}

} // namespace tranchain
