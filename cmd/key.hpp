// Key files, as every signing command opens them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chain/key.hpp"
#include "cmd/options.hpp"
#include "data/error.hpp"

namespace tranchain {

/// Reads the private key in `path`, asking for the passphrase only when the file is encrypted.
/// Errors: not_found; invalid_input; denied for a wrong passphrase or no way to ask for one.
[[nodiscard]] Result<Key> open_key(const std::string& path, const Globals& globals);
/// The key of --key or TRANCHAIN_KEY; usage error when neither is given.
[[nodiscard]] Result<Key> open_key(const Globals& globals);

}  // namespace tranchain
