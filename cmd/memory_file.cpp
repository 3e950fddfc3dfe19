// Memory file: a descriptor that only lives in memory (memfd_create).
// SPDX-License-Identifier: Apache-2.0
#include "cmd/memory_file.hpp"

#include <cerrno>
#include <cstring>

#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include "data/csv.hpp"

namespace tranchain {

Result<MemoryFile> MemoryFile::make(std::string_view bytes)
{
    MemoryFile file(::memfd_create("tranchain", MFD_CLOEXEC));
    if (file.descriptor_ < 0) {
        return fail(Code::io,
                    fmt::format("cannot make a file in memory: {}", std::strerror(errno)));
    }
    while (!bytes.empty()) {
        const ssize_t n = ::write(file.descriptor_, bytes.data(), bytes.size());
        if (n < 0) {
            return fail(Code::io,
                        fmt::format("cannot fill a file in memory: {}", std::strerror(errno)));
        }
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return file;
}

MemoryFile::~MemoryFile()
{
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::string MemoryFile::path() const
{
    return fmt::format("/proc/self/fd/{}", descriptor_);
}

Result<std::string> MemoryFile::bytes() const
{
    return read_file(path());
}

} // namespace tranchain
