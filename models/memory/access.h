#pragma once

#include <tlm>

#include "models/memory/storage.h"

namespace lutra::models {

// The functional half of a memory target; addresses count from the start of the storage.

bool inside(const Storage& storage, const tlm::tlm_generic_payload& transaction);

// Copies between payload and storage; the transaction must lie inside.
void copy(Storage& storage, tlm::tlm_generic_payload& transaction);

// Grants the whole storage, for reading and writing.
bool grant_dmi(Storage& storage, const tlm::tlm_generic_payload& transaction, const sc_core::sc_time& latency,
               tlm::tlm_dmi& dmi);

// Copies what lies inside and returns its number of bytes.
unsigned int copy_debug(Storage& storage, tlm::tlm_generic_payload& transaction);

}  // namespace lutra::models
