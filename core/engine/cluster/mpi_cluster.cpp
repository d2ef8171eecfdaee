// SPDX-License-Identifier: Apache-2.0
// The MPI plug-in's one symbol. Waiting is done by looking and sleeping, not inside MPI, whose waits keep a core busy
// that the computing processes beside need.
#include "core/engine/cluster.h"

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <list>
#include <thread>

namespace espalier::engine {

namespace {

constexpr int kTag = 17;
/// MPI counts bytes in int; longer messages go in parts after their size.
constexpr std::size_t kPart = std::size_t{1} << 30U;

Result<void> checked(int code, const char* doing)
{
    if (code == MPI_SUCCESS)
        return {};
    char text[MPI_MAX_ERROR_STRING] = {};
    int length = 0;
    MPI_Error_string(code, text, &length);
    return base::internalError(std::string("MPI, ") + doing + ": " + text);
}

class MpiCluster : public Cluster {
public:
    [[nodiscard]] Result<void> open()
    {
        ESPALIER_CHECK(checked(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "setting up"));
        ESPALIER_CHECK(checked(MPI_Comm_rank(MPI_COMM_WORLD, &m_rank), "asking for the rank"));
        return checked(MPI_Comm_size(MPI_COMM_WORLD, &m_size), "asking for the size");
    }
    MpiCluster() = default;
    MpiCluster(const MpiCluster&) = delete;
    MpiCluster& operator=(const MpiCluster&) = delete;
    ~MpiCluster() override
    {
        while (!m_leaving.empty()) {
            progress();
            rest();
        }
        MPI_Finalize();
    }
    [[nodiscard]] int rank() const override { return m_rank; }
    [[nodiscard]] int size() const override { return m_size; }

    [[nodiscard]] Result<void> send(int to, Message bytes) override
    {
        Leaving& leaving = m_leaving.emplace_back();
        leaving.bytes = std::move(bytes);
        leaving.size = leaving.bytes.size();
        ESPALIER_CHECK(start(leaving, &leaving.size, sizeof leaving.size, to));
        for (std::size_t at = 0; at < leaving.bytes.size(); at += kPart)
            ESPALIER_CHECK(start(leaving, leaving.bytes.data() + at, std::min(kPart, leaving.bytes.size() - at), to));
        progress();
        return {};
    }
    [[nodiscard]] Result<Message> receive(int from, const std::stop_token& stop) override
    {
        std::uint64_t size = 0;
        ESPALIER_CHECK(take(&size, sizeof size, from, stop));
        Message bytes(size);
        for (std::size_t at = 0; at < size; at += kPart)
            ESPALIER_CHECK(take(bytes.data() + at, std::min(kPart, bytes.size() - at), from, stop));
        return bytes;
    }
    void progress() override
    {
        std::erase_if(m_leaving, [](Leaving& leaving) {
            int done = 0;
            const auto count = static_cast<int>(leaving.requests.size());
            return MPI_Testall(count, leaving.requests.data(), &done, MPI_STATUSES_IGNORE) != MPI_SUCCESS || done != 0;
        });
    }
    void abort(int code) override { MPI_Abort(MPI_COMM_WORLD, code); }

private:
    struct Leaving { // in a list, whose elements stay where they are
        Message bytes;
        std::uint64_t size = 0;
        std::vector<MPI_Request> requests;
    };
    static void rest() { std::this_thread::sleep_for(std::chrono::microseconds(200)); }
    [[nodiscard]] static Result<void> start(Leaving& leaving, const void* bytes, std::size_t count, int to)
    {
        return checked(MPI_Isend(bytes, static_cast<int>(count), MPI_BYTE, to, kTag, MPI_COMM_WORLD,
                                 &leaving.requests.emplace_back(MPI_REQUEST_NULL)),
                       "sending");
    }
    [[nodiscard]] Result<void> take(void* into, std::size_t count, int from, const std::stop_token& stop)
    {
        MPI_Request request = MPI_REQUEST_NULL;
        ESPALIER_CHECK(checked(MPI_Irecv(into, static_cast<int>(count), MPI_BYTE, from, kTag, MPI_COMM_WORLD, &request),
                               "receiving"));
        for (int done = 0;;) {
            ESPALIER_CHECK(checked(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "receiving"));
            if (done != 0)
                return {};
            if (stop.stop_requested()) {
                MPI_Cancel(&request);
                MPI_Request_free(&request);
                return base::cancelledError();
            }
            progress();
            rest();
        }
    }

    int m_rank = 0, m_size = 1;
    std::list<Leaving> m_leaving;
};

Result<std::unique_ptr<Cluster>> join()
{
    int provided = 0;
    ESPALIER_CHECK(checked(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "starting"));
    auto cluster = std::make_unique<MpiCluster>();
    ESPALIER_CHECK(cluster->open());
    return std::unique_ptr<Cluster>(std::move(cluster));
}

std::string describe()
{
    char text[MPI_MAX_LIBRARY_VERSION_STRING] = {};
    int length = 0;
    MPI_Get_library_version(text, &length);
    const std::string whole(text, static_cast<std::size_t>(std::max(0, length)));
    return whole.substr(0, whole.find(','));
}

} // namespace

} // namespace espalier::engine

extern "C" {
extern __attribute__((visibility("default"))) const espalier::engine::ClusterEntry espalier_cluster_entry;
const espalier::engine::ClusterEntry espalier_cluster_entry = {espalier::engine::kClusterAbi, espalier::engine::join,
                                                               espalier::engine::describe};
}
