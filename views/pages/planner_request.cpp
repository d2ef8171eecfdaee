// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/planner_request.h"

#include "core/method/allocate.h"
#include "core/method/score.h"
#include "views/pages/planner_tokens.h"
#include "views/plan/method_texts.h"
#include "views/plan/plan_editor.h"
#include "views/theme/format.h"
#include "views/widgets/device_list.h"
#include "views/widgets/labels.h"
#include "views/widgets/number_box.h"
#include "views/widgets/slider_scale.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFrame>
#include <QGridLayout>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace espalier::views {

namespace {

double unitBytes(int unit)
{
    return std::pow(1024.0, unit);
}

QString plain(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// Whether any domain holds the statistic.
bool measured(const stats::Statistics& statistics, stats::Stat stat)
{
    return std::any_of(statistics.domains.begin(), statistics.domains.end(), [&](const auto& domain) {
        return std::any_of(domain.layers.begin(), domain.layers.end(),
                           [&](const auto& layer) { return layer.has(stat); });
    });
}

void selectById(QComboBox* box, const std::string& id)
{
    const int index = box->findData(QString::fromStdString(id));
    box->setCurrentIndex(index);
}

} // namespace

PlannerRequest::PlannerRequest(PlanEditor* editor, QWidget* parent) : QWidget(parent), m_editor(editor)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 8, 0);
    column->setSpacing(grid::kInsideGap);
    buildBudget(column);
    column->addSpacing(4);
    column->addWidget(rule(Qt::Horizontal));
    column->addSpacing(4);
    buildKeep(column);
    column->addSpacing(4);
    column->addWidget(rule(Qt::Horizontal));
    column->addSpacing(4);
    buildMethod(column);
    buildProtect(column);
    buildWarning(column);
    column->addStretch(1);
    connect(editor, &PlanEditor::changed, this, &PlannerRequest::show);
    show();
}

void PlannerRequest::buildBudget(QVBoxLayout* column)
{
    column->addWidget(sectionHead(tr("Budget")));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(grid::kInsideGap);
    grid->setVerticalSpacing(grid::kInsideGap);
    grid->setColumnStretch(0, 1);
    const auto addRow = [&](const QString& label, QWidget* field, QWidget* unit) {
        const int row = grid->rowCount();
        auto* text = new QLabel(label);
        text->setBuddy(field);
        Theme::setTextStyle(text, TextStyle::Body, ColorRole::TextSecond);
        field->setFixedWidth(104);
        field->setAccessibleName(label);
        grid->addWidget(text, row, 0);
        grid->addWidget(field, row, 1);
        if (unit) {
            unit->setFixedWidth(32);
            grid->addWidget(unit, row, 2);
        }
    };
    m_budget = new QDoubleSpinBox;
    m_budget->setObjectName(QStringLiteral("budget"));
    m_budget->setDecimals(2);
    m_budget->setRange(0, 1e9);
    m_budget->setKeyboardTracking(false);
    m_budget->setAlignment(Qt::AlignRight);
    m_budgetUnit = new QLabel;
    addRow(tr("Device memory"), m_budget, m_budgetUnit);
    m_context = new NumberBox;
    m_context->setObjectName(QStringLiteral("context"));
    m_context->setRange(1, 1 << 24);
    m_context->setSingleStep(256);
    addRow(tr("Context"), m_context, new QLabel(tr("tok", "unit: tokens, short")));
    m_sequences = new NumberBox;
    m_sequences->setRange(1, 4096);
    addRow(tr("Sequences"), m_sequences, nullptr);
    for (QSpinBox* box : {m_context, m_sequences}) {
        box->setKeyboardTracking(false);
        box->setAlignment(Qt::AlignRight);
        connect(box, &QSpinBox::valueChanged, this, &PlannerRequest::sendDeployment);
    }
    m_cache = new QComboBox;
    m_cache->addItem(tr("16 bit"), 2);
    m_cache->addItem(tr("8 bit"), 1);
    m_cache->addItem(tr("32 bit"), 4);
    addRow(tr("Cache type"), m_cache, nullptr);
    connect(m_cache, &QComboBox::activated, this, &PlannerRequest::sendDeployment);
    connect(m_budget, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        if (!m_showing)
            m_editor->setBudget(static_cast<std::uint64_t>(std::llround(value * unitBytes(m_unit))));
    });
    column->addLayout(grid);
    m_devices = new DeviceList(m_editor);
    column->addWidget(m_devices);
}

void PlannerRequest::buildKeep(QVBoxLayout* column)
{
    auto* head = new QHBoxLayout;
    head->addWidget(sectionHead(tr("Keep")));
    head->addStretch(1);
    m_keptText = new QLabel;
    Theme::setTextStyle(m_keptText, TextStyle::SectionHead);
    head->addWidget(m_keptText);
    column->addLayout(head);
    m_slider = new QSlider(Qt::Horizontal);
    m_slider->setObjectName(QStringLiteral("keep"));
    m_slider->setAccessibleName(tr("Experts kept per layer"));
    m_slider->setMinimumHeight(20);
    column->addWidget(m_slider);
    m_scale = new SliderScale(m_slider);
    column->addWidget(m_scale);
    column->addWidget(new PlannerTokens(m_editor));
    connect(m_slider, &QSlider::sliderPressed, m_editor, &PlanEditor::beginGesture);
    connect(m_slider, &QSlider::sliderReleased, m_editor, &PlanEditor::endGesture);
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) {
        if (!m_showing)
            m_editor->setKeepPerLayer(value);
    });
}

void PlannerRequest::buildMethod(QVBoxLayout* column)
{
    const auto addLabelled = [&](const QString& label, QWidget* field) {
        auto* text = caption(label);
        text->setBuddy(field);
        field->setAccessibleName(label);
        column->addWidget(text);
        column->addWidget(field);
    };
    m_method = new QComboBox;
    m_method->setObjectName(QStringLiteral("method"));
    for (const auto& method : method::scoreMethods()) {
        m_method->addItem(methodTitle(method.id), plain(method.id));
        m_method->setItemData(m_method->count() - 1, methodMeaning(method.id) + QLatin1Char('\n') + plain(method.paper),
                              Qt::ToolTipRole);
    }
    addLabelled(tr("Method"), m_method);
    m_methodMeaning = caption();
    column->addWidget(m_methodMeaning);
    m_seed = new NumberBox;
    m_seed->setRange(0, 1 << 30);
    m_seed->setPrefix(tr("Seed") + QLatin1Char(' '));
    m_seed->setAccessibleName(tr("Seed"));
    column->addWidget(m_seed);
    m_exponentLine = new QWidget;
    auto* exponents = new QHBoxLayout(m_exponentLine);
    exponents->setContentsMargins(0, 0, 0, 0);
    exponents->setSpacing(grid::kInsideGap);
    m_countExponent = new QDoubleSpinBox;
    m_countExponent->setRange(0, 4);
    m_countExponent->setSingleStep(0.5);
    m_countExponent->setDecimals(2);
    m_countExponent->setPrefix(tr("a", "exponent of the count") + QLatin1Char(' '));
    m_countExponent->setKeyboardTracking(false);
    m_countExponent->setAccessibleName(tr("Exponent of the number of tokens"));
    m_countExponent->setToolTip(m_countExponent->accessibleName());
    m_moment = new QComboBox;
    m_moment->setAccessibleName(tr("Exponents of gate weight and output norm"));
    m_moment->setToolTip(m_moment->accessibleName());
    for (const QPoint pair : {QPoint(0, 0), QPoint(1, 0), QPoint(2, 0), QPoint(0, 1), QPoint(0, 2), QPoint(0, 4),
                              QPoint(1, 1), QPoint(2, 2)}) // whose sums a profile measures
        m_moment->addItem(tr("b %1, c %2", "exponents of gate weight and output norm").arg(pair.x()).arg(pair.y()),
                          pair);
    exponents->addWidget(m_countExponent);
    exponents->addWidget(m_moment, 1);
    const auto send = [this] {
        const QPoint pair = m_moment->currentData().toPoint();
        if (!m_showing)
            m_editor->setExponents(
                {m_countExponent->value(), static_cast<double>(pair.x()), static_cast<double>(pair.y())});
    };
    connect(m_countExponent, &QDoubleSpinBox::valueChanged, this, send);
    connect(m_moment, &QComboBox::activated, this, send);
    column->addWidget(m_exponentLine);
    m_allocator = new QComboBox;
    m_allocator->setObjectName(QStringLiteral("allocator"));
    for (const auto& allocator : method::allocators())
        m_allocator->addItem(allocatorTitle(allocator.id), plain(allocator.id));
    m_allocator->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    addLabelled(tr("Allocator"), m_allocator);
    m_oneCount = new QCheckBox(tr("Fill up to one count"));
    m_oneCount->setObjectName(QStringLiteral("oneCount"));
    m_oneCount->setToolTip(
        tr("Stock engines read one number of experts for all layers: layers with fewer get their next best"));
    column->addWidget(m_oneCount);
    connect(m_oneCount, &QCheckBox::clicked, m_editor, &PlanEditor::setOneCount);
    connect(m_method, &QComboBox::activated, this,
            [this] { m_editor->setMethod(m_method->currentData().toString().toStdString()); });
    connect(m_allocator, &QComboBox::activated, this,
            [this] { m_editor->setAllocator(m_allocator->currentData().toString().toStdString()); });
    connect(m_seed, &QSpinBox::valueChanged, this, [this](int seed) {
        if (!m_showing)
            m_editor->setSeed(static_cast<std::uint64_t>(seed));
    });
}

void PlannerRequest::buildProtect(QVBoxLayout* column)
{
    column->addSpacing(4);
    column->addWidget(caption(tr("Protect")));
    m_minimum = new QSpinBox;
    m_minimum->setObjectName(QStringLiteral("minimum"));
    column->addLayout(labelledLine(new QLabel(tr("Least per layer")), m_minimum));
    connect(m_minimum, &QSpinBox::valueChanged, this, [this](int count) {
        if (!m_showing)
            m_editor->setProtectorNumber("min-k",
                                         count > m_editor->model().topK ? std::optional<double>(count) : std::nullopt);
    });
    m_super = new QCheckBox;
    m_super->setObjectName(QStringLiteral("superExperts"));
    m_locks = new QCheckBox;
    m_locks->setObjectName(QStringLiteral("locks"));
    m_outliers = new QCheckBox(tr("Outliers in all layers"));
    m_outliers->setObjectName(QStringLiteral("outliers"));
    m_outliers->setToolTip(tr("Experts with extraordinary outputs, in the last layers too"));
    m_floor = new QCheckBox(tr("Every domain keeps"));
    m_floor->setObjectName(QStringLiteral("domainFloor"));
    m_floor->setToolTip(tr("Per layer and domain, the fewest experts that carry this share of its gate weight stay"));
    m_floorShare = new QSpinBox;
    m_floorShare->setRange(1, 99);
    m_floorShare->setSuffix(tr(" %"));
    m_floorShare->setAccessibleName(tr("Share of gate weight that every domain keeps"));
    m_floorShare->setFixedWidth(72);
    auto* floor = new QHBoxLayout;
    floor->addWidget(m_floor, 1);
    floor->addWidget(m_floorShare);
    column->addWidget(m_super);
    column->addWidget(m_outliers);
    column->addLayout(floor);
    column->addWidget(m_locks);
    connect(m_outliers, &QCheckBox::clicked, this, [this](bool on) { m_editor->setProtector("outliers", on); });
    const auto sendFloor = [this] {
        if (!m_showing)
            m_editor->setProtectorNumber("domain-floor", m_floor->isChecked()
                                                             ? std::optional<double>(m_floorShare->value() / 100.0)
                                                             : std::nullopt);
    };
    connect(m_floor, &QCheckBox::clicked, this, sendFloor);
    connect(m_floorShare, &QSpinBox::valueChanged, this, [this, sendFloor] {
        if (m_floor->isChecked())
            sendFloor();
    });
    connect(m_super, &QCheckBox::clicked, this, [this](bool on) { m_editor->setProtector("super-experts", on); });
    connect(m_locks, &QCheckBox::clicked, m_editor, &PlanEditor::setUseLocks);
}

void PlannerRequest::buildWarning(QVBoxLayout* column)
{
    m_warning = new QFrame;
    m_warning->setObjectName(QStringLiteral("banner"));
    m_warning->setProperty("kind", QStringLiteral("warning"));
    auto* box = new QVBoxLayout(m_warning);
    box->setContentsMargins(12, 8, 12, 8);
    box->setSpacing(4);
    m_warningHead = sectionHead();
    Theme::setTextStyle(m_warningHead, TextStyle::SectionHead, ColorRole::Warning);
    m_warningText = caption({}, ColorRole::Text);
    m_remedy = new QPushButton;
    Theme::setLink(m_remedy);
    box->addWidget(m_warningHead);
    box->addWidget(m_warningText);
    box->addWidget(m_remedy, 0, Qt::AlignLeft);
    column->addWidget(m_warning);
    connect(m_remedy, &QPushButton::clicked, this, [this] {
        if (m_editor->plan().uniform())
            m_editor->setMethod("reap-shrunk");
        else
            m_editor->makeUniform();
    });
}

void PlannerRequest::sendDeployment()
{
    if (m_showing)
        return;
    m_editor->setDeployment({m_context->value(), m_sequences->value(), m_cache->currentData().toInt()});
}

void PlannerRequest::show()
{
    if (!m_editor->ready())
        return;
    m_showing = true;
    const auto& state = m_editor->state();
    const auto& model = m_editor->model();
    m_unit = std::max(2, format::byteUnitFor(m_editor->wholeMemory()));
    m_budgetUnit->setText(format::byteUnit(m_unit));
    m_budget->setValue(static_cast<double>(state.budget) / unitBytes(m_unit));
    m_budget->setEnabled(state.devices.empty());
    m_budget->setToolTip(state.devices.empty() ? QString() : tr("The sum of the devices below"));
    m_context->setValue(static_cast<int>(state.request.deployment.context));
    m_sequences->setValue(static_cast<int>(state.request.deployment.sequences));
    m_cache->setCurrentIndex(m_cache->findData(state.request.deployment.kvBytes));

    const auto rows = static_cast<std::int64_t>(model.moeLayers.size());
    const std::int64_t kept = m_editor->plan().keptTotal(), all = rows * model.experts;
    m_keptText->setText(
        tr("%1 of %2, %3")
            .arg(format::count(kept), format::count(all),
                 format::percent(static_cast<double>(kept) / static_cast<double>(std::max<std::int64_t>(all, 1)), 1)));
    m_slider->setRange(m_editor->smallestCount(), model.experts);
    m_slider->setValue(state.request.target.keepPerLayer.value_or(static_cast<int>(
        std::lround(static_cast<double>(kept) / static_cast<double>(std::max<std::int64_t>(rows, 1))))));
    m_scale->setFits(m_editor->fitsUpTo());

    markMethods();
    selectById(m_method, state.request.score.method);
    m_methodMeaning->setText(methodMeaning(state.request.score.method));
    m_method->setToolTip(methodPaper(state.request.score.method));
    m_seed->setVisible(state.request.score.method == "random");
    m_seed->setValue(static_cast<int>(state.request.score.seed));
    selectById(m_allocator, state.request.allocator);
    m_allocator->setToolTip(allocatorMeaning(state.request.allocator));

    m_exponentLine->setVisible(state.request.score.method == "unified");
    m_countExponent->setValue(state.request.score.exponents[0]);
    m_moment->setCurrentIndex(m_moment->findData(QPoint(static_cast<int>(state.request.score.exponents[1]),
                                                        static_cast<int>(state.request.score.exponents[2]))));
    m_oneCount->setVisible(state.request.allocator != "uniform");
    m_oneCount->setChecked(state.request.oneCount);

    m_minimum->setRange(model.topK, model.experts);
    m_minimum->setValue(std::max(model.topK, static_cast<int>(m_editor->protectorNumber("min-k").value_or(0))));
    m_minimum->setToolTip(tr("Never below top-k (%1)").arg(model.topK));
    const auto& protectors = state.request.protectors;
    const bool largest = measured(m_editor->statistics(), stats::Stat::MaxAbs);
    m_super->setChecked(std::find(protectors.begin(), protectors.end(), "super-experts") != protectors.end());
    m_super->setText(largest
                         ? tr("Super experts (%n found)", nullptr, static_cast<int>(m_editor->superExperts().size()))
                         : tr("Super experts (not measured)"));
    m_outliers->setChecked(std::find(protectors.begin(), protectors.end(), "outliers") != protectors.end());
    for (QCheckBox* box : {m_super, m_outliers})
        box->setEnabled(largest || box->isChecked());
    const auto share = m_editor->protectorNumber("domain-floor");
    m_floor->setChecked(share.has_value());
    m_floor->setEnabled(share || measured(m_editor->statistics(), stats::Stat::Gate));
    m_floorShare->setEnabled(m_floor->isEnabled());
    if (share)
        m_floorShare->setValue(static_cast<int>(std::lround(100 * *share)));
    else if (const auto* known = method::findProtector("domain-floor"); known != nullptr && !m_floorShare->hasFocus())
        m_floorShare->setValue(static_cast<int>(std::lround(100 * known->standard)));
    m_locks->setText(tr("My locks (%1)").arg(state.request.locks.size()));
    m_locks->setChecked(state.useLocks);
    m_locks->setEnabled(!state.request.locks.empty());
    m_showing = false;
    showWarning();
}

/// Methods that no domain has the statistics for cannot be chosen.
void PlannerRequest::markMethods()
{
    auto* items = qobject_cast<QStandardItemModel*>(m_method->model());
    for (const auto& method : method::scoreMethods()) {
        auto* item = items ? items->item(m_method->findData(plain(method.id))) : nullptr;
        if (item)
            item->setEnabled(method::canCompute(method, m_editor->statistics()));
    }
}

void PlannerRequest::showWarning()
{
    int thin = 0;
    const auto* info = method::findScoreMethod(m_editor->state().request.score.method);
    if (info && info->isMean && m_editor->scores())
        for (std::size_t l = 0; l < m_editor->plan().layers.size(); ++l)
            for (const auto id : m_editor->plan().layers[l].keep)
                thin +=
                    m_editor->scores()->layers[l].experts[static_cast<std::size_t>(id)].tokens < method::kThinTokens;
    const bool uneven = !m_editor->plan().uniform();
    m_warning->setVisible(uneven || thin > 0);
    if (uneven) {
        m_warningHead->setText(tr("Counts differ between layers"));
        m_warningText->setText(tr("No engine loads that as it is. The keep list can still be saved and validated."));
        m_remedy->setText(tr("Make uniform"));
    } else if (thin > 0) {
        m_warningHead->setText(tr("%n kept expert(s) rest on few tokens", nullptr, thin));
        m_warningText->setText(tr("A mean over fewer than %1 tokens may overrate them: rarely used experts with large "
                                  "outputs win.")
                                   .arg(static_cast<int>(method::kThinTokens)));
        m_remedy->setText(tr("Use the shrunk mean"));
    }
    m_remedy->setVisible(uneven || m_editor->state().request.score.method == "reap");
}

} // namespace espalier::views
