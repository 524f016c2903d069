#include "runtime/descriptors.hpp"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/rewind.hpp"
#include "runtime/syscall.hpp"

namespace trama::runtime {
namespace {

/// Objects of the kernel have no address: theirs are beyond all that a program can have.
constexpr std::uint64_t kChannelsAt = 0xd000000000000000;
constexpr std::uint64_t kChannelStep = 64;

struct Entry {
  bool known = false;
  bool was_closed = false;
  ChannelId channel = 0;
  SocketId socket = 0;
};

// Whether an execution reached any of it: most do not, and then there is nothing to wipe.
bool g_touched = false;

std::vector<Entry>& entries() {
  g_touched = true;
  static std::vector<Entry>* list = new std::vector<Entry>;
  return *list;
}
/// channels()[0] is unused.
std::vector<Channel>& channels() {
  g_touched = true;
  static std::vector<Channel>* list = new std::vector<Channel>;
  return *list;
}

Entry& entry(int descriptor) {
  std::vector<Entry>& list = entries();
  const auto at = static_cast<std::size_t>(descriptor);
  if (at >= list.size()) list.resize(at + 16);
  return list[at];
}

ChannelId add(const Channel& made) {
  if (channels().empty()) channels().emplace_back();
  channels().push_back(made);
  return static_cast<ChannelId>(channels().size() - 1);
}

ChannelId find_or_add(const Channel& seen) {
  for (std::size_t i = 1; i < channels().size(); ++i) {
    const Channel& old = channels()[i];
    if (seen.inode != 0 && old.inode == seen.inode && old.device == seen.device) {
      return static_cast<ChannelId>(i);
    }
  }
  return add(seen);
}

/// The descriptor stands for this from now on.
void enter(int descriptor, ChannelId id) {
  Entry& opened = entry(descriptor);
  if (opened.was_closed && id != 0) channels()[id].meets = true;
  opened = {true, false, id, 0};
}

void set_name(Channel& named, const char* path) {
  const char* slash = strrchr(path, '/');
  const char* base = slash == nullptr ? path : slash + 1;
  const std::size_t size = strnlen(base, sizeof named.name - 1);
  memcpy(named.name, base, size);
  named.name[size] = '\0';
}

/// Asks the kernel what an open descriptor is.
ChannelId look_at(int descriptor, bool outside, const char* path) {
  struct stat status = {};
  if (raw_syscall(SYS_fstat, descriptor, reinterpret_cast<long>(&status)) != 0) return 0;
  Channel seen;
  seen.device = status.st_dev;
  seen.inode = status.st_ino;
  // Within a process that runs by itself (trama::check) what is open is the process's own.
  seen.outside = outside && engine().session;
  switch (status.st_mode & S_IFMT) {
    case S_IFIFO:
      seen.kind = ObjectKind::pipe;
      seen.meets = true;
      break;
    case S_IFSOCK: seen.kind = ObjectKind::socket; break;
    case S_IFREG:
      seen.kind = ObjectKind::file;
      seen.outside = false;
      break;
    case S_IFCHR:
      // A terminal makes its reader wait; /dev/null and its like never do.
      if (!outside) return 0;
      break;
    case S_IFDIR: return 0;
    default:
      // eventfd, epoll and such share one inode; each is its own.
      seen.kind = ObjectKind::event;
      seen.inode = 0;
      break;
  }
  const ChannelId id = find_or_add(seen);
  Channel& found = channels()[id];
  const long flags = raw_syscall(SYS_fcntl, descriptor, F_GETFL);
  if ((flags & O_ACCMODE) != O_RDONLY) {
    const bool is_new = !found.written && found.kind == ObjectKind::file && !outside;
    if (is_new) found.kept = status.st_size != 0;
    found.written = true;
  }
  if (descriptor == 0 && outside) path = "stdin";
  if (path != nullptr && found.name[0] == '\0') set_name(found, path);
  return id;
}

}  // namespace

void begin_descriptors() {
  if (!g_touched) return;
  entries().clear();
  channels().clear();
  g_touched = false;
}

Channel& channel(ChannelId id) { return channels()[id]; }

int descriptor_of(ChannelId id) {
  for (std::size_t i = 0; i < entries().size(); ++i) {
    if (entries()[i].known && entries()[i].channel == id) return static_cast<int>(i);
  }
  return -1;
}

ChannelId channel_of(int descriptor) {
  if (descriptor < 0) return 0;
  Entry& found = entry(descriptor);
  if (!found.known) {
    found.channel = look_at(descriptor, true, nullptr);
    found.known = found.channel != 0;
  }
  return found.channel;
}

void note_opened(int descriptor, const char* path) {
  if (descriptor < 0) return;
  enter(descriptor, look_at(descriptor, false, path));
}

ChannelId note_made(ObjectKind kind, int descriptor, int other) {
  Channel made;
  made.kind = kind;
  made.written = true;
  if (kind == ObjectKind::pipe) {
    struct stat status = {};
    raw_syscall(SYS_fstat, descriptor, reinterpret_cast<long>(&status));
    made.device = status.st_dev;
    made.inode = status.st_ino;
  }
  const ChannelId id = add(made);
  enter(descriptor, id);
  if (other >= 0) enter(other, id);
  return id;
}

void note_made_of(int descriptor, ChannelId id) { enter(descriptor, id); }

void note_duplicated(int from, int to) {
  if (to < 0 || from == to) return;
  const ChannelId id = channel_of(from);
  const SocketId socket = socket_at(from);
  enter(to, id);
  entry(to).socket = socket;
}

void note_closed(int descriptor) {
  if (descriptor < 0) return;
  entry(descriptor) = {};
  entry(descriptor).was_closed = true;
}

SocketId socket_at(int descriptor) {
  if (!g_touched || descriptor < 0) return 0;
  const auto at = static_cast<std::size_t>(descriptor);
  return at < entries().size() ? entries()[at].socket : 0;
}
void set_socket(int descriptor, SocketId id) { entry(descriptor).socket = id; }

unsigned count_of_socket(SocketId id) {
  unsigned count = 0;
  for (const Entry& one : entries()) count += one.socket == id ? 1 : 0;
  return count;
}

int socket_descriptor(SocketId id) {
  for (std::size_t i = 0; i < entries().size(); ++i) {
    if (entries()[i].socket == id) return static_cast<int>(i);
  }
  return -1;
}

int next_event(int from) {
  for (auto i = static_cast<std::size_t>(from); i < entries().size(); ++i) {
    const Entry& one = entries()[i];
    if (one.known && one.channel != 0 && channels()[one.channel].kind == ObjectKind::event) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

void name_channel(ChannelId id, const char* name) { set_name(channels()[id], name); }

ChannelId fifo_at(int folder, const char* path) {
  struct stat status = {};
  if (raw_syscall(SYS_newfstatat, folder, reinterpret_cast<long>(path),
                  reinterpret_cast<long>(&status), 0) != 0 ||
      !S_ISFIFO(status.st_mode)) {
    return 0;
  }
  Channel seen;
  seen.kind = ObjectKind::pipe;
  seen.meets = true;
  seen.device = status.st_dev;
  seen.inode = status.st_ino;
  const ChannelId id = find_or_add(seen);
  set_name(channels()[id], path);
  return id;
}

bool has_end(ChannelId id, bool writes) {
  for (std::size_t i = 0; i < entries().size(); ++i) {
    if (!entries()[i].known || entries()[i].channel != id) continue;
    const long flags = raw_syscall(SYS_fcntl, static_cast<long>(i), F_GETFL);
    if (flags < 0) continue;
    const long access = flags & O_ACCMODE;
    if (access == O_RDWR || access == (writes ? O_WRONLY : O_RDONLY)) return true;
  }
  return false;
}

void share_descriptors() {
  for (Channel& shared : channels()) {
    if (shared.kind == ObjectKind::pipe || shared.kind == ObjectKind::socket ||
        shared.kind == ObjectKind::event) {
      shared.outside = true;
    }
  }
}

void set_channel(Event& event, ChannelId id) {
  if (id == 0) return;
  event.address = kChannelsAt + id * kChannelStep;
  object_of(event, channels()[id].kind);
}

ObjectId object_of_channel(ChannelId id) {
  return id == 0 ? kNoObject : scheduler().objects().find(kChannelsAt + id * kChannelStep);
}

const char* channel_name(std::uint64_t address) {
  if (address < kChannelsAt) return nullptr;
  const std::uint64_t id = (address - kChannelsAt) / kChannelStep;
  if (id >= channels().size() || channels()[id].name[0] == '\0') return nullptr;
  return channels()[id].name;
}

}  // namespace trama::runtime
