// Config: environment and configuration files.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/config.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string>

#include "data/toml.hpp"

namespace tranchain {

namespace {

std::string environment(const char* name)
{
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read before any thread
    return value == nullptr ? "" : value;
}

/// Takes what is not known yet from one file.
struct Wanted {
    bool format = true, color = true, lang = true;
};

void one_of(TomlTable& table, const char* key, std::string& text,
            std::initializer_list<const char*> allowed)
{
    std::string list;
    for (const char* a : allowed) {
        if (text == a) { return; }
        list += (list.empty() ? "" : ", ") + std::string(a);
    }
    table.fail(key, "'" + text + "' is not a value of '" + key + "'", "one of: " + list);
    text.clear();
}

Errors read_config(const std::string& path, Globals& globals, Wanted& wanted)
{
    auto file = TomlFile::read(path);
    if (!file) { return file.error(); }
    TomlTable root = file->root();
    for (auto [key, member] : {std::pair{"chain", &globals.chain}, std::pair{"key", &globals.key},
                               std::pair{"passphrase_file", &globals.passphrase_file}}) {
        if (auto text = root.optional_text(key); text && member->empty()) { *member = text->text; }
    }
    if (auto text = root.optional_text("format")) {
        one_of(root, "format", text->text, {"table", "json", "csv", "html", "xlsx"});
        for (const auto& [word, is] : format_words) {
            if (!wanted.format || text->text != word) { continue; }
            globals.format = is;
            wanted.format = false;
        }
    }
    if (auto text = root.optional_text("color")) {
        one_of(root, "color", text->text, {"auto", "always", "never"});
        if (wanted.color && !text->text.empty()) {
            globals.color = text->text == "always"  ? ColorMode::always
                            : text->text == "never" ? ColorMode::never
                                                    : ColorMode::automatic;
            wanted.color = false;
        }
    }
    if (auto text = root.optional_text("lang")) {
        one_of(root, "lang", text->text, {"en", "zh"});
        if (wanted.lang && !text->text.empty()) {
            globals.lang = text->text;
            wanted.lang = false;
        }
    }
    return file->finish();
}

std::string user_config()
{
    if (const std::string folder = environment("XDG_CONFIG_HOME"); !folder.empty()) {
        return folder + "/tranchain/config.toml";
    }
    const std::string home = environment("HOME");
    return home.empty() ? "" : home + "/.config/tranchain/config.toml";
}

}  // namespace

Errors read_surroundings(Globals& globals)
{
    globals.chain = environment("TRANCHAIN_CHAIN");
    globals.key = environment("TRANCHAIN_KEY");
    Wanted wanted;
    if (!globals.config.empty()) { return read_config(globals.config, globals, wanted); }
    Errors errors;
    for (const std::string& path : {std::string("tranchain.toml"), user_config()}) {
        if (path.empty() || ::access(path.c_str(), F_OK) != 0) { continue; }
        const Errors found = read_config(path, globals, wanted);
        errors.insert(errors.end(), found.begin(), found.end());
    }
    return errors;
}

}  // namespace tranchain
