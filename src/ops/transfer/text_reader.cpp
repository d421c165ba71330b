#include "ops/transfer/text_reader.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <array>

namespace dbbackup::ops {

namespace {

stream::CompressionMethod compression_of(int fd, const std::string& name) {
    std::array<std::byte, 4> bytes{};
    stream::FdSource source{fd, name};
    std::size_t size = 0;
    for (std::size_t got = 1; got > 0 && size < bytes.size(); size += got) {
        got = source.read(bytes.data() + size, bytes.size() - size);
    }
    return stream::detect_compression({bytes.data(), size});
}

} // namespace

TextReader::TextReader(int fd, const std::string& name)
    : file_(fd, name), decoder_(stream::make_decoder(compression_of(fd, name), file_)) {
}

TextReader::~TextReader() = default;

void TextReader::retire() {
    if (!block_) {
        return;
    }
    all_.observe(block_->bytes());
    if (!is_before_summed_) {
        tail_ += base::as_text(block_->bytes());
        const std::size_t known = tail_.size() - std::min(tail_.size(), k_longest_tail);
        before_.observe(base::as_bytes(std::string_view{tail_}.substr(0, known)));
        tail_.erase(0, known);
    }
    retired_ += block_->size();
    decoder_->give_back(std::move(*block_));
    block_.reset();
}

bool TextReader::refill() {
    if (is_over_) {
        return false;
    }
    sys::throw_if_interrupted();
    retire();
    begin_ = cursor_ = end_ = nullptr;
    if (retired_ - marked_ > 2 * k_longest_value) { // the parser keeps it in memory
        throw base::Error{base::ErrorKind::damaged, "it has a value that is too long"};
    }
    block_ = decoder_->pull();
    if (!block_) {
        is_over_ = true;
        return false;
    }
    const std::string_view text = base::as_text(block_->bytes());
    begin_ = cursor_ = text.data();
    end_ = text.data() + text.size();
    return true;
}

std::string TextReader::sha256_before(std::size_t back) {
    tail_.append(begin_, static_cast<std::size_t>(cursor_ - begin_));
    before_.observe(base::as_bytes(
        std::string_view{tail_}.substr(0, tail_.size() - std::min(back, tail_.size()))));
    tail_.clear();
    is_before_summed_ = true;
    return before_.sha256();
}

std::string beginning_of_text(int fd, std::size_t most) {
    std::string text;
    try {
        TextReader reader{fd, "file"};
        while (text.size() < most && !reader.at_end()) {
            text += reader.current();
            reader.advance();
        }
    } catch (const base::Error&) {
        // What could be read must do.
    }
    return text;
}

} // namespace dbbackup::ops
