/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel says, as JSON lines: `ctreplay verify --kernel-only --json`, which `verify --kernel-command` reads.
 *
 * First "kernel"; for each packet "answer", with the words that are compared; where the table is listed "snapshot", and behind it "row" for
 * each of its entries and "set" for each line of the sets; behind the last packet "counter" for each rule and policy, the last listing, and
 * "end".
 */
#ifndef CLI_ANSWERS_H
#define CLI_ANSWERS_H

#include "base/text.h"
#include "event/stream.h"
#include "kernel/tables.h"
#include "packet/packet.h"
#include "sink/account.h"

struct answers {
	struct account account;		/* of the packet at hand */
	struct text *out;		/* borrowed: whole lines */
};

void answers_init(struct answers *answers, struct text *out);
void answers_clear(struct answers *answers);

/* Who answers. */
void answers_begin(struct answers *answers, const char *kernel);

/* Listener of the kernel's stream, with the kinds of answers_kinds(). */
uint32_t answers_kinds(void);
void answers_hear(void *answers, const struct event *event);

/* After a packet: its answer. `hazard` is kernel/live's. */
void answers_end_packet(struct answers *answers, const struct packet *packet, const char *hazard);

/* Behind the last packet, and at the very end. */
void answers_tell_counters(struct answers *answers, const struct tables_counters *counters);
void answers_end(struct answers *answers);

#endif
