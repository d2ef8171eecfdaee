// SPDX-License-Identifier: GPL-3.0-or-later
// A dashed place that takes one model folder, .safetensors file or study; says what it will do while something hovers.
#pragma once

#include <QString>
#include <QWidget>

class QMimeData;

namespace espalier::views {

/// The one local path that is dragged; empty when there is none, or several.
[[nodiscard]] QString droppedPath(const QMimeData* data);
/// Why a path cannot be opened, empty when it can. Looks at names only.
[[nodiscard]] QString dropRefusal(const QString& path);

class DropTarget : public QWidget {
    Q_OBJECT
public:
    explicit DropTarget(QWidget* parent = nullptr);
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] QSize sizeHint() const override { return {380, 88}; }

signals:
    void dropped(const QString& path);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void rest();
    QString m_text, m_second;
    bool m_welcome = false;
};

} // namespace espalier::views
