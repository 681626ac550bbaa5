/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers to a question that the host has broadcast. Linux 6.18 nf_conntrack_broadcast.c. */
#ifndef CONNTRACK_HELPER_BROADCAST_H
#define CONNTRACK_HELPER_BROADCAST_H

#include "conntrack/helper.h"

/*
 * When a process of the host sends the packet to a network's broadcast address: expects answers from everybody in that
 * network, from the helper's port, and keeps the question for as long as its class says.
 */
void broadcast_expect_answers(struct helping *helping);

#endif
