// Sign: records with signatures, and the answers and statements of members.
// SPDX-License-Identifier: Apache-2.0
#include "chain/sign.hpp"

#include <algorithm>
#include <set>

#include "chain/finding.hpp"
#include "data/merkle.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

Signature read_signature(Fields& fields)
{
    const std::string text = fields.text("signature");
    if (text.empty()) {
        return {};
    }
    auto signature = parse_signature(text);
    if (!signature) {
        fields.add("signature", "is not base64 of 64 bytes");
    }
    return signature.value_or(Signature{});
}

std::string read_member(Fields& fields)
{
    std::string name = fields.text("member");
    if (!is_member_name(name)) {
        fields.add("member", "is not a member's name");
    }
    return name;
}

} // namespace

Json SignedRecord::to_json() const
{
    Json::Array list;
    for (const auto& one : signatures) {
        list.push_back(
            Json::object({{"member", one.member}, {"signature", to_text(one.signature)}}));
    }
    return Json::object({{"record", record.to_json()}, {"signatures", std::move(list)}});
}

std::string SignedRecord::canonical() const
{
    return to_json().canonical();
}
Hash SignedRecord::leaf() const
{
    return leaf_hash(canonical());
}

Checked<SignedRecord> SignedRecord::from_json(const Json& json)
{
    Errors errors;
    Fields fields(json, "signed record");
    SignedRecord out;
    if (auto record = Record::from_json(fields.object("record"))) {
        out.record = *std::move(record);
    } else {
        append(errors, record.error());
    }
    for (const Json& item : fields.array("signatures")) {
        Fields one(item, "signature");
        std::string member = read_member(one);
        out.signatures.push_back({std::move(member), read_signature(one)});
        append(errors, one.finish());
    }
    const auto order = std::ranges::adjacent_find(out.signatures, std::greater_equal<>(),
                                                  &RecordSignature::member);
    if (order != out.signatures.end()) {
        fields.add("signatures", "is not sorted by member without repeats");
    }
    append(errors, fields.finish());
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    return out;
}

Checked<SignedRecord> SignedRecord::parse(std::string_view canonical_bytes)
{
    auto json = parse_canonical(canonical_bytes);
    if (!json) {
        return tl::make_unexpected(Errors{json.error()});
    }
    return from_json(*json);
}

void SignedRecord::sign(const Key& key, const std::string& member)
{
    const RecordSignature made{member, key.sign(record.signed_text())};
    const auto place = std::ranges::lower_bound(signatures, member, {}, &RecordSignature::member);
    if (place != signatures.end() && place->member == member) {
        *place = made;
    } else {
        signatures.insert(place, made);
    }
}

std::vector<std::string> SignedRecord::signers_needed() const
{
    std::set<std::string> names(record.approvals_required.begin(), record.approvals_required.end());
    if (!record.author.empty()) {
        names.insert(record.author);
    }
    return {names.begin(), names.end()};
}

std::vector<std::string> SignedRecord::signers_missing() const
{
    std::vector<std::string> out;
    for (auto& name : signers_needed()) {
        if (std::ranges::find(signatures, name, &RecordSignature::member) == signatures.end()) {
            out.push_back(std::move(name));
        }
    }
    return out;
}

Errors check_signatures(const SignedRecord& record, const MemberSet& members)
{
    Errors errors;
    const auto needed = record.signers_needed();
    const std::string text = record.record.signed_text();
    for (const auto& one : record.signatures) {
        const Member* member = members.find(one.member);
        if (member == nullptr) {
            errors.push_back(
                found(finding::unknown_signer, "'" + one.member + "' signed, but is not a member"));
        } else if (!std::ranges::binary_search(needed, one.member)) {
            errors.push_back(found(finding::unwanted_signature,
                                   "'" + one.member +
                                       "' signed, but is neither author nor a required approver"));
        } else if (!verify(member->key, text, one.signature)) {
            errors.push_back(
                found(finding::bad_record_signature,
                      "the signature of '" + one.member + "' does not fit the record"));
        }
    }
    for (const auto& name : record.signers_missing()) {
        errors.push_back(
            found(finding::missing_signature, "the signature of '" + name + "' is missing"));
    }
    return errors;
}

std::string_view name(Stance verdict)
{
    switch (verdict) {
    case Stance::ready:
        return "ready";
    case Stance::refused:
        return "refused";
    case Stance::not_yet:
        return "not_yet";
    }
    return {};
}

namespace {

Json body_of(const ReadyAnswer& answer)
{
    Json json;
    json["answer"] = name(answer.verdict);
    json["attempt"] = answer.attempt;
    json["chain"] = answer.chain;
    json["epoch"] = answer.epoch;
    json["header"] = hex(answer.header);
    json["height"] = answer.height;
    json["member"] = answer.member;
    if (!answer.reason.empty()) {
        json["reason"] = answer.reason;
    }
    return json;
}

Json body_of(const Freeze& freeze)
{
    Json json;
    json["chain"] = freeze.chain;
    if (freeze.endorsed) {
        json["endorsed"] = Json::object({{"attempt", freeze.endorsed->attempt},
                                         {"epoch", freeze.endorsed->epoch},
                                         {"header", hex(freeze.endorsed->header)},
                                         {"height", freeze.endorsed->height}});
    }
    json["epoch"] = freeze.epoch;
    json["log_key"] = to_text(freeze.log_key);
    json["member"] = freeze.member;
    json["orderer"] = freeze.orderer;
    return json;
}

} // namespace

std::string ReadyAnswer::signed_text() const
{
    return "tranchain/ready/v1\n" + body_of(*this).canonical();
}

void ReadyAnswer::sign(const Key& key)
{
    signature = key.sign(signed_text());
}

bool ReadyAnswer::verify(const PublicKey& key) const
{
    return tranchain::verify(key, signed_text(), signature);
}

Json ReadyAnswer::to_json() const
{
    return Json::object({{"answer", body_of(*this)}, {"signature", to_text(signature)}});
}

std::string ReadyAnswer::canonical() const
{
    return to_json().canonical();
}

Checked<ReadyAnswer> ReadyAnswer::from_json(const Json& json)
{
    Fields outer(json, "answer file");
    Fields fields(outer.object("answer"), "answer");
    ReadyAnswer out;
    const std::string verdict = fields.text("answer");
    if (verdict == name(Stance::refused)) {
        out.verdict = Stance::refused;
    } else if (verdict == name(Stance::not_yet)) {
        out.verdict = Stance::not_yet;
    } else if (verdict != name(Stance::ready)) {
        fields.add("answer", "is not ready, refused or not_yet");
    }
    out.attempt = fields.integer_from("attempt", 1);
    out.chain = fields.text("chain");
    out.epoch = fields.integer_from("epoch", 1);
    out.header = fields.digest("header");
    out.height = fields.integer_from("height", 0);
    out.member = read_member(fields);
    if (fields.has("reason")) {
        out.reason = fields.text("reason");
    }
    if ((out.verdict == Stance::ready) != out.reason.empty()) {
        fields.add("reason", "is given exactly when the answer is not ready");
    }
    out.signature = read_signature(outer);
    auto errors = fields.finish();
    if (fields.has("reason") && out.reason.empty() && out.verdict == Stance::ready) {
        errors.push_back({Code::invalid_input, "answer.reason is empty; leave it out", {}, {}});
    }
    append(errors, outer.finish());
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    return out;
}

Checked<ReadyAnswer> ReadyAnswer::parse(std::string_view canonical_bytes)
{
    auto json = parse_canonical(canonical_bytes);
    if (!json) {
        return tl::make_unexpected(Errors{json.error()});
    }
    return from_json(*json);
}

std::size_t count_ready(std::span<const ReadyAnswer> answers,
                        std::string_view chain,
                        std::int64_t epoch,
                        std::int64_t height,
                        std::int64_t attempt,
                        const Hash& header,
                        const MemberSet& members)
{
    std::set<std::string_view> ready;
    for (const ReadyAnswer& answer : answers) {
        const Member* member = members.find(answer.member);
        if (member != nullptr && answer.verdict == Stance::ready && answer.chain == chain &&
            answer.epoch == epoch && answer.height == height && answer.attempt == attempt &&
            answer.header == header && !ready.contains(member->name) &&
            answer.verify(member->key)) {
            ready.insert(member->name);
        }
    }
    return ready.size();
}

std::string Freeze::signed_text() const
{
    return "tranchain/freeze/v1\n" + body_of(*this).canonical();
}

void Freeze::sign(const Key& key)
{
    signature = key.sign(signed_text());
}

bool Freeze::verify(const PublicKey& key) const
{
    return tranchain::verify(key, signed_text(), signature);
}

Json Freeze::to_json() const
{
    return Json::object({{"freeze", body_of(*this)}, {"signature", to_text(signature)}});
}

std::string Freeze::canonical() const
{
    return to_json().canonical();
}

namespace {

/// Everything but the signature; problems of `fields` itself are left to its finish().
Freeze read_freeze(Fields& fields, Errors& errors)
{
    Freeze out;
    out.chain = fields.text("chain");
    if (fields.has("endorsed")) {
        Fields endorsed(fields.object("endorsed"), "freeze.endorsed");
        Freeze::Endorsed e;
        e.attempt = endorsed.integer_from("attempt", 1);
        e.epoch = endorsed.integer_from("epoch", 1);
        e.header = endorsed.digest("header");
        e.height = endorsed.integer_from("height", 0);
        out.endorsed = e;
        append(errors, endorsed.finish());
    }
    out.epoch = fields.integer_from("epoch", 2);
    if (auto key = parse_public_key(fields.text("log_key"))) {
        out.log_key = *key;
    } else {
        fields.add("log_key", "is no public key");
    }
    out.member = read_member(fields);
    out.orderer = fields.text("orderer");
    append(errors, fields.finish());
    return out;
}

} // namespace

Checked<Freeze> Freeze::from_json(const Json& json)
{
    Errors errors;
    Fields outer(json, "freeze file");
    Fields fields(outer.object("freeze"), "freeze");
    Freeze out = read_freeze(fields, errors);
    out.signature = read_signature(outer);
    append(errors, outer.finish());
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    return out;
}

Checked<Freeze> Freeze::parse(std::string_view canonical_bytes)
{
    auto json = parse_canonical(canonical_bytes);
    if (!json) {
        return tl::make_unexpected(Errors{json.error()});
    }
    return from_json(*json);
}

std::string Freeze::intent() const
{
    return body_of(*this).canonical();
}

Checked<Freeze> Freeze::from_intent(std::string_view canonical_bytes)
{
    auto json = parse_canonical(canonical_bytes);
    if (!json) {
        return tl::make_unexpected(Errors{json.error()});
    }
    Errors errors;
    Fields fields(*json, "freeze");
    Freeze out = read_freeze(fields, errors);
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    return out;
}

} // namespace tranchain
