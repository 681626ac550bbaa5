/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SCTP associations: how they begin, live and end, with wrong tags, wrong checksums and chunks out of place. */
#include <string.h>

#include "scenario.h"

enum chunk {
	DATA = 0, INIT = 1, INIT_ACK = 2, SACK = 3, HEARTBEAT = 4, HEARTBEAT_ACK = 5, ABORT = 6, SHUTDOWN = 7, SHUTDOWN_ACK = 8, ERROR = 9,
	COOKIE_ECHO = 10, COOKIE_ACK = 11, SHUTDOWN_COMPLETE = 14,
};

struct association {
	struct scenario *scenario;
	struct pair pair;
	unsigned sport, port, seen_port;
	uint32_t tag[2];	/* that each end wants to see */
	int64_t time_ns;
};

static uint32_t crc32c(const uint8_t *bytes, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

static size_t add_chunk(struct association *association, int from, unsigned kind, uint8_t *at)
{
	size_t len = kind == INIT || kind == INIT_ACK ? 20 : kind == DATA ? 20 : kind == SACK ? 16 : kind == SHUTDOWN ? 8 : 4;

	memset(at, 0, len);
	at[0] = (uint8_t)kind;
	put16(at + 2, (unsigned)len);
	if (kind == INIT || kind == INIT_ACK) {
		put32(at + 4, association->tag[from]);
		put32(at + 8, 65536);
		put16(at + 12, 1);
		put16(at + 14, 1);
	}
	if (kind == DATA)
		at[1] = 3;
	if ((kind == ABORT || kind == SHUTDOWN_COMPLETE) && chance(association->scenario, 20))
		at[1] = 1;	/* the tag is the sender's own */
	if (chance(association->scenario, 1))
		put16(at + 2, pick(association->scenario, 4));	/* a length that cannot be */
	return len;
}

static void send_chunks(struct association *association, int from, unsigned first, unsigned second)
{
	struct scenario *scenario = association->scenario;
	uint32_t tag = first == INIT ? 0 : association->tag[!from], fate = pick(scenario, 100), crc;
	uint8_t bytes[80] = { 0 };
	struct ip_packet packet;
	size_t len = 12;

	if (fate < 4)
		tag = pick(scenario, 2) ? 0 : tag + 1;
	put16(bytes, from ? association->port : association->sport);
	put16(bytes + 2, from ? association->sport : association->seen_port);
	put32(bytes + 4, tag);
	len += add_chunk(association, from, first, bytes + len);
	if (second != first)
		len += add_chunk(association, from, second, bytes + len);
	crc = crc32c(bytes, len);
	for (int i = 0; i < 4; i++)
		bytes[8 + i] = (uint8_t)(crc >> 8 * i);
	if (fate == 4)
		bytes[8] ^= 1;
	if (fate == 5)
		len = 1 + pick(scenario, (uint32_t)len);
	make_packet(&packet, association->pair.node[from], association->pair.seen[!from], (struct ip_fields){ 132, 64, 0 }, bytes, len);
	if (fate > 5 && fate < 12)
		return;		/* lost */
	put_packet(scenario, association->time_ns, &packet, &association->pair, from);
	association->time_ns += chance(scenario, 8) ? pick_silence(scenario) : pick_gap(scenario);
	if (fate > 95) {
		put_packet(scenario, association->time_ns, &packet, &association->pair, from);
		association->time_ns += pick_gap(scenario);
	}
}

static void send_chunk(struct association *association, int from, unsigned kind)
{
	send_chunks(association, from, kind, kind);
}

static void open_association(struct association *association)
{
	association->tag[0] = pick(association->scenario, 0x10000000) + 1;
	association->tag[1] = pick(association->scenario, 0x10000000) + 1;
	send_chunk(association, 0, INIT);
	if (chance(association->scenario, 10))
		send_chunk(association, (int)pick(association->scenario, 2), INIT);
	send_chunk(association, 1, INIT_ACK);
	send_chunks(association, 0, COOKIE_ECHO, chance(association->scenario, 30) ? DATA : COOKIE_ECHO);
	send_chunk(association, 1, COOKIE_ACK);
}

static void exchange_chunks(struct association *association)
{
	static const unsigned odd[] = { INIT, INIT_ACK, COOKIE_ECHO, COOKIE_ACK, ERROR, SHUTDOWN_ACK, SHUTDOWN_COMPLETE, ABORT, HEARTBEAT_ACK, 200 };
	struct scenario *scenario = association->scenario;

	for (unsigned n = pick(scenario, 6); n > 0; n--) {
		int from = (int)pick(scenario, 2);

		if (chance(scenario, 15)) {
			send_chunk(association, from, odd[pick(scenario, sizeof(odd) / sizeof(odd[0]))]);
		} else if (chance(scenario, 30)) {
			send_chunk(association, from, HEARTBEAT);
			send_chunk(association, !from, HEARTBEAT_ACK);
		} else {
			send_chunk(association, from, DATA);
			send_chunks(association, !from, SACK, chance(scenario, 20) ? DATA : SACK);
		}
	}
}

static void close_association(struct association *association)
{
	int from = (int)pick(association->scenario, 2);

	if (chance(association->scenario, 25)) {
		send_chunk(association, from, ABORT);
		return;
	}
	send_chunk(association, from, SHUTDOWN);
	send_chunk(association, !from, SHUTDOWN_ACK);
	send_chunk(association, from, SHUTDOWN_COMPLETE);
}

void converse_sctp(struct scenario *scenario, int family, int64_t start_ns)
{
	struct association association = { .scenario = scenario, .time_ns = start_ns, .sport = 1024 + pick(scenario, 60000) };

	pick_pair(scenario, family, 132, &association.pair);
	association.port = association.pair.port ? association.pair.port : 36412;
	association.seen_port = association.pair.port ? association.pair.seen_port : 36412;
	do {
		if (chance(scenario, 85))
			open_association(&association);
		else
			association.tag[0] = association.tag[1] = 7;	/* already under way */
		exchange_chunks(&association);
		if (chance(scenario, 80))
			close_association(&association);
	} while (chance(scenario, 30));
}
