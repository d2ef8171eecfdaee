// SPDX-License-Identifier: Apache-2.0
// Statistics S9 to S12 of a domain: a sample of tokens, the bank, goes through all experts of a layer on its way
// through the chosen ones, so that no weight is read twice. One thread.
#pragma once

#include "core/engine/torch/layer_bank.h"
#include "core/engine/torch/observer.h"
#include "core/model/model_spec.h"
#include "core/stats/statistics.h"

#include <map>
#include <memory>

namespace espalier::engine {

class BankSums {
public:
    explicit BankSums(const model::ModelSpec& spec);

    /// `x` [N, H] normed rows of the observation.
    void add(const MoeObservation& observation, const at::Tensor& x, const ExpertPack& pack);
    /// After the last pack; adds to the arrays that `sums` has.
    void finish(const MoeObservation& observation, stats::LayerStats& sums);

private:
    /// Rows of the bank in one observation.
    struct Part {
        std::unique_ptr<LayerBank> bank; ///< null when none of the rows is in it
        std::vector<std::int64_t> texts; ///< number of its text for each
    };
    [[nodiscard]] Part begin(const MoeObservation& observation, const at::Tensor& x) const;

    const model::ModelSpec& m_spec;
    std::int64_t m_step;
    std::map<const void*, Part> m_parts; ///< by the place of the rows in the residual stream
};

} // namespace espalier::engine
