// Posting to the accounts of a deal.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/ledger.hpp"

#include <algorithm>
#include <utility>

#include "data/assert.hpp"

namespace tranchain {

namespace {

constexpr std::array<std::string_view, account_count> account_names{
    "bank", "collection_account", "unapplied", "income", "principal", "payable"};

std::size_t index(Account account)
{
    return static_cast<std::size_t>(account);
}

} // namespace

Account reserve_account(std::size_t i)
{
    invariant(i < reserves_limit);
    return static_cast<Account>(account_count + i);
}

std::string_view name(Account account)
{
    const std::size_t i = index(account);
    return i < account_count ? account_names[i] : "reserve";
}

Posting Posting::receipt(Date date, std::string why, Account claim, Money amount)
{
    return {date, std::move(why), {{Account::bank, amount}, {claim, -amount}}};
}

Posting Posting::payment(Date date, std::string why, Account claim, Money amount)
{
    return {date, std::move(why), {{claim, amount}, {Account::bank, -amount}}};
}

Posting Posting::transfer(Date date, std::string why, Account from, Account to, Money amount)
{
    return {date, std::move(why), {{from, amount}, {to, -amount}}};
}

Money Book::balance(Account account) const
{
    const std::size_t i = index(account);
    return i < account_count ? balances_[i] : reserves_.at(i - account_count);
}

Money& Book::at(Account account)
{
    const std::size_t i = index(account);
    return i < account_count ? balances_[i] : reserves_.at(i - account_count);
}

void Book::post(Posting posting, Journal* journal)
{
    Money sum;
    for (const auto& entry : posting.entries) sum += entry.amount;
    invariant(sum == zero);
    const bool nothing = std::all_of(posting.entries.begin(), posting.entries.end(),
                                     [](const auto& e) { return e.amount == zero; });
    if (nothing) return;
    for (const auto& [account, amount] : posting.entries) {
        if (account == Account::bank)
            at(account) += amount;
        else
            at(account) -= amount;
    }
    if (journal != nullptr) journal->push_back(std::move(posting));
}

std::optional<Account> Book::overdrawn() const
{
    for (std::size_t i = 0; i < size(); ++i) {
        const auto account = static_cast<Account>(i);
        if (balance(account) < zero) return account;
    }
    return std::nullopt;
}

void Book::restore(Account account, Money balance)
{
    at(account) = balance;
}

} // namespace tranchain
