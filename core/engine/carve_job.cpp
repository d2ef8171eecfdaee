// SPDX-License-Identifier: Apache-2.0
#include "core/engine/carve_job.h"

#include "core/engine/domain_texts.h"
#include "core/tokenizer/model_tokenizer.h"

#include <chrono>
#include <fmt/format.h>

namespace espalier::engine {

Result<Carving> runCarving(const model::OpenModel& model, const CarveRequest& request, const base::JobContext& job)
{
    const auto begin = std::chrono::steady_clock::now();
    Carving carving;
    carving.settings = request.settings;
    if (model.spec.isMoe())
        return badInput("the model has routed experts already; carving makes them from dense layers",
                        model.checkpoint.path().string(), {}, "Cut it with `espalier plan` and `espalier export`");
    for (const model::LayerSpec& layer : model.spec.layers) {
        carving.settings.shape.width = layer.denseWidth;
        ESPALIER_CHECK(carving.settings.shape.check());
        if (layer.denseWidth != model.spec.layers.front().denseWidth)
            return badInput(fmt::format("layer {} has {} neurons, layer 0 {}: one configuration holds one width",
                                        layer.index.value(), layer.denseWidth, model.spec.layers.front().denseWidth),
                            model.checkpoint.path().string());
    }
    ESPALIER_CHECK(checkComputable(model));
    ESPALIER_TRY(const auto tokenizer, tokenizer::tokenizerOf(model.checkpoint));
    ESPALIER_TRY(const auto texts,
                 readDomainTexts(request.data, tokenizer, model.spec, request.context, request.maxTokens));
    std::vector<tokenizer::Window> windows;
    carving.data = base::OrderedJson::object();
    for (const DomainTexts& domain : texts) {
        windows.insert(windows.end(), domain.windows.begin(), domain.windows.end());
        carving.tokens[domain.name] = domain.tokens;
        carving.data[domain.name] = {{"tokens", domain.tokens}, {"sha256", domain.joinedSha256()}};
    }
    ESPALIER_TRY(const auto engine, openEngine(model, request.engine));
    ESPALIER_TRY(carving.layers, engine->carve(windows, carving.settings, job));
    carving.counters = engine->counters();
    carving.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return carving;
}

} // namespace espalier::engine
