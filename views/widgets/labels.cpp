// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/labels.h"

#include <QAbstractSpinBox>
#include <QBoxLayout>
#include <QFrame>
#include <QHeaderView>
#include <QStyle>
#include <QTableView>

namespace espalier::views {

QLabel* sectionHead(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    Theme::setTextStyle(label, TextStyle::SectionHead);
    return label;
}

QLabel* caption(const QString& text, ColorRole color, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    Theme::setTextStyle(label, TextStyle::Label, color);
    return label;
}

QHBoxLayout* labelledLine(QLabel* label, QAbstractSpinBox* field)
{
    auto* line = new QHBoxLayout;
    label->setBuddy(field);
    Theme::setTextStyle(label, TextStyle::Body, ColorRole::TextSecond);
    field->setAccessibleName(label->text());
    field->setAlignment(Qt::AlignRight);
    field->setKeyboardTracking(false);
    field->setFixedWidth(72);
    line->addWidget(label, 1);
    line->addWidget(field);
    return line;
}

void setTone(QLabel* label, ColorRole color)
{
    Theme::setTextStyle(label, TextStyle::Label, color);
    label->style()->unpolish(label);
    label->style()->polish(label);
}

QFrame* rule(Qt::Orientation orientation, QWidget* parent)
{
    auto* line = new QFrame(parent);
    line->setObjectName(QStringLiteral("rule"));
    if (orientation == Qt::Horizontal)
        line->setFixedHeight(1);
    else
        line->setFixedWidth(1);
    return line;
}

void makePlainTable(QTableView* table)
{
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->setTabKeyNavigation(false);
    table->setWordWrap(false);
    table->setTextElideMode(Qt::ElideRight);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(grid::kRowHeight);
    table->verticalHeader()->setMinimumSectionSize(grid::kRowHeight);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setSectionsClickable(false);
}

} // namespace espalier::views
