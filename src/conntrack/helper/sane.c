/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SANE's network protocol: the answer to "start scanning" names the port where the picture can be fetched.
 * Linux 6.18, nf_conntrack_sane.c.
 */
#include "base/cursor.h"
#include "conntrack/help.h"
#include "conntrack/helper/payload.h"
#include "conntrack/lifecycle.h"

enum { REQUEST_LEN = 8, ANSWER_LEN = 8, NET_START = 7, STATUS_GOOD = 0 };

static const char *read_answer(struct helping *helping, const struct payload *payload)
{
	const struct tuple original = connection_tuple(helping->connection, DIRECTION_ORIGINAL);
	struct cursor cursor = cursor_over(payload->bytes, payload->len);
	uint32_t status = cursor_u32(&cursor);
	uint16_t zero = cursor_u16(&cursor), port = cursor_u16(&cursor);
	struct expectation wanted;

	if (cursor.failed || status != STATUS_GOOD || zero != 0)
		return NULL;
	expectation_init(&wanted, helping->connection, PROTOCOL_TCP, &original.source, &original.destination, port);
	if (expectation_add(helping->conntrack, &wanted, false, helping->now) != EXPECTATION_ADDED)
		return "helper sane: cannot add expectation";
	return NULL;
}

static const char *help(struct helping *helping)
{
	struct sane_memory *memory = &helping->help->memory.sane;
	struct payload payload;
	struct cursor cursor;

	if (!payload_of_tcp(helping, &payload))
		return NULL;
	if (helping->direction == DIRECTION_ORIGINAL) {
		cursor = cursor_over(payload.bytes, payload.len);
		if (payload.full_len == REQUEST_LEN)
			memory->has_asked_to_start = cursor_u32(&cursor) == NET_START;
		return NULL;
	}
	if (!memory->has_asked_to_start)
		return NULL;
	memory->has_asked_to_start = false;
	return payload.full_len < ANSWER_LEN ? NULL : read_answer(helping, &payload);
}

const struct helper helper_sane = {
	.name = "sane",
	.summary = "the port from which a scanner's picture is fetched",
	.protocols = { PROTOCOL_TCP },
	.has_ipv6 = true,
	.port = 6566,
	.classes = { { "", 1, 300 } },
	.n_classes = 1,
	.help = help,
};
