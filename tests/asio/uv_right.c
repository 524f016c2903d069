// libuv: timers, a wake-up from another thread, work in its pool. The library itself has no
// instrumentation; that its own code is not seen is known.
#include <assert.h>
#include <uv.h>

static int ticks = 0;
static int woken = 0;
static int worked = 0;
static int finished = 0;
static uv_async_t wake;

static void on_tick(uv_timer_t* timer) {
  if (++ticks == 3) uv_close((uv_handle_t*)timer, NULL);
}
static void on_wake(uv_async_t* handle) {
  ++woken;
  uv_close((uv_handle_t*)handle, NULL);
}
static void work(uv_work_t* request) { ++*(int*)request->data; }
static void after_work(uv_work_t* request, int status) {
  assert(status == 0 && *(int*)request->data == 1);
  ++finished;
}
static void other(void* argument) {
  (void)argument;
  uv_async_send(&wake);
}

int main(void) {
  uv_loop_t* loop = uv_default_loop();
  uv_timer_t timer;
  uv_timer_init(loop, &timer);
  uv_timer_start(&timer, on_tick, 10, 10);
  uv_async_init(loop, &wake, on_wake);
  uv_work_t request;
  request.data = &worked;
  uv_queue_work(loop, &request, work, after_work);
  uv_thread_t thread;
  uv_thread_create(&thread, other, NULL);
  uv_run(loop, UV_RUN_DEFAULT);
  uv_thread_join(&thread);
  assert(ticks == 3 && woken == 1 && finished == 1 && worked == 1);
  uv_loop_close(loop);
  return 0;
}

/* Expected: nothing */
/*   blind: libuv.so.1 */
