// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/planner_tokens.h"

#include "core/method/allocate/skipping.h"
#include "views/plan/plan_editor.h"
#include "views/theme/format.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>
#include <QSpinBox>

#include <algorithm>
#include <cmath>

namespace espalier::views {

PlannerTokens::PlannerTokens(PlanEditor* editor, QWidget* parent)
    : QWidget(parent), m_editor(editor), m_topK(new QSpinBox), m_skipLabel(new QLabel(tr("Skipping"))),
      m_skip(new QDoubleSpinBox)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(grid::kInsideGap);
    m_topK->setObjectName(QStringLiteral("topK"));
    m_topK->setToolTip(
        tr("Fewer experts for every token than the model's own number: faster, and another loss. Engines read "
           "one number for all layers."));
    column->addLayout(labelledLine(new QLabel(tr("Experts per token")), m_topK));
    connect(m_topK, &QSpinBox::valueChanged, this, [this](int count) {
        if (!m_showing)
            m_editor->setTopK(count);
    });
    m_skip->setObjectName(QStringLiteral("skip"));
    m_skip->setRange(0, 100);
    m_skip->setSingleStep(5);
    m_skip->setSuffix(tr(" %"));
    m_skip->setSpecialValueText(tr("none", "no experts are skipped"));
    column->addLayout(labelledLine(m_skipLabel, m_skip));
    connect(m_skip, &QDoubleSpinBox::valueChanged, this, [this](double percent) {
        if (!m_showing)
            m_editor->setSkip(percent / 100);
    });
    connect(editor, &PlanEditor::changed, this, &PlannerTokens::show);
    show();
}

/// Skipping that the study says nothing about can be taken back, but not asked for.
void PlannerTokens::show()
{
    if (!m_editor->ready())
        return;
    m_showing = true;
    const auto& request = m_editor->state().request;
    const int most = std::max(1, m_editor->model().topK);
    m_topK->setRange(1, most);
    m_topK->setValue(request.topK.value_or(most));

    const double percent = 100 * request.skip.value_or(0);
    m_skip->setDecimals(std::abs(percent - std::round(percent)) < 1e-6 ? 0 : 1); // plans made elsewhere
    m_skip->setValue(percent);
    const QString why = m_editor->cannotSkip();
    m_skip->setEnabled(request.skip || why.isEmpty());
    m_skipLabel->setEnabled(m_skip->isEnabled());
    m_skipLabel->setText(why.isEmpty() || m_topK->value() < 2 ? tr("Skipping") : tr("Skipping (not measured)"));
    const QString text = why.isEmpty() ? skipText() : why;
    m_skip->setToolTip(text);
    m_skipLabel->setToolTip(text);
    m_showing = false;
}

QString PlannerTokens::skipText() const
{
    const QString text =
        tr("Token by token, experts whose weight is small beside the token's largest are left out: this share of the "
           "tokens falls below each threshold. Stock engines give every token all its experts; an export writes the "
           "rule beside the model.");
    double low = method::kNeverReached, high = 0;
    for (const auto& layer : m_editor->plan().layers)
        for (const double threshold : layer.skip) {
            low = std::min(low, threshold);
            high = std::max(high, threshold);
        }
    if (!m_editor->plan().skips() || high >= method::kNeverReached)
        return text;
    return text + QLatin1Char('\n') +
           tr("Thresholds of this plan: %1 to %2 of the largest weight.")
               .arg(format::fixed(low, 3), format::fixed(high, 3));
}

} // namespace espalier::views
