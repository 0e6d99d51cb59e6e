# Everything Lutra takes from Debian 12; setup.sh installs it.
include_guard(GLOBAL)

macro(lutra_package)
  find_package(${ARGN} REQUIRED)
endmacro()

macro(lutra_module prefix module)
  pkg_check_modules(${prefix} REQUIRED IMPORTED_TARGET ${module})
endmacro()

include(LutraPackages)
if(NOT LUTRA_ONNX_PROTO OR NOT LUTRA_ONNX_INCLUDE)
  message(FATAL_ERROR "ONNX's protobuf schema is missing (library: ${LUTRA_ONNX_PROTO}, onnx/onnx-ml.pb.h: "
                      "${LUTRA_ONNX_INCLUDE}). Install it with\n  apt-get install libonnx-dev")
endif()
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
  include(GoogleTest)
endif()

find_program(LUTRA_RISCV_CXX riscv64-unknown-elf-g++)
find_file(LUTRA_PICOLIBC_SPECS picolibc.specs
          PATHS /usr/lib/picolibc/riscv64-unknown-elf /usr/lib/gcc/riscv64-unknown-elf/12.2.0)
if(NOT LUTRA_RISCV_CXX OR NOT LUTRA_PICOLIBC_SPECS)
  message(FATAL_ERROR
          "The simulated hart's software needs the RISC-V cross compiler and its C library, and one of them is missing "
          "(compiler: ${LUTRA_RISCV_CXX}, picolibc.specs: ${LUTRA_PICOLIBC_SPECS}). Install both with\n"
          "  apt-get install gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf\n"
          "or run ./setup.sh, which installs everything Lutra needs.")
endif()
