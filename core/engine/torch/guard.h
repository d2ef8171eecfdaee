// SPDX-License-Identifier: Apache-2.0
// The border between the engine's face and libtorch: thread count and places, inference mode, exceptions to errors.
#pragma once

#include "core/base/result.h"
#include "core/engine/torch/thread_pins.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>
#include <new>
#include <string>

namespace espalier::engine {

/// The error for an exception of libtorch: its allocator reports missing memory by message only.
[[nodiscard]] inline base::Error errorOf(const c10::Error& failure)
{
    const std::string what = failure.what_without_backtrace();
    if (what.find("allocate memory") != std::string::npos)
        return base::noResources("not enough memory for the computation: " + what, "Close other programs, or use "
                                                                                   "fewer or shorter texts");
    return base::internalError("libtorch: " + what);
}

/// Runs `work`, which returns a Result, with `threads` threads.
template <typename Work>
auto guarded(int threads, const Work& work) -> decltype(work())
{
    try {
        // The count is a property of the calling thread's OpenMP environment, and an engine may have moved to another.
        if (at::get_num_threads() != threads)
            at::set_num_threads(threads);
        const ThreadPins pins(threads);
        const c10::InferenceMode inference;
        return work();
    } catch (const std::bad_alloc&) {
        return base::noResources("not enough memory for the computation", "Close other programs, or use fewer or "
                                                                          "shorter texts");
    } catch (const c10::Error& failure) {
        return errorOf(failure);
    } catch (const std::exception& failure) {
        return base::internalError(failure.what());
    }
}

} // namespace espalier::engine
