// Config: what the environment and configuration files say when the command line does not.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cmd/options.hpp"
#include "data/error.hpp"

namespace tranchain {

/// Fills `globals` from TRANCHAIN_CHAIN and TRANCHAIN_KEY, then ./tranchain.toml, then
/// $XDG_CONFIG_HOME/tranchain/config.toml; earlier ones win. A `globals.config` that is already
/// set is read instead of both files.
Errors read_surroundings(Globals& globals);

}  // namespace tranchain
