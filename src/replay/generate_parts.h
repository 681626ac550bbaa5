/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the generator share, private to replay/generate*.c. */
#ifndef REPLAY_GENERATE_PARTS_H
#define REPLAY_GENERATE_PARTS_H

#include "base/random.h"
#include "replay/generate.h"
#include "rules/extent.h"

/* Where conversations go to, and what is known of the rules as a whole. */
struct generate_writer {
	struct text *script;
	bool has_states;		/* some rule asks for the state: errors and wrong checksums tell */
	uint64_t n_packets;
	uint32_t n_conversations;
};

/* One conversation to be: its first packet. */
struct generate_plan { enum family family; struct extent_value fields[FIELD_COUNT]; };

/* The host's addresses and routes as options, in a comment of a script. */
void generate_print_host(const struct topology *topology, struct text *out);

/* A port that no conversation has had for long. */
struct extent_value generate_free_port(const struct generate_writer *writer);

/* There and back, a few packets. */
void generate_talk(struct generate_writer *writer, const struct generate_plan *plan);

/* A rule for what is not NEW also sees answers to what was begun from the other side. */
void generate_talk_backwards(struct generate_writer *writer, struct generate_plan plan, const struct extent_box *box);

/* TCP flags that begin no connection, each from a port of its own where that is free. */
void generate_stray(struct generate_writer *writer, struct generate_plan plan, bool has_free_port);

/* Does the box leave anything of the field out? */
bool generate_is_narrow(const struct extent_box *box, enum packet_field field, enum family family);

/* "eth+" is any that begins so; "" is any. */
bool generate_is_interface(const char *wanted, const char *name);

/* Rules that jump to chains. All zeros: none yet. */
struct generate_ways { struct generate_way *ways; size_t n_ways, capacity; };

void generate_ways_add(struct generate_ways *ways, const struct rule_extent *rule);
void generate_ways_clear(struct generate_ways *ways);

/* What a packet has to be to come to a rule, as far as it is known. */
struct generate_arrival { struct extent_box box; const char *in, *out; uint32_t hooks; };

/* Narrows the arrival to one way of the jumps that lead to the rule, drawn. False when nothing comes this way: another may do. */
bool generate_ways_choose(const struct generate_ways *ways, const struct rule_extent *rule, struct random *random,
			  struct generate_arrival *arrival);

/* Of a set: an address or a network, a port, or both. */
struct generate_element {
	enum family family;		/* FAMILY_NONE: a port alone */
	struct address first, last;
	bool has_port;
	uint8_t protocol;		/* 0: any */
	uint16_t port;
};

enum { GENERATE_MOST_ELEMENTS = 1000000, GENERATE_MOST_TRIED = 128 };	/* looked at; made packets for */

struct generate_elements { struct generate_element elements[GENERATE_MOST_TRIED]; size_t n; };

/* Of both sides' sets (NULL: none), those first that only one of them has. */
void generate_find_elements(const struct ipsets *const sets[2], struct generate_elements *elements);

#endif
