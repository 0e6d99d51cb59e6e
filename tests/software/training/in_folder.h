#pragma once

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "software/training/train.h"

namespace lutra::training {

inline TrainOptions quiet_options(const std::filesystem::path& output) {
  TrainOptions result;
  result.places.output = output;
  result.device = DeviceChoice::cpu;
  result.is_quiet = true;
  return result;
}

// What `run` returns where SIGINT comes as soon as `file` exists.
template <typename Run>
bool interrupted_at(const std::filesystem::path& file, Run run) {
  std::atomic<bool> has_ended = false;
  std::thread interrupter([&] {
    while (!has_ended && !std::filesystem::exists(file)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (!has_ended) ::kill(::getpid(), SIGINT);
  });
  const bool ended = run();
  has_ended = true;
  interrupter.join();
  return ended;
}

}  // namespace lutra::training
