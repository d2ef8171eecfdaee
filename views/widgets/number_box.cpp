// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/number_box.h"

#include "views/theme/format.h"

#include <algorithm>

namespace espalier::views {
namespace {

/// Without what separates groups between two digits: spaces of any width, and the sign that the language uses.
QString ungrouped(const QString& text)
{
    const QString separator = format::locale().groupSeparator();
    QString plain;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        const bool separates = c.isSpace() || (!separator.isEmpty() && c == separator.front());
        if (!separates || i == 0 || i + 1 == text.size() || !text.at(i - 1).isDigit() || !text.at(i + 1).isDigit())
            plain += c;
    }
    return plain;
}

} // namespace

QString NumberBox::textFromValue(int value) const
{
    return format::count(value);
}

int NumberBox::valueFromText(const QString& text) const
{
    return QSpinBox::valueFromText(ungrouped(text));
}

QValidator::State NumberBox::validate(QString& text, int& position) const
{
    // What was typed stays as it is; the groups come back when the field is left.
    QString digits = ungrouped(text);
    int at = std::min(position, static_cast<int>(digits.size()));
    return QSpinBox::validate(digits, at);
}

} // namespace espalier::views
