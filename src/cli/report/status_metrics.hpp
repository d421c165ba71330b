#pragma once

#include <dbbackup/ops/status.hpp>

#include <string>

namespace dbbackup::cli {

/// As Prometheus' text exposition format 0.0.4 has it, for the node exporter's textfile collector;
/// the metrics are described in docs/monitoring.md. What is not known has no sample.
[[nodiscard]] std::string to_metrics(const ops::StatusReport& report);

} // namespace dbbackup::cli
