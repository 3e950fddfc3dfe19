// Output as one page of HTML.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "cmd/output.hpp"

namespace tranchain {

namespace {

// Greys only, so that a print in grey loses nothing; numbers of one width stand under each other.
constexpr const char* style = R"(body { font: 11pt/1.4 "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif;
       max-width: 62em; margin: 2em auto; padding: 0 1em; color: #000; background: #fff }
h1 { font-size: 1.4em } h2 { font-size: 1.1em; margin: 1.2em 0 .3em }
table { border-collapse: collapse; margin: .3em 0 1em }
th, td { border: 1px solid #999; padding: .15em .5em; text-align: left; vertical-align: top }
th { background: #eee } tr { page-break-inside: avoid } thead { display: table-header-group }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
figure { margin: 1em 0; page-break-inside: avoid } svg { max-width: 100%; height: auto }
p { overflow-wrap: anywhere; white-space: pre-wrap; margin: .3em 0 }
@page { size: A4 landscape; margin: 12mm }
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 9pt } }
)";

std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        default: out += c;
        }
    }
    return out;
}

/// Between double quotes.
std::string attribute(std::string_view text)
{
    std::string out;
    for (const char c : escaped(text)) {
        if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

std::string cell(const char* tag, const std::string& text, bool number)
{
    return fmt::format("<{}{}>{}</{}>", tag, number ? " class=\"n\"" : "", escaped(text), tag);
}

std::string table_html(const Table& table)
{
    std::string out;
    if (!table.title().empty()) { out += "<h2>" + escaped(table.title()) + "</h2>\n"; }
    out += "<table>\n<thead><tr>";
    std::vector<bool> numbers;
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
        numbers.push_back(table.is_numeric(i));
        out += cell("th", table.columns()[i].heading(), numbers[i]);
    }
    out += "</tr></thead>\n<tbody>\n";
    for (const auto& row : table.rows()) {
        out += "<tr>";
        for (std::size_t i = 0; i < row.size(); ++i) {
            out += cell("td", row[i].shown(), numbers[i]);
        }
        out += "</tr>\n";
    }
    return out + "</tbody></table>\n";
}

}  // namespace

std::string Answer::as_html(const std::string& language) const
{
    const std::string name = escaped(heading());
    std::string out = fmt::format("<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
                                  "<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<h1>{}</h1>\n",
                                  attribute(language), name, style, name);
    bool in_fields = false;
    const auto fields = [&](bool wanted) {
        if (in_fields != wanted) { out += wanted ? "<table>\n<tbody>\n" : "</tbody></table>\n"; }
        in_fields = wanted;
    };
    for (const auto& part : parts_) {
        const auto* f = std::get_if<Field>(&part);
        if (f != nullptr && !f->for_people) { continue; }
        fields(f != nullptr);
        if (f != nullptr) {
            out += "<tr>" + cell("th", f->title, false) +
                   cell("td", f->value.shown(), f->value.is_number()) + "</tr>\n";
        }
        if (const auto* t = std::get_if<Table>(&part)) { out += table_html(*t); }
        if (const auto* n = std::get_if<Note>(&part)) { out += "<p>" + escaped(n->line) + "</p>\n"; }
    }
    fields(false);
    for (const Chart& c : charts_) {
        const auto picture = draw(c, {}, language);
        if (!picture) {
            out += "<p>" + escaped(picture.error().message + "; " + picture.error().hint) + "</p>\n";
            break;
        }
        out += "<figure>\n" + picture->substr(std::min(picture->find("<svg"), picture->size())) + "</figure>\n";
    }
    return out + "</body>\n</html>\n";
}

}  // namespace tranchain
