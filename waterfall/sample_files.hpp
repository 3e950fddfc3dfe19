// Sample files: a sample pool on disk, with everything two branches of its life need.
//
//   manifest.json                 seed, deal, what is in the folder
//   jdht-2018-6.toml              the deal
//   tape-2018-11-08.csv           the opening tape; malformed.csv, ineligible.csv: bad ones
//   candidates-YYYY-MM-DD.csv     what is offered each week
//   base.toml, stressed.toml      scenarios for `waterfall run`
//   base/, stressed/              what members hand in, and story.csv: in which order
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/error.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/generate.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

struct SampleFolder {
    std::uint64_t seed = 0;
    std::string opening;                  ///< path of the opening tape
    std::vector<std::string> candidates;  ///< paths, by date
};
struct SampleSummary {
    std::int64_t files = 0;
    std::int64_t candidates = 0;
    Money opening_face, opening_price, candidate_face;
    Projection base, stressed;
};
/// Writes the folder, which is made if it is missing. `deal_text` is the source of `program`.
[[nodiscard]] Result<SampleSummary> write_sample(const std::string& folder,
                                                 const SampleWorld& world, const Program& program,
                                                 const std::string& deal_text);
struct ContractSummary {
    std::int64_t files = 0;
    std::int64_t contracts = 0, payments = 0; ///< at closing
    Money face, price;                        ///< of the payments
    std::int64_t candidates = 0;              ///< payments offered later
    Money candidate_face;
};
/// The same for a deal that buys consumer instalments: lists of contracts and the tapes of their
/// payments, at closing for the notes' proceeds, then each Monday of the
/// revolving period for a twentieth of that. Errors: the deal states no price.
[[nodiscard]] Result<ContractSummary> write_contract_sample(const std::string& folder,
                                                            std::uint64_t seed,
                                                            const Program& program,
                                                            const std::string& deal_text);
/// What the manifest of a sample folder says.
[[nodiscard]] Result<SampleFolder> read_sample_folder(const std::string& folder);

}  // namespace tranchain
