// Runs a fuzz target without libFuzzer: over its seeds, all their truncations, and a number of
// random changes to them. A sample of what scripts/fuzz does at length, for any compiler.
//
// usage: replay DIRECTORY OF SEEDS…

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

constexpr int k_changed_inputs = 300;
constexpr std::size_t k_most_truncations = 400;

void run(const Input& input) {
    LLVMFuzzerTestOneInput(input.data(), input.size());
}

Input read(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

Input changed(Input input, std::mt19937& random) {
    const auto below = [&random](std::size_t limit) { return random() % limit; };
    for (std::size_t i = 0; i < 1 + below(4) && !input.empty(); ++i) {
        const auto at = input.begin() + static_cast<std::ptrdiff_t>(below(input.size()));
        switch (below(3)) {
        case 0:
            *at = static_cast<std::uint8_t>("\n\\';$(-*/\"."[below(11)]);
            break;
        case 1:
            *at = static_cast<std::uint8_t>(below(256));
            break;
        default:
            input.erase(at, std::next(at, static_cast<std::ptrdiff_t>(
                                              below(static_cast<std::size_t>(input.end() - at)))));
        }
    }
    return input;
}

} // namespace

int main(int argument_count, char** arguments) {
    std::mt19937 random{2026};
    int inputs = 0;
    for (int i = 1; i < argument_count; ++i) {
        for (const auto& entry : std::filesystem::directory_iterator{arguments[i]}) {
            const Input seed = read(entry.path());
            const std::size_t step = seed.size() / k_most_truncations + 1;
            for (std::size_t size = 0; size <= seed.size(); size += step, ++inputs) {
                run({seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(size)});
            }
            for (int change = 0; change < k_changed_inputs; ++change, ++inputs) {
                run(changed(seed, random));
            }
        }
    }
    std::printf("%d inputs\n", inputs);
    return inputs == 0 ? 1 : 0;
}
