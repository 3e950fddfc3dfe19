// Contract: chain's questions to the judge, and the judge's answers to the chain.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/contract.hpp"

#include <set>

#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain {

namespace {

class DealSession : public Session {
public:
    DealSession(std::string deal, std::unique_ptr<Judge> judge)
        : deal_(std::move(deal)), judge_(std::move(judge))
    {
    }

    Judgement judge(const Record& record, const RecordContext& context,
                    const std::vector<Row>* rows) override
    {
        Judgement answer;
        if (record.deal != deal_) {
            answer.ruling = Ruling::refused;
            answer.findings.push_back(
                make_finding(finding::bad_record, "it is of deal '" + record.deal + "'"));
            return answer;
        }
        Context asked;
        asked.height = context.height;
        asked.time = context.time;
        asked.author_roles = context.author_roles;
        const auto needed = approvers(judge_->approval_roles(record.type), record.author,
                                      context.holders);
        if (needed != record.approvals_required) {
            answer.ruling = Ruling::refused;
            answer.findings.push_back(make_finding(
                "wrong-approvals", "the terms ask for the approval of '" + join(needed, "', '") +
                                       "', the record names '" +
                                       join(record.approvals_required, "', '") + "'"));
            return answer;
        }
        // On a copy where the deal begins: terms of another deal must not leave a trace.
        std::unique_ptr<Judge> fresh;
        if (!judge_->has_terms()) fresh = std::make_unique<Judge>(*judge_);
        Verdict verdict = (fresh ? fresh : judge_)->judge(record, asked, rows);
        if (fresh && verdict.accepted()) {
            if (fresh->has_terms() && fresh->program().id == deal_) {
                judge_ = std::move(fresh);
            } else {
                verdict.kind = Verdict::Kind::refused;
                verdict.findings.push_back({Code::answer_no, "the terms are of another deal than '" +
                                                                 deal_ + "'", {}, {}, "other-deal"});
            }
        }
        switch (verdict.kind) {
        case Verdict::Kind::accepted: answer.ruling = Ruling::accepted; break;
        case Verdict::Kind::refused: answer.ruling = Ruling::refused; break;
        case Verdict::Kind::not_yet: answer.ruling = Ruling::not_yet; break;
        }
        for (const Error& e : verdict.findings)
            answer.findings.push_back({e.id.empty() ? std::string(finding::refused_record) : e.id,
                                       e.message, -1, {}, {}, e.where.file});
        answer.waits_for = std::move(verdict.waits_for);
        answer.not_checked = std::move(verdict.not_checked);
        return answer;
    }

    [[nodiscard]] std::string public_state() const override { return judge_->public_state(); }
    [[nodiscard]] std::string private_state() const override { return judge_->private_state(); }
    [[nodiscard]] Judge& inner() { return *judge_; }

private:
    std::string deal_;
    std::unique_ptr<Judge> judge_;
};

}  // namespace

std::vector<std::string>
approvers(const std::vector<std::string>& roles, const std::string& author,
          const std::map<std::string, std::vector<std::string>>& holders)
{
    std::set<std::string> names;
    for (const std::string& role : roles)
        if (const auto at = holders.find(role); at != holders.end())
            names.insert(at->second.begin(), at->second.end());
    names.erase(author);
    return {names.begin(), names.end()};
}

Result<std::unique_ptr<Session>>
DealContract::open(const std::string& deal, const std::optional<std::string>& public_state,
                   const std::optional<std::string>& private_state) const
{
    if (!public_state)
        return std::make_unique<DealSession>(
            deal, std::make_unique<Judge>(rows_ ? Judge::Rows::present : Judge::Rows::absent));
    if (rows_ && !private_state)
        return fail(Code::invalid_input,
                    "the rows of deal '" + deal + "' are missing beside the database", {},
                    "import a bundle exported --to this member");
    std::optional<std::string_view> rows;
    if (rows_) rows = *private_state;
    TRANCHAIN_TRY(auto judge, Judge::open(*public_state, rows));
    return std::make_unique<DealSession>(deal, std::move(judge));
}

Judge& judge_of(Session& session)
{
    return static_cast<DealSession&>(session).inner();
}

}  // namespace tranchain
