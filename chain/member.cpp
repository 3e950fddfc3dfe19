// Member: the member object both ways, and the rules a set of them keeps.
// SPDX-License-Identifier: Apache-2.0
#include "chain/member.hpp"

#include <algorithm>
#include <set>

#include "data/assert.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::size_t fewest = 3;
// A C2SP verifier must accept 16 signatures on a note: 15 members and the log's own line.
constexpr std::size_t most = 15;

PublicKey read_key(Fields& fields, std::string_view key)
{
    const std::string text = fields.text(key);
    if (text.empty()) {
        return {};
    }
    auto parsed = parse_public_key(text);
    if (!parsed) {
        fields.add(key, "is no public key: " + parsed.error().message);
        return {};
    }
    return *parsed;
}

bool is_word(std::string_view text)
{
    return !text.empty() && text.size() <= 32 && text[0] >= 'a' && text[0] <= 'z' &&
           std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
           });
}

} // namespace

std::size_t faults(std::size_t members)
{
    return (members - 1) / 3;
}

std::size_t quorum(std::size_t members)
{
    invariant(members >= fewest);
    return 2 * members / 3 + 1;
}

bool is_member_name(std::string_view name)
{
    // `e2` would be the origin of epoch 2 under the chain's id.
    const bool epoch =
        name.size() > 1 && name[0] == 'e' &&
        std::ranges::all_of(name.substr(1), [](char c) { return c >= '0' && c <= '9'; });
    return is_word(name) && name.find('_') == std::string_view::npos && !epoch;
}

Json Member::to_json() const
{
    Json json;
    if (certificate) {
        json["certificate"] = *certificate;
    }
    json["key"] = to_text(key);
    json["name"] = name;
    json["recovery_key"] = to_text(recovery_key);
    json["roles"] = Json::Array(roles.begin(), roles.end());
    json["suite"] = suite;
    return json;
}

Checked<Member> Member::from_json(const Json& json, const std::string& where)
{
    Fields fields(json, where);
    Member out;
    out.name = fields.text("name");
    if (!is_member_name(out.name)) {
        fields.add("name",
                   "'" + out.name +
                       "' is no name for a member: write a letter, then at most "
                       "31 letters, digits and hyphens, all lower case, and not 'e' and digits");
    }
    out.roles = fields.texts("roles");
    if (out.roles.empty() ||
        std::ranges::adjacent_find(out.roles, std::greater_equal<>()) != out.roles.end() ||
        !std::ranges::all_of(out.roles, is_word)) {
        fields.add("roles", "is not a sorted list of different roles");
    }
    out.suite = fields.text("suite");
    if (out.suite != "ed25519") {
        fields.add("suite", "is not one this program knows (ed25519)");
    }
    out.key = read_key(fields, "key");
    out.recovery_key = read_key(fields, "recovery_key");
    if (fields.has("certificate")) {
        out.certificate = fields.text("certificate");
        if (out.certificate->empty() || !from_base64(*out.certificate)) {
            fields.add("certificate", "is not base64");
        }
    }
    auto errors = fields.finish();
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    return out;
}

bool Member::has_role(std::string_view role) const
{
    return std::ranges::find(roles, role) != roles.end();
}

Checked<MemberSet> MemberSet::make(std::vector<Member> members, const PublicKey& log_key)
{
    Errors errors;
    const auto add = [&](std::string message, std::string hint = "") {
        errors.push_back({Code::invalid_input, std::move(message), {}, std::move(hint)});
    };
    if (members.size() < fewest || members.size() > most) {
        add("a chain has 3 to 15 members, not " + std::to_string(members.size()));
    }
    std::ranges::sort(members, {}, &Member::name);
    std::set<PublicKey> keys{log_key};
    for (std::size_t i = 0; i < members.size(); ++i) {
        const Member& member = members[i];
        if (i > 0 && members[i - 1].name == member.name) {
            add("the member '" + member.name + "' is named twice");
        }
        for (const PublicKey& key : {member.key, member.recovery_key}) {
            if (!is_acceptable(key)) {
                add("a key of '" + member.name + "' is not acceptable");
            }
            if (!keys.insert(key).second) {
                add("a key of '" + member.name + "' is used twice: " + to_text(key),
                    "keys, recovery keys and the log key all differ");
            }
        }
    }
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    MemberSet out;
    out.members_ = std::move(members);
    return out;
}

const Member* MemberSet::find(std::string_view name) const
{
    const auto found = std::ranges::find(members_, name, &Member::name);
    return found == members_.end() ? nullptr : &*found;
}

const Member* MemberSet::by_key(const PublicKey& key) const
{
    const auto found = std::ranges::find(members_, key, &Member::key);
    return found == members_.end() ? nullptr : &*found;
}

std::span<const std::string> MemberSet::roles(std::string_view name) const
{
    const Member* member = find(name);
    return member == nullptr ? std::span<const std::string>{} : member->roles;
}

Json MemberSet::to_json() const
{
    Json::Array out;
    for (const auto& member : members_) {
        out.push_back(member.to_json());
    }
    return out;
}

Hash MemberSet::hash() const
{
    return sha256({"tranchain/members/v1\n", to_json().canonical()});
}

} // namespace tranchain
