// Executor: form, signatures, numbers, validity, rows; then the contract.
// SPDX-License-Identifier: Apache-2.0
#include "chain/executor.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "data/attempt.hpp"

namespace tranchain {

namespace {

Judgement refused(Findings findings)
{
    return {Ruling::refused, std::move(findings), {}, {}};
}

}  // namespace

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

Result<Judgement> Executor::judge(const SignedRecord& entry, std::int64_t height,
                                  std::int64_t time, const RowSource& rows, bool rows_needed)
{
    const Record& r = entry.record;
    const std::optional<Below> below = std::exchange(below_, {});
    if (Findings found = check_form(entry, time, state_); !found.empty()) return refused(std::move(found));

    if (below && r.type == "takeover") return take_over(r, *below, state_);
    if (is_governance(r.type)) return govern(entry, state_, enactment_);
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
    enact(enactment_, state_);
    return state_;
}

std::set<std::string> Executor::deals() const
{
    std::set<std::string> all = touched_;
    for (const auto& [deal, hash] : state_.deals) all.insert(deal);
    return all;
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
