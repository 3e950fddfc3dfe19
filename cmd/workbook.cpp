// Workbook: minizip unpacks, pugixml reads.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/workbook.hpp"

#include <array>
#include <map>
#include <memory>

#include <fmt/core.h>
#include <minizip/unzip.h>
#include <pugixml.hpp>

#include "cmd/memory_file.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

constexpr std::size_t most_unpacked = std::size_t{256} << 20U;

struct CloseZip {
    void operator()(void* zip) const { unzClose(zip); }
};
using Zip = std::unique_ptr<void, CloseZip>;

/// The entry that is current, or nothing if it is damaged or takes more than `room`.
bool unpack(void* zip, std::size_t room, std::string& out)
{
    if (unzOpenCurrentFile(zip) != UNZ_OK) return false;
    std::array<char, 1U << 16U> part{};
    int n = 0;
    while ((n = unzReadCurrentFile(zip, part.data(), static_cast<unsigned>(part.size()))) > 0) {
        out.append(part.data(), static_cast<std::size_t>(n));
        if (out.size() > room) break;
    }
    // The checksum is judged when an entry that was read to its end is closed.
    return unzCloseCurrentFile(zip) == UNZ_OK && n == 0;
}

Result<std::map<std::string, std::string>> unpack_all(std::string_view bytes,
                                                      const std::string& file)
{
    TRANCHAIN_TRY(const MemoryFile held, MemoryFile::make(bytes));
    const auto bad = [&] {
        return fail(Code::invalid_input, "this workbook is damaged, or too large", {file, 0, 0, 0});
    };
    const Zip zip(unzOpen64(held.path().c_str()));
    if (!zip) return bad();
    std::map<std::string, std::string> entries;
    std::size_t used = 0;
    for (int at = unzGoToFirstFile(zip.get()); at != UNZ_END_OF_LIST_OF_FILE;
         at = unzGoToNextFile(zip.get())) {
        std::array<char, 256> name{};
        if (at != UNZ_OK ||
            unzGetCurrentFileInfo64(zip.get(), nullptr, name.data(), name.size() - 1, nullptr, 0,
                                    nullptr, 0) != UNZ_OK)
            return bad();
        std::string& text = entries[name.data()];
        if (!text.empty() || !unpack(zip.get(), most_unpacked - used, text)) return bad();
        used += text.size();
    }
    return entries;
}

/// All text of a shared string, which may come in runs.
std::string text_below(const pugi::xml_node& node)
{
    std::string out;
    for (const pugi::xml_node t : node.children("t")) out += t.text().get();
    for (const pugi::xml_node r : node.children("r")) out += r.child("t").text().get();
    return out;
}

} // namespace

bool is_workbook(std::string_view bytes)
{
    return bytes.starts_with("PK\x03\x04");
}

Result<std::vector<WorkbookCell>> read_workbook(std::string_view bytes, const std::string& file)
{
    TRANCHAIN_TRY(const auto entries, unpack_all(bytes, file));
    const auto parse = [&](const std::string& name, pugi::xml_document& document) {
        const auto at = entries.find(name);
        constexpr unsigned how = pugi::parse_default | pugi::parse_ws_pcdata;
        return at != entries.end() &&
               document.load_buffer(at->second.data(), at->second.size(), how);
    };
    const auto bad = [&](const std::string& name) {
        return fail(Code::invalid_input, fmt::format("this workbook has no sound '{}'", name),
                    {file, 0, 0, 0});
    };
    pugi::xml_document book, strings;
    if (!parse("xl/workbook.xml", book)) return bad("xl/workbook.xml");
    std::vector<std::string> shared;
    if (parse("xl/sharedStrings.xml", strings))
        for (const pugi::xml_node s : strings.child("sst").children("si"))
            shared.push_back(text_below(s));
    std::vector<WorkbookCell> out;
    int number = 0;
    for (const pugi::xml_node s : book.child("workbook").child("sheets").children("sheet")) {
        const std::string name = fmt::format("xl/worksheets/sheet{}.xml", ++number);
        pugi::xml_document sheet;
        if (!parse(name, sheet)) return bad(name);
        for (const pugi::xml_node row :
             sheet.child("worksheet").child("sheetData").children("row")) {
            for (const pugi::xml_node c : row.children("c")) {
                const std::string_view type = c.attribute("t").value();
                WorkbookCell cell{s.attribute("name").value(), c.attribute("r").value(),
                                  c.child("v").text().get(), type == "s"};
                if (cell.is_text) {
                    const auto index = c.child("v").text().as_ullong(shared.size());
                    if (index >= shared.size()) return bad(name);
                    cell.text = shared[index];
                }
                if (!cell.text.empty()) out.push_back(std::move(cell));
            }
        }
    }
    return out;
}

} // namespace tranchain
