// SPDX-License-Identifier: Apache-2.0
// study samples: rows of single tokens that a profile kept (S7, S8, S17), as one safetensors file.
#include "app/cli/command.h"
#include "core/base/byte_size.h"
#include "core/base/file.h"
#include "core/study/study.h"

#include <bit>
#include <fmt/format.h>

namespace espalier::cli {
namespace {

std::string_view idOf(const study::SampleColumn& column)
{
    return stats::sampleInfos()[static_cast<std::size_t>(column.kind)].id;
}

/// "code.layers.3.bank-input", "code.next-ids"
std::string nameOf(const study::SampleColumn& column)
{
    return column.layer < 0 ? fmt::format("{}.{}", column.domain, idOf(column))
                            : fmt::format("{}.layers.{}.{}", column.domain, column.layer, idOf(column));
}

std::uint64_t bytesOf(const study::SampleColumn& column)
{
    return static_cast<std::uint64_t>(column.rows) * static_cast<std::uint64_t>(column.cols) *
           stats::sampleTypeBytes(column.type);
}

Result<void> write(const study::Study& study, const std::vector<study::SampleColumn>& columns, const std::string& path,
                   const base::JobContext& job)
{
    base::OrderedJson header{{"__metadata__", {{"model_fingerprint", study.model().fingerprint}}}};
    std::uint64_t at = 0;
    for (const auto& column : columns) {
        base::OrderedJson shape{column.rows};
        if (column.cols > 1)
            shape.push_back(column.cols);
        header[nameOf(column)] = {{"dtype", stats::sampleTypeId(column.type)},
                                  {"shape", std::move(shape)},
                                  {"data_offsets", {at, at + bytesOf(column)}}};
        at += bytesOf(column);
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    ESPALIER_TRY(auto file, base::AtomicFileWriter::create(path));
    static_assert(std::endian::native == std::endian::little);
    const std::uint64_t length = text.size();
    ESPALIER_CHECK(file.write(std::as_bytes(std::span(&length, 1))));
    ESPALIER_CHECK(file.write(text));
    std::uint64_t done = 0;
    for (const auto& column : columns) {
        const std::uint64_t before = done;
        ESPALIER_CHECK(study.readSample(column, [&](std::span<const std::byte> bytes) -> Result<void> {
            if (job.stopRequested())
                return base::cancelledError();
            done += bytes.size();
            job.report({"writing", static_cast<double>(done), static_cast<double>(at), "bytes"});
            return file.write(bytes);
        }));
        if (done - before != bytesOf(column))
            return badInput("rows of tokens are missing", study.path().string(), nameOf(column),
                            "The study was changed meanwhile, or is damaged: run espalier study check");
    }
    return file.finish();
}

Result<void> samples(const std::string& path, const std::string& out, Output& output)
{
    ESPALIER_TRY(const auto study, study::Study::open(path, study::OpenMode::ReadOnly));
    ESPALIER_TRY(const auto columns, study.samples());
    if (columns.empty())
        return badInput("holds no rows of single tokens", path, {},
                        "Measure with espalier profile --statistics all,samples");
    base::OrderedJson list = base::OrderedJson::array();
    std::string text;
    std::uint64_t total = 0;
    for (const auto& column : columns) {
        const std::string name = nameOf(column), type(stats::sampleTypeId(column.type));
        list.push_back({{"name", name}, {"dtype", type}, {"rows", column.rows}, {"cols", column.cols}});
        text += fmt::format("  {:<40} {:<5} {:>9} x {}\n", name, type, column.rows, column.cols);
        total += bytesOf(column);
    }
    if (!out.empty())
        ESPALIER_CHECK(write(study, columns, out, output.job()));
    text = fmt::format("{} arrays of single tokens, {}{}\n", columns.size(), base::formatByteSize(ByteSize(total)),
                       out.empty() ? "" : ", written to " + out) +
           text;
    output.result({{"study", path}, {"arrays", list}, {"bytes", total}, {"out", out}}, text);
    return {};
}

} // namespace

void addStudySamples(CLI::App& group, Program& program)
{
    struct Options {
        std::string study, out;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(group, "samples", "Rows of single tokens that a profile kept, as a safetensors file",
                                "espalier study samples my.espalier --out samples.safetensors");
    sub->add_option("STUDY", options->study, "Study file")->required();
    sub->add_option("--out", options->out, "File to write (default: only list what there is)");
    program.onRun(sub, [options](Output& output) { return samples(options->study, options->out, output); });
}

} // namespace espalier::cli
