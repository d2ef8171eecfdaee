// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/targets.h"

#include <algorithm>

namespace espalier::bundle {
namespace {

using Finding = TargetFinding;

Finding counts(Target target, const model::OpenModel& model, const plan::Plan& plan)
{
    if (target == Target::KeepList)
        return Finding::AnyCounts;
    return plan.uniform() && plan.activeExperts(model.summary) > 0 ? Finding::SameCounts : Finding::CountsDiffer;
}

Finding files(Target target, bool gguf)
{
    if (target == Target::LlamaCpp)
        return gguf ? Finding::ReadsFiles : Finding::ConvertsFiles;
    return gguf ? Finding::OtherFormat : Finding::ReadsFiles;
}

Finding router(Target target, const model::RouterSpec& spec)
{
    // Routers of carved models are in no engine; transformers runs the file that lies beside them.
    if (spec.score == model::RouterScore::UnitGates || spec.estimate != model::RouterEstimate::Linear)
        return target == Target::Transformers ? Finding::RemoteCode : Finding::UnknownRouter;
    if (target != Target::LlamaCpp)
        return Finding::KnownRouter;
    if (spec.score == model::RouterScore::SparseMixer)
        return Finding::OtherMixer;
    if (spec.groups > spec.groupsUsed && spec.groupScore == model::GroupScore::Largest)
        return Finding::OtherGroupScore;
    return Finding::KnownRouter;
}

Finding tests(Target target, bool gguf)
{
    const bool tested = gguf ? target == Target::LlamaCpp : target == Target::Transformers;
    return tested ? Finding::TestedHere : Finding::NotRunHere;
}

} // namespace

Judgement judgementOf(TargetFinding finding)
{
    switch (finding) {
    case Finding::CountsDiffer:
    case Finding::OtherFormat:
    case Finding::UnknownRouter:
        return Judgement::Refuses;
    case Finding::ConvertsFiles:
    case Finding::RemoteCode:
    case Finding::OtherMixer:
    case Finding::OtherGroupScore:
    case Finding::NotRunHere:
        return Judgement::Caveat;
    default:
        return Judgement::Accepts;
    }
}

Judgement TargetReport::overall() const
{
    Judgement worst = Judgement::Accepts;
    for (const Finding finding : findings)
        worst = std::max(worst, judgementOf(finding));
    return worst;
}

std::string_view targetName(Target target)
{
    switch (target) {
    case Target::Transformers:
        return "transformers";
    case Target::Vllm:
        return "vLLM";
    case Target::Sglang:
        return "SGLang";
    case Target::LlamaCpp:
        return "llama.cpp";
    case Target::KeepList:
        return "keep list";
    }
    return {};
}

std::vector<TargetReport> judgeTargets(const model::OpenModel& model, const plan::Plan& plan)
{
    const bool gguf = model.checkpoint.gguf() != nullptr;
    std::vector<TargetReport> reports;
    for (const Target target : {Target::Transformers, Target::Vllm, Target::Sglang, Target::LlamaCpp, Target::KeepList})
        reports.push_back({target,
                           {counts(target, model, plan), files(target, gguf), router(target, model.spec.router),
                            tests(target, gguf)}});
    return reports;
}

} // namespace espalier::bundle
