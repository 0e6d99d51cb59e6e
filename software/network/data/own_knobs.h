#pragma once

#include "software/common/knob.h"
#include "software/network/data/own_data.h"
#include "software/network/limits.h"

namespace lutra::network {

inline constexpr KnobWords number_types{
    {"file", "bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"}};

// The knobs of OwnData (software/common/knob.h).
template <ConfigOf<OwnData> Config, typename Visit>
void for_each_knob(Config& data, const Visit& visit) {
  constexpr KnobAny file{"path"};
  visit("images", data.images, file,
        "required: the test images, `.npy`, `.npz` (`data.npz:array` names the array), IDX or raw numbers, one image "
        "after the other; or a folder of [pictures](#pictures)");
  visit("labels", data.labels, file,
        "a class from 0 for each image; of pictures, a CSV file; absent: no accuracy is measured, unless the folder's "
        "folders are the classes");
  visit("train_images", data.train_images, file, "images for calibration");
  visit("train_labels", data.train_labels, file, "their classes, which only `scheme.progressive` asks for");
  visit("calibration_percent", data.calibration_percent, KnobRange{0, 90},
        "without `train_images`: this share of `images`, evenly spread over the file, is for calibration and no test "
        "image; 0: all are test images");
  visit("shape", data.shape, KnobRange{1, 1 << 20},
        "extents of one image as the file holds it, where its own are others or none, as [1, 49, 10]");
  visit("layout", data.layout, KnobWords{{"nchw", "nhwc"}}, "channels first, or last");
  visit("type", data.type, number_types,
        "of raw numbers, lowest byte first; `file`: the file has a header that says it");
  visit("label_type", data.label_type, number_types, "the same, of labels");
  visit("classes", data.classes, KnobRange{1, max_classes}, "absent: as many as the network has outputs");
  visit("scale", data.scale, KnobReal{1e-12, 1e12}, "what a number stands for is (number - `zero_point`) * `scale`; 1");
  visit("zero_point", data.zero_point, KnobReal{-1e12, 1e12}, "0");
  visit("lowest", data.lowest, KnobReal{-1e12, 1e12},
        "least value that the 8-bit input tells from others; absent: of uint8 and int8 the type's, else that of the "
        "calibration images (of the test images, if there are no others)");
  visit("highest", data.highest, KnobReal{-1e12, 1e12}, "greatest value, likewise");
}

}  // namespace lutra::network
