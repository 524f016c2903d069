// Descriptors and what stands behind them: which pipe, file, eventfd or socket a descriptor
// is, so that steps on both ends of a pipe, or on two descriptors of a file, are steps on one
// object.
//
// The kernel's objects are real; this table only tells them apart. What the program opened
// in this execution is entered as it opens it; all others are looked at when they are first
// used.
#pragma once

#include <cstdint>

#include "runtime/engine.hpp"

namespace trama::runtime {

/// Number of a channel in this execution; 0 = none.
using ChannelId = std::uint32_t;

/// Number of a socket of the execution's network (network.hpp); 0 = none.
using SocketId = std::uint32_t;

struct Channel {
  ObjectKind kind = ObjectKind::file;
  /// Something outside the program may change what is there: an inherited descriptor, or one
  /// that a child process has as well.
  bool outside = false;
  bool written = false;  ///< a file that somebody has open for writing
  bool kept = false;     ///< … and that had a content before
  /// What is done to it may have to do with others: an epoll set, a FIFO that has a name, a
  /// descriptor of a number that was another's before.
  bool meets = false;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;         ///< 0: known by its descriptors alone
  std::uint32_t reader_opens = 0;  ///< FIFO: how often its ends were opened
  std::uint32_t writer_opens = 0;
  char name[24] = {};  ///< a file's, for the report
  // What makes it ready for reading, while an epoll set holds it; see ready_cause.hpp.
  bool in_set = false;
  bool due = false;            ///< there is something to read
  bool cause_known = false;    ///< and all of it came after what `cause` tells
  std::uint64_t cause_ns = 0;  ///< virtual time
  SyncVar cause;
};

/// Forgets all: an execution begins.
void begin_descriptors();

/// The channel of an open descriptor; 0 when it is not open, or of no kind that matters.
ChannelId channel_of(int descriptor);
Channel& channel(ChannelId id);
/// A descriptor that stands for the channel; -1 where all are closed.
int descriptor_of(ChannelId id);

/// The program has just opened this: a file, a FIFO, or whatever the kernel says it is.
void note_opened(int descriptor, const char* path = nullptr);
/// Descriptors of one new object, which nobody outside has.
ChannelId note_made(ObjectKind kind, int descriptor, int other = -1);
/// One more descriptor of what is known.
void note_made_of(int descriptor, ChannelId id);
void note_duplicated(int from, int to);
void note_closed(int descriptor);

/// The socket behind a descriptor.
SocketId socket_at(int descriptor);
void set_socket(int descriptor, SocketId id);
/// How many descriptors stand for it; one of them.
unsigned count_of_socket(SocketId id);
int socket_descriptor(SocketId id);
/// Descriptors from `from` on that are eventfds, epoll sets and such; -1: no more.
int next_event(int from);
/// What a report calls the channel.
void name_channel(ChannelId id, const char* name);

/// The FIFO that has this name; 0 where it is none.
ChannelId fifo_at(int folder, const char* path);
/// Whether the program has an end of this FIFO open that writes (or reads).
bool has_end(ChannelId id, bool writes);

/// A child process now shares all that is open.
void share_descriptors();

/// The object of a step on this channel; event.address and event.object are set.
void set_channel(Event& event, ChannelId id);
/// The object that steps on this channel had; kNoObject where there were none.
ObjectId object_of_channel(ChannelId id);

/// What a report calls an object of the world, or null where letter and number do.
const char* channel_name(std::uint64_t address);

}  // namespace trama::runtime
