/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A generator of small worlds for the comparison with a live kernel: one host, some peers, their
 * conversations with everything that goes wrong in them, and a ruleset. The same seed makes the
 * same files. Nothing here knows what the right answers are.
 *
 * scenario.c: the files; scenario_world.c: the world, and who speaks when; scenario_packet.c: bytes of packets;
 * scenario_header.c, scenario_fragment.c: what may happen to them; scenario_tcp.c, scenario_sctp.c, scenario_datagram.c,
 * scenario_icmp.c: conversations; scenario_nat.c: what NAT does, and who uses it; scenario_rules.c: rulesets; scenario_parts.c:
 * the matches and targets that they are made of.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/random.h"

enum { MOST_FRAMES = 500, MOST_FRAME_LEN = 1600, MOST_NODES = 12, MOST_SERVICES = 4, MOST_RULE = 240 };

#define MS 1000000LL
#define SECOND 1000000000LL
#define TICK (4 * MS)
#define DAY (86400 * SECOND)

struct node {
	int family;		/* 4 or 6 */
	uint8_t address[16];
	uint8_t mac[6];
	bool is_host;		/* the host under test itself */
};

/* Who talks with whom. Where NAT lies between, each end knows the other by an address that is not its own. */
struct pair {
	const struct node *node[2];	/* 0 opens */
	const struct node *seen[2];	/* what the other end sends to */
	unsigned port, seen_port;	/* of end 1, and what end 0 takes for it; 0: any, the same */
};

struct frame {
	int64_t time_ns;
	unsigned order;		/* ties keep the order of creation */
	const char *area;	/* what it tests: for the statistics */
	/* How its receiver sees it, for errors about it. */
	struct node seen_source, real_destination;
	unsigned mapped_port;	/* 0: both ports as they are */
	bool is_source_port;	/* mapped_port is for the source */
	size_t len;
	uint8_t bytes[MOST_FRAME_LEN];
};

/* A rule that maps a destination, and who uses it. */
struct service {
	uint8_t protocol;	/* 0: all */
	const struct node *client;	/* NULL: somebody outside */
	struct node seen, server, client_seen;
	unsigned seen_port, port;
	bool is_client_seen;	/* the server knows its client as client_seen */
	char rule[2][MOST_RULE];	/* "CHAIN rest", "" */
};

enum source_mapping { SOURCE_KEPT, SOURCE_MASQUERADED, SOURCE_MAPPED, SOURCE_NETMAPPED, SOURCE_IN_RANGE };

/* What the nat tables of one family do. */
struct nat {
	bool is_there;
	enum source_mapping source;	/* of what leaves through eth0 */
	struct node inner_seen[MOST_NODES];
	struct service services[MOST_SERVICES];
	size_t n_services;
};

struct scenario {
	struct random random;
	const uint8_t *choices;	/* what somebody else draws, before the seed is asked: tests/fuzz; borrowed */
	size_t n_choices;
	struct frame frames[MOST_FRAMES];
	size_t n_frames;
	bool is_router;
	bool has_ipv6;
	bool reads_clock;	/* has rules that read the kernel's own clock */
	unsigned percent_split, percent_bent;	/* packets that come in fragments, or with odd headers */
	const char *area;	/* of what is being written */
	struct node host4, host4_inner, host6, host6_inner;
	struct node outer[MOST_NODES];	/* peers beyond eth0, IPv4 */
	size_t n_outer;
	struct node inner[MOST_NODES];	/* peers beyond eth1, IPv4 (router) */
	size_t n_inner;
	struct node outer6[MOST_NODES];
	size_t n_outer6;
	struct node inner6[MOST_NODES];
	size_t n_inner6;
	struct nat nat[2];	/* IPv4, IPv6 */
};

/* One IP packet under construction. */
struct ip_packet {
	size_t len;
	uint8_t bytes[MOST_FRAME_LEN - 14];
};

struct ip_fields {
	uint8_t protocol, ttl, tos;
};

/* scenario_world.c */
/* All of it, frames in order of time. `scenario` is zero but for its choices. */
void make_scenario(struct scenario *scenario, uint64_t seed);
void write_arguments(struct scenario *scenario, FILE *out);	/* options for ctreplay, one word a line */
uint32_t pick(struct scenario *scenario, uint32_t n);			/* 0 ... n - 1 */
bool chance(struct scenario *scenario, unsigned percent);
int64_t pick_ns(struct scenario *scenario, int64_t low, int64_t high);	/* whole microseconds */
int64_t pick_gap(struct scenario *scenario);				/* mostly short */
int64_t pick_silence(struct scenario *scenario);			/* around what entries live */
/* Puts a packet at a time, perhaps in fragments or with a header that is odd; too many are silently left out. */
void put_packet(struct scenario *scenario, int64_t time_ns, const struct ip_packet *packet, const struct pair *pair, int from);
/* The same as it is. */
struct frame *put_frame(struct scenario *scenario, int64_t time_ns, const struct ip_packet *packet, const struct pair *pair,
			int from);
/* Two nodes of one family whose packets cross the host under test, or end there; perhaps with NAT between them. */
void pick_pair(struct scenario *scenario, int family, uint8_t protocol, struct pair *pair);
/* Two nodes as they are. */
struct pair make_pair(const struct node *a, const struct node *b);

/* scenario_packet.c */
void renumber_packets(void);	/* IPv4 identifications begin anew */
void put16(uint8_t *at, unsigned value);
void put32(uint8_t *at, uint32_t value);
unsigned read16(const uint8_t *at);
void fill_ip_checksum(uint8_t *header);
void make_packet(struct ip_packet *packet, const struct node *source, const struct node *destination,
		 struct ip_fields fields, const uint8_t *payload, size_t payload_len);
void fill_checksum(struct ip_packet *packet, uint8_t protocol);	/* of the transport header, where it has one */
void spoil_checksum(struct ip_packet *packet, uint8_t protocol);
size_t ip_header_len(const struct ip_packet *packet);
struct node make_node(int family, const char *address, unsigned mac);

/* scenario_header.c */
void bend_header(struct scenario *scenario, struct ip_packet *packet);

/* scenario_fragment.c */
void put_fragments(struct scenario *scenario, int64_t time_ns, const struct ip_packet *packet, const struct pair *pair, int from);

/* scenario_nat.c */
void plan_nat(struct scenario *scenario, int family);
void pick_service_pair(struct scenario *scenario, struct service *service, struct pair *pair);

/* Conversations; each starts at about `start_ns`. */
void converse_tcp(struct scenario *scenario, int family, int64_t start_ns);
void flood_syn(struct scenario *scenario, int family, int64_t start_ns);
void converse_udp(struct scenario *scenario, int family, int64_t start_ns);
void converse_sctp(struct scenario *scenario, int family, int64_t start_ns);
void converse_gre(struct scenario *scenario, int family, int64_t start_ns);
void converse_generic(struct scenario *scenario, int family, int64_t start_ns);
void converse_group(struct scenario *scenario, int family, int64_t start_ns);
void converse_echo(struct scenario *scenario, int family, int64_t start_ns);
void converse_odd_icmp(struct scenario *scenario, int family, int64_t start_ns);
void converse_neighbours(struct scenario *scenario, int family, int64_t start_ns);
void knock_ports(struct scenario *scenario, int family, int64_t start_ns);
/* ICMP errors about packets that are there already. */
void add_errors(struct scenario *scenario);

/* scenario_rules.c */
void write_rules(struct scenario *scenario, int family, FILE *out);

#endif
