// SPDX-License-Identifier: Apache-2.0
// quantization_config of config.json, in the dialects of the tools that write it.
#include "core/checkpoint/quant/stored_weight.h"

#include <fmt/format.h>

namespace espalier::checkpoint {

namespace {

using base::OrderedJson;

const OrderedJson* member(const OrderedJson& object, const char* key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

/// A whole number from 1 to `largest`, -1 read as 0 ("all inputs together").
Result<void> readNumber(const OrderedJson* value, std::int64_t largest, std::int64_t& into, const std::string& file,
                        const std::string& key)
{
    if (value == nullptr)
        return {};
    const bool whole = value->is_number_integer() && value->get<std::int64_t>() != 0;
    const std::int64_t number = whole ? value->get<std::int64_t>() : 0;
    if (!whole || number < -1 || number > largest)
        return base::badInput("is not a sensible number", file, "key quantization_config." + key);
    into = number == -1 ? 0 : number;
    return {};
}

} // namespace

Result<QuantScheme> readQuantScheme(const OrderedJson& config, const std::string& file)
{
    QuantScheme scheme;
    const OrderedJson* block = member(config, "quantization_config");
    if (block == nullptr)
        block = member(config, "compression_config"); // compressed-tensors before 0.9
    if (block == nullptr)
        return scheme;
    if (!block->is_object())
        return base::badInput("is not an object", file, "key quantization_config");
    const OrderedJson* method = member(*block, "quant_method");
    scheme.method = method != nullptr && method->is_string() ? method->get<std::string>() : "unknown";
    constexpr std::int64_t kLargest = 1 << 24;
    std::int64_t bits = scheme.bits;
    ESPALIER_CHECK(readNumber(member(*block, "bits"), 64, bits, file, "bits"));
    ESPALIER_CHECK(readNumber(member(*block, "group_size"), kLargest, scheme.groupSize, file, "group_size"));
    if (const OrderedJson* size = member(*block, "weight_block_size"); size != nullptr) {
        if (!size->is_array() || size->size() != 2)
            return base::badInput("is not a list of two numbers", file, "key quantization_config.weight_block_size");
        ESPALIER_CHECK(readNumber(&(*size)[0], kLargest, scheme.blockRows, file, "weight_block_size"));
        ESPALIER_CHECK(readNumber(&(*size)[1], kLargest, scheme.blockColumns, file, "weight_block_size"));
    }
    if (const OrderedJson* format = member(*block, "checkpoint_format"); format != nullptr && *format == "gptq_v2")
        scheme.zeroOffset = 0;
    // compressed-tensors: {"config_groups": {"group_0": {"weights": {...}}}}; one scheme for all groups is understood
    if (const OrderedJson* groups = member(*block, "config_groups"); groups != nullptr && groups->is_object())
        for (const auto& group : *groups)
            if (const OrderedJson* weights = member(group, "weights")) {
                ESPALIER_CHECK(readNumber(member(*weights, "num_bits"), 64, bits, file, "num_bits"));
                ESPALIER_CHECK(
                    readNumber(member(*weights, "group_size"), kLargest, scheme.groupSize, file, "group_size"));
                if (const OrderedJson* size = member(*weights, "block_structure");
                    size != nullptr && size->is_array() && size->size() == 2) {
                    ESPALIER_CHECK(readNumber(&(*size)[0], kLargest, scheme.blockRows, file, "block_structure"));
                    ESPALIER_CHECK(readNumber(&(*size)[1], kLargest, scheme.blockColumns, file, "block_structure"));
                }
            }
    scheme.bits = static_cast<int>(bits);
    if (scheme.blockRows == 0 || scheme.blockColumns == 0)
        return base::badInput("blocks need a height and a width", file, "key quantization_config");
    return scheme;
}

} // namespace espalier::checkpoint
