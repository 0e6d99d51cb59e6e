#include "models/memory/access.h"

#include <algorithm>
#include <cstring>

namespace lutra::models {

bool inside(const Storage& storage, const tlm::tlm_generic_payload& transaction) {
  const std::uint64_t start = transaction.get_address();
  return start < storage.size() && transaction.get_data_length() <= storage.size() - start;
}

void copy(Storage& storage, tlm::tlm_generic_payload& transaction) {
  std::uint8_t* here = storage.data() + transaction.get_address();
  if (transaction.is_read()) {
    std::memcpy(transaction.get_data_ptr(), here, transaction.get_data_length());
  } else {
    std::memcpy(here, transaction.get_data_ptr(), transaction.get_data_length());
  }
}

bool grant_dmi(Storage& storage, const tlm::tlm_generic_payload& transaction, const sc_core::sc_time& latency,
               tlm::tlm_dmi& dmi) {
  if (transaction.get_address() >= storage.size()) return false;
  dmi.set_dmi_ptr(storage.data());
  dmi.set_start_address(0);
  dmi.set_end_address(storage.size() - 1);
  dmi.set_read_latency(latency);
  dmi.set_write_latency(latency);
  dmi.allow_read_write();
  return true;
}

unsigned int copy_debug(Storage& storage, tlm::tlm_generic_payload& transaction) {
  const std::uint64_t start = transaction.get_address();
  if (start >= storage.size()) return 0;
  const auto bytes =
      static_cast<unsigned int>(std::min<std::uint64_t>(transaction.get_data_length(), storage.size() - start));
  if (transaction.is_read()) {
    std::memcpy(transaction.get_data_ptr(), storage.data() + start, bytes);
  } else if (transaction.is_write()) {
    std::memcpy(storage.data() + start, transaction.get_data_ptr(), bytes);
  } else {
    return 0;
  }
  return bytes;
}

}  // namespace lutra::models
