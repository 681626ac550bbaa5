/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries, rules and addresses as JSON: the objects that several kinds of line hold. */
#ifndef SINK_JSON_PARTS_H
#define SINK_JSON_PARTS_H

#include "event/event.h"
#include "packet/printed_ends.h"
#include "sink/json_writer.h"
#include "sink/pieces.h"

/* What is kept of the lines before, and what the line at hand says more than once. All zero: nothing. */
struct json_kept {
	struct pieces states;		/* the keys state and status */
	const struct packet *packet;	/* of the line at hand, whose ends are printed; NULL: they are not */
	struct printed_ends ends;
};

/* "ipv4" or "ipv6". */
const char *json_parts_family(uint8_t family);

/* {"table","chain","rule","file","line","text"}; a policy has rule null and "policy":true. NULL: null. */
void json_parts_add_rule(struct json_writer *writer, const char *key, const struct rule_place *place);

/* {"table","chain","rule"} alone. */
void json_parts_add_rule_name(struct json_writer *writer, const char *key, const struct rule_place *place);

/* The packet in a line, as "summary". */
void json_parts_add_summary(struct json_writer *writer, const struct packet *packet);

/* The same of the packet of the line at hand: its ends are kept for what follows. */
void json_parts_add_own_summary(struct json_writer *writer, const struct packet *packet, struct json_kept *kept);

/* Numbers of packets. */
void json_parts_add_packets(struct json_writer *writer, const char *key, const uint64_t *packets, size_t n_packets);

/* {"src","dst",...} with the ports, ICMP's id or GRE's keys. NULL: null. */
void json_parts_add_addresses(struct json_writer *writer, const char *key, const struct tuple *tuple);

/* The entry as it is at `now`. NULL: null. `kept` may be NULL. */
void json_parts_add_entry(struct json_writer *writer, const char *key, const struct entry_view *entry,
			  struct vtime now, struct json_kept *kept);

/* The expectation as it is at `now`. */
void json_parts_add_expectation(struct json_writer *writer, const char *key, const struct expectation_view *expectation,
				struct vtime now);

/* The keys of a NAT binding, into the object that is open. */
void json_parts_add_binding(struct json_writer *writer, const struct event_binding *binding);

#endif
