/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversations without connections: UDP, UDP-Lite, protocols that conntrack does not know, groups. */
#include <string.h>

#include "scenario.h"

enum { MOST_DATAGRAM = 1400 };

struct datagram {
	struct pair pair;
	int from;
	unsigned sport, dport;
	size_t data_len;
	uint8_t protocol;	/* 17 or 136 */
};

static void emit_datagram(struct scenario *scenario, int64_t time_ns, const struct datagram *datagram)
{
	uint8_t bytes[MOST_DATAGRAM] = { 0 };
	uint32_t fate = pick(scenario, 100);
	size_t len = 8 + datagram->data_len;
	struct ip_packet packet;
	uint8_t ttl = chance(scenario, 2) ? 1 : 64;

	put16(bytes, datagram->sport);
	put16(bytes + 2, datagram->dport);
	put16(bytes + 4, datagram->protocol == 17 ? (unsigned)len : 0);
	memset(bytes + 8, 'x', datagram->data_len);
	if (fate == 0)
		len = 1 + pick(scenario, 7);	/* not even a header */
	make_packet(&packet, datagram->pair.node[datagram->from], datagram->pair.seen[!datagram->from],
		    (struct ip_fields){ datagram->protocol, ttl, chance(scenario, 10) ? 0x10 : 0 }, bytes, len);
	if (fate == 1 || fate == 2)
		spoil_checksum(&packet, datagram->protocol);
	else if (fate == 3 && len >= 8)
		put16(packet.bytes + ip_header_len(&packet) + 6, 0);
	else if (fate == 4 && len >= 8)		/* a length field that lies */
		put16(packet.bytes + ip_header_len(&packet) + 4, pick(scenario, 2) ? (unsigned)len + 8 : 4);
	put_packet(scenario, time_ns, &packet, &datagram->pair, datagram->from);
	if (fate > 96)
		put_packet(scenario, time_ns + pick_ns(scenario, MS, 30 * MS), &packet, &datagram->pair, datagram->from);
}

void converse_udp(struct scenario *scenario, int family, int64_t start_ns)
{
	static const unsigned ports[] = { 53, 53, 123, 161, 5060, 4500, 67, 5000 };
	struct datagram there = { .sport = 1024 + pick(scenario, 60000), .dport = ports[pick(scenario, 8)],
				  .protocol = chance(scenario, 8) ? 136 : 17 }, back;
	unsigned n = 1 + pick(scenario, 7), loss = chance(scenario, 50) ? 5 : 35;
	bool is_slow = chance(scenario, 14), is_large = scenario->percent_split && chance(scenario, 60);

	pick_pair(scenario, family, there.protocol, &there.pair);
	back = (struct datagram){ there.pair, 1, there.pair.port ? there.pair.port : there.dport, there.sport, 0, there.protocol };
	there.dport = there.pair.port ? there.pair.seen_port : there.dport;
	for (; n > 0; n--) {
		there.data_len = pick(scenario, is_large ? MOST_DATAGRAM - 8 : 200);
		back.data_len = pick(scenario, is_large ? MOST_DATAGRAM - 8 : 400);
		if (!chance(scenario, loss))
			emit_datagram(scenario, start_ns, &there);
		start_ns += chance(scenario, 20) ? pick_silence(scenario) : pick_ns(scenario, MS, 300 * MS);
		if (!chance(scenario, loss))
			emit_datagram(scenario, start_ns, &back);
		start_ns += is_slow ? 2 * SECOND + pick_ns(scenario, 30 * MS, 900 * MS) :
			    chance(scenario, 15) ? pick_silence(scenario) : pick_ns(scenario, MS, 150 * MS);
	}
}

void converse_generic(struct scenario *scenario, int family, int64_t start_ns)
{
	static const uint8_t protocols[] = { 253, 50, 51, 89, 4, 103, 33, 41 };
	uint8_t bytes[64] = { 0 }, protocol = protocols[pick(scenario, sizeof(protocols))];
	struct pair pair;

	if (protocol == 33 && scenario->nat[family == 6].is_there)
		protocol = 253;		/* DCCP and NAT: docs/fidelity.md */
	pick_pair(scenario, family, protocol, &pair);
	for (unsigned n = 1 + pick(scenario, 6); n > 0; n--) {
		int from = (int)pick(scenario, 2);
		size_t len = 8 + pick(scenario, 40);
		struct ip_packet packet;

		memset(bytes, 0, sizeof(bytes));
		make_packet(&packet, pair.node[from], pair.seen[!from], (struct ip_fields){ protocol, 64, 0 }, bytes, len);
		put_packet(scenario, start_ns, &packet, &pair, from);
		start_ns += chance(scenario, 25) ? pick_silence(scenario) : pick_gap(scenario);
	}
}

/* Version 0 with and without a key, version 1 (PPTP's), and a version that does not exist. */
void converse_gre(struct scenario *scenario, int family, int64_t start_ns)
{
	static const unsigned flags[] = { 0x0000, 0x0000, 0x2000, 0x3001, 0x3081, 0x0002, 0xa000 };
	unsigned flag = flags[pick(scenario, 7)], call[2] = { pick(scenario, 4), 4 + pick(scenario, 4) };
	struct pair pair;

	pick_pair(scenario, family, 47, &pair);
	for (unsigned n = 1 + pick(scenario, 7); n > 0; n--) {
		int from = (int)pick(scenario, 2);
		uint8_t bytes[64] = { 0 };
		struct ip_packet packet;

		put16(bytes, flag);
		put16(bytes + 2, flag & 7 ? 0x880b : 0x0800);
		put16(bytes + 4, flag & 7 ? 8 : 0);
		put16(bytes + 6, call[!from]);
		make_packet(&packet, pair.node[from], pair.seen[!from], (struct ip_fields){ 47, 64, 0 }, bytes,
			    chance(scenario, 6) ? 1 + pick(scenario, 11) : 16 + pick(scenario, 40));
		put_packet(scenario, start_ns, &packet, &pair, from);
		start_ns += chance(scenario, 25) ? pick_silence(scenario) : pick_gap(scenario);
	}
}

void converse_group(struct scenario *scenario, int family, int64_t start_ns)
{
	static const char *const groups[] = { "10.0.0.255", "255.255.255.255", "224.0.0.251", "239.255.255.250" };
	static const char *const groups6[] = { "ff02::fb", "ff02::1:2", "ff02::1" };
	struct node group = make_node(family, family == 4 ? groups[pick(scenario, 4)] : groups6[pick(scenario, 3)], 0);
	struct datagram datagram = { .sport = 5353, .dport = chance(scenario, 50) ? 5353 : 1900, .data_len = 30, .protocol = 17 };
	const struct node *asker = family == 6 ? &scenario->outer6[pick(scenario, 2)]
					       : &scenario->outer[pick(scenario, (uint32_t)scenario->n_outer)];

	datagram.pair = make_pair(asker, &group);
	for (unsigned n = 1 + pick(scenario, 3); n > 0; n--) {
		emit_datagram(scenario, start_ns, &datagram);
		start_ns += pick_gap(scenario);
		if (chance(scenario, 40)) {	/* somebody of the group answers to the asker's port */
			struct datagram answer = { make_pair(family == 6 ? &scenario->host6 : &scenario->host4, asker), 0, datagram.dport,
						   datagram.sport, 40, 17 };

			emit_datagram(scenario, start_ns, &answer);
			start_ns += pick_gap(scenario);
		}
	}
}
