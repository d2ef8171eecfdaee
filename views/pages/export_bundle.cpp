// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/export_bundle.h"

#include "views/theme/format.h"
#include "views/widgets/labels.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QPushButton>
#include <QTableWidget>
#include <QTextBrowser>

namespace espalier::views {

namespace {

constexpr qint64 kPaperLimit = 8 << 20; ///< bytes of a paper that is shown

std::uint64_t bytesOf(const QJsonObject& object, const char* key)
{
    return static_cast<std::uint64_t>(object.value(QLatin1String(key)).toInteger());
}

} // namespace

BundleView::BundleView(QWidget* parent)
    : QWidget(parent), m_head(caption()), m_files(new QTableWidget(0, 3)), m_card(new QPushButton(tr("Model card"))),
      m_recipe(new QPushButton(tr("Recipe")))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(grid::kInsideGap);
    auto* head = new QHBoxLayout;
    head->addWidget(sectionHead(tr("Bundle")));
    head->addWidget(m_head, 1);
    column->addLayout(head);
    m_files->setObjectName(QStringLiteral("files"));
    m_files->setAccessibleName(tr("Files of the bundle"));
    m_files->setHorizontalHeaderLabels({tr("File"), tr("Bytes"), tr("SHA-256")});
    m_files->setEditTriggers(QAbstractItemView::NoEditTriggers);
    makePlainTable(m_files);
    m_files->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_files->horizontalHeaderItem(1)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_files->horizontalHeader()->resizeSection(0, 180);
    m_files->horizontalHeader()->resizeSection(1, 110);
    m_files->horizontalHeader()->setStretchLastSection(true);
    column->addWidget(m_files, 1);
    auto* papers = new QHBoxLayout;
    m_card->setObjectName(QStringLiteral("card"));
    m_recipe->setObjectName(QStringLiteral("recipe"));
    m_card->setToolTip(tr("README.md of the bundle: how it was made, what was measured, how to load it"));
    m_recipe->setToolTip(tr("recipe.json of the bundle: the plan and its provenance"));
    papers->addWidget(m_card);
    papers->addWidget(m_recipe);
    papers->addStretch(1);
    column->addLayout(papers);
    connect(m_card, &QPushButton::clicked, this, [this] { showPaper(tr("Model card"), QStringLiteral("README.md")); });
    connect(m_recipe, &QPushButton::clicked, this, [this] { showPaper(tr("Recipe"), QStringLiteral("recipe.json")); });
    clear();
}

void BundleView::clear()
{
    m_folder.clear();
    m_files->setRowCount(0);
    m_head->setText(tr("files, sizes and hashes after writing"));
    setTone(m_head, ColorRole::TextSecond);
    m_card->setEnabled(false);
    m_recipe->setEnabled(false);
}

void BundleView::showResult(const QJsonObject& result)
{
    m_folder = result.value(QLatin1String("directory")).toString();
    const QJsonArray files = result.value(QLatin1String("files")).toArray();
    m_files->setRowCount(static_cast<int>(files.size()));
    std::uint64_t total = 0;
    for (int row = 0; row < files.size(); ++row) {
        const QJsonObject file = files[row].toObject();
        total += bytesOf(file, "bytes");
        auto* size = new QTableWidgetItem(format::count(file.value(QLatin1String("bytes")).toInteger()));
        size->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        auto* hash = new QTableWidgetItem(file.value(QLatin1String("sha256")).toString());
        hash->setFont(Theme::font(TextStyle::Mono));
        hash->setToolTip(hash->text());
        m_files->setItem(row, 0, new QTableWidgetItem(file.value(QLatin1String("name")).toString()));
        m_files->setItem(row, 1, size);
        m_files->setItem(row, 2, hash);
    }
    const bool there = QFileInfo(m_folder).isDir();
    m_head->setText(there ? tr("%n file(s), %1; tensors %2, predicted %3", nullptr, static_cast<int>(files.size()))
                                .arg(format::bytes(total), format::bytes(bytesOf(result, "bytes")),
                                     format::bytes(bytesOf(result, "predicted_bytes")))
                          : tr("written to %1, which is no longer there").arg(m_folder));
    setTone(m_head, there ? ColorRole::TextSecond : ColorRole::Warning);
    m_card->setEnabled(there);
    m_recipe->setEnabled(there);
}

QString BundleView::paper(const QString& name) const
{
    QFile file(m_folder + QLatin1Char('/') + name);
    return !m_folder.isEmpty() && file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.read(kPaperLimit))
                                                                 : QString();
}

void BundleView::showPaper(const QString& title, const QString& name)
{
    auto* dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("%1 of %2").arg(title, QFileInfo(m_folder).fileName()));
    dialog->resize(760, 620);
    auto* column = new QVBoxLayout(dialog);
    auto* text = new QTextBrowser;
    text->setAccessibleName(title);
    text->setOpenLinks(false);
    const QString content = paper(name);
    if (content.isEmpty())
        text->setPlainText(tr("%1 could not be read from %2.").arg(name, m_folder));
    else if (name.endsWith(QLatin1String(".md")))
        text->setMarkdown(content.section(QStringLiteral("\n---\n"), 1).isEmpty() ||
                                  !content.startsWith(QLatin1String("---"))
                              ? content
                              : content.section(QStringLiteral("\n---\n"), 1)); // the hub's metadata are no text
    else {
        text->setFont(Theme::font(TextStyle::Mono));
        text->setPlainText(content);
    }
    column->addWidget(text);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->button(QDialogButtonBox::Close)->setText(tr("Close"));
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    column->addWidget(buttons);
    dialog->show();
}

} // namespace espalier::views
