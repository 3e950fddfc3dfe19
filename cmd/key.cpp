// key: makes and shows the keys members sign with.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/key.hpp"

#include <fmt/core.h>

#include <optional>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "cmd/terminal.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

struct KeyNewOptions {
    std::string file;
    std::string seed_file;
    bool no_passphrase = false;
};

Result<Hash> read_seed(const std::string& path)
{
    TRANCHAIN_TRY(const std::string text, read_file(path));
    const auto bytes = from_hex(trim(text));
    Hash seed{};
    if (!bytes || bytes->size() != seed.size()) {
        return fail(Code::invalid_input, "a seed is 64 lower-case hexadecimal digits", {path, 1, 1});
    }
    std::copy(bytes->begin(), bytes->end(), seed.begin());
    return seed;
}

Result<std::optional<std::string>> new_passphrase(const KeyNewOptions& o, const Globals& globals)
{
    if (o.no_passphrase) { return std::nullopt; }
    TRANCHAIN_TRY(std::string first, read_passphrase("new passphrase", globals));
    if (globals.passphrase_file.empty()) {
        TRANCHAIN_TRY(const std::string again, read_passphrase("once more", globals));
        if (again != first) { return fail(Code::usage, "the two passphrases differ"); }
    }
    return first;
}

Outcome run_key_new(const KeyNewOptions& o, const Globals& globals, Output& out)
{
    if (o.no_passphrase && !globals.passphrase_file.empty()) {
        return fail(Code::usage, "--no-passphrase and --passphrase-file exclude each other");
    }
    Key key = Key::generate();
    if (!o.seed_file.empty()) {
        auto seed = read_seed(o.seed_file);
        if (!seed) { return seed.error(); }
        key = Key::from_seed(*seed);
    }
    const auto passphrase = new_passphrase(o, globals);
    if (!passphrase) { return passphrase.error(); }
    if (!globals.dry_run) {
        if (auto written = key.write(o.file, *passphrase); !written) { return written; }
    }
    Answer answer("tranchain.key.new/1");
    answer.field("file", "key file", globals.dry_run ? "not written" : o.file)
        .field("public", "public key", to_text(key.public_key()));
    return out.write(answer);
}

struct KeyShowOptions {
    std::optional<std::string> file;
    bool only_public = false;
    bool pem = false;
};

Outcome run_key_show(const KeyShowOptions& o, const Globals& globals, Output& out)
{
    const auto key = o.file ? open_key(*o.file, globals) : open_key(globals);
    if (!key) { return key.error(); }
    const PublicKey& shown = key->public_key();
    if (o.pem) { return out.write_raw(public_pem(shown)); }
    if (o.only_public) { return out.write_raw(to_text(shown) + "\n"); }
    Answer answer("tranchain.key.show/1");
    answer.field("suite", "suite", "ed25519")
        .field("public", "public key", to_text(shown))
        .field("sha256", "SHA-256 of it",
               to_hex(sha256(std::string_view(reinterpret_cast<const char*>(shown.data()), shown.size()))));
    return out.write(answer);
}

}  // namespace

Result<Key> open_key(const std::string& path, const Globals& globals)
{
    TRANCHAIN_TRY(const std::string pem, read_file(path));
    std::optional<std::string> passphrase;
    if (is_encrypted_pem(pem)) {
        TRANCHAIN_TRY(passphrase, read_passphrase(fmt::format("passphrase of '{}'", path), globals));
    }
    return Key::from_pem(pem, passphrase, path);
}

Result<Key> open_key(const Globals& globals)
{
    if (globals.key.empty()) {
        return fail(Code::usage, "no key is given", {}, "give --key FILE, or set TRANCHAIN_KEY");
    }
    return open_key(globals.key, globals);
}

void add_key(Tree& tree)
{
    tree.noun("key", "make and show the keys members sign with");
    tree.add<KeyNewOptions>(
        "key", "new", "make a key file that only its owner can read", run_key_new,
        [](Setup& s, KeyNewOptions& o) {
            s.positional("FILE", o.file, "the file to make; never one that exists").file();
            s.flag("--no-passphrase", o.no_passphrase, "leave the file open, for machines and rehearsals");
            s.option("--seed-file", o.seed_file, "FILE", "derive the key from 64 hex digits, for rehearsals")
                .file();
        });
    tree.add<KeyShowOptions>(
        "key", "show", "show the public half of a key", run_key_show,
        [](Setup& s, KeyShowOptions& o) {
            s.positional("FILE", o.file, "the key file; otherwise the one of --key").file();
            s.flag("--public", o.only_public, "the public key alone, as alliance files want it");
            s.flag("--pem", o.pem, "the public key in PEM, as openssl wants it");
        });
}

}  // namespace tranchain
