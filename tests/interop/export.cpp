// Writes what an outsider gets of a six-block chain, good and spoiled, for check.go.
// usage: export FOLDER
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <string>

#include "chain/proof.hpp"
#include "data/csv.hpp"
#include "tests/alliance.hpp"

using namespace tranchain;

namespace {

bool put(const std::string& folder, const std::string& name, const std::string& bytes)
{
    const auto written = write_file(folder + "/" + name, bytes);
    if (!written) {
        std::fprintf(stderr, "%s\n", written.error().message.c_str());
    }
    return written.has_value();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        return 2;
    }
    const std::string folder = argv[1];
    const auto genesis = test::alliance();
    const auto blocks = test::chain(genesis, 6);
    const auto hashes = test::leaves(blocks);
    const std::vector<std::string> three{"custodian", "manager", "trustee"};
    const auto newest = test::checkpoint(genesis, blocks, three);
    bool good =
        put(folder, "policy", policy_text(genesis.chain_id(), 1, genesis.log_key, genesis.members));
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const std::string n = std::to_string(i);
        good = good && put(folder, "leaf." + n, blocks[i].header.canonical());
        good = good && put(folder, "inclusion." + n,
                           InclusionProof{i, inclusion_proof(hashes, i), newest}.str());
        const std::vector<Block> older(blocks.begin(), blocks.begin() + static_cast<long>(i) + 1);
        good =
            good && put(folder, "checkpoint." + n, test::checkpoint(genesis, older, three).str());
        good = good && put(folder, "consistency." + n,
                           ConsistencyProof{i + 1, consistency_proof(hashes, i + 1), newest}.str());
    }
    std::string changed = blocks[3].header.canonical();
    changed.replace(changed.find("\"time\":15"), 9, "\"time\":16");
    good = good && put(folder, "leaf.changed", changed);
    const auto path = inclusion_proof(hashes, 3);
    const auto few = test::checkpoint(genesis, blocks, {"custodian", "manager"});
    good = good && put(folder, "inclusion.few", InclusionProof{3, path, few}.str());
    Note twice = few;
    twice.lines.push_back(few.lines.back());
    good = good && put(folder, "inclusion.twice", InclusionProof{3, path, twice}.str());
    Note forged = few; // the trustee's name over another key's signature
    forged.lines.push_back(
        cosign(test::key_of("stranger"), key_name(genesis.chain_id(), "trustee"), few.text, 1));
    good = good && put(folder, "inclusion.forged", InclusionProof{3, path, forged}.str());
    auto strangers = test::alliance(); // the same names under other keys
    std::vector<Member> others(strangers.members.all().begin(), strangers.members.all().end());
    for (auto& member : others) {
        member.key = test::key_of(member.name + " else").public_key();
    }
    good = good && put(folder, "policy.wrong",
                       policy_text(genesis.chain_id(), 1, genesis.log_key,
                                   MemberSet::make(others, genesis.log_key).value()));
    const auto log = test::key_of("another log").public_key();
    good =
        good && put(folder, "policy.log", policy_text(genesis.chain_id(), 1, log, genesis.members));
    // A second history: same chain, another block 5.
    auto fork = blocks;
    fork[2].header.state = sha256("another state");
    good = good && put(folder, "checkpoint.fork",
                       test::checkpoint(genesis, {fork.begin(), fork.begin() + 3}, three).str());
    return good ? 0 : 1;
}
