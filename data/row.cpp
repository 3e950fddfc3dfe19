// Row: salted commitments, and the random source of their secrets.
// SPDX-License-Identifier: Apache-2.0
#include "data/row.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include <sys/random.h>

#include "data/assert.hpp"
#include "data/merkle.hpp"

namespace tranchain {

namespace {

using namespace std::string_view_literals;

constexpr auto salt_tag = "tranchain/salt/v1\n"sv;
constexpr auto field_tag = "\0tranchain/field/v1\n"sv;
constexpr auto row_tag = "\0tranchain/row/v1\n"sv;

/// Random bytes fetched by the page: a pool of 10^6 receivables would else make as many calls.
struct RandomPool {
    std::array<std::uint8_t, 4096> bytes;
    std::size_t used = sizeof bytes;

    void refill()
    {
        for (std::size_t done = 0; done < bytes.size();) {
            const auto got = getrandom(bytes.data() + done, bytes.size() - done, 0);
            invariant(got > 0 || errno == EINTR);
            if (got > 0) done += static_cast<std::size_t>(got);
        }
        used = 0;
    }
    Hash next()
    {
        if (used == bytes.size()) refill();
        Hash out;
        for (auto& byte : out) {
            byte = bytes[used];
            bytes[used++] = 0; // no copy of a secret stays behind
        }
        return out;
    }
};

} // namespace

const std::string* Row::field(std::string_view name) const
{
    const auto at = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
    return at == fields.end() ? nullptr : &at->second;
}

Hash field_salt(const Hash& secret, std::string_view name)
{
    return HmacKey(view(secret)).sign({salt_tag, name});
}

Hash field_leaf(std::string_view name, const Hash& salt, std::string_view value)
{
    return sha256({field_tag, name, "\0"sv, view(salt), value});
}

Hash row_leaf(const Row& row)
{
    const HmacKey key(view(row.secret));
    Frontier leaves;
    for (const auto& [name, value] : row.fields) {
        leaves.append(field_leaf(name, key.sign({salt_tag, name}), value));
    }
    std::array<char, 4> count;
    for (std::size_t i = 0; i < 4; ++i) {
        count[i] = static_cast<char>((row.fields.size() >> (24 - 8 * i)) & 0xFF);
    }
    return sha256({row_tag, {count.data(), count.size()}, view(leaves.root())});
}

Hash rows_root(std::span<const Row> rows)
{
    Frontier leaves;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        invariant(i == 0 || rows[i - 1].key < rows[i].key);
        leaves.append(row_leaf(rows[i]));
    }
    return leaves.root();
}

RandomSource system_random()
{
    return [pool = std::make_shared<RandomPool>()] { return pool->next(); };
}

RandomSource seeded_random(std::string seed)
{
    return [seed = std::move(seed), counter = std::uint64_t{0}]() mutable {
        std::array<char, 8> digits;
        for (std::size_t i = 0; i < 8; ++i) {
            digits[i] = static_cast<char>((counter >> (56 - 8 * i)) & 0xFF);
        }
        ++counter;
        return sha256({seed, {digits.data(), digits.size()}});
    };
}

} // namespace tranchain
