/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packet in one line, near to what tcpdump -n prints, for people. */
#ifndef PACKET_SUMMARY_H
#define PACKET_SUMMARY_H

#include "base/text.h"
#include "packet/packet.h"
#include "packet/printed_ends.h"

/*
 * "UDP 192.168.1.2:35237 > 192.168.1.10:53 len 33" (len = layer 4 payload bytes),
 * "TCP 10.0.0.2:40000 > 10.0.0.1:22 [S] seq 1 win 64240 len 0" (flags as tcpdump: S . F P R U E W),
 * "ICMP 10.0.0.2 > 10.0.0.1 echo request id 7 seq 1", errors with the quoted flow:
 * "ICMP 10.0.0.1 > 10.0.0.2 port unreachable (UDP 10.0.0.2:40000 > 10.0.0.1:53)",
 * "ICMPv6 fe80::1 > ff02::1 router advertisement"; fragments by their offset in bytes, "+"
 * when more follow: "UDP frag 1480+ ..."; not IP: "ARP", "LLDP", "ethertype 0x88b5". IPv6 with
 * ports: "[2001:db8::1]:53". What is wrong with a packet stands in parentheses at the end.
 */
void summary_print(const struct packet *packet, struct text *out);

/* Is the line of such a packet made of letters, digits and .:<>[]-+ and blanks alone? Then nobody has to look for what to quote. */
static inline bool summary_is_plain(const struct packet *packet)
{
	return !packet->problem && packet->family != FAMILY_NONE &&
	       (packet->protocol == PROTOCOL_TCP || packet->protocol == PROTOCOL_UDP);
}

/* What a shorter line may leave out. */
enum summary_part {
	SUMMARY_ADDRESSES = 1 << 0,	/* else the ports alone */
	SUMMARY_TCP_NUMBERS = 1 << 1,	/* sequence numbers and window, and a length of 0 */
};
void summary_print_parts(const struct packet *packet, unsigned parts, struct text *out);

/* Most packets, whose line is short: TCP or UDP, not a fragment, with the whole header, and nothing is wrong with it. */
static inline bool summary_is_ordinary(const struct packet *packet)
{
	return summary_is_plain(packet) && packet->has_l4 && !packet->is_fragment;
}

/* Their line, at `at`, where SUMMARY_ORDINARY_ROOM bytes are free; SUMMARY_ADDRESSES is always among the parts. What is behind it. */
enum { SUMMARY_ORDINARY_ROOM = 320 };
char *summary_write_ordinary(char *at, const struct packet *packet, const struct printed_ends *ends, unsigned parts);

#endif
