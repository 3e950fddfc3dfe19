// Takeover: read, written and judged. The rule `base_follows` of tests/model.hpp is check_takeover.
// SPDX-License-Identifier: Apache-2.0
#include "chain/takeover.hpp"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "chain/block.hpp"
#include "chain/governance.hpp"

namespace tranchain {

namespace {

template <class T> bool is_sorted_by_member(const std::vector<T>& list)
{
    return std::ranges::adjacent_find(list, std::greater_equal<>(), &T::member) == list.end();
}

/// The steps of check_takeover, each adding what it finds.
class TakeoverCheck {
public:
    TakeoverCheck(const Takeover& t, const Below& below, const ChainState& after)
        : t_(t), below_(below), after_(after)
    {
    }
    Findings found;

    /// False when there is nothing that the rest could be judged by.
    bool form()
    {
        if (t_.statements.empty()) {
            add(finding::bad_takeover, "it holds no statement");
            return false;
        }
        const Freeze& first = t_.statements.front();
        if (!is_sorted_by_member(t_.statements) || !is_sorted_by_member(t_.ready))
            add(finding::bad_takeover, "statements and answers are not by member, one of each");
        for (const Freeze& s : t_.statements)
            if (s.chain != after_.chain || s.epoch != first.epoch || s.orderer != first.orderer ||
                s.log_key != first.log_key)
                add(finding::bad_takeover,
                    fmt::format("the statement of '{}' is for epoch {} of '{}' under '{}', not for "
                                "epoch {} of '{}' under '{}' and one log key",
                                s.member, s.epoch, s.chain, s.orderer, first.epoch, after_.chain,
                                first.orderer));
        if (first.epoch <= after_.epoch)
            add(finding::bad_takeover,
                fmt::format("epoch {} is not above {}, which is in force", first.epoch,
                            after_.epoch));
        return true;
    }
    /// q of the members before the block below, and q of those after it. That block may have given a
    /// member another key: either is his, and he is one member in both sets.
    void signatures()
    {
        std::size_t before = 0;
        std::size_t after = 0;
        for (const Freeze& s : t_.statements) {
            if (!is_signed_by_one(s, below_.voters) && !is_signed_by_one(s, after_.members)) {
                add(finding::bad_freeze,
                    fmt::format("the statement of '{}' is not signed by a member's key", s.member));
                continue;
            }
            before += below_.voters.find(s.member) ? 1U : 0U;
            after += after_.members.find(s.member) ? 1U : 0U;
        }
        enough(before, below_.voters, "before");
        enough(after, after_.members, "after");
    }
    /// Nothing newer than the block below is named, and the block itself is. That a statement about a
    /// newer header spoils the record, and does not count as one about none, keeps whoever makes the
    /// record from hiding a header by leaving its answers away; honest statements have their proof.
    void base()
    {
        std::optional<Freeze::Endorsed> named;
        for (const Freeze& s : t_.statements)
            if (s.endorsed && s.endorsed->header == below_.header &&
                (!named || standing_of(*named) < standing_of(*s.endorsed)))
                named = s.endorsed;
        if (!named || named->epoch != below_.epoch || named->height != below_.height)
            return add(finding::stale_base,
                       fmt::format("no statement names block {}, header {}, which it goes on after",
                                   below_.height, hex(below_.header)));
        for (const Freeze& s : t_.statements) {
            if (!s.endorsed || standing_of(*s.endorsed) < standing_of(*named) ||
                *s.endorsed == *named)
                continue;
            add(finding::stale_base,
                fmt::format("'{}' endorsed header {} (epoch {}, height {}, attempt {}), which the "
                            "block below is not newer than",
                            s.member, hex(s.endorsed->header), s.endorsed->epoch,
                            s.endorsed->height, s.endorsed->attempt));
        }
        proof(*named);
    }
    void successor()
    {
        const Freeze& first = t_.statements.front();
        if (!after_.members.find(first.orderer))
            add(finding::bad_change,
                fmt::format("'{}' cannot order: no member", first.orderer));
        if (const auto owner = owner_of(after_, first.log_key))
            add(finding::bound_key,
                fmt::format("the log key '{}' is bound to {} for ever", to_text(first.log_key),
                            owner->empty() ? "the log" : "'" + *owner + "'"));
    }

private:
    void add(std::string_view id, std::string message)
    {
        found.push_back(make_finding(id, std::move(message)));
    }
    void enough(std::size_t count, const MemberSet& members, std::string_view when)
    {
        if (count < members.quorum())
            add(finding::no_quorum,
                fmt::format("{} of the members {} block {} signed a statement, {} must", count, when,
                            below_.height, members.quorum()));
    }
    /// Block 0 is final with everybody's endorsement; any other header has q ready answers.
    void proof(const Freeze::Endorsed& named)
    {
        if (below_.height == 0) {
            if (!t_.ready.empty() || named.attempt != 1)
                add(finding::unproved_base, "block 0 has one attempt and no ready answers");
            return;
        }
        const std::size_t ready =
            count_ready(t_.ready, after_.chain, named.epoch, named.height, named.attempt,
                        named.header, below_.voters);
        if (ready != t_.ready.size() || ready < below_.voters.quorum())
            add(finding::unproved_base,
                fmt::format("{} of its {} answers are good ready ones for header {}, {} are needed",
                            ready, t_.ready.size(), hex(named.header), below_.voters.quorum()));
    }

    const Takeover& t_;
    const Below& below_;
    const ChainState& after_;
};

} // namespace

Json Takeover::to_json() const
{
    Json json;
    Json::Array freezes;
    for (const Freeze& s : statements) freezes.push_back(s.to_json());
    Json::Array answers;
    for (const ReadyAnswer& a : ready) answers.push_back(a.to_json());
    json["ready"] = std::move(answers);
    json["statements"] = std::move(freezes);
    return json;
}

Checked<Takeover> Takeover::from_json(const Json& json)
{
    Errors errors;
    Fields f(json, "takeover record");
    Takeover out;
    const auto read = [&errors](auto& list, auto parsed) {
        if (parsed) return list.push_back(std::move(*parsed));
        for (Error& e : parsed.error()) errors.push_back(std::move(e));
    };
    for (const Json& one : f.array("statements")) read(out.statements, Freeze::from_json(one));
    for (const Json& one : f.array("ready")) read(out.ready, ReadyAnswer::from_json(one));
    for (Error& e : f.finish()) errors.push_back(std::move(e));
    if (!errors.empty()) return tl::make_unexpected(std::move(errors));
    return out;
}

Record Takeover::record() const
{
    Record out;
    out.chain = statements.front().chain;
    out.type = "takeover";
    out.public_part = to_json();
    return out;
}

Standing standing_of(const Freeze::Endorsed& e)
{
    return {e.epoch, e.height, e.attempt};
}

bool is_signed_by_one(const Freeze& s, const MemberSet& members)
{
    const Member* m = members.find(s.member);
    return m != nullptr && s.verify(m->key);
}

Freeze::Endorsed newest_of(const Takeover& takeover)
{
    Freeze::Endorsed newest;
    for (const Freeze& s : takeover.statements)
        if (s.endorsed && (newest.header == Hash{} || standing_of(newest) < standing_of(*s.endorsed)))
            newest = *s.endorsed;
    return newest;
}

Findings check_takeover(const Takeover& takeover, const Below& below, const ChainState& after)
{
    TakeoverCheck check(takeover, below, after);
    if (!check.form()) return std::move(check.found);
    check.signatures();
    check.base();
    check.successor();
    return std::move(check.found);
}

Judgement take_over(const Record& r, const Below& below, ChainState& state)
{
    const auto refused = [](Findings findings) {
        return Judgement{Ruling::refused, std::move(findings), {}, {}};
    };
    if (r.rows != 0 || r.business_date || r.covers || r.corrects || r.replaces)
        return refused({make_finding(finding::bad_record, "a takeover record has no rows, days or "
                                                          "corrections, and replaces none")});
    const auto takeover = Takeover::from_json(r.public_part);
    if (!takeover)
        return refused({make_finding(finding::bad_takeover, takeover.error().front().message)});
    if (Findings found = check_takeover(*takeover, below, state); !found.empty())
        return refused(std::move(found));
    const Freeze& first = takeover->statements.front();
    state.former[state.log_key] = "";
    state.epoch = first.epoch;
    state.orderer = first.orderer;
    state.log_key = first.log_key;
    return {};
}

bool begins_with_takeover(std::string_view body)
{
    const auto first = SignedRecord::parse(body.substr(0, body.find('\n')));
    return first && first->record.type == "takeover";
}

bool carries(std::string_view next_header, std::string_view next_body, std::string_view header)
{
    const auto next = Header::parse(next_header);
    const auto own = Header::parse(header);
    return next && own && own->height > 0 && next->prev == sha256(header) &&
           next->height == own->height + 1 && next->epoch > own->epoch &&
           begins_with_takeover(next_body);
}

} // namespace tranchain
