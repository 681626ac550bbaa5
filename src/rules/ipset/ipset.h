/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of addresses, networks, ports, ... that -m set and -j SET name: what `ipset save` printed, read; asked and changed by
 * packets; printed again.
 *
 * What was read is constant and belongs to the command line. A replay has a copy of its own (ipsets_start()), in which time
 * passes and which -j SET changes.
 */
#ifndef RULES_IPSET_IPSET_H
#define RULES_IPSET_IPSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/source.h"
#include "base/text.h"
#include "clock/vtime.h"
#include "packet/address.h"

struct ipsets;
struct subject;

enum { IPSET_NAME_LONGEST = 31, IPSET_DIMENSIONS_MOST = 6, IPSET_MOST = 65534 };

enum { IPSET_UNKNOWN = UINT32_MAX };

struct ipsets *ipsets_create(void);
void ipsets_destroy(struct ipsets *sets);

/* How many elements the lines that are read may name, in all, beyond one for each: limits.set_elements unless this is called. */
void ipsets_limit(struct ipsets *sets, uint64_t most_named);

/* Adds what a source says: "create" and "add" lines, and the other commands that change sets. False after an error. */
bool ipsets_read(struct ipsets *sets, const struct source *source, struct diagnostics *diagnostics);

/* The sets at the beginning of a replay; `sets` must outlive them. NULL gives NULL. */
struct ipsets *ipsets_start(const struct ipsets *sets, uint32_t hz);

/* The number of a set; IPSET_UNKNOWN when there is none of that name. */
uint32_t ipsets_find(const struct ipsets *sets, const char *name);

/* The family of a set's addresses; FAMILY_NONE: any. */
enum family ipsets_family(const struct ipsets *sets, uint32_t set);

/* Does any of them have elements that may end in time? */
bool ipsets_have_timeouts(const struct ipsets *sets);

/* The set's name that is nearest to a wrong one, or NULL. */
const char *ipsets_nearest(struct diagnostics *diagnostics, const struct ipsets *sets, const char *name);

/* Comparison of an element's counter: values of enum ipset_comparison. */
enum ipset_comparison { IPSET_ANY, IPSET_EQUAL, IPSET_NOT_EQUAL, IPSET_LESS, IPSET_GREATER };

struct ipset_counter_test {
	uint32_t comparison;		/* enum ipset_comparison */
	uint64_t value;
};

/* What a rule asks of a set. */
struct ipset_query {
	uint32_t set;			/* its number */
	uint8_t n_dimensions, sources;	/* bit i of `sources`: the packet's source is meant in dimension i, else its destination */
	bool returns_nomatch;		/* elements marked nomatch match, the others do not */
	bool skips_counters, skips_member_counters;
	struct ipset_counter_test packets, bytes;
};

/* What -j SET --map-set copies to the packet. */
struct ipset_info {
	uint32_t mark, mark_mask, priority;
	uint16_t queue;
};

/* Linux 6.18, ip_set_test(). *info is set when the answer is yes and the set has skbinfo; may be NULL. */
bool ipsets_test(struct ipsets *sets, const struct ipset_query *query, const struct subject *subject, struct ipset_info *info);

enum { IPSET_DEFAULT_TIMEOUT = UINT32_MAX };

/* Linux 6.18, ip_set_add(), ip_set_del(). `timeout` in seconds; IPSET_DEFAULT_TIMEOUT: the set's own. */
void ipsets_add(struct ipsets *sets, const struct ipset_query *query, const struct subject *subject, uint32_t timeout,
		bool overwrites);
void ipsets_remove(struct ipsets *sets, const struct ipset_query *query, const struct subject *subject);

/*
 * The next line of what `ipset save` prints, without its end: `position` is 0 at first and moved on. False behind the last.
 * Elements in the order in which they were added (the kernel's is that of a hash that is keyed anew each time), bitmaps by
 * value; list:set behind all others, as there.
 */
struct ipsets_position {
	uint32_t set, record;
	uint32_t *order;		/* owned: ipsets_end() */
	bool is_listing_lists, has_header;
};
bool ipsets_next_line(const struct ipsets *sets, struct ipsets_position *position, struct vtime now, struct text *line);
void ipsets_end(struct ipsets_position *position);

#endif
