// Player: who does what in a projection; see projection.hpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "waterfall/exact/judge.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

/// The columns of a receivable that the judge reads.
std::vector<std::string> projection_columns();

class Player {
public:
    Player(const ProjectionInput& input, const OnStep& on_step);
    Result<Projection> play();

private:
    struct Held {
        const Receivable* receivable = nullptr;
        Money face, paid, diluted, made_good;
        bool insolvent = false;
        [[nodiscard]] Money unpaid() const { return face - paid - diluted; }
    };
    struct Event {
        std::size_t held = 0;
        enum class Kind : std::uint8_t { dilution, made_good, payment } kind = Kind::payment;
        Money amount;
        bool operator<(const Event& other) const { return kind < other.kind; }
    };
    struct Cut {
        Date through;
        std::vector<const CandidateTape*> tapes;  ///< candidates of the purchase, if one is due
        Date purchase_day, settle;
    };

    Result<> open_deal();
    void own(const Receivable& receivable, Date owned);
    [[nodiscard]] Date booking_day(Date day) const;
    std::optional<Cut> next_cut();
    Result<> state_facts(ProjectionStep& step);
    void receipts_of(Date day, ProjectionStep& step);
    void allocate(Held& held, Event event, Date day, ProjectionStep& step, StatementEntry& entry);
    void make_insolvent(const Scenario::Insolvency& insolvency, ProjectionStep& step);
    Result<> close(Date through);
    Result<> submit_facts(const ProjectionStep& step);
    Result<> give_notice(ProjectionStep& step);
    Result<> distribute_due(ProjectionStep& step);
    Result<> buy(const Cut& cut, ProjectionStep& step);
    std::vector<const Receivable*> choose(const Cut& cut, Money funds) const;
    [[nodiscard]] bool is_offered(const Receivable& receivable, Date day) const;
    [[nodiscard]] Money spendable(Date settle) const;
    void observe(const DealState& state);
    void read_triggers(const DealState& state);
    [[nodiscard]] bool finished() const;
    Result<bool> submit(Record record, const std::vector<Row>& rows, std::string_view role);
    Result<> must(Record record, const std::vector<Row>& rows, std::string_view role);

    const ProjectionInput& input_;
    const Program& program_;
    const OnStep& on_step_;
    Judge judge_;
    const Calendar* bank_ = nullptr;
    Projection result_;
    std::int64_t height_ = 0;
    std::int64_t servicer_seq_ = 0;
    std::int64_t statements_ = 0;
    Money bank_balance_;
    Date closed_;
    std::size_t tape_ = 0;
    std::string refusal_;                       ///< why submit() last said no
    std::vector<Held> held_;
    std::map<Date, std::vector<Event>> events_;
    std::map<Date, std::vector<Debit>> debits_;
    std::vector<std::unique_ptr<Receivable>> owned_;  ///< bought, as priced
};

}  // namespace tranchain
