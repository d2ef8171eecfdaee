// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/theme.h"

#include "views/theme/style_sheet.h"

#include <QFontDatabase>
#include <QStyle>
#include <QStyleFactory>
#include <QVariant>
#include <QWidget>

#include <array>

// Resources of a static library have to be asked for, outside of any namespace.
static void initResources()
{
    Q_INIT_RESOURCE(theme);
}

namespace espalier::views {
namespace {

struct Pair {
    QRgb light, dark;
};

constexpr std::array<Pair, 20> kColors{{
    {0xFFF3F4F5, 0xFF17191C}, // Chrome
    {0xFFFFFFFF, 0xFF1E2125}, // Work
    {0xFFECEEF0, 0xFF121417}, // Sunken
    {0xFFDADDE1, 0xFF32363C}, // Rule
    {0xFFB4BAC2, 0xFF4A5059}, // StrongRule
    {0xFF8A929B, 0xFF6E7680}, // ControlEdge
    {0xFF191D22, 0xFFE8EAED}, // Text
    {0xFF4E565F, 0xFFB4BAC2}, // TextSecond
    {0xFF5F6770, 0xFF9AA2AC}, // TextThird
    {0xFF0B6670, 0xFF5CC0CB}, // Accent
    {0xFFDCEDEE, 0xFF1D3A3F}, // AccentSoft
    {0xFFFFFFFF, 0xFF08262A}, // OnAccent
    {0xFFB3261E, 0xFFFF9A8F}, // Danger
    {0xFFFBEAE8, 0xFF3A2321}, // DangerSoft
    {0xFF7A4F00, 0xFFE6B85C}, // Warning
    {0xFFFBF1DC, 0xFF352B17}, // WarningSoft
    {0xFF2B6A3F, 0xFF8CCB9E}, // Passed
    {0xFFB4560B, 0xFFF0A15E}, // SeriesOrange
    {0xFF5B4B9E, 0xFFB6A8F0}, // SeriesViolet
    {0xFF1F5C99, 0xFF7FB2E8}, // SeriesBlue
}};

bool s_dark = false;

QString firstFamily(std::initializer_list<const char*> names, const QString& fallback)
{
    const QStringList have = QFontDatabase::families();
    for (const char* name : names)
        if (have.contains(QLatin1String(name)))
            return QLatin1String(name);
    return fallback;
}

const QString& sansFamily()
{
    // Even digits without OpenType features: Qt 6.4 cannot switch tabular figures on.
    static const QString family = firstFamily({"Roboto", "Noto Sans", "DejaVu Sans"}, QApplication::font().family());
    return family;
}

const QString& monoFamily()
{
    // No ligatures: "==" and "--" must stay two characters.
    static const QString family = firstFamily({"DejaVu Sans Mono", "JetBrains Mono NL", "Noto Sans Mono"},
                                              QFontDatabase::systemFont(QFontDatabase::FixedFont).family());
    return family;
}

} // namespace

ThemeKind themeFromName(const QString& name)
{
    return name == QLatin1String("light")  ? ThemeKind::Light
           : name == QLatin1String("dark") ? ThemeKind::Dark
                                           : ThemeKind::System;
}

QColor Theme::colorOf(ColorRole role, bool dark)
{
    const Pair& pair = kColors.at(static_cast<std::size_t>(role));
    return QColor::fromRgb(dark ? pair.dark : pair.light);
}

QColor Theme::color(ColorRole role)
{
    return colorOf(role, s_dark);
}

bool Theme::isDark()
{
    return s_dark;
}

QFont Theme::font(TextStyle style)
{
    QFont font(style == TextStyle::Mono ? monoFamily() : sansFamily());
    font.setStyleHint(style == TextStyle::Mono ? QFont::Monospace : QFont::SansSerif);
    switch (style) {
    case TextStyle::Title:
        font.setPixelSize(20);
        font.setWeight(QFont::Medium);
        break;
    case TextStyle::Key:
        font.setPixelSize(15);
        font.setWeight(QFont::Medium);
        break;
    case TextStyle::SectionHead:
        font.setPixelSize(13);
        font.setWeight(QFont::Medium);
        break;
    case TextStyle::Label:
        font.setPixelSize(12);
        break;
    case TextStyle::Shortcut:
        font.setPixelSize(11);
        break;
    case TextStyle::Body:
    case TextStyle::Mono:
        font.setPixelSize(13);
        break;
    }
    return font;
}

QPalette Theme::palette(bool dark)
{
    const auto c = [dark](ColorRole role) { return colorOf(role, dark); };
    QPalette p;
    p.setColor(QPalette::Window, c(ColorRole::Work));
    p.setColor(QPalette::WindowText, c(ColorRole::Text));
    p.setColor(QPalette::Base, c(ColorRole::Work));
    p.setColor(QPalette::AlternateBase, c(ColorRole::Chrome));
    p.setColor(QPalette::ToolTipBase, c(ColorRole::Chrome));
    p.setColor(QPalette::ToolTipText, c(ColorRole::Text));
    p.setColor(QPalette::PlaceholderText, c(ColorRole::TextThird));
    p.setColor(QPalette::Text, c(ColorRole::Text));
    p.setColor(QPalette::Button, c(ColorRole::Work));
    p.setColor(QPalette::ButtonText, c(ColorRole::Text));
    p.setColor(QPalette::BrightText, c(ColorRole::Danger));
    p.setColor(QPalette::Link, c(ColorRole::Accent));
    p.setColor(QPalette::LinkVisited, c(ColorRole::Accent));
    p.setColor(QPalette::Highlight, c(ColorRole::AccentSoft));
    p.setColor(QPalette::HighlightedText, c(ColorRole::Text));
    p.setColor(QPalette::Light, c(ColorRole::Work));
    p.setColor(QPalette::Midlight, c(ColorRole::Sunken));
    p.setColor(QPalette::Mid, c(ColorRole::Rule));
    p.setColor(QPalette::Dark, c(ColorRole::StrongRule));
    p.setColor(QPalette::Shadow, c(ColorRole::ControlEdge));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, c(ColorRole::TextThird));
    return p;
}

void Theme::apply(QApplication& application, ThemeKind kind)
{
    initResources();
    if (kind == ThemeKind::System) {
        // Qt 6.4 does not tell the colour scheme; the desktop's own palette does.
        static const QPalette system = QApplication::palette();
        kind = system.color(QPalette::Window).lightness() < system.color(QPalette::WindowText).lightness()
                   ? ThemeKind::Dark
                   : ThemeKind::Light;
    }
    s_dark = kind == ThemeKind::Dark;
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setFont(font(TextStyle::Body));
    QApplication::setPalette(palette(s_dark));
    application.setStyleSheet(styleSheet());
}

void Theme::setTextStyle(QWidget* widget, TextStyle style, ColorRole color)
{
    widget->setFont(font(style));
    const char* name = "";
    switch (color) {
    case ColorRole::TextSecond:
        name = "second";
        break;
    case ColorRole::TextThird:
        name = "third";
        break;
    case ColorRole::Accent:
        name = "accent";
        break;
    case ColorRole::Danger:
        name = "danger";
        break;
    case ColorRole::Warning:
        name = "warning";
        break;
    case ColorRole::Passed:
        name = "passed";
        break;
    default:
        break;
    }
    widget->setProperty("tone", QString::fromLatin1(name));
    const QFont f = font(style);
    widget->setProperty("textStyle", QStringLiteral("%1/%2").arg(f.pixelSize()).arg(f.weight()));
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

void Theme::setPrimary(QWidget* button)
{
    button->setProperty("primary", true);
}

void Theme::setLink(QWidget* button)
{
    button->setProperty("link", true);
}

} // namespace espalier::views
