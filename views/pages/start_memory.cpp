// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/start_memory.h"

#include "core/plan/planner.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"
#include "views/widgets/number_box.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>

#include <algorithm>

namespace espalier::views {

void setUpPlainTable(QTableView* view, const QString& accessibleName)
{
    view->setAccessibleName(accessibleName);
    view->setShowGrid(false);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setTabKeyNavigation(false);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setFrameShape(QFrame::NoFrame);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(grid::kRowHeight);
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
}

void fitHeightToRows(QTableView* view)
{
    const int rows = view->model() == nullptr ? 0 : view->model()->rowCount();
    view->setFixedHeight(view->horizontalHeader()->sizeHint().height() + rows * grid::kRowHeight + 6);
    view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

namespace {

QLabel* styled(TextStyle style, ColorRole color = ColorRole::Text)
{
    auto* label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    Theme::setTextStyle(label, style, color);
    return label;
}

std::uint64_t totalOf(const std::vector<plan::Device>& devices)
{
    std::uint64_t bytes = 0;
    for (const auto& device : devices)
        bytes += device.bytes;
    return bytes;
}

QBoxLayout* field(const QString& label, QWidget* control)
{
    auto* box = new QVBoxLayout;
    box->setSpacing(grid::kLabelGap);
    QLabel* text = styled(TextStyle::Label, ColorRole::TextSecond);
    text->setText(label);
    text->setBuddy(control);
    control->setAccessibleName(label);
    box->addWidget(text);
    box->addWidget(control);
    return box;
}

} // namespace

StartMemory::StartMemory(QWidget* parent)
    : QWidget(parent), m_name(styled(TextStyle::Key)), m_facts(styled(TextStyle::Label, ColorRole::TextSecond)),
      m_answer(styled(TextStyle::Title)), m_note(styled(TextStyle::Label, ColorRole::TextSecond)),
      m_fitHead(styled(TextStyle::SectionHead)), m_warnings(styled(TextStyle::Label, ColorRole::Warning)),
      m_context(new NumberBox), m_sequences(new NumberBox), m_cache(new QComboBox), m_bar(new StackBar),
      m_parts(new CellTableModel(this)), m_counts(new CellTableModel(this)), m_partsView(new QTableView),
      m_countsView(new QTableView), m_profile(new QPushButton(tr("Profile…")))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(grid::kInsideGap);
    auto* head = new QHBoxLayout;
    auto* names = new QVBoxLayout;
    names->setSpacing(grid::kLabelGap);
    names->addWidget(m_name);
    names->addWidget(m_facts);
    m_facts->setWordWrap(true);
    head->addLayout(names, 1);
    Theme::setPrimary(m_profile);
    head->addWidget(m_profile, 0, Qt::AlignTop);
    layout->addLayout(head);
    auto* fields = new QHBoxLayout;
    fields->setSpacing(grid::kGroupGap);
    m_context->setRange(1, 1 << 24);
    m_context->setValue(4096);
    m_sequences->setRange(1, 1 << 16);
    m_cache->addItem(tr("bfloat16"), 2);
    m_cache->addItem(tr("8 bit"), 1);
    m_cache->addItem(tr("float32"), 4);
    for (QWidget* control : std::initializer_list<QWidget*>{m_context, m_sequences, m_cache})
        control->setFixedWidth(112);
    fields->addLayout(field(tr("Context, tokens"), m_context));
    fields->addLayout(field(tr("Sequences"), m_sequences));
    fields->addLayout(field(tr("Cache type"), m_cache));
    fields->addStretch();
    layout->addLayout(fields);
    layout->addSpacing(grid::kInsideGap);
    layout->addWidget(m_answer);
    layout->addWidget(m_note);
    m_note->setWordWrap(true);
    layout->addWidget(m_bar);
    setUpPlainTable(m_partsView, tr("Memory by part"));
    m_partsView->setModel(m_parts);
    m_partsView->setFocusPolicy(Qt::NoFocus);
    m_partsView->setSelectionMode(QAbstractItemView::NoSelection);
    layout->addWidget(m_partsView);
    layout->addSpacing(grid::kInsideGap);
    m_fitHead->setText(tr("What fits this machine"));
    layout->addWidget(m_fitHead);
    setUpPlainTable(m_countsView, tr("Counts of experts and whether they fit"));
    m_countsView->setModel(m_counts);
    layout->addWidget(m_countsView);
    m_warnings->setWordWrap(true);
    layout->addWidget(m_warnings);
    layout->addStretch();

    connect(m_context, &QSpinBox::valueChanged, this, &StartMemory::recompute);
    connect(m_sequences, &QSpinBox::valueChanged, this, &StartMemory::recompute);
    connect(m_cache, &QComboBox::currentIndexChanged, this, &StartMemory::recompute);
    connect(m_profile, &QPushButton::clicked, this, &StartMemory::profileRequested);
    connect(m_countsView, &QTableView::activated, this, [this](const QModelIndex& index) {
        if (index.row() < m_kept.size())
            emit planRequested(m_kept.at(index.row()));
    });
}

void StartMemory::setModel(std::shared_ptr<const model::ModelSummary> model, std::uint64_t memory)
{
    m_summary = std::move(model);
    m_memory = memory;
    if (!m_summary)
        return;
    m_name->setText(QString::fromStdString(m_summary->name));
    m_facts->setText(tr("%1, %2 parameters, %3 used per token; %4")
                         .arg(QString::fromStdString(m_summary->family),
                              format::shortCount(static_cast<double>(m_summary->parameters)),
                              format::shortCount(static_cast<double>(m_summary->activeParameters)),
                              QString::fromStdString(m_summary->routerArithmetic)));
    QStringList warnings;
    for (const auto& warning : m_summary->warnings)
        warnings << QString::fromStdString(warning);
    m_warnings->setText(warnings.join(QLatin1Char('\n')));
    m_warnings->setVisible(!warnings.isEmpty());
    recompute();
}

void StartMemory::setDevices(std::vector<plan::Device> devices)
{
    m_devices = std::move(devices);
    recompute();
}

plan::Deployment StartMemory::deployment() const
{
    return {m_context->value(), m_sequences->value(), m_cache->currentData().toInt()};
}

QString StartMemory::answer() const
{
    return m_answer->text();
}

void StartMemory::recompute()
{
    if (!m_summary)
        return;
    const auto memory = plan::predictMemory(*m_summary, m_summary->bytes, deployment());
    m_answer->setText(tr("Needs %1 to run as it is").arg(format::bytes(memory.total(), true)));
    m_note->setText(tr("Weights and cache are exact, read from headers and config.json. The workspace of %1 is an "
                       "estimate.")
                        .arg(format::bytes(memory.workspace, true)));
    fillParts(memory);
    fillCounts();
}

void StartMemory::fillParts(const plan::PredictedMemory& memory)
{
    struct Part {
        QString name, how;
        std::uint64_t bytes;
        ColorRole color;
        bool estimate;
    };
    const auto& m = *m_summary;
    QList<Part> parts;
    if (m.experts > 0) {
        std::uint64_t largest = 0;
        for (const auto& layer : m.moeLayers)
            for (const auto bytes : layer.expertBytes)
                largest = std::max(largest, bytes);
        parts << Part{tr("Experts"),
                      tr("%1 layers × %2 × %3").arg(m.moeLayers.size()).arg(m.experts).arg(format::bytes(largest)),
                      m.bytes.routedExperts, ColorRole::SeriesBlue, false};
    }
    if (m.bytes.sharedExperts > 0)
        parts << Part{tr("Shared experts"), tr("used by every token"), m.bytes.sharedExperts, ColorRole::Accent, false};
    parts
        << Part{tr("Attention"), tr("q, k, v, o"), m.bytes.attention, ColorRole::TextThird, false}
        << Part{tr("Embedding and head"), tr("%1 × %2").arg(format::count(m.vocabulary), format::count(m.hidden)),
                m.bytes.embedding, ColorRole::SeriesViolet, false}
        << Part{tr("Routers, norms, other"), tr("everything else in the checkpoint"), m.bytes.router + m.bytes.other,
                ColorRole::Warning, false}
        << Part{tr("Key-value cache"),
                tr("%1 tokens × %n sequence(s)", nullptr, m_sequences->value()).arg(format::count(m_context->value())),
                memory.kvCache, ColorRole::SeriesOrange, false}
        << Part{tr("Workspace"), tr("estimate for the engine here"), memory.workspace, ColorRole::StrongRule, true};
    const int unit = format::byteUnitFor(memory.total());
    QList<QList<Cell>> rows;
    QList<StackPart> bar;
    const auto share = [&](std::uint64_t bytes) {
        const double percent =
            100.0 * static_cast<double>(bytes) / static_cast<double>(std::max<std::uint64_t>(1, memory.total()));
        return percent > 0 && percent < 1 ? QStringLiteral("< 1") : format::fixed(percent, 0);
    };
    for (const Part& part : parts) {
        rows << QList<Cell>{{part.name},
                            {part.how, {}, ColorRole::TextSecond},
                            {format::bytesIn(part.bytes, unit), static_cast<qulonglong>(part.bytes)},
                            {share(part.bytes)}};
        bar << StackPart{part.name, part.bytes, part.color, part.estimate};
    }
    rows << QList<Cell>{
        {tr("Sum"), {}, ColorRole::Text, true},
        {QString()},
        {format::bytesIn(memory.total(), unit), static_cast<qulonglong>(memory.total()), ColorRole::Text, true},
        {QStringLiteral("100"), {}, ColorRole::Text, true}};
    m_parts->setTable({{tr("Part"), false}, {tr("How it adds up"), false}, {format::byteUnit(unit)}, {tr("%")}}, rows);
    fitHeightToRows(m_partsView);
    auto* header = m_partsView->horizontalHeader();
    header->setSectionResizeMode(2, QHeaderView::Fixed);
    header->setSectionResizeMode(3, QHeaderView::Fixed);
    header->resizeSection(2, 96);
    header->resizeSection(3, 64);
    m_bar->setParts(bar);
    QList<StackLine> lines;
    const auto line = [&](const QString& name, std::uint64_t has) {
        if (has > 0 && has < memory.total() * 8)
            lines << StackLine{name, has, memory.total() > has};
    };
    line(tr("RAM"), m_memory);
    line(tr("GPU"), totalOf(m_devices));
    m_bar->setLines(lines);
}

void StartMemory::fillCounts()
{
    const auto& m = *m_summary;
    m_kept.clear();
    const bool moe = m.experts > 0;
    m_fitHead->setVisible(moe);
    m_countsView->setVisible(moe);
    if (!moe)
        return;
    QList<int> wanted;
    for (int eighths = 8; eighths >= 1; --eighths) {
        const int count = plan::legalCount(m, m.experts * eighths / 8);
        if (!wanted.contains(count))
            wanted << count;
    }
    const auto uncertainty = plan::workspaceBytes(m, deployment());
    const int unit = format::byteUnitFor(plan::predictMemory(m, m.bytes, deployment()).total());
    bool best = false;
    QList<QList<Cell>> rows;
    for (const int count : wanted) {
        plan::Plan all = plan::Plan::keepAll(m);
        for (auto& layer : all.layers)
            layer.keep.resize(
                static_cast<std::size_t>(std::min<std::int32_t>(count, static_cast<std::int32_t>(layer.keep.size()))));
        const auto needs = plan::predictMemory(m, plan::predictBytes(m, all.layers), deployment()).total();
        Cell verdict;
        Cell note;
        if (needs > m_memory) {
            verdict = {tr("over by %1").arg(format::bytes(needs - m_memory, true)), {}, ColorRole::Danger, true};
        } else if (m_memory - needs < uncertainty) {
            verdict = {tr("tight, %1 left").arg(format::bytes(m_memory - needs, true)), {}, ColorRole::Warning};
        } else {
            verdict = {tr("fits, %1 left").arg(format::bytes(m_memory - needs, true))};
            if (!best)
                note = {tr("largest with margin"), {}, ColorRole::TextSecond};
            best = true;
        }
        Cell onCards;
        if (!m_devices.empty()) {
            const auto split = plan::splitOverDevices(m, all.layers, deployment(), m_devices);
            std::uint64_t left = ~std::uint64_t(0);
            for (std::size_t d = 0; d < m_devices.size() && split.fits(); ++d)
                left = std::min(left, m_devices[d].bytes - split.loads[d].memory.total());
            if (!split.fits())
                onCards = {tr("too large"), {}, ColorRole::Danger, true};
            else if (left < uncertainty)
                onCards = {tr("tight, %1 left").arg(format::bytes(left, true)), {}, ColorRole::Warning};
            else
                onCards = {tr("fits, %1 left").arg(format::bytes(left, true))};
        }
        m_kept << count;
        rows << QList<Cell>{{tr("%1 of %2").arg(count).arg(m.experts), count, ColorRole::Text, true},
                            {format::fixed(100.0 * count / m.experts, 1)},
                            {format::bytesIn(needs, unit), static_cast<qulonglong>(needs)},
                            verdict};
        if (!m_devices.empty())
            rows.back() << onCards;
        rows.back() << note;
    }
    QList<Column> columns{{tr("Kept per layer")},
                          {tr("% kept")},
                          {tr("Needs, %1").arg(format::byteUnit(unit))},
                          {tr("RAM, %1").arg(format::bytes(m_memory, true))}};
    if (!m_devices.empty()) {
        QStringList names;
        for (const auto& device : m_devices)
            names << QStringLiteral("%1, %2").arg(QString::fromStdString(device.name), format::bytes(device.bytes));
        columns << Column(m_devices.size() == 1
                              ? tr("GPU, %1").arg(format::bytes(totalOf(m_devices), true))
                              : tr("%1 GPUs, %2").arg(m_devices.size()).arg(format::bytes(totalOf(m_devices), true)),
                          true, names.join(QLatin1Char('\n')));
    }
    columns << Column({}, false);
    m_counts->setTable(std::move(columns), rows);
    fitHeightToRows(m_countsView);
}

} // namespace espalier::views
