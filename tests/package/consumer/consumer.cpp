#include <exception>
#include <iostream>

#include "software/exploration/point/flow.h"
#include "software/scenario/scenario.h"

extern "C" int sc_main(int, char**) { return 0; }  // SystemC's library asks for one; main() below comes first

int main(int argc, char** argv) try {
  const auto scenario = lutra::scenario::load_scenario(argc > 1 ? argv[1] : "embedded");
  lutra::exploration::FlowOptions how;
  how.images = 1;
  how.simulate = 1;
  lutra::exploration::Inputs inputs;
  const auto outcome = lutra::exploration::run_scenario(scenario, inputs, how);
  std::cout << scenario.name << ": " << outcome.result.cycles.total << " cycles\n";
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
