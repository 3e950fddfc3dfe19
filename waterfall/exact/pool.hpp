// Pool: the rows behind a deal's state: receivables, receipts not allocated yet, and open facts.
//
// A pool has 10^2 to 10^5 live receivables and sees up to 10^6 allocations; so receivables sit in
// one vector, ids are hashed, facts wait per day as (index, kind, amount), and a day touches only
// the receivables it has facts for. Whoever has no rows has no Pool and takes the day sheets as
// they are stated.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/date.hpp"
#include "data/digest.hpp"
#include "data/error.hpp"
#include "data/money.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/name_index.hpp"

namespace tranchain {

/// What the agreement refuses, under the id of the finding.
inline Error pool_finding(std::string id, std::string message)
{
    return {Code::answer_no, std::move(message), {}, {}, std::move(id)};
}

/// One receivable as the plan sees it.
struct Asset {
    /// stored: never renumber
    enum class Status : std::uint8_t {
        pending, ///< bought, settles on a day that is not closed
        live,    ///< in the pool balance
        defaulted,
        closed,  ///< nothing left unpaid
        dropped, ///< its obligor became insolvent before settlement
        repurchased,
    };
    std::string id;
    std::uint32_t obligor = 0, group = 0;
    Status status = Status::pending;
    Date settle, due;
    Money face, price;
    Money paid, diluted, made_good;                ///< on closed days
    Money paid_open, diluted_open, made_good_open; ///< on days not closed yet
    Money principal; ///< booked to principal while not defaulted: price x collected / face
    Money loss;      ///< cost lost to dilution
    Money lost_cost; ///< cost that was left when it defaulted
    Money recovered; ///< of lost_cost
    Money defaulted_face;
    std::optional<Date> defaulted_on;
    Money repurchased;        ///< face that was unpaid when seller or originator took it back
    bool written_off = false; ///< what is recovered later counts as after any default
    bool leaving = false;     ///< repurchased on a day that is not closed yet
    Hash secret{};
    Hash leaf{}; ///< commitment of (id, unpaid); valid unless stale
    bool leaf_stale = true;

    [[nodiscard]] Money unpaid() const { return face - paid - diluted - repurchased; }
    /// Unpaid when all facts accepted so far are closed.
    [[nodiscard]] Money unpaid_open() const
    {
        return leaving ? zero : unpaid() - paid_open - diluted_open;
    }
};
/// Days past due up to which a receivable still counts.
inline constexpr int overdue_days_max = 30;
/// What seller or originator pays to take it back on `day`, all facts accepted so far included: the
/// cost not recovered, and of the discount on what is unpaid the part earned by then, straight line
/// from settlement to due date, half-up to the fen.
Money repurchase_price(const Asset& asset, Date day);
std::string_view name(Asset::Status status);

class Pool {
public:
    // ---- looking -------------------------------------------------------------------------------
    [[nodiscard]] const std::vector<Asset>& assets() const { return assets_; }
    [[nodiscard]] const Asset* find(std::string_view id) const;
    [[nodiscard]] const std::string& obligor(std::uint32_t index) const { return obligors_[index]; }
    [[nodiscard]] const std::string& group(std::uint32_t index) const { return groups_[index]; }
    [[nodiscard]] std::int64_t live_count() const { return live_count_; }
    [[nodiscard]] std::optional<Date> insolvent_since(std::string_view obligor) const;
    /// Live unpaid face and pending purchases by group name, largest first.
    [[nodiscard]] std::vector<std::pair<std::string, Money>> group_balances() const;
    /// Hex root of the RFC 6962 tree over the live receivables in order of asset_id; leaf =
    /// SHA-256(0x00 || "tranchain/live/v1\n" || salt || asset_id || 0x00 || unpaid), salt =
    /// field_salt(row secret, "live").
    [[nodiscard]] std::string live_root();
    /// A receipt's amount not yet booked to a receivable or income (unapplied cash included).
    [[nodiscard]] std::optional<Money> receipt_left(std::string_view entry_key) const;
    struct Receipt {
        Date date;
        Money amount;
        Money booked;    ///< to receivables and income
        Money unapplied; ///< booked to unapplied cash
    };
    /// Of which something is left, by entry key.
    [[nodiscard]] std::map<std::string, Receipt> open_receipts() const;

    // ---- facts ---------------------------------------------------------------------------------
    // Each adds all of its rows or, with findings, none.
    /// Owned at once (snapshot). Ids must be new. `rows`: whose secrets the pool keeps; may be null.
    Errors add_snapshot(const std::vector<Holding>& holdings, const std::vector<Row>* rows);
    /// Owned from `settle`; those whose obligor became insolvent before it drop out.
    Errors add_purchase(const std::string& reference,
                        Date settle,
                        const std::vector<Holding>& holdings,
                        const std::vector<Row>* rows);
    void expect_receipts(std::size_t more) { receipts_.reserve(receipts_.size() + more); }
    void add_receipt(const std::string& entry_key, Date date, Money amount);
    Errors add_allocations(const std::vector<Allocation>& allocations);
    Errors add_dilutions(const std::vector<Dilution>& dilutions);
    void add_insolvency(Date date, const std::vector<std::string>& obligors);

    // ---- closing -------------------------------------------------------------------------------
    /// What a close has changed, to take it back unless it is final.
    struct Undo {
        bool final = false;
        std::vector<std::uint32_t> touched; ///< assets
        std::vector<Asset> before;          ///< as they were; none if it is final
        std::map<Date, std::vector<std::uint32_t>> insolvent;
        std::vector<std::pair<Date, std::size_t>> facts; ///< days closed; facts kept until commit
        std::map<std::string, std::pair<std::uint32_t, std::uint32_t>> purchases;
        std::int64_t live_count = 0;
    };
    [[nodiscard]] Undo begin() const;
    /// Of a close that will not be taken back: it keeps nothing of what it changes.
    [[nodiscard]] Undo begin_final() const;
    /// Closes the next day: settlements, payments, dilutions, then defaults.
    DaySheet close_day(Date day, Undo& undo);
    /// What may be lent on after close_day(day, undo). Costs a look at every obligor group.
    [[nodiscard]] NetPool net_pool(const Program& program, Date day, const Undo& undo) const;
    void roll_back(Undo& undo);
    void commit(Undo& undo);

    [[nodiscard]] std::string bytes() const;
    [[nodiscard]] static Result<Pool> from_bytes(std::string_view bytes);

private:
    /// stored: never renumber
    enum class FactKind : std::uint8_t {
        payment,
        dilution,
        made_good,
        repurchase, ///< at the price `amount`
        write_off,
        extension, ///< to `due`
    };
    struct Fact {
        std::uint32_t asset = 0;
        FactKind kind = FactKind::payment;
        Money amount;
        Date due = {};
    };
    struct Change; ///< what one receivable meets on one day
    struct Hasher {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    template <class T>
    using ByName = std::unordered_map<std::string, T, Hasher, std::equal_to<>>;

    std::uint32_t
    intern(std::vector<std::string>& names, ByName<std::uint32_t>& index, std::string_view text);
    Errors add_assets(const std::vector<Holding>& holdings,
                      const std::vector<Row>* rows,
                      Date settle,
                      Asset::Status status);
    void expect_assets(std::size_t more);
    [[nodiscard]] std::uint32_t place_of(std::string_view id) const; ///< NameIndex::none: nowhere
    void index_asset(std::uint32_t index);
    /// In the balance of its group, and what it adds to it: live unpaid face or a pending purchase.
    [[nodiscard]] static bool counts(const Asset& asset);
    [[nodiscard]] static Money owed(const Asset& asset);
    void sort_order();
    Asset& touch(std::uint32_t index, Undo& undo);
    void settle_day(Date day, DaySheet& sheet, Undo& undo);
    void apply_facts(Date day, DaySheet& sheet, Undo& undo);
    void book(Asset& asset, Money paid, Money diluted, Money made_good, DaySheet& sheet);
    void buy_back(Asset& asset, Money price, DaySheet& sheet);
    [[nodiscard]] std::optional<Error> misfit(const Allocation& allocation,
                                              const Asset* asset) const;
    [[nodiscard]] std::optional<Error> misfit(const Dilution& dilution, const Asset* asset) const;
    void undo(const Dilution& dilution);
    [[nodiscard]] bool changes_after(std::string_view asset_id, Date day) const;
    void derive_defaults(Date day, DaySheet& sheet, Undo& undo);
    void make_default(Asset& asset, Date day, DaySheet& sheet);
    void take_back(std::size_t count, const std::vector<Allocation>& allocations);

    std::vector<Asset> assets_;
    NameIndex by_id_; ///< places in assets_
    std::vector<std::string> obligors_, groups_;
    ByName<std::uint32_t> obligor_index_, group_index_;
    std::vector<std::optional<Date>> insolvent_;                ///< by obligor
    std::map<Date, std::vector<std::uint32_t>> open_insolvent_; ///< obligors, days not closed
    std::vector<std::vector<std::uint32_t>> by_obligor_;        ///< assets
    std::map<Date, std::vector<std::uint32_t>> by_due_;         ///< assets
    std::map<std::string, std::pair<std::uint32_t, std::uint32_t>> purchases_; ///< first, end
    std::map<Date, std::vector<Fact>> open_;
    ByName<Receipt> receipts_;           ///< with something left
    std::vector<std::uint32_t> order_;   ///< all assets; sorted by id when a root is asked for
    std::size_t sorted_ = 0;             ///< of order_
    std::vector<Money> group_owed_;      ///< by group; while a day is closed without what it touched
    std::vector<std::uint32_t> touched_; ///< epoch per asset
    std::uint32_t epoch_ = 0;
    std::int64_t live_count_ = 0;
};

} // namespace tranchain
