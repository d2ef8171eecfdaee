// SPDX-License-Identifier: Apache-2.0
// convert: models in forms that are read for this alone.
#include "app/cli/command.h"
#include "core/base/byte_size.h"
#include "core/exchange/llama2c.h"

#include <fmt/format.h>

namespace espalier::cli {

void addConvert(CLI::App& app, Program& program);

void addConvert(CLI::App& app, Program& program)
{
    struct Options {
        std::string model, tokenizer, out;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "convert", "A llama2.c checkpoint as a model folder",
                                "espalier convert stories260K.bin --tokenizer tok512.bin --out stories");
    sub->add_option("FILE", options->model, "Checkpoint of llama2.c, version 0")->required();
    sub->add_option("--tokenizer", options->tokenizer, "Its tokenizer, as llama2.c stores it")->required();
    sub->add_option("--out", options->out, "Folder to make; must not exist or be empty")->required();
    program.onRun(sub, [options](Output& output) -> Result<void> {
        ESPALIER_TRY(const auto report,
                     exchange::convertLlama2c(options->model, options->tokenizer, options->out, output.job()));
        output.result({{"directory", options->out},
                       {"family", "llama"},
                       {"layers", report.layers},
                       {"hidden", report.hidden},
                       {"width", report.width},
                       {"vocabulary", report.vocabulary},
                       {"bytes", report.bytes}},
                      fmt::format("Wrote {}: Llama, {} layers, hidden size {}, {} neurons per layer, {}\n",
                                  options->out, report.layers, report.hidden, report.width,
                                  base::formatByteSize(ByteSize(report.bytes))));
        return {};
    });
}

} // namespace espalier::cli
