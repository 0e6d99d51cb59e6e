#include "software/exploration/search/array_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "software/common/error.h"
#include "software/exploration/search/moves.h"

namespace lutra::exploration {

namespace {

using accelerators::EngineConfig;

// What a bound is of.
using Shape = std::array<int, 5>;

Shape shape_of(const Design& design) {
  const EngineConfig& engine = design.engine;
  return {engine.rows, engine.columns, engine.lanes, engine.post_lanes, static_cast<int>(engine.dataflow)};
}

class Search {
 public:
  Search(const scenario::Scenario& scenario, const network::QuantisedNetwork& network, const SearchSpace& space,
         const Activity& activity, const costs::Tables& tables)
      : scenario_(scenario),
        space_(limited(space, scenario)),
        given_(design_of(scenario)),
        evaluator_(scenario, network, space_, activity, tables) {}

  ArrayChoices run(std::size_t count) {
    list_shapes();
    if (!find_first()) fail();
    for (bool improved = true; improved && may_compile();) {
      improved = descend_from_best();
      look_at_shapes();
    }
    return {best_shapes(count), shapes_.front().bound, evaluator_.effort()};
  }

 private:
  struct Bounded {
    Design design;  // its shape; the rest as in the scenario
    double bound = 0;
  };

  static constexpr std::size_t starts = 4;                      // of descents, in a round
  static constexpr std::array<int, 4> divisors = {1, 2, 4, 8};  // of buffers that are tried

  // Of a prediction, each factor of a product having its own: software/prediction/README.md.
  static double largest_error(Minimise minimise) {
    constexpr double of_one = 0.03;
    return minimise == Minimise::energy_delay ? 2 * of_one : of_one;
  }

  // What nobody pays for is not free to choose.
  static SearchSpace limited(SearchSpace space, const scenario::Scenario& scenario) {
    if (std::holds_alternative<EngineArea>(space.budget))
      space.bus_bytes = {static_cast<int>(scenario.soc.interconnect.width_bytes)};
    return space;
  }

  [[noreturn]] void fail() {
    if (evaluator_.refusal().empty()) evaluator_.evaluate(given_);  // for the reason
    const std::string& reason = evaluator_.refusal();
    throw Error(fmt::format("{}: no {} engine within {} computes the network{}", scenario_.name,
                            scenario_.engine->family, text(space_.budget),
                            reason.empty() ? "; the smallest array is too large" : ": " + reason));
  }

  bool may_compile() { return evaluator_.effort().compiled < space_.most_compiled; }

  // Those that may fit, on the narrowest bus, least bound first.
  void list_shapes() {
    Design design = given_;
    design.bus_bytes = static_cast<std::uint32_t>(*std::min_element(space_.bus_bytes.begin(), space_.bus_bytes.end()));
    for (const accelerators::Dataflow dataflow : space_.dataflows)
      for (const int rows : space_.rows)
        for (const int columns : space_.columns)
          for (const int lanes : space_.lanes)
            for (const int post_lanes : space_.post_lanes) {
              design.engine.dataflow = dataflow;
              design.engine.rows = rows;
              design.engine.columns = columns;
              design.engine.lanes = lanes;
              design.engine.post_lanes = post_lanes;
              ++evaluator_.effort().shapes;
              add_shape(design);
            }
    std::stable_sort(shapes_.begin(), shapes_.end(),
                     [](const Bounded& a, const Bounded& b) { return a.bound < b.bound; });
  }

  void add_shape(const Design& design) {
    const auto bound = may_fit(design) ? bound_of(design) : std::nullopt;
    if (bound)
      shapes_.push_back({design, *bound});
    else
      ++evaluator_.effort().left_out;
  }

  // With the smallest buffers, or with larger ones: on a device those take block RAM, and small ones LUTs.
  bool may_fit(const Design& design) {
    if (evaluator_.fits(smallest(design, space_))) return true;
    return std::any_of(divisors.begin(), divisors.end(), [&](int divisor) {
      Design with_given = without_memories(with_buffers(design, given_, divisor), space_);
      with_given.bus_bytes = design.bus_bytes;
      return evaluator_.fits(with_given);
    });
  }

  // Of a shape that fits; empty where it cannot compute the network. With the hart's help nothing is known.
  std::optional<double> bound_of(const Design& design) {
    return scenario_.cpu_fallback ? std::optional<double>(0) : evaluator_.bound(smallest(design, space_));
  }

  // The first shape that runs with the scenario's memories, or with smaller ones.
  bool find_first() {
    for (const int divisor : divisors)
      for (const Bounded& shape : shapes_) {
        Design design = with_buffers(shape.design, given_, divisor);
        design.bus_bytes = given_.bus_bytes;
        if (consider(design)) return true;
      }
    return false;
  }

  bool consider(const Design& design) {
    const auto evaluated = evaluator_.evaluate(design);
    if (evaluated) keep(*evaluated);
    return evaluated.has_value();
  }

  // As good with less memory takes the place of what was there.
  void keep(const Evaluated& evaluated) {
    const auto [known, added] = best_of_shape_.try_emplace(shape_of(evaluated.design), evaluated);
    if (!added && !known->second.better_than(evaluated)) known->second = evaluated;
    if (!best_ || !best_->better_than(evaluated)) best_ = evaluated;
  }

  // Whether a shape with this bound may yet win.
  bool hopeful(double bound) const { return bound < (1 + largest_error(space_.minimise)) * best_->cost; }

  // Every shape that may win: with all on chip where that fits, else with memories as the best design has them.
  void look_at_shapes() {
    const Design lean = best_->design;
    const std::vector<Design> memories = {everything_on_chip(lean), lean};
    std::size_t hopeless = 0;
    for (const Bounded& shape : shapes_)
      if (hopeful(shape.bound))
        look_at(shape, memories);
      else
        ++hopeless;
    evaluator_.effort().pruned = hopeless;
  }

  void look_at(const Bounded& shape, const std::vector<Design>& memories) {
    for (const Design& sizes : memories)
      for (const int divisor : divisors) {
        if (!may_compile()) return;
        Design design = with_buffers(shape.design, sizes, divisor);
        design.bus_bytes = sizes.bus_bytes;
        if (consider(design)) return;
      }
  }

  // The sizes are those that this shape needs.
  Design everything_on_chip(const Design& design) {
    const Design all = on_chip(design, space_);
    const auto sized = evaluator_.sized(all);
    return sized.value_or(design);
  }

  // From the best shapes that no descent began at; true where one found a better design than all before.
  bool descend_from_best() {
    const Evaluated before = *best_;
    std::size_t descents = 0;
    for (const Evaluated& start : best_shapes(best_of_shape_.size())) {
      if (descents == starts || !may_compile()) break;
      if (!begun_.insert(shape_of(start.design)).second) continue;
      ++descents;
      descend(start);
    }
    return best_->better_than(before) || descents > 0;
  }

  // One change at a time, the first that is better; where none is, whatever is smaller and no worse, for it makes room.
  void descend(Evaluated current) {
    do {
      while (improve(current)) {
      }
    } while (shrink(current) && may_compile());
    begun_.insert(shape_of(current.design));
  }

  bool improve(Evaluated& current) {
    for (const Design& changed : changes(current.design, space_)) {
      if (!may_compile()) return false;
      if (shape_of(changed) != shape_of(current.design) && !may_be_better(changed, current)) continue;
      const auto evaluated = evaluator_.evaluate(changed);
      if (!evaluated) continue;
      keep(*evaluated);
      if (!evaluated->better_than(current)) continue;
      current = *evaluated;
      return true;
    }
    return false;
  }

  bool may_be_better(const Design& design, const Evaluated& than) {
    const auto bound = bound_of(design);
    return bound && *bound < than.cost;
  }

  bool shrink(Evaluated& current) {
    bool shrunk = false;
    for (bool again = true; again;) {
      again = false;
      for (const Design& smaller_one : smaller(current.design, space_)) {
        if (!may_compile()) return shrunk;
        const auto evaluated = evaluator_.evaluate(smaller_one);
        if (!evaluated || current.better_than(*evaluated)) continue;
        current = *evaluated;
        keep(current);
        shrunk = again = true;
        break;
      }
    }
    return shrunk;
  }

  std::vector<Evaluated> best_shapes(std::size_t count) const {
    std::vector<Evaluated> best;
    for (const auto& [shape, evaluated] : best_of_shape_) best.push_back(evaluated);
    std::stable_sort(best.begin(), best.end(), [](const Evaluated& a, const Evaluated& b) { return a.better_than(b); });
    if (best.size() > count) best.resize(count);
    return best;
  }

  const scenario::Scenario& scenario_;
  const SearchSpace space_;
  const Design given_;
  Evaluator evaluator_;
  std::vector<Bounded> shapes_;
  std::map<Shape, Evaluated> best_of_shape_;
  std::set<Shape> begun_;  // where descents began or ended
  std::optional<Evaluated> best_;
};

}  // namespace

ArrayChoices search_arrays(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                           const SearchSpace& space, std::size_t count, const costs::Tables& tables,
                           const Activity& activity) {
  if (!scenario.engine) throw Error(fmt::format("{}: there is no engine to choose a shape for", scenario.name));
  return Search(scenario, network, space, activity, tables).run(count);
}

}  // namespace lutra::exploration
