#ifndef LUTRA_MODELS_INTERFACE_MEMORY_MAP_H
#define LUTRA_MODELS_INTERFACE_MEMORY_MAP_H

/* The SoC as its software sees it: base addresses, sizes and the registers of the devices. Registers are 32 bits,
 * little endian; those of the console are bytes, and a word store to one writes its low byte there. Included by the
 * models and by the software that runs on them. */

#include <stdint.h>

/* Ends the simulation: write 0x5555 for success, (code << 16) | 0x3333 for failure (SiFive test finisher). */
#define LUTRA_EXIT_BASE 0x00100000u
#define LUTRA_EXIT_SIZE 0x1000u
#define LUTRA_EXIT_PASS 0x5555u
#define LUTRA_EXIT_FAIL 0x3333u

/* Machine timer and software interrupt, SiFive CLINT layout, one hart. mtime counts SoC clock cycles. */
#define LUTRA_TIMER_BASE 0x02000000u
#define LUTRA_TIMER_SIZE 0x10000u
#define LUTRA_TIMER_MSIP 0x0000u
#define LUTRA_TIMER_MTIMECMP 0x4000u
#define LUTRA_TIMER_MTIME 0xBFF8u

/* Interrupt controller, RISC-V PLIC layout, one context (hart 0, machine mode). */
#define LUTRA_PLIC_BASE 0x0C000000u
#define LUTRA_PLIC_SIZE 0x400000u
#define LUTRA_PLIC_PRIORITY 0x000000u /* 4 bytes per source */
#define LUTRA_PLIC_PENDING 0x001000u  /* 1 bit per source */
#define LUTRA_PLIC_ENABLE 0x002000u   /* 1 bit per source */
#define LUTRA_PLIC_THRESHOLD 0x200000u
#define LUTRA_PLIC_CLAIM 0x200004u
#define LUTRA_PLIC_SOURCES 32u /* source 0 does not exist */
#define LUTRA_IRQ_CONSOLE 1u
#define LUTRA_IRQ_ENGINE 2u

/* Console, the transmit half of a 16550: registers of a byte, one behind the other. */
#define LUTRA_CONSOLE_BASE 0x10000000u
#define LUTRA_CONSOLE_SIZE 0x100u
#define LUTRA_CONSOLE_DATA 0x0u
#define LUTRA_CONSOLE_LINE_STATUS 0x5u /* bits 5 and 6: transmitter empty */

/* The host's side of the experiment: a frame source (it stands for the sensor that writes frames into memory) and the
 * marks by which cycles and events are attributed. */
#define LUTRA_HOST_BASE 0x10010000u
#define LUTRA_HOST_SIZE 0x1000u
#define LUTRA_HOST_NEXT_FRAME 0x0u   /* read: 1 when a frame now lies in the frame buffer, 0 when there are no more */
#define LUTRA_HOST_BEGIN_OP 0x4u     /* write: what follows belongs to this operation of the current frame */
#define LUTRA_HOST_FRAME_DONE 0x8u   /* write: the frame's logits are in memory */
#define LUTRA_HOST_NO_OP 0xFFFFFFFFu /* BEGIN_OP value: what follows belongs to the frame but to no operation */

/* Neural engine, see accelerators/interface. */
#define LUTRA_ENGINE_BASE 0x10020000u
#define LUTRA_ENGINE_SIZE 0x1000u

/* Memories. The tightly coupled memory is the hart's alone; the sizes of all three are the scenario's. */
#define LUTRA_TCM_BASE 0x20000000u
#define LUTRA_SRAM_BASE 0x30000000u
#define LUTRA_MAIN_BASE 0x80000000u

/* Custom machine-mode CSR: writing 1 writes back and invalidates the data cache. */
#define LUTRA_CSR_DCACHE 0x7C0

#endif
