// State: made from genesis, written and read as canonical JSON.
// SPDX-License-Identifier: Apache-2.0
#include "chain/state.hpp"

#include "data/attempt.hpp"

namespace tranchain {

ChainState ChainState::from_genesis(const Genesis& genesis)
{
    ChainState s;
    s.chain = genesis.chain_id();
    s.orderer = genesis.orderer;
    s.log_key = genesis.log_key;
    s.rules = genesis.rules;
    s.policy = genesis.policy;
    s.members = genesis.members;
    return s;
}

Json ChainState::to_json() const
{
    Json::Array deal_list;
    for (const auto& [id, hash] : deals)
        deal_list.push_back(Json::object({{"id", id}, {"state", hex(hash)}}));
    Json::Array seq_list;
    for (const auto& [key, seq] : seqs)
        seq_list.push_back(
            Json::object({{"author", key.second}, {"deal", key.first}, {"seq", seq}}));
    Json json = Json::object({{"chain", chain},
                              {"deals", std::move(deal_list)},
                              {"epoch", epoch},
                              {"log_key", to_text(log_key)},
                              {"members", members.to_json()},
                              {"orderer", orderer},
                              {"policy", policy.to_json()},
                              {"rules", rules},
                              {"seqs", std::move(seq_list)}});
    // Left out where empty: the state of a chain whose members never changed keeps its bytes.
    Json::Array given_up;
    for (const auto& [key, name] : former)
        given_up.push_back(Json::object({{"key", to_text(key)}, {"name", name}}));
    if (!former.empty()) json["former"] = std::move(given_up);
    Json::Array resting;
    for (const Member& m : suspended) resting.push_back(m.to_json());
    if (!suspended.empty()) json["suspended"] = std::move(resting);
    return json;
}

Result<ChainState> ChainState::parse(std::string_view canonical_bytes)
{
    TRANCHAIN_TRY(const Json json, parse_canonical(canonical_bytes));
    ChainState s;
    Fields f(json, "state");
    s.chain = f.text("chain");
    s.epoch = f.integer("epoch");
    s.orderer = f.text("orderer");
    s.rules = f.integer("rules");
    TRANCHAIN_TRY(s.log_key, parse_public_key(f.text("log_key")));
    TRANCHAIN_TRY(s.policy, one(Policy::from_json(f.object("policy"))));
    std::vector<Member> members;
    for (const Json& m : f.array("members")) {
        TRANCHAIN_TRY(Member member, one(Member::from_json(m, "state.members")));
        members.push_back(std::move(member));
    }
    TRANCHAIN_TRY(s.members, one(MemberSet::make(std::move(members), s.log_key)));
    if (f.has("former")) {
        for (const Json& k : f.array("former")) {
            Fields g(k, "state.former");
            TRANCHAIN_TRY(const PublicKey key, parse_public_key(g.text("key")));
            s.former[key] = g.text("name");
            if (auto e = g.finish(); !e.empty()) return tl::make_unexpected(first_of(e));
        }
    }
    if (f.has("suspended")) {
        for (const Json& m : f.array("suspended")) {
            TRANCHAIN_TRY(Member member, one(Member::from_json(m, "state.suspended")));
            s.suspended.push_back(std::move(member));
        }
    }
    for (const Json& d : f.array("deals")) {
        Fields g(d, "state.deals");
        const std::string id = g.text("id");
        TRANCHAIN_TRY(s.deals[id], hash_from_hex(g.hash("state")));
        if (auto e = g.finish(); !e.empty()) return tl::make_unexpected(first_of(e));
    }
    for (const Json& q : f.array("seqs")) {
        Fields g(q, "state.seqs");
        const std::string author = g.text("author");
        s.seqs[{g.text("deal"), author}] = g.integer("seq");
        if (auto e = g.finish(); !e.empty()) return tl::make_unexpected(first_of(e));
    }
    if (auto e = f.finish(); !e.empty()) return tl::make_unexpected(first_of(e));
    return s;
}

Hash ChainState::hash() const
{
    return sha256(to_json().canonical());
}

std::int64_t ChainState::seq(const std::string& deal, const std::string& author) const
{
    const auto it = seqs.find({deal, author});
    return it == seqs.end() ? 0 : it->second;
}

}  // namespace tranchain
