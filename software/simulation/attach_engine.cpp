#include "software/simulation/attach_engine.h"

#include "models/interface/memory_map.h"

namespace lutra::simulation {

std::unique_ptr<accelerators::Engine> attach_engine(models::Soc& soc, const accelerators::EngineConfig& config) {
  auto engine = std::make_unique<accelerators::Engine>("engine", config, accelerators::make_family(config),
                                                       soc.clock_period(), soc.statistics());
  soc.interconnect().attach_initiator("engine_fetch", engine->fetch);
  soc.interconnect().attach_initiator("engine_load", engine->load);
  soc.interconnect().attach_initiator("engine_store", engine->store);
  soc.interconnect().attach_target("engine", LUTRA_ENGINE_BASE, LUTRA_ENGINE_SIZE, engine->registers);
  engine->interrupt.bind(soc.interrupt_line(LUTRA_IRQ_ENGINE));
  return engine;
}

}  // namespace lutra::simulation
