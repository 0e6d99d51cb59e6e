#pragma once

#include <vector>

#include "software/network/data/dataset.h"
#include "software/reference/answer.h"
#include "software/result/result.h"

namespace lutra::exploration {

// Counts what a network of so many classes answered to the first images of labelled data: of the quantised network...
void count_answers(const std::vector<reference::Answer>& answers, const network::Dataset& data, int classes,
                   result::AccuracyFacts& accuracy);

// ...and of the float network.
void count_float_answers(const std::vector<reference::Answer>& answers, int classes, result::AccuracyFacts& accuracy);

// ...and how many answers are not those of the file that the network was taken from. `own`: empty where all are.
void count_other_answers(const std::vector<reference::Answer>& answers, const std::vector<int>& own,
                         result::AccuracyFacts& accuracy);

}  // namespace lutra::exploration
