// Block: headers and bodies both ways, and the checks that need nothing but their bytes.
// SPDX-License-Identifier: Apache-2.0
#include "chain/block.hpp"

#include <algorithm>

#include "chain/finding.hpp"
#include "data/merkle.hpp"
#include "data/text.hpp"

namespace tranchain {

Json Header::to_json() const
{
    Json json;
    json["attempt"] = attempt;
    json["body_sha256"] = hex(body_sha256);
    json["body_size"] = body_size;
    json["chain"] = chain;
    json["epoch"] = epoch;
    json["height"] = height;
    json["members"] = hex(members);
    json["orderer"] = orderer;
    json["prev"] = hex(prev);
    json["records"] = records;
    json["records_root"] = hex(records_root);
    json["rules"] = rules;
    json["state"] = hex(state);
    json["time"] = time;
    json["v"] = v;
    return json;
}

std::string Header::canonical() const
{
    return to_json().canonical();
}
Hash Header::hash() const
{
    return sha256(canonical());
}
Hash Header::leaf() const
{
    return leaf_hash(canonical());
}

Checked<Header> Header::from_json(const Json& json)
{
    Fields fields(json, "header");
    Header out;
    out.v = fields.integer("v");
    if (fields.has("v") && out.v != 1) {
        return tl::make_unexpected(
            Errors{found(finding::unknown_type, "header.v is " + std::to_string(out.v) +
                                                    ", but this program knows version 1 only")});
    }
    out.attempt = fields.integer_from("attempt", 1);
    out.body_sha256 = fields.digest("body_sha256");
    out.body_size = fields.integer_from("body_size", 1);
    out.chain = fields.text("chain");
    out.epoch = fields.integer_from("epoch", 1);
    out.height = fields.integer_from("height", 0);
    out.members = fields.digest("members");
    out.orderer = fields.text("orderer");
    if (!is_member_name(out.orderer)) {
        fields.add("orderer", "is not a member's name");
    }
    out.prev = fields.digest("prev");
    out.records = fields.integer_from("records", 1);
    out.records_root = fields.digest("records_root");
    out.rules = fields.integer_from("rules", 1);
    out.state = fields.digest("state");
    out.time = fields.integer_from("time", 1);
    auto errors = fields.finish();
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    return out;
}

Checked<Header> Header::parse(std::string_view canonical_bytes)
{
    if (canonical_bytes.size() > header_limit) {
        return tl::make_unexpected(Errors{found(
            finding::bad_header, "a header has at most " + std::to_string(header_limit) +
                                        " bytes, not " + std::to_string(canonical_bytes.size()))});
    }
    auto json = parse_canonical(canonical_bytes);
    if (!json) {
        return tl::make_unexpected(Errors{json.error()});
    }
    return from_json(*json);
}

std::string Block::body() const
{
    std::string out;
    for (const auto& record : records) {
        out += record.canonical() + "\n";
    }
    return out;
}

void Block::seal_body()
{
    const std::string bytes = body();
    header.body_sha256 = sha256(bytes);
    header.body_size = static_cast<std::int64_t>(bytes.size());
    header.records = static_cast<std::int64_t>(records.size());
    header.records_root = tranchain::records_root(records);
}

Hash records_root(std::span<const SignedRecord> records)
{
    std::vector<Hash> leaves;
    leaves.reserve(records.size());
    for (const auto& record : records) {
        leaves.push_back(record.leaf());
    }
    return merkle_root(leaves);
}

Checked<std::vector<SignedRecord>> parse_body(std::string_view body)
{
    std::vector<SignedRecord> out;
    const auto bad = [&](const std::string& why) {
        return tl::make_unexpected(Errors{
            found(finding::bad_body, "record " + std::to_string(out.size() + 1) + ": " + why)});
    };
    if (body.empty()) {
        return bad("the body is empty");
    }
    while (!body.empty()) {
        const auto end = body.find('\n');
        if (end == std::string_view::npos) {
            return bad("the line is cut short");
        }
        auto record = SignedRecord::parse(body.substr(0, end));
        if (!record) {
            for (auto& error : record.error()) {
                error.message = "record " + std::to_string(out.size() + 1) + ": " + error.message;
                if (error.id.empty()) {
                    error.id = finding::bad_body;
                }
            }
            return tl::make_unexpected(std::move(record.error()));
        }
        out.push_back(*std::move(record));
        body.remove_prefix(end + 1);
    }
    return out;
}

Errors check_body(const Header& header, std::string_view body)
{
    Errors errors;
    if (static_cast<std::int64_t>(body.size()) != header.body_size) {
        errors.push_back(found(finding::bad_body_size,
                               "the body has " + std::to_string(body.size()) +
                                   " bytes, the header says " + std::to_string(header.body_size)));
    }
    if (sha256(body) != header.body_sha256) {
        errors.push_back(
            found(finding::bad_body_hash, "the body has the hash " + hex(sha256(body)) +
                                              ", the header says " + hex(header.body_sha256)));
    }
    auto records = parse_body(body);
    if (!records) {
        for (auto& error : records.error()) {
            errors.push_back(std::move(error));
        }
        return errors;
    }
    const Hash root = records_root(*records);
    if (static_cast<std::int64_t>(records->size()) != header.records ||
        root != header.records_root) {
        errors.push_back(found(finding::bad_records_root,
                               "the body has " + std::to_string(records->size()) +
                                   " records under the root " + hex(root) + ", the header says " +
                                   std::to_string(header.records) + " under " +
                                   hex(header.records_root)));
    }
    return errors;
}

Errors check_link(const Header& header, const Header* previous)
{
    Errors errors;
    const auto need = [&](bool good, std::string_view id, std::string message) {
        if (!good) {
            errors.push_back(found(id, std::move(message)));
        }
    };
    if (previous == nullptr) {
        need(header.height == 0, finding::bad_height, "the first block is not at height 0");
        need(header.prev == Hash{}, finding::bad_genesis,
             "the first block names a block before it");
        need(header.epoch == 1 && header.attempt == 1, finding::bad_genesis,
             "the first block is not attempt 1 of epoch 1");
    } else {
        const Hash before = previous->hash();
        need(header.chain == previous->chain, finding::bad_chain,
             "the header is of the chain '" + header.chain + "', the one before of '" +
                 previous->chain + "'");
        need(header.height == previous->height + 1, finding::bad_height,
             "the header states height " + std::to_string(header.height) + " after " +
                 std::to_string(previous->height));
        need(header.prev == before, finding::bad_prev_hash,
             "the header names " + hex(header.prev) + ", the one before has the hash " +
                 hex(before));
        need(header.time >= previous->time, finding::bad_time,
             "the block is dated " + std::to_string(previous->time - header.time) +
                 " seconds before the one before it");
        need(header.epoch >= previous->epoch, finding::bad_epoch,
             "the epoch falls from " + std::to_string(previous->epoch) + " to " +
                 std::to_string(header.epoch));
        need(header.rules >= previous->rules, finding::bad_rules, "the rules version falls");
    }
    need(header.rules <= newest_rules, finding::bad_rules,
         "the rules version " + std::to_string(header.rules) + " is newer than this program's " +
             std::to_string(newest_rules));
    return errors;
}

} // namespace tranchain
