#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace dbbackup::stream {

/// A queue between one thread that pushes jobs, workers that do them in any order, and one thread
/// that takes their results in the order of the pushes. Jobs and results are in a ring of slots,
/// which bounds the work in progress. A slot is free again once its result is taken.
template <typename Job, typename Result>
class OrderedQueue {
public:
    struct Claim {
        std::uint64_t number;
        Job job;
    };

    explicit OrderedQueue(std::size_t slots) : slots_(slots) {}

    /// Blocks while all slots are in use. False if stop() came first.
    [[nodiscard]] bool push(Job job);
    /// The same for a result that needs no worker.
    [[nodiscard]] bool push_result(Result result);
    /// Nothing more will be pushed.
    void close();

    /// Blocks for a job. Nothing if none will come.
    [[nodiscard]] std::optional<Claim> claim();
    void complete(std::uint64_t number, Result result);

    /// Blocks for the next result. Nothing after the last one, or if stop() came first.
    [[nodiscard]] std::optional<Result> take();

    /// Makes every wait, now and later, return at once.
    void stop() noexcept;
    [[nodiscard]] bool stopped();

private:
    struct Slot {
        std::optional<Job> job; ///< until it is claimed
        std::optional<Result> result;
    };

    [[nodiscard]] Slot& slot_of(std::uint64_t number) { return slots_[number % slots_.size()]; }

    [[nodiscard]] bool wait_for_slot(std::unique_lock<std::mutex>& lock);

    std::mutex mutex_;
    std::condition_variable slot_freed_;
    std::condition_variable job_pushed_;
    std::condition_variable result_ready_;
    std::vector<Slot> slots_;
    std::deque<std::uint64_t> unclaimed_;
    std::uint64_t pushed_ = 0;
    std::uint64_t taken_ = 0; ///< pushed_ - slots_.size() <= taken_ <= pushed_
    bool closed_ = false;
    bool stopped_ = false;
};

template <typename Job, typename Result>
bool OrderedQueue<Job, Result>::wait_for_slot(std::unique_lock<std::mutex>& lock) {
    slot_freed_.wait(lock, [this] { return stopped_ || pushed_ - taken_ < slots_.size(); });
    return !stopped_;
}

template <typename Job, typename Result>
bool OrderedQueue<Job, Result>::push(Job job) {
    std::unique_lock lock{mutex_};
    if (!wait_for_slot(lock)) {
        return false;
    }
    unclaimed_.push_back(pushed_);
    slot_of(pushed_++) = {std::move(job), std::nullopt};
    job_pushed_.notify_one();
    return true;
}

template <typename Job, typename Result>
bool OrderedQueue<Job, Result>::push_result(Result result) {
    std::unique_lock lock{mutex_};
    if (!wait_for_slot(lock)) {
        return false;
    }
    slot_of(pushed_++) = {std::nullopt, std::move(result)};
    result_ready_.notify_one();
    return true;
}

template <typename Job, typename Result>
void OrderedQueue<Job, Result>::close() {
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
    }
    job_pushed_.notify_all();
    result_ready_.notify_all();
}

template <typename Job, typename Result>
auto OrderedQueue<Job, Result>::claim() -> std::optional<Claim> {
    std::unique_lock lock{mutex_};
    job_pushed_.wait(lock, [this] { return stopped_ || closed_ || !unclaimed_.empty(); });
    if (stopped_ || unclaimed_.empty()) {
        return std::nullopt;
    }
    const std::uint64_t number = unclaimed_.front();
    unclaimed_.pop_front();
    return Claim{number, *std::exchange(slot_of(number).job, std::nullopt)};
}

template <typename Job, typename Result>
void OrderedQueue<Job, Result>::complete(std::uint64_t number, Result result) {
    const std::lock_guard lock{mutex_};
    slot_of(number).result = std::move(result);
    if (number == taken_) {
        result_ready_.notify_one();
    }
}

template <typename Job, typename Result>
std::optional<Result> OrderedQueue<Job, Result>::take() {
    std::unique_lock lock{mutex_};
    result_ready_.wait(lock, [this] {
        return stopped_ || (taken_ < pushed_ ? slot_of(taken_).result.has_value() : closed_);
    });
    if (stopped_ || taken_ == pushed_) {
        return std::nullopt;
    }
    std::optional<Result> result = std::exchange(slot_of(taken_++).result, std::nullopt);
    slot_freed_.notify_one();
    return result;
}

template <typename Job, typename Result>
void OrderedQueue<Job, Result>::stop() noexcept {
    {
        const std::lock_guard lock{mutex_};
        stopped_ = true;
    }
    slot_freed_.notify_all();
    job_pushed_.notify_all();
    result_ready_.notify_all();
}

template <typename Job, typename Result>
bool OrderedQueue<Job, Result>::stopped() {
    const std::lock_guard lock{mutex_};
    return stopped_;
}

} // namespace dbbackup::stream
