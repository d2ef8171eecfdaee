// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/export_placement.h"

#include "core/base/file.h"
#include "views/pages/export_texts.h"
#include "views/theme/format.h"
#include "views/widgets/labels.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QPushButton>
#include <QVBoxLayout>

namespace espalier::views {

PlacementNote::PlacementNote(QWidget* parent)
    : QFrame(parent), m_text(caption()), m_copy(new QPushButton(tr("Copy command"))),
      m_save(new QPushButton(tr("Save placement…")))
{
    setObjectName(QStringLiteral("banner"));
    setProperty("kind", QStringLiteral("note"));
    auto* box = new QVBoxLayout(this);
    box->addWidget(sectionHead(tr("Place, don’t prune")));
    box->addWidget(m_text);
    auto* buttons = new QHBoxLayout;
    m_copy->setObjectName(QStringLiteral("copyPlacement"));
    m_save->setObjectName(QStringLiteral("savePlacement"));
    m_save->setToolTip(tr("The value of llama.cpp’s --override-tensor as a text file"));
    for (QPushButton* button : {m_copy, m_save}) {
        Theme::setLink(button);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    box->addLayout(buttons);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(command()); });
    connect(m_save, &QPushButton::clicked, this, [this] {
        const QString path =
            QFileDialog::getSaveFileName(this, tr("Save placement"), m_name + QStringLiteral("-placement.txt"));
        if (const QString fault = path.isEmpty() ? QString() : save(path); !fault.isEmpty())
            emit failed(fault);
    });
}

void PlacementNote::setPlan(const plan::Plan& plan, const model::ModelSummary& model, const QString& folder,
                            const QString& gguf)
{
    m_folder = folder;
    m_gguf = gguf;
    m_name = QString::fromStdString(plan.name);
    const auto placement = exchange::placeLayers(plan, model);
    m_placement = placement ? std::optional(*placement) : std::nullopt;
    if (!m_placement)
        m_text->setText(tr("This plan keeps every expert: nothing has to leave the device."));
    else
        m_text->setText(
            tr("If the machine has %1 of RAM to spare, keep every expert: within the memory of this plan’s experts "
               "llama.cpp holds those of %2 of %3 layers on the device (%4) and computes the others from RAM. Slower, "
               "but no quality is lost.")
                .arg(format::bytes(m_placement->bytesElsewhere))
                .arg(m_placement->layersOnDevice)
                .arg(m_placement->layers)
                .arg(format::bytes(m_placement->bytesOnDevice)));
    m_copy->setEnabled(m_placement.has_value());
    m_save->setEnabled(m_placement.has_value());
    m_copy->setToolTip(command());
}

QString PlacementNote::command() const
{
    return m_placement ? ExportTexts::placeCommand(m_folder, m_gguf, QString::fromStdString(m_placement->override))
                       : QString();
}

QString PlacementNote::save(const QString& path) const
{
    if (!m_placement)
        return {};
    const auto written = base::writeFileAtomically(path.toStdString(), m_placement->override + "\n");
    return written ? QString() : QString::fromStdString(written.error().text());
}

} // namespace espalier::views
