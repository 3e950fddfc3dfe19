// audit: commands under `audit`.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/commands.hpp"

namespace tranchain {

void add_audit(Tree&) {}

}  // namespace tranchain
