/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One packet: its bytes and what decode found in them.
 *
 * The caller owns one struct packet and reuses it for every packet of a replay.
 * packet_init() once, then a source fills the frame fields, decode_frame() the rest;
 * packet_clear() at the end. Fields are in host order. Only packet/rewrite changes
 * bytes; it keeps the decoded fields true.
 *
 * Lengths: `total_len` is what the IP header says; `len` is how many of those bytes
 * were captured (len < total_len: cut by the snap length). Link-layer padding is
 * already trimmed. Every offset is from the first byte of the IP header.
 */
#ifndef PACKET_PACKET_H
#define PACKET_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "clock/vtime.h"
#include "packet/address.h"

enum decode_status {
	DECODE_COMPLETE,	/* every header up to layer 4 is there */
	DECODE_TRUNCATED,	/* the snap length cut a header */
	DECODE_MALFORMED,	/* see problem: Linux would not take it as it is */
	DECODE_NOT_IP,		/* ARP, LLDP, ...: shown, never judged */
};

/* What the link layer said about who sent the frame (SLL, SLL2, pcapng flags). */
enum link_direction { LINK_UNKNOWN, LINK_IN, LINK_OUT, LINK_OTHER_HOST };

/* Link-layer destination class, as -m pkttype sees it. */
enum packet_class { PACKET_UNICAST, PACKET_BROADCAST, PACKET_MULTICAST, PACKET_OTHER_HOST };

/* Options of pcapng as they are written to a file: little-endian, padded, without the last one. */
struct capture_options {
	const uint8_t *bytes;
	uint32_t len;
};

/* What a pcapng file says of an interface. */
struct capture_interface {
	uint32_t snap_len;
	const struct capture_interface *first, *next;	/* of the file; next: NULL while none was read */
	struct capture_options options;	/* but for how times are counted */
	struct capture_options section;	/* of its section */
};

/* And of a packet. */
struct capture_note {
	const char *comments;		/* each ends with a NUL, and an empty one is the last; or NULL */
	struct capture_options options;	/* but for comments */
	const struct capture_interface *interface;	/* or NULL */
};

struct link_info {
	enum packet_class destination_class;	/* from the destination MAC or the SLL packet type */
	bool has_source_mac, has_destination_mac;
	uint8_t source_mac[6], destination_mac[6];
	uint16_t ethertype;		/* of the payload, after VLAN tags; 0 when unknown */
	uint16_t vlan;			/* outermost VLAN id, 0 = none */
	uint16_t type;			/* libpcap's DLT_ value of the capture */

	/* What is known before any header was looked at; direction and interface_index may be found there, too. */
	enum link_direction direction;
	uint32_t interface_index;	/* SLL2; 0 when unknown */
	uint32_t capture;		/* of several that are replayed as one: which, from 0 */
	const char *interface_name;	/* from the capture (pcapng), or NULL; lives as long as the reader */
	const struct capture_note *note;	/* likewise, what else the capture says; or NULL */
};

/* TCP flag bits as in byte 13 of the header. */
enum {
	TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08,
	TCP_ACK = 0x10, TCP_URG = 0x20, TCP_ECE = 0x40, TCP_CWR = 0x80,
};

enum {
	PROTOCOL_ICMP = 1, PROTOCOL_IGMP = 2, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_DCCP = 33,
	PROTOCOL_GRE = 47, PROTOCOL_ESP = 50, PROTOCOL_AH = 51, PROTOCOL_ICMPV6 = 58, PROTOCOL_NO_NEXT = 59,
	PROTOCOL_IPCOMP = 108, PROTOCOL_SCTP = 132, PROTOCOL_MH = 135, PROTOCOL_UDPLITE = 136,
};

/* What few look at stands first and last: of packets with which nothing is wrong replay/parcel keeps what is between. */
struct packet {
	struct link_info link;
	uint64_t number;		/* 1-based, as in Wireshark */
	struct vtime time;		/* since the first packet */

	/* The frame as captured; borrowed from the source until the next packet. */
	const uint8_t *frame;
	uint32_t captured_len;
	uint32_t original_len;
	bool is_checksum_trusted;	/* of the host, or captured on its way out: nobody checks layer 4 (CHECKSUM_PARTIAL) */

	enum decode_status status;

	/* Network layer; meaningful when family is not FAMILY_NONE. */
	const uint8_t *bytes;		/* first byte of the IP header: the frame's, or `owned` after a rewrite */
	uint32_t len;			/* captured bytes of the IP packet, <= total_len */
	uint32_t total_len;		/* IP total length (IPv6: 40 + payload length) */
	struct address source, destination;
	uint8_t family;			/* enum family */
	uint8_t protocol;		/* layer 4 (IPv6: after the extension headers) */
	uint8_t ttl;			/* or hop limit */
	uint8_t tos;			/* or traffic class */
	uint16_t ip_id;			/* IPv4 */
	bool dont_fragment, more_fragments;
	uint16_t fragment_offset;	/* in units of 8 bytes; 0 for the first */
	uint16_t head_len;		/* of a packet that was put together: how much of it came in its first piece; else 0 */
	bool is_fragment;		/* offset != 0 or more_fragments; IPv6: has a fragment header that says so */
	bool has_ip_options;		/* IPv4 options, or IPv6 extension headers */
	bool bad_ip_checksum;		/* IPv4 only; such a packet never reaches netfilter, unless the host sent it */
	bool is_l4_withheld;		/* because of it: l4_unreachable, though the fields of layer 4 were found */
	bool l4_unreachable;		/* header chain unparsable, "no next header", IHL beyond the packet */
	uint8_t l4_checksum;		/* private to checksum and rewrite: what checksum_note_l4() has found, and 1; 0: nothing is known */
	uint32_t flow_label;
	uint32_t tuple_hash;		/* private to conntrack and rewrite: what conntrack_note_packets() has found; 0: nothing is known */

	/* Layer 4; `l4_offset` <= total_len. The rest is valid when has_l4 says so. */
	uint32_t l4_offset;
	uint32_t l4_len;		/* total_len - l4_offset: what Linux would see */
	bool has_l4;			/* the whole fixed header of the protocol was captured (and offset is 0) */
	bool has_ports;			/* the first 4 bytes of TCP, UDP, UDPLITE, SCTP, DCCP were captured */
	uint16_t source_port, destination_port;
	uint8_t tcp_flags;		/* byte 13 */
	uint8_t tcp_header_len;		/* data offset * 4; may be wrong: see tracker/tcp */
	uint16_t tcp_window;		/* raw */
	uint32_t tcp_sequence, tcp_acknowledgment;
	uint16_t udp_len;		/* the header's length field */
	uint8_t icmp_type, icmp_code;
	uint16_t icmp_id, icmp_sequence;

	const char *problem;		/* static sentence when malformed, truncated or not IP; else NULL */
	const char *problem_layer;	/* "Ethernet", "IPv4", "TCP", ...: static, or NULL */

	uint8_t *owned;			/* private to rewrite: writable copy, or NULL */
	size_t owned_capacity;
};

void packet_init(struct packet *packet);
void packet_clear(struct packet *packet);

/* A second packet like one that nobody has changed since it was decoded; the frame is shared. */
static inline void packet_copy(struct packet *copy, const struct packet *packet)
{
	memcpy(copy, packet, offsetof(struct packet, owned));
}

static inline bool packet_is_icmp(const struct packet *packet)
{
	return packet->protocol == PROTOCOL_ICMP || packet->protocol == PROTOCOL_ICMPV6;
}

/* True when the snap length cut bytes that the IP header promises. */
static inline bool packet_is_cut(const struct packet *packet)
{
	return packet->len < packet->total_len;
}

#endif
