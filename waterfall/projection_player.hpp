// Player: who does what in a projection; see projection.hpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "waterfall/exact/judge.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

class Player {
public:
    Player(const ProjectionInput& input, const Scenario& scenario, OnStep on_step,
           Judge::OnDay on_day);
    Result<Projection> play();

private:
    struct Held {
        const Receivable* receivable = nullptr;
        Money face, paid, diluted, made_good;
        Date owned;
        Money price;
        bool insolvent = false;
        bool repurchased = false;
        [[nodiscard]] Money unpaid() const { return repurchased ? zero : face - paid - diluted; }
    };
    struct Event {
        std::size_t held = 0;
        enum class Kind : std::uint8_t { dilution, made_good, payment, repurchase } kind = Kind::payment;
        Money amount;
        bool operator<(const Event& other) const { return kind < other.kind; }
    };
    /// What is to be bought, and as the judge sees it.
    struct Basket {
        std::vector<const Receivable*> receivables;
        std::vector<Holding> holdings;
        Money price;
    };
    struct Cut {
        Date through;
        std::vector<const CandidateTape*> tapes;  ///< candidates of the purchase, if one is due
        Date purchase_day, settle;
    };

    Result<> open_deal();
    void own(const Receivable& receivable, Date owned, Money price);
    [[nodiscard]] Date booking_day(Date day) const;
    std::optional<Cut> next_cut();
    Result<> state_facts(ProjectionStep& step);
    void receipts_of(Date day, ProjectionStep& step);
    Money dilute(Held& held, Money amount, Date day, ProjectionStep& step);
    void receive(const Held& held, const Event& event, Date day, ProjectionStep& step);
    Money allocate(Held& held, const Event& event, Date day, ProjectionStep& step);
    Money take_back(Held& held, Event event, Date day, ProjectionStep& step);
    void exercise_call(Date day, ProjectionStep& step);
    std::vector<Event>& events_on(Date day);
    void earn(Date day, ProjectionStep& step);
    void pay_support(Date day, ProjectionStep& step);
    void make_insolvent(const Scenario::Insolvency& insolvency, ProjectionStep& step);
    Result<> close(Date through, ProjectionStep& step);
    Result<> submit_facts(const ProjectionStep& step);
    Result<> give_notice(ProjectionStep& step);
    Result<> distribute_due(ProjectionStep& step);
    Result<> buy(const Cut& cut, ProjectionStep& step);
    Basket choose(const Cut& cut, Money funds) const;
    [[nodiscard]] bool is_offered(const Receivable& receivable, Date day) const;
    [[nodiscard]] Money spendable(Date settle) const;
    void observe(const DealState& state);
    void read_triggers(const DealState& state);
    [[nodiscard]] bool finished() const;
    bool accepts(const Verdict& verdict);
    Result<> must(std::string_view what, const Verdict& verdict);

    const ProjectionInput& input_;
    const Scenario& scenario_;
    const Program& program_;
    OnStep on_step_;
    Judge::OnDay on_day_;
    Judge judge_;
    const Calendar* bank_ = nullptr;
    Projection result_;
    std::int64_t height_ = 0;
    std::int64_t servicer_seq_ = 0;             ///< records the servicer would have signed
    std::int64_t statements_ = 0;
    Money bank_balance_;
    Date closed_;
    Int128 earning_ = 0;                        ///< fen x days not yet credited
    std::optional<Date> credit_on_;
    Money supported_;                           ///< paid by the supporter on days not closed yet
    std::optional<Date> call_on_;               ///< the originator pays the price of `call_`
    const Trigger* call_ = nullptr;
    std::size_t tape_ = 0;
    std::string refusal_;                       ///< why the judge last said no
    std::vector<Held> held_;
    std::vector<std::vector<Event>> events_;    ///< of each day from closing on
    std::size_t events_left_ = 0;
    std::string receipt_;                       ///< key of the newest credit
    std::map<Date, std::vector<Debit>> debits_;
};

}  // namespace tranchain
