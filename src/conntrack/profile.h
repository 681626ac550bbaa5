/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernels that can be simulated, and what tells one from another: one table that the simulation asks and
 * `ctreplay list kernels` prints. What stands in no row of it is the same in all of them.
 */
#ifndef CONNTRACK_PROFILE_H
#define CONNTRACK_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/text.h"

/* The newest, which is the default, first. */
enum profile { PROFILE_6_18, PROFILE_6_12, PROFILE_6_1, PROFILE_COUNT };

enum profile_trait {
	PROFILE_TRACKS_DCCP,		/* nf_conntrack_proto_dccp.c, removed in 6.17 */
	PROFILE_DROPS_SHORT_DCCP,	/* what is too short for its type does not go on as INVALID */
	PROFILE_SKIPS_MRD,		/* ICMPv6 151 and 152 are not tracked, as neighbour discovery is not */
	PROFILE_DRAWS_DNAT_PORT,	/* the search in a range of ports to translate to begins anywhere, not at its beginning */
	PROFILE_ENDS_OLD_TCP,		/* a SYN that finds no port may end a translated connection that is over */
	PROFILE_KEEPS_MIRRORED_PORT,	/* a source port that only its own mirror has in another zone is not changed; TCP and SCTP aside */
	PROFILE_JOINS_CLASHING,		/* a new entry of no tracker with states gives way to one in whose way it is, its packet joins that */
	PROFILE_KEEPS_RESET_LONG,	/* a reset that leaves ESTABLISHED sets the time for unacknowledged data, not CLOSE's */
	PROFILE_MARKS_EXPECTED_HELP,	/* a helper that comes with an expectation sets the status HELPER, as a rule's does */
	PROFILE_FILES_PAIRS,		/* RTP is not expected before RTCP has a place, too, where both are translated */
	PROFILE_REFUSES_LONG_HEADERS,	/* ipv6_find_hdr() goes on behind no extension header that is longer than its packet */
	PROFILE_MOST_HITS,		/* -m recent --hitcount at most */
	PROFILE_LEAST_MAX,		/* nf_conntrack_max at least; 0 is "no limit" */
	PROFILE_TRAIT_COUNT,
};

uint32_t profile_value(enum profile profile, enum profile_trait trait);

/* "6.18"; and the exact version that answers were taken from: "6.18.44". */
const char *profile_name(enum profile profile);
const char *profile_version(enum profile profile);

/* The kernel of a name: "6.1", or its exact version. */
bool profile_find(const char *name, enum profile *profile);

/* The same for the value of --kernel: false after an error. */
bool profile_parse(const char *value, enum profile *profile, struct diagnostics *diagnostics);

/* The table of differences, for people. */
void profile_print_table(struct text *out);

#endif
