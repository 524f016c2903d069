// Static objects of the program that start threads: a pool at namespace scope, a logger.
//
// The program's static objects are constructed before main, once, outside control; executions
// begin with main. A thread that is started there would run by itself and never end. The process
// then starts over, and this time each execution constructs the static objects before main.
#pragma once

namespace trama::runtime {

/// Before libc constructs them, which it will not do where they come later.
void begin_statics(char** arguments);
/// libc is done with them.
void statics_are_constructed();
/// A thread is started outside control. Does not return if a static object starts it.
void construct_statics_later();
/// By the main thread of an execution.
void construct_late(int count, char** arguments, char** environment);

}  // namespace trama::runtime
