/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two accounts of the same packets, compared: the simulator's and the kernel's.
 *
 * Both sides are heard packet by packet; what differs is reported with both
 * sides and with how ours came about. What the kernel keeps in ticks of its own cannot
 * follow virtual time: packets that reach such a rule (cli/compare_clock) are "not comparable",
 * and so is what they leave in doubt (cli/compare_doubt): every entry that they touched on either
 * side. They are counted apart, never as agreement.
 */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "cli/compare_clock.h"
#include "cli/compare_doubt.h"
#include "event/stream.h"
#include "packet/packet.h"
#include "sink/account.h"

struct compare {
	bool is_json;
	bool ignores_events;		/* the user has switched them off */
	size_t n_most;			/* reports in full; the rest is counted */
	struct account sides[SIDE_COUNT];	/* of the packet at hand */
	struct account_lines rows[SIDE_COUNT];	/* of the listing at hand: of the table, or of a set */
	struct text listing;		/* what it is called */
	struct compare_clock clock;
	struct compare_doubt doubt;
	struct { const char *reason; uint64_t n; } reasons[16];	/* why packets were not comparable */
	size_t n_reasons;
	struct text summary;		/* of the packet at hand, as ours ends */
	bool has_unsimulated;		/* of ours */
	bool hangs_on_socket;		/* TPROXY handed it on */
	bool hangs_on_slots;		/* dropped by connlimit: the kernel's own draw decides whether it does so too */
	bool has_unheard;		/* ours sent something between packets: the kernel did so at another time, or not yet */
	uint64_t n_packets, n_equal, n_different, n_incomparable, n_other;	/* n_other: counters and rows that differ */
	struct text report;		/* of the last call; the caller prints and resets it */
};

void compare_init(struct compare *compare);
void compare_clear(struct compare *compare);

/* Listener of the kernel's stream, with the kinds of compare_kinds(). Ours: cli/our_side. */
uint32_t compare_kinds(void);
void compare_hear_kernel(void *compare, const struct event *event);

/* A row of a listing in place of an event: what `ipset save` prints. Those of the table are added to `rows`. */
void compare_take_set_line(struct compare *compare, enum compare_side side, const char *line);

/* Before either side replays a packet. */
void compare_begin(struct compare *compare);

/* After both have. `hazard`: why the kernel's answer cannot be compared; NULL when it can. True when they agree. */
bool compare_end(struct compare *compare, const struct packet *packet, const char *hazard);

/* One counter at the end. */
void compare_counter(struct compare *compare, const struct rule_place *rule, const uint64_t kernel[2],
		     const uint64_t ours[2]);

/*
 * A listing begins, whose rows both sides tell then: "after packet 12". One that is open is compared first. It is compared, rows in any
 * order, when the packet before it has been compared, or before the next one is replayed.
 */
void compare_begin_listing(struct compare *compare, const char *label);
void compare_end_listing(struct compare *compare);

enum compare_result {
	COMPARE_ALIKE,
	COMPARE_DIFFERENT,
	COMPARE_NOTHING,	/* not one packet could be compared */
};

/* The last report: one line, or the counts. `kernel` says who was asked. */
enum compare_result compare_finish(struct compare *compare, const char *kernel);

#endif
