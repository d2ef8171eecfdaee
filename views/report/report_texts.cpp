// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/report/report_texts.h"

#include "core/method/score.h"
#include "views/plan/method_texts.h"
#include "views/theme/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace espalier::views {
namespace {

/// Every text of core/report, in the order of its files; a test compares the two.
constexpr const char* kTexts[] = {
    QT_TRANSLATE_NOOP("Report", "Colour scale"),
    QT_TRANSLATE_NOOP("Report", "{}; x: no token, grey: not measured"),
    QT_TRANSLATE_NOOP("Report", "Memory against divergence"),
    QT_TRANSLATE_NOOP("Report", "mean KL divergence from the whole model, nats per token"),
    QT_TRANSLATE_NOOP("Report", "predicted memory, {}; weights of the whole model: {}"),
    QT_TRANSLATE_NOOP("Report", "The model"),
    QT_TRANSLATE_NOOP("Report", "{}: family {}, {} layers, {} of them with experts; {} experts per layer, {} "
                                "chosen per token{}. {} parameters, {} of them used per token. Router: {}."),
    QT_TRANSLATE_NOOP("Report", " beside {} shared"),
    QT_TRANSLATE_NOOP("Report", "Tensor bytes by part"),
    QT_TRANSLATE_NOOP("Report", "part"),
    QT_TRANSLATE_NOOP("Report", "bytes"),
    QT_TRANSLATE_NOOP("Report", "size"),
    QT_TRANSLATE_NOOP("Report", "share"),
    QT_TRANSLATE_NOOP("Report", "{}: which experts serve which texts"),
    QT_TRANSLATE_NOOP("Report", "Study {}, fingerprint {}, written by Espalier {}"),
    QT_TRANSLATE_NOOP("Report", "routed experts"),
    QT_TRANSLATE_NOOP("Report", "shared experts"),
    QT_TRANSLATE_NOOP("Report", "router"),
    QT_TRANSLATE_NOOP("Report", "attention"),
    QT_TRANSLATE_NOOP("Report", "embedding"),
    QT_TRANSLATE_NOOP("Report", "other"),
    QT_TRANSLATE_NOOP("Report", "total"),
    QT_TRANSLATE_NOOP("Report", "Texts that were measured"),
    QT_TRANSLATE_NOOP("Report", "domain"),
    QT_TRANSLATE_NOOP("Report", "tokens"),
    QT_TRANSLATE_NOOP("Report", "windows"),
    QT_TRANSLATE_NOOP("Report", "documents"),
    QT_TRANSLATE_NOOP("Report", "layers"),
    QT_TRANSLATE_NOOP("Report", "data, SHA-256"),
    QT_TRANSLATE_NOOP("Report", "{} of {}"),
    QT_TRANSLATE_NOOP("Report", "imported from {}"),
    QT_TRANSLATE_NOOP("Report", "{} tokens"),
    QT_TRANSLATE_NOOP("Report", "tokens not known"),
    QT_TRANSLATE_NOOP("Report", "times the share of an even router"),
    QT_TRANSLATE_NOOP("Report", "{}: the {} experts with the largest {}"),
    QT_TRANSLATE_NOOP("Report", "layer"),
    QT_TRANSLATE_NOOP("Report", "expert"),
    QT_TRANSLATE_NOOP("Report", "95 %"),
    QT_TRANSLATE_NOOP("Report", "tokens routed"),
    QT_TRANSLATE_NOOP("Report", "of the layer's tokens"),
    QT_TRANSLATE_NOOP("Report", "(too few to judge)"),
    QT_TRANSLATE_NOOP("Report", "{} to {}"),
    QT_TRANSLATE_NOOP("Report", "{}: layers in numbers"),
    QT_TRANSLATE_NOOP("Report", "entropy, of its maximum"),
    QT_TRANSLATE_NOOP("Report", "effective experts"),
    QT_TRANSLATE_NOOP("Report", "Gini"),
    QT_TRANSLATE_NOOP("Report", "without a token"),
    QT_TRANSLATE_NOOP("Report", "What the experts do"),
    QT_TRANSLATE_NOOP("Report", "No text has been measured yet: `espalier profile` or the window's Profile does it."),
    QT_TRANSLATE_NOOP("Report", "{} has no map: {}"),
    QT_TRANSLATE_NOOP("Report", "Maps of {}: {}. Rows are layers, columns experts; right of each map the entropy "
                                "of the routing, the number of equally used experts that would be as spread, the "
                                "Gini coefficient and the share of experts without a token. Counts are "
                                "association, not cause: only a validation tells what a cut costs."),
    QT_TRANSLATE_NOOP("Report", "all"),
    QT_TRANSLATE_NOOP("Report", "{} and {} more"),
    QT_TRANSLATE_NOOP("Report", "{}: experts that stay"),
    QT_TRANSLATE_NOOP("Report", "kept"),
    QT_TRANSLATE_NOOP("Report", "ids"),
    QT_TRANSLATE_NOOP("Report", "Plans"),
    QT_TRANSLATE_NOOP("Report", "The study holds no plan."),
    QT_TRANSLATE_NOOP("Report", "Plans of the study. Memory is predicted: weights exactly, cache by formula, "
                                "workspace estimated. Own gate weight: what the router gives to kept experts in "
                                "the domains that a plan was made for, the least of them"),
    QT_TRANSLATE_NOOP("Report", "plan"),
    QT_TRANSLATE_NOOP("Report", "score"),
    QT_TRANSLATE_NOOP("Report", "allocator"),
    QT_TRANSLATE_NOOP("Report", "protectors"),
    QT_TRANSLATE_NOOP("Report", "domains"),
    QT_TRANSLATE_NOOP("Report", "kept per layer"),
    QT_TRANSLATE_NOOP("Report", "per token"),
    QT_TRANSLATE_NOOP("Report", "weights"),
    QT_TRANSLATE_NOOP("Report", "memory"),
    QT_TRANSLATE_NOOP("Report", "of the model"),
    QT_TRANSLATE_NOOP("Report", "own gate weight"),
    QT_TRANSLATE_NOOP("Report", "made, UTC"),
    QT_TRANSLATE_NOOP("Report", "Plan {} is not shown: {}"),
    QT_TRANSLATE_NOOP("Report", "differs"),
    QT_TRANSLATE_NOOP("Report", "Share of the router's gate weight that the kept experts carry, and in the worst "
                                "layer"),
    QT_TRANSLATE_NOOP("Report", "planned for it"),
    QT_TRANSLATE_NOOP("Report", "worst layer"),
    QT_TRANSLATE_NOOP("Report", "context"),
    QT_TRANSLATE_NOOP("Report", "Runs"),
    QT_TRANSLATE_NOOP("Report", "run"),
    QT_TRANSLATE_NOOP("Report", "state"),
    QT_TRANSLATE_NOOP("Report", "began, UTC"),
    QT_TRANSLATE_NOOP("Report", "arithmetic"),
    QT_TRANSLATE_NOOP("Report", "statistics"),
    QT_TRANSLATE_NOOP("Report", "program"),
    QT_TRANSLATE_NOOP("Report", "imported"),
    QT_TRANSLATE_NOOP("Report", "Files that were read"),
    QT_TRANSLATE_NOOP("Report", "file"),
    QT_TRANSLATE_NOOP("Report", "SHA-256"),
    QT_TRANSLATE_NOOP("Report", "Exports"),
    QT_TRANSLATE_NOOP("Report", "folder"),
    QT_TRANSLATE_NOOP("Report", "predicted"),
    QT_TRANSLATE_NOOP("Report", "verified"),
    QT_TRANSLATE_NOOP("Report", "yes"),
    QT_TRANSLATE_NOOP("Report", "no"),
    QT_TRANSLATE_NOOP("Report", "Where this comes from"),
    QT_TRANSLATE_NOOP("Report", "fact"),
    QT_TRANSLATE_NOOP("Report", "value"),
    QT_TRANSLATE_NOOP("Report", "study"),
    QT_TRANSLATE_NOOP("Report", "model"),
    QT_TRANSLATE_NOOP("Report", "fingerprint of the model"),
    QT_TRANSLATE_NOOP("Report", "fingerprint of the tokenizer"),
    QT_TRANSLATE_NOOP("Report", "report written by"),
    QT_TRANSLATE_NOOP("Report", "Run {}: {}"),
    QT_TRANSLATE_NOOP("Report", "Commands that repeat the work, from what the study has stored:"),
    QT_TRANSLATE_NOOP("Report", "{} step(s) have no command: imports, plans set by hand or brought from "
                                "elsewhere, and steps of programs that did not store theirs."),
    QT_TRANSLATE_NOOP("Report", "nothing"),
    QT_TRANSLATE_NOOP("Report", "others: {}"),
    QT_TRANSLATE_NOOP("Report", "{}; others: {}"),
    QT_TRANSLATE_NOOP("Report", "Plans that were validated"),
    QT_TRANSLATE_NOOP("Report", "memory, predicted"),
    QT_TRANSLATE_NOOP("Report", "mean KL"),
    QT_TRANSLATE_NOOP("Report", "over"),
    QT_TRANSLATE_NOOP("Report", "breaks"),
    QT_TRANSLATE_NOOP("Report", "measured, UTC"),
    QT_TRANSLATE_NOOP("Report", "{} (random)"),
    QT_TRANSLATE_NOOP("Report", "its own texts"),
    QT_TRANSLATE_NOOP("Report", "all texts"),
    QT_TRANSLATE_NOOP("Report", "{}: texts"),
    QT_TRANSLATE_NOOP("Report", "perplexity, whole"),
    QT_TRANSLATE_NOOP("Report", "cut"),
    QT_TRANSLATE_NOOP("Report", "ratio"),
    QT_TRANSLATE_NOOP("Report", "KL mean"),
    QT_TRANSLATE_NOOP("Report", "KL p99"),
    QT_TRANSLATE_NOOP("Report", "same first choice"),
    QT_TRANSLATE_NOOP("Report", "{}: tasks, exact match"),
    QT_TRANSLATE_NOOP("Report", "task"),
    QT_TRANSLATE_NOOP("Report", "items"),
    QT_TRANSLATE_NOOP("Report", "whole"),
    QT_TRANSLATE_NOOP("Report", "95 % (Wilson)"),
    QT_TRANSLATE_NOOP("Report", "lost"),
    QT_TRANSLATE_NOOP("Report", "gained"),
    QT_TRANSLATE_NOOP("Report", "p (McNemar)"),
    QT_TRANSLATE_NOOP("Report", "What the cuts cost"),
    QT_TRANSLATE_NOOP("Report", "Nothing has been validated: what a plan costs in quality is not known."),
    QT_TRANSLATE_NOOP("Report", "Predicted memory against the mean KL divergence of a plan's own texts, or of all "
                                "texts where none of its own was measured. Hollow: random plans of the same size; "
                                "a plan that is no better than they are has learnt nothing from the texts."),
    QT_TRANSLATE_NOOP("Report", "A domain breaks above a mean KL of {} nats per token, or when a task loses more "
                                "than {:.0f} % of its items with p < {}. Others are domains that the plan was not "
                                "made for."),
    QT_TRANSLATE_NOOP("Report", "entropy"),
    QT_TRANSLATE_NOOP("Report", "eff."),
    QT_TRANSLATE_NOOP("Report", "dead"),
    QT_TRANSLATE_NOOP("Report", "running"),
    QT_TRANSLATE_NOOP("Report", "partial"),
    QT_TRANSLATE_NOOP("Report", "finished"),
};

} // namespace

QStringList reportSources()
{
    QStringList texts;
    for (const char* text : kTexts)
        texts << QString::fromUtf8(text);
    return texts;
}

report::Texts reportTexts()
{
    return report::Texts([](std::string_view english) {
        const auto known = std::find(std::begin(kTexts), std::end(kTexts), english);
        if (known != std::end(kTexts))
            return QCoreApplication::translate("Report", *known).toStdString();
        // Scores have their names in the window's own texts.
        const auto& methods = method::scoreMethods();
        const auto method = std::find_if(methods.begin(), methods.end(),
                                         [&](const method::ScoreMethod& each) { return each.title == english; });
        return method == methods.end() ? std::string(english) : methodTitle(method->id).toStdString();
    });
}

std::string reportLanguage()
{
    return format::locale().bcp47Name().toStdString();
}

} // namespace espalier::views
