#pragma once

#include <dbbackup/stream/pump.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace dbbackup::stream {

/// Pushes `text` in blocks of `pool`, each full but the last.
inline void push_all(std::string_view text, BlockSink& sink, BlockPool& pool) {
    while (!text.empty()) {
        Block block = pool.take();
        block.resize(std::min(text.size(), block.capacity()));
        std::ranges::copy(base::as_bytes(text.substr(0, block.size())), block.data());
        text.remove_prefix(block.size());
        sink.push(std::move(block));
    }
}

} // namespace dbbackup::stream
