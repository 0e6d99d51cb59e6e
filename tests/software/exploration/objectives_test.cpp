#include "software/exploration/campaign/objectives.h"

#include <gmock/gmock.h>

#include "software/common/yaml.h"
#include "tests/software/result/sample_result.h"
#include "tests/software/scenario/message.h"

namespace lutra::exploration {
namespace {

using test::message_of;
using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

Objectives objectives_of(const std::string& text) {
  const YamlDocument document = parse_yaml(text, "o.yaml");
  return read_objectives(YamlReader(document).mapping({"pareto", "constraints"}));
}

struct Design {
  double cycles = 100;
  double accuracy = 90;
  bool fits = true;
  bool has_energy = true;
};

std::vector<Json> figures_of(const Design& design) {
  std::vector<Json> figures;
  for (const result::Figure& figure : result::figures()) {
    const std::string name = figure.name;
    figures.push_back(name == "cycles"             ? Json(design.cycles)
                      : name == "accuracy_percent" ? Json(design.accuracy)
                      : name == "fits"             ? Json(design.fits)
                      : name == "energy_uj"        ? (design.has_energy ? Json(30.0) : Json())
                                                   : figure.of(test::sample_result()));
  }
  return figures;
}

std::vector<std::vector<Json>> designs_of(const std::vector<Design>& designs) {
  std::vector<std::vector<Json>> figures;
  for (const Design& design : designs) figures.push_back(figures_of(design));
  return figures;
}

TEST(Objectives, DesignsThatMissAConstraintAreNotCompared) {
  const Objectives objectives =
      objectives_of("pareto: {minimise: [cycles]}\nconstraints: {fits: true, accuracy_percent: {at_least: 88}}\n");
  EXPECT_EQ(objectives.text(), "least cycles; with accuracy_percent at least 88, fits");
  const auto designs = designs_of({{100, 90}, {50, 80}, {60, 91, false}, {70, 88}});
  const std::vector<Standing> standings = stand(objectives, designs);
  EXPECT_EQ(standings[0].on_front, false);
  EXPECT_EQ(standings[1].on_front, std::nullopt);
  EXPECT_EQ(standings[1].misses, "accuracy_percent 80.0 is below 88");
  EXPECT_EQ(standings[2].misses, "fits is false");
  EXPECT_EQ(standings[3].on_front, true) << "a limit belongs to what it limits";
  EXPECT_EQ(left_out_text(objectives, designs, standings), "not compared, for they do not meet the constraints: 2\n");
}

TEST(Objectives, ADesignWithoutAGoalsFigureIsNotComparedRatherThanTakenForZero) {
  const Objectives objectives = objectives_of("pareto: {minimise: [energy_uj]}\n");
  const auto designs = designs_of({{.has_energy = false}, {}});
  const std::vector<Standing> standings = stand(objectives, designs);
  EXPECT_EQ(standings[0].on_front, std::nullopt);
  EXPECT_EQ(standings[1].on_front, true);
  EXPECT_EQ(left_out_text(objectives, designs, standings), "not compared, for a goal's figure is not known: 1\n");
}

TEST(Objectives, AFigureThatIsNotKnownMeetsNoConstraint) {
  const Objectives objectives = objectives_of("constraints: {energy_uj: {at_most: 40}}\n");
  EXPECT_EQ(stand(objectives, designs_of({{.has_energy = false}, {}}))[0].misses, "energy_uj is not known");
}

TEST(Objectives, SayHowManyOfTheFrontDoNotFitTheirDevice) {
  const Objectives objectives = objectives_of("pareto: {minimise: [cycles]}\n");
  const auto designs = designs_of({{50, 90, false}, {100, 90}});
  EXPECT_EQ(left_out_text(objectives, designs, stand(objectives, designs)),
            "on the front, but not in the device: 1 ('constraints: {fits: true}' leaves them out)\n");
}

TEST(Objectives, ADesignThatFailedStandsNowhere) {
  const Objectives objectives = objectives_of("pareto: {minimise: [cycles]}\nconstraints: {fits: true}\n");
  const std::vector<Standing> standings = stand(objectives, {{}, figures_of({})});
  EXPECT_EQ(standings[0].on_front, std::nullopt);
  EXPECT_EQ(standings[0].misses, "");
  EXPECT_EQ(standings[1].on_front, true);
}

TEST(Objectives, RefuseWhatIsNoLimit) {
  const auto refusal = [](const std::string& constraints) {
    return message_of([&] { objectives_of("constraints: " + constraints + "\n"); });
  };
  EXPECT_THAT(refusal("{cycels: {at_most: 1}}"), HasSubstr("o.yaml:1: key 'cycels' is unknown in 'constraints'"));
  EXPECT_THAT(refusal("{cycles: {}}"), HasSubstr("gives no limit"));
  EXPECT_THAT(refusal("{cycles: 5}"), HasSubstr("o.yaml:1: constraints.cycles: '5' stands where"));
  EXPECT_THAT(refusal("{cycles: {at_least: 5, at_most: 4}}"), HasSubstr("no figure is at least 5 and at most 4"));
  EXPECT_THAT(refusal("{fits: yes}"), HasSubstr("o.yaml:1: constraints.fits: 'yes' stands where true or false"));
  EXPECT_THAT(refusal("{cycles: {at_most: .nan}}"), HasSubstr("'.nan' stands where a number is expected"));
  EXPECT_THAT(refusal("{}"), HasSubstr("gives no figures"));
}

}  // namespace
}  // namespace lutra::exploration
