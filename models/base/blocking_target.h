#pragma once

#include <tlm>

namespace lutra::models {

// What every loosely timed target shares: non-blocking transport is refused, and so are DMI and debug access until a
// target says otherwise.
class BlockingTarget : public tlm::tlm_fw_transport_if<> {
 public:
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& transaction, tlm::tlm_phase&,
                                     sc_core::sc_time&) override {
    transaction.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
    return tlm::TLM_COMPLETED;
  }
  bool get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi&) override { return false; }
  unsigned int transport_dbg(tlm::tlm_generic_payload&) override { return 0; }
};

// The response to what no target here supports: byte enables, streaming, empty transactions, ignored commands.
inline tlm::tlm_response_status unsupported(const tlm::tlm_generic_payload& transaction) {
  if (transaction.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  if (transaction.get_data_length() == 0 || transaction.get_streaming_width() < transaction.get_data_length()) {
    return tlm::TLM_BURST_ERROR_RESPONSE;
  }
  if (transaction.get_command() == tlm::TLM_IGNORE_COMMAND) return tlm::TLM_COMMAND_ERROR_RESPONSE;
  return tlm::TLM_OK_RESPONSE;
}

}  // namespace lutra::models
