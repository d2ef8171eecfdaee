// SPDX-License-Identifier: GPL-3.0-or-later
// Computes values beside the window's thread, one at a time; of those asked for meanwhile only the latest is computed,
// and only the latest is handed over. For what takes longer than a frame on large models. GUI thread.
#pragma once

#include <QFutureWatcher>
#include <QtConcurrentRun>

#include <functional>
#include <memory>
#include <new>
#include <utility>

namespace espalier::views {

template <typename Value>
class Latest {
public:
    using Work = std::function<Value()>;
    using Shared = std::shared_ptr<const Value>;

    explicit Latest(std::function<void(const Shared&)> done) : m_done(std::move(done))
    {
        QObject::connect(&m_watcher, &QFutureWatcher<Shared>::finished, &m_watcher, [this] { finished(); });
    }

    /// `work` runs in another thread: it must own, or share, what it reads.
    void run(Work work)
    {
        m_wanted = true;
        if (m_watcher.isRunning())
            m_next = std::move(work);
        else
            start(std::move(work));
    }
    /// Whatever is under way is not handed over.
    void drop()
    {
        m_wanted = false;
        m_next = nullptr;
    }
    [[nodiscard]] bool isWaiting() const { return m_wanted; }

private:
    void start(Work work)
    {
        m_watcher.setFuture(QtConcurrent::run([work = std::move(work)]() -> Shared {
            try {
                return std::make_shared<const Value>(work());
            } catch (const std::bad_alloc&) {
                return nullptr; // what was shown before stays
            }
        }));
    }
    void finished()
    {
        if (m_next) {
            start(std::exchange(m_next, nullptr));
        } else if (const Shared value = m_watcher.result(); std::exchange(m_wanted, false) && value) {
            m_done(value);
        }
    }

    std::function<void(const Shared&)> m_done;
    QFutureWatcher<Shared> m_watcher;
    Work m_next;
    bool m_wanted = false;
};

} // namespace espalier::views
