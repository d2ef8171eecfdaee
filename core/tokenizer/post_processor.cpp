// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/post_processor.h"

#include "core/tokenizer/json_fields.h"

#include <fmt/format.h>

namespace espalier::tokenizer {
namespace {

/// Ids of one special token of a template.
Result<std::vector<TokenId>> templateIds(const JsonFields& fields, const std::string& name)
{
    const auto* tokens = fields.find("special_tokens");
    const auto* token = tokens == nullptr ? nullptr : JsonFields(*tokens, fields.file(), "").find(name.c_str());
    if (token == nullptr)
        return fields.error(fmt::format("the template uses the unknown token '{}'", name));
    ESPALIER_TRY(const auto* list, JsonFields(*token, fields.file(), "post_processor.special_tokens").list("ids"));
    std::vector<TokenId> ids;
    for (const auto& id : *list) {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() > kLargestId)
            return fields.error(fmt::format("an id of the token '{}' is out of range", name));
        ids.push_back(id.get<TokenId>());
    }
    return ids;
}

Result<PostProcessor> readTemplate(const JsonFields& fields)
{
    PostProcessor out;
    bool seenText = false;
    ESPALIER_TRY(const auto* items, fields.list("single"));
    for (const auto& item : *items) {
        const JsonFields part(item, fields.file(), "post_processor.single");
        if (const auto* sequence = part.find("Sequence")) {
            ESPALIER_TRY(const auto id, JsonFields(*sequence, fields.file(), part.place()).text("id"));
            if (id != "A" || seenText)
                return part.error("a template must hold the text once");
            seenText = true;
            continue;
        }
        const auto* special = part.find("SpecialToken");
        if (special == nullptr)
            return part.error("a template holds Sequence and SpecialToken");
        ESPALIER_TRY(const auto name, JsonFields(*special, fields.file(), part.place()).text("id"));
        ESPALIER_TRY(const auto ids, templateIds(fields, name));
        auto& side = seenText ? out.after : out.before;
        side.insert(side.end(), ids.begin(), ids.end());
    }
    if (!seenText)
        return fields.error("a template must hold the text once");
    return out;
}

/// "cls" or "sep" of BERT's and RoBERTa's processors: [text, id].
Result<TokenId> pairId(const JsonFields& fields, const char* key)
{
    ESPALIER_TRY(const auto* pair, fields.list(key));
    if (pair->size() != 2 || !(*pair)[1].is_number_unsigned() || (*pair)[1].get<std::uint64_t>() > kLargestId)
        return fields.error(fmt::format("the key {} must be a text and an id", key));
    return (*pair)[1].get<TokenId>();
}

} // namespace

Result<PostProcessor> PostProcessor::fromJson(const base::OrderedJson& json, const std::string& file)
{
    PostProcessor out;
    if (json.is_null())
        return out;
    const JsonFields fields(json, file, "post_processor");
    ESPALIER_CHECK(fields.needObject());
    ESPALIER_TRY(const auto type, fields.text("type"));
    if (type == "ByteLevel") // only trims offsets
        return out;
    if (type == "TemplateProcessing")
        return readTemplate(fields);
    if (type == "BertProcessing" || type == "RobertaProcessing") {
        ESPALIER_TRY(const auto before, pairId(fields, "cls"));
        ESPALIER_TRY(const auto after, pairId(fields, "sep"));
        out.before = {before};
        out.after = {after};
        return out;
    }
    if (type != "Sequence")
        return fields.error(fmt::format("the post-processor '{}' is not supported", type),
                            "Supported are ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing and "
                            "Sequence");
    ESPALIER_TRY(const auto* parts, fields.list("processors"));
    for (const auto& part : *parts) { // each one wraps what the one before it made
        ESPALIER_TRY(const auto one, fromJson(part, file));
        out.before.insert(out.before.begin(), one.before.begin(), one.before.end());
        out.after.insert(out.after.end(), one.after.begin(), one.after.end());
    }
    return out;
}

} // namespace espalier::tokenizer
