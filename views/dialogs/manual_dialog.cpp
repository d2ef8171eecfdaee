// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/dialogs/manual_dialog.h"

#include "views/theme/theme.h"

#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHash>
#include <QImage>
#include <QListWidget>
#include <QPushButton>
#include <QResizeEvent>
#include <QTextBrowser>

#include <algorithm>

static void initManual()
{
    Q_INIT_RESOURCE(manual); // lies in a static library
}

namespace espalier::views {

namespace {

/// A text document shows pictures in their own size; here they are at most as wide as the page.
class ManualText : public QTextBrowser {
protected:
    QVariant loadResource(int type, const QUrl& name) override
    {
        const QVariant loaded = QTextBrowser::loadResource(type, name);
        if (type != QTextDocument::ImageResource)
            return loaded;
        // Pictures with a palette would be scaled into that palette, by dots.
        const QImage picture = QImage::fromData(loaded.toByteArray()).convertToFormat(QImage::Format_RGB32);
        if (picture.isNull())
            return loaded;
        m_pictures.insert(name, picture);
        return fitted(picture);
    }

    void resizeEvent(QResizeEvent* event) override
    {
        QTextBrowser::resizeEvent(event);
        if (m_pictures.isEmpty() || event->oldSize().width() == event->size().width())
            return;
        for (auto picture = m_pictures.cbegin(); picture != m_pictures.cend(); ++picture)
            document()->addResource(QTextDocument::ImageResource, picture.key(), fitted(picture.value()));
        document()->markContentsDirty(0, document()->characterCount());
    }

private:
    [[nodiscard]] QImage fitted(const QImage& picture) const
    {
        const int room = viewport()->width() - 2 * grid::kPagePadding;
        if (room <= 0 || picture.width() <= room)
            return picture;
        // As many pixels as the screen can show, so that small print stays readable.
        QImage scaled = picture.scaledToWidth(std::min(picture.width(), qRound(room * devicePixelRatioF())),
                                              Qt::SmoothTransformation);
        scaled.setDevicePixelRatio(static_cast<qreal>(scaled.width()) / room);
        return scaled;
    }

    QHash<QUrl, QImage> m_pictures; ///< in their own size
};

} // namespace

ManualDialog::ManualDialog(QWidget* parent) : QDialog(parent), m_list(new QListWidget), m_text(new ManualText)
{
    initManual();
    setWindowTitle(tr("Manual"));
    resize(1100, 760);
    const QStringList titles{tr("Contents"),    tr("Start"),          tr("Overview"),     tr("Compare"),
                             tr("Planner"),     tr("Validation"),     tr("Export"),       tr("Concepts"),
                             tr("Methods"),     tr("Carving"),        tr("Merging"),      tr("Command line"),
                             tr("GPU and MPI"), tr("From elsewhere"), tr("File formats"), tr("Troubleshooting")};
    m_list->addItems(titles);
    m_list->setFixedWidth(176);
    m_list->setAccessibleName(tr("Pages of the manual"));
    m_text->setAccessibleName(tr("Manual"));
    m_text->setOpenExternalLinks(true);
    m_text->document()->setDocumentMargin(grid::kPagePadding);
    auto* back = new QPushButton(tr("Back"));
    auto* close = new QPushButton(tr("Close"));
    back->setEnabled(false);
    auto* side = new QVBoxLayout;
    side->addWidget(m_list, 1);
    side->addWidget(back);
    side->addWidget(close);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(grid::kGroupGap, grid::kGroupGap, grid::kGroupGap, grid::kGroupGap);
    row->setSpacing(grid::kGroupGap);
    row->addLayout(side);
    row->addWidget(m_text, 1);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int index) { showPage(pages().value(index)); });
    connect(back, &QPushButton::clicked, m_text, &QTextBrowser::backward);
    connect(m_text, &QTextBrowser::backwardAvailable, back, &QWidget::setEnabled);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_text, &QTextBrowser::sourceChanged, this, &ManualDialog::sourceChanged);
    showPage({});
}

QStringList ManualDialog::pages()
{
    return {QStringLiteral("index"),          QStringLiteral("start"),    QStringLiteral("overview"),
            QStringLiteral("compare"),        QStringLiteral("planner"),  QStringLiteral("validation"),
            QStringLiteral("export"),         QStringLiteral("concepts"), QStringLiteral("methods"),
            QStringLiteral("carve"),          QStringLiteral("merging"),  QStringLiteral("command-line"),
            QStringLiteral("machines"),       QStringLiteral("exchange"), QStringLiteral("formats"),
            QStringLiteral("troubleshooting")};
}

QString ManualDialog::page() const
{
    return QFileInfo(m_text->source().path()).completeBaseName();
}

void ManualDialog::showPage(const QString& name)
{
    const QString known = pages().contains(name) ? name : pages().first();
    if (known != page())
        m_text->setSource(QUrl(QStringLiteral("qrc:/manual/%1.md").arg(known)), QTextDocument::MarkdownResource);
}

void ManualDialog::sourceChanged()
{
    const QSignalBlocker quiet(m_list);
    m_list->setCurrentRow(static_cast<int>(pages().indexOf(page())));
}

} // namespace espalier::views
