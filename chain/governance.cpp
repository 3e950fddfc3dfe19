// Governance: form of records, and what changes of policy and members may be.
// SPDX-License-Identifier: Apache-2.0
#include "chain/governance.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace tranchain {

namespace {

// stored: never rename. Reserved ones are refused as unknown until a later issue builds them.
constexpr std::array<std::string_view, 15> executed_types = {
    "terms",     "snapshot", "purchase",        "statement",    "collections", "notice",
    "day_close", "dilution", "acknowledgement", "distribution", "insolvency",
    "instruction", "execution", "correction",      "document"};

Judgement refusal(std::string_view id, std::string message)
{
    return {Ruling::refused, {make_finding(id, std::move(message))}, {}, {}};
}

/// One change on the state before the block; the first thing that forbids it ends it.
class Change {
public:
    Change(const SignedRecord& entry, const MemberChange& change, const ChainState& before)
        : next(before), entry_(entry), change_(change), before_(before),
          members_(before.members.all().begin(), before.members.all().end())
    {
    }

    [[nodiscard]] bool apply()
    {
        const std::string& what = change_.change;
        const bool done = what == "add"      ? add()
                          : what == "rotate" ? rotate()
                          : what == "resume" ? resume()
                                             : leave();
        return done && order() && set();
    }

    ChainState next;
    Finding why;

private:
    bool no(std::string_view id, std::string message)
    {
        why = make_finding(id, std::move(message));
        return false;
    }
    bool is_free(const PublicKey& key, const std::string& whose)
    {
        const auto owner = owner_of(before_, key);
        if (!owner) return true;
        return no(finding::bound_key,
                  fmt::format("{} '{}' is bound to {} for ever", whose, to_text(key),
                              owner->empty() ? "the log" : "'" + *owner + "'"));
    }
    bool proved(const std::optional<PublicKey>& replaces)
    {
        const Member& m = *change_.member;
        if (verify(m.key, possession_text(before_.chain, m, replaces), change_.proof)) return true;
        return no(finding::no_possession,
                  fmt::format("the new key of '{}' did not sign that it is there", m.name));
    }

    bool add()
    {
        const Member& m = *change_.member;
        if (before_.members.find(m.name) || std::ranges::find(before_.suspended, m.name,
                                                              &Member::name) !=
                                                before_.suspended.end())
            return no(finding::bad_change, fmt::format("'{}' is a member already", m.name));
        if (!is_free(m.key, "the key") || !is_free(m.recovery_key, "the recovery key") ||
            !proved(std::nullopt))
            return false;
        members_.push_back(m);
        return true;
    }
    /// The member itself, by its old key; a quorum is not asked.
    bool rotate()
    {
        const Member& m = *change_.member;
        const auto old = std::ranges::find(members_, m.name, &Member::name);
        if (old == members_.end() || entry_.record.author != m.name)
            return no(finding::bad_change, "only a member itself gives up its key for another");
        Member wanted = *old;
        wanted.key = m.key;
        wanted.certificate = m.certificate;
        if (wanted != m)
            return no(finding::bad_change, "a rotation changes key and certificate only");
        if (!is_free(m.key, "the key") || !proved(old->key)) return false;
        next.former[old->key] = m.name;
        *old = m;
        return true;
    }
    bool resume()
    {
        const auto at = std::ranges::find(next.suspended, change_.name, &Member::name);
        if (at == next.suspended.end())
            return no(finding::bad_change, fmt::format("'{}' is not suspended", change_.name));
        members_.push_back(*at);
        next.suspended.erase(at);
        return true;
    }
    /// Removal, also of a suspended member, and suspension.
    bool leave()
    {
        const bool for_ever = change_.change == "remove";
        const auto at = std::ranges::find(members_, change_.name, &Member::name);
        const auto resting = std::ranges::find(next.suspended, change_.name, &Member::name);
        if (at == members_.end() && (resting == next.suspended.end() || !for_ever))
            return no(finding::bad_change, fmt::format("'{}' is not a member", change_.name));
        const Member gone = at == members_.end() ? *resting : *at;
        if (at == members_.end())
            next.suspended.erase(resting);
        else
            members_.erase(at);
        if (for_ever) {
            next.former[gone.key] = gone.name;
            next.former[gone.recovery_key] = gone.name;
        } else {
            next.suspended.insert(
                std::ranges::lower_bound(next.suspended, gone.name, {}, &Member::name), gone);
        }
        return true;
    }
    /// Who orders from the next block on: another one only where the orderer leaves.
    bool order()
    {
        const bool leaves =
            std::ranges::find(members_, before_.orderer, &Member::name) == members_.end();
        if (leaves != change_.orderer.has_value())
            return no(finding::bad_change,
                      leaves ? fmt::format("'{}' orders: the record must say who does after him",
                                           before_.orderer)
                             : "another orderer is named, but the orderer stays");
        if (!leaves) return true;
        const std::string& name = *change_.orderer;
        if (std::ranges::find(members_, name, &Member::name) == members_.end())
            return no(finding::bad_change, fmt::format("'{}' cannot order: no member", name));
        if (std::ranges::find(entry_.signatures, name, &RecordSignature::member) ==
            entry_.signatures.end())
            return no(finding::bad_change,
                      fmt::format("'{}' is to order, but does not sign that", name));
        if (!is_free(change_.log_key, "the log key")) return false;
        next.former[before_.log_key] = "";
        next.orderer = name;
        next.log_key = change_.log_key;
        ++next.epoch;
        return true;
    }
    bool set()
    {
        auto made = MemberSet::make(std::move(members_), next.log_key);
        if (!made) return no(finding::bad_change, made.error().front().message);
        next.members = std::move(*made);
        return true;
    }

    const SignedRecord& entry_;
    const MemberChange& change_;
    const ChainState& before_;
    std::vector<Member> members_;
};

Judgement change_policy(const Record& r, ChainState& state, Enactment& enactment)
{
    Fields f(r.public_part, "policy record");
    const auto policy = Policy::from_json(f.object("policy"));
    if (!policy) return refusal(finding::bad_record, policy.error().front().message);
    if (const Errors e = f.finish(); !e.empty())
        return refusal(finding::bad_record, e.front().message);
    if (enactment.policy)
        return {Ruling::not_yet, {}, "the next block: one policy in a block", {}};
    enactment.policy = *policy;
    state.seqs[{r.deal, r.author}] = r.seq;
    return {};
}

} // namespace

std::optional<std::string> owner_of(const ChainState& state, const PublicKey& key)
{
    const auto holds = [&](const Member& m) { return m.key == key || m.recovery_key == key; };
    for (const Member& m : state.members.all())
        if (holds(m)) return m.name;
    for (const Member& m : state.suspended)
        if (holds(m)) return m.name;
    if (key == state.log_key) return std::string();
    const auto it = state.former.find(key);
    return it == state.former.end() ? std::optional<std::string>{} : it->second;
}

Json MemberChange::to_json() const
{
    Json json;
    json["change"] = change;
    if (member) {
        json["member"] = member->to_json();
        json["proof"] = to_text(proof);
    } else {
        json["name"] = name;
    }
    if (orderer) {
        json["log_key"] = to_text(log_key);
        json["orderer"] = *orderer;
    }
    return json;
}

Checked<MemberChange> MemberChange::from_json(const Json& json)
{
    Fields f(json, "member record");
    Errors errors;
    MemberChange out;
    out.change = f.text("change");
    const std::array<std::string_view, 5> known = {"add", "rotate", "remove", "suspend", "resume"};
    if (std::ranges::find(known, out.change) == known.end())
        f.add("change", "is not add, rotate, remove, suspend or resume");
    if (out.change == "add" || out.change == "rotate") {
        if (auto member = Member::from_json(f.object("member"), "member record.member"))
            out.member = std::move(*member);
        else
            errors = member.error();
        if (const auto proof = parse_signature(f.text("proof")))
            out.proof = *proof;
        else
            f.add("proof", "is not base64 of 64 bytes");
    } else {
        out.name = f.text("name");
    }
    if (f.has("orderer")) {
        out.orderer = f.text("orderer");
        if (const auto key = parse_public_key(f.text("log_key")))
            out.log_key = *key;
        else
            f.add("log_key", "is no public key");
    }
    for (Error& e : f.finish()) errors.push_back(std::move(e));
    if (!errors.empty()) return tl::make_unexpected(std::move(errors));
    return out;
}

std::string possession_text(std::string_view chain,
                            const Member& member,
                            const std::optional<PublicKey>& replaces)
{
    Json json;
    json["chain"] = std::string(chain);
    json["member"] = member.to_json();
    if (replaces) json["replaces"] = to_text(*replaces);
    return "tranchain/rotation/v1\n" + json.canonical();
}

bool is_computed(std::string_view type)
{
    return type == "day_close" || type == "notice" || type == "takeover";
}

bool is_governance(std::string_view type)
{
    return type == "policy" || type == "member" || type == "takeover";
}

bool is_known_type(std::string_view type)
{
    return is_governance(type) || std::ranges::find(executed_types, type) != executed_types.end();
}

Findings check_form(const SignedRecord& entry, std::int64_t time, const ChainState& state)
{
    const Record& r = entry.record;
    Findings found;
    const auto add = [&](std::string_view id, std::string message) {
        found.push_back(make_finding(id, std::move(message)));
    };
    if (!is_known_type(r.type))
        add(finding::unknown_type,
            fmt::format("type '{}' is not known to tranchain " TRANCHAIN_VERSION, r.type));
    if (r.chain != state.chain)
        add(finding::bad_chain,
            fmt::format("it is for chain '{}', this is '{}'", r.chain, state.chain));
    if (r.deal.empty() && !is_governance(r.type)) add(finding::bad_record, "it names no deal");
    if (!r.deal.empty() && is_governance(r.type))
        add(finding::bad_record, "it names a deal, but is of the whole chain");
    if (is_computed(r.type)) {
        if (!r.author.empty() || r.seq != 0 || r.valid_until != 0 || !r.approvals_required.empty())
            add(finding::bad_record, "a computed record has no author, number, approvals or "
                                     "valid_until");
    } else {
        if (r.valid_until < time)
            add(finding::expired_record,
                fmt::format("valid until {}, the block is of {}", r.valid_until, time));
        else if (r.valid_until - time > state.policy.valid_until_max)
            add(finding::bad_validity,
                fmt::format("valid for {} seconds after the block's time, the policy allows {}",
                            r.valid_until - time, state.policy.valid_until_max));
        const std::int64_t next = state.seq(r.deal, r.author) + 1;
        if (r.seq != next)
            add(finding::bad_seq,
                fmt::format("number {} of '{}', but number {} is next", r.seq, r.author, next));
    }
    for (const Error& e : check_signatures(entry, state.members))
        found.push_back(finding_of(e, -1));
    return found;
}

Judgement govern(const SignedRecord& entry, ChainState& state, Enactment& enactment)
{
    const Record& r = entry.record;
    if (r.type == "takeover")
        return refusal(finding::bad_takeover,
                       "it is not the first record of a block that begins an epoch");
    if (r.rows != 0 || r.business_date || r.covers || r.corrects)
        return refusal(finding::bad_record,
                       fmt::format("a {} record has no rows, days or corrections", r.type));
    const auto change = r.type == "member" ? MemberChange::from_json(r.public_part)
                                           : Checked<MemberChange>(MemberChange());
    if (!change) return refusal(finding::bad_record, change.error().front().message);
    // Signatures are good and of different members, so each member counts once.
    if (change->change != "rotate" && entry.signatures.size() < state.members.quorum())
        return refusal(finding::no_quorum,
                       fmt::format("{} members sign it, {} must", entry.signatures.size(),
                                   state.members.quorum()));
    if (r.type == "policy") return change_policy(r, state, enactment);
    if (enactment.members)
        return {Ruling::not_yet, {}, "the next block: one change of members in a block", {}};
    Change judged(entry, *change, state);
    if (!judged.apply()) return {Ruling::refused, {judged.why}, {}, {}};
    enactment.members = std::move(judged.next);
    state.seqs[{r.deal, r.author}] = r.seq;
    return {};
}

bool enact(Enactment& enactment, ChainState& state)
{
    const bool any = enactment.policy || enactment.members;
    if (enactment.policy) state.policy = *enactment.policy;
    if (auto& next = enactment.members) {
        state.members = std::move(next->members);
        state.suspended = std::move(next->suspended);
        state.former = std::move(next->former);
        state.orderer = std::move(next->orderer);
        state.log_key = next->log_key;
        state.epoch = next->epoch;
    }
    enactment = {};
    return any;
}

} // namespace tranchain
