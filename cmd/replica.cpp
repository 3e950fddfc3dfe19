// Replica: database, key, guard, contract, clock and random source of one command.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/replica.hpp"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include <fmt/core.h>

#include "cmd/key.hpp"
#include "data/attempt.hpp"

namespace tranchain {

Result<std::int64_t> time_now()
{
    if (const char* fixed = std::getenv("TRANCHAIN_TEST_TIME"); fixed && *fixed) {
        const std::string_view text(fixed);
        std::int64_t seconds = 0;
        const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        if (ec != std::errc() || end != text.data() + text.size() || seconds < 0)
            return fail(Code::usage, "TRANCHAIN_TEST_TIME is not a number of seconds");
        return seconds;
    }
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

RandomSource random_for(const std::string& purpose)
{
    if (const char* fixed = std::getenv("TRANCHAIN_TEST_RANDOM"); fixed && *fixed)
        return seeded_random(std::string(fixed) + "/" + purpose);
    return system_random();
}

std::string log_key_path(const std::string& key_path)
{
    return key_path + ".log";
}

std::string time_text(std::int64_t seconds)
{
    const std::int64_t day = seconds / 86400;
    const std::int64_t rest = seconds % 86400;
    if (seconds < 0 || day > 80'000) return fmt::format("{} seconds", seconds);   // not a date
    const Date date = Date::from_days(static_cast<std::int32_t>(day));
    return fmt::format("{} {:02}:{:02}:{:02} UTC", date.str(), rest / 3600, rest / 60 % 60,
                       rest % 60);
}

Result<std::string> chain_path(const Globals& globals)
{
    if (!globals.chain.empty()) return globals.chain;
    return fail(Code::usage, "no chain is given", {},
                "give the database with -C FILE, or set TRANCHAIN_CHAIN");
}

Result<std::optional<Signer>> open_signer(const Globals& globals, NeedKey need)
{
    if (need == NeedKey::no && globals.key.empty()) return std::optional<Signer>{};
    TRANCHAIN_TRY(Key key, open_key(globals));
    Signer signer{std::move(key), Guard::folder_of(globals.key), {}};
    const std::string log_path = log_key_path(globals.key);
    std::error_code ec;
    if (std::filesystem::exists(log_path, ec)) {
        TRANCHAIN_TRY(signer.log_key, open_key(log_path, globals));
    }
    return std::optional<Signer>(std::move(signer));
}

Result<Desk> open_desk(const Globals& globals, Open how, NeedKey need)
{
    TRANCHAIN_TRY(const std::string path, chain_path(globals));
    TRANCHAIN_TRY(auto signer, open_signer(globals, need));
    TRANCHAIN_TRY(Store store, Store::open(path, how));
    Desk desk;
    desk.contract = std::make_unique<DealContract>(store.has_rows_file());
    TRANCHAIN_TRY(Replica replica,
                  Replica::open(std::move(store), *desk.contract, std::move(signer)));
    desk.replica = std::make_unique<Replica>(std::move(replica));
    return desk;
}

void remove_database(const std::string& path)
{
    std::error_code ec;
    for (const std::string& file : {path, Store::rows_path(path)})
        for (const char* ending : {"", "-wal", "-shm"})
            std::filesystem::remove(file + ending, ec);
}

Result<Desk> new_desk(const std::string& path, bool rows, std::optional<Signer> signer,
                      const Genesis& genesis)
{
    std::error_code ec;
    for (const std::string& file : {path, Store::rows_path(path)})
        if (std::filesystem::exists(file, ec))
            return fail(Code::denied, "the file exists", {file},
                        "a chain is never overwritten; choose another name");
    if (signer && !genesis.members.by_key(signer->key.public_key()))
        return fail(Code::denied, "the key is not a member of '" + genesis.name + "'", {},
                    "its public half must be in the alliance file: 'key show --public'");
    Desk desk;
    desk.contract = std::make_unique<DealContract>(rows);
    auto made = [&]() -> Result<> {
        TRANCHAIN_TRY(Store store, Store::create(path, rows));
        TRANCHAIN_TRY(Replica replica, Replica::found(std::move(store), *desk.contract,
                                                      std::move(signer), genesis));
        desk.replica = std::make_unique<Replica>(std::move(replica));
        return {};
    }();
    if (!made) {
        remove_database(path);
        return tl::make_unexpected(std::move(made.error()));
    }
    return desk;
}

}  // namespace tranchain
