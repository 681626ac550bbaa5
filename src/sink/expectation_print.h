/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An expectation in the forms that Linux users know, and in words:
 *
 *   /proc/net/nf_conntrack_expect   Linux 6.18, nf_conntrack_expect.c: exp_seq_show()
 *   conntrack -L expect             conntrack-tools 1.4.7
 *   conntrack -E expect             the same, one line an event
 *
 * All come without the newline. `now` is when the listing is made or the event happens.
 */
#ifndef SINK_EXPECTATION_PRINT_H
#define SINK_EXPECTATION_PRINT_H

#include "base/text.h"
#include "event/event.h"

void expectation_print_proc(const struct expectation_view *expectation, struct vtime now, struct text *out);

void expectation_print_list(const struct expectation_view *expectation, struct vtime now, struct text *out);

void expectation_print_event(const struct event_expectation *event, struct vtime now, struct text *out);

/* "NEW" or "DESTROY": the kind of line that it makes. */
const char *expectation_print_event_type(const struct event_expectation *event);

/* "tcp from 10.0.0.1 to 10.0.0.2:1234" */
void expectation_print_flow(const struct expectation_view *expectation, struct text *out);

/* A sentence: "ftp of #1 expects tcp from 10.0.0.1 to 10.0.0.2:1234 within 300 s". */
void expectation_print_sentence(const struct event_expectation *event, struct text *out);

/* The mask as conntrack has it: what it does not name compares exactly. Linux 6.18, ctnetlink_exp_dump_mask(). */
struct tuple expectation_print_mask(const struct expectation_view *expectation);

#endif
