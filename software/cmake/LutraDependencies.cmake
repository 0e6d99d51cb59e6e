# Everything Lutra takes from Debian 12; setup.sh installs it.
include_guard(GLOBAL)

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc>=2.3.4)
# Debian builds SystemC as C++17; this keeps its link-time version check in agreement with a C++20 program.
target_compile_definitions(PkgConfig::SYSTEMC INTERFACE SC_CPLUSPLUS=201703L)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(Boost REQUIRED COMPONENTS program_options)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Protobuf REQUIRED)
# Debian's ONNXConfig.cmake also asks for packages that only its own tools need, so the protobuf schema is found directly.
find_library(LUTRA_ONNX_PROTO onnx_proto REQUIRED)
find_path(LUTRA_ONNX_INCLUDE onnx/onnx-ml.pb.h REQUIRED)
add_library(onnx_proto INTERFACE)
target_include_directories(onnx_proto SYSTEM INTERFACE "${LUTRA_ONNX_INCLUDE}")
target_compile_definitions(onnx_proto INTERFACE ONNX_ML=1 ONNX_NAMESPACE=onnx)
target_link_libraries(onnx_proto INTERFACE "${LUTRA_ONNX_PROTO}" protobuf::libprotobuf)
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
