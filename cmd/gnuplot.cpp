// Chart: gnuplot as a child; it reads the script to its end before it draws, so one pipe each way
// is enough.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/chart.hpp"

#include <fmt/core.h>

#include "cmd/child.hpp"

namespace tranchain {

namespace {

tl::unexpected<Error> cannot(const std::string& what)
{
    return fail(Code::io, "cannot draw: " + what, {}, "the figures are those of -f csv and -f json");
}

}  // namespace

Result<std::string> draw(const Chart& chart, const Canvas& canvas, const std::string& language)
{
    // -d: without the user's own settings: equal figures, equal picture
    auto end = run_child({"gnuplot", "-d"}, gnuplot_script(chart, canvas, language), ChildOutput::read);
    if (!end && end.error().code == Code::not_found) {
        return fail(Code::not_found, "charts are drawn by gnuplot, which is not installed", {},
                    "install it (Debian: apt install gnuplot-nox)");
    }
    if (!end) return cannot(end.error().message);
    if (end->status != 0 || end->output.empty()) {
        return cannot(fmt::format("gnuplot ended with status {}", end->status));
    }
    return std::move(end->output);
}

}  // namespace tranchain
