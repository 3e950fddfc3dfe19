// report: the papers of a deal, each made from a copy that is checked while it is read, and carrying the
// block it was made from, so that anybody with a copy can make it again and compare.
// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "cmd/commands.hpp"
#include "cmd/report_make.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

struct ReportOptions {
    CopyOptions copy;
    std::optional<std::string> deal, tranche, trigger;
    std::optional<Date> date;
};

const char* date_help(PaperKind::About about)
{
    using About = PaperKind::About;
    switch (about) {
    case About::period: break;
    case About::effect: return "the day it took effect; the last if left out";
    case About::day: return "as of the end of this closed day; the last one if left out";
    case About::year: return "a day of the year; that of the last closed day if left out";
    }
    return "which distribution; the last one if left out";
}

Outcome run_report(const PaperKind& kind, const ReportOptions& o, const Globals& globals, Output& out)
{
    auto opened = open_copy(o.copy, globals);
    if (!opened) return opened.error();
    const auto read =
        read_books(*opened, o.copy, std::numeric_limits<std::int64_t>::max(), globals);
    if (!read) return read.error();
    Stamp stamp;
    stamp.kind = kind.verb;
    stamp.deal = o.deal.value_or("");
    stamp.tranche = o.tranche.value_or("");
    stamp.trigger = o.trigger.value_or("");
    stamp.language = globals.lang;
    stamp.chain = read->report.chain;
    stamp.version = TRANCHAIN_VERSION;
    stamp.rows = kind.says_rows && read->with_rows();
    TRANCHAIN_DO(stamp_block(*opened, read->report.newest, stamp));
    TRANCHAIN_TRY(const Answer answer, make_paper(kind, *read, o.date, stamp));
    return out.write(answer);
}

} // namespace

void add_report(Tree& tree)
{
    tree.noun("report", "the papers of a deal, and whether a paper is true");
    for (const PaperKind& kind : paper_kinds()) {
        tree.add<ReportOptions>(
            "report", kind.verb, kind.help,
            [&kind](const ReportOptions& o, const Globals& globals, Output& out) {
                return run_report(kind, o, globals, out);
            },
            [&kind](Setup& s, ReportOptions& o) {
                bind_copy(s, o.copy);
                s.option("--deal", o.deal, "ID", "which deal of the chain");
                s.option("--date", o.date, "DATE", date_help(kind.about));
                if (kind.about == PaperKind::About::effect)
                    s.option("--trigger", o.trigger, "ID", "which trigger");
                if (kind.of_tranche)
                    s.option("--tranche", o.tranche, "ID", "whose payments").required();
            });
    }
    add_report_check(tree);
}

} // namespace tranchain
