// Liveness: with an honest orderer a later attempt becomes final, whatever one member suffers.
//
// The rules are those of model.hpp; here the orderer follows his own: he endorses only his newest
// attempt, and starts a higher one only until he has endorsed.
// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/model.hpp"

using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(liveness_tests)

namespace {

constexpr std::size_t orderer = 0;
constexpr std::int64_t skew = 300;
constexpr std::int64_t lag = 86'400;

enum class Trouble {
    refusal,      // a wrong amount, until the author replaces the record
    missing_part, // rows that did not come, until they do
    late_answer,  // it answers, but the orderer sees it after the next attempt began
    old_version,  // an unknown type, until the program is upgraded
    clock_behind, // until it is set
    clock_ahead,
    lost_endorsement, // until asked again
    crash,            // after the answer was durable, before it was sent; then it sends the same
    silence           // never comes back
};
constexpr Trouble curable[] = {
    Trouble::refusal,      Trouble::missing_part, Trouble::late_answer,      Trouble::old_version,
    Trouble::clock_behind, Trouble::clock_ahead,  Trouble::lost_endorsement, Trouble::crash};

/// A height under an honest orderer.
class Height {
public:
    explicit Height(std::size_t members)
        : world_(std::vector<int>{5}, 1), model_(world_, members, 0, {}), members_(members),
          quorum_(tranchain::quorum(members)), clock_(members, 1'000'000)
    {
        state_.honest.resize(members);
    }

    std::vector<std::int64_t>& clock() { return clock_; }
    [[nodiscard]] int attempt() const { return attempt_; }

    /// A new attempt takes the orderer's time, never before the last block's.
    void propose()
    {
        BOOST_REQUIRE(!ordered());
        ++attempt_;
        time_ = std::max(last_block_, clock_[orderer]);
        received_ = 0;
        received_ += model_.answer(state_, orderer, header()) ? 1U : 0U;
    }
    /// "Not yet" before anything else when the clocks are too far apart.
    [[nodiscard]] bool clock_agrees(std::size_t i) const
    {
        return clock_[i] + skew >= time_ && clock_[i] <= time_ + lag;
    }
    bool answer(std::size_t i, bool arrives = true)
    {
        const bool ready = clock_agrees(i) && model_.answer(state_, i, header());
        received_ += ready && arrives ? 1U : 0U;
        return ready;
    }
    /// The orderer endorses first, on q answers he holds.
    bool order() { return received_ >= quorum_ && model_.endorse(state_, orderer, header()); }
    [[nodiscard]] bool ordered() const { return state_.honest[orderer].sent_endorsed != 0; }
    bool endorse(std::size_t i, int header)
    {
        const bool shown = (state_.honest[orderer].sent_endorsed >> header & 1U) != 0;
        return shown && model_.endorse(state_, i, header);
    }
    bool endorse(std::size_t i) { return endorse(i, header()); }
    void restore(std::size_t i) { model_.restore(state_, i); }
    [[nodiscard]] bool is_final() const { return !model_.decided(state_).empty(); }
    [[nodiscard]] int header() const { return attempt_ - 1; }
    [[nodiscard]] std::size_t members() const { return members_; }

private:
    World world_;
    Model model_;
    State state_;
    std::size_t members_;
    std::size_t quorum_;
    std::vector<std::int64_t> clock_;
    std::int64_t last_block_ = 800'000;
    std::int64_t time_ = 0;
    int attempt_ = 0;
    std::size_t received_ = 0;
};

/// One attempt in which member `who` is in trouble, or nobody (who = members).
void play(Height& height, std::size_t who, Trouble trouble)
{
    const auto suffers = [&](std::size_t i, Trouble t) { return i == who && trouble == t; };
    height.propose();
    for (std::size_t i = 1; i < height.members(); ++i) {
        if (suffers(i, Trouble::refusal) || suffers(i, Trouble::missing_part) ||
            suffers(i, Trouble::old_version) || suffers(i, Trouble::silence)) {
            continue;
        }
        height.answer(i, !suffers(i, Trouble::late_answer) && !suffers(i, Trouble::crash));
        if (suffers(i, Trouble::crash)) {
            height.restore(i);
        }
    }
    if (!height.order()) {
        return;
    }
    for (std::size_t i = 1; i < height.members(); ++i) {
        if (suffers(i, Trouble::lost_endorsement) || suffers(i, Trouble::silence)) {
            continue;
        }
        height.endorse(i);
    }
}

/// The orderer's own trouble: what he would refuse he does not propose.
bool stops_proposal(Trouble trouble)
{
    return trouble == Trouble::refusal || trouble == Trouble::missing_part ||
           trouble == Trouble::old_version || trouble == Trouble::late_answer ||
           trouble == Trouble::lost_endorsement;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_later_attempt_is_final_whatever_one_member_suffers)
{
    for (const std::size_t n : {3U, 4U}) {
        for (std::size_t who = 0; who < n; ++who) {
            for (const Trouble trouble : curable) {
                if (who == orderer && stops_proposal(trouble)) {
                    continue;
                }
                BOOST_TEST_CONTEXT("n = " << n << ", member " << who << ", trouble "
                                          << static_cast<int>(trouble))
                {
                    Height height(n);
                    if (trouble == Trouble::clock_behind) {
                        height.clock()[who] -= 2 * lag;
                    }
                    if (trouble == Trouble::clock_ahead) {
                        height.clock()[who] += 2 * lag;
                    }
                    play(height, who, trouble);
                    // At n = 4 the others are a quorum; at n = 3 everybody is needed.
                    const bool alone = who == orderer && trouble != Trouble::crash;
                    const bool enough = n == 4 && !alone;
                    BOOST_TEST(height.is_final() == (enough || (who == orderer && !alone)));
                    height.clock().assign(n, 1'000'060); // cured
                    if (height.ordered()) {
                        for (std::size_t i = 1; i < n; ++i) {
                            height.endorse(i);
                        }
                    } else {
                        play(height, n, trouble);
                        BOOST_TEST(height.attempt() == 2);
                    }
                    BOOST_TEST(height.is_final());
                }
            }
        }
    }
}

// An answer to attempt 1 that arrives after attempt 2 began must not let attempt 1 be finished.
BOOST_AUTO_TEST_CASE(a_late_answer_does_not_bring_back_an_old_attempt)
{
    Height height(3);
    play(height, 1, Trouble::late_answer);
    const int old = height.header();
    height.propose();
    BOOST_TEST(height.answer(1));
    BOOST_TEST(height.answer(2));
    BOOST_TEST(!height.endorse(1, old));
    BOOST_TEST(height.order());
    BOOST_TEST(!height.endorse(1, old));
    BOOST_TEST(height.endorse(1));
    BOOST_TEST(height.endorse(2));
    BOOST_TEST(height.is_final());
}

BOOST_AUTO_TEST_CASE(f_silent_members_do_not_stop_the_others)
{
    for (const std::size_t n : {4U, 5U, 7U}) {
        Height height(n);
        height.propose();
        for (std::size_t i = 1; i < n - tranchain::faults(n); ++i) {
            height.answer(i);
        }
        BOOST_TEST(height.order());
        for (std::size_t i = 1; i < n - tranchain::faults(n); ++i) {
            height.endorse(i);
        }
        BOOST_TEST(height.is_final());
    }
    Height three(3);
    play(three, 2, Trouble::silence);
    BOOST_TEST(!three.ordered());
}

// From any state that losses, crashes and restores lead to, one more attempt, or finishing the one
// that is ordered, makes the height final.
BOOST_AUTO_TEST_CASE(no_state_is_stuck_under_an_honest_orderer)
{
    std::mt19937 random(7); // NOLINT: the same runs every time
    const auto chance = [&](unsigned one_in) { return random() % one_in == 0; };
    for (const std::size_t n : {3U, 4U, 5U, 7U}) {
        for (int run = 0; run < 1000; ++run) {
            Height height(n);
            height.propose();
            for (int step = 0; step < 12; ++step) {
                const std::size_t i = 1 + random() % (n - 1);
                if (!height.ordered() && height.attempt() < 4 && chance(6)) {
                    height.propose();
                }
                if (chance(8)) {
                    height.restore(random() % n);
                }
                height.answer(i, !chance(3));
                if (chance(3)) {
                    height.order();
                }
                if (chance(2)) {
                    height.endorse(i);
                }
            }
            if (!height.ordered()) {
                height.propose();
                for (std::size_t i = 1; i < n; ++i) {
                    BOOST_REQUIRE(height.answer(i));
                }
                BOOST_REQUIRE(height.order());
            }
            for (std::size_t i = 1; i < n; ++i) {
                BOOST_REQUIRE(height.endorse(i));
            }
            BOOST_REQUIRE(height.is_final());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
