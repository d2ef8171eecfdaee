// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/report/report_pdf.h"

#include "core/base/file.h"
#include "core/base/version.h"
#include "core/report/html.h"
#include "core/report/report.h"
#include "views/report/report_texts.h"
#include "views/report/svg_object.h"

#include <QFile>
#include <QPageLayout>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextTable>

namespace espalier::views {
namespace {

constexpr qreal kText = 9, kSmall = 7.5;

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

/// Appends blocks to a text document.
class Setter {
public:
    explicit Setter(QTextDocument& document) : m_cursor(&document) {}

    void heading(const QString& words, int level)
    {
        QTextBlockFormat block;
        block.setTopMargin(level == 1 ? 0 : 18);
        block.setBottomMargin(6);
        block.setHeadingLevel(level);
        block.setPageBreakPolicy(level == 2 && m_begun ? QTextFormat::PageBreak_AlwaysBefore
                                                       : QTextFormat::PageBreak_Auto);
        QTextCharFormat letters;
        letters.setFontPointSize(level == 1 ? 18 : 14);
        letters.setFontWeight(QFont::Medium);
        put(block, letters, words);
    }
    void paragraph(const QString& words, const QColor& colour = Qt::black, qreal size = kText)
    {
        QTextBlockFormat block;
        block.setBottomMargin(6);
        QTextCharFormat letters;
        letters.setFontPointSize(size);
        letters.setForeground(colour);
        put(block, letters, words);
    }
    void operator()(const report::Paragraph& p)
    {
        paragraph(text(p.text), p.warning ? QColor(0x7A, 0x33, 0) : Qt::black);
    }
    void operator()(const report::Commands& commands)
    {
        for (const auto& line : commands.lines) {
            QTextBlockFormat block;
            block.setBottomMargin(3);
            block.setBackground(QColor(0xF4, 0xF5, 0xF7));
            QTextCharFormat letters;
            letters.setFontFamilies({QStringLiteral("DejaVu Sans Mono"), QStringLiteral("monospace")});
            letters.setFontPointSize(kSmall);
            put(block, letters, text(line));
        }
    }
    void operator()(const report::Figure& figure)
    {
        QTextBlockFormat block;
        block.setTopMargin(8);
        put(block, {}, {});
        m_cursor.insertText(QString(QChar::ObjectReplacementCharacter), SvgObject::format(figure));
        if (!figure.caption.empty())
            paragraph(text(figure.caption), QColor(0x44, 0x44, 0x44), kSmall);
    }
    void operator()(const report::Table& table)
    {
        if (table.folded || table.columns.empty())
            return;
        if (!table.caption.empty())
            paragraph(text(table.caption), QColor(0x44, 0x44, 0x44), kText);
        QTextTableFormat format;
        format.setBorder(0);
        format.setCellPadding(2);
        format.setCellSpacing(0);
        format.setHeaderRowCount(1); // repeated on every page
        format.setWidth(QTextLength(QTextLength::PercentageLength, table.columns.size() > 4 ? 100 : 70));
        put({}, {}, {});
        QTextTable* grid = m_cursor.insertTable(static_cast<int>(table.rows.size() + 1),
                                                static_cast<int>(table.columns.size()), format);
        for (std::size_t c = 0; c < table.columns.size(); ++c)
            cell(*grid, 0, c, table.columns[c], text(table.columns[c].title), true);
        for (std::size_t r = 0; r < table.rows.size(); ++r)
            for (std::size_t c = 0; c < table.columns.size(); ++c)
                cell(*grid, r + 1, c, table.columns[c], text(table.rows[r][c]), false);
        m_cursor.movePosition(QTextCursor::End);
    }

private:
    void put(const QTextBlockFormat& block, const QTextCharFormat& letters, const QString& words)
    {
        if (m_begun)
            m_cursor.insertBlock(block, letters);
        else
            m_cursor.setBlockFormat(block);
        m_cursor.insertText(words, letters);
        m_begun = true;
    }
    static void cell(QTextTable& grid, std::size_t row, std::size_t column, const report::Column& kind,
                     const QString& words, bool head)
    {
        QTextTableCell place = grid.cellAt(static_cast<int>(row), static_cast<int>(column));
        QTextTableCellFormat frame;
        frame.setBottomBorder(0.5);
        frame.setBottomBorderStyle(QTextFrameFormat::BorderStyle_Solid);
        frame.setBottomBorderBrush(QColor(0xBB, 0xBB, 0xBB));
        place.setFormat(frame);
        QTextBlockFormat block;
        block.setAlignment(kind.number ? Qt::AlignRight : Qt::AlignLeft);
        QTextCharFormat letters;
        letters.setFontPointSize(kSmall);
        letters.setFontWeight(head ? QFont::Medium : QFont::Normal);
        QTextCursor inside = place.firstCursorPosition();
        inside.setBlockFormat(block);
        inside.insertText(words, letters);
    }

    QTextCursor m_cursor;
    bool m_begun = false;
};

Error fileError(const QString& path, const QString& reason)
{
    return badInput("the PDF cannot be written: " + reason.toStdString(), path.toStdString(), {},
                    "Choose a folder that exists and that you may write to");
}

} // namespace

Result<void> writeReportPdf(const report::Document& document, const QString& path)
{
    QTextDocument pages;
    SvgObject handler;
    pages.documentLayout()->registerHandler(SvgObject::kType, &handler);
    QFont font(QStringLiteral("Roboto"));
    font.setFamilies({QStringLiteral("Roboto"), QStringLiteral("Noto Sans"), QStringLiteral("Noto Sans CJK SC")});
    font.setPointSizeF(kText);
    pages.setDefaultFont(font);
    Setter setter(pages);
    setter.heading(text(document.title), 1);
    setter.paragraph(text(document.subtitle), QColor(0x44, 0x44, 0x44));
    bool first = true;
    for (const auto& section : document.sections) {
        setter.heading(text(section.title), first ? 3 : 2);
        first = false;
        for (const auto& block : section.blocks)
            std::visit(setter, block);
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fileError(path, file.errorString());
    {
        QPdfWriter writer(&file);
        writer.setResolution(300);
        writer.setTitle(text(document.title));
        writer.setCreator(QStringLiteral("Espalier ") + QLatin1String(base::kVersion));
        writer.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Landscape, QMarginsF(0, 0, 0, 0),
                                         QPageLayout::Millimeter));
        pages.print(&writer); // with margins of 2 cm and page numbers
    }
    if (!file.commit())
        return fileError(path, file.errorString());
    return {};
}

Result<void> writeReport(const QString& study, const QString& path)
{
    ESPALIER_TRY(const auto file, study::Study::open(study.toStdString(), study::OpenMode::ReadOnly));
    report::ReportRequest request;
    request.texts = reportTexts();
    request.language = reportLanguage();
    ESPALIER_TRY(const auto document, report::makeReport(file, request));
    if (path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive))
        return writeReportPdf(document, path);
    return base::writeFileAtomically(path.toStdString(), report::toHtml(document));
}

} // namespace espalier::views
