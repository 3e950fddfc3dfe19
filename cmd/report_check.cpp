// Report check: makes a paper again from the block it names, and compares every byte.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "cmd/report_make.hpp"
#include "cmd/workbook.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

struct CheckPaperOptions {
    std::string paper;
    CopyOptions copy;
};

/// A stamp says nothing that its kind of paper does not depend on: it would be copied, and so pass.
Result<> means_something(const PaperKind& kind, const Stamp& stamp, const std::string& file)
{
    const auto idle = [&](const char* member) {
        return fail(Code::invalid_input,
                    fmt::format("{}.{} has no meaning in a paper of kind '{}'", stamp_key, member,
                                kind.verb),
                    {file, 0, 0, 0}, "'tranchain report' did not make this paper");
    };
    if (stamp.rows && !kind.says_rows) return idle("rows");
    if (!stamp.tranche.empty() && !kind.of_tranche) return idle("tranche");
    if (!stamp.trigger.empty() && kind.about != PaperKind::About::effect) return idle("trigger");
    return {};
}

Format format_of_paper(std::string_view bytes)
{
    return is_workbook(bytes)               ? Format::xlsx
           : bytes.starts_with('{')         ? Format::json
           : bytes.starts_with("<!doctype") ? Format::html
                                            : Format::table;
}

/// Where the stamp stands in a paper: a member of JSON, else the last line of text, HTML or a
/// workbook's first sheet that begins with its name.
Result<Json> find_stamp(std::string_view bytes, const std::string& file, Format format)
{
    const auto none = [&] {
        return fail(Code::invalid_input, "this paper does not say what it was made from",
                    {file, 0, 0, 0}, "only text, HTML, JSON and XLSX of 'tranchain report' do");
    };
    // Of JSON too only the stamp is read: all else is compared as bytes, and records have no null.
    const std::string head =
        fmt::format("{}: {{", format == Format::json ? fmt::format("\"{}\"", stamp_key) : stamp_key);
    std::string cells;
    if (format == Format::xlsx) {
        TRANCHAIN_TRY(const auto all, read_workbook(bytes, file));
        for (const WorkbookCell& cell : all)
            if (cell.sheet == all.front().sheet && cell.text.starts_with(head)) cells = cell.text;
        bytes = cells;
    }
    const auto start = bytes.rfind(head);
    const auto end = bytes.find('}', start == std::string_view::npos ? bytes.size() : start);
    if (end == std::string_view::npos) return none();
    const auto first = start + head.size() - 1;
    const std::string_view stamp = bytes.substr(first, end + 1 - first);
    const auto json = format == Format::json ? parse_json(stamp) : parse_canonical(stamp);
    if (!json || !json->is_object()) return none();
    return *json;
}

/// The first line in which the two differ, as a problem of the paper.
Error first_difference(std::string_view paper, std::string_view made, const std::string& file)
{
    const auto theirs = split(paper, '\n');
    const auto ours = split(made, '\n');
    std::size_t i = 0;
    while (i < theirs.size() && i < ours.size() && theirs[i] == ours[i]) ++i;
    const auto line = [i](const auto& lines) {
        return i < lines.size() ? fmt::format("'{}'", trim(lines[i])) : std::string("nothing");
    };
    return {Code::answer_no,
            fmt::format("the paper says {}, the chain gives {}", line(theirs), line(ours)),
            {file, static_cast<int>(i + 1), 0, 0},
            {}};
}

/// The first cell in which the two differ, as a problem of the paper.
Result<Error> first_cell(std::string_view paper, std::string_view made, const std::string& file)
{
    TRANCHAIN_TRY(const auto theirs, read_workbook(paper, file));
    TRANCHAIN_TRY(const auto ours, read_workbook(made, file));
    std::size_t i = 0;
    while (i < theirs.size() && i < ours.size() && theirs[i] == ours[i]) ++i;
    if (i == theirs.size() && i == ours.size())
        return Error{Code::answer_no,
                     "all cells are what the chain gives, other bytes are not",
                     {file},
                     "the workbook was saved again, and may show its numbers in another way"};
    const auto cell = [i](const auto& cells) {
        return i < cells.size() ? fmt::format("'{}' in {} of sheet '{}'", cells[i].text,
                                              cells[i].place, cells[i].sheet)
                                : std::string("nothing");
    };
    return Error{Code::answer_no,
                 fmt::format("the paper says {}, the chain gives {}", cell(theirs), cell(ours)),
                 {file},
                 {}};
}

/// What a copy that holds the stamp's block makes of it.
Result<std::string> make_again(
    const PaperKind& kind, Opened& opened, const ReadBooks& read, const Stamp& said, Format format)
{
    Stamp stamp = said;
    stamp.chain = read.report.chain;
    stamp.version = TRANCHAIN_VERSION;
    if (said.height > read.report.newest)
        return fail(Code::not_found,
                    fmt::format("the paper was made from block {}, this copy ends at {}",
                                said.height, read.report.newest),
                    {opened.path}, "import newer blocks first");
    if (said.rows && !read.with_rows())
        return fail(Code::not_found,
                    "the paper was made with the rows of all records, which this copy lacks",
                    {opened.path}, "check it with the database of a member");
    TRANCHAIN_DO(stamp_block(opened, said.height, stamp));
    TRANCHAIN_TRY(const Answer made, make_paper(kind, read, said.date, stamp));
    return Output::text_of(made, format, stamp.language);
}

Outcome run_report_check(const CheckPaperOptions& o, const Globals& globals, Output& out)
{
    const auto bytes = read_file(o.paper);
    if (!bytes) return bytes.error();
    const Format format = format_of_paper(*bytes);
    const auto found = find_stamp(*bytes, o.paper, format);
    if (!found) return found.error();
    auto stamp = read_stamp(*found);
    if (!stamp) {
        for (Error& e : stamp.error()) e.where.file = o.paper;
        return stamp.error();
    }
    const PaperKind* kind = paper_kind(stamp->kind);
    if (kind == nullptr)
        return Error{Code::invalid_input,
                     fmt::format("'{}' is no kind of paper", stamp->kind),
                     {o.paper, 0, 0, 0},
                     "it may be of a newer version"};
    if (auto sound = means_something(*kind, *stamp, o.paper); !sound) return sound.error();
    auto opened = open_copy(o.copy, globals);
    if (!opened) return opened.error();
    const auto read = read_books(*opened, o.copy, stamp->height, globals);
    if (!read) return read.error();
    TRANCHAIN_TRY(const std::string text, make_again(*kind, *opened, *read, *stamp, format));
    Answer answer("tranchain.report.check/1");
    const bool same = text == *bytes;
    answer.field("file", "paper", o.paper)
        .field("kind", "kind", stamp->kind)
        .field("deal", "deal", stamp->deal)
        .field("date", "its date", stamp->date)
        .field("height", "made from block", stamp->height)
        .field("same", "the chain gives the same", same);
    if (auto written = out.write(answer); !written) return written;
    if (same) return {};
    Error difference = first_difference(*bytes, text, o.paper);
    if (format == Format::xlsx) {
        TRANCHAIN_TRY(difference, first_cell(*bytes, text, o.paper));
    }
    if (stamp->version != TRANCHAIN_VERSION)
        difference.hint =
            fmt::format("version {} made the paper, this is {}", stamp->version, TRANCHAIN_VERSION);
    return difference;
}

} // namespace

void add_report_check(Tree& tree)
{
    tree.add<CheckPaperOptions>(
        "report", "check", "make a paper again and compare", run_report_check,
        [](Setup& s, CheckPaperOptions& o) {
            s.positional("PAPER", o.paper, "a paper of 'tranchain report'").file();
            bind_copy(s, o.copy);
        });
}

} // namespace tranchain
