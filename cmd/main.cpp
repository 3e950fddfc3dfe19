// main: runs one command line and maps what came out to an exit status.
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <string>
#include <vector>

#include "cmd/cli.hpp"
#include "cmd/commands.hpp"
#include "cmd/diagnostic.hpp"
#include "cmd/outcome.hpp"
#include "cmd/output.hpp"
#include "cmd/terminal.hpp"

namespace tranchain {

namespace {

int run(const std::vector<std::string>& words)
{
    set_character_type();
    const Tree tree = all_commands();
    Globals globals;
    const auto parsed = parse_command_line(tree, words, globals);
    if (!parsed) {
        if (wants_json(words)) { globals.format = Format::json; }
        report(parsed.error(), globals);
        return exit_status(parsed.error());
    }
    Output out(globals);
    if (parsed->command == nullptr) {
        const Outcome shown = out.write_raw(parsed->text);
        report(shown.problems(), globals);
        return exit_status(shown.problems());
    }
    const Outcome outcome = parsed->command->run(globals, out);
    report(outcome.problems(), globals);
    return exit_status(outcome.problems());
}

}  // namespace

}  // namespace tranchain

int main(int argc, char** argv)
{
    return tranchain::run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
