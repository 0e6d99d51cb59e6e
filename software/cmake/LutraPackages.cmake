# The packages that Lutra's libraries need, read by Lutra's build and by every program that finds the installed libraries.
# Both define, in their own way of failing, lutra_package(<find_package's arguments>...) and
# lutra_module(<prefix> <pkg-config module>).
lutra_package(Threads)
lutra_package(PkgConfig)
lutra_module(SYSTEMC systemc>=2.3.4)
# Debian builds SystemC as C++17; this keeps its link-time version check in agreement with a C++20 program.
target_compile_definitions(PkgConfig::SYSTEMC INTERFACE SC_CPLUSPLUS=201703L)
lutra_module(WEBP libwebp)
lutra_module(LIBZIP libzip)
lutra_module(PNG libpng)
lutra_module(TURBOJPEG libturbojpeg)
lutra_package(Eigen3 NO_MODULE)
lutra_package(Boost COMPONENTS program_options)
lutra_package(yaml-cpp)
lutra_package(nlohmann_json)
lutra_package(fmt)
lutra_package(ZLIB)
lutra_package(OpenSSL COMPONENTS Crypto)
lutra_package(Protobuf)
# Debian's ONNXConfig.cmake also asks for packages that only its own tools need, so the protobuf schema is found directly.
find_library(LUTRA_ONNX_PROTO onnx_proto)
find_path(LUTRA_ONNX_INCLUDE onnx/onnx-ml.pb.h)
if(NOT TARGET lutra::onnx_proto)
  add_library(lutra::onnx_proto INTERFACE IMPORTED)
  target_include_directories(lutra::onnx_proto INTERFACE "${LUTRA_ONNX_INCLUDE}")
  target_compile_definitions(lutra::onnx_proto INTERFACE ONNX_ML=1 ONNX_NAMESPACE=onnx)
  target_link_libraries(lutra::onnx_proto INTERFACE "${LUTRA_ONNX_PROTO}" protobuf::libprotobuf)
endif()
