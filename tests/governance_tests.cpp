// Governance: who must sign a change of the policy, and from when it counts.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "chain/executor.hpp"
#include "tests/alliance.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(governance_tests)

namespace {

constexpr std::int64_t day = 86'400;

/// A policy is of the chain: no contract is ever asked.
struct NoContract : Contract {
    [[nodiscard]] Result<std::unique_ptr<Session>>
    open(const std::string&,
         const std::optional<std::string>&,
         const std::optional<std::string>&) const override
    {
        return fail(Code::invalid_input, "no deal is asked for");
    }
};

struct Chain {
    Genesis genesis = test::alliance();
    NoContract contract;
    Executor executor{contract, ChainState::from_genesis(genesis), {}, [](const std::string&) {
                          return std::optional<std::string>{};
                      }};

    SignedRecord policy(const std::string& author,
                        const std::vector<std::string>& approvers,
                        std::int64_t seq = 1) const
    {
        SignedRecord out;
        Record& r = out.record;
        r.chain = genesis.chain_id();
        r.type = "policy";
        r.author = author;
        r.seq = seq;
        r.valid_until = genesis.time + day;
        r.approvals_required = approvers;
        Policy changed = genesis.policy;
        changed.valid_until_max = 60 * day;
        r.public_part["policy"] = changed.to_json();
        sign(out);
        return out;
    }
    static void sign(SignedRecord& out)
    {
        out.signatures.clear();
        for (const std::string& name : out.signers_needed()) out.sign(test::key_of(name), name);
    }
    std::string judge(const SignedRecord& entry)
    {
        const auto none = [](const Record&) -> Result<std::optional<std::vector<Row>>> {
            return std::optional<std::vector<Row>>{};
        };
        const auto j = executor.judge(entry, 1, genesis.time, none, true).value();
        if (j.ruling == Ruling::accepted) return "accepted";
        return j.ruling == Ruling::not_yet ? "not yet" : j.findings.at(0).id;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_quorum_of_different_members_must_sign)
{
    Chain c;
    BOOST_TEST(c.judge(c.policy("servicer", {"manager"})) == "no-quorum");
    BOOST_TEST(c.judge(c.policy("servicer", {"manager", "servicer"})) == "no-quorum");
    auto missing = c.policy("servicer", {"custodian", "manager"});
    missing.signatures.pop_back();
    BOOST_TEST(c.judge(missing) == "missing-signature");
    BOOST_TEST(c.executor.state().policy.valid_until_max == 30 * day);
    BOOST_TEST(c.judge(c.policy("servicer", {"custodian", "manager"})) == "accepted");
    BOOST_TEST(c.executor.state().policy.valid_until_max == 60 * day);
    BOOST_TEST(c.executor.state().seq("", "servicer") == 1);
}

BOOST_AUTO_TEST_CASE(it_counts_from_the_next_block)
{
    Chain c;
    auto later = c.policy("trustee", {"custodian", "manager"});
    later.record.valid_until = c.genesis.time + 40 * day;
    Chain::sign(later);
    BOOST_TEST(c.judge(c.policy("servicer", {"custodian", "manager"})) == "accepted");
    BOOST_TEST(c.judge(later) == "bad-validity"); // the policy of genesis judges this block
    BOOST_TEST(c.judge(c.policy("manager", {"custodian", "trustee"})) == "not yet");
    static_cast<void>(c.executor.state()); // the block ends
    BOOST_TEST(c.judge(later) == "accepted");
}

BOOST_AUTO_TEST_CASE(what_a_policy_may_not_be)
{
    Chain c;
    const auto refused = [&](auto change) {
        auto entry = c.policy("servicer", {"custodian", "manager"});
        change(entry.record);
        Chain::sign(entry);
        return c.judge(entry);
    };
    BOOST_TEST(refused([](Record& r) { r.deal = "jdht-2018-6"; }) == "bad-record");
    BOOST_TEST(refused([](Record& r) { r.public_part["quorum"] = 1; }) == "bad-record");
    BOOST_TEST(refused([](Record& r) { r.public_part["policy"]["skew"] = 2 * day; }) ==
               "bad-record");
    BOOST_TEST(refused([](Record& r) { r.public_part = Json(); }) == "bad-record");
    BOOST_TEST(refused([](Record& r) { r.seq = 2; }) == "bad-seq");
    BOOST_TEST(refused([](Record&) {}) == "accepted");
    BOOST_TEST(refused([](Record&) {}) == "bad-seq"); // the same record once more
}

BOOST_AUTO_TEST_SUITE_END()
