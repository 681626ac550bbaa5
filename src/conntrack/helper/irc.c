/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IRC: files and chats between two people, which "\1DCC SEND file address port" in a message to the other one announces.
 * Linux 6.18, nf_conntrack_irc.c, nf_nat_irc.c.
 */
#include <stdio.h>
#include <string.h>

#include "conntrack/helper/payload.h"
#include "conntrack/lifecycle.h"

enum {
	MOST_SEARCHED = 4095,
	SHORTEST_MESSAGE = 10,		/* "PRIVMSG x " */
	SHORTEST_DCC = 26,		/* " :\1DCC SENT t AAAAAAAA P\1\n" */
	SHORTEST_BEHIND_WORD = 12,	/* "AAAAAAAA P\1\n" */
	WRITTEN_LONGEST = sizeof("4294967295 65535"),
};

static const char *const dcc_words[] = { "SEND ", "CHAT ", "MOVE ", "TSEND ", "SCHAT " };

/* "argument address port", and where in the payload address and port stand. */
struct dcc {
	uint32_t address;
	uint16_t port;
	uint32_t at, len;
};

static bool has_room(const struct payload *payload, uint32_t at, uint32_t len)
{
	return payload->len >= len && at < payload->len - len;
}

static uint32_t skip_blanks(const struct payload *payload, uint32_t at)
{
	while (at < payload->len && payload->bytes[at] == ' ')
		at++;
	return at;
}

/* Linux 6.18, parse_dcc(). */
static bool parse_dcc(const struct payload *payload, uint32_t at, struct dcc *dcc)
{
	uint32_t port, end;

	while (payload->bytes[at++] != ' ')
		if (payload->len < SHORTEST_BEHIND_WORD || at > payload->len - SHORTEST_BEHIND_WORD)
			return false;
	if (!memchr(payload->bytes + at, '\n', payload->len - at))
		return false;
	dcc->at = at;
	at = skip_blanks(payload, payload_read_decimal(payload, at, &dcc->address));
	end = payload_read_decimal(payload, at, &port);
	dcc->port = (uint16_t)port;
	dcc->len = end - dcc->at;
	return true;
}

/* The beginning of a DCC command behind " :", the first in the message; 0: there is none. Linux 6.18, help(). */
static uint32_t find_dcc(const struct payload *payload)
{
	uint32_t at = 0;

	while (has_room(payload, at, SHORTEST_MESSAGE) && strchr(" \r\n", payload->bytes[at]) && payload->bytes[at])
		at++;
	if (has_room(payload, at, SHORTEST_MESSAGE)) {
		if (!payload_has_in_any_case(payload, at, "PRIVMSG "))
			return 0;
		at += 8;
	}
	while (has_room(payload, at, SHORTEST_DCC)) {
		if (!payload_has(payload, at, " :")) {
			at++;
			continue;
		}
		if (!payload_has(payload, at + 2, "\1DCC "))
			return 0;
		at += 7;
		for (size_t i = 0; i < sizeof(dcc_words) / sizeof(dcc_words[0]); i++)
			if (payload_has(payload, at, dcc_words[i]))
				return at + (uint32_t)strlen(dcc_words[i]);
	}
	return 0;
}

/* Linux 6.18, nf_nat_irc.c: help(). */
static const char *expect_translated(struct helping *helping, struct payload *payload, const struct dcc *dcc,
				     struct expectation *wanted)
{
	const struct tuple reply = connection_tuple(helping->connection, DIRECTION_REPLY);
	char written[WRITTEN_LONGEST];
	uint16_t port;
	int len;

	payload_follow_master(wanted, DIRECTION_REPLY);
	port = payload_expect_at_free_port(helping, wanted);
	if (!port)
		return "helper irc: all ports in use";
	len = snprintf(written, sizeof(written), "%u %u", address_ipv4(&reply.destination), port);
	if (!payload_replace(helping, payload, dcc->at, dcc->len, written, (uint32_t)len))
		return "helper irc: cannot mangle packet";
	return NULL;
}

static const char *help(struct helping *helping)
{
	const struct tuple original = connection_tuple(helping->connection, DIRECTION_ORIGINAL);
	const struct tuple reply = connection_tuple(helping->connection, DIRECTION_REPLY);
	struct expectation wanted;
	struct payload payload;
	struct dcc dcc;
	uint32_t at;

	if (helping->direction == DIRECTION_REPLY || !payload_of_tcp(helping, &payload))
		return NULL;
	if (payload.len > MOST_SEARCHED)
		payload.len = MOST_SEARCHED;
	at = find_dcc(&payload);
	if (!at || !parse_dcc(&payload, at, &dcc))
		return NULL;
	/* The client may know its address inside or its address outside; any other is a forgery. */
	if ((address_ipv4(&original.source) != dcc.address && address_ipv4(&reply.destination) != dcc.address) ||
	    dcc.port == 0)
		return NULL;
	expectation_init(&wanted, helping->connection, PROTOCOL_TCP, NULL, &reply.destination, dcc.port);
	if (payload_is_translated(helping))
		return expect_translated(helping, &payload, &dcc, &wanted);
	if (expectation_add(helping->conntrack, &wanted, false, helping->now) != EXPECTATION_ADDED)
		return "helper irc: cannot add expectation";
	return NULL;
}

const struct helper helper_irc = {
	.name = "irc",
	.summary = "DCC: files and chats that a client offers to others",
	.protocols = { PROTOCOL_TCP },
	.port = 6667,
	.classes = { { "", 8, 300 } },
	.n_classes = 1,
	.help = help,
};
