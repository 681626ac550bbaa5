/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mapping of a connection that a helper expected: it goes where its master goes, without asking any rule.
 * Linux 6.18: nf_nat_follow_master(), nf_nat_sip_expected(), pptp_nat_expected().
 */
#ifndef NAT_EXPECTED_H
#define NAT_EXPECTED_H

#include "conntrack/expectation.h"
#include "nat/bind.h"

/* Decides both sides of an unconfirmed connection as `met` says. */
void expected_map(struct binder *binder, struct connection *connection, const struct expectation *met, struct vtime now);

#endif
