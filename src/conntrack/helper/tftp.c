/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TFTP (RFC 1350): the server answers a request from a port of its own, which nobody knows before.
 * Linux 6.18, nf_conntrack_tftp.c, nf_nat_tftp.c.
 */
#include "base/cursor.h"
#include "conntrack/helper/payload.h"
#include "conntrack/lifecycle.h"

enum { UDP_HEADER_LEN = 8, READ_REQUEST = 1, WRITE_REQUEST = 2 };

static const char *help(struct helping *helping)
{
	const struct packet *packet = helping->packet;
	const struct tuple original = connection_tuple(helping->connection, DIRECTION_ORIGINAL);
	const struct tuple reply = connection_tuple(helping->connection, DIRECTION_REPLY);
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + UDP_HEADER_LEN);
	uint16_t opcode = cursor_u16(&cursor);
	struct expectation wanted;

	if (cursor.failed || (opcode != READ_REQUEST && opcode != WRITE_REQUEST))
		return NULL;
	expectation_init(&wanted, helping->connection, PROTOCOL_UDP, &reply.source, &reply.destination,
			 reply.destination_port);
	if (payload_is_translated(helping)) {
		payload_follow_master(&wanted, DIRECTION_REPLY);
		wanted.saved_port = original.source_port;
	}
	if (expectation_add(helping->conntrack, &wanted, false, helping->now) != EXPECTATION_ADDED)
		return "helper tftp: cannot add expectation";
	return NULL;
}

const struct helper helper_tftp = {
	.name = "tftp",
	.summary = "the transfer, which comes from another port of the server",
	.protocols = { PROTOCOL_UDP },
	.has_ipv6 = true,
	.port = 69,
	.classes = { { "", 1, 300 } },
	.n_classes = 1,
	.help = help,
};
