#pragma once

#include <ostream>
#include <streambuf>
#include <string>

namespace lutra::terminal {

// Standard output for text that comes while something runs: a line is written as soon as it ends, the rest at flush().
// A reader that goes away ends nothing: what follows is dropped. SIGPIPE is ignored while it lives. One at a time.
class LiveOutput : private std::streambuf {
 public:
  LiveOutput();
  ~LiveOutput() override;
  LiveOutput(const LiveOutput&) = delete;
  LiveOutput& operator=(const LiveOutput&) = delete;

  std::ostream& stream() { return stream_; }
  void flush();

  // Throws Error saying why where something could not be written although there was a reader, as on a full disk.
  void require_written() const;

 private:
  int_type overflow(int_type character) override;
  std::streamsize xsputn(const char* text, std::streamsize count) override;
  int sync() override;

  void (*pipe_action_before_)(int);
  std::string waiting_;
  int failure_ = 0;  // errno of the first write that failed; nothing is written after it
  std::ostream stream_{this};
};

}  // namespace lutra::terminal
