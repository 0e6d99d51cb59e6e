#pragma once

#include <string>
#include <vector>

// What the page of this folder is made of.
namespace lutra::validation {

struct Section {
  std::string title;
  std::string text;  // in front of the table
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

std::string markdown(const std::vector<Section>& sections);

// Signed differences in percent of what was held against.
class Errors {
 public:
  void add(double ours, double theirs) { percent_.push_back((ours / theirs - 1) * 100); }
  void add_percent(double percent) { percent_.push_back(percent); }

  std::size_t points() const { return percent_.size(); }
  double mean() const;
  double least() const;
  double most() const;
  double worst() const;  // the larger magnitude

  // "41", "+0.1 %", "-3.3 .. +1.0 %"; "-" without points.
  std::string points_text() const;
  std::string mean_text() const;
  std::string range_text() const;

  // By the worst point: "good" within 10 %, "fair" within 30 %, else "bad".
  std::string grade() const;

 private:
  std::vector<double> percent_;
};

// "1,234"; "+1.2 %"
std::string grouped(long number);
std::string percent(double value);

Section elements();
Section arrays();
Section post_processor();
Section array_energy();
Section hart();
Section rtl_twins();
Section networks();
Section published_cells();
Section published_energy();
Section dram();
std::vector<Section> all_sections();

}  // namespace lutra::validation
