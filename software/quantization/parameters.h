#pragma once

#include <map>
#include <string>
#include <vector>

namespace lutra::quantization {

// A knob of one scheme, given as text.
struct Parameter {
  std::string name;
  std::vector<std::string> choices;  // the first is the default
  std::string meaning;
};

// The values of a scheme's knobs: those given, else the defaults.
class Parameters {
 public:
  // Throws Error for a name that is not known (with the nearest that is) and for a value that is not among the choices.
  Parameters(const std::vector<Parameter>& known, const std::map<std::string, std::string>& given);

  // Precondition: a known name.
  const std::string& at(const std::string& name) const { return values_.at(name); }
  const std::map<std::string, std::string>& all() const { return values_; }

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace lutra::quantization
