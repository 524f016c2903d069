#include "hooks_played.hpp"

#include <trama/detail/task_hooks.hpp>

namespace aio_test {

bool is_listening = false;
std::vector<std::string> told;
const void* forgotten_frame = nullptr;

namespace {

void tell(const std::string& what) {
  if (is_listening) told.push_back(what);
}

}  // namespace
}  // namespace aio_test

using aio_test::tell;

extern "C" {

void trama_task_created(const void*, const void* frame, const char* name) {
  tell(std::string("created ") + (name != nullptr ? name : "-") +
       (*static_cast<void* const*>(frame) != nullptr ? "" : " no resume function"));
}
void trama_task_named(const void*, const char* name) { tell(std::string("named ") + name); }
void trama_task_resumed(const void*) { tell("resumed"); }
void trama_task_suspended(const void*, const void* pc, const char* what) {
  tell(std::string("suspended ") + (what != nullptr ? what : "-") +
       (pc != nullptr ? "" : " no pc"));
}
void trama_task_finished(const void*) { tell("finished"); }
void trama_task_forgotten(const void* frame, const void* pc) {
  tell(std::string("forgotten") + (pc != nullptr ? "" : " no pc"));
  aio_test::forgotten_frame = frame;
}

}  // extern "C"
