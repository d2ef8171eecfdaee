// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plan/plan_command.h"

namespace espalier::views {

PlanCommand::PlanCommand(PlanState before, PlanState after, Describe describe, MergeKey key, Apply apply)
    : m_before(std::move(before)), m_after(std::move(after)), m_describe(std::move(describe)), m_key(key),
      m_apply(std::move(apply)), m_time(QDateTime::currentDateTime())
{
    setText(m_describe(m_before, m_after));
}

void PlanCommand::undo()
{
    m_apply(m_before);
}

void PlanCommand::redo()
{
    m_apply(m_after);
}

int PlanCommand::id() const
{
    return m_key.kind;
}

bool PlanCommand::mergeWith(const QUndoCommand* other)
{
    const auto* next = static_cast<const PlanCommand*>(other); // same id, so the same class
    if (next->m_key.gesture != m_key.gesture)
        return false;
    m_after = next->m_after;
    m_time = next->m_time;
    setText(m_describe(m_before, m_after));
    setObsolete(m_before == m_after);
    return true;
}

} // namespace espalier::views
