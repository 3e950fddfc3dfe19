// Alliance: four members with keys and databases in a private folder, and a contract that counts.
//
// The counting contract knows deal "tally": `terms` opens it, `statement` adds the public `total`,
// which must be the sum of its rows (field `row`, an integer each). `wait: N` in the public part
// asks for at least N records before it. Everything is deterministic.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "chain/bundle.hpp"
#include "chain/contract.hpp"
#include "chain/proof_file.hpp"
#include "chain/protocol.hpp"
#include "tests/folder.hpp"

namespace tranchain {

class CountingSession : public Session {
public:
    CountingSession(std::int64_t count, std::int64_t sum, std::int64_t secret, bool rows)
        : count_(count), sum_(sum), secret_(secret), rows_(rows)
    {
    }
    Judgement judge(const Record& r, const RecordContext&, const std::vector<Row>* rows) override
    {
        Judgement j;
        const auto refuse = [&](const char* id, std::string message) {
            j.ruling = Ruling::refused;
            j.findings.push_back(make_finding(id, std::move(message)));
            return j;
        };
        if (r.type == "terms") {
            if (count_ > 0) return refuse("terms-twice", "the deal has terms");
            ++count_;
            return j;
        }
        const Json* total = r.public_part.find("total");
        if (!total || !total->is_integer()) return refuse("bad-total", "no total");
        if (const Json* wait = r.public_part.find("wait"); wait && wait->as_integer() > count_) {
            j.ruling = Ruling::not_yet;
            j.waits_for = "more records";
            return j;
        }
        if (total->as_integer() < 0) return refuse("negative-total", "the total is negative");
        if (rows) {
            if (!keys_hold(*rows)) return refuse("bad-key", "a row has another key");
            std::int64_t sum = 0;
            for (const Row& row : *rows) sum += std::stoll(row.fields.front().second);
            if (sum != total->as_integer()) return refuse("wrong-total", "rows sum to another total");
            secret_ += sum;
        } else {
            j.not_checked.push_back("totals not checked against rows");
        }
        ++count_;
        sum_ += total->as_integer();
        return j;
    }
    /// Keys follow from the rows, as they do for every real type of record.
    static bool keys_hold(const std::vector<Row>& rows)
    {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (rows[i].key != "row-" + std::to_string(1000 + i)) return false;
        return true;
    }
    std::string public_state() const override
    {
        return Json::object({{"count", count_}, {"sum", sum_}}).canonical();
    }
    std::string private_state() const override { return rows_ ? std::to_string(secret_) : ""; }

private:
    std::int64_t count_, sum_, secret_;
    bool rows_;
};

class CountingContract : public Contract {
public:
    Result<std::unique_ptr<Session>> open(const std::string&, const std::optional<std::string>& pub,
                                          const std::optional<std::string>& priv) const override
    {
        if (!pub) return std::make_unique<CountingSession>(0, 0, 0, true);
        const auto json = parse_canonical(*pub);
        return std::make_unique<CountingSession>(json->find("count")->as_integer(),
                                                 json->find("sum")->as_integer(),
                                                 priv ? std::stoll(*priv) : 0, priv.has_value());
    }
};

inline const std::vector<std::string> alliance_names = {"manager", "custodian", "servicer",
                                                        "trustee", "fifth",     "sixth"};

template <class C> class BasicAlliance {
public:
    explicit BasicAlliance(std::size_t members = 4)
    {
        std::vector<Member> list;
        for (std::size_t i = 0; i < members; ++i) {
            keys.push_back(Key::from_seed(sha256("key " + alliance_names[i])));
            Member m;
            m.name = alliance_names[i];
            m.roles = {i == 0 ? "plan_manager" : alliance_names[i]};
            m.key = keys.back().public_key();
            m.recovery_key = Key::from_seed(sha256("recovery " + m.name)).public_key();
            list.push_back(m);
        }
        log_key = Key::from_seed(sha256("log"));
        genesis.name = "tally";
        genesis.random = sha256("random");
        genesis.time = now;
        genesis.members = *MemberSet::make(list, log_key->public_key());
        genesis.orderer = "manager";
        genesis.log_key = log_key->public_key();
        genesis.succession = {alliance_names.begin(),
                              alliance_names.begin() + static_cast<std::ptrdiff_t>(members)};
        for (std::size_t i = 0; i < members; ++i) {
            auto replica = Replica::found(*Store::create(database(i), true), contract, signer(i),
                                          genesis);
            BOOST_REQUIRE_MESSAGE(replica, (replica ? "" : replica.error().message));
            replicas.push_back(std::make_unique<Replica>(std::move(*replica)));
        }
    }

    [[nodiscard]] std::string database(std::size_t i) const
    {
        return folder / (alliance_names[i] + ".db");
    }
    [[nodiscard]] Signer signer(std::size_t i) const
    {
        return {keys[i], folder / (alliance_names[i] + ".key.guard"),
                i == 0 ? log_key : std::optional<Key>{}};
    }
    Replica& at(std::size_t i) { return *replicas[i]; }
    void close(std::size_t i) { replicas[i].reset(); }
    void open(std::size_t i)
    {
        replicas[i].reset();
        auto replica = Replica::open(*Store::open(database(i), Open::write), contract, signer(i));
        BOOST_REQUIRE_MESSAGE(replica, (replica ? "" : replica.error().message));
        replicas[i] = std::make_unique<Replica>(std::move(*replica));
    }

    /// Everything `from` has, as a file, taken over by `to`.
    Result<Imported> send(std::size_t from, std::size_t to)
    {
        // Whoever left gets what outsiders get.
        const bool votes = at(from).state().members.find(alliance_names[to]) != nullptr;
        auto bundle = export_bundle(at(from), votes ? alliance_names[to] : "", 0);
        if (!bundle) return tl::make_unexpected(bundle.error());
        auto read = Bundle::parse(bundle->str(), "test.tcb");
        if (!read) return tl::make_unexpected(read.error());
        return import_bundle(at(to), *read);
    }
    void send_all(std::size_t from)
    {
        for (std::size_t i = 0; i < replicas.size(); ++i) {
            if (i == from) continue;
            const auto sent = send(from, i);
            BOOST_REQUIRE_MESSAGE(sent, (sent ? "" : sent.error().message));
        }
    }

    /// Genesis, endorsed by all and final everywhere.
    void start()
    {
        for (auto& r : replicas) BOOST_REQUIRE(r->endorse(now));
        for (std::size_t i = 1; i < replicas.size(); ++i) BOOST_REQUIRE(send(i, 0));
        finish(0);
        send_all(0);
    }
    void finish(std::size_t i)
    {
        const auto done = at(i).finish();
        BOOST_REQUIRE_MESSAGE(done, (done ? "" : done.error().message));
        BOOST_REQUIRE(done->has_value());
    }

    SubmissionFile record(std::size_t author, const std::string& type, std::int64_t seq,
                      std::vector<std::int64_t> amounts = {},
                      std::optional<std::int64_t> total = {})
    {
        SubmissionFile s;
        Record& r = s.signed_record.record;
        r.chain = genesis.chain_id();
        r.deal = "tally";
        r.type = type;
        r.author = alliance_names[author];
        r.seq = seq;
        r.valid_until = now + 86400;
        std::int64_t sum = 0;
        const RandomSource random = seeded_random(type + r.author + std::to_string(seq));
        for (std::size_t i = 0; i < amounts.size(); ++i) {
            Row row;
            row.key = "row-" + std::to_string(1000 + i);
            row.fields = {{"row", std::to_string(amounts[i])}};
            row.secret = random();
            s.rows.push_back(row);
            sum += amounts[i];
        }
        if (type != "terms") r.public_part["total"] = total.value_or(sum);
        if (!s.rows.empty()) {
            r.rows = static_cast<std::int64_t>(s.rows.size());
            r.rows_root = rows_root(s.rows);
        }
        s.signed_record.sign(keys[author], r.author);
        return s;
    }
    void submit(const SubmissionFile& s)
    {
        for (auto& r : replicas) {
            const auto taken = r->take(s.signed_record, s.rows.empty() ? nullptr : &s.rows);
            BOOST_REQUIRE_MESSAGE(taken, (taken ? "" : taken.error().message));
        }
    }

    /// Proposes what is submitted; the orderer gets everyone's answer, which is yes.
    void ask()
    {
        const auto proposal = at(0).propose(now);
        BOOST_REQUIRE_MESSAGE(proposal, (proposal ? "" : proposal.error().message));
        send_all(0);
        for (std::size_t i = 1; i < replicas.size(); ++i) {
            const auto a = at(i).answer(now);
            BOOST_REQUIRE_MESSAGE(a, (a ? "" : a.error().message));
            BOOST_REQUIRE_MESSAGE(a->verdict == Stance::ready, a->reason);
            BOOST_REQUIRE(send(i, 0));
        }
    }
    /// Proposes what is submitted, and takes it to a final block everywhere.
    void seal()
    {
        now += 60;
        ask();
        endorse_and_finish();
    }
    void endorse_and_finish()
    {
        BOOST_REQUIRE(at(0).endorse(now));
        send_all(0);
        for (std::size_t i = 1; i < replicas.size(); ++i) {
            const auto e = at(i).endorse(now);
            BOOST_REQUIRE_MESSAGE(e, (e ? "" : e.error().message));
            BOOST_REQUIRE(send(i, 0));
        }
        finish(0);
        send_all(0);
    }
    /// Genesis, terms, and statements up to `blocks` blocks in all.
    void grow(std::int64_t blocks)
    {
        start();
        submit(record(0, "terms", 1));
        seal();
        for (std::int64_t n = 1; at(0).tip() + 1 < blocks; ++n) {
            submit(record(1, "statement", n, {n, 2 * n, 3 * n}));
            seal();
        }
    }

    TestFolder folder;
    C contract;
    std::vector<Key> keys;
    std::optional<Key> log_key;
    Genesis genesis;
    std::int64_t now = 1'541'635'200;   // 2018-11-08
    std::vector<std::unique_ptr<Replica>> replicas;
};

using Alliance = BasicAlliance<CountingContract>;

/// The first record of block `height`, with the governance records of blocks up to `changes_through`.
inline ProofFile proof_of(Replica& r, std::int64_t height, std::int64_t changes_through)
{
    const auto headers = *r.store().headers();
    const auto first = *r.store().block(0);
    const Genesis genesis = *genesis_from_record((*parse_body(first->body)).front().record);
    const auto sealed = [&](std::int64_t at, std::int64_t position) {
        const auto block = *r.store().block(at);
        return *prove_record(std::span(headers).first(static_cast<std::size_t>(at) + 1),
                             block->body, block->checkpoint, genesis,
                             static_cast<std::size_t>(position));
    };
    ProofFile out = sealed(height, 0);
    const auto changes = *r.store().governance_records();
    for (const RecordPlace& p : changes)
        if (p.height <= changes_through) out.governance.push_back(sealed(p.height, p.position));
    return out;
}

}  // namespace tranchain
