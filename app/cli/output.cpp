// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "core/base/file.h"
#include "core/base/version.h"

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace espalier::cli {

namespace {

/// Messages are a courtesy: when nobody can read them the work goes on, and the exit code still tells.
void toStderr(const std::string& text)
{
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

} // namespace

struct Output::Meter {
    base::ProgressMeter meter;
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    double lastShown = -1;
    std::string lastPhase;
    bool lineOpen = false;
    [[nodiscard]] double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
};

Output::Output(std::string command, bool json, ProgressMode progress, std::stop_token stop)
    : m_command(std::move(command)), m_json(json), m_progress(progress), m_stop(std::move(stop)),
      m_meter(std::make_unique<Meter>())
{
    if (m_progress == ProgressMode::Auto)
        m_progress = isatty(STDERR_FILENO) != 0 ? ProgressMode::Text : ProgressMode::None;
    if (m_progress == ProgressMode::Json)
        line({{"type", "hello"},
              {"program", "espalier"},
              {"version", base::kVersion},
              {"command", m_command},
              {"pid", getpid()}});
}

Output::~Output()
{
    clearLine();
}

void Output::line(const base::OrderedJson& object)
{
    const std::string text = object.dump(-1, ' ', false, base::OrderedJson::error_handler_t::replace) + "\n";
    toStderr(text);
}

void Output::clearLine()
{
    if (m_meter->lineOpen)
        std::fputs("\r\033[K", stderr);
    m_meter->lineOpen = false;
}

void Output::result(const base::OrderedJson& document, const std::string& text)
{
    clearLine();
    if (m_progress == ProgressMode::Json)
        line({{"type", "result"}, {"command", m_command}, {"result", document}});
    if (m_json) {
        write(document.dump(2, ' ', false, base::OrderedJson::error_handler_t::replace) + "\n");
    } else {
        write(text);
    }
}

void Output::write(const std::string& text)
{
    errno = 0;
    const std::size_t put = std::fwrite(text.data(), 1, text.size(), stdout);
    if ((put != text.size() || std::fflush(stdout) != 0) && m_writeError == 0)
        m_writeError = errno != 0 ? errno : EIO;
}

Result<void> Output::finish() const
{
    if (m_writeError != 0)
        return base::systemError("standard output", "cannot write", m_writeError);
    return {};
}

void Output::print(const std::string& text)
{
    if (m_json)
        return;
    clearLine();
    write(text);
}

void Output::say(const std::string& text)
{
    if (m_progress == ProgressMode::Json) {
        line({{"type", "log"}, {"text", text}});
        return;
    }
    clearLine();
    toStderr(text + "\n");
}

void Output::error(const Error& error)
{
    clearLine();
    if (m_progress == ProgressMode::Json) {
        line({{"type", "error"},
              {"code", static_cast<int>(error.code)},
              {"message", error.message},
              {"file", error.file},
              {"place", error.place},
              {"remedy", error.remedy}});
        return;
    }
    toStderr(fmt::format("espalier{}{}: {}\n", m_command.empty() ? "" : " ", m_command, error.text()));
}

base::JobContext Output::job()
{
    base::JobContext context;
    context.progress = [this](const base::ProgressEvent& event) { progress(event); };
    context.log = [this](const std::string& text) { say(text); };
    context.stop = m_stop;
    return context;
}

void Output::progress(const base::ProgressEvent& event)
{
    if (m_progress == ProgressMode::None)
        return;
    const double now = m_meter->seconds();
    const auto reading = m_meter->meter.update(event, now);
    const bool phaseChanged = event.phase != m_meter->lastPhase;
    const bool complete = event.total > 0 && event.done >= event.total;
    // Ten lines a second are enough for eyes and for the studio.
    if (!phaseChanged && !complete && now - m_meter->lastShown < 0.1)
        return;
    m_meter->lastShown = now;
    m_meter->lastPhase = event.phase;
    if (m_progress == ProgressMode::Json) {
        base::OrderedJson object{
            {"type", "progress"},   {"phase", event.phase},       {"done", event.done},
            {"total", event.total}, {"unit", event.unit},         {"percent", reading.percent},
            {"rate", reading.rate}, {"seconds", reading.seconds}, {"seconds_left", reading.secondsLeft}};
        line(object);
        return;
    }
    std::string text = event.phase;
    if (reading.percent >= 0)
        text += fmt::format("  {:3.0f} %", reading.percent);
    if (reading.rate > 0)
        text += fmt::format("  {:.0f} {}/s", reading.rate, event.unit);
    if (reading.secondsLeft >= 0)
        text += fmt::format("  {:.0f} s left", std::ceil(reading.secondsLeft));
    toStderr("\r\033[K" + text);
    m_meter->lineOpen = true;
}

} // namespace espalier::cli
