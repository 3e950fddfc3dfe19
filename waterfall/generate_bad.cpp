// Generate bad: tapes that a check must refuse, each row for its own reason.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "data/assert.hpp"
#include "data/csv.hpp"
#include "waterfall/generate.hpp"

namespace tranchain {

namespace {

using Cells = std::vector<std::string>;

std::size_t index_of(const Cells& columns, std::string_view name)
{
    const auto found = std::find(columns.begin(), columns.end(), name);
    invariant(found != columns.end());
    return static_cast<std::size_t>(found - columns.begin());
}

/// What a column is replaced with in row `row`, counted from 0.
struct Spoil {
    std::size_t row;
    std::string_view column;
    std::string value;
};

}  // namespace

std::string malformed_tape_csv(const SampleWorld& world)
{
    const Cells columns = sample_tape_columns();
    std::vector<Cells> rows;
    for (std::size_t i = 0; i < 20; ++i) {
        Cells cells;
        for (const auto& field : to_row(world.opening()[i], columns).fields) {
            cells.push_back(field.second);
        }
        rows.push_back(std::move(cells));
    }
    const auto cell = [&](std::size_t row, std::string_view column) -> std::string& {
        return rows[row][index_of(columns, column)];
    };
    std::string code = cell(1, "obligor_code");
    code.back() = code.back() == '0' ? '1' : '0';
    const std::vector<Spoil> spoils{
        {1, "obligor_code", code},                          // check character
        {3, "asset_id", cell(2, "asset_id")},               // met twice
        {5, "invoice_code", cell(4, "invoice_code")},       // the same invoice sold twice
        {5, "invoice_no", cell(4, "invoice_no")},
        {5, "invoice_type", cell(4, "invoice_type")},
        {6, "current_balance", "-" + cell(6, "current_balance")},
        {7, "due_date", "2019-02-29"},                      // no such day
        {8, "collected_cum", "100.00"},                     // balances do not add up
        {9, "invoice_no", "9.1E+07"},                       // a spreadsheet ate the digits
        {11, "days_past_due", "12"},                        // not due yet
        {12, "status", "fine"},                             // no such status
        {13, "currency", "USD"},                            // two currencies
        {14, "seller_code", "110105600000001"},             // an old licence number
    };
    for (const Spoil& spoil : spoils) cell(spoil.row, spoil.column) = spoil.value;
    std::string text = csv_line(columns);
    for (const Cells& cells : rows) text += csv_line(cells);
    return text;
}

std::string ineligible_tape_csv(const SampleWorld& world)
{
    Tape tape;
    tape.columns = sample_tape_columns();
    const auto& opening = world.opening();
    tape.receivables.assign(opening.begin(), opening.begin() + 12);
    auto& r = tape.receivables;
    const auto reprice = [&](Receivable& x) {
        x.purchase_price =
            discount_price(x.original_balance, world.terms().discount, x.due_date - x.purchase_date);
    };
    r[1].due_date = r[1].purchase_date + 181;               // tenor
    reprice(r[1]);
    r[3].due_date = Date::of(2021, 1, 1);                   // due too late
    reprice(r[3]);
    r[5].invoice_date = r[5].purchase_date - 40;            // past due
    r[5].delivery_date = r[5].invoice_date;
    r[5].due_date = r[5].purchase_date - 5;
    r[5].days_past_due = 5;
    r[5].status = Status::delinquent;
    r[5].purchase_price = r[5].original_balance;
    r[7].confirmation = Confirmation::none;                 // nobody confirmed it
    r[7].confirmation_date.reset();
    r[9].purchase_price += Money::fen(1);                   // not the deal's price
    return tape_csv(tape);
}

}  // namespace tranchain
