// SPDX-License-Identifier: GPL-3.0-or-later
// The overview's widgets and how they are joined; what they show is in overview_page.cpp.
#include "views/models/map_table_model.h"
#include "views/pages/overview_page.h"
#include "views/plots/layer_strip.h"
#include "views/plots/small_multiples.h"
#include "views/widgets/expert_card.h"
#include "views/widgets/labels.h"
#include "views/widgets/layer_view.h"
#include "views/widgets/routed_text.h"
#include "views/widgets/weight_preview.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QTableView>

namespace espalier::views {

namespace {

constexpr int kCardWidth = 284;

QComboBox* chooser(QBoxLayout* row, const QString& name, int width)
{
    auto* label = new QLabel(name);
    Theme::setTextStyle(label, TextStyle::Body, ColorRole::TextSecond);
    auto* box = new QComboBox;
    box->setAccessibleName(name);
    box->setMinimumWidth(width);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    label->setBuddy(box);
    row->addWidget(label);
    row->addWidget(box);
    row->addSpacing(grid::kInsideGap);
    return box;
}

} // namespace

OverviewPage::OverviewPage(Session* session, QWidget* parent)
    : Page(session, tr("Overview"), parent),
      m_likenessWork([this](const std::shared_ptr<const ExpertLikeness>& likeness) {
          m_likeness = likeness;
          showRelations();
      }),
      m_scale(new QButtonGroup(this)), m_views(new QButtonGroup(this)), m_stack(new QStackedWidget),
      m_heatmap(new HeatmapWidget), m_strip(new LayerStrip), m_tiles(new SmallMultiples),
      m_tilesHint(caption({}, ColorRole::TextSecond)), m_table(new MapTableModel(this)), m_tableView(new QTableView),
      m_layerView(new LayerView), m_textView(new RoutedText), m_card(new ExpertCard),
      m_preview(new WeightPreview(session))
{
    struct Entry {
        View view;
        QString name, tip;
        const char* id;
    };
    const Entry entries[] = {{MapView, tr("Map"), tr("Layers by experts"), "map"},
                             {TableView, tr("Table"), tr("The same numbers as a table (T)"), "table"},
                             {LayerInsight, tr("Layer"), tr("One layer at a glance (Y)"), "layer"},
                             {TextView, tr("Text"), tr("Texts coloured by the expert that tokens chose (X)"), "text"}};
    auto* views = new QHBoxLayout;
    views->setSpacing(0);
    for (const Entry& entry : entries) {
        auto* button = new QPushButton(entry.name);
        button->setCheckable(true);
        button->setObjectName(QLatin1String(entry.id));
        button->setToolTip(entry.tip);
        m_views->addButton(button, entry.view);
        views->addWidget(button);
    }
    m_views->button(MapView)->setChecked(true);
    connect(m_views, &QButtonGroup::idClicked, this, [this](int id) { showView(static_cast<View>(id)); });
    titleActions()->addLayout(views);
    auto* figure = new QPushButton(tr("Export figure…"));
    titleActions()->addWidget(figure);
    connect(figure, &QPushButton::clicked, this, [this] { emit actionRequested(QStringLiteral("export-figure")); });

    buildControls();
    auto* columns = new QHBoxLayout;
    columns->setSpacing(grid::kColumnGap / 2);
    auto* left = new QVBoxLayout;
    left->setSpacing(grid::kInsideGap);
    buildFigures(left);
    buildMap(left);
    columns->addLayout(left, 1);
    columns->addWidget(rule(Qt::Vertical));
    auto* area = new QScrollArea;
    area->setWidget(m_card);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFixedWidth(kCardWidth);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    columns->addWidget(area);
    contentLayout()->addLayout(columns, 1);
    static_cast<QBoxLayout*>(emptyView()->layout())->insertWidget(0, m_preview, 12);
    m_preview->hide();
    connect(m_preview, &WeightPreview::scoreRequested, this,
            [this] { emit actionRequested(QStringLiteral("weights")); });
    buildKeys();
    buildInsights();

    m_tileTimer.setInterval(0);
    connect(&m_tileTimer, &QTimer::timeout, this, &OverviewPage::nextTile);
    connect(m_card, &ExpertCard::domainChosen, this, [this](int index) { m_domain->setCurrentIndex(index + 1); });
    connect(m_card, &ExpertCard::expertChosen, this,
            [this](int expert) { m_heatmap->setCursorCell(std::max(0, m_heatmap->cursorCell().y()), expert); });
}

OverviewPage::~OverviewPage() = default;

void OverviewPage::buildControls()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(grid::kInsideGap);
    m_domain = chooser(row, tr("Domain"), 150);
    m_domain->setObjectName(QStringLiteral("domain"));
    m_other = chooser(row, tr("minus"), 130);
    m_other->setObjectName(QStringLiteral("other"));
    m_other->setToolTip(tr("Shows the difference to another domain"));
    m_quantity = chooser(row, tr("Show"), 150);
    m_quantity->setObjectName(QStringLiteral("quantity"));
    auto* label = new QLabel(tr("Scale"));
    Theme::setTextStyle(label, TextStyle::Body, ColorRole::TextSecond);
    row->addWidget(label);
    auto* linear = new QPushButton(tr("Linear"));
    auto* logarithmic = new QPushButton(tr("Log"));
    int id = 0;
    for (QPushButton* button : {linear, logarithmic}) {
        button->setCheckable(true);
        m_scale->addButton(button, id++);
    }
    logarithmic->setChecked(true);
    auto* pair = new QHBoxLayout;
    pair->setSpacing(0);
    pair->addWidget(linear);
    pair->addWidget(logarithmic);
    row->addLayout(pair);
    row->addSpacing(grid::kInsideGap);
    m_thin = chooser(row, tr("Flag below"), 110);
    m_thin->setToolTip(tr("An expert seen by fewer tokens is marked: a mean over so few says little"));
    row->addStretch(1);
    contentLayout()->addLayout(row);
    connect(m_domain, &QComboBox::currentIndexChanged, this, [this] {
        rebuild();
        m_textView->showDomain(m_domain->currentData().toString());
    });
    connect(m_other, &QComboBox::currentIndexChanged, this, &OverviewPage::rebuild);
    connect(m_quantity, &QComboBox::currentIndexChanged, this, [this] {
        m_maps.clear();
        rebuild();
        rebuildTiles();
    });
    connect(m_thin, &QComboBox::currentIndexChanged, this, [this] {
        rebuild();
        rebuildTiles();
    });
    connect(m_scale, &QButtonGroup::idClicked, this, [this] {
        rebuild();
        rebuildTiles();
    });
}

void OverviewPage::buildFigures(QBoxLayout* column)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(grid::kColumnGap);
    for (int i = 0; i < 5; ++i) {
        auto* pair = new QVBoxLayout;
        pair->setSpacing(0);
        m_figureValues[i] = new QLabel;
        Theme::setTextStyle(m_figureValues[i], TextStyle::Key);
        m_figureNames[i] = new QLabel;
        Theme::setTextStyle(m_figureNames[i], TextStyle::Label, ColorRole::TextSecond);
        pair->addWidget(m_figureValues[i]);
        pair->addWidget(m_figureNames[i]);
        row->addLayout(pair, 1);
    }
    column->addLayout(row);
}

void OverviewPage::buildMap(QBoxLayout* column)
{
    auto* picture = new QWidget;
    auto* pictureColumn = new QVBoxLayout(picture);
    pictureColumn->setContentsMargins(0, 0, 0, 0);
    pictureColumn->setSpacing(grid::kInsideGap);
    auto* line = new QHBoxLayout;
    line->setSpacing(0);
    m_heatmap->setObjectName(QStringLiteral("overviewMap"));
    m_heatmap->setMinimumHeight(240);
    line->addWidget(m_heatmap, 1);
    line->addWidget(m_strip);
    pictureColumn->addLayout(line, 1);
    auto* tilesHead = new QHBoxLayout;
    tilesHead->addWidget(sectionHead(tr("All domains, same scale")));
    tilesHead->addWidget(m_tilesHint, 1);
    pictureColumn->addLayout(tilesHead);
    pictureColumn->addWidget(m_tiles);
    m_stack->addWidget(picture);

    m_tableView->setObjectName(QStringLiteral("mapTable"));
    m_tableView->setAccessibleName(tr("The map as a table"));
    makePlainTable(m_tableView);
    m_tableView->setModel(m_table);
    m_tableView->horizontalHeader()->setStretchLastSection(true);
    m_stack->addWidget(m_tableView);
    column->addWidget(m_stack, 1);

    m_strip->setRowGeometry([this](int row) {
        const QRect cell = m_heatmap->cellRect(row, 0);
        const QPoint top = m_strip->mapFromGlobal(m_heatmap->mapToGlobal(cell.topLeft()));
        return cell.isEmpty() ? QRect() : QRect(0, top.y(), m_strip->width(), cell.height());
    });
    connect(m_heatmap, &HeatmapWidget::geometryChanged, m_strip, QOverload<>::of(&QWidget::update));
    m_heatmap->setToolTipProvider([this](int row, int expert) { return toolTip(row, expert); });
    connect(m_heatmap, &HeatmapWidget::cursorMoved, this, &OverviewPage::showCell);
    connect(m_heatmap, &HeatmapWidget::hovered, this, [this](int row, int expert) {
        const QPoint cursor = m_heatmap->cursorCell();
        setReadout(row >= 0          ? toolTip(row, expert).replace(QLatin1Char('\n'), QStringLiteral("   "))
                   : cursor.y() >= 0 ? toolTip(cursor.y(), cursor.x()).replace(QLatin1Char('\n'), QStringLiteral("   "))
                                     : QString());
    });
    connect(m_strip, &LayerStrip::rowClicked, this,
            [this](int row) { m_heatmap->setCursorCell(row, std::max(0, m_heatmap->cursorCell().x())); });
    connect(m_tiles, &SmallMultiples::chosen, this, [this](int tile) { m_domain->setCurrentIndex(tile + 1); });
    connect(m_tableView->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                const QPoint cell = m_table->cellAt(index.row());
                if (cell.x() >= 0)
                    m_heatmap->setCursorCell(cell.y(), cell.x());
            });
}

void OverviewPage::buildKeys()
{
    const auto key = [this](const QKeySequence& keys, const QString& does, auto slot) {
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setWhatsThis(does);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, slot);
    };
    key(QKeySequence(Qt::Key_T), tr("Picture or table"), [this] { toggleTable(); });
    key(QKeySequence(Qt::Key_Y), tr("One layer at a glance"),
        [this] { showView(view() == LayerInsight ? MapView : LayerInsight); });
    key(QKeySequence(Qt::Key_X), tr("Texts coloured by expert"),
        [this] { showView(view() == TextView ? MapView : TextView); });
    key(QKeySequence(Qt::Key_BracketLeft), tr("Previous domain"), [this] { stepDomain(-1); });
    key(QKeySequence(Qt::Key_BracketRight), tr("Next domain"), [this] { stepDomain(1); });
    key(QKeySequence(Qt::Key_PageUp | Qt::CTRL), tr("Previous domain"), [this] { stepDomain(-1); });
    key(QKeySequence(Qt::Key_PageDown | Qt::CTRL), tr("Next domain"), [this] { stepDomain(1); });
    for (int digit = 0; digit <= 9; ++digit)
        key(QKeySequence(Qt::Key_0 + digit), digit == 0 ? tr("All domains") : tr("Domain %1").arg(digit),
            [this, digit] {
                if (digit < m_domain->count())
                    m_domain->setCurrentIndex(digit);
            });
}

} // namespace espalier::views
