// Model: the two-answer protocol with freeze and takeover, as chain.md states it, at one height.
//
// Honest members are modelled by what they remember and what they sent; lying ones can sign
// anything at any time, so they need no state; a message not yet taken in is a lost one. What a
// header decides for the height is its outcome: itself in epoch 1, later what it was built on. Two
// final headers with different outcomes are a fork. Each rule can be dropped.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <set>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "chain/member.hpp"

namespace tranchain::test {

constexpr int none = -1;
constexpr int last_epoch = 3;

struct ModelHeader {
    int epoch;
    int attempt;
    int outcome;
};

// Everything a run can propose: in each epoch two fresh headers per attempt, and from the second on
// headers that go on from an earlier outcome.
class World {
public:
    World(const std::vector<int>& attempts_of_epochs, int contents)
    {
        int outcomes = 0;
        int epoch = 0;
        for (const int attempts : attempts_of_epochs) {
            const int old = outcomes;
            ++epoch;
            for (int attempt = 1; attempt <= attempts; ++attempt) {
                for (int o = 0; o < old; ++o) {
                    headers.push_back({epoch, attempt, o});
                }
                for (int c = 0; c < contents; ++c) {
                    headers.push_back({epoch, attempt, outcomes++});
                }
            }
            first_outcome_after[static_cast<std::size_t>(epoch)] = outcomes;
        }
        BOOST_REQUIRE(headers.size() <= 64);
    }
    [[nodiscard]] const ModelHeader& at(int h) const { return headers[static_cast<std::size_t>(h)]; }
    [[nodiscard]] bool is_fresh(int h) const
    {
        return at(h).epoch == 1 ||
               at(h).outcome >= first_outcome_after[static_cast<std::size_t>(at(h).epoch - 1)];
    }
    /// Order of headers by (epoch, attempt).
    [[nodiscard]] int rank(int h) const
    {
        return h == none ? 0 : at(h).epoch * 100 + at(h).attempt;
    }
    std::vector<ModelHeader> headers;

private:
    std::array<int, last_epoch + 1> first_outcome_after{};
};

struct Rules {
    bool ready_guard = true;        // a restore forgets none of the newest ready answer,
    bool endorsement_guard = true;  // the newest endorsement,
    bool statement_guard = true;    // the newest freeze statement
    bool attempt_lock = true;       // no endorsement below an attempt one was ready for
    bool endorsed_lock = true;      // once endorsed, ready for nothing else in that epoch
    bool one_header = true;         // ready for one header per attempt
    bool one_endorsement = true;    // per epoch; what makes a second one evidence
    bool needs_quorum_ready = true; // endorse on q ready answers only
    bool frozen = true;             // a statement closes the epochs below it
    bool base_follows = true;       // a new epoch goes on after what q statements prove
};

struct Honest {
    // What it remembers: database, or guard after a restore.
    int ready = none; // newest
    std::array<int, last_epoch + 1> endorsed{none, none, none, none};
    int stated = 0; // newest epoch of a statement
    // What left it.
    std::uint64_t sent_ready = 0;
    std::uint64_t sent_endorsed = 0;
    std::array<int, last_epoch + 1> statement{-2, -2, -2, -2}; // report; -2 = not made

    auto operator<=>(const Honest&) const = default;
};

struct State {
    std::vector<Honest> honest;
    int restores = 0;
    auto operator<=>(const State&) const = default;
};

class Model {
public:
    Model(const World& world, std::size_t members, std::size_t liars, Rules rules)
        : world_(world), rules_(rules), liars_(liars), quorum_(tranchain::quorum(members))
    {
    }

    [[nodiscard]] bool has_quorum_ready(const State& s, int h) const
    {
        return count(s, &Honest::sent_ready, h) + liars_ >= quorum_;
    }
    [[nodiscard]] bool is_final(const State& s, int h) const
    {
        return count(s, &Honest::sent_endorsed, h) + liars_ >= quorum_;
    }
    [[nodiscard]] std::set<int> decided(const State& s) const
    {
        std::set<int> out;
        for (int h = 0; h < size(); ++h) {
            if (is_final(s, h)) {
                out.insert(world_.at(h).outcome);
            }
        }
        return out;
    }

    bool answer(State& s, std::size_t i, int h) const
    {
        Honest& m = s.honest[i];
        const ModelHeader& header = world_.at(h);
        const int mine = m.endorsed[static_cast<std::size_t>(header.epoch)];
        if (rules_.frozen && header.epoch < m.stated) {
            return false;
        }
        if (world_.rank(h) < floor(m)) {
            return false;
        }
        if (rules_.one_header && m.ready != none && world_.rank(m.ready) == world_.rank(h) &&
            m.ready != h) {
            return false;
        }
        if (rules_.endorsed_lock && mine != none && mine != h) {
            return false;
        }
        if (!is_justified(s, h)) {
            return false;
        }
        m.ready = h;
        m.sent_ready |= bit(h);
        return true;
    }

    bool endorse(State& s, std::size_t i, int h) const
    {
        Honest& m = s.honest[i];
        const ModelHeader& header = world_.at(h);
        int& mine = m.endorsed[static_cast<std::size_t>(header.epoch)];
        if (rules_.frozen && header.epoch < m.stated) {
            return false;
        }
        if (rules_.attempt_lock && world_.rank(h) < floor(m)) {
            return false;
        }
        if (rules_.one_endorsement && mine != none && mine != h) {
            return false;
        }
        if (rules_.needs_quorum_ready && !has_quorum_ready(s, h)) {
            return false;
        }
        if (!is_justified(s, h)) {
            return false;
        }
        mine = h;
        m.sent_endorsed |= bit(h);
        return true;
    }

    bool freeze(State& s, std::size_t i, int epoch) const
    {
        Honest& m = s.honest[i];
        if (epoch <= m.stated || epoch <= epoch_of(m)) {
            return false;
        }
        m.stated = epoch;
        m.statement[static_cast<std::size_t>(epoch)] = newest_endorsed(m);
        return true;
    }

    /// The database comes back from before everything; the guard keeps the newest of each kind.
    void restore(State& s, std::size_t i) const
    {
        Honest& m = s.honest[i];
        if (!rules_.ready_guard) {
            m.ready = none;
        }
        const int newest = newest_endorsed(m);
        m.endorsed.fill(none);
        if (rules_.endorsement_guard && newest != none) {
            m.endorsed[static_cast<std::size_t>(world_.at(newest).epoch)] = newest;
        }
        if (!rules_.statement_guard) {
            m.stated = 0;
        }
        ++s.restores;
    }

    [[nodiscard]] int size() const { return static_cast<int>(world_.headers.size()); }

    /// All states one step away. `restores`: how many may happen in a run.
    [[nodiscard]] std::vector<State> steps(const State& s, int restores) const
    {
        std::vector<State> out;
        for (std::size_t i = 0; i < s.honest.size(); ++i) {
            State next = s;
            const auto keep = [&](bool done) {
                if (done && next != s) {
                    std::ranges::sort(next.honest); // honest members are alike
                    out.push_back(next);
                }
                next = s;
            };
            for (int h = 0; h < size(); ++h) {
                keep(answer(next, i, h));
                keep(endorse(next, i, h));
            }
            for (int epoch = 2; epoch <= world_.headers.back().epoch; ++epoch) {
                keep(freeze(next, i, epoch));
            }
            if (s.restores < restores) {
                restore(next, i);
                keep(true);
            }
        }
        return out;
    }

private:
    static std::uint64_t bit(int h) { return std::uint64_t{1} << h; }

    [[nodiscard]] std::size_t count(const State& s, std::uint64_t Honest::*sent, int h) const
    {
        std::size_t out = 0;
        for (const Honest& m : s.honest) {
            out += (m.*sent & bit(h)) != 0 ? 1U : 0U;
        }
        return out;
    }
    [[nodiscard]] int newest_endorsed(const Honest& m) const
    {
        int out = none;
        for (const int h : m.endorsed) {
            out = h != none ? h : out;
        }
        return out;
    }
    /// Nothing is answered or endorsed below what one was ready for or endorsed.
    [[nodiscard]] int floor(const Honest& m) const
    {
        return std::max(world_.rank(m.ready), world_.rank(newest_endorsed(m)));
    }
    [[nodiscard]] int epoch_of(const Honest& m) const { return floor(m) / 100; }

    /// A later epoch needs q statements; what is newest among those they prove, it goes on from.
    [[nodiscard]] bool is_justified(const State& s, int h) const
    {
        const ModelHeader& header = world_.at(h);
        if (header.epoch == 1) {
            return true;
        }
        if (!rules_.base_follows) {
            return true;
        }
        std::vector<int> reports; // of honest members, unproven ones as none
        for (const Honest& m : s.honest) {
            const int report = m.statement[static_cast<std::size_t>(header.epoch)];
            if (report == -2) {
                continue;
            }
            reports.push_back(report != none && has_quorum_ready(s, report) ? report : none);
        }
        const auto at_most = [&](int rank) {
            return static_cast<std::size_t>(std::ranges::count_if(
                       reports, [&](int r) { return world_.rank(r) <= rank; })) +
                   liars_;
        };
        if (world_.is_fresh(h)) {
            return at_most(0) >= quorum_;
        }
        for (int base = 0; base < size(); ++base) {
            const ModelHeader& b = world_.at(base);
            if (b.outcome != header.outcome || b.epoch >= header.epoch ||
                !has_quorum_ready(s, base)) {
                continue;
            }
            const bool reported = liars_ > 0 || std::ranges::find(reports, base) != reports.end();
            if (reported && at_most(world_.rank(base)) >= quorum_) {
                return true;
            }
        }
        return false;
    }

    const World& world_;
    Rules rules_;
    std::size_t liars_;
    std::size_t quorum_;
};

} // namespace tranchain::test
