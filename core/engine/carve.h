// SPDX-License-Identifier: Apache-2.0
// Carving (CMoE, arXiv 2502.04416): the feed-forward part of every layer of a dense SwiGLU model is cut into a shared
// expert and routed ones, layer by layer in one pass; a layer's successor sees what the carved layer gives. The routed
// experts of a model that has some are cut the same way, each by itself on the tokens that chose it (version 3 of the
// paper, section 4.4). Nothing is trained: neurons are permuted, routers are fitted in closed form. Plain values.
#pragma once

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/base/strong_index.h"
#include "core/method/carve/neuron_split.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::engine {

/// How a token's experts are chosen from x, the normed input of the layer. E_e = |routed expert e's output|².
enum class RouterKind : std::uint8_t {
    Linear,         ///< w_e · x + b_e, ridge regression on log E_e less the token's mean
    Representative, ///< one neuron per expert: the one whose |contribution| correlates best with sqrt(E_e)
    Energy,         ///< squares of the expert's strongest neurons, weights by least squares on E_e
    LowRank,        ///< the expert's own energy with gate and up matrices of low rank, exact on the tokens' covariance
    Paper,          ///< CMoE as published: member nearest to the cluster's mean, |silu(g x) (u x)| of normalised rows
};
/// "linear", "representative", "energy", "lowrank", "paper"; Usage error otherwise.
[[nodiscard]] Result<RouterKind> parseRouterKind(std::string_view text);
[[nodiscard]] std::string_view routerKindName(RouterKind kind);

struct CarveSettings {
    method::CarveShape shape; ///< width 0: the layer's own
    method::Clustering clustering = method::Clustering::Contribution;
    RouterKind router = RouterKind::Linear;
    int markers = 10;                  ///< K_a: neurons that a token marks
    int neurons = 8;                   ///< per expert, RouterKind::Energy
    int rank = 16;                     ///< RouterKind::LowRank
    std::int64_t featureTokens = 4096; ///< tokens that neurons are compared on
    bool propagate = true;             ///< the next layer sees the carved one's output; else the dense one's
    std::uint64_t seed = 1;
};

/// Weights of a router; what a kind does not have is empty. Row-major float32, E routed experts.
struct CarvedRouter {
    RouterKind kind = RouterKind::Linear;
    int perExpert = 0;                 ///< R: neurons of an expert, or rank
    std::vector<float> weight;         ///< Linear [E, H]
    std::vector<float> bias;           ///< [E]: Linear b_e; else added to the estimate
    std::vector<float> gate;           ///< [E, R, H] rows that meet x
    std::vector<float> up;             ///< [E, R, H]
    std::vector<float> scale;          ///< [E, R]: weights of the neurons
    std::vector<float> gateOut, upOut; ///< LowRank [E, I, R]: from rank to neurons, columns scaled by |w_down|
};

/// What a choice of experts keeps of the layer's output, on tokens that the router was not fitted on.
struct CarveQuality {
    double energyKept = 0; ///< 1 - |output left out|² / |output|²
    double agreement = 0;  ///< share of the oracle's choices that were made
    double exact = 0;      ///< share of tokens with all of the oracle's choices
};
struct CarvedLayer {
    LayerIndex layer;
    std::int32_t expert = -1; ///< the routed expert that was cut; -1 = the layer's dense part
    std::int64_t tokens = 0;  ///< that chose the expert
    method::NeuronSplit split;
    CarvedRouter router;
    CarveQuality chosen, oracle, lot; ///< this router, the true energies, experts by lot
    double staticKept = 0;            ///< energy kept by the same number of the most important neurons, always on
    double largestLogit = 0;          ///< |w x + b| over all tokens, Linear
    std::vector<double> load;         ///< [E] share of tokens
    double secondsStatistics = 0, secondsSplit = 0, secondsRouter = 0;
};

/// Facts of a layer for tables and JSON.
[[nodiscard]] base::OrderedJson toJson(const CarvedLayer& layer);

/// Layers whose experts were cut: one entry per layer, means over the experts weighed by their tokens, seconds added
/// up, without splits and routers. Dense ones as they are.
[[nodiscard]] std::vector<CarvedLayer> byLayer(const std::vector<CarvedLayer>& carved);

} // namespace espalier::engine
