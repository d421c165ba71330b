#pragma once

#include "ops/client/abandonable_source.hpp"
#include "ops/client/child_input.hpp"

#include <future>
#include <vector>

namespace dbbackup::ops {

/// Reads a source to its end on a thread of its own, shows it to observers, and to children as
/// their input, whose end it then is.
class Feeder {
public:
    /// All must outlive it. Of the children, one that stops reading is no error.
    Feeder(AbandonableSource& from, std::vector<stream::Observer*> observers,
           std::vector<ChildInput*> inputs);
    Feeder(const Feeder&) = delete;
    Feeder& operator=(const Feeder&) = delete;
    /// Stops soon, wherever it is.
    ~Feeder();

    /// Whether the source has ended.
    [[nodiscard]] bool finished() const;

    /// Waits for the end of the source, and throws what reading it threw.
    void finish();

private:
    void feed();

    AbandonableSource& from_;
    std::vector<stream::Observer*> observers_;
    std::vector<ChildInput*> inputs_;
    std::future<void> running_;
};

} // namespace dbbackup::ops
