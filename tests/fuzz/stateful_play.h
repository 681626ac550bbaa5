/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_stateful: a step, what both runs of a play share, and what a run has. */
#ifndef TESTS_FUZZ_STATEFUL_PLAY_H
#define TESTS_FUZZ_STATEFUL_PLAY_H

#include "host/simulator.h"
#include "segments.h"
#include "stateful_rules.h"

enum {
	SETTING_EACH = 1, SETTING_SMALL_TABLE = 2, SETTING_ACCT = 4, SETTING_LIBERAL = 8, SETTING_OLD_KERNEL = 16,
	SETTING_AUTO = 32,
	STEP_LEN = 7, MOST_STEPS = 300, PACKET_LONGEST = 512,
};

enum deed {
	DEED_TCP, DEED_UDP, DEED_ICMP, DEED_SCTP, DEED_GRE, DEED_ANSWER, DEED_ANSWER_AGAIN, DEED_ERROR, DEED_FRAGMENT, DEED_REPEAT,
	DEED_REMOVE, DEED_CHANGE, DEED_CREATE, DEED_RELOAD, DEED_LINK, DEED_SYSCTL, DEED_COUNT,
};

/* Where packets are from and to: peers on both sides, the host itself, nobody. */
static const char *const addresses[] = { "10.0.1.2", "10.0.1.3", "10.0.1.1", "10.0.2.2", "10.0.2.1", "10.0.2.3", "198.51.100.7", "10.0.1.255" };
static const uint16_t ports[] = { 80, 53, 21, 8080, 1000, 100, 40000, 40001 };

/* What both runs share. */
struct play {
	const uint8_t *steps;
	size_t n_steps;
	uint8_t settings;
	struct ruleset *const *rulesets;
	size_t first;
	struct ruleset *loaded[MOST_STEPS];	/* after each time that rules were loaded on top of what there was */
	size_t n_loaded;
	struct operator_action actions[MOST_STEPS];
	size_t n_actions;
	bool has_silence;			/* somebody switches the events of entries off: lives cannot be followed */
};

/* One run. */
struct run {
	const struct play *play;
	struct simulator *simulator;
	struct packet packet;
	uint8_t bytes[PACKET_LONGEST], left[PACKET_LONGEST];
	uint32_t len, left_len;		/* of the last packet, and of the last one that left */
	uint32_t next[8];		/* TCP: by source, the next byte */
};

static struct address address_at(uint8_t which)
{
	return segments_address(addresses[which % (sizeof(addresses) / sizeof(addresses[0]))]);
}

static struct tuple flow_of(const uint8_t *step, uint8_t protocol)
{
	return (struct tuple){
		.source = address_at(step[1]), .destination = address_at(step[1] >> 3),
		.source_port = ports[step[2] & 7], .destination_port = ports[step[2] >> 3 & 7],
		.protocol = protocol, .family = FAMILY_IPV4,
	};
}

/* Milliseconds, seconds, minutes, days. */
static int64_t step_ns(const uint8_t *step)
{
	static const int64_t units[] = { VTIME_NS_PER_SECOND / 1000, VTIME_NS_PER_SECOND / 4, 7 * (int64_t)VTIME_NS_PER_SECOND,
					 3601 * (int64_t)VTIME_NS_PER_SECOND };

	return units[step[6] >> 6] * (step[6] & 63);
}

#endif
