// Guard: the folder KEY.guard, which remembers the newest signatures of a key outside the database.
//
// A database restored from an old copy has forgotten what its key signed since; signing again could
// then split a height. The guard keeps the newest ready answer, endorsement (with header and body)
// and freeze statement of each chain; it is written (file, rename, folder, each fsynced) after the
// database and before the key is used. Never copy a key together with its guard: two machines with
// one key are two signers. See tranchain-chain(5), "Guard".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "chain/store.hpp"
#include "data/error.hpp"

namespace tranchain {

class Guard {
public:
    static std::string folder_of(const std::string& key_path);   ///< KEY -> KEY.guard

    /// Takes the folder for this process (a lock; busy if another command holds it).
    /// `create` makes it when absent, which is right only while the key signed nothing here.
    [[nodiscard]] static Result<Guard> open(const std::string& folder, const std::string& chain,
                                            bool create);
    Guard(Guard&& other) noexcept;
    Guard& operator=(Guard&&) = delete;
    ~Guard();

    [[nodiscard]] const std::optional<OwnReady>& ready() const { return ready_; }
    [[nodiscard]] const std::optional<OwnEndorsement>& endorsement() const { return endorsement_; }
    /// Without its signature.
    [[nodiscard]] const std::optional<Freeze>& freeze() const { return freeze_; }
    [[nodiscard]] Result<> put(const OwnReady& ready);
    [[nodiscard]] Result<> put(const OwnEndorsement& endorsement);
    [[nodiscard]] Result<> put(const Freeze& freeze);

private:
    Guard(std::string folder, std::string stem, int lock)
        : folder_(std::move(folder)), stem_(std::move(stem)), lock_(lock)
    {
    }
    [[nodiscard]] Result<> write(const std::string& name, const std::string& bytes) const;
    [[nodiscard]] Result<std::optional<std::string>> read(const std::string& name) const;
    [[nodiscard]] Result<> load();

    std::string folder_;
    std::string stem_;      ///< chain id with the slash replaced
    int lock_;
    std::optional<OwnReady> ready_;
    std::optional<OwnEndorsement> endorsement_;
    std::optional<Freeze> freeze_;
};

}  // namespace tranchain
