// SPDX-License-Identifier: Apache-2.0
// demo: the whole road on the bundled model.
#include "app/cli/command.h"
#include "app/cli/demo_dense.h"
#include "app/cli/demo_walk.h"

namespace espalier::cli {

void addDemo(CLI::App& app, Program& program)
{
    auto options = std::make_shared<DemoOptions>();
    options->out = "espalier-demo";
    auto engine = std::make_shared<EngineArguments>();
    CLI::App* sub = program.add(app, "demo",
                                "Walk the whole road on the bundled model: measure, score, plan, compare, export, "
                                "verify; ends with a table, a heatmap picture and a report",
                                "espalier demo --out demo-out");
    sub->add_option("--out", options->out, "Folder for the study, the plans, the bundle and the report")
        ->capture_default_str();
    sub->add_flag("--overwrite", options->overwrite, "Replace what an earlier demo left in the folder");
    sub->add_flag("--quick", options->quick,
                  "50 items per task and 2,000 tokens per text: a look in a tenth of the time");
    auto dense = std::make_shared<bool>(false);
    sub->add_flag("--dense", *dense, "Carve the bundled dense model into experts instead");
    engine->addTo(sub, "float32");
    program.onRun(sub, [options, engine, dense](Output& output) -> Result<void> {
        ESPALIER_TRY(options->engine, engine->options());
        if (*dense) {
            ESPALIER_TRY(const auto carved,
                         walkDenseDemo({options->out, options->overwrite, options->quick, options->engine}, output));
            output.result(carved.toJson(), carved.text());
            return {};
        }
        ESPALIER_TRY(const auto outcome, walkDemo(*options, output));
        output.result(outcome.toJson(), outcome.text());
        return {};
    });
}

} // namespace espalier::cli
