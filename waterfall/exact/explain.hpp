// Explain: every clause of a program in one plain sentence, in English or Chinese.
//
// The sentences are made from the typed data that the engine runs, never from the words of the deal
// file, so a clause that was misread shows.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "waterfall/exact/program.hpp"

namespace tranchain {

enum class Language : std::uint8_t { english, chinese };

/// One phrase in both languages.
struct Words {
    std::string_view english;
    std::string_view chinese;
    std::string_view in(Language l) const { return l == Language::english ? english : chinese; }
};

struct Explanation {
    std::string section; ///< heading
    std::string number;  ///< of the clause, such as `priority.revolving.income.3`; may be empty
    std::string sentence;
    bool operator==(const Explanation&) const = default;
};

/// In the order of the program; explanations of one section stand together.
std::vector<Explanation> explain(const Program& program, Language language);

// Single parts, for traces and messages.
std::string explain(const Expr& expr, const Program& program, Language language);
std::string explain(const Condition& condition, const Program& program, Language language);
std::string explain(const Step& step, const Program& program, Language language);
std::string explain(const Facility& facility, const Program& program, Language language);
/// `CNY 1,000.00`.
std::string amount_text(Money money, const Program& program);
/// From where a line takes what its ledger lacks: the end of a sentence.
std::string explain_supports(const Step& step, const Program& program, Language language);
std::string explain(const Purchase& purchase, const Program& program, Language language);
std::string explain(const Trigger& trigger, const Program& program, Language language);
/// What is special about the principal and the coupon of a tranche; empty if nothing.
std::string explain_terms(const Tranche& tranche, const Program& program, Language language);
std::string explain_test(const Trigger& trigger, const Program& program, Language language);

} // namespace tranchain
