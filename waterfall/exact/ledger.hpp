// Book: the accounts of a deal; every posting has two sides and sums to zero.
//
// The bank is what the custodian holds; all other accounts say whose it is: receipts not yet booked
// (collection account), receipts matched to nothing (unapplied), the income and principal ledgers,
// what was ordered to be paid and has not left the bank (payable), and the deal's reserves. So the
// bank's balance is always the sum of the others.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/date.hpp"
#include "data/money.hpp"

namespace tranchain {

/// stored by name: never rename
enum class Account : std::uint8_t {
    bank,
    collection_account,
    unapplied,
    income,
    principal,
    payable
    // the reserves of the deal follow
};
inline constexpr std::size_t account_count = 6; ///< that every deal has
inline constexpr std::size_t reserves_limit = 50;
/// The account of the i-th reserve of the program.
Account reserve_account(std::size_t i);
std::string_view name(Account account); ///< `reserve` for all of them

/// One movement. Entries are signed: the bank's increase is positive, a claim's increase negative.
struct Posting {
    struct Entry {
        Account account = Account::bank;
        Money amount;
        bool operator==(const Entry&) const = default;
    };
    Date date;
    std::string why;            ///< `receipt`, `income`, `purchase/2018-12-04/7`, ...
    std::vector<Entry> entries; ///< sum to zero
    bool operator==(const Posting&) const = default;

    static Posting receipt(Date date, std::string why, Account claim, Money amount);
    static Posting payment(Date date, std::string why, Account claim, Money amount);
    static Posting transfer(Date date, std::string why, Account from, Account to, Money amount);
};

using Journal = std::vector<Posting>;

class Book {
public:
    Book() = default;
    explicit Book(std::size_t reserves) : reserves_(reserves) {}
    [[nodiscard]] std::size_t size() const { return account_count + reserves_.size(); }
    [[nodiscard]] Money balance(Account account) const; ///< never negative in a sound state
    /// Entries must sum to zero (a bug otherwise). Appends to `journal` unless null; zero amounts
    /// are not posted.
    void post(Posting posting, Journal* journal);
    [[nodiscard]] std::optional<Account> overdrawn() const; ///< first account below zero
    bool operator==(const Book&) const = default;

    void restore(Account account, Money balance); ///< for reading a stored state only

private:
    Money& at(Account account);

    std::array<Money, account_count> balances_{}; ///< on each account's own side
    std::vector<Money> reserves_;
};

} // namespace tranchain
