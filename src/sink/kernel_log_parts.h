/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to kernel_log: what its two families share. */
#ifndef SINK_KERNEL_LOG_PARTS_H
#define SINK_KERNEL_LOG_PARTS_H

#include "base/cursor.h"
#include "sink/kernel_log.h"

struct kernel_log {
	const struct packet *packet;
	uint32_t flags;
	struct text *out;
};

/*
 * A cursor at `offset` of the packet from which `len` bytes can be read. False when the packet does not have them, or
 * the capture has not; "INCOMPLETE" or "CUT" is said.
 */
bool kernel_log_open(const struct kernel_log *log, uint32_t offset, uint32_t len, struct cursor *cursor);

/* The same without a word; *is_cut: the capture lacks what the packet has. */
bool kernel_log_peek(const struct kernel_log *log, uint32_t offset, uint32_t len, struct cursor *cursor, bool *is_cut);

/* "OPT (0204...) ". */
void kernel_log_print_bytes(struct cursor *cursor, uint32_t len, struct text *out);

/* "PROTO=TCP SPT=..."; false where the kernel ends the line behind it. */
bool kernel_log_print_tcp(const struct kernel_log *log, bool is_later_fragment, uint32_t offset);
bool kernel_log_print_udp(const struct kernel_log *log, uint8_t protocol, bool is_later_fragment, uint32_t offset);

/* "SPI=0x1 " of a header in which it stands behind `before` bytes. */
void kernel_log_print_spi(const struct kernel_log *log, uint32_t offset, uint32_t before, uint32_t header_len);

/* From the header at `offset` on; false where the kernel ends the line behind it. `is_quoted`: inside of an ICMP error. */
bool kernel_log_print_ipv4(const struct kernel_log *log, uint32_t offset, bool is_quoted);
bool kernel_log_print_ipv6(const struct kernel_log *log, uint32_t offset, bool is_quoted);

#endif
