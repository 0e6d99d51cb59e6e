#include "software/exploration/synthesis/synthesise.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <regex>

#include "software/common/digest.h"
#include "software/common/embedded.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/nearest.h"
#include "software/common/process/run_program.h"
#include "software/exploration/synthesis/cell_counts.h"

namespace lutra::exploration {

namespace {

constexpr int largest_parameter = 1 << 20;
constexpr int not_found = 127;

// A folder of the system's temporary ones, removed at the end. Its path is part of a script, so that only plain ones
// are taken.
class WorkFolder {
 public:
  WorkFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "lutra_synthesis_XXXXXX").string();
    if (!std::regex_match(name, std::regex("[A-Za-z0-9_./-]+")))
      throw Error(fmt::format("{}: Yosys takes no such path; set TMPDIR to one of letters, digits and '_./-'", name));
    if (::mkdtemp(name.data()) == nullptr) throw Error(fmt::format("{}: no folder can be made there", name));
    folder_ = name;
  }
  ~WorkFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

// RTL that the unit may read, and the scripts.
std::vector<std::string> files_of(const RtlUnit& unit) {
  std::vector<std::string> files;
  for (const char* folder : {"array/rtl/", "array/synth/", "engine/synth/"})
    for (std::string& path : list_embedded("accelerators/" + std::string(folder))) files.push_back(std::move(path));
  for (std::string& path : list_embedded("accelerators/" + unit.folder + "/rtl/")) files.push_back(std::move(path));
  return files;
}

std::string yosys_version(const WorkFolder& work) {
  const std::filesystem::path answer = work / "version";
  if (run_program("yosys", {"-V"}, "", answer) == not_found)
    throw Error("'yosys' is not in PATH: apt-get install yosys");
  std::string text = read_text_file(answer);
  return text.substr(0, text.find(" ("));
}

bool is_family(const std::string& target) {
  const auto all = synthesis_targets();
  return std::find(all.begin(), all.end(), target) != all.end();
}

// What the result depends on, as lines.
std::string origin_of(const SynthesisJob& job, const std::string& tool) {
  std::string text = fmt::format("{}\n{}\ntarget {}\nuse_dsp {}\n", tool, job.unit.name,
                                 is_family(job.target) ? job.target : sha256(read_file(job.target)), job.use_dsp);
  for (const auto& [name, value] : job.parameters) text += fmt::format("{}={}\n", name, value);
  for (const std::string& file : files_of(job.unit)) text += fmt::format("{} {}\n", file, sha256(*find_embedded(file)));
  return text;
}

std::string error_in(const std::filesystem::path& log) {
  const std::string text = std::filesystem::exists(log) ? read_text_file(log) : "";
  const std::size_t at = text.rfind("ERROR");
  return at == std::string::npos ? "it gives no reason" : text.substr(at, text.find('\n', at) - at);
}

std::string statistics(const SynthesisJob& job, const WorkFolder& work) {
  for (const std::string& file : files_of(job.unit)) write_file(work / file, *find_embedded(file));
  std::string target = job.target;
  if (!is_family(target)) {
    target = (work / "cells.lib").string();
    std::filesystem::copy_file(job.target, target);
  }
  const auto script = work / "accelerators/array/synth/yosys_script.sh";
  std::vector<std::string> arguments = {script.string(), job.unit.folder, job.unit.name,
                                        "tuned",         target,          job.use_dsp ? "true" : "false"};
  for (const auto& [name, value] : job.parameters) arguments.push_back(fmt::format("{}={}", name, value));
  const auto commands = work / "run.ys";
  if (run_program("bash", arguments, "", commands) != 0)
    throw Error(fmt::format("{}: the script of its synthesis cannot be written", job.unit.name));
  std::string text = read_text_file(commands);
  text += fmt::format("tee -q -o {} stat -json{}\n", (work / "cells.json").string(),
                      is_family(job.target) ? "" : " -liberty " + target);
  write_file(commands, text);
  const auto log = work / "log";
  if (run_program("yosys", {"-q", "-l", log.string(), "-s", commands.string()}, "", work / "output") != 0)
    throw Error(fmt::format("{}: Yosys does not synthesise it: {}", job.unit.name, error_in(log)));
  return read_text_file(work / "cells.json");
}

}  // namespace

std::vector<std::string> synthesis_targets() { return {"xilinx7", "ecp5", "ice40"}; }

std::pair<std::string, int> parse_parameter(const RtlUnit& unit, const std::string& written) {
  static const std::regex form("([A-Z_]+)=([0-9]{1,7})");
  std::smatch parts;
  if (!std::regex_match(written, parts, form))
    throw Error(fmt::format("'{}': a parameter is NAME=VALUE, its value a whole number", written));
  const std::string name = parts[1];
  if (!unit.has(name)) {
    const std::string other = nearest(name, unit.parameters);
    throw Error(fmt::format("{} has no parameter {}{}; it has {}", unit.name, name,
                            other.empty() ? "" : fmt::format(" (did you mean {}?)", other),
                            fmt::join(unit.parameters, ", ")));
  }
  const int value = std::stoi(parts[2]);
  if (value > largest_parameter) throw Error(fmt::format("{}: at most {}", written, largest_parameter));
  return {name, value};
}

SynthesisedCells synthesise(const SynthesisJob& job, const EntryFolder* cache) {
  if (!is_family(job.target) && !std::filesystem::is_regular_file(job.target))
    throw Error(
        fmt::format("'{}' is no target: {}, or a Liberty file", job.target, fmt::join(synthesis_targets(), ", ")));
  const WorkFolder work;
  const std::string tool = yosys_version(work);
  const std::string origin = origin_of(job, tool);
  const std::string key = sha256(origin) + ".json.gz";
  std::optional<std::string> text = cache ? cache->load(key) : std::nullopt;
  const bool cached = text.has_value();
  if (!cached) {
    text = statistics(job, work);
    if (cache) cache->save(key, *text, origin);
  }
  SynthesisedCells cells = count_cells(*text, is_family(job.target));
  cells.tool = tool;
  cells.cached = cached;
  return cells;
}

}  // namespace lutra::exploration
