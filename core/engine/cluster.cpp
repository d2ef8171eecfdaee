// SPDX-License-Identifier: Apache-2.0
#include "core/engine/cluster.h"

#include "core/engine/plugin.h"

#include <cstdlib>
#include <dlfcn.h>
#include <fmt/format.h>

namespace espalier::engine {

namespace fs = std::filesystem;

namespace {

constexpr PluginName kName{"libespalier_mpi.so", "core/engine/cluster"};
constexpr const char* kSymbol = "espalier_cluster_entry";
constexpr const char* kRemedy = "Install the package espalier-mpi, or build with libopenmpi-dev, or start one process "
                                "alone";

const char* variable(const char* name)
{
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

/// Opened once and never closed: MPI may be started only once in a process.
Result<const ClusterEntry*> open()
{
    const fs::path library = firstPlugin(pluginPlaces(variable("ESPALIER_MPI"), programFolder(), kName));
    if (library.empty())
        return badInput("the MPI plug-in is missing", kName.file, {}, kRemedy);
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char* reason = ::dlerror();
        return badInput(fmt::format("the MPI plug-in cannot be opened: {}", reason != nullptr ? reason : "no reason"),
                        library.string(), {}, kRemedy);
    }
    const auto* entry = static_cast<const ClusterEntry*>(::dlsym(handle, kSymbol));
    if (entry == nullptr || entry->abi != kClusterAbi)
        return badInput("the MPI plug-in is of another release", library.string(), {},
                        "Use program and plug-in of the same release");
    return entry;
}

} // namespace

bool startedInCluster()
{
    // What Open MPI, PMIx and PMI launchers leave. A Slurm step of several tasks without them counts, too: its
    // processes must not take themselves for single ones and write the same study.
    return *variable("OMPI_COMM_WORLD_SIZE") != '\0' || *variable("PMIX_RANK") != '\0' ||
           *variable("PMI_RANK") != '\0' || std::atoi(variable("SLURM_STEP_NUM_TASKS")) > 1;
}

Result<std::unique_ptr<Cluster>> joinCluster()
{
    if (!startedInCluster())
        return std::unique_ptr<Cluster>();
    ESPALIER_TRY(const ClusterEntry* entry, open());
    ESPALIER_TRY(auto cluster, entry->join());
    const int slurm = std::atoi(variable("SLURM_STEP_NUM_TASKS"));
    if (cluster->size() == 1 && slurm > 1 && *variable("OMPI_COMM_WORLD_SIZE") == '\0')
        return badInput(fmt::format("srun started {} processes that cannot find each other", slurm), {}, {},
                        "Start them with srun --mpi=pmix, or with mpirun");
    if (cluster->size() == 1)
        cluster.reset();
    return Result<std::unique_ptr<Cluster>>(std::move(cluster));
}

ClusterDescription describeCluster()
{
    const auto entry = open();
    if (!entry)
        return {false, entry.error().text()};
    return {true, (*entry)->describe()};
}

} // namespace espalier::engine
