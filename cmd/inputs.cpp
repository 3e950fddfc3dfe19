// Inputs: SHA-256 of each file behind a result.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/inputs.hpp"

#include <filesystem>

#include "cmd/pool_input.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/digest.hpp"
#include "waterfall/sample_files.hpp"

namespace tranchain {

namespace {

Result<std::vector<std::string>> files_of(const RunInputs& inputs)
{
    std::vector<std::string> files{inputs.deal};
    files.insert(files.end(), inputs.more_deals.begin(), inputs.more_deals.end());
    if (std::filesystem::is_directory(inputs.pool)) {
        TRANCHAIN_TRY(const SampleFolder folder, read_sample_folder(inputs.pool));
        files.push_back(folder.opening);
        files.insert(files.end(), folder.candidates.begin(), folder.candidates.end());
    } else {
        files.push_back(inputs.pool);
    }
    for (const std::string& name : inputs.scenarios)
        if (!is_built_in(name)) files.push_back(name);
    files.insert(files.end(), inputs.reserve.begin(), inputs.reserve.end());
    if (inputs.curve && std::filesystem::exists(*inputs.curve)) files.push_back(*inputs.curve);
    return files;
}

Result<InputDigest> digest_of(const std::string& file)
{
    if (file == "-") return InputDigest{file, {}};
    TRANCHAIN_TRY(const std::string bytes, read_file(file));
    return InputDigest{file, hex(sha256(bytes))};
}

} // namespace

Result<std::vector<InputDigest>> digests_of(const RunInputs& inputs)
{
    TRANCHAIN_TRY(const auto files, files_of(inputs));
    std::vector<InputDigest> digests;
    for (const std::string& file : files) {
        TRANCHAIN_TRY(InputDigest digest, digest_of(file));
        digests.push_back(std::move(digest));
    }
    return digests;
}

Result<> add_inputs(Answer& answer, const RunInputs& inputs, const Output& out)
{
    if (out.format() != Format::json) return {};
    TRANCHAIN_TRY(const auto digests, digests_of(inputs));
    add_digests(answer, digests);
    return {};
}

void add_digests(Answer& answer, const std::vector<InputDigest>& digests)
{
    Value list = Value::array();
    for (const InputDigest& d : digests) {
        list.push(Value::object(
            {{"file", d.file}, {"sha256", d.sha256.empty() ? Value() : Value(d.sha256)}}));
    }
    answer.data("inputs", std::move(list));
}

} // namespace tranchain
