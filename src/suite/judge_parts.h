/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the judge share, private to suite/. */
#ifndef SUITE_JUDGE_PARTS_H
#define SUITE_JUDGE_PARTS_H

#include "suite/judge.h"

enum { JUDGE_MOST_TOLD = 3, JUDGE_MOST_LINES_TOLD = 5 };	/* packets of one expectation; entries, events */

struct judge_failure *judge_add_failure(struct judge *judge, const struct expectation *expectation, uint64_t packet);

/* All of the words stand in the line, each with a blank or an end on either side. */
bool judge_has_words(const char *line, const struct suite_words *words);

/*
 * "filter INPUT 3", "INPUT 3", "INPUT policy", "policy", or a part of the rule as written or as iptables-save prints it.
 * With "ipv4 " or "ipv6 " before it: of that family alone.
 */
bool judge_is_rule(const struct rule_place *place, const char *wanted);

/* One expectation about packets, one packet. */
void judge_packet(struct judge *judge, size_t index, const struct event *event);

/* One expectation when everything was heard. */
void judge_finish_one(struct judge *judge, size_t index, suite_read_file *read);

#endif
