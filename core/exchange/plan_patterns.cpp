// SPDX-License-Identifier: Apache-2.0
// Published patterns: PreMoe's index with its tensor of orders, EEP's merging matrices.
#include "core/base/text.h"
#include "core/exchange/binary_file.h"
#include "core/exchange/plan_parts.h"
#include "core/exchange/torch_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <numeric>

namespace espalier::exchange {
namespace {

/// A FAISS flat index ("IxF2" or "IxFI") behind its header: int32 width, int64 rows, two unused int64, byte "trained",
/// int32 metric, uint64 count of floats; then the floats.
struct FlatIndex {
    BinaryFile file;
    std::int32_t width = 0;
    std::int64_t rows = 0;
};

Result<FlatIndex> openIndex(const std::filesystem::path& path)
{
    ESPALIER_TRY(auto file, BinaryFile::open(path));
    ESPALIER_TRY(const std::string head, file.take(45, "header"));
    if (!head.starts_with("IxF2") && !head.starts_with("IxFI"))
        return badInput("is no flat index of FAISS", path.string(), "header", "Give the .index file of PreMoe");
    std::int32_t width = 0;
    std::int64_t rows = 0;
    std::uint64_t floats = 0;
    std::memcpy(&width, head.data() + 4, 4);
    std::memcpy(&rows, head.data() + 8, 8);
    std::memcpy(&floats, head.data() + 37, 8);
    if (width < 1 || width > 65536 || rows < 1 || static_cast<std::uint64_t>(rows) > file.left() / 4 ||
        static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(width) != floats || floats != file.left() / 4 ||
        file.left() % 4 != 0)
        return badInput(
            fmt::format("claims {} rows of {} and {} numbers, {} bytes follow", rows, width, floats, file.left()),
            path.string(), "header", "The file is cut off or damaged: load it again");
    return FlatIndex{std::move(file), width, rows};
}

Result<std::vector<float>> readIndexRow(const std::filesystem::path& path, std::int64_t row)
{
    ESPALIER_TRY(auto index, openIndex(path));
    if (row < 0 || row >= index.rows)
        return usageError(fmt::format("the index holds patterns 0 to {}, not {}", index.rows - 1, row));
    const auto bytes = static_cast<std::uint64_t>(index.width) * 4;
    ESPALIER_CHECK(index.file.skip(static_cast<std::uint64_t>(row) * bytes, "row"));
    ESPALIER_TRY(auto values, index.file.floats(static_cast<std::uint64_t>(index.width), fmt::format("row {}", row)));
    for (const float value : values)
        if (!std::isfinite(value))
            return badInput("holds a score that is no number", path.string(), fmt::format("row {}", row));
    return values;
}

/// "layers.3", "layers.[8-15]"; false for other names.
bool parseGroup(std::string_view name, std::int32_t& first, std::int32_t& last)
{
    if (!name.starts_with("layers."))
        return false;
    name.remove_prefix(7);
    if (base::parseIndex(name, first)) {
        last = first;
        return true;
    }
    const auto dash = name.find('-');
    return name.starts_with('[') && name.ends_with(']') && dash != std::string_view::npos &&
           base::parseIndex(name.substr(1, dash - 1), first) &&
           base::parseIndex(name.substr(dash + 1, name.size() - dash - 2), last) && first <= last;
}

/// What a file of EEP says of one layer.
struct EepMatrices {
    const TorchTensor* experts = nullptr; ///< W_EM [kept, E]
    const TorchTensor* router = nullptr;  ///< W_RM [kept, E]
};

Result<void> checkMatrix(const TorchTensor& matrix, std::int32_t experts, const std::string& file)
{
    const std::string place = "tensor " + matrix.name;
    if (matrix.shape.size() != 2 || matrix.shape[1] != experts || matrix.shape[0] > experts)
        return badInput(fmt::format("must be a matrix [kept, {}]", experts), file, place,
                        "Check that the coefficients belong to this model");
    for (std::size_t i = 0; i < matrix.values.size(); ++i)
        if (!std::isfinite(matrix.values[i]))
            return badInput(
                fmt::format("row {} holds something that is no number", i / static_cast<std::size_t>(experts)), file,
                place);
    return {};
}

/// Main expert of every row, in the order of the rows; how many rows mix others in.
Result<std::vector<std::int32_t>> mainExperts(const TorchTensor& matrix, std::int32_t experts, const std::string& file,
                                              std::int64_t& mixed)
{
    std::vector<std::int32_t> kept;
    for (std::int64_t row = 0; row < matrix.shape[0]; ++row) {
        const auto begin = matrix.values.begin() + row * experts;
        const auto end = begin + experts;
        const auto id = static_cast<std::int32_t>(std::max_element(begin, end) - begin);
        if (std::find(kept.begin(), kept.end(), id) != kept.end())
            return badInput(fmt::format("two rows are mainly expert {}", id), file, "tensor " + matrix.name,
                            "Such a merge is no choice of experts");
        kept.push_back(id);
        mixed += std::count_if(begin, end, [](double value) { return value != 0; }) > 1 ? 1 : 0;
    }
    return kept;
}

/// Which matrices belong to each MoE layer: those of its group, or the file's "others".
Result<std::vector<EepMatrices>> matricesByLayer(const std::vector<TorchTensor>& tensors,
                                                 const model::ModelSummary& model, const std::string& file)
{
    constexpr std::string_view kRouter = "transfer.";
    std::vector<EepMatrices> layers(model.moeLayers.size());
    EepMatrices others;
    for (const auto& tensor : tensors) {
        ESPALIER_CHECK(checkMatrix(tensor, model.experts, file));
        const bool router = tensor.name.starts_with(kRouter) || tensor.name == "others_transfer";
        const auto into = router ? &EepMatrices::router : &EepMatrices::experts;
        if (tensor.name == "others" || tensor.name == "others_transfer") {
            others.*into = &tensor;
            continue;
        }
        // "transfer.[0-7]" belongs to "layers.[0-7]"
        const std::string group = router ? "layers." + tensor.name.substr(kRouter.size()) : tensor.name;
        std::int32_t from = 0, to = 0;
        if (!parseGroup(group, from, to) || to >= model.layers)
            return badInput("names no layers of this model", file, "tensor " + tensor.name.substr(0, 80),
                            "Check that the coefficients belong to this model");
        for (std::int32_t layer = from; layer <= to; ++layer) {
            const int row = model.moePosition(LayerIndex(layer));
            if (row < 0)
                continue;
            auto& place = layers[static_cast<std::size_t>(row)].*into;
            if (place != nullptr)
                return badInput(fmt::format("layer {} has two matrices", layer), file, "tensor " + tensor.name);
            place = &tensor;
        }
    }
    for (std::size_t row = 0; row < layers.size(); ++row) {
        if (layers[row].experts == nullptr)
            layers[row] = others;
        if (layers[row].experts == nullptr)
            return badInput(fmt::format("has no matrix for layer {}", model.moeLayers[row].layer.value()), file, {},
                            "Check that the coefficients belong to this model");
    }
    return layers;
}

/// Both matrices with their rows in the order of the experts that the rows stand for.
Result<std::shared_ptr<const method::ExpertMixing>> mixingOf(const EepMatrices& matrices,
                                                             const std::vector<std::int32_t>& main,
                                                             std::int32_t experts, const std::string& file)
{
    const std::string place = "tensor " + matrices.experts->name;
    if (matrices.router == nullptr || matrices.router->shape != matrices.experts->shape)
        return badInput("has no router matrix of its shape", file, place, "Import the kept experts without --mixing");
    std::vector<std::size_t> order(main.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return main[a] < main[b]; });
    auto mixing = std::make_shared<method::ExpertMixing>();
    mixing->kept = static_cast<std::int32_t>(main.size());
    mixing->experts = experts;
    for (const std::size_t row : order)
        for (std::size_t i = row * static_cast<std::size_t>(experts); i < (row + 1) * static_cast<std::size_t>(experts);
             ++i) {
            mixing->merge.push_back(static_cast<float>(matrices.experts->values[i]));
            mixing->router.push_back(static_cast<float>(matrices.router->values[i]));
        }
    return std::shared_ptr<const method::ExpertMixing>(std::move(mixing));
}

} // namespace

Result<std::int64_t> premoeTasks(const std::filesystem::path& index)
{
    ESPALIER_TRY(const auto opened, openIndex(index));
    return opened.rows;
}

Result<PremoeOrders> readPremoeOrders(const std::filesystem::path& index, const std::filesystem::path& tensor,
                                      std::int64_t task, const model::ModelSummary& model)
{
    const auto layers = model.moeLayers.size();
    const auto experts = static_cast<std::size_t>(model.experts);
    PremoeOrders found;
    ESPALIER_TRY(found.first, readIndexRow(index, task));
    const auto& scores = found.first;
    if (scores.size() != experts)
        return badInput(fmt::format("has rows of {}, the model has {} experts", scores.size(), experts), index.string(),
                        "header", "Check that the pattern belongs to this model");
    ESPALIER_TRY(const auto tensors, readTorchFile(tensor));
    const auto& orders = tensors.front();
    if (tensors.size() != 1 || !orders.whole || orders.shape.size() != 3 ||
        orders.shape[1] != static_cast<std::int64_t>(layers) - 1 || orders.shape[2] != model.experts)
        return badInput(fmt::format("must be one tensor of whole numbers [tasks, {}, {}]", layers - 1, experts),
                        tensor.string(), {}, "Check that the pattern belongs to this model");
    if (task >= orders.shape[0])
        return badInput(fmt::format("holds {} patterns, the index more", orders.shape[0]), tensor.string(), {},
                        "Index and tensor must belong together");
    found.order.resize(layers);
    auto& first = found.order.front();
    first.resize(experts);
    std::iota(first.begin(), first.end(), 0);
    std::stable_sort(first.begin(), first.end(), [&](std::int32_t a, std::int32_t b) {
        return scores[static_cast<std::size_t>(a)] > scores[static_cast<std::size_t>(b)];
    });
    for (std::size_t l = 1; l < layers; ++l) {
        const auto row = (static_cast<std::size_t>(task) * (layers - 1) + l - 1) * experts;
        std::vector<bool> seen(experts, false);
        for (const std::int32_t id : first) {
            const double value = orders.values[row + static_cast<std::size_t>(id)];
            if (!(value >= 0 && value < static_cast<double>(experts)) || seen[static_cast<std::size_t>(value)])
                return badInput(fmt::format("is no order of {} experts", experts), tensor.string(),
                                fmt::format("pattern {}, layer {}", task, model.moeLayers[l].layer.value()),
                                "The file is damaged: load it again");
            seen[static_cast<std::size_t>(value)] = true;
            found.order[l].push_back(static_cast<std::int32_t>(value));
        }
    }
    return found;
}

Result<KeepLists> readPremoe(const std::filesystem::path& index, const std::filesystem::path& tensor,
                             const PlanImport& options, const model::ModelSummary& model)
{
    ESPALIER_TRY(auto found, readPremoeOrders(index, tensor, options.task, model));
    ESPALIER_TRY(const std::int32_t keep, keptCount(options, model, "A pattern of PreMoe"));
    KeepLists lists;
    lists.order = std::move(found.order);
    for (const auto& order : lists.order)
        lists.keep.emplace_back(order.begin(), order.begin() + keep);
    return lists;
}

Result<KeepLists> readEep(const std::filesystem::path& path, const PlanImport& options,
                          const model::ModelSummary& model)
{
    const std::string file = path.string();
    ESPALIER_TRY(const auto tensors, readTorchFile(path));
    ESPALIER_TRY(const auto layers, matricesByLayer(tensors, model, file));
    KeepLists lists;
    lists.order.resize(layers.size());
    std::int64_t mixed = 0;
    for (const EepMatrices& layer : layers) {
        ESPALIER_TRY(auto main, mainExperts(*layer.experts, model.experts, file, mixed));
        if (options.mixing) {
            ESPALIER_TRY(auto mixing, mixingOf(layer, main, model.experts, file));
            lists.mixing.push_back(std::move(mixing));
        }
        std::sort(main.begin(), main.end());
        lists.keep.push_back(std::move(main));
    }
    if (options.mixing)
        lists.notes.emplace_back("The plan mixes experts: `espalier merge --plan` writes it as a smaller model.");
    else if (mixed > 0)
        lists.notes.push_back(fmt::format("{} rows also mix other experts into the kept one; a keep list leaves that "
                                          "out, so accuracies published for the merged model do not apply. --mixing "
                                          "imports the coefficients.",
                                          mixed));
    return lists;
}

} // namespace espalier::exchange
