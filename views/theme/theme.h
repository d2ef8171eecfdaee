// SPDX-License-Identifier: GPL-3.0-or-later
// Colours by role, fonts and the style sheet of the window. One accent means selected, kept, primary action, focus; red
// means over budget or breaks; amber means judge with care. GUI thread only.
#pragma once

#include <QApplication>
#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

namespace espalier::views {

enum class ColorRole {
    Chrome,
    Work,
    Sunken,
    Rule,
    StrongRule,
    ControlEdge,
    Text,
    TextSecond,
    TextThird,
    Accent,
    AccentSoft,
    OnAccent,
    Danger,
    DangerSoft,
    Warning,
    WarningSoft,
    Passed,
    SeriesOrange,
    SeriesViolet,
    SeriesBlue,
};

/// Sizes and weights in use; nothing else appears in the window.
enum class TextStyle {
    Title,       ///< 20/500 page title and the one answer of a page
    Key,         ///< 15/500 key figures and card titles
    Body,        ///< 13/400
    SectionHead, ///< 13/500
    Label,       ///< 12/400 labels, ticks, captions
    Shortcut,    ///< 11/400 in the rail
    Mono,        ///< 13/400 tokens, hashes, commands; no ligatures
};

enum class ThemeKind { Light, Dark, System };
/// "light", "dark", anything else is System.
[[nodiscard]] ThemeKind themeFromName(const QString& name);

class Theme {
public:
    /// Sets style, palette, font and style sheet of the application. System follows the desktop's colours.
    static void apply(QApplication& application, ThemeKind kind);
    [[nodiscard]] static bool isDark();
    [[nodiscard]] static QColor color(ColorRole role);
    [[nodiscard]] static QFont font(TextStyle style);
    [[nodiscard]] static QPalette palette(bool dark);
    [[nodiscard]] static QColor colorOf(ColorRole role, bool dark);
    /// Properties understood by the style sheet: set before the widget is shown.
    static void setTextStyle(QWidget* widget, TextStyle style, ColorRole color = ColorRole::Text);
    /// A button filled with the accent: the one primary action of its group.
    static void setPrimary(QWidget* button);
    /// A button that looks like a link.
    static void setLink(QWidget* button);
};

/// Distances of the 8 px grid.
namespace grid {
inline constexpr int kPagePadding = 24;
inline constexpr int kColumnGap = 24;
inline constexpr int kGroupGap = 16;
inline constexpr int kInsideGap = 8;
inline constexpr int kLabelGap = 4;
inline constexpr int kControlHeight = 28;
inline constexpr int kRowHeight = 26;
} // namespace grid

} // namespace espalier::views
