// SPDX-License-Identifier: Apache-2.0
// Would io_uring read weights faster than the two threads of pread that streaming uses? A file comes into memory by
// both, in turns, in the sizes of requests that the engine makes. Prints figures and asserts only that the bytes came.
// ESPALIER_BENCH_GIB=4 for a file that is worth measuring (give QTEST_FUNCTION_TIMEOUT=3600000 with it);
// ESPALIER_BENCH_FOLDER: where, if not among temporary files.
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/io_uring.h>
#include <memory>
#include <new>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U, kBlock = 4096;

/// The first eight bytes of a block say which it is.
std::uint64_t mark(std::uint64_t block)
{
    return block * 0x9E3779B97F4A7C15U + 1;
}

struct Buffer {
    explicit Buffer(std::uint64_t size) : bytes(static_cast<std::byte*>(::operator new(size, std::align_val_t(kBlock))))
    {
        std::memset(bytes, 0, size); // its pages are there before the clock runs
    }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { ::operator delete(bytes, std::align_val_t(kBlock)); }
    [[nodiscard]] bool holds(std::uint64_t offset, std::uint64_t size) const
    {
        const auto at = [&](std::uint64_t place) {
            std::uint64_t found = 0;
            std::memcpy(&found, bytes + place, sizeof(found));
            return found == mark((offset + place) / kBlock);
        };
        return at(0) && at(size - kBlock);
    }
    std::byte* bytes;
};

/// The part of io_uring that reading needs, by system calls alone.
class Ring {
public:
    explicit Ring(unsigned entries)
    {
        io_uring_params params{};
        m_fd = static_cast<int>(::syscall(SYS_io_uring_setup, entries, &params));
        if (m_fd < 0) {
            error = errno;
            return;
        }
        m_ringBytes = std::max(params.sq_off.array + params.sq_entries * sizeof(unsigned),
                               params.cq_off.cqes + params.cq_entries * sizeof(io_uring_cqe));
        m_entryBytes = params.sq_entries * sizeof(io_uring_sqe);
        constexpr int kShared = MAP_SHARED | MAP_POPULATE;
        void* ring = ::mmap(nullptr, m_ringBytes, PROT_READ | PROT_WRITE, kShared, m_fd, IORING_OFF_SQ_RING);
        void* entry = ::mmap(nullptr, m_entryBytes, PROT_READ | PROT_WRITE, kShared, m_fd, IORING_OFF_SQES);
        if (ring == MAP_FAILED || entry == MAP_FAILED || (params.features & IORING_FEAT_SINGLE_MMAP) == 0) {
            error = ring == MAP_FAILED || entry == MAP_FAILED ? errno : ENOSYS;
            return;
        }
        m_ring = static_cast<std::byte*>(ring);
        m_entries = static_cast<io_uring_sqe*>(entry);
        m_tail = word(params.sq_off.tail);
        m_mask = *word(params.sq_off.ring_mask);
        m_array = word(params.sq_off.array);
        m_doneHead = word(params.cq_off.head);
        m_doneTail = word(params.cq_off.tail);
        m_doneMask = *word(params.cq_off.ring_mask);
        m_done = reinterpret_cast<io_uring_cqe*>(m_ring + params.cq_off.cqes);
    }
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;
    ~Ring()
    {
        if (m_ring != nullptr)
            ::munmap(m_ring, m_ringBytes);
        if (m_entries != nullptr)
            ::munmap(m_entries, m_entryBytes);
        if (m_fd >= 0)
            ::close(m_fd);
    }

    void read(int file, std::byte* into, std::uint64_t bytes, std::uint64_t offset, std::uint64_t tag)
    {
        const unsigned place = *m_tail & m_mask;
        io_uring_sqe entry{};
        entry.opcode = IORING_OP_READ;
        entry.fd = file;
        entry.addr = reinterpret_cast<std::uint64_t>(into);
        entry.len = static_cast<unsigned>(bytes);
        entry.off = offset;
        entry.user_data = tag;
        m_entries[place] = entry;
        m_array[place] = place;
        std::atomic_ref(*m_tail).store(*m_tail + 1, std::memory_order_release);
        ++m_waiting;
    }
    /// Hands over what was asked for, and waits for one: its tag and what pread would have given.
    std::pair<std::uint64_t, int> next()
    {
        const bool any = *m_doneHead != std::atomic_ref(*m_doneTail).load(std::memory_order_acquire);
        if (m_waiting > 0 || !any) {
            long taken = 0;
            do
                taken = ::syscall(SYS_io_uring_enter, m_fd, m_waiting, any ? 0 : 1, IORING_ENTER_GETEVENTS, nullptr, 0);
            while (taken < 0 && errno == EINTR);
            if (taken < 0)
                return {0, -errno};
            m_waiting -= static_cast<unsigned>(taken);
        }
        const unsigned head = *m_doneHead;
        const io_uring_cqe& found = m_done[head & m_doneMask];
        const std::pair<std::uint64_t, int> result{found.user_data, found.res};
        std::atomic_ref(*m_doneHead).store(head + 1, std::memory_order_release);
        return result;
    }

    int error = 0;

private:
    unsigned* word(unsigned offset) { return reinterpret_cast<unsigned*>(m_ring + offset); }

    int m_fd = -1;
    std::size_t m_ringBytes = 0, m_entryBytes = 0;
    std::byte* m_ring = nullptr;
    io_uring_sqe* m_entries = nullptr;
    io_uring_cqe* m_done = nullptr;
    unsigned *m_tail = nullptr, *m_array = nullptr, *m_doneHead = nullptr, *m_doneTail = nullptr;
    unsigned m_mask = 0, m_doneMask = 0, m_waiting = 0;
};

using Buffers = std::vector<std::unique_ptr<Buffer>>;

/// What one thread reads of the file.
void readShare(int file, std::uint64_t size, std::uint64_t request, const Buffer& buffer,
               std::atomic<std::uint64_t>& next, std::atomic<std::uint64_t>& good)
{
    for (std::uint64_t at = next.fetch_add(request); at < size; at = next.fetch_add(request)) {
        std::uint64_t got = 0;
        while (got < request) {
            const ssize_t more = ::pread(file, buffer.bytes + got, request - got, static_cast<off_t>(at + got));
            if (more <= 0)
                return;
            got += static_cast<std::uint64_t>(more);
        }
        good += buffer.holds(at, request) ? request : 0;
    }
}

/// A thread for each buffer. Bytes that came and were the right ones.
std::uint64_t byThreads(int file, std::uint64_t size, std::uint64_t request, const Buffers& buffers)
{
    std::atomic<std::uint64_t> next = 0, good = 0;
    std::vector<std::jthread> threads;
    for (const auto& buffer : buffers)
        threads.emplace_back([&] { readShare(file, size, request, *buffer, next, good); });
    threads.clear();
    return good;
}

/// The same, but threads do not share what the kernel knows of a file's readers, such as how far to read ahead.
std::uint64_t byOwnFiles(int file, std::uint64_t size, std::uint64_t request, const Buffers& buffers)
{
    std::atomic<std::uint64_t> next = 0, good = 0;
    std::vector<std::jthread> threads;
    for (const auto& buffer : buffers)
        threads.emplace_back([&] {
            const int own = ::open(fmt::format("/proc/self/fd/{}", file).c_str(), ::fcntl(file, F_GETFL) | O_CLOEXEC);
            readShare(own, size, request, *buffer, next, good);
            ::close(own);
        });
    threads.clear();
    return good;
}

/// A request on its way for each buffer.
std::uint64_t byRing(int file, std::uint64_t size, std::uint64_t request, const Buffers& buffers)
{
    struct Request {
        std::uint64_t at = 0, got = 0;
    };
    Ring ring(static_cast<unsigned>(buffers.size()));
    std::vector<Request> pending(buffers.size());
    std::uint64_t next = 0, good = 0, open = 0;
    const auto begin = [&](std::uint64_t tag) {
        if (next >= size)
            return;
        pending[tag].at = next;
        pending[tag].got = 0;
        ring.read(file, buffers[tag]->bytes, request, next, tag);
        next += request;
        ++open;
    };
    for (std::uint64_t tag = 0; tag < pending.size(); ++tag)
        begin(tag);
    while (open > 0) {
        const auto [tag, result] = ring.next();
        if (result <= 0)
            return 0;
        Request& one = pending[tag];
        one.got += static_cast<std::uint64_t>(result);
        if (one.got < request) { // a part came: the rest
            ring.read(file, buffers[tag]->bytes + one.got, request - one.got, one.at + one.got, tag);
            continue;
        }
        good += buffers[tag]->holds(one.at, request) ? request : 0;
        --open;
        begin(tag);
    }
    return good;
}

double processorSeconds()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used); // the kernel's workers for a ring count to their process
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct Way {
    std::string name;
    unsigned buffers;
    std::uint64_t (*read)(int file, std::uint64_t size, std::uint64_t request, const Buffers& buffers);
    std::vector<double> rate{}, relative{}, processor{}; ///< GB/s, over the first way in the same turn, s per GB
};

double middle(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

class BenchIoUring : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir{qEnvironmentVariable("ESPALIER_BENCH_FOLDER", QDir::tempPath()) + "/espalier-io-XXXXXX"};
    std::string m_path = m_dir.filePath("weights").toStdString();
    std::uint64_t m_size = 48 * kMiB;

private slots:
    void initTestCase()
    {
        if (const Ring ring(2); ring.error != 0)
            QSKIP(fmt::format("NOT MEASURED: io_uring_setup is refused here: {} (errno {})", std::strerror(ring.error),
                              ring.error)
                      .c_str());
        if (const int gib = qEnvironmentVariableIntValue("ESPALIER_BENCH_GIB"); gib > 0)
            m_size = static_cast<std::uint64_t>(gib) * 1008 * kMiB; // a multiple of all requests, a little less
        const int file = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        QVERIFY(file >= 0);
        const Buffer buffer(kMiB);
        for (std::uint64_t at = 0; at < m_size; at += kMiB) {
            for (std::uint64_t place = 0; place < kMiB; place += kBlock) {
                const std::uint64_t value = mark((at + place) / kBlock);
                for (std::uint64_t i = 0; i < kBlock; i += sizeof(value)) // nothing that a disk could compress away
                    std::memcpy(buffer.bytes + place + i, std::array{value + i * i * value}.data(), sizeof(value));
            }
            QCOMPARE(::write(file, buffer.bytes, kMiB), static_cast<ssize_t>(kMiB));
        }
        QCOMPARE(::fsync(file), 0);
        ::close(file);
    }

    void besideThreads_data()
    {
        QTest::addColumn<bool>("direct");
        QTest::addColumn<int>("mebibytes");
        QTest::newRow("buffered, 3 MiB: a matrix of an expert of Qwen3-30B-A3B") << false << 3;
        QTest::newRow("buffered, 16 MiB: its query projection") << false << 16;
        QTest::newRow("direct, 4 MiB: the pieces of direct reads") << true << 4;
    }
    void besideThreads()
    {
        QFETCH(const bool, direct);
        QFETCH(const int, mebibytes);
        const std::uint64_t request = static_cast<std::uint64_t>(mebibytes) * kMiB;
        const int file = ::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | (direct ? O_DIRECT : 0));
        if (file < 0)
            QSKIP(fmt::format("NOT MEASURED: direct reads are refused here (errno {})", errno).c_str());
        std::vector<Way> ways{{"pread, 2 threads", 2, byThreads}, {"a file each", 2, byOwnFiles}};
        for (const unsigned depth : {2U, 4U, 8U, 16U, 32U})
            ways.push_back({fmt::format("io_uring, depth {}", depth), depth, byRing});
        const int turns = m_size > 256 * kMiB ? 7 : 1;
        for (int turn = 0; turn < turns; ++turn) {
            for (std::size_t i = 0; i < ways.size(); ++i) { // in turns, another one first each time
                Way& way = ways[(i + static_cast<std::size_t>(turn)) % ways.size()];
                Buffers buffers;
                while (buffers.size() < way.buffers)
                    buffers.push_back(std::make_unique<Buffer>(request));
                QCOMPARE(::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED), 0);
                const double before = processorSeconds();
                const auto start = std::chrono::steady_clock::now();
                QCOMPARE(way.read(file, m_size, request, buffers), m_size);
                const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
                way.rate.push_back(static_cast<double>(m_size) / 1e9 / seconds);
                way.processor.push_back((processorSeconds() - before) / (static_cast<double>(m_size) / 1e9));
            }
            for (Way& way : ways)
                way.relative.push_back(way.rate.back() / ways[0].rate.back());
        }
        ::close(file);
        for (const Way& way : ways)
            qInfo("%-20s %6.2f GB/s, %.3f (%.3f to %.3f) times two threads, %.3f s of processor per GB",
                  way.name.c_str(), middle(way.rate), middle(way.relative),
                  *std::min_element(way.relative.begin(), way.relative.end()),
                  *std::max_element(way.relative.begin(), way.relative.end()), middle(way.processor));
    }
};

QTEST_APPLESS_MAIN(BenchIoUring)
#include "tst_io_uring.moc"
