#pragma once

#include <algorithm>
#include <random>
#include <string>

namespace dbbackup::stream {

/// Text that no method can compress.
inline std::string random_bytes(std::size_t size) {
    std::mt19937_64 random{42};
    std::string text(size, ' ');
    std::ranges::generate(text, [&random] { return static_cast<char>(random()); });
    return text;
}

/// Text like a dump's rows.
inline std::string lines(std::size_t size) {
    std::string text;
    for (long i = 0; text.size() < size; ++i) {
        text += std::to_string(i) + "\tcustomer " + std::to_string(i * 7919 % 1000) + "\t\\N\n";
    }
    text.resize(size);
    return text;
}

} // namespace dbbackup::stream
