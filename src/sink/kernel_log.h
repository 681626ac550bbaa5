/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A packet as the kernel's log shows it: the lines of -j LOG and, with another prefix, of -j TRACE.
 * Linux 6.18, nf_log_syslog.c: nf_log_ip_packet(), nf_log_ip6_packet(), dump_ipv4_packet(), dump_ipv6_packet().
 */
#ifndef SINK_KERNEL_LOG_H
#define SINK_KERNEL_LOG_H

#include "event/event.h"

/* NF_LOG_* */
enum {
	KERNEL_LOG_TCP_SEQUENCE = 1 << 0, KERNEL_LOG_TCP_OPTIONS = 1 << 1, KERNEL_LOG_IP_OPTIONS = 1 << 2, KERNEL_LOG_UID = 1 << 3,
	KERNEL_LOG_MAC_DECODE = 1 << 5,
};

/* One line behind its prefix, without a line end: "IN=eth0 OUT= MAC=... SRC=... ". */
void kernel_log_print(const struct event_log *log, struct text *out);

#endif
