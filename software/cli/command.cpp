#include "software/cli/command.h"

namespace lutra::cli {

namespace {

constexpr Command all[] = {
    {"run", "run a scenario: accuracy, cycles, energy and resources", run_options, run_command},
    {"compare", "schemes and engines side by side, at equal shape and equal device", compare_options, compare_command},
    {"sweep", "run many variants of a scenario: one table, Pareto front", sweep_options, sweep_command},
    {"check", "compare scenarios with their golden results", check_options, check_command},
    {"explain", "say where a result's cycles and energy went and what would help", explain_options, explain_command},
    {"price", "price a result again with other cost tables, without simulating", price_options, price_command},
    {"describe", "what a scenario or a network is", describe_options, describe_command},
    {"diff", "a network that comes quantised beside its integers, tensor by tensor", diff_options, diff_command},
    {"synthesise", "map RTL to cells with Yosys, beside what reports price", synthesise_options, synthesise_command},
    {"quantize", "quantise a scenario's network and save it as ONNX", quantise_options, quantise_command},
    {"train", "train a network, quantised or float", train_options, train_command},
    {"export", "save the network of a training as ONNX", export_options, export_command},
    {"seeds", "compare two recipes that were trained with several seeds", seeds_options, seeds_command},
    {"exec", "run a bare-metal ELF program on the SoC", exec_options, exec_command},
    {"schemes", "the quantisation schemes there are", schemes_options, schemes_command},
    {"engines", "the engine families there are", engines_options, engines_command},
    {"keys", "the keys of a scenario's engine and SoC, with ranges and defaults", keys_options, keys_command},
    {"man", "print the manual page, for man -l", man_options, man_command},
    {"completion", "print what completes lutra's command line in bash or zsh", completion_options, completion_command},
};

}  // namespace

std::span<const Command> commands() { return all; }

}  // namespace lutra::cli
