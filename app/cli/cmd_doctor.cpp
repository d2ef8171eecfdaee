// SPDX-License-Identifier: Apache-2.0
// doctor: what this machine has and what is missing.
#include "app/cli/command.h"
#include "core/base/byte_size.h"
#include "core/base/file.h"
#include "core/base/machine.h"
#include "core/base/version.h"
#include "core/engine/cluster.h"
#include "core/engine/cuda_driver.h"
#include "core/engine/device_plugin.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

namespace espalier::cli {
namespace {

/// The temporary folder, or the current one when TMPDIR names none.
std::filesystem::path probeFolder()
{
    std::error_code failed;
    auto folder = std::filesystem::temp_directory_path(failed);
    return failed ? std::filesystem::path(".") : folder;
}

/// Bytes per second of writing and syncing 64 MiB into the temporary folder; 0 when that is not possible.
double diskSpeed()
{
    const auto path = probeFolder() / fmt::format("espalier-probe-{}", getpid());
    auto file = base::FileWriter::create(path);
    if (!file)
        return 0;
    const std::vector<std::byte> block(1U << 20U, std::byte{0x5a});
    constexpr int blocks = 64;
    const auto start = std::chrono::steady_clock::now();
    bool good = true;
    for (int i = 0; i < blocks && good; ++i)
        good = file->write(block).ok();
    good = good && file->finish().ok();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::error_code ignored; // the probe file may already be gone
    std::filesystem::remove(path, ignored);
    return good && seconds > 0 ? static_cast<double>(block.size()) * blocks / seconds : 0;
}

bool onPath(const std::string& program)
{
    const char* path = std::getenv("PATH");
    for (std::string_view rest = path == nullptr ? "" : path; !rest.empty();) {
        const auto colon = rest.find(':');
        if (access((std::string(rest.substr(0, colon)) + "/" + program).c_str(), X_OK) == 0)
            return true;
        rest = colon == std::string_view::npos ? std::string_view{} : rest.substr(colon + 1);
    }
    return false;
}

base::OrderedJson cudaDocument(const engine::CudaDriver& driver, const std::string& plugin)
{
    base::OrderedJson devices = base::OrderedJson::array();
    for (const auto& device : driver.devices)
        devices.push_back({{"name", device.name},
                           {"compute_capability", fmt::format("{}.{}", device.major, device.minor)},
                           {"memory", device.memory}});
    return {{"driver", driver.present},
            {"detail", driver.reason},
            {"version", driver.version},
            {"devices", devices},
            {"plugin", plugin}};
}

std::string cudaText(const engine::CudaDriver& driver, const std::string& plugin)
{
    if (!driver.present)
        return fmt::format("no driver ({}); the CPU is used", driver.reason);
    std::string text = fmt::format("driver for CUDA {}.{}", driver.version / 1000, driver.version % 1000 / 10);
    if (driver.devices.empty())
        return text + fmt::format(", no device ({}); the CPU is used", driver.reason);
    for (const auto& device : driver.devices)
        text += fmt::format(", {} ({}.{}, {})", device.name, device.major, device.minor,
                            base::formatByteSize(ByteSize(device.memory)));
    return text +
           (plugin.empty() ? "; the plug-in is missing, get it with: ./dev build cuda" : "; use it with --device cuda");
}

} // namespace

void addDoctor(CLI::App& app, Program& program)
{
    CLI::App* sub =
        program.add(app, "doctor", "What this machine has, what is missing and how to get it", "espalier doctor");
    program.onRun(sub, [](Output& output) -> Result<void> {
        const auto machine = base::describeMachine();
        const auto engine = engine::describeEngine();
        const auto driver = engine::describeCudaDriver();
        const std::string plugin = engine::devicePluginPath();
        const auto mpi = engine::describeCluster();
        const bool launcher = onPath("mpirun");
        const double speed = diskSpeed();
        std::string isa;
        for (const auto& word : machine.isa)
            isa += (isa.empty() ? "" : " ") + word;
        const base::OrderedJson document{
            {"version", base::kVersion},
            {"cores", machine.cores},
            {"cpu", machine.cpu},
            {"isa", machine.isa},
            {"fast_bfloat16", machine.fastBfloat16()},
            {"memory", machine.memory.value()},
            {"memory_available", machine.memoryAvailable.value()},
            {"disk_write_bytes_per_second", speed},
            {"engine", {{"available", engine.available}, {"library", engine.library}, {"detail", engine.detail}}},
            {"cuda", cudaDocument(driver, plugin)},
            {"mpi", {{"available", mpi.available}, {"detail", mpi.detail}, {"mpirun", launcher}}}};
        std::string text = fmt::format("espalier {}\n", base::kVersion);
        text += fmt::format("  processor   {} ({} cores; {})\n", machine.cpu, machine.cores, isa);
        text += fmt::format("  memory      {} ({} available)\n", base::formatByteSize(machine.memory),
                            base::formatByteSize(machine.memoryAvailable));
        text += fmt::format("  disk        {}/s written to {}\n",
                            base::formatByteSize(ByteSize(static_cast<std::uint64_t>(speed))), probeFolder().string());
        text += fmt::format("  engine      {}\n", engine.available ? engine.detail : "missing: " + engine.detail);
        if (!engine.available)
            text += "              get it with: ./dev setup && ./dev build\n";
        text += fmt::format("  CUDA        {}\n", cudaText(driver, plugin));
        text += fmt::format("  MPI         {}, {}\n", mpi.detail,
                            launcher ? "mpirun found" : "mpirun not found; get it with: apt-get install openmpi-bin");
        output.result(document, text);
        return {};
    });
}

} // namespace espalier::cli
