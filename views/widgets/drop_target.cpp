// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/drop_target.h"

#include "views/theme/theme.h"

#include <QCoreApplication>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QPainter>
#include <QUrl>

namespace espalier::views {

QString droppedPath(const QMimeData* data)
{
    const auto urls = data->urls();
    return urls.size() == 1 && urls.front().isLocalFile() ? urls.front().toLocalFile() : QString();
}

QString dropRefusal(const QString& path)
{
    const QFileInfo info(path);
    if (path.isEmpty())
        return QCoreApplication::translate("DropTarget", "One local folder or file at a time.");
    if (info.isDir())
        return QFileInfo(path + QStringLiteral("/config.json")).isFile()
                   ? QString()
                   : QCoreApplication::translate("DropTarget", "%1 holds no config.json.").arg(info.fileName());
    const QString suffix = info.suffix().toLower();
    if (suffix == QLatin1String("safetensors") || suffix == QLatin1String("gguf") ||
        suffix == QLatin1String("espalier"))
        return {};
    return QCoreApplication::translate("DropTarget", "%1 is neither a model nor a study.").arg(info.fileName());
}

DropTarget::DropTarget(QWidget* parent) : QWidget(parent)
{
    setAcceptDrops(true);
    setMinimumHeight(88);
    rest();
}

void DropTarget::rest()
{
    m_text = tr("Drop a model folder, a .safetensors or .gguf file, or a .espalier study here");
    m_second = tr("A wrong file never replaces the open one.");
    m_welcome = false;
    update();
}

void DropTarget::dragEnterEvent(QDragEnterEvent* event)
{
    const QString path = droppedPath(event->mimeData());
    const QString refusal = dropRefusal(path);
    m_welcome = refusal.isEmpty();
    m_text = m_welcome ? tr("Open %1").arg(QFileInfo(path).fileName()) : refusal;
    m_second.clear();
    // Accepted either way, so that the reason stays readable while it hovers; a refused drop does nothing.
    event->acceptProposedAction();
    update();
}

void DropTarget::dragLeaveEvent(QDragLeaveEvent*)
{
    rest();
}

void DropTarget::dropEvent(QDropEvent* event)
{
    const QString path = droppedPath(event->mimeData());
    rest();
    if (dropRefusal(path).isEmpty()) {
        event->acceptProposedAction();
        emit dropped(path);
    }
}

void DropTarget::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Theme::color(m_welcome ? ColorRole::AccentSoft : ColorRole::Chrome));
    painter.setPen(
        QPen(Theme::color(m_welcome ? ColorRole::Accent : ColorRole::StrongRule), m_welcome ? 2 : 1, Qt::DashLine));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    painter.setPen(Theme::color(ColorRole::TextSecond));
    const QRect inside = rect().adjusted(12, 8, -12, -8);
    painter.setFont(Theme::font(m_welcome ? TextStyle::SectionHead : TextStyle::Body));
    if (m_second.isEmpty()) {
        painter.drawText(inside, Qt::AlignCenter | Qt::TextWordWrap, m_text);
        return;
    }
    painter.drawText(inside.adjusted(0, 0, 0, -inside.height() / 3), Qt::AlignCenter | Qt::TextWordWrap, m_text);
    painter.setFont(Theme::font(TextStyle::Label));
    painter.drawText(inside.adjusted(0, 2 * inside.height() / 3 - 6, 0, 0), Qt::AlignCenter, m_second);
}

} // namespace espalier::views
