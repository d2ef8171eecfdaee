// SPDX-License-Identifier: Apache-2.0
// The model of tokenizer.json.
#include "core/tokenizer/bpe.h"
#include "core/tokenizer/json_fields.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::tokenizer {
namespace {

Result<std::vector<std::string>> readVocabulary(const JsonFields& fields)
{
    const auto* vocabulary = fields.find("vocab");
    if (vocabulary == nullptr || !vocabulary->is_object())
        return fields.error("the key vocab must be an object");
    std::vector<std::string> entries;
    std::size_t highest = 0;
    for (const auto& [entry, value] : vocabulary->items()) {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kLargestId)
            return badInput(fmt::format("the id of '{}' is out of range", entry), fields.file(), "model.vocab");
        highest = std::max(highest, value.get<std::size_t>());
    }
    entries.resize(vocabulary->empty() ? 0 : highest + 1);
    for (const auto& [entry, value] : vocabulary->items()) {
        auto& slot = entries[value.get<std::size_t>()];
        if (!slot.empty())
            return badInput(fmt::format("id {} is used twice", value.get<std::size_t>()), fields.file(), "model.vocab");
        slot = entry;
    }
    return entries;
}

Result<Bpe::Options> readOptions(const JsonFields& fields, const std::vector<std::string>& entries)
{
    if (const auto* dropout = fields.find("dropout"); dropout != nullptr)
        if (!dropout->is_number() || dropout->get<double>() != 0)
            return fields.error("the BPE option dropout is not supported");
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
        ESPALIER_TRY(const auto text, fields.textOr(key, ""));
        if (!text.empty())
            return fields.error(fmt::format("the BPE option {} is not supported", key));
    }
    Bpe::Options options;
    ESPALIER_TRY(options.ignoreMerges, fields.flagOr("ignore_merges", false));
    ESPALIER_TRY(options.byteFallback, fields.flagOr("byte_fallback", false));
    ESPALIER_TRY(options.fuseUnknown, fields.flagOr("fuse_unk", false));
    ESPALIER_TRY(const auto unknown, fields.textOr("unk_token", ""));
    if (!unknown.empty()) {
        const auto found = std::find(entries.begin(), entries.end(), unknown);
        if (found == entries.end())
            return fields.error(fmt::format("the unk_token '{}' is not in the vocabulary", unknown));
        options.unknown = static_cast<TokenId>(found - entries.begin());
    }
    return options;
}

} // namespace

Result<Bpe> Bpe::fromJson(const base::OrderedJson& json, const std::string& file)
{
    const JsonFields fields(json, file, "model");
    ESPALIER_CHECK(fields.needObject());
    ESPALIER_TRY(const auto type, fields.textOr("type", "BPE"));
    if (type != "BPE")
        return fields.error(fmt::format("the tokenizer model '{}' is not supported", type),
                            "Byte-pair encoding (BPE) is supported");
    ESPALIER_TRY(auto entries, readVocabulary(fields));
    ESPALIER_TRY(const auto options, readOptions(fields, entries));
    ESPALIER_TRY(auto out, fromMerges(std::move(entries), {}, options, file));
    ESPALIER_TRY(const auto* merges, fields.list("merges"));
    std::int32_t rank = 0;
    for (const auto& merge : *merges) {
        if (merge.is_string())
            ESPALIER_CHECK(out.addMergeText(merge.get<std::string>(), rank, file));
        else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string())
            ESPALIER_CHECK(out.addMerge(merge[0].get<std::string>(), merge[1].get<std::string>(), rank, file));
        else
            return badInput("a merge must be two entries", file, fmt::format("model.merges[{}]", rank));
        ++rank;
    }
    return out;
}

} // namespace espalier::tokenizer
