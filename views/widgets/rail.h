// SPDX-License-Identifier: GPL-3.0-or-later
// The rail at the left: the model, the pages with the state each is in, the running job.
#pragma once

#include <QAbstractListModel>
#include <QPointer>
#include <QWidget>

class QLabel;
class QListView;
class QProgressBar;

namespace espalier::views {

class Job;
class Page;
class Session;

class RailModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { StateTextRole = Qt::UserRole + 1, UsableRole, ShortcutRole };
    explicit RailModel(QList<Page*> pages, QObject* parent = nullptr);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    QList<QPointer<Page>> m_pages;
};

class Rail : public QWidget {
    Q_OBJECT
public:
    Rail(Session* session, const QList<Page*>& pages, QWidget* parent = nullptr);
    void setCurrent(int row);
    [[nodiscard]] QListView* list() const { return m_list; }
    [[nodiscard]] RailModel* model() const { return m_model; }

signals:
    void pageChosen(int row);
    void jobsClicked();

private:
    void showModel();
    void showJob();

    Session* m_session;
    RailModel* m_model;
    QListView* m_list;
    QLabel* m_name;
    QLabel* m_facts;
    QLabel* m_jobTitle;
    QLabel* m_jobState;
    QLabel* m_jobFigures;
    QProgressBar* m_jobBar;
};

} // namespace espalier::views
