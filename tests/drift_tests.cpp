// What the program says of itself agrees: commands, manual pages, completion, golden cases.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include "chain/finding.hpp"
#include "cmd/commands.hpp"
#include "cmd/diagnostic.hpp"
#include "cmd/outcome.hpp"
#include "data/text.hpp"
#include "tests/golden.hpp"

namespace fs = std::filesystem;
namespace but = boost::unit_test;
using namespace tranchain;  // tests read better without qualification

BOOST_AUTO_TEST_SUITE(drift_tests, *but::label("slow"))

namespace {

std::string page_of(const std::string& noun)
{
    const bool alone = noun == "completion" || noun == "help" || noun == "version";
    return alone ? "man/tranchain.1" : "man/tranchain-" + noun + ".1";
}

/// mdoc escapes to what they stand for.
std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        ++i;
        if (text[i] == 'e') { out += '\\'; }
        else if (text.substr(i).starts_with("(dq")) {
            out += '"';
            i += 2;
        }
        else if (text[i] != '&') { out += text[i]; }
    }
    return out;
}

/// The options that a page's macros name, as they are typed.
std::set<std::string> options_in(const std::string& page, bool only_offered)
{
    std::set<std::string> found;
    std::istringstream lines(golden::read_text(page));
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with('.')) { continue; }
        const bool offered = line.starts_with(".It Fl") || line.starts_with(".Op Fl");
        if (only_offered && !offered) { continue; }
        std::istringstream words(unescaped(line.substr(1)));
        for (std::string word, before; words >> word; before = word) {
            if (before != "Fl" || word == "Ar") { continue; }
            const auto name = word.substr(std::min(word.size(), word.find_first_not_of('-')));
            if (name.size() > 1) { found.insert("--" + name); }
            if (name.size() == 1) { found.insert("-" + name); }
        }
    }
    return found;
}

struct Global {
    Globals globals;
    GlobalWords words;
    std::deque<Parameter> parameters;
    Global()
    {
        Setup setup(parameters);
        add_globals(setup, globals, words);
    }
};

std::set<std::string> names_of(const std::deque<Parameter>& parameters)
{
    std::set<std::string> names;
    for (const Parameter& p : parameters) {
        if (p.is_positional()) { continue; }
        names.insert(p.name());
        if (p.letter() != 0) { names.insert(std::string{'-', p.letter()}); }
    }
    return names;
}

void check_offered(const std::string& page, const std::set<std::string>& real)
{
    for (const std::string& option : options_in(page, true)) {
        BOOST_TEST(real.contains(option), page << " offers " << option << ", which does not exist");
    }
}

struct Example {
    std::string script, expected;
};

/// The displays of a page that follow a line `.\" run`: commands after `$ ` with what they print.
std::vector<Example> examples_in(const std::string& page)
{
    std::vector<Example> examples;
    std::istringstream lines(golden::read_text(page));
    bool marked = false;
    bool inside = false;
    std::string here;  // the word that ends a here-document
    for (std::string line; std::getline(lines, line);) {
        if (line == ".\\\" run") { marked = true; }
        else if (marked && line.starts_with(".Bd")) {
            marked = false;
            inside = true;
            examples.emplace_back();
        }
        else if (line.starts_with(".Ed")) { inside = false; }
        else if (inside) {
            const std::string text = unescaped(line);
            if (!here.empty()) {
                examples.back().script += text + "\n";
                if (text == here) { here.clear(); }
                continue;
            }
            if (const auto mark = text.find("<<'"); text.starts_with("$ ") && mark != text.npos) {
                here = text.substr(mark + 3, text.find('\'', mark + 3) - mark - 3);
            }
            if (text.starts_with("$ ")) { examples.back().script += text.substr(2) + "\n"; }
            else { examples.back().expected += text + "\n"; }
        }
    }
    return examples;
}

std::vector<std::string> pages()
{
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator("man")) { found.push_back(entry.path().string()); }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_command_and_option_is_in_its_page)
{
    const Tree tree = all_commands();
    for (const Command& command : tree.commands()) {
        const std::string page = page_of(command.noun);
        const std::string text = golden::read_text(page);
        BOOST_TEST(!text.empty(), page << " is missing");
        if (text.empty()) { continue; }
        const std::string named = page == "man/tranchain.1" ? ".It Ic " + command.noun
                                                            : ".Nm tranchain " + command.name();
        BOOST_TEST(text.find(named) != std::string::npos, page << " lacks '" << named << "'");
        const auto documented = options_in(page, false);
        for (const std::string& option : names_of(command.parameters)) {
            BOOST_TEST(documented.contains(option), page << " lacks " << option);
        }
    }
}

BOOST_AUTO_TEST_CASE(global_options_are_in_the_first_page)
{
    const Global global;
    auto real = names_of(global.parameters);
    const auto documented = options_in("man/tranchain.1", false);
    for (const std::string& option : real) {
        BOOST_TEST(documented.contains(option), "man/tranchain.1 lacks " << option);
    }
    real.insert({"-h", "--help", "--version"});
    check_offered("man/tranchain.1", real);
}

BOOST_AUTO_TEST_CASE(pages_offer_nothing_else)
{
    const Tree tree = all_commands();
    const Global global;
    for (const Tree::Noun& noun : tree.nouns()) {
        const std::string page = page_of(noun.name);
        if (page == "man/tranchain.1" || !fs::exists(page)) { continue; }
        auto real = names_of(global.parameters);
        for (const Command* c : tree.of(noun.name)) { real.merge(names_of(c->parameters)); }
        check_offered(page, real);
        std::istringstream lines(golden::read_text(page));
        for (std::string line; std::getline(lines, line);) {
            const std::string prefix = ".Nm tranchain " + noun.name + " ";
            if (!line.starts_with(prefix)) { continue; }
            const std::string verb = line.substr(prefix.size(), line.find(' ', prefix.size()) - prefix.size());
            BOOST_TEST(tree.find(noun.name, verb) != nullptr, page << " names '" << line << "'");
        }
    }
}

BOOST_AUTO_TEST_CASE(every_noun_has_a_command_and_the_reverse)
{
    const Tree tree = all_commands();
    for (const Tree::Noun& noun : tree.nouns()) { BOOST_TEST(!tree.of(noun.name).empty(), noun.name); }
    for (const Command& c : tree.commands()) {
        BOOST_TEST(!c.help.empty(), c.name());
        bool known = false;
        for (const Tree::Noun& noun : tree.nouns()) { known = known || noun.name == c.noun; }
        BOOST_TEST(known, c.name() << ": its noun is not registered");
    }
}

BOOST_AUTO_TEST_CASE(every_command_has_a_golden_case)
{
    std::string all;
    for (const golden::Case& c : golden::find_cases("tests/golden")) {
        for (const std::string& line : c.commands) { all += line + "\n"; }
        for (const auto& [name, body] : c.files) { all += body; }
    }
    const Tree tree = all_commands();
    for (const Command& c : tree.commands()) {
        BOOST_TEST(all.find("tranchain " + c.name()) != std::string::npos,
                   "no golden case runs '" << c.name() << "'");
    }
}

BOOST_AUTO_TEST_CASE(completion_knows_every_option)
{
    const Tree tree = all_commands();
    for (const char* shell : {"bash", "zsh", "fish"}) {
        const auto ran = golden::run_script(fmt::format("tranchain completion {}", shell), {});
        BOOST_TEST(ran.status == 0);
        for (const Command& c : tree.commands()) {
            for (const std::string& option : names_of(c.parameters)) {
                const std::string spelt =
                    std::string(shell) == "fish" ? "-l " + option.substr(2) : option;
                BOOST_TEST(ran.out.find(spelt) != std::string::npos, shell << " lacks " << option);
            }
        }
    }
    // bash is always there; the others judge their own script where they are installed.
    for (const std::string shell : {"bash", "zsh", "fish"}) {
        if (golden::run_script("command -v " + shell, {}).status != 0) {
            BOOST_TEST_MESSAGE(shell << " is not installed: its completion was not run");
            continue;
        }
        const auto ran = golden::run_script(
            fmt::format("tranchain completion {0} >script; {0} -n script", shell), {});
        BOOST_TEST(ran.status == 0, shell << ": " << ran.err);
    }
}

BOOST_AUTO_TEST_CASE(exit_statuses_are_in_the_manual)
{
    const std::string text = golden::read_text("man/tranchain.1");
    for (const Code code : {Code::answer_no, Code::usage, Code::invalid_input, Code::not_found,
                            Code::denied, Code::busy, Code::io}) {
        const int status = exit_status({Error{code, "x", {}, {}}});
        BOOST_TEST(text.find(fmt::format(".It {}\n", status)) != std::string::npos, code_name(code));
    }
    BOOST_TEST(text.find("Unknown codes must be treated as failure.") != std::string::npos);
}

/// tranchain-chain(5) explains exactly the findings there are, and some test makes each of them.
BOOST_AUTO_TEST_CASE(every_finding_is_explained_and_tested)
{
    std::string tests;
    for (const auto& entry : fs::recursive_directory_iterator("tests")) {
        if (entry.is_regular_file()) { tests += golden::read_text(entry.path().string()); }
    }
    std::set<std::string> known;
    for (const auto& [id, meaning] : chain_findings()) {
        known.insert(std::string(id));
        const bool tested = tests.find("\"" + std::string(id)) != std::string::npos ||
                            tests.find("[" + std::string(id) + "]") != std::string::npos;
        std::string enumerator = "finding::" + std::string(id);
        std::replace(enumerator.begin(), enumerator.end(), '-', '_');
        BOOST_TEST((tested || tests.find(enumerator) != std::string::npos),
                   "no test makes '" << id << "'");
    }
    std::set<std::string> explained;
    std::istringstream lines(golden::read_text("man/tranchain-chain.5"));
    bool listed = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(".Sh ")) { listed = line == ".Sh DIAGNOSTICS"; }
        if (!listed || !line.starts_with(".It Sy ")) { continue; }
        std::istringstream words(line.substr(7));
        for (std::string word; words >> word;) {
            if (word != ",") { explained.insert(word); }
        }
    }
    for (const std::string& id : known) {
        BOOST_TEST(explained.contains(id), "tranchain-chain(5) lacks '" << id << "'");
    }
    for (const std::string& id : explained) {
        BOOST_TEST(known.contains(id), "tranchain-chain(5) explains '" << id << "', which is none");
    }
}

/// What the contract refuses is explained there too.
BOOST_AUTO_TEST_CASE(every_refusal_is_explained)
{
    std::set<std::string> known{"wrong-approvals", "other-deal"};  // of the adapter between the wings
    const std::regex call("(?:refused|finding|find)\\(\\s*\"([a-z]+(?:-[a-z]+)+)\"");
    for (const auto& entry : fs::directory_iterator("waterfall/exact")) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("judge") && !name.starts_with("facts") && !name.starts_with("close") &&
            !name.starts_with("purchase")) {
            continue;
        }
        const std::string source = golden::read_text(entry.path().string());
        for (std::sregex_iterator at(source.begin(), source.end(), call), end; at != end; ++at)
            known.insert((*at)[1]);
    }
    BOOST_TEST(known.size() > 30);
    const std::string page = golden::read_text("man/tranchain-chain.5");
    const auto from = page.find(".Sh WHAT THE CONTRACT REFUSES");
    BOOST_REQUIRE(from != std::string::npos);
    std::set<std::string> explained;
    std::istringstream lines(page.substr(from, page.find(".Sh ", from + 1) - from));
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(".It Sy ")) { continue; }
        std::istringstream words(line.substr(7));
        for (std::string word; words >> word;) {
            if (word != ",") { explained.insert(word); }
        }
    }
    for (const std::string& id : known) {
        BOOST_TEST(explained.contains(id), "tranchain-chain(5) lacks the refusal '" << id << "'");
    }
}

BOOST_AUTO_TEST_CASE(examples_of_the_manual_run)
{
    for (const std::string& page : pages()) {
        for (const Example& example : examples_in(page)) {
            const auto ran = golden::run_script("set -e\n" + example.script, {});
            BOOST_TEST_CONTEXT(page << ":\n" << example.script << ran.err)
            {
                BOOST_TEST(ran.status == 0);
                BOOST_TEST(ran.out == example.expected, "printed:\n" << ran.out);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(pages_are_well_formed)
{
    std::string list;
    for (const std::string& page : pages()) { list += " " + page; }
    BOOST_TEST(std::system(("mandoc -T lint -W warning" + list).c_str()) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
