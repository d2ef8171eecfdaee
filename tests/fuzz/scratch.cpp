// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/fuzz_target.h"

#include <unistd.h>

namespace espalier::fuzz {

namespace {

/// In memory where there is such a place: every input is a file.
std::filesystem::path root()
{
    return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path();
}

} // namespace

const std::filesystem::path& scratchFolder()
{
    struct Folder {
        std::filesystem::path path = root() / fmt::format("espalier-fuzz-{}", getpid());
        Folder() { std::filesystem::create_directories(path); }
        Folder(const Folder&) = delete;
        Folder& operator=(const Folder&) = delete;
        ~Folder()
        {
            std::error_code ignored;
            std::filesystem::remove_all(path, ignored);
        }
    };
    static const Folder folder;
    return folder.path;
}

} // namespace espalier::fuzz
