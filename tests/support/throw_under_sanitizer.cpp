// Linked into every program that GCC's address sanitizer watches. SystemC tells the sanitizer the stack of each
// coroutine, but not when an exception leaves one, nor what the stack of the thread is. A throw on that stack would
// leave the marks of the frames it skips, and whatever lies there next would be an error. So each throw there says
// first which stack it is on.
#include <dlfcn.h>
#include <pthread.h>

#include <cstddef>
#include <typeinfo>

namespace {

struct Stack {
  const char* bottom = nullptr;
  std::size_t bytes = 0;
};

Stack stack_of_thread() {
  pthread_attr_t attributes;
  void* bottom = nullptr;
  std::size_t bytes = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    pthread_attr_getstack(&attributes, &bottom, &bytes);
    pthread_attr_destroy(&attributes);
  }
  return {static_cast<const char*>(bottom), bytes};
}

const Stack& own_stack() {
  thread_local const Stack stack = stack_of_thread();
  return stack;
}

}  // namespace

extern "C" {

void __sanitizer_finish_switch_fiber(void*, const void**, std::size_t*);

void __sanitizer_start_switch_fiber(void** saved, const void* bottom, std::size_t bytes) {
  using Start = void (*)(void**, const void*, std::size_t);
  static const auto start = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "__sanitizer_start_switch_fiber"));
  const bool to_thread = bottom == nullptr;
  start(saved, to_thread ? own_stack().bottom : bottom, to_thread ? own_stack().bytes : bytes);
}

[[noreturn]] void __cxa_throw(void* thrown, std::type_info* type, void (*destroy)(void*)) {
  const Stack& stack = own_stack();
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  if (here >= stack.bottom && here < stack.bottom + stack.bytes) {
    __sanitizer_start_switch_fiber(nullptr, stack.bottom, stack.bytes);
    __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
  }
  using Throw = void (*)(void*, std::type_info*, void (*)(void*));
  reinterpret_cast<Throw>(dlsym(RTLD_NEXT, "__cxa_throw"))(thrown, type, destroy);
  __builtin_unreachable();
}

}  // extern "C"
