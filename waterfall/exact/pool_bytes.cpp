// The pool as bytes and back: what a member keeps beside the public state. Not hashed, not signed.
//
// Layout: magic, then varints (zigzag for signed) and length-prefixed strings in the order below.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <utility>

#include "waterfall/exact/bounds.hpp"
#include "waterfall/exact/pool.hpp"

namespace tranchain {

namespace {

constexpr std::string_view magic = "tranchain/pool/v1\n";
constexpr std::uint32_t written_off_bit = 8; ///< beside the status

class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}
    void count(std::size_t n) { varint(n); }
    void integer(std::int64_t n)
    {
        const auto u = static_cast<std::uint64_t>(n);
        varint((u << 1U) ^ (n < 0 ? ~std::uint64_t{0} : 0));
    }
    void money(Money m) { integer(m.in_fen()); }
    void date(Date d) { integer(d.days()); }
    void text(std::string_view t)
    {
        varint(t.size());
        out_.append(t);
    }
    void hash(const Hash& h) { out_.append(view(h)); }

private:
    void varint(std::uint64_t u)
    {
        for (; u >= 0x80; u >>= 7U) out_.push_back(static_cast<char>(0x80U | (u & 0x7FU)));
        out_.push_back(static_cast<char>(u));
    }
    std::string& out_;
};

/// Reads zeros after the first problem; `bad()` tells.
class ByteReader {
public:
    explicit ByteReader(std::string_view in) : in_(in) {}
    [[nodiscard]] bool bad() const { return bad_; }
    [[nodiscard]] bool at_end() const { return in_.empty(); }
    std::size_t count() ///< of things that take at least a byte each
    {
        const std::uint64_t n = varint();
        if (n > in_.size()) fail();
        return bad_ ? 0 : static_cast<std::size_t>(n);
    }
    std::int64_t integer()
    {
        const std::uint64_t u = varint();
        return static_cast<std::int64_t>((u >> 1U) ^ ((u & 1U) != 0 ? ~std::uint64_t{0} : 0));
    }
    Money money()
    {
        const std::int64_t n = integer();
        if (n > Money::max_fen || n < -Money::max_fen) fail();
        return bad_ ? zero : Money::fen(n);
    }
    Date date()
    {
        const std::int64_t n = integer();
        if (n < -25567 || n > 84005) fail(); // 1900-01-01 to 2199-12-31
        return bad_ ? Date{} : Date::from_days(static_cast<std::int32_t>(n));
    }
    std::uint32_t index(std::size_t size)
    {
        const std::int64_t n = integer();
        if (n < 0 || static_cast<std::uint64_t>(n) >= size) fail();
        return bad_ ? 0 : static_cast<std::uint32_t>(n);
    }
    std::string text()
    {
        const std::size_t n = count();
        std::string t(in_.substr(0, n));
        in_.remove_prefix(n);
        return t;
    }
    Hash hash()
    {
        Hash h{};
        if (in_.size() < h.size()) fail();
        if (bad_) return h;
        std::memcpy(h.data(), in_.data(), h.size());
        in_.remove_prefix(h.size());
        return h;
    }
    void fail()
    {
        bad_ = true;
        in_ = {};
    }

private:
    std::uint64_t varint()
    {
        std::uint64_t u = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (in_.empty()) break;
            const auto byte = static_cast<unsigned char>(in_.front());
            in_.remove_prefix(1);
            u |= std::uint64_t{byte & 0x7FU} << shift;
            if ((byte & 0x80U) == 0) return u;
        }
        fail();
        return 0;
    }
    std::string_view in_;
    bool bad_ = false;
};

void write(Writer& w, const Asset& a)
{
    w.text(a.id);
    w.integer(a.obligor);
    w.integer(a.group);
    w.integer(static_cast<std::int64_t>(a.status) + (a.written_off ? written_off_bit : 0));
    w.date(a.settle);
    w.date(a.due);
    for (const Money m :
         {a.face, a.price, a.paid, a.diluted, a.made_good, a.paid_open, a.diluted_open,
          a.made_good_open, a.principal, a.loss, a.lost_cost, a.recovered, a.defaulted_face}) {
        w.money(m);
    }
    w.integer(a.defaulted_on ? 1 : 0);
    if (a.defaulted_on) w.date(*a.defaulted_on);
    if (a.status == Asset::Status::repurchased) w.money(a.repurchased);
    w.hash(a.secret);
}

Asset read_asset(ByteReader& r, std::size_t obligors, std::size_t groups)
{
    Asset a;
    a.id = r.text();
    a.obligor = r.index(obligors);
    a.group = r.index(groups);
    const std::uint32_t status = r.index(2 * written_off_bit);
    a.written_off = (status & written_off_bit) != 0;
    if ((status & ~written_off_bit) > static_cast<std::uint32_t>(Asset::Status::repurchased)) {
        r.fail();
    } else {
        a.status = static_cast<Asset::Status>(status & ~written_off_bit);
    }
    a.settle = r.date();
    a.due = r.date();
    for (Money* m : {&a.face, &a.price, &a.paid, &a.diluted, &a.made_good, &a.paid_open,
                     &a.diluted_open, &a.made_good_open, &a.principal, &a.loss, &a.lost_cost,
                     &a.recovered, &a.defaulted_face}) {
        *m = r.money();
    }
    if (r.integer() != 0) a.defaulted_on = r.date();
    if (a.status == Asset::Status::repurchased) a.repurchased = r.money();
    a.secret = r.hash();
    return a;
}

/// What is unpaid lies between nothing and the face.
bool adds_up(const Asset& a)
{
    const Int128 face{a.face.in_fen()};
    const Int128 unpaid = face - a.paid.in_fen() - a.diluted.in_fen() - a.repurchased.in_fen();
    return unpaid >= 0 && unpaid <= face;
}

} // namespace

std::string Pool::bytes() const
{
    std::string out(magic);
    out.reserve(assets_.size() * 110 + 1024);
    Writer w(out);
    w.count(obligors_.size());
    for (std::size_t i = 0; i < obligors_.size(); ++i) {
        w.text(obligors_[i]);
        w.integer(insolvent_[i] ? 1 : 0);
        if (insolvent_[i]) w.date(*insolvent_[i]);
    }
    w.count(groups_.size());
    for (const std::string& g : groups_) w.text(g);
    w.count(assets_.size());
    for (const Asset& a : assets_) write(w, a);
    w.count(open_insolvent_.size());
    for (const auto& [day, obligors] : open_insolvent_) {
        w.date(day);
        w.count(obligors.size());
        for (const std::uint32_t o : obligors) w.integer(o);
    }
    w.count(purchases_.size());
    for (const auto& [reference, range] : purchases_) {
        w.text(reference);
        w.integer(range.first);
        w.integer(range.second);
    }
    w.count(open_.size());
    for (const auto& [day, facts] : open_) {
        w.date(day);
        w.count(facts.size());
        for (const Fact& f : facts) {
            w.integer(f.asset);
            w.integer(static_cast<std::int64_t>(f.kind));
            w.money(f.amount);
            if (f.kind == FactKind::extension) w.date(f.due);
        }
    }
    std::vector<std::string_view> keys;
    for (const auto& [key, receipt] : receipts_) keys.push_back(key);
    std::sort(keys.begin(), keys.end());
    w.count(keys.size());
    for (const std::string_view key : keys) {
        const Receipt& r = receipts_.find(key)->second;
        w.text(key);
        w.date(r.date);
        for (const Money m : {r.amount, r.booked, r.unapplied}) w.money(m);
    }
    return out;
}

Result<Pool> Pool::from_bytes(std::string_view bytes)
{
    const auto bad = [] { return fail(Code::invalid_input, "private state is damaged"); };
    if (bytes.substr(0, magic.size()) != magic) return bad();
    ByteReader r(bytes.substr(magic.size()));
    Pool p;
    for (std::size_t n = r.count(), i = 0; i < n; ++i) {
        const std::uint32_t index = p.intern(p.obligors_, p.obligor_index_, r.text());
        if (r.integer() != 0) p.insolvent_[index] = r.date();
    }
    for (std::size_t n = r.count(), i = 0; i < n; ++i) {
        p.intern(p.groups_, p.group_index_, r.text());
    }
    const std::size_t count = r.count();
    p.expect_assets(std::min(count, bytes.size() / 48)); // no asset takes less: a bad count is no memory
    const auto id_at = [&](std::uint32_t at) -> std::string_view { return p.assets_[at].id; };
    Gross owned; // of all of them together, as a purchase allows it
    for (std::size_t i = 0; i < count && !r.bad(); ++i) {
        p.assets_.push_back(read_asset(r, p.obligors_.size(), p.groups_.size()));
        if (r.bad()) return bad();
        if (counts(p.assets_.back())) owned.add(p.assets_.back().face);
        if (owned.too_large() || !adds_up(p.assets_.back())) return bad();
        if (p.assets_.back().status == Asset::Status::live) ++p.live_count_;
        p.by_id_.insert(p.assets_.back().id, static_cast<std::uint32_t>(i), id_at);
        p.index_asset(static_cast<std::uint32_t>(i));
    }
    const std::size_t assets = p.assets_.size();
    for (std::size_t n = r.count(), i = 0; i < n; ++i) {
        auto& day = p.open_insolvent_[r.date()];
        for (std::size_t m = r.count(), k = 0; k < m; ++k)
            day.push_back(r.index(p.obligors_.size()));
    }
    for (std::size_t n = r.count(), i = 0; i < n; ++i) {
        const std::string reference = r.text();
        const std::uint32_t first = r.index(assets + 1);
        p.purchases_[reference] = {first, r.index(assets + 1)};
    }
    for (std::size_t n = r.count(), i = 0; i < n; ++i) {
        auto& day = p.open_[r.date()];
        for (std::size_t m = r.count(), k = 0; k < m; ++k) {
            const std::uint32_t asset = r.index(assets);
            const auto kind = static_cast<FactKind>(r.index(6));
            const Money amount = r.money();
            const Date due = kind == FactKind::extension ? r.date() : Date{};
            day.push_back({asset, kind, amount, due});
            if (kind == FactKind::repurchase && !r.bad()) p.assets_[asset].leaving = true;
        }
    }
    for (std::size_t n = r.count(), i = 0; i < n; ++i) {
        const std::string key = r.text();
        Receipt& receipt = p.receipts_[key];
        receipt.date = r.date();
        for (Money* m : {&receipt.amount, &receipt.booked, &receipt.unapplied}) *m = r.money();
    }
    if (r.bad() || !r.at_end()) return bad();
    return p;
}

} // namespace tranchain
