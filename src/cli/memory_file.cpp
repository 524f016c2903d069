#include "cli/memory_file.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace trama {

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

MemoryFile::MemoryFile(const char* name) : descriptor_(::memfd_create(name, 0)) {}

MemoryFile::~MemoryFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool MemoryFile::append(std::string_view text) const { return write_all(descriptor_, text); }

bool MemoryFile::rewind() const { return ::lseek(descriptor_, 0, SEEK_SET) == 0; }

long MemoryFile::size() const {
  struct stat status {};
  return ::fstat(descriptor_, &status) == 0 ? static_cast<long>(status.st_size) : 0;
}

std::string MemoryFile::content(long from) const {
  std::string text;
  const long length = size() - from;
  if (length <= 0) return text;
  text.resize(static_cast<std::size_t>(length));
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::pread(descriptor_, text.data() + done, text.size() - done,
                                  from + static_cast<long>(done));
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  text.resize(done);
  return text;
}

}  // namespace trama
