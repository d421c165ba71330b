#include "ops/compare/row_matching.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/signals.hpp>
#include <dbbackup/sys/unnamed_file.hpp>

#include <algorithm>
#include <cerrno>
#include <span>
#include <type_traits>
#include <unistd.h>
#include <xxhash.h>

namespace dbbackup::ops {

namespace {

constexpr const char* k_what = "a temporary file";

/// The unmatched rows of one key, as far as they are of one kind.
struct Candidate {
    std::uint64_t number = 0;
    RowHash key;

    auto operator<=>(const Candidate&) const = default;
};

/// The first ones of one kind, by their numbers.
class FirstOnes {
public:
    explicit FirstOnes(std::uint64_t most) : most_(most) {}

    void add(const Candidate& candidate) {
        ++count_;
        first_.push_back(candidate);
        if (first_.size() > 2 * most_) {
            keep_first();
        }
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    [[nodiscard]] const std::vector<Candidate>& list() {
        keep_first();
        return first_;
    }

private:
    void keep_first() {
        std::ranges::sort(first_);
        if (first_.size() > most_) {
            first_.resize(static_cast<std::size_t>(most_));
        }
    }

    std::uint64_t most_;
    std::uint64_t count_ = 0;
    std::vector<Candidate> first_;
};

} // namespace

RowHash hash_row(std::string_view text) {
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return {.high = hash.high64, .low = hash.low64};
}

RowMatching::RowMatching() {
    for (Partition& partition : partitions_) {
        partition.buffer.reserve(k_buffered);
    }
}

void RowMatching::add(Side side, const RowHash& key, const RowHash& row) {
    Partition& partition = partitions_[static_cast<std::size_t>(key.high % k_partitions)];
    partition.buffer.push_back(
        {.key = key, .row = row, .side = side, .number = rows_[static_cast<std::size_t>(side)]++});
    if (partition.buffer.size() == k_buffered) {
        spill(partition);
    }
}

void RowMatching::spill(Partition& partition) {
    static_assert(std::is_trivially_copyable_v<Record>);
    if (partition.spilled == 0) {
        partition.file = sys::make_unnamed_file();
    }
    sys::write_all(partition.file.get(),
                   {reinterpret_cast<const std::byte*>(partition.buffer.data()),
                    partition.buffer.size() * sizeof(Record)},
                   k_what, "set TMPDIR to another directory");
    partition.spilled += partition.buffer.size();
    partition.buffer.clear();
}

std::vector<RowMatching::Record> RowMatching::take(Partition& partition) const {
    std::vector<Record> records(static_cast<std::size_t>(partition.spilled));
    auto* place = reinterpret_cast<std::byte*>(records.data());
    std::size_t left = records.size() * sizeof(Record);
    for (off_t offset = 0; left > 0;) {
        const ssize_t got = ::pread(partition.file.get(), place, left, offset);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            throw base::system_error("read a temporary file", got < 0 ? errno : EIO);
        }
        place += got;
        offset += got;
        left -= static_cast<std::size_t>(got);
    }
    std::ranges::move(partition.buffer, std::back_inserter(records));
    partition.buffer = {};
    partition.file = sys::Fd{};
    return records;
}

UnmatchedRows RowMatching::finish(std::uint64_t limit) {
    FirstOnes added{limit};
    FirstOnes gone{limit};
    FirstOnes changed{limit};
    for (Partition& partition : partitions_) {
        sys::throw_if_interrupted();
        std::vector<Record> records = take(partition);
        // Equal rows of one key are neighbours.
        std::ranges::sort(records);
        for (auto begin = records.begin(); begin != records.end();) {
            const auto end = std::find_if(begin, records.end(), [&](const Record& record) {
                return record.key != begin->key;
            });
            // A key is normally there at most once on each side.
            std::vector<Record> then;
            std::vector<Record> now;
            for (auto row = begin; row != end;) {
                const auto rows_end = std::find_if(
                    row, end, [&](const Record& record) { return record.row != row->row; });
                const auto rows_now = std::find_if(
                    row, rows_end, [](const Record& record) { return record.side == Side::now; });
                const auto equal = std::min(rows_now - row, rows_end - rows_now);
                then.insert(then.end(), row + equal, rows_now);
                now.insert(now.end(), rows_now + equal, rows_end);
                row = rows_end;
            }
            const std::size_t pairs = std::min(then.size(), now.size());
            for (std::size_t i = 0; i < then.size(); ++i) {
                (i < pairs ? changed : gone).add({then[i].number, then[i].key});
            }
            for (std::size_t i = pairs; i < now.size(); ++i) {
                added.add({now[i].number, now[i].key});
            }
            begin = end;
        }
    }
    UnmatchedRows unmatched{
        .added = added.count(), .gone = gone.count(), .changed = changed.count(), .chosen = {}};
    for (const auto& [rows, change] :
         {std::pair{&added, RowChange::added}, std::pair{&gone, RowChange::gone},
          std::pair{&changed, RowChange::changed}}) {
        for (const Candidate& candidate : rows->list()) {
            unmatched.chosen.push_back({change, candidate.number, candidate.key});
        }
    }
    return unmatched;
}

} // namespace dbbackup::ops
