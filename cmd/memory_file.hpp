// Memory file: a file without a place on disk, for libraries that only take names of files.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "data/error.hpp"

namespace tranchain {

/// Gone with the object. Not thread-safe.
class MemoryFile {
public:
    [[nodiscard]] static Result<MemoryFile> make(std::string_view bytes = {});
    MemoryFile(MemoryFile&& other) noexcept : descriptor_(other.descriptor_)
    {
        other.descriptor_ = -1;
    }
    MemoryFile& operator=(MemoryFile&&) = delete;
    ~MemoryFile();

    /// A name under which this process can open it, as often as it likes.
    [[nodiscard]] std::string path() const;
    [[nodiscard]] Result<std::string> bytes() const;

private:
    explicit MemoryFile(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

} // namespace tranchain
