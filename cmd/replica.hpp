// Replica: opens the database, key and contract that a command of `chain` or `anchor` works with.
//
// The clock and the random source come from here and nowhere else. For tests and rehearsals the
// environment fixes both: TRANCHAIN_TEST_TIME (UTC seconds) and TRANCHAIN_TEST_RANDOM (any text).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "chain/bundle.hpp"
#include "chain/protocol.hpp"
#include "cmd/contract.hpp"
#include "cmd/options.hpp"
#include "data/row.hpp"

namespace tranchain {

/// UTC seconds.
[[nodiscard]] Result<std::int64_t> time_now();
/// `purpose` keeps fixed sources of different commands apart.
RandomSource random_for(const std::string& purpose);

/// A contract must outlive the replica that asks it.
struct Desk {
    std::unique_ptr<DealContract> contract;
    std::unique_ptr<Replica> replica;
    [[nodiscard]] Replica* operator->() const { return replica.get(); }
};

enum class NeedKey : bool { no, yes };
/// The database of -C and, if given or needed, the key of --key.
[[nodiscard]] Result<Desk> open_desk(const Globals& globals, Open how, NeedKey key);
/// The path of -C, or a usage error.
[[nodiscard]] Result<std::string> chain_path(const Globals& globals);
[[nodiscard]] Result<std::optional<Signer>> open_signer(const Globals& globals, NeedKey key);
/// File beside a member's key that holds the log key, when that member orders.
std::string log_key_path(const std::string& key_path);

/// A new database with this genesis; its files are removed again if anything fails.
[[nodiscard]] Result<Desk> new_desk(const std::string& path, bool rows,
                                    std::optional<Signer> signer, const Genesis& genesis);
void remove_database(const std::string& path);

/// `2018-11-08 00:00:00 UTC`
std::string time_text(std::int64_t seconds);

}  // namespace tranchain
