// Matching: three rounds over the receipts, the surest first.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/matching.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <unordered_map>

#include <fmt/core.h>

#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::size_t most_for_sums = 24;   // receivables of one obligor among which sums are tried
constexpr std::size_t most_sums = 5'000'000; // tries

using Indices = std::vector<std::size_t>;

struct Candidate {
    const OpenReceivable* what = nullptr;
    Money unpaid;   ///< what this proposal has not taken yet
    Money diluted;  ///< recorded, not made good
    bool gone = false; ///< taken back
};

/// Letters, digits, '-' and '_'; everything else, Chinese text too, stands between words.
bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

std::vector<std::string> words_of(std::string_view text)
{
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t from = at;
        while (at < text.size() && is_word(text[at])) ++at;
        if (at > from) words.emplace_back(text.substr(from, at - from));
        else ++at;
    }
    return words;
}

template <std::size_t N>
bool says(std::string_view text, const std::array<std::string_view, N>& words)
{
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return text.find(word) != std::string_view::npos;
    });
}

constexpr std::array<std::string_view, 3> repurchase_words{"repurchase", "buy back", "回购"};
constexpr std::array<std::string_view, 3> interest_words{"interest", "结息", "利息"};
constexpr std::array<std::string_view, 3> support_words{"support", "差额支付", "差额补足"};

/// Some of the candidates whose unpaid amounts add up to a sum.
struct Sums {
    Indices first;         ///< the first found; empty if there is none
    bool only = false;     ///< no other was found, and all were tried
};

class Matcher {
public:
    Matcher(const std::vector<OpenReceivable>& receivables, Date from, Money claims)
        : from_(from), claims_(claims)
    {
        for (const OpenReceivable& r : receivables) {
            const Asset& a = *r.asset;
            candidates_.push_back({&r, a.unpaid_open(), a.diluted + a.diluted_open - a.made_good -
                                                            a.made_good_open});
        }
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            const OpenReceivable& r = *candidates_[i].what;
            by_word_[r.asset->id].push_back(i);
            if (!r.invoice_no.empty()) by_word_[r.invoice_no].push_back(i);
            if (!r.obligor_code.empty()) by_payer_[r.obligor_code].push_back(i);
            if (!r.obligor_name.empty()) by_payer_[r.obligor_name].push_back(i);
            by_owed_[candidates_[i].unpaid].push_back(i);
            by_owed_[candidates_[i].diluted].push_back(i);
        }
        for (auto& [word, of] : by_payer_) {
            by_due(of);
            of.erase(std::unique(of.begin(), of.end()), of.end());
        }
    }

    std::vector<ProposedAllocation> match(const std::vector<OpenReceipt>& receipts)
    {
        std::vector<const OpenReceipt*> waiting;
        for (const OpenReceipt& r : receipts) waiting.push_back(&r);
        std::sort(waiting.begin(), waiting.end(), [](const auto* a, const auto* b) {
            return std::pair(a->date, a->key) < std::pair(b->date, b->key);
        });
        for (const auto round : {&Matcher::by_reference, &Matcher::by_obligor, &Matcher::by_amount})
            std::erase_if(waiting, [&](const OpenReceipt* r) { return (this->*round)(*r); });
        for (const OpenReceipt* r : waiting)
            leave(*r, zero, "neither reference nor payer nor amount fits");
        std::stable_sort(out_.begin(), out_.end(), [](const auto& a, const auto& b) {
            return std::pair(a.allocation.date, a.allocation.receipt) <
                   std::pair(b.allocation.date, b.allocation.receipt);
        });
        return std::move(out_);
    }

private:
    [[nodiscard]] Date day_of(const OpenReceipt& r) const { return std::max(r.date, from_); }

    void by_due(Indices& of) const
    {
        std::sort(of.begin(), of.end(), [&](std::size_t a, std::size_t b) {
            const Asset& x = *candidates_[a].what->asset;
            const Asset& y = *candidates_[b].what->asset;
            return std::pair(x.due, std::string_view(x.id)) < std::pair(y.due, std::string_view(y.id));
        });
    }

    /// Those of `of` that are the plan's and open.
    [[nodiscard]] Indices open_of(const Indices& of, const OpenReceipt& r) const
    {
        Indices open;
        for (const std::size_t i : of) {
            const Candidate& c = candidates_[i];
            if (!c.gone && c.unpaid > zero && c.what->asset->settle <= day_of(r))
                open.push_back(i);
        }
        return open;
    }

    [[nodiscard]] Money unpaid_of(const Indices& of) const
    {
        Money sum;
        for (const std::size_t i : of) sum += candidates_[i].unpaid;
        return sum;
    }

    [[nodiscard]] std::string names_of(const Indices& of) const
    {
        if (of.size() > 3)
            return fmt::format("{} and {} more", candidates_[of.front()].what->asset->id, of.size() - 1);
        std::vector<std::string> ids;
        for (const std::size_t i : of) ids.push_back(candidates_[i].what->asset->id);
        return join(ids, ", ");
    }

    // ---- booking -------------------------------------------------------------------------------
    void add(const OpenReceipt& r, AllocationKind kind, const std::string& asset, Money amount,
             Confidence confidence, const std::string& reason)
    {
        out_.push_back({{day_of(r), r.key, asset, kind, amount}, confidence, reason});
    }

    /// What is booked now leaves unapplied cash, where it was.
    void take_from_unapplied(const OpenReceipt& r, Money booked)
    {
        const Money back = std::max(zero, booked - (r.left - r.unapplied));
        if (back > zero)
            add(r, AllocationKind::unapplied, "", zero - back, Confidence::exact,
                "from unapplied cash");
    }

    /// What is neither booked now nor was unapplied before.
    void leave(const OpenReceipt& r, Money booked, const std::string& reason)
    {
        const Money fresh = r.left - r.unapplied - booked;
        if (fresh > zero) add(r, AllocationKind::unapplied, "", fresh, Confidence::exact, reason);
    }

    /// Pays `of` in their order as far as the money goes; what is left is unapplied.
    void pay(const OpenReceipt& r, const Indices& of, Confidence confidence, const std::string& reason)
    {
        const Money booked = std::min(r.left, unpaid_of(of));
        take_from_unapplied(r, booked);
        Money left = booked;
        for (const std::size_t i : of) {
            Candidate& c = candidates_[i];
            const Money amount = std::min(left, c.unpaid);
            if (amount == zero) break;
            std::string why = reason;
            if (amount < c.unpaid)
                why += fmt::format("; {} stays unpaid: a part payment, or a set-off or credit note "
                                   "to be declared as dilution",
                                   (c.unpaid - amount).str());
            add(r, AllocationKind::payment, c.what->asset->id, amount, confidence, why);
            c.unpaid -= amount;
            by_owed_[c.unpaid].push_back(i);
            left -= amount;
        }
        leave(r, booked, fmt::format("{} more than {} owes", (r.left - booked).str(), names_of(of)));
    }

    // ---- the rounds ----------------------------------------------------------------------------
    bool by_reference(const OpenReceipt& r)
    {
        Indices all;
        for (const std::string& word : words_of(r.reference)) {
            const auto at = by_word_.find(word);
            if (at == by_word_.end()) continue;
            all.insert(all.end(), at->second.begin(), at->second.end());
        }
        by_due(all);
        all.erase(std::unique(all.begin(), all.end()), all.end());
        if (all.empty()) return is_support(r) || is_interest(r);
        if (taken_back(r, all) || made_good(r, all)) return true;
        const Indices named = open_of(all, r);
        if (named.empty()) return false;
        std::string reason = fmt::format("the reference names {}", names_of(named));
        const bool other = !r.counterparty.empty() && !pays_own(r, named.front());
        if (other) reason += fmt::format("; paid by {}, who is not its obligor", r.counterparty);
        const bool whole = r.left == unpaid_of(named);
        pay(r, named, whole ? Confidence::exact : Confidence::likely, reason);
        return true;
    }

    /// The payer is the obligor of the receivable.
    [[nodiscard]] bool pays_own(const OpenReceipt& r, std::size_t i) const
    {
        const OpenReceivable& owed = *candidates_[i].what;
        return r.obligor_code.empty() ? r.counterparty == owed.obligor_name
                                      : r.obligor_code == owed.obligor_code;
    }

    [[nodiscard]] bool is_of_obligor(const OpenReceipt& r) const
    {
        return by_payer_.contains(r.obligor_code) || by_payer_.contains(r.counterparty);
    }

    bool is_support(const OpenReceipt& r)
    {
        if (claims_ == zero || is_of_obligor(r) || !says(r.reference, support_words)) return false;
        const Money booked = std::min(r.left, claims_);
        const bool whole = r.left == claims_;
        take_from_unapplied(r, booked);
        add(r, AllocationKind::support, "", booked, whole ? Confidence::exact : Confidence::likely,
            fmt::format("the reference says support, of which {} is claimed", claims_.str()));
        leave(r, booked, fmt::format("{} more than is claimed of the supporter",
                                     (r.left - booked).str()));
        claims_ -= booked;
        return true;
    }

    bool is_interest(const OpenReceipt& r)
    {
        if (is_of_obligor(r) || !says(r.reference, interest_words)) return false;
        take_from_unapplied(r, r.left);
        add(r, AllocationKind::income, "", r.left, Confidence::likely, "the reference says interest");
        return true;
    }

    bool taken_back(const OpenReceipt& r, const Indices& all)
    {
        if (!says(r.reference, repurchase_words)) return false;
        const Indices named = open_of(all, r);
        Money price;
        for (const std::size_t i : named) {
            const Asset& a = *candidates_[i].what->asset;
            if (candidates_[i].unpaid != a.unpaid_open()) return false;
            price += repurchase_price(a, day_of(r));
        }
        if (named.empty() || price != r.left) return false;
        take_from_unapplied(r, r.left);
        for (const std::size_t i : named) {
            const Asset& a = *candidates_[i].what->asset;
            add(r, AllocationKind::repurchase, a.id, repurchase_price(a, day_of(r)), Confidence::exact,
                "the reference names it, the amount is the repurchase price");
            candidates_[i].gone = true;
        }
        return true;
    }

    /// The seller pays for a dilution: what was diluted is exactly this.
    bool made_good(const OpenReceipt& r, const Indices& all)
    {
        Indices owed;
        Money sum;
        for (const std::size_t i : all) {
            const Candidate& c = candidates_[i];
            if (c.diluted == zero) continue;
            owed.push_back(i);
            sum += c.diluted;
        }
        if (owed.empty() || sum != r.left || pays_own(r, owed.front())) return false;
        take_from_unapplied(r, r.left);
        for (const std::size_t i : owed) {
            add(r, AllocationKind::dilution, candidates_[i].what->asset->id, candidates_[i].diluted,
                Confidence::exact, "the reference names it, the amount is its dilution");
            candidates_[i].diluted = zero;
        }
        return true;
    }

    bool by_obligor(const OpenReceipt& r)
    {
        auto at = by_payer_.find(r.obligor_code);
        if (at == by_payer_.end()) at = by_payer_.find(r.counterparty);
        if (at == by_payer_.end()) return false;
        const Indices open = open_of(at->second, r);
        if (open.empty()) return false;
        Indices equal;
        for (const std::size_t i : open)
            if (candidates_[i].unpaid == r.left) equal.push_back(i);
        const Sums sums = sums_of(open, r.left);
        const Confidence sure = sums.only ? Confidence::likely : Confidence::weak;
        if (equal.size() == 1) {
            pay(r, equal, sure, "the amount is that of this one alone of the payer's");
        } else if (!equal.empty()) {
            const auto count = equal.size();
            equal.resize(1);
            pay(r, equal, Confidence::weak,
                fmt::format("the amount is that of {} of the payer's; this one falls due first", count));
        } else if (const auto oldest = run_of(open, r.left)) {
            pay(r, *oldest, sure,
                fmt::format("the amount is that of the {} of the payer's that fall due first", oldest->size()));
        } else if (!sums.first.empty()) {
            pay(r, sums.first, sure,
                fmt::format("the amount is the sum of {}{}", names_of(sums.first),
                            sums.only ? ", and of no others of the payer's" : "; others add up to it too"));
        } else {
            pay(r, open, Confidence::weak, "the payer is its obligor; what falls due first is paid first");
        }
        return true;
    }

    /// The first in the order of due dates, if they add up.
    [[nodiscard]] std::optional<Indices> run_of(const Indices& open, Money amount) const
    {
        Indices run;
        Money sum;
        for (const std::size_t i : open) {
            run.push_back(i);
            sum += candidates_[i].unpaid;
            if (sum == amount) return run;
            if (sum > amount) break;
        }
        return std::nullopt;
    }

    Sums sums_of(const Indices& open, Money amount)
    {
        const std::size_t size = std::min(open.size(), most_for_sums);
        std::vector<Money> rest(size + 1); // what all from there on add up to
        for (std::size_t i = size; i-- > 0;) rest[i] = rest[i + 1] + candidates_[open[i]].unpaid;
        Sums sums;
        std::size_t found = 0;
        Indices chosen;
        const auto search = [&](const auto& self, std::size_t at, Money left) -> void {
            if (found > 1 || tries_left_ == 0) return;
            --tries_left_;
            if (left == zero) {
                if (found++ == 0) sums.first = chosen;
                return;
            }
            if (at == size || left < zero || left > rest[at]) return;
            chosen.push_back(open[at]);
            self(self, at + 1, left - candidates_[open[at]].unpaid);
            chosen.pop_back();
            self(self, at + 1, left);
        };
        search(search, 0, amount);
        sums.only = found == 1 && tries_left_ > 0 && size == open.size();
        return sums;
    }

    bool by_amount(const OpenReceipt& r)
    {
        const auto at = by_owed_.find(r.left);
        if (at == by_owed_.end()) return false;
        std::set<std::size_t> paid, diluted;
        for (const std::size_t i : at->second) {
            const Candidate& c = candidates_[i];
            if (c.gone || c.what->asset->settle > day_of(r)) continue;
            if (c.unpaid == r.left) paid.insert(i);
            if (c.diluted == r.left) diluted.insert(i);
        }
        if (paid.size() + diluted.size() != 1) return false;
        if (!paid.empty()) {
            pay(r, {*paid.begin()}, Confidence::weak,
                "the amount is that of this one alone of all; the payer is not its obligor");
            return true;
        }
        Candidate& c = candidates_[*diluted.begin()];
        take_from_unapplied(r, r.left);
        add(r, AllocationKind::dilution, c.what->asset->id, r.left, Confidence::weak,
            "the amount is that of its dilution, and of nothing else");
        c.diluted = zero;
        return true;
    }

    Date from_;
    Money claims_; ///< on the supporter, less what is proposed
    std::vector<Candidate> candidates_;
    std::unordered_map<std::string, Indices> by_word_, by_payer_;
    std::map<Money, Indices> by_owed_; ///< unpaid or diluted now or before: to be looked at again
    std::size_t tries_left_ = most_sums; ///< of sums, in the whole proposal
    std::vector<ProposedAllocation> out_;
};

} // namespace

std::string_view name(Confidence confidence)
{
    switch (confidence) {
    case Confidence::exact: return "exact";
    case Confidence::likely: return "likely";
    case Confidence::weak: return "weak";
    }
    return "";
}

std::vector<ProposedAllocation> propose_allocations(const std::vector<OpenReceivable>& receivables,
                                                    const std::vector<OpenReceipt>& receipts,
                                                    Date from,
                                                    Money claims)
{
    return Matcher(receivables, from, claims).match(receipts);
}

} // namespace tranchain
