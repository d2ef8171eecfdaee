// SPDX-License-Identifier: Apache-2.0
#include "core/method/score/methods.h"
#include "core/method/score/score_helpers.h"

namespace espalier::method {
namespace {

ScoreTable leaveOneOut(Domains domains, Weights weights, const ScoreRequest& request)
{
    return meanScore(domains, weights, request, stats::Stat::LeaveOutLoss, stats::Stat::LeaveOutLoss2, Over::Bank);
}

} // namespace

ScoreMethod leaveOneOutMethod()
{
    ScoreMethod method;
    method.id = "leave-one-out";
    method.title = "Leave one out, measured";
    method.paper = "NAEE, Lu et al. 2024, arXiv 2402.14800, eq. 2, for the sets that lack one expert";
    method.formula = "mean over the bank of |y - y'|^2, y' = what the layer gives when the router cannot choose i";
    method.unit = "squared output norm";
    method.needs = {stats::Stat::BankTokens, stats::Stat::LeaveOutLoss, stats::Stat::LeaveOutLoss2};
    method.compute = leaveOneOut;
    return method;
}

} // namespace espalier::method
