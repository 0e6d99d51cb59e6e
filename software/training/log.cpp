#include "software/training/log.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace lutra::training {

std::string to_csv(const std::vector<LogRow>& rows) {
  std::string text = "phase,title,epoch,rate,loss,train_accuracy,test_accuracy,images_per_second,seconds\n";
  for (const LogRow& row : rows) {
    const EpochFigures& f = row.figures;
    text +=
        fmt::format("{},{},{},{:.8g},{:.6f},{:.4f},{},{:.1f},{:.2f}\n", row.phase, row.title, f.epoch, f.rate, f.loss,
                    100 * f.train_accuracy, f.test_accuracy < 0 ? "" : fmt::format("{:.4f}", 100 * f.test_accuracy),
                    f.images_per_second, f.seconds);
  }
  return text;
}

std::string to_json(const std::vector<LogRow>& rows) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const LogRow& row : rows) {
    const EpochFigures& f = row.figures;
    nlohmann::ordered_json json{{"phase", row.phase}, {"title", row.title}, {"epoch", f.epoch},
                                {"rate", f.rate},     {"loss", f.loss},     {"train_accuracy", 100 * f.train_accuracy}};
    json["test_accuracy"] =
        f.test_accuracy < 0 ? nlohmann::ordered_json() : nlohmann::ordered_json(100 * f.test_accuracy);
    json["images_per_second"] = f.images_per_second;
    json["seconds"] = f.seconds;
    all.push_back(json);
  }
  return all.dump(1) + "\n";
}

}  // namespace lutra::training
