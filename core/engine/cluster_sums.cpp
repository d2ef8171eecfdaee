// SPDX-License-Identifier: Apache-2.0
#include "core/engine/cluster_sums.h"

#include <cstring>

namespace espalier::engine {

namespace {

bool isIn(const LayerRange& layers, const stats::LayerStats& layer)
{
    return layers.contains(static_cast<std::size_t>(layer.layer().value()));
}

class Writer {
public:
    template <typename T>
    void put(std::span<const T> values)
    {
        const auto bytes = std::as_bytes(values);
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
    }
    template <typename T>
    void put(T value)
    {
        put(std::span<const T>(&value, 1));
    }
    template <typename T>
    void putMany(const std::vector<T>& values)
    {
        put(static_cast<std::uint64_t>(values.size()));
        put(std::span<const T>(values));
    }
    void put(const stats::Samples& samples)
    {
        for (const stats::SampleInfo& info : stats::sampleInfos()) {
            const stats::SampleRows& rows = samples[info.kind];
            put(rows.type);
            put(rows.cols);
            putMany(rows.bytes);
        }
    }
    [[nodiscard]] Message take() { return std::move(m_bytes); }

private:
    Message m_bytes;
};

class Reader {
public:
    explicit Reader(std::span<const std::byte> bytes) : m_rest(bytes) {}
    template <typename T>
    void get(std::span<T> values)
    {
        m_good = m_good && m_rest.size() >= values.size_bytes();
        if (!m_good || values.empty())
            return;
        std::memcpy(values.data(), m_rest.data(), values.size_bytes());
        m_rest = m_rest.subspan(values.size_bytes());
    }
    template <typename T>
    [[nodiscard]] T get()
    {
        T value{};
        get(std::span<T>(&value, 1));
        return value;
    }
    template <typename T>
    [[nodiscard]] std::vector<T> getMany()
    {
        const auto count = get<std::uint64_t>();
        m_good = m_good && count <= m_rest.size() / sizeof(T);
        std::vector<T> values(m_good ? count : 0);
        get(std::span<T>(values));
        return values;
    }
    /// Behind those that are there.
    void get(stats::Samples& samples)
    {
        for (const stats::SampleInfo& info : stats::sampleInfos()) {
            const auto type = get<stats::SampleType>();
            const auto cols = get<std::int64_t>();
            const auto bytes = getMany<std::byte>();
            if (m_good && cols > 0)
                samples.add(info.kind, type, cols, bytes);
        }
    }
    [[nodiscard]] bool good() const { return m_good && m_rest.empty(); }

private:
    std::span<const std::byte> m_rest;
    bool m_good = true;
};

} // namespace

Message packSums(std::span<const stats::DomainStats> domains, const LayerRange& layers)
{
    Writer writer;
    for (const stats::DomainStats& domain : domains) {
        writer.put(domain.tokens);
        writer.put(domain.windows);
        writer.put(domain.samples);
        for (const stats::LayerStats& layer : domain.layers) {
            if (!isIn(layers, layer))
                continue;
            writer.put(layer.tokens());
            for (const stats::StatInfo& info : stats::statInfos())
                writer.put(layer[info.stat]);
            const stats::LogitPool& pool = layer.pool();
            writer.putMany(pool.logits);
            writer.putMany(pool.ids);
            writer.putMany(layer.coalitions().ids);
            writer.putMany(layer.coalitions().tokens);
            writer.put(layer.samples());
        }
    }
    return writer.take();
}

base::Result<void> unpackSums(std::span<const std::byte> message, const LayerRange& layers,
                              std::span<stats::DomainStats> domains)
{
    Reader reader(message);
    for (stats::DomainStats& domain : domains) {
        domain.tokens = reader.get<std::int64_t>();
        domain.windows = reader.get<std::int64_t>();
        reader.get(domain.samples);
        for (stats::LayerStats& layer : domain.layers) {
            if (!isIn(layers, layer))
                continue;
            layer.addTokens(reader.get<double>() - layer.tokens());
            for (const stats::StatInfo& info : stats::statInfos())
                reader.get(layer.edit(info.stat));
            layer.editPool().logits = reader.getMany<float>();
            layer.editPool().ids = reader.getMany<std::uint16_t>();
            layer.editCoalitions().ids = reader.getMany<std::uint16_t>();
            layer.editCoalitions().tokens = reader.getMany<double>();
            reader.get(layer.editSamples());
        }
    }
    if (!reader.good())
        return base::internalError("sums of another process do not have the expected size");
    return {};
}

} // namespace espalier::engine
