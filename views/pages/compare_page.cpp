// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/compare_page.h"

#include "views/models/cell_table_model.h"
#include "views/models/study_beside.h"
#include "views/models/table_text.h"
#include "views/plots/likeness_matrix.h"
#include "views/plots/share_curve.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"
#include "views/widgets/labels.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QShortcut>
#include <QSignalBlocker>
#include <QTableView>

#include <algorithm>
#include <cmath>

namespace espalier::views {

namespace {

constexpr int kMostRows = 200; // of the table; the map and the CSV hold all

QString signedFixed(double value, int decimals)
{
    const QString text = format::fixed(value, decimals);
    return value > 0 ? QLatin1Char('+') + text : text;
}

} // namespace

ComparePage::ComparePage(Session* session, QWidget* parent)
    : Page(session, tr("Compare"), parent), m_reading([this](const std::shared_ptr<const Read>& shared) {
          const Read& read = *shared;
          m_both = read ? read.value() : nullptr;
          if (!read) {
              m_otherPath.clear();
              showError(QString::fromStdString(read.error().text()));
              return;
          }
          const QString first = m_first->currentText();
          invalidate();
          choosePair(first, first + QStringLiteral(" (%1)").arg(QFileInfo(m_otherPath).completeBaseName()));
      }),
      m_other(new QPushButton), m_first(new QComboBox), m_second(new QComboBox), m_hide(new QCheckBox),
      m_heatmap(new HeatmapWidget), m_curve(new ShareCurve), m_matrix(new LikenessMatrix), m_matrixHint(caption()),
      m_table(new CellTableModel(this)), m_tableView(new QTableView)
{
    build();
}

ComparePage::~ComparePage() = default;

void ComparePage::build()
{
    titleActions()->addWidget(m_other);
    connect(m_other, &QPushButton::clicked, this, [this] { m_both ? removeStudy() : chooseStudy(); });
    auto* figure = new QPushButton(tr("Export figure…"));
    titleActions()->addWidget(figure);
    connect(figure, &QPushButton::clicked, this, [this] { emit actionRequested(QStringLiteral("export-figure")); });

    auto* controls = new QHBoxLayout;
    controls->setSpacing(grid::kInsideGap);
    const auto addChooser = [&](const QString& name, QComboBox* box, const char* key) {
        auto* label = new QLabel(name);
        Theme::setTextStyle(label, TextStyle::Body, ColorRole::TextSecond);
        box->setAccessibleName(name);
        box->setObjectName(QLatin1String(key));
        box->setMinimumWidth(160);
        controls->addWidget(label);
        controls->addWidget(box);
        controls->addSpacing(grid::kInsideGap);
        connect(box, &QComboBox::currentIndexChanged, this, &ComparePage::rebuild);
    };
    addChooser(tr("A"), m_first, "first");
    addChooser(tr("B"), m_second, "second");
    auto* swapButton = new QPushButton(tr("Swap"));
    swapButton->setToolTip(tr("Exchange A and B (X)"));
    controls->addWidget(swapButton);
    controls->addSpacing(grid::kInsideGap);
    m_hide->setText(tr("hide what the interval does not separate from 0"));
    m_hide->setObjectName(QStringLiteral("hide"));
    controls->addWidget(m_hide);
    controls->addStretch(1);
    contentLayout()->addLayout(controls);
    connect(swapButton, &QPushButton::clicked, this, &ComparePage::swap);
    connect(m_hide, &QCheckBox::toggled, this, &ComparePage::showMap);

    auto* columns = new QHBoxLayout;
    columns->setSpacing(grid::kColumnGap / 2);
    auto* left = new QVBoxLayout;
    left->setSpacing(grid::kInsideGap);
    auto* figures = new QHBoxLayout;
    for (int i = 0; i < 3; ++i) {
        auto* pair = new QVBoxLayout;
        pair->setSpacing(0);
        m_figureValues[i] = new QLabel;
        Theme::setTextStyle(m_figureValues[i], TextStyle::Key);
        m_figureNames[i] = new QLabel;
        Theme::setTextStyle(m_figureNames[i], TextStyle::Label, ColorRole::TextSecond);
        pair->addWidget(m_figureValues[i]);
        pair->addWidget(m_figureNames[i]);
        figures->addLayout(pair, 1);
    }
    left->addLayout(figures);
    m_heatmap->setObjectName(QStringLiteral("compareMap"));
    m_heatmap->setMinimumHeight(220);
    left->addWidget(m_heatmap, 5);
    auto* curveHead = new QHBoxLayout;
    curveHead->addWidget(sectionHead(tr("Cumulative share of assignments")));
    curveHead->addWidget(caption(tr("experts sorted per layer, mean of layers")), 1);
    left->addLayout(curveHead);
    left->addWidget(m_curve, 3);
    columns->addLayout(left, 5);
    columns->addWidget(rule(Qt::Vertical));

    auto* right = new QVBoxLayout;
    right->setSpacing(grid::kInsideGap);
    auto* matrixHead = new QHBoxLayout;
    matrixHead->addWidget(sectionHead(tr("Likeness of domains")));
    matrixHead->addWidget(m_matrixHint, 1);
    right->addLayout(matrixHead);
    right->addWidget(m_matrix, 5);
    auto* tableHead = new QHBoxLayout;
    tableHead->addWidget(sectionHead(tr("Largest differences")));
    tableHead->addWidget(caption(tr("share of the layer’s assignments, %")), 1);
    right->addLayout(tableHead);
    m_tableView->setObjectName(QStringLiteral("differences"));
    m_tableView->setAccessibleName(tr("Largest differences"));
    makePlainTable(m_tableView);
    m_tableView->setModel(m_table);
    m_tableView->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    right->addWidget(m_tableView, 4);
    right->addWidget(
        caption(tr("95 % per cell, tokens taken as independent, not corrected over cells"), ColorRole::TextThird));
    columns->addLayout(right, 4);
    contentLayout()->addLayout(columns, 1);

    m_heatmap->setToolTipProvider([this](int row, int expert) { return toolTip(row, expert); });
    connect(m_heatmap, &HeatmapWidget::cursorMoved, this, &ComparePage::showCell);
    connect(m_matrix, &LikenessMatrix::pairChosen, this, [this](int row, int column) {
        choosePair(QString::fromStdString(m_likeness.domains[static_cast<std::size_t>(row)]),
                   QString::fromStdString(m_likeness.domains[static_cast<std::size_t>(column)]));
    });
    connect(m_tableView->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                if (m_following || index.row() < 0 || index.row() >= static_cast<int>(m_rows.size()))
                    return;
                const QPoint cell = m_rows[static_cast<std::size_t>(index.row())];
                m_heatmap->setCursorCell(cell.y(), cell.x());
            });
    auto* key = new QShortcut(QKeySequence(Qt::Key_X), this);
    key->setWhatsThis(tr("Exchange the two domains"));
    key->setContext(Qt::WidgetWithChildrenShortcut);
    connect(key, &QShortcut::activated, this, &ComparePage::swap);
}

QString ComparePage::stateText() const
{
    if (usable())
        return m_comparison ? tr("2 domains chosen") : tr("choose two domains");
    return session() && session()->statistics()->domains.size() == 1 ? tr("needs a second domain")
                                                                     : tr("needs a profile");
}

bool ComparePage::usable() const
{
    return session() && statistics()->domains.size() >= 2;
}

QString ComparePage::keysText() const
{
    return usable() ? tr("Arrows move · X swaps · Ctrl+C copies the map") : QString();
}

std::shared_ptr<const stats::Statistics> ComparePage::statistics() const
{
    const auto own = session()->statistics();
    return m_both && own == m_own ? m_both : own;
}

void ComparePage::chooseStudy()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Compare with another study"),
                                                      QFileInfo(session()->studyPath()).absolutePath(),
                                                      tr("Studies (*.espalier);;All files (*)"));
    if (!path.isEmpty())
        addStudy(path);
}

void ComparePage::addStudy(const QString& path)
{
    m_own = session()->statistics();
    m_both.reset();
    m_otherPath = path;
    m_reading.run([own = m_own, path = path.toStdString()] { return besideStudyFile(own, path); });
}

void ComparePage::removeStudy()
{
    m_reading.drop();
    m_own.reset();
    m_both.reset();
    m_otherPath.clear();
    invalidate();
}

void ComparePage::refresh()
{
    if (!m_otherPath.isEmpty() && session()->statistics() != m_own && !m_reading.isWaiting()) {
        // A job has measured more: the other study is put beside that. Another model asks for another one.
        const bool sameModel = m_own && m_own->modelFingerprint == session()->statistics()->modelFingerprint;
        const QString path = m_otherPath;
        m_both.reset();
        m_otherPath.clear();
        if (sameModel)
            addStudy(path);
    }
    m_other->setText(m_both ? tr("Without %1").arg(QFileInfo(m_otherPath).completeBaseName()) : tr("Other study…"));
    m_other->setToolTip(m_both ? m_otherPath : tr("Compare with what another study of this model measured"));
    m_other->setEnabled(!session()->statistics()->domains.empty());
    setSubtitle(m_both ? tr("domains of this study and of %1").arg(QFileInfo(m_otherPath).fileName())
                       : tr("two domains of one study"));
    const auto statistics = this->statistics();
    if (statistics->domains.size() < 2) {
        m_statistics.reset();
        m_comparison.reset();
        setReadout({});
        showEmpty(
            statistics->domains.empty()
                ? tr("Comparing needs two measured domains. Measure the model on two kinds of text first.")
                : tr("Only one domain was measured. Measure a second kind of text, or choose another study of the "
                     "model, to compare it with."),
            tr("New profile…"), [this] { emit actionRequested(QStringLiteral("profile")); });
        return;
    }
    showContent();
    if (statistics == m_statistics)
        return;
    m_statistics = statistics;
    const QString first = m_first->currentText(), second = m_second->currentText();
    for (QComboBox* box : {m_first, m_second}) {
        const QSignalBlocker quiet(box);
        box->clear();
        for (const auto& domain : statistics->domains)
            box->addItem(QString::fromStdString(domain.name));
    }
    m_likeness = likenessOf(*statistics, std::max(1, 2 * statistics->domains.front().layers.front().topology().topK));
    QStringList names;
    for (const auto& name : m_likeness.domains)
        names << QString::fromStdString(name);
    m_matrix->setMatrix(names, m_likeness.values);
    m_matrixHint->setText(tr("Jaccard of the top %1 by gate mass, mean of layers; chance %2")
                              .arg(m_likeness.top)
                              .arg(format::fixed(m_likeness.chance, 2)));
    if (!choosePair(first, second)) {
        const QSignalBlocker quiet(m_second);
        m_second->setCurrentIndex(1);
    }
    rebuild();
}

bool ComparePage::choosePair(const QString& first, const QString& second)
{
    const int a = m_first->findText(first), b = m_second->findText(second);
    if (a < 0 || b < 0)
        return false;
    {
        const QSignalBlocker quiet(m_first);
        m_first->setCurrentIndex(a);
    }
    const QSignalBlocker quiet(m_second);
    m_second->setCurrentIndex(b);
    rebuild();
    return true;
}

void ComparePage::swap()
{
    choosePair(m_second->currentText(), m_first->currentText());
}

void ComparePage::rebuild()
{
    if (!m_statistics)
        return;
    const std::string first = m_first->currentText().toStdString(), second = m_second->currentText().toStdString();
    auto made = compareDomains(*m_statistics, first, second);
    showError(made ? (first == second ? tr("A and B are the same domain: there is nothing to tell apart.") : QString())
                   : QString::fromStdString(made.error().text()));
    if (!made)
        return;
    m_comparison = std::make_unique<Comparison>(std::move(made.value()));
    const Comparison& c = *m_comparison;
    const std::pair<QString, QString> figures[3] = {
        {tr("%1 of %2").arg(format::count(c.differing), format::count(static_cast<std::int64_t>(c.delta.cells.size()))),
         tr("experts differ (95 % interval)")},
        {format::percent(c.moved, 0), tr("of assignments move, mean of layers")},
        {tr("%1 and %2").arg(format::count(std::llround(c.first.tokens)), format::count(std::llround(c.second.tokens))),
         tr("tokens in A and B")}};
    for (int i = 0; i < 3; ++i) {
        m_figureValues[i]->setText(figures[i].first);
        m_figureNames[i]->setText(figures[i].second);
    }
    m_curve->setCurves({{m_first->currentText(), c.firstCurve}, {m_second->currentText(), c.secondCurve}},
                       m_likeness.top);
    const auto place = [this](const std::string& name) {
        const auto found = std::find(m_likeness.domains.begin(), m_likeness.domains.end(), name);
        return found == m_likeness.domains.end() ? -1 : static_cast<int>(found - m_likeness.domains.begin());
    };
    m_matrix->setPair(place(first), place(second));
    showMap();
    showTable();
    if (m_heatmap->cursorCell().x() < 0 && !m_rows.empty())
        m_heatmap->setCursorCell(m_rows.front().y(), m_rows.front().x());
    else if (m_heatmap->cursorCell().x() >= 0)
        showCell(m_heatmap->cursorCell().y(), m_heatmap->cursorCell().x());
    emit stateChanged();
}

void ComparePage::showMap()
{
    if (!m_comparison)
        return;
    HeatmapData cells = heatmapOf(m_comparison->delta, false, 0);
    if (m_hide->isChecked())
        for (std::size_t i = 0; i < cells.values.size(); ++i)
            if (!differs(m_comparison->delta.cells[i]))
                cells.values[i] = 0;
    cells.unit = tr("points of the layer’s assignments");
    cells.title = tr("%1 minus %2").arg(m_first->currentText(), m_second->currentText());
    cells.caption =
        tr("%1 · %2 · orange: A uses it more, blue: B does · prefill · rows sum to 0 · association, not cause")
            .arg(QString::fromStdString(session()->model()->name), cells.title);
    m_heatmap->setData(std::move(cells));
}

void ComparePage::showTable()
{
    const OverviewMap& delta = m_comparison->delta;
    m_rows.clear();
    for (int row = 0; row < static_cast<int>(delta.layers.size()); ++row)
        for (int expert = 0; expert < delta.experts; ++expert)
            if (delta.at(row, expert).measured)
                m_rows.emplace_back(expert, row);
    const auto most = std::min<std::size_t>(m_rows.size(), kMostRows);
    const auto larger = [&](const QPoint& a, const QPoint& b) {
        const double x = std::abs(delta.at(a.y(), a.x()).value), y = std::abs(delta.at(b.y(), b.x()).value);
        return x != y ? x > y : std::pair(a.y(), a.x()) < std::pair(b.y(), b.x());
    };
    std::partial_sort(m_rows.begin(), m_rows.begin() + static_cast<std::ptrdiff_t>(most), m_rows.end(), larger);
    m_rows.resize(most);
    QList<QList<Cell>> rows;
    for (const QPoint& at : m_rows) {
        const MapCell& cell = delta.at(at.y(), at.x());
        const double a = m_comparison->first.at(at.y(), at.x()).value,
                     b = m_comparison->second.at(at.y(), at.x()).value;
        const bool separate = differs(cell);
        rows.append({Cell(tr("L%1 E%2").arg(delta.layers[static_cast<std::size_t>(at.y())]).arg(at.x())),
                     Cell(format::fixed(a, 1), a), Cell(format::fixed(b, 1), b),
                     Cell(signedFixed(cell.value, 1), cell.value, ColorRole::Text, separate),
                     Cell(format::plusMinus(halfWidth95(cell), 1), halfWidth95(cell), ColorRole::TextSecond),
                     Cell(!separate        ? tr("cannot tell")
                          : cell.value > 0 ? tr("A")
                                           : tr("B"),
                          {}, separate ? ColorRole::Text : ColorRole::TextThird)});
    }
    m_table->setTable({Column(tr("Expert"), false), Column(tr("A")), Column(tr("B")), Column(tr("A − B")),
                       Column(tr("95 %")), Column(tr("Used more by"), false)},
                      std::move(rows));
    m_tableView->horizontalHeader()->setSectionResizeMode(m_table->columnCount() - 1, QHeaderView::ResizeToContents);
}

QString ComparePage::toolTip(int row, int expert) const
{
    if (!m_comparison || row < 0 || row >= static_cast<int>(m_comparison->delta.layers.size()) || expert < 0 ||
        expert >= m_comparison->delta.experts)
        return {};
    const MapCell& cell = m_comparison->delta.at(row, expert);
    return tr("Layer %1, expert %2\nA %3 %, B %4 %\ndifference %5 points %6")
        .arg(m_comparison->delta.layers[static_cast<std::size_t>(row)])
        .arg(expert)
        .arg(format::fixed(m_comparison->first.at(row, expert).value, 1),
             format::fixed(m_comparison->second.at(row, expert).value, 1), signedFixed(cell.value, 1),
             format::plusMinus(halfWidth95(cell), 1));
}

void ComparePage::showCell(int row, int expert)
{
    setReadout(toolTip(row, expert).replace(QLatin1Char('\n'), QStringLiteral("   ")));
    const auto found = std::find(m_rows.begin(), m_rows.end(), QPoint(expert, row));
    m_following = true;
    if (found != m_rows.end())
        m_tableView->setCurrentIndex(m_table->index(static_cast<int>(found - m_rows.begin()), 0));
    else
        m_tableView->clearSelection();
    m_following = false;
}

QString ComparePage::copyText() const
{
    if (!m_comparison)
        return {};
    return m_tableView->hasFocus() ? m_table->toTsv() : m_heatmap->toTsv();
}

QString ComparePage::exportFigure(const QString& path)
{
    return m_heatmap->exportFigure(path);
}

QString ComparePage::exportTable(const QString& path)
{
    return writeTsvAsTable(m_table->toTsv(), path);
}

QString ComparePage::proposedFileName() const
{
    return QStringLiteral("compare-%1-%2").arg(m_first->currentText(), m_second->currentText());
}

} // namespace espalier::views
