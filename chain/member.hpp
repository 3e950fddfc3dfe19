// Member: who votes, with which key and which roles, and how many of them make a quorum.
//
// n >= 3, f = floor((n-1)/3), q = floor(2n/3)+1: at n = 3 all three, n = 4 survives one.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chain/key.hpp"
#include "data/digest.hpp"
#include "data/error.hpp"
#include "data/json.hpp"

namespace tranchain {

struct Member {
    std::string name;               ///< [a-z][a-z0-9-]{0,31}, not an epoch's e[0-9]+
    std::vector<std::string> roles; ///< sorted, unique, at least one
    std::string suite = "ed25519";
    PublicKey key{};
    PublicKey recovery_key{};               ///< kept offline
    std::optional<std::string> certificate; ///< base64 of DER; carried, not judged yet

    [[nodiscard]] Json to_json() const;
    [[nodiscard]] static Checked<Member> from_json(const Json& json, const std::string& where);
    [[nodiscard]] bool has_role(std::string_view role) const;
    bool operator==(const Member&) const = default;
};

std::size_t faults(std::size_t members); ///< f
std::size_t quorum(std::size_t members); ///< q; members >= 3
bool is_member_name(std::string_view name);

/// The voting members in force, sorted by name.
class MemberSet {
public:
    MemberSet() = default;
    /// Refuses: fewer than 3 or more than 15, a name twice, any key twice (recovery keys included),
    /// an unacceptable key, an unknown suite. `log_key` must be none of the members' keys.
    [[nodiscard]] static Checked<MemberSet> make(std::vector<Member> members,
                                                 const PublicKey& log_key);

    [[nodiscard]] std::span<const Member> all() const { return members_; }
    [[nodiscard]] std::size_t size() const { return members_.size(); }
    [[nodiscard]] std::size_t quorum() const { return tranchain::quorum(members_.size()); }
    [[nodiscard]] const Member* find(std::string_view name) const;
    [[nodiscard]] const Member* by_key(const PublicKey& key) const;
    /// Roles of a member; empty for a stranger.
    [[nodiscard]] std::span<const std::string> roles(std::string_view name) const;
    [[nodiscard]] Json to_json() const; ///< array, sorted by name
    /// What a header's `members` names: SHA-256 of "tranchain/members/v1\n" + canonical array.
    [[nodiscard]] Hash hash() const;
    bool operator==(const MemberSet&) const = default;

private:
    std::vector<Member> members_;
};

} // namespace tranchain
