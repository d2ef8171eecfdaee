// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/export_texts.h"

#include "views/theme/format.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>
#include <vector>

namespace espalier::views {

namespace {

QString quoted(const QString& word)
{
    static const QRegularExpression plain(QStringLiteral("^[-\\w./=,:+@]+$"));
    if (plain.match(word).hasMatch())
        return word;
    QString text = word;
    return QLatin1Char('\'') + text.replace(QLatin1Char('\''), QStringLiteral("'\\''")) + QLatin1Char('\'');
}

/// A Python string literal.
QString literal(const QString& text)
{
    QString escaped = text;
    escaped.replace(QLatin1Char('\\'), QStringLiteral("\\\\")).replace(QLatin1Char('"'), QStringLiteral("\\\""));
    return QLatin1Char('"') + escaped + QLatin1Char('"');
}

/// Every sentence that the checks of core/bundle say when all is well, and those of the checks before writing.
constexpr const char* kFound[] = {
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "does not exist yet"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "exists and is empty"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "is there already and is not an empty folder"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "the plan belongs to model %1, this is %2"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "needs %1, %2 are free"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "the plan has %1 layers, the model %2 with experts"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts",
                      "the plan keeps %1 to %2 experts, but the configuration has one count for all layers"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts",
                      "the plan gives tokens different numbers of experts in different layers, but the configuration "
                      "has one number for all"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts",
                      "this architecture's router always chooses the same number of experts"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "%1 experts are kept but every token needs %2"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "%1 in every layer, top-%2"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "%1 files match"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "%1 layers, experts 0 to %2 in each, router rows to match"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "top-%1 of %2"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "%1 of %2 groups, %3 experts in each"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "none"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "all are there"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "the same in every expert of a layer"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "%1 file, %2 tensor bytes"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "%1 files, %2 tensor bytes"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "%1 tensors, each with its place"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "%1 tensors, %2 bytes"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "%1 tensors"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "its plan keeps as many experts as the model has"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "%1 keys, the number of experts changed"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts",
                      "layer %1 keeps %2 to %3 experts of the router's %4 groups; every group must keep the same "
                      "number, nearest are %5 per layer"),
    QT_TRANSLATE_NOOP("espalier::views::ExportTexts", "largest difference %1, limit %2, %3 sequences of %4 tokens"),
    "%1 = %2", // keys of config.json and their value
};

struct Sentence {
    QRegularExpression pattern;
    const char* text;
};

const std::vector<Sentence>& sentences()
{
    static const std::vector<Sentence> all = [] {
        static const QRegularExpression gap(QStringLiteral("%\\d"));
        std::vector<Sentence> made;
        for (const char* text : kFound) {
            QStringList parts = QString::fromUtf8(text).split(gap);
            for (QString& part : parts)
                part = QRegularExpression::escape(part);
            made.push_back(
                {QRegularExpression(QRegularExpression::anchoredPattern(parts.join(QStringLiteral("(.+?)")))), text});
        }
        return made;
    }();
    return all;
}

/// "18.24 MiB" with the language's decimal sign.
QString number(QString text)
{
    static const QRegularExpression point(QStringLiteral("(?<=\\d)\\.(?=\\d)"));
    return text.replace(point, format::locale().decimalPoint());
}

} // namespace

QString ExportTexts::loadCommand(bundle::Target target, const QString& folder, bool gguf, bool remoteCode)
{
    switch (target) {
    case bundle::Target::Transformers:
        return QStringLiteral("from transformers import AutoModelForCausalLM, AutoTokenizer\n\n"
                              "path = %1\n"
                              "tokenizer = AutoTokenizer.from_pretrained(path)\n"
                              "model = AutoModelForCausalLM.from_pretrained(path, dtype=\"auto\"%2)\n")
            .arg(literal(folder), remoteCode ? QStringLiteral(", trust_remote_code=True") : QString());
    case bundle::Target::Vllm:
        return QStringLiteral("vllm serve %1\n").arg(quoted(folder));
    case bundle::Target::Sglang:
        return QStringLiteral("python -m sglang.launch_server --model-path %1\n").arg(quoted(folder));
    case bundle::Target::KeepList:
        return QStringLiteral("vllm serve MODEL --moe-pruned-experts-profile %1\n").arg(quoted(folder));
    default:
        if (gguf)
            return QStringLiteral("llama-server -m %1\n").arg(quoted(folder + QStringLiteral("/model.gguf")));
        return QStringLiteral("python convert_hf_to_gguf.py %1 --outfile %2\nllama-server -m %2\n")
            .arg(quoted(folder), quoted(folder + QStringLiteral(".gguf")));
    }
}

QString ExportTexts::placeCommand(const QString& model, const QString& gguf, const QString& override)
{
    const QString file = quoted(gguf.isEmpty() ? model + QStringLiteral(".gguf") : gguf);
    const QString convert =
        gguf.isEmpty() ? QStringLiteral("python convert_hf_to_gguf.py %1 --outfile %2\n").arg(quoted(model), file)
                       : QString();
    return convert +
           QStringLiteral("llama-server -m %1 -ngl 99 \\\n    --override-tensor %2\n").arg(file, quoted(override));
}

QString ExportTexts::checkName(const QString& name)
{
    const QHash<QString, QString> names{
        {QStringLiteral("target folder"), tr("Target folder is empty")},
        {QStringLiteral("experts per layer"), tr("Same count in every layer")},
        {QStringLiteral("plan and model"), tr("Plan belongs to the model")},
        {QStringLiteral("disk space"), tr("Disk space")},
        {QStringLiteral("checksums"), tr("Checksums")},
        {QStringLiteral("headers, names and shapes"), tr("Headers, names and shapes")},
        {QStringLiteral("experts per token"), tr("Experts per token")},
        {QStringLiteral("expert count keys"), tr("Keys with the expert count")},
        {QStringLiteral("router groups"), tr("Router groups")},
        {QStringLiteral("experts named in config.json"), tr("Experts named in config.json")},
        {QStringLiteral("parts of every expert"), tr("Parts of every expert")},
        {QStringLiteral("index and metadata"), tr("Index and metadata")},
        {QStringLiteral("blocks for further tokens"), tr("Blocks for further tokens")},
        {QStringLiteral("no stray tensors"), tr("No stray tensors")},
        {QStringLiteral("recipe"), tr("Recipe")},
        {QStringLiteral("bytes equal the source"), tr("Bytes equal the source")},
        {QStringLiteral("metadata equal the source"), tr("Metadata equal the source")},
        {QStringLiteral("logits equal the masked base"), tr("Logits equal the masked base")}};
    return names.value(name, name);
}

bool ExportTexts::isKnown(const QString& detail)
{
    return std::any_of(sentences().begin(), sentences().end(),
                       [&](const Sentence& sentence) { return sentence.pattern.match(detail).hasMatch(); });
}

QString ExportTexts::found(const QString& detail)
{
    for (const Sentence& sentence : sentences()) {
        const auto match = sentence.pattern.match(detail);
        if (!match.hasMatch())
            continue;
        QString text = tr(sentence.text);
        for (int i = 1; i <= match.lastCapturedIndex(); ++i)
            text.replace(QStringLiteral("%%1").arg(i), number(match.captured(i)));
        return text;
    }
    return detail;
}

QString ExportTexts::shellCommand(const QStringList& arguments)
{
    QString text = QStringLiteral("espalier");
    for (const QString& word : arguments)
        text +=
            (word.startsWith(QLatin1String("--")) ? QStringLiteral(" \\\n    ") : QStringLiteral(" ")) + quoted(word);
    return text + QLatin1Char('\n');
}

} // namespace espalier::views
