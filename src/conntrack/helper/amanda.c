/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Amanda's backups: "CONNECT DATA port MESG port INDEX port" in an answer over UDP names the TCP ports where the server
 * will fetch. Linux 6.18, nf_conntrack_amanda.c, nf_nat_amanda.c.
 */
#include <stdio.h>
#include <string.h>

#include "conntrack/helper/payload.h"
#include "conntrack/lifecycle.h"

enum { MASTER_TIMEOUT = 300, MOST_DIGITS = 5, WRITTEN_LONGEST = sizeof("65535") };

static const char *const streams[] = { "DATA ", "MESG ", "INDEX ", "STATE " };

/* Where `word` stands in from .. to-1; `to` when it does not. */
static uint32_t find(const struct payload *payload, uint32_t from, uint32_t to, const char *word)
{
	size_t len = strlen(word);

	for (; from + len <= to; from++)
		if (payload_has(payload, from, word))
			return from;
	return to;
}

/* Linux 6.18, nf_nat_amanda.c: help(). */
static const char *expect_translated(struct helping *helping, struct payload *payload, uint32_t at, uint32_t len,
				     struct expectation *wanted)
{
	char written[WRITTEN_LONGEST];
	uint16_t port;
	int written_len;

	payload_follow_master(wanted, DIRECTION_ORIGINAL);
	port = payload_expect_at_free_port(helping, wanted);
	if (!port)
		return "helper amanda: all ports in use";
	written_len = snprintf(written, sizeof(written), "%u", port);
	if (!payload_replace(helping, payload, at, len, written, (uint32_t)written_len))
		return "helper amanda: cannot mangle packet";
	return NULL;
}

static const char *expect(struct helping *helping, struct payload *payload, uint32_t at, uint32_t len, uint16_t port)
{
	const struct tuple original = connection_tuple(helping->connection, DIRECTION_ORIGINAL);
	struct expectation wanted;

	expectation_init(&wanted, helping->connection, PROTOCOL_TCP, &original.source, &original.destination, port);
	if (payload_is_translated(helping))
		return expect_translated(helping, payload, at, len, &wanted);
	if (expectation_add(helping->conntrack, &wanted, false, helping->now) != EXPECTATION_ADDED)
		return "helper amanda: cannot add expectation";
	return NULL;
}

static const char *read_streams(struct helping *helping, struct payload *payload, uint32_t start, uint32_t stop)
{
	const char *problem = NULL;

	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
		struct payload digits = *payload;
		uint32_t at = find(payload, start, stop, streams[i]), end, port;

		if (at == stop)
			continue;
		at += (uint32_t)strlen(streams[i]);
		digits.len = at + MOST_DIGITS < stop ? at + MOST_DIGITS : stop;
		end = payload_read_decimal(&digits, at, &port);
		if ((uint16_t)port == 0)
			break;
		problem = expect(helping, payload, at, end - at, (uint16_t)port);
	}
	return problem;	/* as in Linux, of the last one */
}

static const char *help(struct helping *helping)
{
	struct payload payload;
	uint32_t start, stop;

	if (helping->direction == DIRECTION_ORIGINAL)
		return NULL;
	lifecycle_refresh(helping->conntrack, helping->connection, MASTER_TIMEOUT, helping->now);
	if (!payload_of_udp(helping, &payload))
		return NULL;
	start = find(&payload, 0, payload.len, "CONNECT ");
	if (start == payload.len)
		return NULL;
	start += 8;
	stop = find(&payload, start, payload.len, "\n");
	return stop == payload.len ? NULL : read_streams(helping, &payload, start, stop);
}

const struct helper helper_amanda = {
	.name = "amanda",
	.summary = "the streams of a backup",
	.protocols = { PROTOCOL_UDP },
	.has_ipv6 = true,
	.port = 10080,
	.classes = { { "", 4, 180 } },
	.n_classes = 1,
	.help = help,
};
