#pragma once

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/directory.hpp>

#include <string>

namespace dbbackup::ops {

/// Gives the dump and its manifest, whose text is `manifest`, their names: both are durable, or
/// neither exists. Throws base::Error, and base::Interrupted as long as nothing has its name.
void publish_dump(sys::AtomicFile& archive, const std::string& manifest,
                  const sys::Directory& directory, Listener& listener);

} // namespace dbbackup::ops
