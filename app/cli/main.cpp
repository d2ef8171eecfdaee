// SPDX-License-Identifier: Apache-2.0
// Interrupts (Ctrl+C, SIGTERM) are taken by a thread of their own, which asks the job to stop; a second one ends at
// once.
#include "app/cli/command.h"

#include <csignal>
#include <cstdlib>
#include <pthread.h>
#include <stop_token>
#include <thread>
#include <unistd.h>

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN); // beyond `ulimit -f` a write fails like one on a full disk
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr); // before any thread is made, so that all inherit it
    std::stop_source stop;
    std::thread([signals, stop]() mutable {
        int signal = 0;
        sigwait(&signals, &signal);
        stop.request_stop();
        sigwait(&signals, &signal);
        _exit(static_cast<int>(espalier::ErrorCode::Cancelled));
    }).detach();
    return espalier::cli::runProgram(argc, argv, stop.get_token());
}
