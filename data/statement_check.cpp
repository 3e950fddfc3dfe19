// Statement check: whether statements add up, follow one another and say nothing twice.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include <fmt/core.h>

#include "data/statement.hpp"

namespace tranchain {

namespace {

using Statements = std::span<const BankStatement>;

/// A difference of sums that are each in range, but not of Money's own range.
std::string amount_text(std::int64_t fen)
{
    return fmt::format("{}{}.{:02}", fen < 0 ? "-" : "", std::abs(fen) / 100, std::abs(fen) % 100);
}

std::string place(const Source& where)
{
    return fmt::format("{}:{}", where.file, where.line);
}

class Checker {
public:
    explicit Checker(Statements all) : all_(all), checks_(all.size()) {}

    std::vector<StatementCheck> run()
    {
        for (std::size_t i = 0; i < all_.size(); ++i) {
            balance(i);
            sums(i);
            running(i);
        }
        in_order();
        entries();
        std::vector<StatementCheck> list;
        for (auto& of_one : checks_)
            for (auto& c : of_one) list.push_back(std::move(c));
        return list;
    }

private:
    void add(std::size_t i, std::string id, Holds holds, std::string detail, Source where = {})
    {
        checks_[i].push_back({i, std::move(id), holds, std::move(detail),
                              where.file.empty() ? all_[i].where : std::move(where)});
    }

    void balance(std::size_t i)
    {
        const BankStatement& s = all_[i];
        if (!s.opening || !s.closing) {
            add(i, "balance", Holds::skipped,
                s.opening   ? "no closing balance is stated"
                : s.closing ? "no opening balance is stated"
                            : s.format + " states no balances");
            return;
        }
        const std::int64_t due =
            s.opening->amount.in_fen() + s.credits().in_fen() - s.debits().in_fen();
        const std::int64_t gap = s.closing->amount.in_fen() - due;
        if (gap == 0)
            add(i, "balance", Holds::yes, "opening + credits - debits = closing");
        else
            add(i, "balance", Holds::no,
                fmt::format("opening {} + credits {} - debits {} = {}, and closing says {}, {} {}",
                            s.opening->amount.str(), s.credits().str(), s.debits().str(),
                            amount_text(due), s.closing->amount.str(), amount_text(std::abs(gap)),
                            gap < 0 ? "less" : "more"),
                s.closing->where);
    }

    void sums(std::size_t i)
    {
        const BankStatement& s = all_[i];
        const auto one = [&](const std::optional<Money>& stated, Money read, const char* what) {
            if (!stated) return;
            if (*stated == read)
                add(i, "sums", Holds::yes, fmt::format("{} are those stated", what));
            else
                add(i, "sums", Holds::no,
                    fmt::format("{} are {}, and the statement says {}", what, read.str(),
                                stated->str()));
        };
        one(s.stated_credits, s.credits(), "credits");
        one(s.stated_debits, s.debits(), "debits");
        const auto pending = std::count_if(s.entries.begin(), s.entries.end(),
                                           [](const BankEntry& e) { return !e.booked; });
        if (pending > 0)
            add(i, "pending", Holds::skipped,
                fmt::format("{} not booked yet, left out of all sums", pending));
    }

    void running(std::size_t i)
    {
        const auto& entries = all_[i].entries;
        bool any = false;
        for (std::size_t k = 1; k < entries.size(); ++k) {
            if (!entries[k].balance || !entries[k - 1].balance) continue;
            any = true;
            const std::int64_t due = entries[k - 1].balance->in_fen() + entries[k].amount.in_fen();
            if (due == entries[k].balance->in_fen()) continue;
            add(i, "running", Holds::no,
                fmt::format("balance {} after {} should be {}", entries[k].balance->str(),
                            entries[k].amount.str(), amount_text(due)),
                entries[k].where);
        }
        if (any && (checks_[i].empty() || checks_[i].back().id != "running"))
            add(i, "running", Holds::yes, "each balance is the one before plus the amount");
    }

    /// What follows what, account by account.
    void in_order()
    {
        std::optional<std::size_t> before;
        for (const std::size_t i : order_of_statements(all_)) {
            const BankStatement& s = all_[i];
            const bool follows = before && all_[*before].account == s.account &&
                                 all_[*before].currency == s.currency;
            if (follows && same_statement(all_[*before], s)) {
                add(i, "duplicate", Holds::no,
                    "the same statement as " + place(all_[*before].where));
                repeated_.insert(i);
                continue; // what follows is compared with the first
            }
            if (follows) {
                chain(i, all_[*before]);
                sequence(i, all_[*before]);
            } else {
                add(i, "chain", Holds::skipped, "no statement before it was given");
            }
            before = i;
        }
    }

    void chain(std::size_t i, const BankStatement& before)
    {
        const BankStatement& s = all_[i];
        if (!before.closing || !s.opening)
            add(i, "chain", Holds::skipped,
                before.closing ? "no opening balance is stated"
                               : "no closing balance before it is stated");
        else if (before.closing->amount == s.opening->amount)
            add(i, "chain", Holds::yes, "opens with the closing balance before");
        else
            add(i, "chain", Holds::no,
                fmt::format("opens with {}, and {} closes with {}: a statement between them is "
                            "missing, or one is wrong",
                            s.opening->amount.str(), place(before.where),
                            before.closing->amount.str()),
                s.opening->where);
    }

    void sequence(std::size_t i, const BankStatement& before)
    {
        const BankStatement& s = all_[i];
        const std::string pair =
            fmt::format("{}{} follows {}{}", s.number, s.page ? fmt::format("/{}", s.page) : "",
                        before.number, before.page ? fmt::format("/{}", before.page) : "");
        const bool page = s.number == before.number && s.page == before.page + 1 && before.page > 0;
        const bool next = s.number == before.number + 1;
        const bool year = s.number == 1 && s.last_day().year() > before.last_day().year();
        if (s.number == 0 || before.number == 0)
            add(i, "sequence", Holds::skipped, "the bank does not number its statements");
        else if (s.format != before.format)
            add(i, "sequence", Holds::skipped,
                fmt::format("{} follows {}", s.format, before.format));
        else if (page || next || year)
            add(i, "sequence", Holds::yes, pair);
        else
            add(i, "sequence", Holds::no,
                pair + (s.number > before.number ? ": statements between them are missing"
                                                 : ": a number was used before"));
    }

    using Key = std::tuple<std::string, std::string, Date, std::int64_t, std::string>;
    /// Entries told twice, and reversals with what they undo.
    void entries()
    {
        std::map<Key, const BankEntry*> by_reference;
        std::map<std::tuple<std::string, std::string, std::int64_t>, std::vector<const BankEntry*>>
            by_amount;
        for (const std::size_t i : order_of_statements(all_)) {
            const BankStatement& s = all_[i];
            if (repeated_.contains(i)) continue;
            for (const BankEntry& e : s.entries) {
                if (!e.booked) continue;
                twice(i, e, by_reference);
                auto& same = by_amount[{s.account, s.currency, e.amount.in_fen()}];
                if (e.reversal) {
                    auto& undone = by_amount[{s.account, s.currency, -e.amount.in_fen()}];
                    if (undone.empty())
                        add(i, "reversal", Holds::skipped,
                            fmt::format("{} undoes an entry that is not in these files",
                                        e.amount.str()),
                            e.where);
                    else {
                        add(i, "reversal", Holds::yes,
                            fmt::format("{} undoes {}", e.amount.str(),
                                        place(undone.back()->where)),
                            e.where);
                        undone.pop_back();
                    }
                } else {
                    same.push_back(&e);
                }
            }
        }
    }

    void twice(std::size_t i, const BankEntry& e, std::map<Key, const BankEntry*>& seen)
    {
        if (e.bank_reference.empty()) return; // two equal payments are no rarity
        const auto [first, fresh] = seen.insert(
            {{all_[i].account, e.bank_reference, e.date, e.amount.in_fen(), e.text}, &e});
        if (!fresh)
            add(i, "duplicate-entry", Holds::no,
                fmt::format("{} with the bank's reference '{}' stands at {} already",
                            e.amount.str(), e.bank_reference, place(first->second->where)),
                e.where);
    }

    Statements all_;
    std::vector<std::vector<StatementCheck>> checks_;
    std::set<std::size_t> repeated_;
};

} // namespace

std::vector<StatementCheck> check_statements(std::span<const BankStatement> statements)
{
    return Checker(statements).run();
}

bool same_statement(const BankStatement& a, const BankStatement& b)
{
    const auto balance = [](const std::optional<BankBalance>& x) {
        return x ? std::optional(std::pair(x->amount, x->date)) : std::nullopt;
    };
    return a.account == b.account && a.currency == b.currency && a.number == b.number &&
           a.page == b.page && a.from == b.from && a.to == b.to && a.id == b.id &&
           balance(a.opening) == balance(b.opening) && balance(a.closing) == balance(b.closing) &&
           std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                      [](const BankEntry& x, const BankEntry& y) {
                          return x.date == y.date && x.amount == y.amount && x.text == y.text &&
                                 x.bank_reference == y.bank_reference && x.reference == y.reference;
                      });
}

std::vector<std::size_t> order_of_statements(std::span<const BankStatement> statements)
{
    std::vector<std::size_t> order(statements.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const auto key = [&](std::size_t i) {
            const BankStatement& s = statements[i];
            return std::tuple(std::string_view(s.account), std::string_view(s.currency),
                              s.last_day(), s.number, s.page);
        };
        return key(a) < key(b);
    });
    return order;
}

} // namespace tranchain
