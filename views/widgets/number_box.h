// SPDX-License-Identifier: GPL-3.0-or-later
// A spin box that writes whole numbers as tables do, 4 096 with a thin space, and reads them with or without groups.
#pragma once

#include <QSpinBox>

namespace espalier::views {

class NumberBox : public QSpinBox {
    Q_OBJECT
public:
    using QSpinBox::QSpinBox;

protected:
    [[nodiscard]] QString textFromValue(int value) const override;
    [[nodiscard]] int valueFromText(const QString& text) const override;
    [[nodiscard]] QValidator::State validate(QString& text, int& position) const override;
};

} // namespace espalier::views
