#if defined(__SANITIZE_ADDRESS__)
// A throw after a simulation makes the sanitizer ask for the signal stack, in a frame whose place coroutines that never
// returned have left marked; that one call is let pass.
extern "C" const char* __asan_default_suppressions() { return "interceptor_name:sigaltstack\n"; }
#endif
