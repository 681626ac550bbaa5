/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets that the host makes because of another: REJECT's, and its own ICMP errors. Each makes a journey of its own
 * through OUTPUT and POSTROUTING. All but answer_reject() end the journey of the packet that is answered.
 */
#ifndef HOST_ANSWER_H
#define HOST_ANSWER_H

#include "host/journey.h"

struct walk;

/* What the REJECT target asked for. Linux 6.18: nf_send_unreach(), nf_send_reset() and their IPv6 twins. */
void answer_reject(struct walk *walk, struct journey *journey);

void answer_time_exceeded(struct walk *walk, struct journey *journey);
void answer_no_route(struct walk *walk, struct journey *journey);

#endif
