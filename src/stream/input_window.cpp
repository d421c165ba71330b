#include "stream/input_window.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace dbbackup::stream {

namespace {

/// Small enough that what is read is still in the cache when it is hashed and decompressed.
constexpr std::size_t k_read_size = std::size_t{256} << 10;

/// Returned to `pool` when it is no longer used.
std::shared_ptr<Block> take_shared(const std::shared_ptr<BlockPool>& pool) {
    return {new Block{pool->take()}, [pool](Block* block) {
                pool->give_back(std::move(*block));
                delete block;
            }};
}

} // namespace

base::Bytes InputWindow::peek(std::size_t size) {
    if (at_hand().size() < size && !at_end_) {
        make_room(size);
        while (at_hand().size() < size && !at_end_) {
            read_on();
        }
    }
    return at_hand();
}

void InputWindow::skip(std::size_t size) noexcept {
    begin_ += size;
    offset_ += size;
}

InputWindow::Cut InputWindow::cut(std::size_t size) {
    const base::Bytes bytes = at_hand().first(size);
    skip(size);
    return {chunk_, bytes};
}

base::Bytes InputWindow::at_hand() const noexcept {
    return chunk_ ? chunk_->bytes().subspan(begin_) : base::Bytes{};
}

/// Provides a chunk with room for `size` bytes from the current position on.
void InputWindow::make_room(std::size_t size) {
    const base::Bytes rest = at_hand();
    if (chunk_ && !rest.empty() && chunk_->capacity() - begin_ >= size) {
        return;
    }
    if (rest.empty()) {
        chunk_.reset(); // so that the pool can give it out again if it is unused
    }
    std::shared_ptr<Block> next = take_shared(pool_);
    next->resize(rest.size());
    if (!rest.empty()) {
        std::memcpy(next->data(), rest.data(), rest.size());
    }
    chunk_ = std::move(next);
    begin_ = 0;
}

void InputWindow::read_on() {
    const std::size_t size = chunk_->size();
    const std::size_t got =
        source_.read(chunk_->data() + size, std::min(k_read_size, chunk_->capacity() - size));
    chunk_->resize(size + got);
    at_end_ = got == 0;
}

} // namespace dbbackup::stream
