#include "software/common/process/child_process.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "software/common/error.h"
#include "software/common/process/write_all.h"

namespace lutra {

namespace {

// The first character of what a child sends.
constexpr char answered = '+';
constexpr char failed = '-';

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> block{};
  for (;;) {
    const ssize_t count = ::read(descriptor, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

[[noreturn]] void be_child(int descriptor, const std::function<std::string()>& work) {
  std::string answer;
  try {
    answer = answered + work();
  } catch (const std::exception& error) {
    answer = failed + std::string(error.what());
  }
  write_all(descriptor, answer);
  ::_exit(0);
}

}  // namespace

Child start_child(const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw Error(fmt::format("a pipe cannot be made: {}", std::strerror(errno)));
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  const pid_t process = ::fork();
  if (process < 0) {
    const std::string reason = std::strerror(errno);
    ::close(ends[0]);
    ::close(ends[1]);
    throw Error(fmt::format("a process cannot be made: {}", reason));
  }
  if (process == 0) {
    // A terminal's SIGINT goes to the whole group, and the parent is the one to act on it.
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_DFL);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);  // it ended before this was set
    ::close(ends[0]);
    be_child(ends[1], work);
  }
  ::close(ends[1]);
  return {process, ends[0]};
}

ChildAnswer finish_child(const Child& child, const std::string& said) {
  ::close(child.descriptor);
  int status = 0;
  while (::waitpid(child.process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) return {true, fmt::format("a simulation process was ended by signal {}", WTERMSIG(status))};
  if (said.empty() || (said.front() != answered && said.front() != failed))
    return {true, "a simulation process ended without an answer"};
  return {said.front() == failed, said.substr(1)};
}

std::string run_in_child(const std::function<std::string()>& work) {
  const Child child = start_child(work);
  ChildAnswer answer = finish_child(child, read_all(child.descriptor));
  if (answer.failed) throw Error(answer.text);
  return std::move(answer.text);
}

}  // namespace lutra
