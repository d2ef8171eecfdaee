// SPDX-License-Identifier: Apache-2.0
// Private to the room: metadata of a GGUF file on their way to the keys of a config.json.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/checkpoint/checkpoint.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace espalier::model {

class GgufConfig {
public:
    GgufConfig(const checkpoint::Checkpoint& checkpoint, std::string_view architecture);

    base::OrderedJson json; ///< what becomes of it

    [[nodiscard]] bool has(std::string_view tensor) const { return m_checkpoint.find(tensor) != nullptr; }
    [[nodiscard]] const checkpoint::TensorInfo* tensor(std::string_view name) const { return m_checkpoint.find(name); }
    [[nodiscard]] int layers() const { return m_layers; }

    /// "<architecture>.<key>" as a whole number; BadInput when it is absent or not one.
    [[nodiscard]] Result<std::int64_t> integer(std::string_view key) const;
    [[nodiscard]] std::optional<std::int64_t> integerIf(std::string_view key) const;
    [[nodiscard]] std::optional<double> realIf(std::string_view key) const;
    [[nodiscard]] std::optional<bool> booleanIf(std::string_view key) const;

    /// Keys all architectures share.
    [[nodiscard]] Result<void> readCommon();
    /// json[to] = the metadata key, required or when present.
    [[nodiscard]] Result<void> copy(std::string_view key, const char* to);
    void copyIf(std::string_view key, const char* to);
    void copyRealIf(std::string_view key, const char* to);
    /// Expert count, experts per token and width under the family's names.
    [[nodiscard]] Result<void> readExperts(const char* count, const char* topK, std::string_view widthKey,
                                           const char* width);
    /// Layers without a router.
    [[nodiscard]] base::OrderedJson denseLayers() const;

    [[nodiscard]] Error error(std::string_view key, std::string message) const;

private:
    void readStops();
    [[nodiscard]] Result<void> readRope();
    [[nodiscard]] std::string full(std::string_view key) const;
    /// A number, or an array whose elements are all the same.
    [[nodiscard]] Result<std::int64_t> uniform(std::string_view key) const;

    const checkpoint::Checkpoint& m_checkpoint;
    const checkpoint::GgufMetadata& m_metadata;
    std::string m_prefix;
    int m_layers = 0;
};

} // namespace espalier::model
