// anchor policy: a change of what the members agreed on, signed by a quorum of them.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cmd/commands.hpp"
#include "cmd/submit.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

struct PolicyOptions {
    SubmitOptions submit;
    std::optional<std::int64_t> skew, lag, valid_until_max, body_limit;
    std::vector<std::string> ask;
    bool approve = false;
};

Outcome run_policy(const PolicyOptions& o, const Globals& g, Output& out)
{
    SubmitOptions submit = o.submit;
    submit.deal.clear();
    TRANCHAIN_TRY(Composer c, Composer::open_chain(submit, g));
    TRANCHAIN_DO(c.govern(o.ask));
    Policy policy = c.replica().state().policy;
    policy.skew = o.skew.value_or(policy.skew);
    policy.lag = o.lag.value_or(policy.lag);
    policy.valid_until_max = o.valid_until_max.value_or(policy.valid_until_max);
    policy.body_limit = o.body_limit.value_or(policy.body_limit);
    if (policy == c.replica().state().policy)
        return fail(Code::usage, "the policy in force says that already", {},
                    "change --skew, --lag, --valid-until-max or --body-limit");
    const Json json = policy.to_json();
    if (const auto sound = Policy::from_json(json); !sound)
        return fail(Code::usage, sound.error().front().message);
    Record record;
    record.type = "policy";
    record.public_part["policy"] = json;
    if (!o.approve) return c.submit(std::move(record), {}, out);
    // Approval is given to the numbers written here, and to nothing else.
    TRANCHAIN_TRY(const auto open, c.replica().open_submissions());
    for (const SignedRecord& s : open) {
        const auto missing = s.signers_missing();
        if (s.record.type == record.type && s.record.public_part == record.public_part &&
            std::ranges::find(missing, c.replica().member()) != missing.end())
            return c.approve(s, out);
    }
    return fail(Code::answer_no, "no submitted policy that says this asks for this member", {},
                "import the author's bundle; if it is there, its numbers differ");
}

} // namespace

void add_anchor_policy(Tree& tree)
{
    tree.add<PolicyOptions>(
        "anchor", "policy", "a change of the policy, which a quorum signs", run_policy,
        [](Setup& s, PolicyOptions& o) {
            s.option("--skew", o.skew, "SECONDS", "how far a block may be dated ahead of a clock");
            s.option("--lag", o.lag, "SECONDS", "how far it may be dated behind");
            s.option("--valid-until-max", o.valid_until_max, "SECONDS",
                     "longest life of a submission");
            s.option("--body-limit", o.body_limit, "BYTES", "largest body of a block");
            s.option("--ask", o.ask, "MEMBER", "who must approve; all if unsaid; may be repeated");
            s.flag("--approve", o.approve, "approve the one that is submitted");
            bind_submit(s, o.submit);
        });
}

} // namespace tranchain
