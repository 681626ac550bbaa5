/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets that tell rulesets apart, made from the rules themselves: for every rule conversations at the ends of the
 * ranges that it names, just inside and just outside, in every state; as a packet script.
 *
 * Two rulesets that differ in a way which these packets do not meet are not told apart: nothing is proved.
 */
#ifndef REPLAY_GENERATE_H
#define REPLAY_GENERATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "host/topology.h"
#include "rules/ruleset.h"

enum { GENERATE_MOST_PACKETS = 20000 };

struct generate_options {
	const struct ruleset *const *rulesets;
	size_t n_rulesets;
	const struct ipsets *sets[2];		/* of the one side and the other; NULL: there are none */
	const struct topology *topology;	/* finished: who is the host, and what lies behind which interface */
	uint64_t seed;
};

/* Appends the script, whose head names the host's addresses and routes as options. The same options give the same script. */
void generate_script(const struct generate_options *options, struct text *script);

/*
 * Describes a host for rules that nothing is known of: an address and a subnet for each interface that they name and
 * one more, and the addresses that they take for the host's. Not finished.
 */
void generate_host(const struct ruleset *const *rulesets, size_t n_rulesets, struct topology *topology);

#endif
