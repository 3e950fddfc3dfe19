// Alliance: keys, members and a genesis for tests, the same bytes in every run.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chain/block.hpp"
#include "chain/genesis.hpp"
#include "chain/note.hpp"
#include "data/merkle.hpp"

namespace tranchain::test {

inline Key key_of(const std::string& name)
{
    return Key::from_seed(sha256("key of " + name));
}
inline Key recovery_key_of(const std::string& name)
{
    return Key::from_seed(sha256("recovery key of " + name));
}
inline Key log_key()
{
    return key_of("the log");
}

inline Member member(const std::string& name, std::vector<std::string> roles)
{
    Member out;
    out.name = name;
    out.roles = std::move(roles);
    out.key = key_of(name).public_key();
    out.recovery_key = recovery_key_of(name).public_key();
    return out;
}

/// The sample's four: servicer, manager (orders), custodian, trustee; or the first `count` of
/// seven.
inline Genesis alliance(std::size_t count = 4)
{
    std::vector<Member> all{member("manager", {"plan_manager"}),
                            member("custodian", {"custodian"}),
                            member("servicer", {"originator", "servicer", "supporter"}),
                            member("trustee", {"trustee"}),
                            member("fifth", {"trustee"}),
                            member("sixth", {"trustee"}),
                            member("seventh", {"trustee"})};
    all.resize(count);
    Genesis out;
    out.name = "jdht";
    out.random = sha256("random bytes of genesis");
    out.time = 1'541'635'200; // 2018-11-08T00:00:00Z
    out.log_key = log_key().public_key();
    out.members = MemberSet::make(all, out.log_key).value();
    out.orderer = "manager";
    for (const auto& one : all) {
        out.succession.push_back(one.name);
    }
    return out;
}

inline SignedRecord
signed_record(const Genesis& genesis, const std::string& author, std::int64_t seq = 1)
{
    SignedRecord out;
    out.record.chain = genesis.chain_id();
    out.record.deal = "jdht-2018-6";
    out.record.type = "document";
    out.record.author = author;
    out.record.seq = seq;
    out.record.valid_until = genesis.time + 86'400;
    out.record.public_part["note"] = "number " + std::to_string(seq);
    out.sign(key_of(author), author);
    return out;
}

/// The block after `previous` (nullptr: block 0) with these records; `state` is not re-executed.
inline Block
block(const Genesis& genesis, const Header* previous, std::vector<SignedRecord> records)
{
    Block out;
    out.records = std::move(records);
    out.header.chain = genesis.chain_id();
    out.header.height = previous == nullptr ? 0 : previous->height + 1;
    out.header.prev = previous == nullptr ? Hash{} : previous->hash();
    out.header.time = previous == nullptr ? genesis.time : previous->time + 60;
    out.header.orderer = genesis.orderer;
    out.header.members = genesis.members.hash();
    out.header.state = sha256("state after " + std::to_string(out.header.height));
    out.seal_body();
    return out;
}

/// A chain of `count` blocks: genesis, then one document each.
inline std::vector<Block> chain(const Genesis& genesis, std::size_t count)
{
    std::vector<Block> out;
    SignedRecord first;
    first.record = genesis_record(genesis);
    out.push_back(block(genesis, nullptr, {first}));
    while (out.size() < count) {
        const auto seq = static_cast<std::int64_t>(out.size());
        out.push_back(
            block(genesis, &out.back().header, {signed_record(genesis, "servicer", seq)}));
    }
    return out;
}

inline std::vector<Hash> leaves(const std::vector<Block>& blocks)
{
    std::vector<Hash> out;
    for (const auto& one : blocks) {
        out.push_back(one.header.leaf());
    }
    return out;
}

/// Checkpoint over the blocks, with the log line and the endorsements of `endorsers`.
inline Note checkpoint(const Genesis& genesis,
                       const std::vector<Block>& blocks,
                       const std::vector<std::string>& endorsers)
{
    const auto hashes = leaves(blocks);
    const Checkpoint what{genesis.chain_id(), hashes.size(), merkle_root(hashes)};
    Note out{what.text(), {sign_log_line(log_key(), what.origin, what.text())}};
    for (const auto& name : endorsers) {
        out.lines.push_back(cosign(key_of(name), key_name(genesis.chain_id(), name), out.text,
                                   blocks.back().header.time + 7));
    }
    return out;
}

} // namespace tranchain::test
