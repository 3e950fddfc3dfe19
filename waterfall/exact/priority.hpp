// Priority: pays the lines of a priority of payments from one book or two.
//
// Income lines that may be covered (fees and interest) draw on principal when the principal book
// opens with `cover income shortfall`; the draw uses what was there at the calculation date first.
// A line that reserves and facilities support draws on them after its own ledger, in the order
// written, and before a loan. A line `judge` looks at what the lines before it left, and what it finds
// holds for the lines after it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "waterfall/exact/distribution.hpp"

namespace tranchain {

/// A line `pay fees above cap` stands in it: what caps leave is due there, not with the fees.
bool pays_above_cap(const Priority& priority);

class PriorityRun {
public:
    /// `out` comes with its dates, available funds, tranche openings and fee dues filled in.
    /// `state` is a copy to work on: what lines judge takes effect in it.
    /// `outstanding_losses`: losses and earlier loans less recoveries and earlier covers.
    PriorityRun(const Program& program,
                DealState& state,
                Distribution& out,
                Money outstanding_losses,
                Trace trace)
        : p_(program), s_(state), out_(out), losses_(outstanding_losses), trace_(trace)
    {
    }
    void run(const Priority& priority);

private:
    struct Book {
        std::string name;
        Money funds;    ///< left for later lines
        Money kept;     ///< too little for one more 0.0001 a unit: stays, and no junior gets it
        Money paid_out; ///< left the bank
        bool covered = false; ///< may draw on principal
        Money from_reserves;  ///< part of it, and what was released, less what was funded
    };
    /// A reserve: what it may still give in this distribution, and a rest too small for that.
    struct Pot {
        Money funds, kept;
        [[nodiscard]] Money balance() const { return funds + kept; }
    };
    struct Source {
        Money lent, drawn, borrowed;
    };
    void two_ledgers(const Priority& priority);
    void run_steps(const std::vector<Step>& steps, Book& book);
    void run_step(const Step& step, Book& book);
    void pay_fees(const Step& step, Book& book);
    void pay_fees_above_cap(const Step& step, Book& book);
    void pay_tranches(const Step& step, Book& book);
    void pay_residual(const Step& step, Book& book);
    void move_to_principal(const Step& step, Book& book, Money due, Money& counter);
    void show_shortfall(const Step& step, Book& book);
    void fund_reserve(const Step& step, Book& book);
    void release_reserve(const Step& step, Book& book);
    // priority_judge.cpp
    void judge(const Step& step, const Book& book);
    /// The state as the lines so far leave it.
    [[nodiscard]] DealState seen(const Book& book) const;
    // priority_facility.cpp
    void open_facilities();
    void pay_facility(const Step& step, Book& book);
    /// What a reserve or a facility may still give to the line in this distribution.
    [[nodiscard]] Money room_of(const Step& step, const std::string& id) const;
    /// Takes up to `wanted` from it; returns what it took.
    Money draw(const Step& step, const std::string& id, Money wanted, Source& source);
    void keep_rounding_of(const Step& step, const std::string& id);

    /// The most that a line may pay of what is due in all, of `funds`.
    [[nodiscard]] Money most(const Step& step, Money due, Money funds) const;
    /// Own funds that the line may use: less what it must keep.
    [[nodiscard]] Money own_funds(const Step& step, const Book& book) const;
    /// Own funds, what supports the line, and with `borrows` what principal would lend.
    [[nodiscard]] Money reach(const Step& step, const Book& book, bool borrows) const;
    void keep_rounding(const Step& step, Book& book);
    Source take(const Step& step, Book& book, Money amount);
    [[nodiscard]] std::size_t pot_of(const std::string& id) const;
    [[nodiscard]] Money required(std::size_t reserve) const;
    [[nodiscard]] bool is_locked(std::size_t tranche) const;
    void line(const Step& step,
              const Book& book,
              std::string payee,
              Money due,
              Money paid,
              Source source = {});
    [[nodiscard]] std::vector<std::vector<std::size_t>> groups_of(const Step& step) const;
    [[nodiscard]] std::vector<std::size_t> fees_of(const Step& step) const;

    const Program& p_;
    DealState& s_;
    Distribution& out_;
    Money losses_;
    Trace trace_;
    std::vector<Pot> pots_;    ///< as Program::reserves
    std::vector<Money> rooms_; ///< as Program::facilities: what each may still lend
    Money lendable_;
    Money shortfall_;
    bool above_cap_has_line_ = false;
};

} // namespace tranchain
