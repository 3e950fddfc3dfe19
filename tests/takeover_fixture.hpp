// Takeover: an alliance whose members state that an epoch is over, and go on under another orderer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "chain/evidence.hpp"
#include "chain/proof_file.hpp"
#include "chain/verify.hpp"
#include "tests/alliance_fixture.hpp"

namespace tranchain {

using Indexes = std::vector<std::size_t>;

struct Frozen : Alliance {
    explicit Frozen(std::size_t members = 4) : Alliance(members) { start(); }

    static Key log_of(std::int64_t epoch)
    {
        return Key::from_seed(sha256("log of epoch " + std::to_string(epoch)));
    }
    void pass(std::size_t from, std::size_t to)
    {
        const auto sent = send(from, to);
        BOOST_REQUIRE_MESSAGE(sent, (sent ? "" : sent.error().message));
    }
    void pass(std::size_t from, const Indexes& to)
    {
        for (const std::size_t i : to)
            if (i != from) pass(from, i);
    }
    /// Opened anew with the log key of an epoch, which it is to order.
    void arm(std::size_t i, std::int64_t epoch)
    {
        replicas[i].reset();
        Signer with = signer(i);
        with.log_key = log_of(epoch);
        auto replica = Replica::open(*Store::open(database(i), Open::write), contract, with);
        BOOST_REQUIRE_MESSAGE(replica, (replica ? "" : replica.error().message));
        replicas[i] = std::make_unique<Replica>(std::move(*replica));
    }
    Freeze state(std::size_t who, std::int64_t epoch, std::size_t orderer)
    {
        FreezeWish wish{epoch, alliance_names[orderer], {}};
        if (who == orderer) wish.log_key = log_of(epoch).public_key();
        const auto f = at(who).freeze(wish);
        BOOST_REQUIRE_MESSAGE(f, (f ? "" : f.error().message));
        return *f;
    }
    /// The orderer to be states first, then the others, who have it from him; he gets all of them.
    void freeze(std::size_t orderer, std::int64_t epoch, const Indexes& who)
    {
        arm(orderer, epoch);
        state(orderer, epoch, orderer);
        pass(orderer, who);
        for (const std::size_t i : who) {
            if (i == orderer) continue;
            state(i, epoch, orderer);
            pass(i, orderer);
        }
    }
    /// The orderer proposes, and all of `who` take it to a final block.
    void take_over(std::size_t orderer, const Indexes& who)
    {
        now += 60;
        const auto p = at(orderer).propose(now);
        BOOST_REQUIRE_MESSAGE(p, (p ? "" : p.error().message));
        pass(orderer, who);
        for (const std::size_t i : who) {
            if (i == orderer) continue;
            const auto a = at(i).answer(now);
            BOOST_REQUIRE_MESSAGE(a, (a ? "" : a.error().message));
            BOOST_REQUIRE_MESSAGE(a->verdict == Stance::ready, a->reason);
            pass(i, orderer);
        }
        const auto first = at(orderer).endorse(now);
        BOOST_REQUIRE_MESSAGE(first, (first ? "" : first.error().message));
        pass(orderer, who);
        for (const std::size_t i : who) {
            if (i == orderer) continue;
            const auto e = at(i).endorse(now);
            BOOST_REQUIRE_MESSAGE(e, (e ? "" : e.error().message));
            pass(i, orderer);
        }
        finish(orderer);
        while (*at(orderer).finish()) {} // what is below may have become final by itself
        pass(orderer, who);
    }
    std::string findings(const ChainSource& source, bool execute = true)
    {
        VerifyOptions options;
        options.execute = execute;
        std::set<std::string> ids;
        const auto report = verify_chain(source, contract, options);
        BOOST_REQUIRE(report);
        for (const Finding& f : report->findings) {
            BOOST_TEST_MESSAGE(f.str());
            ids.insert(f.id);
        }
        std::string all;
        for (const std::string& id : ids) all += (all.empty() ? "" : " ") + id;
        return all;
    }
    void clean(const Indexes& who)
    {
        for (const std::size_t i : who)
            for (const bool execute : {true, false}) {
                BOOST_TEST(findings(source_of(at(i).store()), execute) == "");
                BOOST_TEST(findings(source_of(*export_bundle(at(i), "", 0)), execute) == "");
            }
    }
    /// Everybody of `who` has the same newest block; its header.
    Header agreed(const Indexes& who)
    {
        const Header first = *at(who.front()).newest_header();
        for (const std::size_t i : who) BOOST_TEST((*at(i).newest_header() == first));
        return first;
    }
};

} // namespace tranchain
