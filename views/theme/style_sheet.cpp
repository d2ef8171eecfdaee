// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/style_sheet.h"

#include "views/theme/theme.h"

#include <QHash>

namespace espalier::views {
namespace {

// @names are replaced by the colours of the theme.
const char* const kSheet =
    "QToolTip { color: @text; background: @chrome; border: 1px solid @strong; padding: 6px; font-size: 12px; }"
    "QMainWindow, QMenuBar, QStatusBar, #rail { background: @chrome; }"
    "QMainWindow::separator { background: @rule; width: 1px; height: 1px; }"
    "QMenuBar { color: @second; border-bottom: 1px solid @rule; padding: 2px 16px; }"
    "QMenuBar::item { padding: 5px 10px; background: transparent; border-radius: 4px; }"
    "QMenuBar::item:selected { background: @soft; color: @text; }"
    "QMenu { background: @work; border: 1px solid @strong; padding: 4px 0; }"
    "QMenu::item { padding: 5px 28px 5px 24px; }"
    "QMenu::item:selected { background: @soft; color: @text; }"
    "QMenu::item:disabled { color: @third; }"
    "QMenu::separator { height: 1px; background: @rule; margin: 4px 0; }"
    "QStatusBar { border-top: 1px solid @rule; color: @second; font-size: 12px; }"
    "QStatusBar::item { border: none; }"
    "QStatusBar QLabel { font-size: 12px; color: @second; padding: 0 16px; }"
    "#rail { border-right: 1px solid @rule; }"
    "#page, QStackedWidget { background: @work; }"
    "QLabel[tone=\"second\"] { color: @second; } QLabel[tone=\"third\"] { color: @third; }"
    "QLabel[tone=\"accent\"] { color: @accent; } QLabel[tone=\"danger\"] { color: @danger; }"
    "QLabel[tone=\"warning\"] { color: @warning; } QLabel[tone=\"passed\"] { color: @passed; }"
    "QLabel[textStyle=\"20/500\"] { font-size: 20px; font-weight: 500; }"
    "QLabel[textStyle=\"15/500\"] { font-size: 15px; font-weight: 500; }"
    "QLabel[textStyle=\"13/500\"] { font-size: 13px; font-weight: 500; }"
    "QLabel[textStyle=\"12/400\"] { font-size: 12px; } QLabel[textStyle=\"11/400\"] { font-size: 11px; }"
    "QPushButton, QToolButton { min-height: 26px; padding: 0 12px; border: 1px solid @edge; border-radius: 4px;"
    "  background: @work; color: @text; }"
    "QPushButton:hover, QToolButton:hover { background: @chrome; }"
    "QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked { background: @soft;"
    "  border-color: @accent; color: @accent; }"
    "QPushButton:focus, QToolButton:focus { border: 2px solid @accent; padding: 0 11px; min-height: 24px; }"
    "QPushButton:disabled, QToolButton:disabled { color: @third; border-color: @rule; background: @work; }"
    "QPushButton[primary=\"true\"] { background: @accent; border-color: @accent; color: @onaccent; font-weight: 500; }"
    "QPushButton[primary=\"true\"]:hover { background: @accent; border: 2px solid @text; padding: 0 11px;"
    "  min-height: 24px; }"
    "QPushButton[primary=\"true\"]:focus { border: 2px solid @text; }"
    "QPushButton[primary=\"true\"]:disabled { background: @sunken; border-color: @rule; color: @third; }"
    "QPushButton[link=\"true\"] { border: none; background: transparent; color: @accent; padding: 0 4px;"
    "  text-align: left; }"
    "QPushButton[link=\"true\"]:hover { text-decoration: underline; }"
    "QPushButton[link=\"true\"]:focus { border: 2px solid @accent; padding: 0 2px; }"
    "QPushButton[link=\"true\"]:disabled { color: @third; }"
    "QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { min-height: 26px; border: 1px solid @edge; border-radius: 4px;"
    "  padding: 0 8px; background: @work; color: @text; selection-background-color: @accent;"
    "  selection-color: @onaccent; }"
    "QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus { border: 2px solid @accent;"
    "  padding: 0 7px; min-height: 24px; }"
    "QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled { color: @third;"
    "  border-color: @rule; }"
    "QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button"
    "  { width: 0; border: none; }"
    "QComboBox::drop-down { border: none; width: 22px; subcontrol-position: center right; }"
    "QComboBox::down-arrow { image: url(@chevron); width: 12px; height: 12px; }"
    "QComboBox QAbstractItemView { background: @work; border: 1px solid @strong; outline: none;"
    "  selection-background-color: @soft; selection-color: @text; }"
    "QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; }"
    "QCheckBox:focus, QRadioButton:focus { color: @accent; }"
    "QCheckBox::indicator, QAbstractItemView::indicator { width: 14px; height: 14px; border: 1px solid @edge;"
    "  border-radius: 3px; background: @work; }"
    "QCheckBox::indicator:hover, QCheckBox::indicator:focus, QAbstractItemView::indicator:hover"
    "  { border-color: @accent; }"
    "QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { background: @accent; border-color: @accent;"
    "  image: url(@check); }"
    "QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate { background: @accent;"
    "  border-color: @accent; image: url(@partly); }"
    "QAbstractItemView::indicator { width: 12px; height: 12px; }"
    "QCheckBox::indicator:disabled, QAbstractItemView::indicator:disabled { border-color: @rule; background: @sunken; }"
    "QCheckBox::indicator:checked:disabled, QAbstractItemView::indicator:checked:disabled { border-color: @third;"
    "  background: @third; }"
    "QTableView, QTreeView, QListView { background: @work; border: none; outline: none; gridline-color: @rule;"
    "  selection-background-color: @soft; selection-color: @text; alternate-background-color: @work; }"
    "QTableView::item, QTreeView::item { border-bottom: 1px solid @rule; padding: 0 6px; }"
    "QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: @soft;"
    "  color: @text; }"
    // The border is always there: contents are not laid out anew when it comes with the focus, and would cover it.
    "QTableView, QTreeView { border: 2px solid @work; }"
    "QTableView:focus, QTreeView:focus { border-color: @accent; }"
    "QHeaderView { background: @work; border: none; }"
    "QHeaderView::section { background: @work; color: @second; border: none; border-bottom: 1px solid @strong;"
    "  padding: 4px 9px; font-size: 12px; font-weight: 400; }" // cells: 6 px, and 3 that Qt adds to their texts
    "QTableCornerButton::section { background: @work; border: none; }"
    "QPlainTextEdit, QTextEdit, QTextBrowser { background: @work; border: 1px solid @rule; border-radius: 4px;"
    "  selection-background-color: @accent; selection-color: @onaccent; }"
    "QPlainTextEdit:focus, QTextEdit:focus, QTextBrowser:focus { border: 2px solid @accent; }"
    "QProgressBar { background: @sunken; border: none; border-radius: 0; max-height: 4px; min-height: 4px; }"
    "QProgressBar::chunk { background: @accent; }"
    "QSplitter::handle { background: @rule; }"
    "QSplitter::handle:horizontal { width: 1px; } QSplitter::handle:vertical { height: 1px; }"
    "QScrollArea { border: none; background: @work; } QScrollArea > QWidget > QWidget { background: @work; }"
    "QScrollBar:vertical { width: 10px; background: transparent; margin: 0; }"
    "QScrollBar:horizontal { height: 10px; background: transparent; margin: 0; }"
    "QScrollBar::handle { background: @strong; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px; }"
    "QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }"
    "QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
    "QDockWidget { color: @second; font-size: 12px; }"
    "QDockWidget::title { background: @chrome; border-top: 1px solid @rule; border-bottom: 1px solid @rule;"
    "  padding: 5px 16px; }"
    "QTabBar::tab { padding: 6px 12px; border: none; border-bottom: 2px solid transparent; color: @second; }"
    "QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }"
    "QTabWidget::pane { border: none; border-top: 1px solid @rule; }"
    "QSlider::groove:horizontal { height: 4px; background: @sunken; border: 1px solid @rule; border-radius: 2px; }"
    "QSlider::sub-page:horizontal { background: @accent; border-radius: 2px; }"
    "QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border-radius: 8px;"
    "  background: @work; border: 2px solid @accent; }"
    "QSlider:focus { border: 2px solid @accent; border-radius: 4px; }"
    "QDialog { background: @work; }"
    "QFrame#guide { background: @chrome; border: none; border-right: 1px solid @rule; }"
    "QFrame#guide QPushButton { min-height: 20px; } QFrame#guide QPushButton:focus { min-height: 18px; }"
    "QFrame#rule { background: @rule; border: none; }"
    "QFrame#banner { background: @dangersoft; border: 1px solid @danger; border-radius: 4px; }"
    "QFrame#banner[kind=\"warning\"] { background: @warningsoft; border-color: @warning; }"
    "QFrame#banner[kind=\"note\"] { background: @soft; border-color: @accent; }"
    "QFrame#banner QLabel { background: transparent; }";

} // namespace

QString styleSheet()
{
    const auto hex = [](ColorRole role) { return Theme::color(role).name(); };
    const auto image = [](const char* name) {
        return QStringLiteral(":/espalier/%1-%2.svg")
            .arg(QLatin1String(name), Theme::isDark() ? QLatin1String("dark") : QLatin1String("light"));
    };
    // Longer names first: @text must not eat the head of another name.
    const QList<std::pair<QString, QString>> names{
        {QStringLiteral("@warningsoft"), hex(ColorRole::WarningSoft)},
        {QStringLiteral("@dangersoft"), hex(ColorRole::DangerSoft)},
        {QStringLiteral("@onaccent"), hex(ColorRole::OnAccent)},
        {QStringLiteral("@warning"), hex(ColorRole::Warning)},
        {QStringLiteral("@accent"), hex(ColorRole::Accent)},
        {QStringLiteral("@danger"), hex(ColorRole::Danger)},
        {QStringLiteral("@passed"), hex(ColorRole::Passed)},
        {QStringLiteral("@chrome"), hex(ColorRole::Chrome)},
        {QStringLiteral("@sunken"), hex(ColorRole::Sunken)},
        {QStringLiteral("@second"), hex(ColorRole::TextSecond)},
        {QStringLiteral("@strong"), hex(ColorRole::StrongRule)},
        {QStringLiteral("@third"), hex(ColorRole::TextThird)},
        {QStringLiteral("@work"), hex(ColorRole::Work)},
        {QStringLiteral("@rule"), hex(ColorRole::Rule)},
        {QStringLiteral("@edge"), hex(ColorRole::ControlEdge)},
        {QStringLiteral("@text"), hex(ColorRole::Text)},
        {QStringLiteral("@soft"), hex(ColorRole::AccentSoft)},
        {QStringLiteral("@chevron"), image("chevron")},
        {QStringLiteral("@partly"), image("partly")},
        {QStringLiteral("@check"), image("check")},
    };
    QString text = QString::fromLatin1(kSheet);
    for (const auto& [name, value] : names)
        text.replace(name, value);
    return text;
}

} // namespace espalier::views
