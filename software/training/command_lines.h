#pragma once

#include "software/common/terminal/command_line.h"

// What 'lutra train' and 'lutra export' accept. Nothing here needs libtorch: lutra, which has none, tells it too.
namespace lutra::training {

inline void add_shared_options(terminal::CommandLine& options) {
  options.value("data", "DIR", "folder of data sets and models");
  options.value("threads", "N", "of torch (default: 1; another number rounds sums differently)");
  options.choice("device", {"auto", "cpu", "cuda"}, "where torch computes (default: auto)");
  options.flag("allow-difference", "succeed although trainer and reference disagree");
  options.flag("quiet", "print errors only");
}

inline terminal::CommandLine train_command_line() {
  terminal::CommandLine options(
      "train <recipe.yaml> --output DIR [options]",
      "Trains a network, quantised or float, and saves it as ONNX. DIR keeps a checkpoint of every epoch: an "
      "interrupted\n"
      "training goes on with the same call. The recipe is a file or the name of one that Lutra carries;\n"
      "software/training/README.md documents recipes.",
      {"recipe"});
  options.value("output", "DIR", "where checkpoints, log and network go");
  add_shared_options(options);
  options.value("seeds", "N", "train with N seeds, from the recipe's on, or with FIRST-LAST, each in DIR/seed<number>");
  options.value("jobs", "N", "seeds at a time (default: 1)");
  options.flag("no-export", "only train; 'lutra export DIR' saves the network");
  return options;
}

inline terminal::CommandLine export_command_line() {
  terminal::CommandLine options("export <DIR> [options]",
                                "Saves the network of a training's folder as ONNX, as its newest checkpoint has it.",
                                {"folder"});
  options.value("output", "FILE.onnx", "the file (default: float.onnx or quantized.onnx in the folder)");
  add_shared_options(options);
  return options;
}

}  // namespace lutra::training
