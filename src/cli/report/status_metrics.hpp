#pragma once

#include <dbbackup/ops/status.hpp>

#include <string>

namespace dbbackup::cli {

/// In Prometheus' text exposition format 0.0.4, for the node exporter's textfile collector;
/// docs/monitoring.md describes the metrics. Unknown values have no sample.
[[nodiscard]] std::string to_metrics(const ops::StatusReport& report);

} // namespace dbbackup::cli
