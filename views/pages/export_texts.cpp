// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/export_texts.h"

#include <QHash>
#include <QRegularExpression>

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

} // namespace

QString ExportTexts::loadCommand(Engine engine, const QString& folder)
{
    switch (engine) {
    case Transformers:
        return QStringLiteral("from transformers import AutoModelForCausalLM, AutoTokenizer\n\n"
                              "path = %1\n"
                              "tokenizer = AutoTokenizer.from_pretrained(path)\n"
                              "model = AutoModelForCausalLM.from_pretrained(path, dtype=\"auto\")\n")
            .arg(literal(folder));
    case Vllm:
        return QStringLiteral("vllm serve %1\n").arg(quoted(folder));
    default:
        return QStringLiteral("python convert_hf_to_gguf.py %1 --outfile %2\nllama-cli -m %2\n")
            .arg(quoted(folder), quoted(folder + QStringLiteral(".gguf")));
    }
}

QString ExportTexts::checkName(const QString& name)
{
    const QHash<QString, QString> names{{QStringLiteral("target folder"), tr("Target folder is empty")},
                                        {QStringLiteral("experts per layer"), tr("Same count in every layer")},
                                        {QStringLiteral("plan and model"), tr("Plan belongs to the model")},
                                        {QStringLiteral("disk space"), tr("Disk space")}};
    return names.value(name, name);
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
