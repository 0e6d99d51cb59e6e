#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/data/own_data.h"
#include "software/network/float/graph.h"
#include "software/network/given/take.h"
#include "software/network/quantised/quantised_network.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// A network that comes quantised.
struct GivenNetwork {
  network::Graph graph;  // as the file says it
  network::given::Taken taken;
};

// The files and images that scenarios name. Each is read once and kept: what a result was computed from is what its
// digest was made of, whatever becomes of the file meanwhile. Everything here throws Error naming what is missing and
// the way out.
class Inputs {
 public:
  // `data`: the folder of data sets and models.
  explicit Inputs(std::optional<std::filesystem::path> data = std::nullopt) : data_(std::move(data)) {}

  network::Graph model(const scenario::Scenario& scenario);                 // its float network
  network::QuantisedNetwork quantised(const scenario::Scenario& scenario);  // the integer network of its file
  // The file it was taken from, where that is not Lutra's own.
  std::optional<GivenNetwork> given(const scenario::Scenario& scenario);
  const network::Dataset& images(const scenario::Scenario& scenario, network::Split split);
  // What the bytes of its images stand for.
  network::Normalisation normalisation(const scenario::Scenario& scenario);

  // Everything that the scenario reads: a line each, with the SHA-256 of the content.
  std::string digests(const scenario::Scenario& scenario);

  // Nothing more is read: points that run from here on see what their digests were made of, and no other file.
  void seal() { sealed_ = true; }

 private:
  struct File {
    std::string place;  // its path
    std::vector<std::uint8_t> bytes;
    std::string digest;
  };
  // What decides which images a scenario means: the data set and the folder of its files; of random ones and of files,
  // what the network takes.
  struct Images {
    std::string folder;
    std::string dataset;
    std::optional<network::OwnData> own;
    std::uint32_t random_seed = 0;
    network::Shape input_shape;
    network::Split split = network::Split::test;
    network::Dataset data;
    std::string digest;  // empty until it is asked for
  };

  const File& file(const scenario::Scenario& scenario, const std::string& written);
  // The network of the scenario's quantised file, where that is not Lutra's own.
  std::optional<network::Graph> given_graph(const scenario::Scenario& scenario);
  const network::Shape& input_shape(const scenario::Scenario& scenario);
  network::Shape read_input_shape(const scenario::Scenario& scenario);
  network::Dataset read_images(const scenario::Scenario& scenario, const network::Shape& input_shape,
                               network::Split split) const;
  Images& load(const scenario::Scenario& scenario, network::Split split);
  std::string file_digest(const scenario::Scenario& scenario, const std::string& written);
  const std::string& images_digest(const scenario::Scenario& scenario, network::Split split);
  void expect_open(const std::string& what) const;

  std::optional<std::filesystem::path> data_;
  std::map<std::pair<std::string, std::string>, File> files_;  // by the scenario's folder, and as written there
  std::map<std::tuple<std::string, std::string, std::string>, network::Shape>
      input_shapes_;  // by the scenario's folder, its float network and its quantised one
  std::list<Images> images_;
  bool sealed_ = false;
};

}  // namespace lutra::exploration
