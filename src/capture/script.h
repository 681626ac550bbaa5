/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packet scripts: captures that people can read and write. A line is a packet, or a conversation of several.
 *
 *     # comments; names for addresses are optional
 *     host client 192.168.1.2
 *     0        udp client:35237 > 192.168.1.10:53 len 33
 *     +0.020   udp 192.168.1.10:53 > client:35237 data "hello"
 *     30       tcp 10.0.0.2:40000 > 10.0.0.1:22 S seq 1000 win 64240 <mss 1460,sackOK,wscale 7>
 *     +1       icmp 10.0.0.2 > 10.0.0.1 echo-request id 7 seq 1 len 56
 *     +1       icmp 10.0.0.9 > client unreachable port about 1
 *
 * Times are seconds since the start, or "+" seconds since the packet before. IPv6 ends
 * with ports are written "[2001:db8::1]:53". The whole language: docs.
 *
 *     link ethernet | raw             (first lines; ethernet unless said otherwise)
 *     start 2026-01-02T03:04:05Z      (absolute time of 0; 2026-01-01 unless said)
 *     host NAME ADDRESS [MAC]
 *     TIME udp SRC:PORT > DST:PORT    [no-checksum]
 *     TIME tcp SRC:PORT > DST:PORT FLAGS seq N ack N win N urgent N <OPTION,...>
 *     TIME sctp SRC:PORT > DST:PORT tag N chunk NAME ...
 *     TIME icmp SRC > DST WORDS | type N code N; id N seq N | about PACKET [quote BYTES] mtu N gateway ADDRESS
 *     TIME tcp SRC:PORT > DST:PORT connect, send BYTES | "TEXT", recv ..., close | closed | reset [with ITEMS]
 *     TIME udp SRC:PORT > DST:PORT send BYTES | "TEXT", recv ...
 *     TIME again PACKET               (the same once more)
 *     pace SECONDS                    (between the packets of one line: 0.005)
 *     TIME proto NAME SRC > DST       proto NUMBER: even of TCP or ICMP, what follows IP is the payload alone
 *     with any of: len BYTES | data "TEXT" | hex DIGITS, ttl N, tos N, ip-id N (or id N, except for ICMP), df,
 *     frag OFFSET[+] [size BYTES], fragments BYTES, vlan N, bad-checksum, bad-ip-checksum, cut BYTES, broadcast
 *
 * FLAGS are tcpdump's letters: S . F P R U E W, or "none". A line with `frag` describes the
 * whole datagram; the packet carries `size` bytes of it from OFFSET on.
 */
#ifndef CAPTURE_SCRIPT_H
#define CAPTURE_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/diag.h"
#include "base/limits.h"
#include "base/source.h"
#include "capture/source.h"

struct script_packet {
	int64_t time_ns;		/* since the script's start; may run backwards where the script does */
	const uint8_t *frame;		/* in the script's arena */
	uint32_t captured_len, original_len;
	uint32_t ip_offset;		/* where the IP header begins in the frame */
	struct source_range where;	/* its time, at the beginning of its line */
};

struct script_host;
struct script_flow;

struct script {
	struct arena arena;		/* frames, names */
	struct script_packet *packets;	/* owned */
	size_t n_packets, capacity;
	struct map hosts;		/* by their names */
	struct script_flow *flows;	/* conversations, in the arena; newest first */
	int64_t pace_ns;		/* between two packets of a conversation's line */
	int64_t start_ns;		/* nanoseconds since 1970 */
	int link_type;			/* DLT_EN10MB or DLT_RAW */
	uint64_t n_bytes, most_bytes;	/* that its frames take; limits.script_bytes */
	bool is_full;			/* that many, and it was said: nothing more is read */
};

/*
 * Reads a whole script into `script`, which is initialised here and must be cleared in
 * any case. False when there were errors. `source` must live as long as the diagnostics. `limits`: NULL for the usual ones.
 */
bool script_parse(struct script *script, const struct source *source, const struct limits *limits, struct diagnostics *diagnostics);
void script_clear(struct script *script);

/* The script's packets as a packet source; the script is borrowed until it is closed. */
struct packet_source *script_open(const struct script *script);

#endif
