// Generate: parties, tapes and fates, drawn from integer tables.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/generate.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "data/credit_code.hpp"

namespace tranchain {

namespace {

__extension__ using UInt128 = unsigned __int128;

constexpr std::uint64_t golden = 0x9E3779B97F4A7C15u;

std::uint64_t mix(std::uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/// Appends the check character of GB 11714 to an eight-character organization code.
std::string with_organization_check(std::string code)
{
    constexpr std::array<std::int64_t, 8> weights{3, 7, 9, 10, 5, 8, 4, 2};
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        const char c = code[i];
        sum += weights[i] * (c <= '9' ? c - '0' : c - 'A' + 10);
    }
    const std::int64_t check = 11 - sum % 11;
    code += check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check);
    return code;
}

/// A face in fen before scaling: bands with their weights in percent.
std::int64_t draw_face(Sampler& s)
{
    struct Band {
        std::int64_t weight, low, high;  // yuan
    };
    static constexpr std::array<Band, 5> bands{{{15, 50'000, 100'000},
                                                {25, 100'000, 300'000},
                                                {30, 300'000, 800'000},
                                                {22, 800'000, 2'000'000},
                                                {8, 2'000'000, 4'000'000}}};
    std::int64_t u = s.below(100);
    for (const Band& b : bands) {
        if (u < b.weight) return s.between(b.low * 100, b.high * 100);
        u -= b.weight;
    }
    return bands[0].high * 100;
}

/// `count` numbers spread evenly over low..high, in random order: no seed is short or long.
std::vector<std::int64_t> spread(std::int64_t low, std::int64_t high, std::int64_t count, Sampler& s)
{
    std::vector<std::int64_t> result;
    result.reserve(static_cast<std::size_t>(count));
    const std::int64_t width = high - low + 1;
    for (std::int64_t i = 0; i < count; ++i) {
        result.push_back(low + (i * width + s.below(width)) / count % width);
    }
    for (std::size_t i = result.size(); i > 1; --i) {
        std::swap(result[i - 1],
                  result[static_cast<std::size_t>(s.below(static_cast<std::int64_t>(i)))]);
    }
    return result;
}

/// Days from the due date to the payment. Cumulative shares of 10,000, measured on a ledger of
/// 2,466 invoices; straight lines between the points.
std::int64_t draw_delay(Sampler& s)
{
    struct Point {
        std::int64_t day, share;
    };
    static constexpr std::array<Point, 11> points{{{-28, 0},
                                                   {-20, 970},
                                                   {-10, 3250},
                                                   {-5, 4890},
                                                   {0, 6440},
                                                   {5, 7690},
                                                   {10, 8630},
                                                   {15, 9290},
                                                   {20, 9670},
                                                   {30, 9970},
                                                   {45, 10000}}};
    const std::int64_t u = s.below(10000);
    for (std::size_t i = 1; i < points.size(); ++i) {
        if (u >= points[i].share) continue;
        const std::int64_t rise = points[i].share - points[i - 1].share;
        const std::int64_t run = points[i].day - points[i - 1].day;
        return points[i - 1].day + 1 + (u - points[i - 1].share) * run / rise;
    }
    return points.back().day;
}

}  // namespace

std::string sample_credit_code(std::int64_t serial, Sampler& s)
{
    static constexpr std::array<const char*, 6> regions{"110105", "310115", "440106",
                                                        "320102", "330106", "510104"};
    std::string organization = "MA";
    organization += fmt::format("{:02d}{:04d}", s.below(100), serial);
    std::string code = fmt::format("91{}{}", regions[static_cast<std::size_t>(s.below(6))],
                                   with_organization_check(organization));
    code += credit_code_check_character(code);
    return code;
}

Sampler::Sampler(std::uint64_t seed, std::string_view name) : state_(mix(seed + golden))
{
    for (char c : name) state_ = mix(state_ ^ static_cast<unsigned char>(c)) + golden;
}

std::uint64_t Sampler::next()
{
    state_ += golden;
    return mix(state_);
}

std::int64_t Sampler::below(std::int64_t n)
{
    invariant(n > 0);
    return static_cast<std::int64_t>((UInt128{next()} * static_cast<std::uint64_t>(n)) >> 64);
}

std::int64_t Sampler::between(std::int64_t low, std::int64_t high)
{
    return low + below(high - low + 1);
}

bool Sampler::chance(std::int64_t numerator, std::int64_t denominator)
{
    return below(denominator) < numerator;
}

Money discount_price(Money face, Rate discount, std::int64_t days)
{
    constexpr std::int64_t basis = 365;
    const Int128 year = Int128{Rate::one} * basis;
    const Int128 part = year - Int128{discount.in_ppb()} * days;
    return Money::fen(divide_rounded(Int128{face.in_fen()} * part, year, Rounding::half_up));
}

SampleWorld::SampleWorld(std::uint64_t seed, const SampleTerms& terms) : seed_(seed), terms_(terms)
{
    make_parties();
    make_opening();
    make_candidates();
}

void SampleWorld::make_parties()
{
    Sampler s(seed_, "parties");
    constexpr std::int64_t groups = 38;
    std::int64_t serial = 0;
    for (std::int64_t g = 0; g < groups; ++g) {
        // The largest group has 4.8% of the opening face, the others 3.6% down to 1.5%.
        shares_.push_back({g == 0 ? 480 : 360 - (g - 1) * 210 / (groups - 2), 0});
        members_.emplace_back();
        const std::int64_t count = g == 0 ? 3 : s.between(1, 4);
        for (std::int64_t i = 0; i < count; ++i) {
            members_.back().push_back(static_cast<std::int32_t>(obligors_.size()));
            obligors_.push_back({sample_credit_code(++serial, s),
                                 fmt::format("样本买方{:02d}-{}有限公司", g + 1, i + 1),
                                 fmt::format("G{:02d}", g + 1)});
        }
    }
    for (std::int64_t i = 0; i < 120; ++i) {
        sellers_.push_back(
            {sample_credit_code(5000 + i, s), fmt::format("样本供应商{:03d}有限公司", i + 1), ""});
    }
}

/// Draws a group by what it lacks of its share, so that shares hold in every week and every seed.
std::int32_t SampleWorld::next_obligor(Money face, Sampler& s)
{
    const std::int64_t total = std::accumulate(
        shares_.begin(), shares_.end(), std::int64_t{0},
        [](std::int64_t sum, const Share& share) { return sum + share.weight; });
    given_ += face.in_fen();
    std::vector<std::int64_t> lack;
    std::int64_t sum = 0;
    for (const Share& share : shares_) {
        const auto target =
            static_cast<std::int64_t>(Int128{given_} * share.weight / total);
        lack.push_back(std::max<std::int64_t>(0, target - share.given));
        sum += lack.back();
    }
    // The largest group gets small receivables as soon as they fit, so that its share of what is
    // bought does not hang on a few large ones.
    std::size_t g = 0;
    if (lack[0] < face.in_fen() || face.in_fen() > 150'000'000) {
        std::int64_t u = s.below(sum - lack[0]);
        g = 1;
        while (u >= lack[g]) u -= lack[g++];
    }
    shares_[g].given += face.in_fen();
    const auto& members = members_[g];
    return members[static_cast<std::size_t>(s.below(static_cast<std::int64_t>(members.size())))];
}

Receivable SampleWorld::make(Date as_of, std::int64_t days, Money face, Sampler& s)
{
    ++serial_;
    const SampleParty& obligor = obligors_[static_cast<std::size_t>(next_obligor(face, s))];
    const SampleParty& seller =
        sellers_[static_cast<std::size_t>(s.below(static_cast<std::int64_t>(sellers_.size())))];
    Receivable r;
    r.asset_id = fmt::format("R-{:06d}", serial_);
    r.contract_no = fmt::format("FC-{:04d}-{}", as_of.year(), seller.code.substr(8, 8));
    r.snapshot_date = as_of;
    r.seller_code = seller.code;
    r.seller_name = seller.name;
    r.obligor_code = obligor.code;
    r.obligor_name = obligor.name;
    r.obligor_group = obligor.group;
    r.due_date = as_of + static_cast<std::int32_t>(days);
    // The whole term is at most 180 days, so a long way to go means a young invoice.
    r.invoice_date = as_of - static_cast<std::int32_t>(s.between(2, std::min<std::int64_t>(30, 179 - days)));
    r.delivery_date = r.invoice_date;
    const int year = r.invoice_date.year() % 100;
    if (s.chance(4, 5)) {
        r.invoice_type = InvoiceType::special;
        r.invoice_code = fmt::format("1100{:02d}{}130", year, s.between(1, 4));
    } else {
        r.invoice_type = InvoiceType::ordinary;
        r.invoice_code = fmt::format("01100{:02d}00{}04", year, s.between(1, 4));
    }
    r.invoice_no = fmt::format("{:08d}", serial_ * 7'654'321 % 100'000'000);
    r.invoice_amount = face;
    r.trade_contract_no = fmt::format("PO-{:08d}", serial_ * 3'141'593 % 100'000'000);
    r.original_balance = face;
    r.current_balance = face;
    r.financed_amount = scale(face, 9, 10, Rounding::down);
    r.purchase_date = as_of == terms_.closing ? as_of : as_of + 1;
    r.purchase_price = discount_price(face, terms_.discount, r.due_date - r.purchase_date);
    r.discount_rate = terms_.discount;
    r.recourse = Recourse::full;
    r.disclosed = Disclosed::notified;
    r.confirmation = s.chance(7, 10) ? Confirmation::electronic : Confirmation::stamped;
    r.confirmation_date = r.invoice_date + 1;
    r.registry_no = fmt::format("ZDW{:012d}", serial_ * 271'828'183 % 1'000'000'000'000);
    r.servicer_ref = fmt::format("sample-{}", seed_);
    return r;
}

/// The first receivables are drawn and scaled to the target; the last one's face is what brings the
/// sum of prices to it exactly (a price moves by at most a fen when the face moves by one).
void SampleWorld::make_opening()
{
    Sampler s(seed_, "opening");
    const auto days = spread(20, 150, terms_.receivables, s);
    std::vector<std::int64_t> raw;
    Int128 sum = 0;
    for (std::size_t i = 0; i < days.size(); ++i) {
        raw.push_back(draw_face(s));
        sum += discount_price(Money::fen(raw.back()), terms_.discount, days[i]).in_fen();
    }
    raw.back() = 100'000'000;
    Money left = terms_.price;
    for (std::size_t i = 0; i < days.size(); ++i) {
        Money face = Money::fen(static_cast<std::int64_t>(Int128{raw[i]} * terms_.price.in_fen() / sum));
        if (i + 1 == days.size()) {
            face = scale(left, Rate::one * 365, Rate::one * 365 - terms_.discount.in_ppb() * days[i],
                         Rounding::up);
            while (discount_price(face, terms_.discount, days[i]) > left) face -= Money::fen(1);
        }
        opening_.push_back(make(terms_.closing, days[i], face, s));
        left -= discount_price(face, terms_.discount, days[i]);
    }
    invariant(left >= zero);
}

void SampleWorld::make_candidates()
{
    Sampler s(seed_, "candidates");
    // What a servicer buys keeps the largest group a little below its share of the opening pool.
    given_ = 0;
    for (Share& share : shares_) share.given = 0;
    shares_[0].weight = 450;
    Date day = terms_.closing + 1;
    while (day.weekday() != 1) ++day;
    for (; day <= terms_.last_tape; day = day + 7) {
        CandidateTape tape{day, {}};
        std::vector<std::int64_t> faces;
        std::int64_t sum = 0;
        while (sum < terms_.candidates_a_week.in_fen()) {
            faces.push_back(draw_face(s));
            sum += faces.back();
        }
        // Half of them up to 150 days, half up to 130: what is bought lives 85 days on average.
        const auto count = static_cast<std::int64_t>(faces.size());
        auto days = spread(30, 150, count / 2, s);
        const auto shorter = spread(30, 130, count - count / 2, s);
        days.insert(days.end(), shorter.begin(), shorter.end());
        for (std::size_t i = 0; i < faces.size(); ++i) {
            tape.rows.push_back(make(day, days[i], Money::fen(faces[i]), s));
        }
        candidates_.push_back(std::move(tape));
    }
}

Fate fate_of(std::uint64_t seed, std::string_view asset_id, Money face, Date due, Date owned)
{
    Sampler s(seed, asset_id);
    Fate fate;
    const Date first = owned + static_cast<std::int32_t>(s.between(1, 5));
    const Date paid = std::max(first, due + static_cast<std::int32_t>(draw_delay(s)));
    Money open = face;
    if (s.chance(8, 100)) {
        // 8% of receivables lose 2% to 18% of their face; of every second one the seller makes good
        // only half.
        fate.dilution = scale(face, s.between(20, 180), 1000, Rounding::down);
        fate.diluted_on = std::max(owned + 1, paid - static_cast<std::int32_t>(s.between(3, 20)));
        open -= fate.dilution;
        const Money half = scale(fate.dilution, 1, 2, Rounding::half_up);
        const Date when = *fate.diluted_on + static_cast<std::int32_t>(s.between(2, 8));
        fate.payments.push_back({when, s.chance(1, 2) ? half : fate.dilution, true});
    }
    const std::int64_t u = s.below(1000);
    const int parts = u < 942 ? 1 : u < 997 ? 2 : 3;
    Date when = paid;
    for (int i = parts; i > 1; --i) {
        const Money part = scale(open, s.between(300, 700), 1000, Rounding::down);
        fate.payments.push_back({when, part, false});
        open -= part;
        const Date latest = due + 45;
        when = std::max(when, std::min(latest, when + static_cast<std::int32_t>(s.between(2, 12))));
    }
    if (s.chance(5, 10000)) open += Money::fen(s.between(1'00, 5'000'00));
    fate.payments.push_back({when, open, false});
    if (fate.payments.size() > 1) {
        std::stable_sort(
            fate.payments.begin(), fate.payments.end(),
            [](const Fate::Payment& a, const Fate::Payment& b) { return a.date < b.date; });
    }
    return fate;
}

std::vector<std::string> sample_tape_columns()
{
    std::vector<std::string> result = required_tape_columns();
    const std::array<std::string_view, 7> more{"seller_name", "obligor_name", "obligor_group",
                                               "delivery_date", "discount_rate",
                                               "confirmation_date", "servicer_ref"};
    std::vector<std::string> ordered;
    for (std::string_view column : tape_columns()) {
        const bool wanted = std::find(result.begin(), result.end(), column) != result.end() ||
                            std::find(more.begin(), more.end(), column) != more.end();
        if (wanted) ordered.emplace_back(column);
    }
    return ordered;
}

}  // namespace tranchain
