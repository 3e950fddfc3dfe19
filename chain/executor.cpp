// Executor: form, signatures, numbers, validity, rows; then the contract.
// SPDX-License-Identifier: Apache-2.0
#include "chain/executor.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "data/attempt.hpp"

namespace tranchain {

namespace {

// stored: never rename. Reserved ones are refused as unknown until a later issue builds them.
constexpr std::array<std::string_view, 10> executed_types = {
    "terms",  "snapshot",  "purchase", "statement",       "collections",
    "notice", "day_close", "dilution", "acknowledgement", "distribution"};

Judgement refused(Findings findings)
{
    return {Ruling::refused, std::move(findings), {}, {}};
}

}  // namespace

bool is_computed(std::string_view type)
{
    return type == "day_close" || type == "notice";
}

bool is_governance(std::string_view type)
{
    return type == "policy";
}

bool is_known_type(std::string_view type)
{
    return type == "insolvency" || is_governance(type) ||
           std::find(executed_types.begin(), executed_types.end(), type) != executed_types.end();
}

std::string describe(const Record& record)
{
    std::string text = record.type;
    if (!record.author.empty()) text += " of " + record.author;
    if (!record.deal.empty()) text += ", deal " + record.deal;
    if (record.seq > 0) text += fmt::format(", number {}", record.seq);
    return text;
}

Findings check_rows(const Record& record, const std::vector<Row>& rows)
{
    Findings found;
    if (static_cast<std::int64_t>(rows.size()) != record.rows)
        found.push_back(make_finding(finding::bad_rows_count,
                                     fmt::format("{} rows, but the record states {}", rows.size(),
                                                 record.rows)));
    for (std::size_t i = 1; i < rows.size(); ++i) {
        if (rows[i - 1].key < rows[i].key) continue;
        Finding f = make_finding(finding::bad_rows_order,
                                 rows[i - 1].key == rows[i].key ? "the key occurs twice"
                                                                : "rows are not sorted by key");
        f.row = rows[i].key;
        found.push_back(std::move(f));
        return found;
    }
    if (!rows.empty() && (!record.rows_root || rows_root(rows) != *record.rows_root))
        found.push_back(make_finding(finding::bad_rows_root,
                                     "the rows do not lead to the root that the record states"));
    return found;
}

Executor::Executor(const Contract& contract, ChainState state,
                   std::map<std::string, std::string> deals, PrivateSource private_state)
    : contract_(contract), state_(std::move(state)), deals_(std::move(deals)),
      private_source_(std::move(private_state))
{
}

Findings Executor::check_form(const SignedRecord& entry, std::int64_t time) const
{
    const Record& r = entry.record;
    Findings found;
    const auto add = [&](std::string_view id, std::string message) {
        found.push_back(make_finding(id, std::move(message)));
    };
    if (!is_known_type(r.type))
        add(finding::unknown_type, fmt::format("type '{}' is not known to tranchain " 
                                               TRANCHAIN_VERSION, r.type));
    if (r.chain != state_.chain)
        add(finding::bad_chain, fmt::format("it is for chain '{}', this is '{}'", r.chain,
                                            state_.chain));
    if (r.deal.empty() && !is_governance(r.type)) add(finding::bad_record, "it names no deal");
    if (!r.deal.empty() && is_governance(r.type))
        add(finding::bad_record, "it names a deal, but is of the whole chain");
    if (is_computed(r.type)) {
        if (!r.author.empty() || r.seq != 0 || r.valid_until != 0 || !r.approvals_required.empty())
            add(finding::bad_record, "a computed record has no author, number, approvals or "
                                     "valid_until");
    } else {
        if (r.valid_until < time)
            add(finding::expired_record, fmt::format("valid until {}, the block is of {}",
                                                     r.valid_until, time));
        else if (r.valid_until - time > state_.policy.valid_until_max)
            add(finding::bad_validity,
                fmt::format("valid for {} seconds after the block's time, the policy allows {}",
                            r.valid_until - time, state_.policy.valid_until_max));
        const std::int64_t next = state_.seq(r.deal, r.author) + 1;
        if (r.seq != next)
            add(finding::bad_seq,
                fmt::format("number {} of '{}', but number {} is next", r.seq, r.author, next));
    }
    for (const Error& e : check_signatures(entry, state_.members))
        found.push_back(finding_of(e, -1));
    return found;
}

Result<Session*> Executor::session(const std::string& deal)
{
    if (const auto it = sessions_.find(deal); it != sessions_.end()) return it->second.get();
    std::optional<std::string> public_state;
    std::optional<std::string> private_state;
    if (const auto it = deals_.find(deal); it != deals_.end()) {
        public_state = it->second;
        TRANCHAIN_TRY(private_state, private_source_(deal));
    }
    TRANCHAIN_TRY(auto session, contract_.open(deal, public_state, private_state));
    return sessions_.emplace(deal, std::move(session)).first->second.get();
}

/// Signatures are checked; the members in force before the block decide.
Judgement Executor::govern(const SignedRecord& entry)
{
    const Record& r = entry.record;
    const auto no = [](std::string_view id, std::string message) {
        return refused({make_finding(id, std::move(message))});
    };
    if (r.rows != 0 || r.business_date || r.covers || r.corrects)
        return no(finding::bad_record, "a policy has no rows, days or corrections");
    if (entry.signatures.size() < state_.members.quorum())
        return no(finding::no_quorum, fmt::format("{} members sign it, {} must",
                                                  entry.signatures.size(), state_.members.quorum()));
    Fields f(r.public_part, "policy record");
    const auto policy = Policy::from_json(f.object("policy"));
    if (!policy) return no(finding::bad_record, policy.error().front().message);
    if (const Errors e = f.finish(); !e.empty()) return no(finding::bad_record, e.front().message);
    if (next_policy_) return {Ruling::not_yet, {}, "the next block: one policy in a block", {}};
    next_policy_ = *policy;
    state_.seqs[{r.deal, r.author}] = r.seq;
    return {};
}

Result<Judgement> Executor::judge(const SignedRecord& entry, std::int64_t height,
                                  std::int64_t time, const RowSource& rows, bool rows_needed)
{
    const Record& r = entry.record;
    if (Findings found = check_form(entry, time); !found.empty()) return refused(std::move(found));

    if (is_governance(r.type)) return govern(entry);
    std::optional<std::vector<Row>> at_hand;
    if (r.rows > 0) {
        TRANCHAIN_TRY(at_hand, rows(r));
        if (!at_hand && rows_needed)
            return Judgement{Ruling::not_yet, {}, "the rows of " + describe(r), {}};
        if (!at_hand) not_checked_.insert("records not checked against their rows");
    } else {
        at_hand.emplace();
    }
    if (at_hand && !trust_rows_) {
        if (Findings found = check_rows(r, *at_hand); !found.empty())
            return refused(std::move(found));
    }
    RecordContext context;
    context.height = height;
    context.time = time;
    const auto roles = state_.members.roles(r.author);
    context.author_roles.assign(roles.begin(), roles.end());
    for (const RecordSignature& s : entry.signatures) context.signers.push_back(s.member);
    for (const Member& m : state_.members.all())
        for (const std::string& role : m.roles) context.holders[role].push_back(m.name);

    TRANCHAIN_TRY(Session * session, this->session(r.deal));
    Judgement judgement = session->judge(r, context, at_hand ? &*at_hand : nullptr);
    not_checked_.insert(judgement.not_checked.begin(), judgement.not_checked.end());
    if (judgement.ruling != Ruling::accepted) return judgement;
    if (r.seq > 0) state_.seqs[{r.deal, r.author}] = r.seq;
    touched_.insert(r.deal);
    stale_.insert(r.deal);
    return judgement;
}

const ChainState& Executor::state()
{
    for (const std::string& deal : stale_) {
        std::string& text = deals_[deal];
        text = sessions_.at(deal)->public_state();
        state_.deals[deal] = sha256(text);
    }
    stale_.clear();
    if (next_policy_) state_.policy = *next_policy_;
    next_policy_.reset();
    return state_;
}

std::map<std::string, std::string> Executor::deal_states()
{
    static_cast<void>(state());
    return deals_;
}

std::map<std::string, std::string> Executor::private_states() const
{
    std::map<std::string, std::string> all;
    for (const std::string& deal : touched_) {
        std::string bytes = sessions_.at(deal)->private_state();
        if (!bytes.empty()) all.emplace(deal, std::move(bytes));
    }
    return all;
}

}  // namespace tranchain
