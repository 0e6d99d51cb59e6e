// SystemC's library has a main() that calls this; libFuzzer's comes first, so nothing does.
extern "C" int sc_main(int, char**) { return 0; }
