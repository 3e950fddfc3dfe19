// Genesis: its JSON both ways, its id, and the alliance file.
// SPDX-License-Identifier: Apache-2.0
#include "chain/genesis.hpp"

#include <algorithm>

#include "chain/block.hpp"
#include "data/csv.hpp"
#include "data/text.hpp"
#include "data/toml.hpp"

namespace tranchain {

namespace {

constexpr std::size_t id_digits = 16;
constexpr std::int64_t largest_body = 1'073'741'824;

void check_policy(const Policy& policy, Errors& errors)
{
    const auto need = [&](bool good, const char* what) {
        if (!good) {
            errors.push_back({Code::invalid_input, what, {}, {}});
        }
    };
    need(policy.skew >= 0 && policy.skew <= 86'400, "policy.skew is not 0 to 86400 seconds");
    need(policy.lag > policy.skew && policy.lag <= 2'592'000,
         "policy.lag is not above the skew and at most 2592000 seconds");
    need(policy.valid_until_max > 0 && policy.valid_until_max <= 31'536'000,
         "policy.valid_until_max is not 1 to 31536000 seconds");
    need(policy.body_limit >= 65'536 && policy.body_limit <= largest_body,
         "policy.body_limit is not 65536 to 1073741824 bytes");
}

/// What genesis and the alliance file must both satisfy.
void check_whole(const Genesis& genesis, Errors& errors)
{
    const auto add = [&](std::string message) {
        errors.push_back({Code::invalid_input, std::move(message), {}, {}});
    };
    if (!is_member_name(genesis.name)) {
        add("'" + genesis.name +
            "' is no name for a chain: write a letter, then at most 31 letters, "
            "digits and hyphens, all lower case, and not 'e' and digits");
    }
    if (genesis.members.find(genesis.orderer) == nullptr) {
        add("the orderer '" + genesis.orderer + "' is not a member");
    }
    auto order = genesis.succession;
    std::ranges::sort(order);
    const bool all = std::ranges::equal(order, genesis.members.all(), {}, {}, &Member::name);
    if (!all) {
        add("the succession does not name each member once");
    }
    if (!is_acceptable(genesis.log_key)) {
        add("the log key is not acceptable");
    }
    if (genesis.suites != std::vector<std::string>{"ed25519"}) {
        add("the suites are not the one this program knows: ed25519");
    }
    if (!std::ranges::all_of(genesis.roots, [](const auto& r) {
            return !r.empty() && from_base64(r).has_value();
        })) {
        add("a root certificate is not base64");
    }
    if (genesis.rules < 1 || genesis.rules > newest_rules) {
        add("the rules version " + std::to_string(genesis.rules) + " is not known here");
    }
    if (genesis.time <= 0) {
        add("the time of genesis is not after 1970");
    }
    check_policy(genesis.policy, errors);
}

} // namespace

Json Policy::to_json() const
{
    return Json::object({{"body_limit", body_limit},
                         {"lag", lag},
                         {"skew", skew},
                         {"valid_until_max", valid_until_max}});
}

Checked<Policy> Policy::from_json(const Json& json)
{
    Fields fields(json, "policy");
    Policy out;
    out.body_limit = fields.integer("body_limit");
    out.lag = fields.integer("lag");
    out.skew = fields.integer("skew");
    out.valid_until_max = fields.integer("valid_until_max");
    auto errors = fields.finish();
    if (errors.empty()) {
        check_policy(out, errors);
    }
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    return out;
}

Json Genesis::to_json() const
{
    Json json;
    json["log_key"] = to_text(log_key);
    json["members"] = members.to_json();
    json["name"] = name;
    json["orderer"] = orderer;
    json["policy"] = policy.to_json();
    json["random"] = hex(random);
    json["roots"] = Json::Array(roots.begin(), roots.end());
    json["rules"] = rules;
    json["succession"] = Json::Array(succession.begin(), succession.end());
    json["suites"] = Json::Array(suites.begin(), suites.end());
    json["time"] = time;
    json["v"] = 1;
    return json;
}

Checked<Genesis> Genesis::from_json(const Json& json)
{
    Errors errors;
    Fields fields(json, "genesis");
    Genesis out;
    if (fields.integer("v") != 1) {
        fields.add("v", "is not 1, the only version known here");
    }
    out.name = fields.text("name");
    out.random = hash_from_hex(fields.hash("random")).value_or(Hash{});
    out.time = fields.integer("time");
    out.rules = fields.integer("rules");
    out.orderer = fields.text("orderer");
    if (auto key = parse_public_key(fields.text("log_key"))) {
        out.log_key = *key;
    } else {
        fields.add("log_key", "is no public key");
    }
    out.succession = fields.texts("succession");
    out.roots = fields.texts("roots");
    out.suites = fields.texts("suites");
    if (auto policy = Policy::from_json(fields.object("policy"))) {
        out.policy = *policy;
    } else {
        append(errors, policy.error());
    }
    std::vector<Member> members;
    for (const Json& item : fields.array("members")) {
        const std::string where = "genesis.members." + std::to_string(members.size() + 1);
        if (auto member = Member::from_json(item, where)) {
            members.push_back(*std::move(member));
        } else {
            append(errors, member.error());
        }
    }
    const bool sorted = std::ranges::is_sorted(members, {}, &Member::name);
    if (!sorted) {
        fields.add("members", "is not sorted by name");
    }
    append(errors, fields.finish());
    if (errors.empty()) {
        if (auto set = MemberSet::make(std::move(members), out.log_key)) {
            out.members = *std::move(set);
            check_whole(out, errors);
        } else {
            errors = set.error();
        }
    }
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    return out;
}

std::string Genesis::chain_id() const
{
    return name + "/" + hex(sha256(to_json().canonical())).substr(0, id_digits);
}

namespace {

std::vector<std::string> plain(const std::vector<Located>& texts)
{
    std::vector<std::string> out;
    for (const auto& text : texts) {
        out.push_back(text.text);
    }
    return out;
}

PublicKey read_key(TomlTable& table, std::string_view name)
{
    const Located text = table.text(name);
    if (text.text.empty()) {
        return {};
    }
    auto key = parse_public_key(text.text);
    if (!key) {
        table.fail(name, key.error().message, key.error().hint);
    }
    return key.value_or(PublicKey{});
}

Member read_member(TomlTable table)
{
    Member out;
    out.name = table.text("name").text;
    if (!out.name.empty() && !is_member_name(out.name)) {
        table.fail("name", "'" + out.name + "' is no name for a member",
                   "write a letter, then letters, digits and hyphens, all lower case");
    }
    out.roles = plain(table.texts("roles"));
    if (table.has("roles") && out.roles.empty()) {
        table.fail("roles", "a member has a role");
    }
    std::ranges::sort(out.roles);
    if (std::ranges::adjacent_find(out.roles) != out.roles.end()) {
        table.fail("roles", "a role is named twice");
    }
    out.key = read_key(table, "key");
    out.recovery_key = read_key(table, "recovery_key");
    if (auto suite = table.optional_text("suite")) {
        out.suite = suite->text;
        if (out.suite != "ed25519") {
            table.fail("suite", "'" + out.suite + "' is not a suite known here", "write 'ed25519'");
        }
    }
    if (auto certificate = table.optional_text("certificate")) {
        out.certificate = certificate->text;
        if (!from_base64(*out.certificate)) {
            table.fail("certificate", "the certificate is not base64 of DER");
        }
    }
    return out;
}

Policy read_policy(TomlTable table)
{
    Policy out;
    out.skew = table.optional_integer("skew").value_or(out.skew);
    out.lag = table.optional_integer("lag").value_or(out.lag);
    out.valid_until_max = table.optional_integer("valid_until_max").value_or(out.valid_until_max);
    out.body_limit = table.optional_integer("body_limit").value_or(out.body_limit);
    return out;
}

} // namespace

Checked<Genesis> parse_alliance(std::string_view text,
                                const std::string& file,
                                std::int64_t time,
                                const RandomSource& random,
                                std::optional<PublicKey> log_key)
{
    auto parsed = TomlFile::parse(text, file);
    if (!parsed) {
        return tl::make_unexpected(std::move(parsed.error()));
    }
    TomlTable root = parsed->root();
    Genesis out;
    out.time = time;
    out.name = root.text("name").text;
    out.orderer = root.text("orderer").text;
    if (root.has("log_key") || !log_key) {
        out.log_key = read_key(root, "log_key");
    } else {
        out.log_key = *log_key;
    }
    if (root.has("succession")) {
        out.succession = plain(root.texts("succession"));
    }
    if (root.has("roots")) {
        out.roots = plain(root.texts("roots"));
    }
    if (root.has("suites")) {
        out.suites = plain(root.texts("suites"));
    }
    if (auto policy = root.optional_table("policy")) {
        out.policy = read_policy(*policy);
    }
    std::vector<Member> members;
    for (const TomlTable& table : root.tables("member")) {
        members.push_back(read_member(table));
    }

    auto errors = parsed->finish();
    if (errors.empty()) {
        if (auto set = MemberSet::make(std::move(members), out.log_key)) {
            out.members = *std::move(set);
            if (!root.has("succession")) {
                out.succession = {out.orderer}; // then the others by name
                for (const auto& member : out.members.all()) {
                    if (member.name != out.orderer) {
                        out.succession.push_back(member.name);
                    }
                }
            }
            check_whole(out, errors);
        } else {
            errors = set.error();
        }
        for (auto& error : errors) {
            error.where.file = file;
        }
    }
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    out.random = random();
    return out;
}

Checked<Genesis> read_alliance(const std::string& path,
                               std::int64_t time,
                               const RandomSource& random,
                               std::optional<PublicKey> log_key)
{
    auto text = read_file(path);
    if (!text) {
        return tl::make_unexpected(Errors{text.error()});
    }
    return parse_alliance(*text, path, time, random, log_key);
}

Record genesis_record(const Genesis& genesis)
{
    Record out;
    out.chain = genesis.chain_id();
    out.type = "genesis";
    out.public_part = genesis.to_json();
    return out;
}

Checked<Genesis> genesis_from_record(const Record& record)
{
    const auto bad = [](std::string message) {
        return tl::make_unexpected(
            Errors{{Code::invalid_input, std::move(message), {}, {}, "bad-genesis"}});
    };
    if (record.type != "genesis" || !record.author.empty() || !record.deal.empty() ||
        record.rows != 0) {
        return bad("the first record is not a genesis");
    }
    auto genesis = Genesis::from_json(record.public_part);
    if (!genesis) {
        for (auto& error : genesis.error()) {
            error.id = "bad-genesis";
        }
        return genesis;
    }
    if (record != genesis_record(*genesis)) {
        return bad("the genesis record names the chain '" + record.chain +
                   "', but what it holds is '" + genesis->chain_id() +
                   "', or it states more than a genesis does");
    }
    return genesis;
}

} // namespace tranchain
