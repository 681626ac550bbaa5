/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one input may cost beyond its own size, as one table that drives defaults, --limit, `ctreplay list limits` and the manual.
 * Everything else grows no faster than what is read.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

struct limits {
	uint64_t rules_passed;	/* and chains, by the commands of rule files on their way to those that they are about */
	uint64_t rules_tried;	/* by one packet in one table, where chains are jumped to */
	uint64_t set_elements;	/* that the lines of ipset files name, beyond one for each */
	uint64_t rules_expanded;	/* that lists of addresses stand for, beside the one that is written */
	uint64_t rules_bytes;	/* of memory that rules take, beyond LIMITS_RULES_FREE for each that is read */
	uint64_t shell_repeats;	/* commands and rules that loops and functions read again */
	uint64_t shell_bytes;	/* that a shell script's variables stand for */
	uint64_t script_bytes;	/* that the frames of a packet script take, beyond LIMITS_SCRIPT_FREE for each that is read */
	uint64_t filter_bytes;	/* of tcpdump filters, of those that are long; struct filter_room */
	uint64_t actions_passed;	/* entries, routes and rules that actions look at and leave as they are */
	uint64_t listings;	/* of the table, at regular times */
	uint64_t unfolding;	/* how many times its size a compressed capture may become, beyond LIMITS_UNFOLDED_ANYWAY */
};

/* Of memory, for each byte that is read: free beside rules_bytes and script_bytes. */
enum { LIMITS_RULES_FREE = 200, LIMITS_SCRIPT_FREE = 20 };

#define LIMITS_UNFOLDED_ANYWAY (UINT64_C(256) << 20)

struct limit {
	const char *name;	/* "set-elements" */
	size_t offset;		/* of the uint64_t in struct limits */
	uint64_t default_value;
	const char *summary;
};

/* The table; *n_limits items. */
const struct limit *limits_table(size_t *n_limits);

extern const struct limits limits_usual;

/* The value of --limit, "NAME=VALUE"; false after an error. */
bool limits_parse(struct limits *limits, const char *text, struct diagnostics *diagnostics);

#endif
