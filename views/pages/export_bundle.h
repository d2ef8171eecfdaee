// SPDX-License-Identifier: GPL-3.0-or-later
// A written bundle: its files with sizes and hashes, its model card and recipe to read.
#pragma once

#include <QJsonObject>
#include <QWidget>

class QLabel;
class QPushButton;
class QTableWidget;

namespace espalier::views {

class BundleView : public QWidget {
    Q_OBJECT
public:
    explicit BundleView(QWidget* parent = nullptr);

    /// What `espalier export --json` says of a bundle. A folder that is gone is said to be.
    void showResult(const QJsonObject& result);
    void clear();
    /// Text of README.md or recipe.json of the bundle; empty when it cannot be read.
    [[nodiscard]] QString paper(const QString& name) const;

private:
    void showPaper(const QString& title, const QString& name);

    QString m_folder;
    QLabel* m_head;
    QTableWidget* m_files;
    QPushButton* m_card;
    QPushButton* m_recipe;
};

} // namespace espalier::views
