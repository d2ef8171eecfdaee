// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/streamed_weights.h"

#include "core/engine/torch/guard.h"
#include "core/engine/torch/head.h"
#include "core/engine/torch/slab.h"
#include "core/engine/torch/stopwatch.h"
#include "core/engine/torch/thread_pins.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace espalier::engine {

namespace {

/// Two keep a disk's queue filled while the third converts; more only take time from the arithmetic.
constexpr int kReaders = 2;
constexpr std::uint64_t kLargestPack = std::uint64_t{512} << 20U;

} // namespace

/// Reads pieces in order, each once, as far ahead as the window allows.
class StreamedWeights::ReadAhead {
public:
    explicit ReadAhead(StreamedWeights& owner) : m_owner(owner)
    {
        for (int i = 0; i < kReaders; ++i)
            m_threads.emplace_back([this] { work(); });
    }
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;
    ~ReadAhead()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_quit = true;
        }
        m_changed.notify_all();
        for (std::thread& thread : m_threads)
            thread.join();
        m_ready.clear(); // while what release() uses is alive
    }

    /// Waits for the piece; pieces before it are dropped unless their owners hold them.
    Result<std::shared_ptr<const Loaded>> take(std::size_t piece, const base::JobContext& job)
    {
        std::unique_lock lock(m_mutex);
        if (piece != m_wanted) { // another pass, or one that goes on in the middle
            m_generation += 1;
            m_ready.clear();
            m_failed.reset();
            m_next = m_wanted = piece;
        }
        m_limit = m_owner.m_pieces.size();
        m_changed.notify_all();
        while (!m_ready.contains(piece) && !m_failed) {
            if (job.stopRequested())
                return base::cancelledError();
            m_changed.wait_for(lock, std::chrono::milliseconds(50));
        }
        if (!m_ready.contains(piece))
            return *m_failed;
        const auto loaded = m_ready.extract(piece).mapped();
        m_wanted = piece + 1;
        m_changed.notify_all();
        return loaded;
    }

    /// Nothing is read until the next take().
    void pause()
    {
        std::unique_lock lock(m_mutex);
        m_limit = 0;
        m_generation += 1;
        m_ready.clear();
        m_wanted = m_next = m_owner.m_pieces.size();
        m_changed.wait(lock, [this] { return m_reading == 0; });
    }

    double seconds()
    {
        const std::scoped_lock lock(m_mutex);
        return m_seconds;
    }

private:
    /// Memory of the piece is counted from here until the last owner lets go of it.
    std::shared_ptr<const Loaded> counted(Loaded&& loaded, std::uint64_t bytes)
    {
        return {new Loaded(std::move(loaded)), [this, bytes](const Loaded* mine) {
                    delete mine;
                    release(bytes);
                }};
    }
    void release(std::uint64_t bytes)
    {
        m_held -= bytes; // atomic, because the lock may be held by who drops the piece
        m_changed.notify_all();
    }

    [[nodiscard]] bool mayRead() const
    {
        return m_next < m_limit && !m_failed &&
               (m_held + m_owner.m_pieces[m_next].bytes <= m_owner.m_settings.window || m_next == m_wanted);
    }

    void work()
    {
        ThreadPins::release();
        std::unique_lock lock(m_mutex);
        while (true) {
            while (!m_quit && !mayRead())
                m_changed.wait_for(lock, std::chrono::milliseconds(20));
            if (m_quit)
                return;
            const std::size_t index = m_next++;
            const Piece& piece = m_owner.m_pieces[index];
            const std::uint64_t generation = m_generation;
            m_held += piece.bytes;
            if (m_reading++ == 0)
                m_readingSince = std::chrono::steady_clock::now();
            lock.unlock();
            auto loaded = guarded(1, [&] { return m_owner.load(piece); });
            std::shared_ptr<const Loaded> ready;
            if (loaded)
                ready = counted(*std::move(loaded), piece.bytes);
            else
                release(piece.bytes);
            lock.lock();
            if (--m_reading == 0)
                m_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - m_readingSince).count();
            if (generation == m_generation) {
                if (ready)
                    m_ready[index] = std::move(ready);
                else if (!m_failed)
                    m_failed = loaded.error();
            }
            m_changed.notify_all();
        }
    }

    StreamedWeights& m_owner;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::size_t, std::shared_ptr<const Loaded>> m_ready;
    std::optional<base::Error> m_failed;
    std::size_t m_next = 0, m_wanted = 0, m_limit = 0;
    std::uint64_t m_generation = 0;
    std::atomic<std::uint64_t> m_held = 0;
    int m_reading = 0;
    std::chrono::steady_clock::time_point m_readingSince;
    double m_seconds = 0; // in which anything was read
    bool m_quit = false;
    std::vector<std::thread> m_threads; // last: they use the rest
};

std::uint64_t StreamedWeights::leastWindow(const WeightFootprint& footprint, int experts)
{
    return footprint.largestRest() + 2 * footprint.largestExpert(experts);
}

std::uint64_t StreamedWeights::bestWindow(const WeightFootprint& footprint)
{
    return 2 * footprint.largestLayer();
}

StreamedWeights::StreamedWeights(const model::OpenModel& model, at::ScalarType type, const WeightFootprint& footprint,
                                 const StreamSettings& settings)
    : m_model(model), m_loader(model.checkpoint, model.spec, type, settings.reading),
      m_head(model.checkpoint, model.spec, headType(model, type), settings.reading), m_settings(settings),
      m_bytesTotal(footprint.storedBytes - footprint.storedHead), m_headBytes(footprint.storedHead)
{
    const std::int64_t experts = model.spec.experts;
    const bool whole = settings.window >= bestWindow(footprint);
    for (std::size_t i = 0; i < model.spec.layers.size(); ++i) {
        m_firstPiece.push_back(m_pieces.size());
        if (!settings.layers.contains(i))
            continue;
        const WeightFootprint::Layer& layer = footprint.layers[i];
        m_pieces.push_back({i, -1, 0, layer.rest});
        if (!model.spec.layers[i].moe)
            continue;
        const std::uint64_t each = std::max<std::uint64_t>(1, layer.experts / static_cast<std::uint64_t>(experts));
        // Half of what the layer leaves free: one pack computes while the next is read.
        const std::uint64_t room = settings.window > layer.rest ? (settings.window - layer.rest) / 2 : 0;
        const auto perPack = whole ? experts
                                   : std::clamp(static_cast<std::int64_t>(std::min(room, kLargestPack) / each),
                                                std::int64_t{1}, experts);
        for (std::int64_t first = 0; first < experts; first += perPack) {
            const std::int64_t count = std::min(perPack, experts - first);
            m_pieces.push_back({i, first, count, each * static_cast<std::uint64_t>(count)});
        }
    }
    m_firstPiece.push_back(m_pieces.size());
    m_ahead = std::make_unique<ReadAhead>(*this);
}

StreamedWeights::~StreamedWeights()
{
    m_layer.reset(); // pieces tell the reader when they go
    m_pack.reset();
    m_ahead.reset();
}

double StreamedWeights::secondsReading() const
{
    return m_ahead->seconds();
}

Result<StreamedWeights::Loaded> StreamedWeights::load(const Piece& piece)
{
    const model::LayerSpec& layer = m_model.spec.layers[piece.layer];
    const Slab slab(piece.bytes);
    Loaded loaded;
    if (piece.first < 0) {
        ESPALIER_TRY(loaded.layer, m_loader.layer(m_model.spec, layer));
    } else {
        ESPALIER_TRY(loaded.experts, m_loader.experts(layer, piece.first, piece.count));
    }
    return loaded;
}

Result<std::shared_ptr<const StreamedWeights::Loaded>> StreamedWeights::take(std::size_t piece,
                                                                             const base::JobContext& job)
{
    const Stopwatch stopwatch(m_secondsWaiting);
    return m_ahead->take(piece, job);
}

Result<void> StreamedWeights::prepare(bool head, const base::JobContext&)
{
    if (head)
        m_bytesTotal += std::exchange(m_headBytes, 0);
    return {};
}

Result<const LayerWeights*> StreamedWeights::layer(std::size_t index, const base::JobContext& job)
{
    m_pack.reset();
    m_layer.reset();
    if (!m_settings.keepEnds)
        m_ends = {};
    ESPALIER_TRY(m_layer, take(m_firstPiece[index], job));
    return &m_layer->layer;
}

std::size_t StreamedWeights::packs(std::size_t index) const
{
    return m_firstPiece[index + 1] - m_firstPiece[index] - 1;
}

Result<ExpertPack> StreamedWeights::experts(std::size_t index, std::size_t pack, const base::JobContext& job)
{
    const std::size_t piece = m_firstPiece[index] + 1 + pack;
    if (!m_pack || m_packPiece != piece) {
        m_pack.reset();
        ESPALIER_TRY(m_pack, take(piece, job));
        m_packPiece = piece;
    }
    return ExpertPack{m_pieces[piece].first, m_pack->experts};
}

Result<const EndWeights*> StreamedWeights::ends(End which, const base::JobContext&)
{
    const model::ModelSpec& spec = m_model.spec;
    if (!m_settings.keepEnds) { // in the room of the layers
        m_pack.reset();
        m_layer.reset();
        m_ahead->pause();
        if (which == End::Embedding) {
            m_ends.head.reset();
            m_ends.headBias.reset();
        } else if (!spec.tiedEmbedding) {
            m_ends.embedding.reset();
        }
    }
    const Stopwatch stopwatch(m_secondsWaiting);
    if (!m_ends.finalNorm.weight.defined()) {
        ESPALIER_TRY(m_ends.finalNorm, m_loader.norm(spec, spec.finalNorm));
    }
    if (which == End::Embedding) {
        if (!m_ends.embedding.defined()) {
            ESPALIER_TRY(m_ends.embedding, m_loader.load(spec.embedding));
        }
        return &m_ends;
    }
    if (!m_ends.head.defined()) {
        ESPALIER_CHECK(m_head.head(spec, m_ends));
    }
    return &m_ends;
}

} // namespace espalier::engine
