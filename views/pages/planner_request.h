// SPDX-License-Identifier: GPL-3.0-or-later
// Left column of the planner: the questions. Budget and slider are one quantity; what is typed or dragged goes to the
// PlanEditor, what the editor holds is shown.
#pragma once

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFrame;
class QLabel;
class QPushButton;
class QSlider;
class QSpinBox;
class QVBoxLayout;

namespace espalier::views {

class DeviceList;
class PlanEditor;
class SliderScale;

class PlannerRequest : public QWidget {
    Q_OBJECT
public:
    explicit PlannerRequest(PlanEditor* editor, QWidget* parent = nullptr);

private:
    void buildBudget(QVBoxLayout* column);
    void buildKeep(QVBoxLayout* column);
    void buildMethod(QVBoxLayout* column);
    void buildProtect(QVBoxLayout* column);
    void buildWarning(QVBoxLayout* column);
    void show(); // what the editor holds
    void markMethods();
    void showWarning();
    void sendDeployment();

    PlanEditor* m_editor;
    bool m_showing = false;
    int m_unit = 2;
    QDoubleSpinBox* m_budget = nullptr;
    QLabel* m_budgetUnit = nullptr;
    DeviceList* m_devices = nullptr;
    QSpinBox* m_context = nullptr;
    QSpinBox* m_sequences = nullptr;
    QComboBox* m_cache = nullptr;
    QLabel* m_keptText = nullptr;
    QSlider* m_slider = nullptr;
    SliderScale* m_scale = nullptr;
    QComboBox* m_method = nullptr;
    QLabel* m_methodMeaning = nullptr;
    QSpinBox* m_seed = nullptr;
    QWidget* m_exponentLine = nullptr;
    QDoubleSpinBox* m_countExponent = nullptr;
    QComboBox* m_moment = nullptr;
    QComboBox* m_allocator = nullptr;
    QCheckBox* m_oneCount = nullptr;
    QSpinBox* m_minimum = nullptr;
    QCheckBox* m_super = nullptr;
    QCheckBox* m_outliers = nullptr;
    QCheckBox* m_floor = nullptr;
    QSpinBox* m_floorShare = nullptr;
    QCheckBox* m_locks = nullptr;
    QFrame* m_warning = nullptr;
    QLabel* m_warningHead = nullptr;
    QLabel* m_warningText = nullptr;
    QPushButton* m_remedy = nullptr;
};

} // namespace espalier::views
