#include "support/dumps/damage.hpp"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

namespace dbbackup::test {

bool is_long() {
    return std::getenv("DBBACKUP_TEST_LONG") != nullptr;
}

std::vector<std::size_t> places(std::size_t size, std::size_t some) {
    constexpr std::size_t k_ends = 8;
    std::set<std::size_t> chosen;
    std::mt19937_64 random{size};
    for (std::size_t i = 0; i < std::min(k_ends, size); ++i) {
        chosen.insert({i, size - 1 - i});
    }
    while (chosen.size() < std::min(some, size)) {
        chosen.insert(random() % size);
    }
    for (std::size_t i = 0; is_long() && i < size; ++i) {
        chosen.insert(i);
    }
    return {chosen.begin(), chosen.end()};
}

std::string flipped(std::string content, std::size_t bit) {
    content[bit / 8] =
        static_cast<char>(static_cast<unsigned char>(content[bit / 8]) ^ (1U << (bit % 8)));
    return content;
}

} // namespace dbbackup::test
