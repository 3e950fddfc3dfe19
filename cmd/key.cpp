// key: commands under `key`.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/commands.hpp"

namespace tranchain {

void add_key(Tree&) {}

}  // namespace tranchain
