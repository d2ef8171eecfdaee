// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over its seeds and a fixed number of mutations of them, the same ones every time:
//   fuzz_NAME [--runs N] [--only I] [--seeds FOLDER]
// --only repeats one input (a failure names its number) and writes it to standard output; --seeds writes the seeds as
// files, for libFuzzer.
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/mutate.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sys/resource.h>
#include <unistd.h>

using namespace espalier;

namespace {

constexpr unsigned kSecondsPerInput = 30;
constexpr rlim_t kAddressSpace = rlim_t{3} << 30U; // a size that is believed and asked for fails here

volatile std::sig_atomic_t g_input = 0;

/// Only calls that are allowed in a signal handler.
extern "C" void onSignal(int signal)
{
    char text[] = "\ncrash or no end at input 0000000000; repeat it with --only\n";
    int input = g_input;
    for (char* digit = std::strchr(text, '0') + 9; input > 0; input /= 10)
        *digit-- = static_cast<char>('0' + input % 10);
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

int run(const std::string& input)
{
    alarm(kSecondsPerInput);
    const int result = LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    alarm(0);
    return result;
}

/// Each input has a generator of its own, so that one can be repeated alone.
std::string inputOf(const std::vector<std::string>& seeds, std::size_t number)
{
    if (number < seeds.size())
        return seeds[number];
    fuzz::Random random(number);
    return fuzz::mutate(seeds, static_cast<std::size_t>(random() % seeds.size()), random);
}

int work(std::size_t runs, std::ptrdiff_t only)
{
    const auto seeds = fuzz::fuzzSeeds();
    if (only >= 0) {
        const std::string input = inputOf(seeds, static_cast<std::size_t>(only));
        std::cout << input << std::flush;
        return run(input) > 0 ? 1 : 0;
    }
    std::size_t accepted = 0, failed = 0;
    for (std::size_t i = 0; i < seeds.size() + runs; ++i) {
        g_input = static_cast<std::sig_atomic_t>(i);
        try {
            const bool taken = run(inputOf(seeds, i)) == 0;
            accepted += taken ? 1 : 0;
            if (i < seeds.size() && !taken)
                throw std::runtime_error("a seed is refused");
        } catch (const std::exception& error) {
            std::cerr << "input " << i << ": " << error.what() << '\n';
            ++failed;
        }
    }
    std::cout << runs << " mutations of " << seeds.size() << " seeds: " << accepted << " accepted, " << failed
              << " failed\n";
    // Were everything refused, the mutations would test the first check alone; were nothing, they would change nothing
    const bool useful = accepted > seeds.size() && accepted < runs;
    if (!useful)
        std::cerr << "the mutations are of no use\n";
    return failed == 0 && (useful || runs == 0) ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    std::size_t runs = 1000;
    std::ptrdiff_t only = -1;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--runs") == 0) {
            runs = std::strtoull(argv[i + 1], nullptr, 10);
        } else if (std::strcmp(argv[i], "--only") == 0) {
            only = std::strtol(argv[i + 1], nullptr, 10);
        } else if (std::strcmp(argv[i], "--seeds") == 0) {
            const std::filesystem::path folder(argv[i + 1]);
            std::filesystem::create_directories(folder);
            const auto seeds = fuzz::fuzzSeeds();
            for (std::size_t s = 0; s < seeds.size(); ++s)
                std::ofstream(folder / std::to_string(s), std::ios::binary) << seeds[s];
            return 0;
        }
    }
    for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL, SIGALRM})
        std::signal(signal, onSignal);
#if !defined(__SANITIZE_ADDRESS__)
    const rlimit limit{kAddressSpace, kAddressSpace};
    setrlimit(RLIMIT_AS, &limit);
#endif
    return work(runs, only);
}
