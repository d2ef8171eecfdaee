// SPDX-License-Identifier: Apache-2.0
#include "core/base/machine.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sched.h>
#include <sstream>
#include <string_view>
#include <thread>

namespace espalier::base {

namespace {

std::optional<std::uint64_t> readNumber(const std::filesystem::path& path)
{
    std::ifstream in(path);
    std::uint64_t number = 0;
    if (in >> number)
        return number;
    return std::nullopt; // absent, or the word "max"
}

/// "Name:  123 kB" in a /proc file, in bytes.
std::uint64_t procKibibytes(const char* file, std::string_view name)
{
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':')
            continue;
        std::istringstream rest(line.substr(name.size() + 1));
        std::uint64_t kibibytes = 0;
        rest >> kibibytes;
        return kibibytes * 1024;
    }
    return 0;
}

std::uint64_t statField(const std::filesystem::path& file, const std::string& name)
{
    std::ifstream in(file);
    std::uint64_t value = 0;
    for (std::string key; in >> key >> value;)
        if (key == name)
            return value;
    return 0;
}

/// Folders of this process's control group, from its own up to the root (version 2, then version 1's memory tree).
std::vector<std::filesystem::path> controlGroups()
{
    std::vector<std::filesystem::path> folders;
    std::ifstream in("/proc/self/cgroup");
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("0::"))
            continue;
        const std::filesystem::path root = "/sys/fs/cgroup";
        std::filesystem::path relative = std::filesystem::path(line.substr(3)).relative_path();
        while (!relative.empty()) {
            folders.push_back(root / relative);
            relative = relative.parent_path();
        }
        folders.push_back(root);
    }
    return folders;
}

std::uint64_t boundByControlGroup(std::uint64_t available)
{
    for (const auto& folder : controlGroups()) {
        const auto limit = readNumber(folder / "memory.max");
        const auto used = readNumber(folder / "memory.current");
        if (!limit || !used)
            continue;
        const std::uint64_t reclaimable = statField(folder / "memory.stat", "inactive_file");
        const std::uint64_t held = *used - std::min(*used, reclaimable);
        available = std::min(available, *limit - std::min(*limit, held));
    }
    const std::filesystem::path old = "/sys/fs/cgroup/memory";
    const auto limit = readNumber(old / "memory.limit_in_bytes");
    const auto used = readNumber(old / "memory.usage_in_bytes");
    if (limit && used) {
        const std::uint64_t reclaimable = statField(old / "memory.stat", "total_inactive_file");
        const std::uint64_t held = *used - std::min(*used, reclaimable);
        available = std::min(available, *limit - std::min(*limit, held));
    }
    return available;
}

int usableCores()
{
    int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) == 0)
        cores = std::max(1, CPU_COUNT(&set));
    for (const auto& folder : controlGroups()) {
        std::ifstream in(folder / "cpu.max");
        std::int64_t quota = 0;
        std::int64_t period = 0;
        if (in >> quota >> period && quota > 0 && period > 0)
            cores = std::min(cores, static_cast<int>(std::max<std::int64_t>(1, (quota + period - 1) / period)));
    }
    return cores;
}

} // namespace

bool Machine::fastBfloat16() const
{
    return std::any_of(isa.begin(), isa.end(),
                       [](const std::string& name) { return name == "avx512_bf16" || name == "amx_bf16"; });
}

Machine describeMachine()
{
    Machine machine;
    machine.cores = usableCores();
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);) {
        const auto colon = line.find(": ");
        if (colon == std::string::npos)
            continue;
        if (line.starts_with("model name") && machine.cpu.empty())
            machine.cpu = line.substr(colon + 2);
        if (line.starts_with("flags")) {
            const std::string flags = line.substr(colon + 1) + " ";
            for (const char* name : {"avx2", "avx512f", "avx512_bf16", "amx_bf16"})
                if (flags.find(" " + std::string(name) + " ") != std::string::npos)
                    machine.isa.emplace_back(name);
            break;
        }
    }
    machine.memory = ByteSize(procKibibytes("/proc/meminfo", "MemTotal"));
    machine.memoryAvailable = ByteSize(boundByControlGroup(procKibibytes("/proc/meminfo", "MemAvailable")));
    return machine;
}

ByteSize peakResidentSet()
{
    return ByteSize(procKibibytes("/proc/self/status", "VmHWM"));
}

} // namespace espalier::base
