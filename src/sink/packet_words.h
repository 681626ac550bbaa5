/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words and phrases that several formats use of a packet's journey. */
#ifndef SINK_PACKET_WORDS_H
#define SINK_PACKET_WORDS_H

#include "base/text.h"
#include "event/event.h"

/* "original", "reply" */
const char *packet_words_direction(enum direction direction);

/* "new", "changed", "refreshed", "unchanged", "destroyed"; NULL for ENTRY_NONE. */
const char *packet_words_change(enum entry_change change);

/* The path as one number: equal for equal paths. */
static inline uint64_t packet_words_hooks(const struct event_packet *journey)
{
	uint64_t hooks = 0;

	for (size_t i = 0; i < journey->n_hooks; i++)
		hooks = hooks << 4 | (journey->hooks[i] + 1u);
	return hooks;
}

/*
 * The packet as tcpdump would put it, without TCP's sequence numbers and window: they are as wide as all the rest, and
 * most readers look for the flags.
 */
void packet_words_print_packet(const struct packet *packet, struct text *out);

/* "udp 192.168.1.2:35237 > 192.168.1.10:53" */
void packet_words_print_flow(const struct tuple *tuple, struct text *out);

/* "filter INPUT 2", or "filter INPUT policy". */
void packet_words_print_rule(const struct rule_place *place, struct text *out);

/* "dns.rules:9"; nothing when the rule stands in no file. */
void packet_words_print_file(const struct rule_place *place, struct text *out);

/* Both: "filter INPUT 2 dns.rules:9". */
void packet_words_print_place(const struct rule_place *place, struct text *out);

/* "10.0.0.1:53", "[2001:db8::1]:53", or the address alone for protocols without ports. */
void packet_words_print_endpoint(const struct tuple *tuple, bool is_source, struct text *out);

/* Of a frame that is not replayed: "leaves: packet 3, as predicted", "for another machine"; "" for any other. */
void packet_words_print_copy(const struct event_packet *journey, struct text *out);

/* Of a packet that was turned back: "captured on its way out; came in as 10.0.0.1:4000 > 10.0.0.2:53". */
void packet_words_print_arrival(const struct event_packet *journey, struct text *out);

/* Of a packet that would not have been: "phantom: its request, packet 12, was dropped". */
void packet_words_print_phantom(const struct event_packet *journey, struct text *out);

#endif
