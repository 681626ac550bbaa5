/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A generator of small worlds for the comparison with a live kernel: one host, some peers, their
 * conversations with everything that goes wrong in them, and a ruleset. The same seed makes the
 * same files. Nothing here knows what the right answers are.
 *
 * scenario.c: the world and the files; scenario_packet.c: bytes of packets; scenario_tcp.c,
 * scenario_datagram.c, scenario_icmp.c: conversations; scenario_rules.c: rulesets.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/random.h"

enum { MOST_FRAMES = 400, MOST_FRAME_LEN = 1600, MOST_NODES = 12 };

#define MS 1000000LL
#define SECOND 1000000000LL
#define DAY (86400 * SECOND)

struct node {
	int family;		/* 4 or 6 */
	uint8_t address[16];
	uint8_t mac[6];
	bool is_host;		/* the host under test itself */
};

struct frame {
	int64_t time_ns;
	unsigned order;		/* ties keep the order of creation */
	size_t len;
	uint8_t bytes[MOST_FRAME_LEN];
};

struct scenario {
	struct random random;
	struct frame frames[MOST_FRAMES];
	size_t n_frames;
	bool is_router;
	bool has_ipv6;
	bool sleeps;		/* a short one, with rules that read the kernel's own clock */
	bool exact_timers;
	bool is_plain;		/* rules of the commonest matches and targets alone */
	struct node host4, host4_inner, host6;
	struct node outer[MOST_NODES];	/* peers beyond eth0, IPv4 */
	size_t n_outer;
	struct node inner[MOST_NODES];	/* peers beyond eth1, IPv4 (router) */
	size_t n_inner;
	struct node outer6[MOST_NODES];
	size_t n_outer6;
};

/* One IP packet under construction. */
struct ip_packet {
	size_t len;
	uint8_t bytes[MOST_FRAME_LEN - 14];
};

struct ip_fields {
	uint8_t protocol, ttl, tos;
};

/* scenario.c */
uint32_t pick(struct scenario *scenario, uint32_t n);			/* 0 ... n - 1 */
bool chance(struct scenario *scenario, unsigned percent);
int64_t pick_ns(struct scenario *scenario, int64_t low, int64_t high);	/* whole microseconds */
int64_t pick_gap(struct scenario *scenario);				/* mostly short */
int64_t pick_silence(struct scenario *scenario);			/* around what entries live */
/* Puts a frame at a time; too many are silently left out. Returns its index + 1, or 0. */
size_t put_packet(struct scenario *scenario, int64_t time_ns, const struct ip_packet *packet, const struct node *from);
/* Two nodes of one family whose packets cross the host under test. */
void pick_pair(struct scenario *scenario, int family, const struct node **a, const struct node **b);

/* scenario_packet.c */
void put16(uint8_t *at, unsigned value);
void put32(uint8_t *at, uint32_t value);
unsigned read16(const uint8_t *at);
void make_packet(struct ip_packet *packet, const struct node *source, const struct node *destination,
		 struct ip_fields fields, const uint8_t *payload, size_t payload_len);
void fill_checksum(struct ip_packet *packet, uint8_t protocol);	/* of the transport header, where it has one */
void spoil_checksum(struct ip_packet *packet, uint8_t protocol);
size_t ip_header_len(const struct ip_packet *packet);
struct node make_node(int family, const char *address, unsigned mac);

/* Conversations; each starts at about `start_ns`. */
void converse_tcp(struct scenario *scenario, int family, int64_t start_ns);
void flood_syn(struct scenario *scenario, int family, int64_t start_ns);
void converse_udp(struct scenario *scenario, int family, int64_t start_ns);
void converse_generic(struct scenario *scenario, int family, int64_t start_ns);
void converse_group(struct scenario *scenario, int family, int64_t start_ns);
void converse_echo(struct scenario *scenario, int family, int64_t start_ns);
void converse_odd_icmp(struct scenario *scenario, int family, int64_t start_ns);
void converse_neighbours(struct scenario *scenario, int64_t start_ns);
void knock_ports(struct scenario *scenario, int64_t start_ns);
/* ICMP errors about packets that are there already. */
void add_errors(struct scenario *scenario);

/* scenario_rules.c */
void write_rules(struct scenario *scenario, int family, FILE *out);

#endif
