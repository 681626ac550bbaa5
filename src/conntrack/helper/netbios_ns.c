/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NetBIOS name service (RFC 1002): the host asks everybody, and each may answer. Linux 6.18, nf_conntrack_netbios_ns.c. */
#include "conntrack/helper/broadcast.h"

static const char *help(struct helping *helping)
{
	broadcast_expect_answers(helping);
	return NULL;
}

const struct helper helper_netbios_ns = {
	.name = "netbios-ns",
	.summary = "answers to a name that the host asks its network for",
	.protocols = { PROTOCOL_UDP },
	.port = 137,
	.classes = { { "", 1, 3 } },
	.n_classes = 1,
	.help = help,
};
