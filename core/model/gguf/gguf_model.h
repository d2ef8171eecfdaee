// SPDX-License-Identifier: Apache-2.0
// Private to the room: GGUF metadata and tensor names in the words of config.json and the hub, so that one family file
// and one decoder serve both kinds of files.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/checkpoint/checkpoint.h"

#include <string>
#include <string_view>

namespace espalier::model {

/// One of GGUF's architectures (general.architecture).
struct GgufArchitecture {
    std::string_view name;      ///< "qwen3moe"
    std::string_view modelType; ///< config.json's model_type
    std::string_view shared;    ///< hub name of the shared expert inside "mlp.", empty = none
    /// Rotary pairs are neighbours: converters have permuted the rows of q and k (llama, granite) or the model is so by
    /// itself.
    bool interleaved = false;
    /// Adds the keys that are this architecture's own.
    Result<void> (*configure)(class GgufConfig& config);
};
[[nodiscard]] const GgufArchitecture* findGgufArchitecture(std::string_view name, bool moe);
/// For messages: "llama, qwen2, …".
[[nodiscard]] std::string ggufArchitectureNames();

/// "blk.3.attn_q.weight" -> "model.layers.3.self_attn.q_proj.weight"; names that are not known stay.
[[nodiscard]] std::string hubName(std::string_view ggufName, const GgufArchitecture& architecture);

/// Describes an opened GGUF file to itself (Checkpoint::describeAs). BadInput for architectures that are not known and
/// for metadata that are missing or make no sense.
[[nodiscard]] Result<void> describeGguf(checkpoint::Checkpoint& checkpoint);

} // namespace espalier::model
