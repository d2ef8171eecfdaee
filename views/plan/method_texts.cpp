// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plan/method_texts.h"

#include "core/method/allocate.h"
#include "core/method/score.h"

#include <QCoreApplication>

#include <array>

namespace espalier::views {

namespace {

struct Names {
    std::string_view id;
    const char* title;
    const char* meaning;
};

constexpr const char* kContext = "espalier::views::MethodTexts";

constexpr std::array kMethods = {
    Names{"frequency", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "Frequency"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "how often the router picks the expert")},
    Names{"gate-mass", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "Gate mass"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "Σ gate weight over routed tokens, per layer")},
    Names{"seer-hard", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "SEER, hard"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "share of tokens that pick the expert")},
    Names{"seer-soft", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "SEER, soft"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "router probability summed over all tokens")},
    Names{"reap", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "REAP, mean"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "mean of gate × ‖output‖ over routed tokens")},
    Names{"reap-sum", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "REAP, summed"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "Σ gate × ‖output‖ over routed tokens, per layer")},
    Names{"reap-shrunk", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "REAP, shrunk mean"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts",
                            "REAP’s mean, drawn towards the layer’s mean where few tokens were seen")},
    Names{"reap-lcb", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "REAP, lower bound"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts",
                            "what REAP’s mean is at least, with 97.5 % confidence: few tokens count little")},
    Names{"man", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "MAN, mean output norm"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "mean of ‖output‖ over routed tokens")},
    Names{"msan", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "MSAN, mean squared norm"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "mean of ‖output‖² over routed tokens")},
    Names{"unified", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "Unified, n^a · mean of g^b ‖f‖^c"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "the family of REAP, MAN and frequency; REAP by default")},
    Names{"easy-ep", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "EASY-EP"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts",
                            "Σ gate × ‖output‖, weighted by how far the layer turns the token")},
    Names{"tcess", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "TCESS"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "router logits of the tokens that rank the expert first")},
    Names{"peu", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "PEU"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts",
                            "how often the expert passes the domain’s probability threshold")},
    Names{"shape", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "SHAPE, coalitions"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts",
                            "tokens of the sets of experts that only work with this one")},
    Names{"leave-one-out", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "Leave one out, measured"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "what the layer’s output loses without the expert")},
    Names{
        "aimer", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "AIMER, without texts"),
        QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "how far the expert’s weights are from all being one size")},
    Names{"stun", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "STUN, without texts"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "how far the expert’s router row is from those that stay")},
    Names{"random", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "Random, as a control"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "drawn by the seed: what a plan without knowledge gives")},
    Names{"energy", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "Inner energy, mean"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts",
                            "mean squared norm inside the expert, from llama.cpp’s importance matrix")},
    Names{"energy-sum", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "Inner energy, summed"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts",
                            "Σ squared norm inside the expert, from llama.cpp’s importance matrix")},
};

constexpr std::array kAllocators = {
    Names{"uniform", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "uniform, same count in every layer"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "every engine loads it")},
    Names{"global", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "global, one ranking over all layers"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "counts differ between layers")},
    Names{"coverage", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "coverage, same share of score in every layer"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "counts differ between layers")},
    Names{"knapsack", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "knapsack, least predicted loss"),
          QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "counts differ between layers")},
};

constexpr std::array kProtectors = {
    Names{"min-k", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "Never below top-k"), ""},
    Names{"super-experts", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "Super experts"), ""},
    Names{"outliers", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "Outliers"), ""},
    Names{"domain-floor", QT_TRANSLATE_NOOP("espalier::views::MethodTexts", "A floor for every domain"), ""},
};

template <typename Table>
const Names* find(const Table& table, std::string_view id)
{
    for (const Names& names : table)
        if (names.id == id)
            return &names;
    return nullptr;
}

QString translated(const char* text)
{
    return QCoreApplication::translate(kContext, text);
}

QString plain(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

QString methodTitle(std::string_view id)
{
    if (const Names* names = find(kMethods, id))
        return translated(names->title);
    const auto* method = method::findScoreMethod(id);
    return method ? plain(method->title) : plain(id);
}

QString methodMeaning(std::string_view id)
{
    if (const Names* names = find(kMethods, id))
        return translated(names->meaning);
    const auto* method = method::findScoreMethod(id);
    return method ? plain(method->formula) : QString();
}

QString methodPaper(std::string_view id)
{
    const auto* method = method::findScoreMethod(id);
    return method ? plain(method->paper) : QString();
}

QString allocatorTitle(std::string_view id)
{
    if (const Names* names = find(kAllocators, id))
        return translated(names->title);
    const auto* allocator = method::findAllocator(id);
    return allocator ? plain(allocator->title) : plain(id);
}

QString allocatorMeaning(std::string_view id)
{
    if (const Names* names = find(kAllocators, id))
        return translated(names->meaning);
    const auto* allocator = method::findAllocator(id);
    return allocator ? plain(allocator->formula) : QString();
}

QString protectorTitle(std::string_view id)
{
    if (const Names* names = find(kProtectors, id))
        return translated(names->title);
    const auto* protector = method::findProtector(id);
    return protector ? plain(protector->title) : plain(id);
}

} // namespace espalier::views
