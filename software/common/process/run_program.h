#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lutra {

// Runs a program of the PATH with these arguments, no shell between: `input` is its standard input, the file `output`
// takes its standard output, its standard error is dropped. A terminal's interrupts do not reach it. Returns its exit
// code; 127 where it cannot be started, 128 and more where a signal ended it.
int run_program(const std::string& program, const std::vector<std::string>& arguments, std::string_view input,
                const std::filesystem::path& output);

}  // namespace lutra
