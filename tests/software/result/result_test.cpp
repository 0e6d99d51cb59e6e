#include "software/result/result.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "software/result/report.h"
#include "software/result/result_json.h"
#include "tests/software/result/sample_result.h"
#include "tests/software/scenario/message.h"

namespace lutra::result {
namespace {

using test::message_of;
using test::sample_result;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::ordered_json;

TEST(Result, SumsThatHoldPass) {
  EXPECT_EQ(message_of([] { check_sums(sample_result()); }), "no error");
}

TEST(Result, ABrokenSumIsNamed) {
  const auto broken = [](const auto& damage) {
    Result result = sample_result();
    damage(result);
    return message_of([&] { check_sums(result); });
  };
  EXPECT_THAT(broken([](Result& r) { ++r.layers[0].causes.load; }), HasSubstr("cycles of layer 'conv,1' by cause"));
  EXPECT_THAT(broken([](Result& r) { ++r.cycles.total; }), HasSubstr("cycles by layer"));
  EXPECT_THAT(broken([](Result& r) { ++r.cycles.by_cause.compute; }), HasSubstr("cycles by cause"));
  EXPECT_THAT(broken([](Result& r) {
                ++r.cycles.by_cause.compute;
                --r.cycles.by_cause.load;
              }),
              HasSubstr("compute cycles by layer"));
  EXPECT_THAT(broken([](Result& r) { ++r.energy->total; }), HasSubstr("energy (fJ)"));
  EXPECT_THAT(broken([](Result& r) { r.energy->lines[0].layer = 3; }), HasSubstr("belongs to layer 3"));
  EXPECT_THAT(broken([](Result& r) { ++r.memory.weight_bytes; }), HasSubstr("weight bytes"));
  EXPECT_THAT(broken([](Result& r) { ++r.memory.dram_read_bytes; }), HasSubstr("DRAM bytes read"));
  EXPECT_THAT(broken([](Result& r) { ++r.layers[1].dram_write_bytes; }), HasSubstr("DRAM bytes written"));
}

TEST(Result, ABrokenSumIsNeverWritten) {
  Result result = sample_result();
  ++result.cycles.total;
  EXPECT_THAT(message_of([&] { to_json(result); }), HasSubstr("the attribution is broken"));
}

TEST(ResultJson, HoldsTheFieldsAReaderLooksFor) {
  const Json json = Json::parse(to_json(sample_result()));
  EXPECT_EQ(json.at("schema_version"), result_schema_version);
  EXPECT_EQ(json.at("scenario"), "sample");
  EXPECT_NEAR(json.at("accuracy").at("top1_percent").get<double>(), 200.0 / 3, 1e-12);
  EXPECT_EQ(json.at("accuracy").at("float_top1_percent"), 100.0);
  EXPECT_EQ(json.at("accuracy").at("images"), 3);
  EXPECT_EQ(json.at("accuracy").at("top5_percent"), 100.0);
  EXPECT_EQ(json.at("accuracy").at("confusion"), Json::parse("[[1, 0], [1, 1]]"));
  EXPECT_EQ(json.at("accuracy").at("class_names"), Json::parse(R"(["cat", "dog"])"));
  EXPECT_EQ(json.at("verified_images"), 2);
  EXPECT_EQ(json.at("cycles").at("total"), 150);
  EXPECT_EQ(json.at("cycles").at("by_cause").at("compute"), 60);
  EXPECT_EQ(json.at("cycles").at("by_layer").at(0).at("causes").at("load"), 20);
  EXPECT_NEAR(json.at("time_ms").get<double>(), 150 / 200e3, 1e-15);
  EXPECT_EQ(json.at("energy_uj").at("total"), 3.5);
  EXPECT_EQ(json.at("energy_uj").at("by_component").at("hart"), 1.25);
  EXPECT_EQ(json.at("resources").at("lut"), 1234);
  EXPECT_EQ(json.at("resources").at("bram36"), 9.5);
  EXPECT_EQ(json.at("resources").at("device"), "zynq-7020");
  EXPECT_EQ(json.at("resources").at("fits"), true);
  EXPECT_EQ(json.at("memory").at("weight_bytes"), 600);
  EXPECT_EQ(json.at("memory").at("dram_read_bytes"), 820);
  EXPECT_EQ(json.at("network"), sample_result().network.name);
  EXPECT_EQ(json.at("scheme"), scheme_label(sample_result().scheme));
  EXPECT_EQ(json.at("engine"), "mac 16x16x1");
  EXPECT_EQ(json.at("configuration").at("engine").at("rows"), 16);
  EXPECT_EQ(json.at("energy_uj").at("not_counted").size(), sample_result().energy->not_counted.size());
  EXPECT_EQ(json.at("cpu_only").at("cycles"), 12000);
  EXPECT_EQ(json.at("energy_uj").at("sources").at(0).at("kind"), "published");
}

TEST(ResultJson, AWrittenResultReadsBackTheSame) {
  const std::string full = to_json(sample_result());
  EXPECT_EQ(to_json(from_json(full, "r.json")), full);

  Result bare = sample_result();
  bare.engine.reset();
  bare.energy.reset();
  bare.resources.reset();
  bare.area.reset();
  bare.cpu_only_cycles.reset();
  bare.accuracy.float_correct.reset();
  const std::string text = to_json(bare);
  EXPECT_EQ(to_json(from_json(text, "r.json")), text);
  EXPECT_EQ(Json::parse(text).at("engine"), "none");
  EXPECT_TRUE(Json::parse(text).at("energy_uj").is_null());
}

TEST(ResultJson, TheSchemesOwnParametersAreKeptAndMayBeAbsent) {
  Result result = sample_result();
  result.scheme.activations = "ternary";
  result.scheme.requantise = "shift";
  result.scheme.parameters = {{"fit", "output_error"}, {"form", "equal"}};
  const SchemeFacts read = from_json(to_json(result), "r.json").scheme;
  EXPECT_EQ(read.parameters, result.scheme.parameters);
  EXPECT_EQ(read.activations, "ternary");
  EXPECT_EQ(read.requantise, "shift");

  Json json = Json::parse(to_json(result));
  for (const char* key : {"activations", "requantise", "parameters"}) json["configuration"]["scheme"].erase(key);
  json["scheme"] = "uniform W4A8";
  const SchemeFacts older = from_json(json.dump(), "r.json").scheme;
  EXPECT_TRUE(older.parameters.empty());
  EXPECT_EQ(older.activations, "uniform");
}

TEST(ResultJson, ResultsBeforeTop5AndConfusionAreStillRead) {
  Json json = Json::parse(to_json(sample_result()));
  for (const char* key : {"top5_percent", "top5_correct", "float_top5_percent", "float_top5_correct", "other_answers",
                          "confusion", "class_names"})
    json["accuracy"].erase(key);
  const AccuracyFacts older = from_json(json.dump(), "r.json").accuracy;
  EXPECT_EQ(older.correct, 2U);
  EXPECT_FALSE(older.top5_percent().has_value());
  EXPECT_TRUE(older.confusion.empty());
}

TEST(ResultJson, TheSameResultGivesTheSameBytes) { EXPECT_EQ(to_json(sample_result()), to_json(sample_result())); }

TEST(ResultJson, IsReadStrictly) {
  const auto refusal = [](const auto& damage) {
    Json json = Json::parse(to_json(sample_result()));
    damage(json);
    return message_of([&] { from_json(json.dump(), "r.json"); });
  };
  EXPECT_EQ(refusal([](Json& j) { j["schema_version"] = 99; }),
            "r.json: has schema version 99; this program reads version 4: run the scenario again");
  EXPECT_EQ(refusal([](Json& j) { j["colour"] = 1; }), "r.json: field 'colour' is unknown");
  EXPECT_EQ(refusal([](Json& j) { j.erase("time_ms"); }), "r.json: field 'time_ms' is missing");
  EXPECT_EQ(refusal([](Json& j) { j["accuracy"]["images"] = "many"; }),
            "r.json.accuracy.images: \"many\" stands where a whole number is expected");
  EXPECT_EQ(refusal([](Json& j) { j["accuracy"]["images"] = -1; }),
            "r.json.accuracy.images: -1 stands where a whole number is expected");
  EXPECT_EQ(refusal([](Json& j) { j["resources"]["fits"] = 1; }), "r.json.resources.fits: is neither true nor false");
  EXPECT_THAT(refusal([](Json& j) { j["cycles"]["by_layer"][0]["cycles"] = 7; }), HasSubstr("by cause"));
  EXPECT_THAT(refusal([](Json& j) { j["energy_uj"]["by_component"]["hart"] = 7; }), HasSubstr("is not the sum"));
  EXPECT_THAT(refusal([](Json& j) { j["energy_uj"]["attribution"][0]["layer"] = "none"; }), HasSubstr("'none'"));
  EXPECT_THAT(refusal([](Json& j) { j["energy_uj"]["total"] = -1; }), HasSubstr("is not an energy"));
  EXPECT_THAT(refusal([](Json& j) { j["cpu_only"]["cycles"] = nullptr; }), HasSubstr("r.json.cpu_only.cycles"));
  EXPECT_THAT(refusal([](Json& j) { j["layers"].erase(0); }), HasSubstr("r.json.layers: 2 layers"));
  EXPECT_THAT(refusal([](Json& j) { j["configuration"]["engine"].erase("rows"); }),
              HasSubstr("r.json.configuration.engine: field 'rows' is missing"));
  EXPECT_THAT(refusal([](Json& j) { j["engine"] = "none"; }), HasSubstr("r.json.engine: is not what"));
  EXPECT_EQ(refusal([](Json& j) { j["accuracy"]["correct"] = 783; }),
            "r.json.accuracy.correct: 783 of 3 images is not possible; the result is damaged: run its scenario again");
  EXPECT_THAT(refusal([](Json& j) { j["accuracy"]["float_correct"] = 4; }),
              StartsWith("r.json.accuracy.float_correct: 4 of 3 images"));
  EXPECT_THAT(refusal([](Json& j) { j["accuracy"]["top5_correct"] = 4; }),
              StartsWith("r.json.accuracy.top5_correct: 4 of 3 images"));
  EXPECT_THAT(refusal([](Json& j) { j["accuracy"]["top5_percent"] = 50; }),
              StartsWith("r.json.accuracy.top5_percent: is not what follows"));
  for (const char* confusion : {"[[1, 1], [1, 1]]", "[[0, 1], [1, 1]]", "[[1, 0], [2]]", "[[3]]"})
    EXPECT_THAT(refusal([&](Json& j) { j["accuracy"]["confusion"] = Json::parse(confusion); }),
                StartsWith("r.json.accuracy.confusion: does not add up to 'images' and 'correct'"));
  EXPECT_THAT(refusal([](Json& j) { j["accuracy"]["top1_percent"] = 391.5; }),
              StartsWith("r.json.accuracy.top1_percent: is not what follows from the other fields: 66.6"));
  EXPECT_THAT(refusal([](Json& j) { j["time_ms"] = 0.5; }), StartsWith("r.json.time_ms: is not what follows"));
  EXPECT_THAT(refusal([](Json& j) { j["cpu_only"]["per_mac"] = 1; }), StartsWith("r.json.cpu_only.per_mac: is not"));
  EXPECT_EQ(refusal([](Json& j) { j["configuration"]["network"]["macs"] = -1; }),
            "r.json.configuration.network.macs: -1 is below zero");
  EXPECT_EQ(refusal([](Json& j) { j["resources"]["bram36"] = -0.5; }), "r.json.resources.bram36: -0.5 is below zero");
  EXPECT_THAT(refusal([](Json& j) { j["cycles"]["total"] = 7; }), StartsWith("r.json"));
  EXPECT_THAT(message_of([] { from_json("{", "r.json"); }), StartsWith("r.json: is not JSON"));
  EXPECT_THAT(message_of([] { from_json(std::string(100, '['), "r.json"); }), StartsWith("r.json: "));
}

TEST(ResultCsv, HasALineForEveryLayer) {
  const std::string csv = to_csv(sample_result());
  EXPECT_THAT(csv, StartsWith("layer,cycles,compute,load,store,command,software,unit,mapping,macs,"));
  EXPECT_THAT(csv, HasSubstr(",energy_uj,dram_uj,engine.array_uj,hart_uj\n"));
  // 1500 of 100 cycles x 256 multipliers: 5.859 %.
  EXPECT_THAT(csv, HasSubstr("\"conv,1\",100,60,20,5,5,10,engine,rows = output channels,1500,30,500,700,80,5.859,"
                             "2.250000000,1.250000001,0.999999999,0.000000000\n"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 4);
}

TEST(Report, SaysWhatARunFound) {
  const std::string report = to_report(sample_result());
  for (const char* expected :
       {"uniform W4A8", "66.67", "100.00", "150", "3.50 +-31 %", "1,234", "9.5", "fits zynq-7020", "yes", "conv,1",
        "rows = output channels", "0.0938", "7.5000", "some library (published)", "80 times as fast", "(frame)"})
    EXPECT_THAT(report, HasSubstr(expected));
}

TEST(PublishedSoftware, IsClockTimesTimeOverMultiplyAccumulates) {
  // 216 MHz x 99.1 ms over 24.7 million operations, two to a multiply-accumulate.
  EXPECT_NEAR(costs::carried_tables().published_software.cycles_per_mac, 216e6 * 99.1e-3 / 12.35e6, 1e-9);
}

}  // namespace
}  // namespace lutra::result
