// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/routed_text_data.h"

#include "views/theme/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace espalier::views {

std::vector<TextExpert> leadingExperts(const stats::SampleText& text, std::size_t layer, int topK, std::size_t most)
{
    std::map<int, int> counts;
    for (std::size_t i = 0; i < text.experts[layer].size(); i += static_cast<std::size_t>(topK))
        ++counts[text.experts[layer][i]];
    std::vector<TextExpert> leading;
    for (const auto& [expert, tokens] : counts)
        leading.push_back({expert, tokens});
    std::stable_sort(leading.begin(), leading.end(),
                     [](const TextExpert& a, const TextExpert& b) { return a.tokens > b.tokens; });
    if (leading.size() > most)
        leading.resize(most);
    return leading;
}

float gateOf(const stats::SampleText& text, std::size_t layer, int topK, std::size_t token, int expert)
{
    const std::size_t begin = token * static_cast<std::size_t>(topK);
    for (std::size_t i = begin; i < begin + static_cast<std::size_t>(topK); ++i)
        if (text.experts[layer][i] == expert)
            return text.gates[layer][i];
    return 0;
}

QStringList textNames(const stats::RoutingSample& sample)
{
    const auto& texts = sample.texts;
    const auto sameDocument = [&](std::size_t a, std::size_t b) {
        return b < texts.size() && texts[a].domain == texts[b].domain && texts[a].document == texts[b].document;
    };
    QStringList names;
    int part = 1;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        part = i > 0 && sameDocument(i - 1, i) ? part + 1 : 1;
        const int tokens = static_cast<int>(texts[i].tokens.size());
        const bool parts = part > 1 || sameDocument(i, i + 1);
        const QString name =
            parts ? QCoreApplication::translate("espalier::views::RoutedText", "%1, document %2, part %3 (%n token(s))",
                                                nullptr, tokens)
                  : QCoreApplication::translate("espalier::views::RoutedText", "%1, document %2 (%n token(s))", nullptr,
                                                tokens);
        const QString filled = name.arg(QString::fromStdString(texts[i].domain)).arg(texts[i].document + 1);
        names << (parts ? filled.arg(part) : filled);
    }
    return names;
}

QString visibleToken(const std::string& token)
{
    if (token.empty())
        return QCoreApplication::translate("espalier::views::RoutedText", "part of a character");
    QString text = QString::fromStdString(token);
    text.replace(QLatin1Char('\r'), QStringLiteral("␍"));
    text.replace(QLatin1Char('\n'), QStringLiteral("⏎"));
    text.replace(QLatin1Char('\t'), QStringLiteral("⇥"));
    text.replace(QLatin1Char(' '), QStringLiteral("␣"));
    return text;
}

QString routedTextTsv(const stats::RoutingSample& sample, std::size_t text, std::size_t layer)
{
    const stats::SampleText& shown = sample.texts[text];
    QStringList head{QCoreApplication::translate("espalier::views::RoutedText", "position"),
                     QCoreApplication::translate("espalier::views::RoutedText", "token")};
    for (int j = 1; j <= sample.topK; ++j)
        head << QCoreApplication::translate("espalier::views::RoutedText", "expert %1").arg(j)
             << QCoreApplication::translate("espalier::views::RoutedText", "weight %1").arg(j);
    QString out = head.join(QLatin1Char('\t')) + QLatin1Char('\n');
    for (std::size_t i = 0; i < shown.tokens.size(); ++i) {
        QStringList fields{QString::number(i), visibleToken(shown.tokens[i])};
        for (std::size_t j = i * static_cast<std::size_t>(sample.topK);
             j < (i + 1) * static_cast<std::size_t>(sample.topK); ++j)
            fields << QString::number(shown.experts[layer][j])
                   << format::exact(static_cast<double>(shown.gates[layer][j]));
        out += fields.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    return out;
}

TokenContext contextOf(const stats::SampleText& text, std::size_t token, int letters)
{
    QString before, after;
    for (std::size_t i = token; i > 0 && before.size() < letters; --i)
        before.prepend(QString::fromStdString(text.tokens[i - 1]));
    for (std::size_t i = token + 1; i < text.tokens.size() && after.size() < letters; ++i)
        after.append(QString::fromStdString(text.tokens[i]));
    const auto oneLine = [](QString words) {
        words.remove(QLatin1Char('\r'));
        return words.replace(QLatin1Char('\n'), QStringLiteral("⏎")).replace(QLatin1Char('\t'), QLatin1Char(' '));
    };
    return {oneLine(before.right(letters)), oneLine(QString::fromStdString(text.tokens[token])),
            oneLine(after.left(letters))};
}

} // namespace espalier::views
