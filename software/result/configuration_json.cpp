#include "software/result/configuration_json.h"

#include "accelerators/family/engine_fields.h"
#include "models/base/soc_fields.h"

namespace lutra::result {

namespace {

using Json = nlohmann::ordered_json;

struct FieldWriter {
  Json& json;
  template <typename Field>
  void operator()(const char* key, const Field& field) const {
    json[key] = field;
  }
  void operator()(const char* key, const std::map<std::string, std::string>& field) const {
    json[key] = Json::object();
    for (const auto& [name, value] : field) json[key][name] = value;
  }
};

// Reads the fields that for_each_*_field visits.
struct FieldReader {
  const JsonReader& json;
  template <typename Field>
  void operator()(const char* key, Field& field) const {
    json.at(key).read(field);
  }
};

}  // namespace

Json write_engine(const accelerators::EngineConfig& engine) {
  Json json;
  accelerators::for_each_engine_field(engine, FieldWriter{json});
  return json;
}

Json write_soc(const models::SocConfig& soc) {
  Json hart, instruction_cache, data_cache, interconnect, sram, main_memory;
  models::for_each_cache_field(soc.hart.instruction_cache, FieldWriter{instruction_cache});
  models::for_each_cache_field(soc.hart.data_cache, FieldWriter{data_cache});
  models::for_each_hart_field(soc.hart, FieldWriter{hart});
  hart["instruction_cache"] = instruction_cache;
  hart["data_cache"] = data_cache;
  models::for_each_interconnect_field(soc.interconnect, FieldWriter{interconnect});
  models::for_each_sram_field(soc.sram, FieldWriter{sram});
  models::for_each_main_memory_field(soc.main_memory, FieldWriter{main_memory});
  return {{"clock_mhz", soc.clock_mhz},   {"hart", hart}, {"tcm_bytes", soc.tcm_bytes},
          {"interconnect", interconnect}, {"sram", sram}, {"main_memory", main_memory}};
}

accelerators::EngineConfig read_engine(const JsonReader& json) {
  accelerators::EngineConfig engine;
  accelerators::for_each_engine_field(engine, FieldReader{json});
  return engine;
}

models::SocConfig read_soc(const JsonReader& json) {
  json.keys({"clock_mhz", "hart", "tcm_bytes", "interconnect", "sram", "main_memory"});
  models::SocConfig soc;
  json.at("clock_mhz").read(soc.clock_mhz);
  if (!(soc.clock_mhz > 0)) json.at("clock_mhz").fail("is not above zero");
  json.at("tcm_bytes").read(soc.tcm_bytes);
  const JsonReader hart = json.at("hart");
  models::for_each_hart_field(soc.hart, FieldReader{hart});
  models::for_each_cache_field(soc.hart.instruction_cache, FieldReader{hart.at("instruction_cache")});
  models::for_each_cache_field(soc.hart.data_cache, FieldReader{hart.at("data_cache")});
  models::for_each_interconnect_field(soc.interconnect, FieldReader{json.at("interconnect")});
  models::for_each_sram_field(soc.sram, FieldReader{json.at("sram")});
  models::for_each_main_memory_field(soc.main_memory, FieldReader{json.at("main_memory")});
  return soc;
}

}  // namespace lutra::result
