// SPDX-License-Identifier: Apache-2.0
// Processes that do one job together, on one machine or many: their face, free of MPI. The implementation is the
// plug-in espalier_mpi (core/engine/cluster), opened by joinCluster() only in a process that a launcher started
// (mpirun, srun). One Cluster belongs to one thread.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace espalier::engine {

using base::Result;
using Message = std::vector<std::byte>;

class Cluster {
public:
    /// Waits for what was sent, then leaves. All processes must do so.
    virtual ~Cluster() = default;
    [[nodiscard]] virtual int rank() const = 0; ///< 0 … size() - 1; 0 keeps the study and speaks
    [[nodiscard]] virtual int size() const = 0;
    /// Starts to send and keeps the bytes until they have left: never waits for the receiver.
    [[nodiscard]] virtual Result<void> send(int to, Message bytes) = 0;
    /// Waits for the next message of process `from`; they come in the order they were sent. Cancelled when asked to
    /// stop.
    [[nodiscard]] virtual Result<Message> receive(int from, const std::stop_token& stop) = 0;
    /// Moves on what is being sent; to be called now and then during long work. Costs little.
    virtual void progress() = 0;
    /// Ends all processes, this one included, with this exit code.
    virtual void abort(int code) = 0;
};

/// The plug-in's only exported symbol, "espalier_cluster_entry".
struct ClusterEntry {
    int abi; ///< must equal kClusterAbi
    Result<std::unique_ptr<Cluster>> (*join)();
    std::string (*describe)(); ///< name and version of the library; does not join
};
inline constexpr int kClusterAbi = 1;

/// True in a process that mpirun or srun started beside others, by what they leave in the environment.
[[nodiscard]] bool startedInCluster();
/// The processes started together with this one; null when startedInCluster() is false or there is one alone. BadInput
/// without plug-in or library, or when the launcher does not speak to it. ESPALIER_MPI names another plug-in.
[[nodiscard]] Result<std::unique_ptr<Cluster>> joinCluster();

struct ClusterDescription {
    bool available = false;
    std::string detail; ///< library and version, or why there is none
};
/// For doctor: opens the plug-in, joins nothing.
[[nodiscard]] ClusterDescription describeCluster();

} // namespace espalier::engine
